"""The receipts that a contrast looks at: those that ended, by what they may differ in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP, timestamp
from clinia_nb.receipts.fields import SCHEMA
from clinia_nb.receipts.outcome import OUTCOMES, outcome

from ._bursts import find_bursts, points_of, search_bursts
from ._clumps import GROUP as BURST_GROUP
from ._clumps import clumping
from ._contrast_attributes import (
    ATTRIBUTES,
    CHOSEN_BY_CALLER,
    ID_TEXT,
    REPEATED,
    TIME,
    seen_before,
)
from ._contrast_cells import GROUP, WEIGHT
from ._contrast_conditions import FEWEST
from .crowding import places_in_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .crowding import Crowding

FAILED = "__failed"
RECORD = ("id", "type", "target_type")
_MOST_GROUPS = 50
_MOST_VALUES = 50  # of a caller's own column
# Columns that other functions of this package add; they are consequences of failing.
_CONSEQUENCES = {"signature", "outcome", "failed", "rule", "recommendation", *OUTCOMES}
# What an archive adds.
_ARCHIVED = {("day", pl.Date()), ("duration_us", pl.Int64())}


class Rows(NamedTuple):
    """Receipts that ended, the attributes to test, and the caller's columns that are not tested."""

    frame: pl.DataFrame
    tested: list[str]
    left_out: tuple[str, ...]


def ended_rows(
    lazy: pl.LazyFrame, available: list[str], keys: list[str], attributes: Sequence[str] | None
) -> Rows:
    """Return the receipts that are neither pending nor cancelled, with the columns that matter.

    Ids are tested only if callers chose them.
    """
    own = [] if attributes is not None else own_columns(lazy, keys)
    wanted = dict.fromkeys([*ATTRIBUTES, *own] if attributes is None else attributes)
    tested = [name for name in wanted if name in available and name not in keys]
    record = [name for name in RECORD if name in available]
    became = outcome(available)
    times = [name for name in (TIME,) if name in available]
    columns = dict.fromkeys([*keys, *tested, *record, *times])
    frame = lazy.select(
        *(timestamp(name) if name == TIME else pl.col(name) for name in columns),
        became.alias("__outcome"),
    ).collect()
    repeats = "id" in record and _has_repeats(frame["id"])
    if repeats and "id" in tested and times:
        frame = frame.with_columns(seen_before())
        tested.append(REPEATED)
    frame = frame.filter(~pl.col("__outcome").is_in(["pending", "cancelled"])).with_columns(
        (pl.col("__outcome") == "failed").alias(FAILED)
    )
    if repeats:
        frame = frame.with_columns(_weight(record))
    chosen = "id" in tested and frame.select(ID_TEXT.str.contains(CHOSEN_BY_CALLER).any()).item()
    if "id" in tested and not chosen:
        tested.remove("id")
    frame = frame.drop(name for name in record if name not in {*keys, *tested})
    few, many = few_values(frame, own)
    constant = _constant(frame, tested)
    tested = [name for name in tested if name not in constant and (name not in own or name in few)]
    return Rows(frame, tested, tuple(many))


def own_columns(lazy: pl.LazyFrame, keys: list[str]) -> list[str]:
    """Return the columns that the caller joined to the receipts."""
    return [
        name
        for name, dtype in lazy.collect_schema().items()
        if (name, dtype) not in _ARCHIVED
        and name not in SCHEMA
        and name not in keys
        and name.lower() not in _CONSEQUENCES
        and not name.startswith("__")
    ]


def few_values(frame: pl.DataFrame, names: list[str]) -> tuple[list[str], list[str]]:
    """Return which columns have few values that all kinds of receipts can have, and the others."""
    few: list[str] = []
    many: list[str] = []
    fine = ~frame[FAILED]
    for name in names:
        column, dtype = frame[name], frame.schema[name]
        measured = dtype.is_float() or dtype.is_nested() or dtype.is_temporal()
        if measured or column.n_unique() > _MOST_VALUES:
            many.append(name)
        # A column that only failures have is a consequence of failing.
        elif fine.any() and column.filter(fine).null_count() < int(fine.sum()):
            few.append(name)
    return few, many


def _constant(frame: pl.DataFrame, names: list[str]) -> set[str]:
    """Return which columns have one value throughout, which sets no receipts apart."""
    same = frame.select(pl.col(name).eq_missing(pl.col(name).first()).all() for name in names)
    return {name for name in names if name != TIME and same[name].all()}


def _has_repeats(ids: pl.Series) -> bool:
    known = ids.drop_nulls().hash()  # of a million texts, numbers are counted much sooner
    return known.n_unique() < known.len()


def _weight(record: list[str]) -> pl.Expr:
    """Return by how much a receipt counts: those of a record that was sent often count as one."""
    once = pl.col("id").is_null()
    return pl.when(once).then(1.0).otherwise(1.0 / pl.len().over(record)).alias(WEIGHT)


class Crowds(NamedTuple):
    """The bursts of each group of failures, and how many failures come together otherwise."""

    bursts: pl.DataFrame
    clumps: dict[int, float]


def crowds_and_places(rows: pl.DataFrame, groups: int) -> tuple[Crowds, pl.Series]:
    """Return where the failures of each group crowd in time, and the place of each row in it.

    The place is how many rows were received before; null without a time.
    """
    if TIME not in rows.columns:
        rows = rows.with_columns(pl.lit(None, TIMESTAMP).alias(TIME))
    numbered = rows.select(TIME, FAILED, GROUP).with_row_index("row")
    timed = numbered.filter(pl.col(TIME).is_not_null()).sort(TIME)
    hits = (
        timed.with_row_index("at")
        .filter(pl.col(GROUP) < groups)
        .select(pl.col(GROUP).alias(BURST_GROUP), "at")
        .sort(BURST_GROUP, "at")
    )
    points = points_of(hits, timed[TIME], timed[FAILED])
    return crowds_at(points), places_in_time(timed[TIME], timed["row"], rows.height)


def crowds_at(points: pl.DataFrame) -> Crowds:
    """Return where failures crowd, from points as `points_of` returns them."""
    return _crowds(*find_bursts(search_bursts(points)))


def known_crowds(crowding: Crowding, groups: pl.DataFrame, keys: list[str]) -> Crowds:
    """Return where failures crowd that were searched before by the same keys."""
    numbers = crowding.groups.select(*keys, BURST_GROUP).join(
        groups.select(*keys, number=GROUP), on=keys, nulls_equal=True
    )
    numbers = numbers.select(BURST_GROUP, "number")
    bursts, clumps = (
        frame.join(numbers, on=BURST_GROUP)
        .with_columns(pl.col("number").alias(BURST_GROUP))
        .drop("number")
        for frame in find_bursts(crowding.search)
    )
    return _crowds(bursts.sort(BURST_GROUP, "before"), clumps)


def _crowds(bursts: pl.DataFrame, clumps: pl.DataFrame) -> Crowds:
    return Crowds(bursts, dict(clumps.select(BURST_GROUP, "clump").iter_rows()))


def clump_of(counts: pl.DataFrame, bursts: list[tuple[int, int]]) -> float:
    """Return how many failures come together outside the bursts, from the counts of slices."""
    failed = pl.when(pl.col("group").is_not_null()).then("receipts").otherwise(0)
    outside = [~pl.col("slice").is_between(first, last) for first, last in bursts]
    points = (
        counts.filter(pl.col("slice").is_not_null(), *outside)
        .group_by("slice")
        .agg(pl.col("receipts").sum(), failed.sum().alias("now"))
        .sort("slice")
        .select(
            pl.lit(0, pl.UInt32).alias(BURST_GROUP),
            until=pl.col("receipts").cum_sum(),
            before=pl.col("receipts").cum_sum() - pl.col("receipts"),
            hits_until=pl.col("now").cum_sum(),
            hits_before=pl.col("now").cum_sum() - pl.col("now"),
            receipts=pl.col("receipts").sum(),
            hits=pl.col("now").sum(),
        )
        .filter(pl.col("hits") > 0)
    )
    return clumping(points)["clump"].max() or 1.0  # pyright: ignore[reportReturnType] -- a float column


def edges_of(crowds: Crowds) -> pl.Series:
    """Return the places at which bursts begin and end, sorted."""
    places = [crowds.bursts[name] for name in ("at_before", "at_until")]
    return pl.concat(places).unique().sort()


def numbered_groups(failures: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the groups of failures that are used, in the order of their numbers.

    `failures` has the count of each, named `FAILED`.
    """
    return (
        failures.filter(pl.col(FAILED) >= FEWEST)
        .sort(FAILED, *keys, descending=[True, *(False for _ in keys)], nulls_last=True)
        .head(_MOST_GROUPS)
        .with_row_index(GROUP)
    )
