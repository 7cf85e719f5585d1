"""The stretches of a bulk in which the failures of a group crowd together.

Time is measured in receipts. Receipts that failed in another way had no chance to fail in this one,
so each group has its own count of receipts.

A point is a time at which failures of a group were received: a row with `GROUP`, ``time``,
``before`` and ``until`` (receipts received before that time, and up to it), ``hits_before`` and
``hits_until`` (the same for failures of the group), ``hits`` and ``receipts`` (of the whole bulk).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import polars as pl

from ._clumps import GROUP, NO_CLUMPS, clumping, clumps_within

# Failures of a group and receipts, before a stretch, within it, after it and outside it.
BEFORE = pl.col("hits_before"), pl.col("before")
WITHIN = pl.col("hits_until") - pl.col("hits_before"), pl.col("until") - pl.col("before")
AFTER = pl.col("hits") - pl.col("hits_until"), pl.col("receipts") - pl.col("until")
OUTSIDE = BEFORE[0] + AFTER[0], BEFORE[1] + AFTER[1]
# A stretch always begins with a failure, so its rate is estimated from the gaps after it.
GAPS = WITHIN[0] - 1, WITHIN[1] - 1

_DENSER = 2.0  # the least odds ratio of a burst
_BY_CHANCE = 1_000  # failures without a burst seem to have one at most once in so many times
# A rate between those within and outside finds a stretch best: tries are powers of the overall.
_TRIES = (1.0, 0.75, 0.5, 0.25)
FEWEST = 5  # failures that can have a pattern
MOST_BURSTS = 6  # failures that crowd in more stretches than this come in runs
_SEGMENT = "__segment"
_SEGMENTS = [GROUP, _SEGMENT]
_COUNTS = ("before", "until", "hits_before", "hits_until", "hits", "receipts")


def points_of(hits: pl.DataFrame, times: pl.Series, failed: pl.Series) -> pl.DataFrame:
    """Return a row per group and time of failure.

    Parameters
    ----------
    hits
        One row per failure, sorted by place: `GROUP`, and ``at``, its place in `times`.
    times, failed
        Of all receipts that ended: when they were received, in ascending order, and whether they
        failed, in any way.
    """
    when = times.gather(hits["at"])
    alike = times.rle().struct.field("len").cast(pl.Int64)  # how many have the same time
    same = times.rle_id().gather(hits["at"])
    until = alike.cum_sum().gather(same)
    places = {"at_before": until - alike.gather(same), "at_until": until}
    fine = pl.concat([pl.Series([0], dtype=pl.Int64), (~failed).cast(pl.Int64).cum_sum()])
    fine_at = {name: fine.gather(place) for name, place in places.items()}
    return (
        hits.select(
            GROUP,
            when.alias("time"),
            *(place.alias(name) for name, place in places.items()),
            fine_before=fine_at["at_before"],
            fine_until=fine_at["at_until"],
        )
        .group_by(pl.all(), maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("now"))
        .with_columns(
            hits_until=pl.col("now").cum_sum().over(GROUP), hits=pl.col("now").sum().over(GROUP)
        )
        .with_columns(hits_before=pl.col("hits_until") - pl.col("now"))
        .with_columns(
            before=pl.col("fine_before") + pl.col("hits_before"),
            until=pl.col("fine_until") + pl.col("hits_until"),
            receipts=pl.lit(fine[-1], pl.Int64) + pl.col("hits"),
        )
        .drop("fine_before", "fine_until", "now")
    )


class Search(NamedTuple):
    """Where the failures of each group may crowd, and how much they come in runs.

    Attributes
    ----------
    points
        Of the groups that can have a pattern, as `points_of` returns them, numbered.
    stretches
        `GROUP`, the points ``begin`` and ``end``, ``strength`` and ``by_chance``.
    clumps
        `GROUP`, ``clump`` (Float64): how many failures come together, about, outside the stretches
        or within them; 1 if they are independent.
    """

    points: pl.DataFrame
    stretches: pl.DataFrame
    clumps: pl.DataFrame


def search_bursts(points: pl.DataFrame) -> Search:
    """Search for the stretches in which failures crowd, whatever else is known of them.

    `points` are as `points_of` returns them.
    """
    ordered = points.filter(pl.col("hits") >= FEWEST).with_row_index("point")
    if ordered.is_empty():
        return Search(ordered, _NO_STRETCHES, NO_CLUMPS)
    rest = ordered.with_columns(pl.lit(0, pl.Int64).alias(_SEGMENT))
    remaining, found = [rest], [_NO_STRETCHES]
    for _ in range(MOST_BURSTS):
        best = densest_stretches(rest).filter(is_burst())
        if best.is_empty():
            break
        found.append(best.select(_NO_STRETCHES.columns))
        crowded = pl.col(GROUP).is_in(best[GROUP].to_list())
        remaining = [part.filter(~crowded) for part in remaining]
        rest = _without(rest.filter(crowded), best)
        remaining.append(rest)
    stretches = pl.concat(found)
    ones = ordered.select(GROUP, clump=1.0).unique()
    parts = [ones, clumping(pl.concat(remaining)), clumps_within(ordered, stretches)]
    return Search(ordered, stretches, _most(parts))


def find_bursts(
    search: Search, repeats: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the bursts of each group, and how much its failures come in runs.

    Parameters
    ----------
    search
        As `search_bursts` returns it.
    repeats
        `GROUP` and ``repeats`` (Float64): how often each record failed, on average.

    Returns
    -------
    bursts
        One row per burst, by group and time: `GROUP`, ``begins`` and ``ends``, ``at_before``,
        ``at_until`` and ``at_last`` (the place of the first receipt at its end), and the counts of
        a stretch.
    clumps
        As in `Search`, and at least ``repeats``.
    """
    clumps = search.clumps
    if repeats is not None:
        known = repeats.join(clumps, on=GROUP, how="semi").drop_nulls()
        clumps = _most([clumps, known.select(GROUP, clump="repeats")])
    return _joined(search.points, _held(search.stretches, clumps)), clumps


def _most(clumps: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(clumps).group_by(GROUP, maintain_order=True).agg(pl.col("clump").max())


def _held(stretches: pl.DataFrame, clumps: pl.DataFrame) -> pl.DataFrame:
    """Return the stretches that are bursts even if failures come in runs, as those outside do."""
    return (
        stretches.join(clumps, on=GROUP, how="left")
        .with_columns(pl.col("clump").fill_null(1.0))
        .filter(pl.col("strength") / pl.col("clump") > pl.col("by_chance"))
    )


def _joined(ordered: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Return stretches with their counts in the whole bulk; those that nearly touch are one."""
    begin = ordered.select(
        GROUP, "before", "hits_before", "at_before", begins="time", begin="point"
    )
    end = ordered.select(
        *("until", "hits_until", "at_until", "hits", "receipts"),
        ends="time",
        end="point",
        at_last="at_before",
    )
    columns = [GROUP, "begins", "ends", "at_before", "at_until", "at_last", *_COUNTS]
    placed = (
        stretches.select("begin", "end")
        .join(begin, on="begin")
        .join(end, on="end")
        .sort(GROUP, "before")
        .with_columns(length=pl.col("until") - pl.col("before"))
    )
    gap = pl.col("before") - pl.col("until").shift()
    shorter = pl.min_horizontal("length", pl.col("length").shift())
    same = pl.col(GROUP) == pl.col(GROUP).shift()
    apart = ~(same & (gap * 4 <= shorter)).fill_null(value=False)
    first = ("begins", "at_before", "before", "hits_before", "hits", "receipts")
    last = ("ends", "at_until", "at_last", "until", "hits_until")
    return (
        placed.with_columns(burst=apart.cum_sum())
        .group_by(GROUP, "burst", maintain_order=True)
        .agg(pl.col(first).first(), pl.col(last).last())
        .select(columns)
    )


def _without(points: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Return the points outside a stretch of each group, as if nothing had been within it."""
    gone = {"before": WITHIN[1], "until": WITHIN[1], "hits_before": WITHIN[0]}
    gone |= {"hits_until": WITHIN[0], "hits": WITHIN[0], "receipts": WITHIN[1]}
    taken = stretches.select(
        GROUP, "begin", "end", *(count.alias(f"{name}_gone") for name, count in gone.items())
    )
    after, point = pl.col("point") > pl.col("end"), pl.col("point")
    moved = [
        (pl.col(name) - pl.when(after).then(f"{name}_gone").otherwise(0)).alias(name)
        for name in ("before", "until", "hits_before", "hits_until")
    ]
    fewer = [(pl.col(name) - pl.col(f"{name}_gone")).alias(name) for name in ("hits", "receipts")]
    side = (2 * pl.col(_SEGMENT) + after.cast(pl.Int64)).alias(_SEGMENT)
    return (
        points.join(taken, on=GROUP, maintain_order="left")
        .filter((point < pl.col("begin")) | after)
        .with_columns(side, *moved, *fewer)
        .filter(pl.col("hits") >= FEWEST)
        .select(points.columns)
    )


def densest_stretches(points: pl.DataFrame) -> pl.DataFrame:
    """Return per group the stretch, from a failure to a failure, that sets failures apart most."""
    overall = pl.col("hits") / pl.col("receipts")
    tries = [_densest(points, overall.pow(power)) for power in _TRIES]
    parting = _best(tries).select(GROUP, _parting_rate())
    nearer = points.join(parting, on=GROUP, how="left", maintain_order="left")
    return _best([*tries, _densest(nearer, pl.col("parting_rate"))]).with_columns(
        strength=contrast(*GAPS, *OUTSIDE), by_chance=_by_chance()
    )


def _densest(points: pl.DataFrame, rate: pl.Expr) -> pl.DataFrame:
    """Return the stretch of each segment with most failures beyond what `rate` would give it.

    The excess of a stretch is what was gained until its end less what was gained before its
    begin; so the best begin for an end is where the least was gained before.
    """
    best = pl.col("excess").arg_max()
    ends = (
        points.with_row_index("end_row")
        .with_columns(
            gained_before=pl.col("hits_before") - rate * pl.col("before"),
            gained_until=pl.col("hits_until") - rate * pl.col("until"),
        )
        .with_columns(least=pl.col("gained_before").cum_min().over(_SEGMENTS))
        .with_columns(
            excess=pl.col("gained_until") - pl.col("least"),
            # The first point of a segment is always a least one: none is filled from another.
            begin_row=pl.when(pl.col("gained_before") == pl.col("least"))
            .then("end_row")
            .forward_fill(),
        )
        .group_by(_SEGMENTS)
        .agg(pl.col("begin_row", "end_row").get(best))
    )
    begin = points.select("before", "hits_before", begin="point")[ends["begin_row"]]
    end = points.select("until", "hits_until", "hits", "receipts", end="point")[ends["end_row"]]
    stretches = pl.concat([ends.select(GROUP), begin, end], how="horizontal")
    return stretches.with_columns(contrast=contrast(*WITHIN, *OUTSIDE))


def _best(tries: list[pl.DataFrame]) -> pl.DataFrame:
    return (
        pl.concat(tries)
        .sort(GROUP, "contrast", "begin", "end", descending=[False, True, False, False])
        .unique(GROUP, keep="first", maintain_order=True)
    )


def _parting_rate() -> pl.Expr:
    """Return the rate at which a receipt is as likely to be within a stretch as outside it."""
    within = (WITHIN[0] + 0.5) / (WITHIN[1] + 1)
    outside = (OUTSIDE[0] + 0.5) / (OUTSIDE[1] + 1)
    passing = ((1 - outside) / (1 - within)).log()
    parting = passing / (passing + (within / outside).log())
    return parting.fill_nan(pl.lit(1.0)).alias("parting_rate")


def _by_chance() -> pl.Expr:
    """Return the strength that chance alone exceeds once in `_BY_CHANCE` times.

    The chance of a stretch from one failure to another that crowds so is ``exp(-contrast)`` at
    most, by Chernoff's bounds within and outside, times ``sqrt(8 k)`` because all `k` failures
    are given, times ``k * k / 2`` stretches.
    """
    return math.log(_BY_CHANCE) + log_stretches(pl.col("hits"))


def log_stretches(hits: pl.Expr) -> pl.Expr:
    """Return the logarithm of what the chance of one stretch is multiplied by; see above."""
    return math.log(math.sqrt(2)) + 2.5 * hits.log()


def is_burst() -> pl.Expr:
    """Whether the odds of failing are twice those outside, and more than chance would have it."""
    odds = WITHIN[0] * (OUTSIDE[1] - OUTSIDE[0])
    other_odds = OUTSIDE[0] * (WITHIN[1] - WITHIN[0])
    return (pl.col("strength") > pl.col("by_chance")) & (odds >= _DENSER * other_odds)


def contrast(
    hits: pl.Expr, receipts: pl.Expr, other_hits: pl.Expr, other_receipts: pl.Expr
) -> pl.Expr:
    """Return the log likelihood ratio of two rates for two sets of receipts, against one."""
    rate = (hits + other_hits) / (receipts + other_receipts)
    counts = (
        (hits, receipts, rate),
        (other_hits, other_receipts, rate),
        (receipts - hits, receipts, 1 - rate),
        (other_receipts - other_hits, other_receipts, 1 - rate),
    )
    return pl.sum_horizontal(
        pl.when(count > 0).then(count * (count / (total * share)).log())
        for count, total, share in counts
    )


_NO_STRETCHES = pl.DataFrame(
    schema={
        GROUP: pl.UInt32,
        "begin": pl.UInt32,
        "end": pl.UInt32,
        "strength": pl.Float64,
        "by_chance": pl.Float64,
    }
)
