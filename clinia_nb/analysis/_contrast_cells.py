"""What sets receipts apart: values of attributes, stretches of time and pairs of these, counted.

Receipts are counted in cells, one per combination of attributes and slice of time. Every condition
is a sum over cells, so that a million receipts are read once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP, aggregate

from ._contrast_attributes import (
    DERIVED,
    FROM_ID,
    REPEATED,
    TIME,
    tested_columns,
    with_pipeline_names,
)
from ._contrast_conditions import ALONE, CLOCK, FEWEST, tallied
from ._contrast_versions import version_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUP, WEIGHT = "__group", "__weight"
_RAW = "raw "  # before the names of columns of raw values, which may be any
INTERVALS, SLICES = 64, 64  # stretches are made of intervals, each of so many slices
# A prefix that fewer ids share may be chance, as in ids of random digits and letters.
_PREFIX_SHARE = 1 / 1_000

_VALUES = pl.Schema(
    {"part": pl.Int32(), "code": pl.UInt32(), "attribute": pl.String(), "value": pl.String()}
)


@dataclass(frozen=True)
class Cells:
    """Receipts counted per combination of codes, slice of time and group of failures.

    Attributes
    ----------
    counts
        A column of codes per attribute, ``slice``, ``interval``, ``group`` (null for receipts that
        did not fail), ``receipts`` and ``weight``. A null code is a value that is not tested.
    coarse
        The same without ``slice``, which are far fewer.
    tally
        These added up per condition and group, as `tallied` returns them.
    parts
        The columns of codes, named by their number.
    values
        What the codes stand for: ``part``, ``code``, ``attribute``, ``value``.
    slices
        When the slices are: ``slice``, ``begins``, ``ends``. Equal times are in one slice.
    ranges
        As `version_ranges` returns them.
    """

    counts: pl.DataFrame
    coarse: pl.DataFrame
    tally: pl.DataFrame
    parts: list[str]
    values: pl.DataFrame
    slices: pl.DataFrame
    ranges: pl.DataFrame


def count_cells(
    rows: pl.DataFrame, attributes: Sequence[str], edges: pl.Series, places: pl.Series
) -> Cells:
    """Count receipts in cells.

    Parameters
    ----------
    rows
        One row per receipt, with the columns of `attributes` and `GROUP`, the number of the group
        of failures that it belongs to; with `WEIGHT`, by how much it counts as evidence, unless
        each counts as one.
    attributes
        Columns; for ``id`` what ids share is taken, for ``received_at`` slices of time.
    edges
        Places at which a slice begins in any case, in order of time, sorted.
    places
        Of each receipt, how many were received before it; null without a time.
    """
    raw = tested_columns(attributes, chosen=True)
    time = pl.col(TIME) if TIME in attributes else pl.lit(None, TIMESTAMP)
    weighted = [pl.col(WEIGHT).alias("weight")] if WEIGHT in rows.columns else []
    frame = rows.select(
        *(value.alias(f"{_RAW}{name}") for name, value in raw.items()),
        pl.col(GROUP).alias("group"),
        # By place, so that slices hold equal counts: a slow hour and a busy second get their due.
        slice_of(pl.lit(places), edges, rows.height).alias("slice"),
        time.alias("time"),
        *weighted,
    )
    slices = frame.group_by("slice").agg(begins=pl.col("time").min(), ends=pl.col("time").max())
    count = pl.len().cast(pl.Int64).alias("receipts")
    weight = pl.col("weight").sum() if weighted else pl.len().cast(pl.Float64).alias("weight")
    # Values are looked up once per combination of them, not once per receipt.
    names = [f"{_RAW}{name}" for name in raw]
    listed = ["slice", "group", *(["weight"] if weighted else [])]
    combined = aggregate(frame, names, [count, *(pl.col(name).implode() for name in listed)])
    found: list[tuple[str, pl.DataFrame]] = []
    kept = {name: pl.col(f"{_RAW}{name}") for name in raw}
    for name, value in with_pipeline_names(kept).items():
        codes, values = encoded(name, combined.select("receipts", raw=value), rows.height)
        if values.height:
            combined = combined.with_columns(codes.alias(str(len(found))))
            found.append((name, values))
    parts = [str(part) for part in range(len(found))]
    coded = combined.select(*parts, *listed).explode(listed, empty_as_null=False)
    counts = aggregate(coded, [*parts, "slice", "group"], [count, weight])
    return cells_of(counts, found, slices, edges)


def cells_of(
    counts: pl.DataFrame,
    found: Sequence[tuple[str, pl.DataFrame]],
    slices: pl.DataFrame,
    edges: pl.Series,
) -> Cells:
    """Return cells of counts per code, slice and group.

    Parameters
    ----------
    counts
        A column of codes per attribute, named by its number, then ``slice``, ``group``,
        ``receipts`` and ``weight``.
    found
        Each attribute, with its values as `encoded` returns them.
    slices
        As in `Cells`.
    edges
        As in `count_cells`.
    """
    parts = [str(part) for part in range(len(found))]
    known = [pl.DataFrame([(CLOCK, None, TIME, None)], schema=_VALUES, orient="row")]
    for part, (name, values) in enumerate(found):
        of = {"part": pl.lit(part, pl.Int32), "attribute": pl.lit(name)}
        known.append(values.with_columns(**of).select(_VALUES.names()))
    counts = counts.with_columns(
        (pl.col("slice") // (SLICES * (edges.len() + 1))).alias("interval")
    )
    values, coarse = pl.concat(known), coarsened(counts, parts)
    tally, ranges = tallied(coarse, parts), version_ranges(values)
    return Cells(counts, coarse, tally, parts, values, slices, ranges)


def slice_of(place: pl.Expr, edges: pl.Series, receipts: int) -> pl.Expr:
    """Return the slice of a place: slices of equally many receipts, cut at the edges too."""
    regular = place * (INTERVALS * SLICES) // max(receipts, 1)
    if edges.is_empty():
        return regular
    cut = pl.lit(edges).search_sorted(place, "right").cast(pl.Int64)
    return pl.when(place.is_not_null()).then(regular * (edges.len() + 1) + cut)


def encoded(name: str, column: pl.DataFrame, total: int) -> tuple[pl.Series, pl.DataFrame]:
    """Return the code of each ``raw`` value of an attribute, and the values, commonest first."""
    fewest = max(FEWEST, total * _PREFIX_SHARE) if name in FROM_ID else FEWEST
    # A value that all receipts have sets none of them apart.
    tested = pl.col("receipts").is_between(fewest, total - 1)
    if name in DERIVED and name != REPEATED:
        tested &= pl.col("raw").is_not_null()
    values = (
        aggregate(column, ["raw"], [pl.col("receipts").sum()])
        .filter(tested)
        .with_columns(pl.col("raw").cast(pl.String).alias("value"))
        .sort("receipts", "value", descending=[True, False], nulls_last=True)
        .head(ALONE)
        .with_row_index("code")
    )
    codes = column.join(
        values.select("raw", "code"),
        on="raw", how="left", nulls_equal=True, maintain_order="left",
    )  # fmt: skip
    return codes["code"], values


def coarsened(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Return cells with those of an interval counted together."""
    return aggregate(cells, [*parts, "interval", "group"], [pl.col("receipts", "weight").sum()])
