"""The strongest of all conditions, one after another, and how sure each is.

The strongest condition is a lead; the receipts that meet it are set aside, and the rest is searched
again. So what merely echoes a stronger lead does not come up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from ._bursts import contrast, log_stretches
from ._contrast_cells import coarsened
from ._contrast_conditions import (
    ALL_BUT,
    BURST,
    CLOCK,
    FEWEST,
    PAIR,
    STRETCH,
    VALUE,
    VALUE_IN_STRETCH,
    VERSIONS,
    count_conditions,
    tallied,
    weights,
    whole,
    whole_numbers,
)
from ._contrast_scale import matters
from ._contrast_versions import codes_between

if TYPE_CHECKING:
    from ._contrast_cells import Cells
    from ._contrast_scale import Scale

_MOST_LEADS = 10
_MOSTLY = 0.5

FOUND = pl.Schema(
    {
        "group": pl.UInt32(),
        "rank": pl.UInt32(),
        "kind": pl.Int8(),
        "part_1": pl.Int32(),
        "code_1": pl.UInt32(),
        "part_2": pl.Int32(),
        "code_2": pl.UInt32(),
        "first": pl.Int64(),
        "last": pl.Int64(),
        "receipts": pl.Int64(),
        "failures": pl.Int64(),
        "receipts_outside": pl.Int64(),
        "failures_outside": pl.Int64(),
        "failures_of_group": pl.Int64(),
        "nats": pl.Float64(),
        "comparisons": pl.Int64(),
    }
)


class Group(NamedTuple):
    """A group of failures: its number, its bursts as slices, and how many failures clump."""

    number: int
    bursts: list[tuple[int, int]]
    clump: float


class Totals(NamedTuple):
    """Receipts and failures to draw from: all, those with a time, and the latter of each value.

    Receipts without a time do not count for stretches of time, inside or outside.
    """

    every: tuple[int, int]
    dated: tuple[int, int]
    dated_values: pl.DataFrame

    @classmethod
    def of(
        cls, every: tuple[float, float], coarse: pl.DataFrame, tally: pl.DataFrame, group: int
    ) -> Totals:
        dated = coarse.filter(pl.col("interval").is_not_null())
        in_time = tally.filter(pl.col("kind") == VALUE_IN_STRETCH)
        mine = in_time.filter(pl.col("group").is_null() | (pl.col("group") == group))
        values = mine.group_by("part_1", "code_1").agg(
            receipts=pl.col("weight").sum(),
            failures=pl.col("weight").filter(pl.col("group").is_not_null()).sum(),
        )
        return cls(
            whole(*every),
            whole(*weights(dated)),
            values.with_columns(*whole_numbers()).rename(
                {"receipts": "dated_of", "failures": "dated_failed_of"}
            ),
        )


def find_leads(cells: Cells, group: Group, scale: Scale) -> list[dict[str, Any]]:
    """Find the leads of one group of failures, the strongest first."""
    failures = pl.when(pl.col("group").is_not_null()).then("receipts").otherwise(0)
    mine = pl.col("group").is_null() | (pl.col("group") == group.number)
    rest, coarse = (counted.filter(mine) for counted in (cells.counts, cells.coarse))
    rest = rest.with_columns(failures=failures)
    known = {"group": group.number, "failures_of_group": _total(rest, "failures")}
    found: list[dict[str, Any]] = []
    while len(found) < _MOST_LEADS and _total(rest, "failures") >= FEWEST:
        tally = tallied(coarse, cells.parts) if found else cells.tally
        of = weights(coarse)
        totals = Totals.of(of, coarse, tally, group.number)
        bursts = _bursts(rest, group, scale)
        conditions = count_conditions(tally, cells.ranges, of, group=group.number)
        lead = _strongest(conditions, bursts, totals, scale, group)
        if lead is None:
            break
        lead |= _sharpened(rest, lead, group, cells.ranges)
        inside = _within(lead, cells.ranges)
        sides = {"": rest.filter(inside), "_outside": rest.filter(~inside)}
        for where, side in sides.items():
            lead |= {count + where: _total(side, count) for count in ("receipts", "failures")}
        found.append(lead | known | {"rank": len(found) + 1})
        rest = sides["_outside"]
        # A stretch ends within an interval.
        by_slice = lead["first"] is not None
        coarse = coarsened(rest, cells.parts) if by_slice else coarse.filter(~inside)
    return found


def _bursts(rest: pl.DataFrame, group: Group, scale: Scale) -> pl.DataFrame:
    """Return the bursts of a group as conditions, weighed like the search that found them."""
    if not group.bursts:
        return pl.DataFrame()
    rows: list[dict[str, Any]] = []
    for first, last in group.bursts:
        inside = rest.filter(pl.col("slice").is_between(first, last))
        receipts, failures = whole(*weights(inside))
        rows.append({"first": first, "last": last, "receipts": receipts, "failures": failures})
    receipts, failures = whole(*weights(rest.filter(pl.col("slice").is_not_null())))
    counts = ["first", "last", "receipts", "failures"]
    burst = pl.DataFrame(rows, schema=pl.Schema({name: pl.Int64() for name in counts}))
    gaps = pl.col("failures") - 1, pl.col("receipts") - 1
    outside = failures - pl.col("failures"), receipts - pl.col("receipts")
    comparisons = pl.lit(len(scale.tested) * scale.groups, pl.Int64)
    strength = contrast(*gaps, *outside) / group.clump - log_stretches(pl.lit(float(failures)))
    of_all = map(pl.lit, whole(*weights(rest)))
    return burst.filter(pl.col("failures") >= FEWEST, outside[1] > 0, matters(*of_all)).select(
        *counts,
        kind=pl.lit(BURST, pl.Int8),
        part_1=pl.lit(CLOCK, pl.Int32),
        nats=strength - comparisons.log(),
        comparisons=comparisons,
    )


def _strongest(
    conditions: pl.DataFrame,
    bursts: pl.DataFrame,
    totals: Totals,
    scale: Scale,
    group: Group,
) -> dict[str, Any] | None:
    """Return the condition with the most evidence, if any has enough."""
    comparisons, kind = scale.comparisons(pl.col("kind")), pl.col("kind")
    in_time = kind.is_in([STRETCH, VALUE_IN_STRETCH])
    of, failed_of = (
        pl.when(in_time).then(pl.lit(dated, pl.Int64)).otherwise(pl.lit(every, pl.Int64))
        for every, dated in zip(totals.every, totals.dated, strict=True)
    )
    clump = pl.when(in_time).then(group.clump).otherwise(1.0)
    of_all = map(pl.lit, totals.every)  # what is shown is compared with all others
    likely = conditions.filter(matters(of, failed_of), matters(*of_all)).with_columns(
        nats=scale.nats(of, failed_of, comparisons, clump), comparisons=comparisons
    )
    likely = pl.concat([likely, bursts], how="diagonal_relaxed")
    likely = likely.filter(pl.col("failures") >= FEWEST, pl.col("nats") >= scale.needed)
    simple = likely.filter(kind < PAIR)
    stronger = pl.col("nats") > pl.lit(simple["nats"].max()).fill_null(0.0)
    pairs = _saying_more(
        likely.filter(kind >= PAIR, stronger), conditions, totals, scale, group.clump
    )
    ties = ["kind", "part_1", "code_1", "part_2", "code_2", "first", "last"]
    best = pl.concat([simple, pairs]).sort(
        "nats", *ties, descending=[True, *(False for _ in ties)], nulls_last=True
    )
    return next(best.iter_rows(named=True), None)


def _saying_more(
    pairs: pl.DataFrame, conditions: pl.DataFrame, totals: Totals, scale: Scale, clump: float
) -> pl.DataFrame:
    """Keep pairs that say more than both their parts: each a lead among the other's receipts."""
    if pairs.is_empty():
        return pairs
    counts = {"of": pl.col("receipts"), "failed_of": pl.col("failures")}
    kind = pl.col("kind")
    one = conditions.filter(kind == VALUE).select("part_1", "code_1", **counts)
    other = conditions.filter(kind.is_in([VALUE, STRETCH])).select(
        "first", "last", part_2="part_1", code_2="code_1", **counts
    )
    in_time = kind == VALUE_IN_STRETCH
    dated = totals.dated_values
    pairs = pairs.join(dated, on=["part_1", "code_1"], how="left", nulls_equal=True)
    kind_of_other = pl.when(in_time).then(STRETCH).otherwise(VALUE)
    clump_of_other = pl.when(in_time).then(clump).otherwise(1.0)
    of_value = [
        pl.when(in_time).then(f"dated_{name}").otherwise(name).alias(name) for name in counts
    ]
    for part, among_which, kind_within, clumps in (
        (one, of_value, kind_of_other, clump_of_other),
        (other, [], pl.lit(VALUE), pl.lit(1.0)),
    ):
        keys = [name for name in part.columns if name not in counts]
        of = pl.col("of"), pl.col("failed_of")
        joined = pairs.join(part, on=keys, nulls_equal=True).with_columns(among_which)
        nats = scale.nats(*of, scale.among(kind_within), clumps)
        pairs = joined.filter(matters(*of), nats >= scale.needed).drop("of", "failed_of")
    return pairs.drop(dated.columns[2:])


def _total(cells: pl.DataFrame, count: str) -> int:
    return int(cells[count].sum())


def _within(condition: dict[str, Any], ranges: pl.DataFrame, *, time: bool = True) -> pl.Expr:
    """Tell the cells that meet a condition; never null."""
    tests = [pl.lit(value=True)]
    if condition["kind"] == VERSIONS:
        codes = codes_between(ranges, condition["code_1"], condition["code_2"])
        return pl.col(str(condition["part_1"])).is_in(codes).fill_null(value=False)
    for number in (1, 2):
        part, code = condition[f"part_{number}"], condition[f"code_{number}"]
        if part == CLOCK:
            stretch = pl.col("slice").is_between(condition["first"], condition["last"])
            tests += [stretch.fill_null(value=False)] if time else []
        elif part is not None:
            equal = pl.col(str(part)).eq_missing(pl.lit(code))
            tests.append(~equal if condition["kind"] == ALL_BUT else equal)
    return pl.all_horizontal(tests)


def _sharpened(
    rest: pl.DataFrame, lead: dict[str, Any], group: Group, ranges: pl.DataFrame
) -> dict[str, Any]:
    """Move the ends of a stretch to where its failures set in and stop.

    If it is mostly a burst of the group, its ends are those of the burst.
    """
    if lead["first"] is None or lead["kind"] == BURST:
        return {}
    moved = _at_slices(rest.filter(_within(lead, ranges, time=False)), lead)
    if lead["kind"] == STRETCH:
        for first, last in group.bursts:
            shared = _overlap(rest, (first, last), (moved["first"], moved["last"]))
            if shared > _MOSTLY:
                return {"first": first, "last": last}
    return moved


def _overlap(rest: pl.DataFrame, one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the share of receipts within either stretch that are within both."""
    place = pl.col("slice")
    inside, too = place.is_between(*one), place.is_between(*other)
    either = _total(rest.filter(inside | too), "receipts")
    return _total(rest.filter(inside & too), "receipts") / max(either, 1)


def _at_slices(rest: pl.DataFrame, lead: dict[str, Any]) -> dict[str, int]:
    """Move the ends of a stretch from intervals to slices.

    An end stays in its interval or the one next to it, where slices speak most clearly for the rate
    inside on the one hand, and for the rate outside on the other.
    """
    first, last = lead["first"], lead["last"]
    cells = rest.filter(pl.col("interval").is_not_null())
    core = pl.col("interval").is_between(first, last)
    # Half a failure more keeps rates of 0 and 1 from being beyond doubt.
    inside, outside = (
        (_total(side, "failures") + 0.5) / (_total(side, "receipts") + 1)
        for side in (cells.filter(core), cells.filter(~core))
    )
    failed, fine = math.log(inside / outside), math.log((1 - inside) / (1 - outside))
    gain = pl.col("failures") * failed + (pl.col("receipts") - pl.col("failures")) * fine
    near = (
        cells.filter(pl.col("interval").is_between(first - 1, last + 1))
        .group_by("interval", "slice")
        .agg(pl.col("receipts", "failures").sum())
        .sort("slice")
        .with_columns(gain.cum_sum().alias("through"))
        .with_columns(before=pl.col("through").shift(1, fill_value=0.0))
    )
    begins: int = near.filter(pl.col("interval") <= first).sort("before", "slice")["slice"][0]
    ends = near.filter(pl.col("interval") >= last, pl.col("slice") >= begins)
    return {"first": begins, "last": ends.sort(-pl.col("through"), "slice")["slice"][0]}
