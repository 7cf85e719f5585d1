"""Ranges of versions of a pipeline, such as ``clinic.1`` to ``clinic.3``."""

from __future__ import annotations

import polars as pl

VERSIONED = "pipeline_definition_id"
_FORM = r"^(.*)\.([0-9]{1,9})$"
_FEWEST, _MOST = 3, 12  # versions of a pipeline

_RANGES = pl.Schema(
    {
        "part_1": pl.Int32(),
        "code_1": pl.UInt32(),
        "code_2": pl.UInt32(),
        "code": pl.UInt32(),
    }
)


def name_and_version(value: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the name of a pipeline and its version; null if it has none."""
    return value.str.extract(_FORM, 1), value.str.extract(_FORM, 2).cast(pl.Int64)


def version_ranges(values: pl.DataFrame) -> pl.DataFrame:
    """Return the ranges of two or more versions, but not all of a pipeline's, with their codes.

    Parameters
    ----------
    values
        As in `Cells`.

    Returns
    -------
    pl.DataFrame
        One row per range and version in it: ``part_1``, ``code_1`` and ``code_2`` (of the first
        and of the last version) and ``code``.
    """
    name, version = name_and_version(pl.col("value"))
    versions = (
        values.filter(pl.col("attribute") == VERSIONED)
        .select("part", "code", name=name, version=version)
        .drop_nulls()
        .sort("name", "version")
        .filter(pl.len().over("name").is_between(_FEWEST, _MOST))
        .with_columns(place=pl.int_range(pl.len()).over("name"), count=pl.len().over("name"))
    )
    first = versions.select("name", "count", part_1="part", code_1="code", first="place")
    last = versions.select("name", code_2="code", last="place")
    length = pl.col("last") - pl.col("first") + 1
    return (
        first.join(last, on="name")
        .filter(length > 1, length < pl.col("count"))
        .join(versions.select("name", "code", "place"), on="name")
        .filter(pl.col("place").is_between("first", "last"))
        .select(pl.col(column).cast(dtype) for column, dtype in _RANGES.items())
    )


def count_ranges(values: pl.DataFrame, ranges: pl.DataFrame) -> pl.DataFrame:
    """Return the receipts and failures of each range, of those of each value."""
    if ranges.is_empty():
        return pl.DataFrame()
    return (
        ranges.join(
            values.select("part_1", "receipts", "failures", code="code_1"), on=["part_1", "code"]
        )
        .group_by("part_1", "code_1", "code_2", maintain_order=True)
        .agg(pl.col("receipts", "failures").sum())
        .with_columns(part_2="part_1")
    )


def codes_between(ranges: pl.DataFrame, first: int, last: int) -> list[int]:
    """Return the codes of the versions of a range."""
    inside = ranges.filter(pl.col("code_1") == first, pl.col("code_2") == last)
    return inside["code"].to_list()


def within(attribute: pl.Expr, first: str, last: str) -> pl.Expr:
    """Return whether a pipeline has the name of both, and a version from the first to the last."""
    name, version = name_and_version(attribute)
    begin, end = (int(value.rpartition(".")[2]) for value in (first, last))
    same = name == pl.lit(first.rpartition(".")[0])
    return (same & version.is_between(begin, end)).fill_null(value=False)
