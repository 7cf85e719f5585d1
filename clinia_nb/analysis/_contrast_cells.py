"""What sets receipts apart: values of attributes, stretches of time and pairs of these, counted.

Receipts are counted in cells, one per combination of attributes and slice of time. Every condition
is a sum over cells, so that a million receipts are read once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP, aggregate

if TYPE_CHECKING:
    from collections.abc import Sequence

TIME, GROUP = "received_at", "__group"
ATTRIBUTES = (
    *("type", "target_type", "action", "pipeline_definition_id", "source_key", "bulk_id"),
    *("id", TIME),
)
FEWEST = 5
_RAW = "raw "  # before the names of columns of raw values, which may be any
INTERVALS, SLICES = 64, 64  # stretches are made of intervals, each of so many slices
VALUE, STRETCH, PAIR, VALUE_IN_STRETCH = range(4)
CLOCK = -1  # the part that stands for time

# Of the values of an attribute, the commonest: alone, in pairs, in stretches of time.
_ALONE, _IN_PAIRS, _IN_STRETCHES = 1_000, 50, 12
# A prefix that fewer ids share may be chance, as in ids of random digits and letters.
_PREFIX_SHARE = 1 / 1_000

_MARK, _WORD = "[-_:./|#@~+ ]", "[^-_:./|#@~+ ]"
_ID = pl.col("id").cast(pl.String)
_CHOSEN_BY_CALLER = f"^[A-Za-z]*[0-9]+$|{_MARK}"
_PREFIX = pl.coalesce(
    _ID.str.extract("^([A-Za-z]+)[0-9]+$"), _ID.str.extract(f"^({_WORD}*{_MARK})")
)
_STEM = _ID.str.extract(f"^(.*{_MARK})")
_SHAPE = _ID.str.replace_all(f"{_WORD}+", "x")
_FROM_ID = {
    "id prefix": _PREFIX,
    "id stem": pl.when(_STEM != _PREFIX).then(_STEM),
    "id shape": pl.when(_ID.str.contains("^[0-9]+$")).then(pl.lit("9")).otherwise(_SHAPE),
}


def _name_of(pipeline: pl.Expr) -> pl.Expr:
    return pipeline.cast(pl.String).str.replace(r"\.[0-9]+$", "")


_PIPELINE = {"pipeline name": _name_of(pl.col("pipeline_definition_id"))}
DERIVED = {**_PIPELINE, **_FROM_ID}

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
        did not fail) and ``receipts``. A null code is a value that is not tested.
    coarse
        The same without ``slice``: conditions are counted from these, which are far fewer.
    parts
        The columns of codes, named by their number.
    values
        What the codes stand for: ``part``, ``code``, ``attribute``, ``value``.
    slices
        When the slices are: ``slice``, ``begins``, ``ends``. Equal times are in one slice.
    """

    counts: pl.DataFrame
    coarse: pl.DataFrame
    parts: list[str]
    values: pl.DataFrame
    slices: pl.DataFrame


def count_cells(rows: pl.DataFrame, attributes: Sequence[str]) -> Cells:
    """Count receipts in cells.

    Parameters
    ----------
    rows
        One row per receipt, with the columns of `attributes` and `GROUP`, the number of the group
        of failures that it belongs to.
    attributes
        Columns; for ``id`` what ids share is taken, for ``received_at`` slices of time.
    """
    raw = _tested(rows, attributes)
    time = pl.col(TIME) if TIME in attributes else pl.lit(None, TIMESTAMP)
    # By rank, so that slices hold equal counts: a slow hour and a busy second get what they need.
    place = time.rank("min").cast(pl.Int64) - 1
    frame = rows.select(
        *(value.alias(f"{_RAW}{name}") for name, value in raw.items()),
        pl.col(GROUP).alias("group"),
        (place * (INTERVALS * SLICES) // pl.len()).alias("slice"),
        time.alias("time"),
    )
    # Values are looked up once per combination of them, not once per receipt.
    counts = frame.group_by(pl.exclude("time")).agg(pl.len().cast(pl.Int64).alias("receipts"))
    parts: list[str] = []
    known = [pl.DataFrame([(CLOCK, None, TIME, None)], schema=_VALUES, orient="row")]
    for name, value in _derived(raw).items():
        codes, values = _encoded(counts.select(value.alias(name), "receipts"))
        if values.height:
            part = len(parts)
            parts.append(str(part))
            counts = counts.with_columns(codes.alias(str(part)))
            told = {"part": pl.lit(part, pl.Int32), "attribute": pl.lit(name)}
            known.append(values.with_columns(**told).select(_VALUES.names()))
    counts = aggregate(counts, [*parts, "slice", "group"], [pl.col("receipts").sum()])
    counts = counts.with_columns((pl.col("slice") // SLICES).alias("interval"))
    return Cells(
        counts,
        aggregate(counts, [*parts, "interval", "group"], [pl.col("receipts").sum()]),
        parts,
        pl.concat(known),
        frame.group_by("slice").agg(begins=pl.col("time").min(), ends=pl.col("time").max()),
    )


def _tested(rows: pl.DataFrame, attributes: Sequence[str]) -> dict[str, pl.Expr]:
    """Give what receipts are parted by, by name. Generated ids share nothing worth a look."""
    tested: dict[str, pl.Expr] = {}
    for name in attributes:
        if name == "id":
            chosen = rows.select(_ID.str.contains(_CHOSEN_BY_CALLER).any()).item()
            tested |= _FROM_ID if chosen else {}
        elif name != TIME:
            tested[name] = pl.col(name)
    return tested


def _derived(raw: dict[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Give what is tested, of the columns of raw values."""
    tested: dict[str, pl.Expr] = {}
    for name in raw:
        tested[name] = pl.col(f"{_RAW}{name}")
        if name == "pipeline_definition_id":
            tested |= {other: _name_of(tested[name]) for other in _PIPELINE}
    return tested


def _encoded(column: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Give each row the code of its value, and the values by code, commonest first."""
    name, total = column.columns[0], int(column["receipts"].sum())
    fewest = max(FEWEST, total * _PREFIX_SHARE) if name in _FROM_ID else FEWEST
    # A value that all receipts have sets none of them apart.
    tested = pl.col("receipts").is_between(fewest, total - 1)
    if name in DERIVED:
        tested &= pl.col("raw").is_not_null()
    frame = column.rename({name: "raw"})
    values = (
        aggregate(frame, ["raw"], [pl.col("receipts").sum()])
        .filter(tested)
        .with_columns(pl.col("raw").cast(pl.String).alias("value"))
        .sort("receipts", "value", descending=[True, False], nulls_last=True)
        .head(_ALONE)
        .with_row_index("code")
    )
    codes = frame.join(
        values.select("raw", "code"),
        on="raw", how="left", nulls_equal=True, maintain_order="left",
    )  # fmt: skip
    return codes["code"], values


def count_conditions(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Count receipts and failures under every condition that is tested.

    Parameters
    ----------
    cells
        As the coarse ones in `Cells`, perhaps only some of them, with ``failures``.
    parts
        As in `Cells`.

    Returns
    -------
    pl.DataFrame
        ``kind``; then what makes the condition: ``part_1``, ``code_1``, ``part_2``, ``code_2``,
        and the intervals ``first`` to ``last``; then ``receipts`` and ``failures``. What is tested
        never depends on what failed.
    """
    whole = _counted(cells, parts)
    found = [_CONDITIONS.to_frame(), _stretches(cells, parts)]
    for part in parts:
        values = _counted(whole, [part]).filter(pl.col(part).is_not_null())
        found.append(_condition(values, VALUE, part))
    for one, other in combinations(parts, 2):
        common = whole.filter(pl.col(one) < _IN_PAIRS, pl.col(other) < _IN_PAIRS)
        found.append(_condition(_counted(common, [one, other]), PAIR, one, other))
    enough = pl.col("receipts").is_between(FEWEST, cells["receipts"].sum() - 1)
    return pl.concat(found, how="diagonal").filter(enough)


def coarsened(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Count the cells of an interval together."""
    return _counted(cells, [*parts, "interval"])


def _counted(cells: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return aggregate(cells, keys, [pl.col("receipts", "failures").sum()])


def _condition(counted: pl.DataFrame, kind: int, *parts: str) -> pl.DataFrame:
    """Bring counts per code into the columns of `_CONDITIONS`."""
    made = {"kind": pl.lit(kind, pl.Int8)}
    for number, part in enumerate(parts, 1):
        made |= {f"part_{number}": pl.lit(int(part), pl.Int32), f"code_{number}": pl.col(part)}
    return counted.select("receipts", "failures", **made)


def _stretches(cells: pl.DataFrame, parts: Sequence[str]) -> pl.DataFrame:
    """Count every contiguous stretch of intervals: of all receipts, and of those with a value."""
    clock, none = pl.lit(CLOCK, pl.Int32), pl.lit(None, pl.UInt32)
    dated = cells.filter(pl.col("interval").is_not_null())
    counted = [_counted(dated, ["interval"]).with_columns(part_1=clock, code_1=none)]
    for part in parts:
        of_part = _counted(dated.filter(pl.col(part) < _IN_STRETCHES), [part, "interval"])
        named = of_part.rename({part: "code_1"})
        counted.append(named.with_columns(part_1=pl.lit(int(part), pl.Int32)))
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
        .filter((pl.col("receipts_before") > 0) | ~pl.col("to_the_end"))  # all time is no stretch
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
