"""The stretch of a bulk in which the failures of a group crowd together, and whether it is a burst.

A point is a time at which failures of a group were received: a row with `GROUP`, ``time``,
``before`` and ``until`` (receipts of all received before it, and until it), ``hits_before`` and
``hits_until`` (failures of the group likewise), ``hits`` and ``receipts`` (of the whole bulk).
"""

from __future__ import annotations

import math

import polars as pl

GROUP = "__group"

# Failures of a group and receipts of all, before a stretch, within it, and so on.
BEFORE = pl.col("hits_before"), pl.col("before")
WITHIN = pl.col("hits_until") - pl.col("hits_before"), pl.col("until") - pl.col("before")
AFTER = pl.col("hits") - pl.col("hits_until"), pl.col("receipts") - pl.col("until")
OUTSIDE = BEFORE[0] + AFTER[0], BEFORE[1] + AFTER[1]
# A stretch begins with a failure, always: what tells its rate are the gaps from then on.
GAPS = WITHIN[0] - 1, WITHIN[1] - 1

_DENSER = 2.0  # what the odds of failing are multiplied by in a burst, at least
_BY_CHANCE = 1_000  # failures without a burst are said to have one once in so many times, at most
# A rate between those within and outside finds a stretch best: tries are powers of the overall.
_TRIES = (1.0, 0.75, 0.5, 0.25)


def densest_stretches(points: pl.DataFrame) -> pl.DataFrame:
    """Give the stretch, from a failure to a failure, that sets a group's failures apart most."""
    overall = pl.col("hits") / pl.col("receipts")
    tries = [_densest(points, overall.pow(power)) for power in _TRIES]
    parting = _best(tries).select(GROUP, _parting_rate())
    nearer = points.join(parting, on=GROUP, how="left", maintain_order="left")
    return _best([*tries, _densest(nearer, pl.col("parting_rate"))])


def _densest(points: pl.DataFrame, rate: pl.Expr) -> pl.DataFrame:
    """Give the stretch of each group with most failures beyond what `rate` would give it.

    The excess of a stretch is what was gained until its end less what was gained before its
    begin; so the best begin for an end is where the least was gained before.
    """
    best = pl.col("excess").arg_max()
    ends = (
        points.with_row_index("end")
        .with_columns(
            gained_before=pl.col("hits_before") - rate * pl.col("before"),
            gained_until=pl.col("hits_until") - rate * pl.col("until"),
        )
        .with_columns(least=pl.col("gained_before").cum_min().over(GROUP))
        .with_columns(
            excess=pl.col("gained_until") - pl.col("least"),
            # The first point of a group is always a least one, so none is filled from another.
            begin=pl.when(pl.col("gained_before") == pl.col("least")).then("end").forward_fill(),
        )
        .group_by(GROUP)
        .agg(pl.col("begin", "end").get(best))
    )
    begin = points.select("before", "hits_before", burst_begins="time")[ends["begin"]]
    end = points.select("until", "hits_until", "hits", "receipts", burst_ends="time")[ends["end"]]
    stretches = pl.concat([ends, begin, end], how="horizontal")
    return stretches.with_columns(contrast=contrast(*WITHIN, *OUTSIDE))


def _best(tries: list[pl.DataFrame]) -> pl.DataFrame:
    return (
        pl.concat(tries)
        .sort(GROUP, "contrast", "begin", "end", descending=[False, True, False, False])
        .unique(GROUP, keep="first", maintain_order=True)
    )


def _parting_rate() -> pl.Expr:
    """Give the rate at which a receipt speaks as much for being within a stretch as outside."""
    within = (WITHIN[0] + 0.5) / (WITHIN[1] + 1)
    outside = (OUTSIDE[0] + 0.5) / (OUTSIDE[1] + 1)
    passing = ((1 - outside) / (1 - within)).log()
    parting = passing / (passing + (within / outside).log())
    return parting.fill_nan(pl.lit(1.0)).alias("parting_rate")


def is_burst() -> pl.Expr:
    """Whether the odds of failing are twice those outside, and more than chance would have it.

    The chance of a stretch from one failure to another that crowds so is ``exp(-contrast)`` at
    most, by Chernoff's bounds within and outside, times ``sqrt(8 k)`` because all `k` failures
    are given, times ``k * k / 2`` stretches.
    """
    by_chance = math.log(_BY_CHANCE * math.sqrt(2)) + 2.5 * pl.col("hits").log()
    odds = WITHIN[0] * (OUTSIDE[1] - OUTSIDE[0])
    other_odds = OUTSIDE[0] * (WITHIN[1] - WITHIN[0])
    return (contrast(*GAPS, *OUTSIDE) > by_chance) & (odds >= _DENSER * other_odds)


def contrast(
    hits: pl.Expr, receipts: pl.Expr, other_hits: pl.Expr, other_receipts: pl.Expr
) -> pl.Expr:
    """Give the log likelihood ratio of two rates for two sets of receipts, against one for both."""
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
