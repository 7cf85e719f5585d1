"""Conditions: values, pairs of values, stretches of time, and values within them, counted.

Cells are added up once, per condition and group of failures. The conditions of a group are those of
the receipts that did not fail and of its own failures, together.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from ._contrast_versions import count_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 5  # failures that can have a lead
VALUE, ALL_BUT, VERSIONS, STRETCH, BURST, PAIR, VALUE_IN_STRETCH = range(7)
CLOCK = -1  # the part that stands for time

# Of the values of an attribute, the commonest: alone, in pairs, in stretches of time.
ALONE, _IN_PAIRS, _IN_STRETCHES = 1_000, 50, 12
_FEWEST_VALUES = 3  # "all but one" of two values is the other one
_SLACK = 1e-6  # sums of weights are rounded

_KEYS = {
    "kind": pl.Int8(),
    "part_1": pl.Int32(),
    "code_1": pl.UInt32(),
    "part_2": pl.Int32(),
    "code_2": pl.UInt32(),
}
_TALLY = pl.Schema(_KEYS | {"interval": pl.Int64(), "group": pl.UInt32(), "weight": pl.Float64()})
_STRETCH = {"first": pl.Int64(), "last": pl.Int64()}
_CONDITIONS = _KEYS | _STRETCH | {"receipts": pl.Float64(), "failures": pl.Float64()}


def tallied(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Add up cells by value, by pair of values, by interval, and by value and interval.

    Parameters
    ----------
    cells
        As the coarse ones in `Cells`, perhaps only some of them.
    parts
        As in `Cells`.

    Returns
    -------
    pl.DataFrame
        ``kind``, ``part_1``, ``code_1``, ``part_2``, ``code_2``, ``interval``, ``group`` and
        ``weight``.
    """
    dated, time = pl.col("interval").is_not_null(), pl.lit(CLOCK).alias("part_1")
    added = [pl.LazyFrame(schema=_TALLY), _added(cells, STRETCH, dated, time, "interval")]
    for part in parts:
        value = _value(part, 1)
        added.append(_added(cells, VALUE, pl.col(part).is_not_null(), *value))
        common = dated & (pl.col(part) < _IN_STRETCHES)
        added.append(_added(cells, VALUE_IN_STRETCH, common, *value, "interval"))
    for one, other in combinations(parts, 2):
        common = (pl.col(one) < _IN_PAIRS) & (pl.col(other) < _IN_PAIRS)
        added.append(_added(cells, PAIR, common, *_value(one, 1), *_value(other, 2)))
    # All in one go: a query for each takes longer than its few cells do.
    keys = [name for name in _TALLY if name != "weight"]
    # Other engines count with codes of another integer type.
    every = pl.concat(added, how="diagonal_relaxed").cast(_TALLY)
    return every.group_by(keys).agg(pl.col("weight").sum()).collect()


def _value(part: str, number: int) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(int(part)).alias(f"part_{number}"), pl.col(part).alias(f"code_{number}")


def _added(cells: pl.DataFrame, kind: int, among: pl.Expr, *keys: pl.Expr | str) -> pl.LazyFrame:
    return cells.lazy().filter(among).select(*keys, "group", "weight", kind=pl.lit(kind))


def count_conditions(
    tally: pl.DataFrame,
    ranges: pl.DataFrame,
    of: tuple[float, float],
    *,
    group: int | None = None,
) -> pl.DataFrame:
    """Count receipts and failures under every condition that is tested.

    Parameters
    ----------
    tally
        As `tallied` returns it.
    ranges
        As in `Cells`.
    of
        The weights of all receipts, and of all failures.
    group
        Of which failures are counted, and only conditions with so many that they may be a lead.
        By default no receipt counts as failed: what is tested never depends on what failed.

    Returns
    -------
    pl.DataFrame
        ``kind``; then what makes the condition: ``part_1``, ``code_1``, ``part_2``, ``code_2``,
        and the intervals ``first`` to ``last``; then ``receipts`` and ``failures`` (Int64).
    """
    least = 0 if group is None else FEWEST
    failed = pl.col("group").is_not_null()
    mine = tally if group is None else tally.filter(~failed | (pl.col("group") == group))
    counted = mine.group_by(*_KEYS, "interval").agg(
        receipts=pl.col("weight").sum(),
        failures=pl.lit(0.0) if group is None else pl.col("weight").filter(failed).sum(),
    )
    values = counted.filter(pl.col("kind") == VALUE)
    total = dict(zip(("receipts", "failures"), of, strict=True))
    several = pl.len().over("part_1") >= _FEWEST_VALUES
    others = values.filter(several & (pl.col("code_1") < _IN_STRETCHES)).with_columns(
        *((pl.lit(number) - pl.col(name)).alias(name) for name, number in total.items()),
        kind=pl.lit(ALL_BUT, pl.Int8),
    )
    kinds = (
        counted.filter(pl.col("kind").is_in([VALUE, PAIR])),
        others,
        count_ranges(values, ranges).with_columns(kind=pl.lit(VERSIONS, pl.Int8)),
        _stretches(counted.filter(pl.col("interval").is_not_null()), least),
    )
    none = pl.DataFrame(schema=_CONDITIONS)
    found = pl.concat([none, *(kind for kind in kinds if kind.height)], how="diagonal")
    receipts, _ = whole(*of)
    return (
        found.select(*_CONDITIONS)
        .with_columns(*whole_numbers())
        .filter(pl.col("receipts").is_between(FEWEST, receipts - 1), pl.col("failures") >= least)
    )


def whole_numbers() -> list[pl.Expr]:
    """Round weights so that a condition has no more evidence than they give it."""
    failures = (pl.col("failures") + _SLACK).floor().cast(pl.Int64)
    fine = (pl.col("receipts") - pl.col("failures") - _SLACK).ceil().cast(pl.Int64)
    return [failures.alias("failures"), (failures + fine).alias("receipts")]


def whole(receipts: float, failures: float) -> tuple[int, int]:
    """Return the weights of all receipts and of all failures as whole numbers."""
    failed, fine = math.ceil(failures - _SLACK), math.ceil(receipts - failures - _SLACK)
    return failed + fine, failed


def weights(cells: pl.DataFrame) -> tuple[float, float]:
    """Return the weights of all receipts of cells, and of the failures among them."""
    failed = pl.col("weight").filter(pl.col("group").is_not_null())
    return cells.select(pl.col("weight").sum(), failures=failed.sum()).row(0)


def _stretches(counted: pl.DataFrame, least: int) -> pl.DataFrame:
    """Count every contiguous stretch of intervals: of all receipts, and of those with a value."""
    value = ["kind", "part_1", "code_1"]
    so_far = pl.col("receipts", "failures").cum_sum().over(value)
    running = (
        counted.filter(pl.col("failures").sum().over(value) >= least - _SLACK)
        .sort(*value, "interval")
        .select(
            *value,
            "interval",
            so_far.name.suffix("_so_far"),
            (so_far - pl.col("receipts", "failures")).name.suffix("_before"),
            to_the_end=(pl.col("interval") == pl.col("interval").max()).over(value),
        )
    )
    ends = ["receipts_so_far", "failures_so_far"]
    begins = ["receipts_before", "failures_before"]
    begun = running.select(*value, pl.col("interval").alias("first"), *begins)
    ended = running.select(*value, pl.col("interval").alias("last"), *ends, "to_the_end")
    failures = pl.col("failures_so_far") - pl.col("failures_before")
    in_time = pl.col("part_1") != CLOCK
    return (
        begun.join(ended, on=value, nulls_equal=True)
        .filter(
            pl.col("first") <= pl.col("last"),
            failures >= least - _SLACK,
            (pl.col("receipts_before") > 0) | ~pl.col("to_the_end"),  # not all of the time
        )
        .select(
            *value,
            "first",
            "last",
            part_2=pl.when(in_time).then(pl.lit(CLOCK, pl.Int32)),
            receipts=pl.col("receipts_so_far") - pl.col("receipts_before"),
            failures=failures,
        )
    )
