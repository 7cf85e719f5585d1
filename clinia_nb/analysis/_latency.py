"""How much longer other receipts took while a problem crowded together."""

from __future__ import annotations

import polars as pl

from ._clumps import GROUP

_FEWEST_OTHERS, _MOST_BURSTS = 10, 20


def latency_ratios(places: pl.Series, onsets: pl.DataFrame, durations: pl.Series) -> pl.DataFrame:
    """Compare how long other receipts took within the burst and outside, for the top groups."""
    bursts = onsets.filter(pl.col("bursts") == 1).head(_MOST_BURSTS)
    took = durations.dt.total_microseconds()
    ratios: list[tuple[int, float | None]] = []
    # Two medians over nearly all receipts for each burst: no one expression takes them together.
    for group, before, until in bursts.select(GROUP, "at_before", "at_until").iter_rows():
        others = took.clone().scatter(places[group], None)
        within = _median(others.slice(before, until - before))
        outside = _median(pl.concat([others.head(before), others.slice(until)]))
        ratios.append((group, within / outside if within and outside else None))
    schema = {GROUP: pl.UInt32, "latency_ratio": pl.Float64}
    return pl.DataFrame(ratios, schema=schema, orient="row")


def _median(took: pl.Series) -> float | None:
    """Return the median of durations in microseconds; None if too few, or if it is not > 0."""
    median = took.median() if took.count() >= _FEWEST_OTHERS else None
    return median if isinstance(median, float) and median > 0 else None
