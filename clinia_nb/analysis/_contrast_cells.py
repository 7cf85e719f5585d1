"""What sets receipts apart: values of attributes, stretches of time and pairs of these, counted.

Receipts are counted in cells, one per combination of attributes and slice of time. Every condition
is a sum over cells, so that a million receipts are read once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
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
from ._contrast_versions import count_ranges, version_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUP, WEIGHT = "__group", "__weight"
FEWEST = 5
_SLACK = 1e-6  # sums of weights are rounded
_RAW = "raw "  # before the names of columns of raw values, which may be any
INTERVALS, SLICES = 64, 64  # stretches are made of intervals, each of so many slices
VALUE, ALL_BUT, VERSIONS, STRETCH, BURST, PAIR, VALUE_IN_STRETCH = range(7)
CLOCK = -1  # the part that stands for time

# Of the values of an attribute, the commonest: alone, in pairs, in stretches of time.
_ALONE, _IN_PAIRS, _IN_STRETCHES = 1_000, 50, 12
_FEWEST_VALUES = 3  # "all but one" of two values is the other one
# A prefix that fewer ids share may be chance, as in ids of random digits and letters.
_PREFIX_SHARE = 1 / 1_000

_VALUES = pl.Schema(
    {"part": pl.Int32(), "code": pl.UInt32(), "attribute": pl.String(), "value": pl.String()}
)
_CONDITIONS = pl.Schema(
    {
        "kind": pl.Int8(),
        "part_1": pl.Int32(),
        "code_1": pl.UInt32(),
        "part_2": pl.Int32(),
        "code_2": pl.UInt32(),
        "first": pl.Int64(),
        "last": pl.Int64(),
        "receipts": pl.Int64(),
        "failures": pl.Int64(),
    }
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
        The same without ``slice``: conditions are counted from these, which are far fewer.
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
    parts: list[str]
    values: pl.DataFrame
    slices: pl.DataFrame
    ranges: pl.DataFrame


def count_cells(rows: pl.DataFrame, attributes: Sequence[str], edges: pl.Series) -> Cells:
    """Count receipts in cells.

    Parameters
    ----------
    rows
        One row per receipt, in order of time, with the columns of `attributes` and `GROUP`, the
        number of the group of failures that it belongs to; with `WEIGHT`, by how much it counts
        as evidence, unless each counts as one.
    attributes
        Columns; for ``id`` what ids share is taken, for ``received_at`` slices of time.
    edges
        Places at which a slice begins in any case, in order of time, sorted.
    """
    raw = tested_columns(attributes, chosen=True)
    time = pl.col(TIME) if TIME in attributes else pl.lit(None, TIMESTAMP)
    # By place, so that slices hold equal counts: a slow hour and a busy second get what they need.
    new = time.is_not_null() & time.ne_missing(time.shift())
    place = pl.when(new).then(pl.int_range(pl.len(), dtype=pl.Int64)).forward_fill()
    weighted = [pl.col(WEIGHT).alias("weight")] if WEIGHT in rows.columns else []
    frame = rows.select(
        *(value.alias(f"{_RAW}{name}") for name, value in raw.items()),
        pl.col(GROUP).alias("group"),
        pl.when(time.is_not_null()).then(place).alias("slice"),
        time.alias("time"),
        *weighted,
    ).with_columns(slice_of(pl.col("slice"), edges, rows.height))
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
    return Cells(counts, coarse, parts, values, slices, version_ranges(values))


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
        .head(_ALONE)
        .with_row_index("code")
    )
    codes = column.join(
        values.select("raw", "code"),
        on="raw", how="left", nulls_equal=True, maintain_order="left",
    )  # fmt: skip
    return codes["code"], values


def count_conditions(
    cells: pl.DataFrame, parts: Sequence[str], ranges: pl.DataFrame
) -> pl.DataFrame:
    """Count receipts and failures under every condition that is tested.

    Parameters
    ----------
    cells
        As the coarse ones in `Cells`, perhaps only some of them, with ``failures``.
    parts, ranges
        As in `Cells`.

    Returns
    -------
    pl.DataFrame
        ``kind``; then what makes the condition: ``part_1``, ``code_1``, ``part_2``, ``code_2``,
        and the intervals ``first`` to ``last``; then ``receipts`` and ``failures``. What is tested
        never depends on what failed.
    """
    whole = _counted(cells, parts)
    total = [(cells[name].sum() - pl.col(name)).alias(name) for name in ("receipts", "failures")]
    values = _counted_by_value(whole, parts)
    several = pl.len().over("part_1") >= _FEWEST_VALUES
    others = values.filter(several & (pl.col("code_1") < _IN_STRETCHES)).with_columns(*total)
    pairs = _counted_by_value(whole, parts, size=2, most=_IN_PAIRS)
    versions = count_ranges(whole, parts, ranges)
    by_kind = {VALUE: values, ALL_BUT: others, PAIR: pairs, VERSIONS: versions}
    named = [
        counted.with_columns(kind=pl.lit(kind, pl.Int8))
        for kind, counted in by_kind.items()
        if counted.height
    ]
    found = pl.concat(
        [_CONDITIONS.to_frame(), _stretches(cells, parts), *named], how="diagonal_relaxed"
    ).with_columns(*_whole_numbers())
    receipts, _ = totals(cells)
    return found.filter(pl.col("receipts").is_between(FEWEST, receipts - 1))


def _whole_numbers() -> list[pl.Expr]:
    """Round weights so that a condition has no more evidence than they give it."""
    failures = (pl.col("failures") + _SLACK).floor().cast(pl.Int64)
    fine = (pl.col("receipts") - pl.col("failures") - _SLACK).ceil().cast(pl.Int64)
    return [failures.alias("failures"), (failures + fine).alias("receipts")]


def totals(cells: pl.DataFrame) -> tuple[int, int]:
    """Return the receipts and the failures of all cells, as whole numbers."""
    receipts, failures = float(cells["receipts"].sum()), float(cells["failures"].sum())
    failed, fine = math.ceil(failures - _SLACK), math.ceil(receipts - failures - _SLACK)
    return failed + fine, failed


def evidence(cells: pl.DataFrame) -> pl.DataFrame:
    """Return cells with weights as their counts of ``receipts`` and ``failures``."""
    failed = pl.when(pl.col("group").is_not_null()).then("weight").otherwise(0.0)
    return cells.with_columns(receipts="weight", failures=failed)


def coarsened(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Return cells with those of an interval counted together."""
    return aggregate(cells, [*parts, "interval", "group"], [pl.col("receipts", "weight").sum()])


def _counted(cells: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return aggregate(cells, keys, [pl.col("receipts", "failures").sum()])


def _counted_by_value(
    cells: pl.DataFrame,
    parts: Sequence[str],
    *,
    size: int = 1,
    most: int = _ALONE,
    also: Sequence[str] = (),
) -> pl.DataFrame:
    """Count cells by the values of each attribute, or of each pair, in the columns of conditions.

    All attributes are counted in one go: a query for each takes longer than its few cells do.
    """
    counts = ("receipts", "failures")
    numbers = range(1, size + 1)
    keys = [f"{name}_{number}" for number in numbers for name in ("part", "code")]
    schema = {name: _CONDITIONS[name] for name in keys}
    schema |= {name: cells.schema[name] for name in (*also, *counts)}
    valued = [pl.LazyFrame(schema=schema)]
    for chosen in combinations(parts, size):
        made = {f"part_{n}": pl.lit(int(part), pl.Int32) for n, part in enumerate(chosen, 1)}
        # Other engines count with codes of another integer type.
        made |= {f"code_{n}": pl.col(part).cast(pl.UInt32) for n, part in enumerate(chosen, 1)}
        common = cells.lazy().filter(*(pl.col(part) < most for part in chosen))
        valued.append(common.select(*also, *counts, **made).select(*schema))
    return pl.concat(valued).group_by(*keys, *also).agg(pl.col(counts).sum()).collect()


def _stretches(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Count every contiguous stretch of intervals: of all receipts, and of those with a value."""
    clock, none = pl.lit(CLOCK, pl.Int32), pl.lit(None, pl.UInt32)
    dated = cells.filter(pl.col("interval").is_not_null())
    counted = [_counted(dated, ["interval"]).with_columns(part_1=clock, code_1=none)]
    counted.append(_counted_by_value(dated, parts, most=_IN_STRETCHES, also=["interval"]))
    value = ("part_1", "code_1")
    running = (
        pl.concat(counted, how="diagonal_relaxed")
        .sort(*value, "interval")
        .with_columns(pl.col("receipts", "failures").cum_sum().over(value).name.suffix("_so_far"))
    )
    begun = running.select(
        *value,
        pl.col("interval").alias("first"),
        receipts_before=pl.col("receipts_so_far") - pl.col("receipts"),
        failures_before=pl.col("failures_so_far") - pl.col("failures"),
    )
    ended = running.select(
        *value,
        pl.col("interval").alias("last"),
        "receipts_so_far",
        "failures_so_far",
        to_the_end=(pl.col("interval") == pl.col("interval").max()).over(value),
    )
    in_time = pl.col("part_1") != CLOCK
    return (
        begun.join(ended, on=value, nulls_equal=True)
        .filter(pl.col("first") <= pl.col("last"))
        .filter((pl.col("receipts_before") > 0) | ~pl.col("to_the_end"))  # not all of the time
        .select(
            *value,
            "first",
            "last",
            kind=pl.when(in_time).then(VALUE_IN_STRETCH).otherwise(STRETCH).cast(pl.Int8),
            part_2=pl.when(in_time).then(clock),
            receipts=pl.col("receipts_so_far") - pl.col("receipts_before"),
            failures=pl.col("failures_so_far") - pl.col("failures_before"),
        )
    )
