"""How long receipts took, and how many were under way: frames in, summary frames out.

Times are Clinia's own: a duration runs from ``received_at`` to ``completed_at``. Where its clocks
disagree a duration is negative; it is kept and counted.

Percentiles are by nearest rank: ``p90`` is the shortest duration that at least 90% of the
completed receipts did not exceed. So each is a duration that occurred, and
``min <= p50 <= p90 <= p95 <= p99 <= max``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import (
    DURATION,
    TIMESTAMP,
    aggregate,
    group_columns,
    lazy_with,
    timestamp,
)
from clinia_nb.receipts.outcome import outcome

from ._engines import elsewhere
from .intervals import check_interval_count, interval_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

# Inner names, which no column of a receipt has: a caller may group by any column that is used here.
_DURATION, _PENDING = "__duration", "__pending"
_PERCENTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
_SUMMARY = (
    *("receipts", "completed", "pending", "untimed", "negative"),
    *("min", *_PERCENTILES, "max", "mean"),
)
_OVER_TIME = ("receipts", "completed", "pending", "untimed", *_PERCENTILES, "max")


def summarize_timing(receipts: Receipts, *, by: str | Sequence[str] | None = None) -> pl.DataFrame:
    """Summarize how long receipts took, per group or over all.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `duration` and the columns of
        `by` are needed; error columns are used if present.
    by
        Column or columns to group by; None for one row over all receipts, also where there are
        none. A null key is a group of its own.

    Returns
    -------
    pl.DataFrame, shape (groups, …)
        The `by` columns in their own dtypes, then

        - ``receipts`` (UInt32), and what it is the sum of: ``completed`` (with a duration),
          ``pending`` (without one, and pending) and ``untimed`` (without one, though not pending,
          such as a cancelled receipt that never completed), all UInt32;
        - ``negative`` (UInt32): the completed ones of negative duration;
        - ``min``, ``p50``, ``p90``, ``p95``, ``p99``, ``max`` and ``mean`` (Duration, µs) of the
          completed ones; null where there are none. Percentiles are by nearest rank.

        Sorted by ``receipts``, most first, then the keys.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.
    ColumnClashError
        A column of `by` has the name of a column of the answer.

    Examples
    --------
    >>> from datetime import timedelta
    >>> receipts = pl.DataFrame({
    ...     "status": ["SUCCESS", "SUCCESS", "PENDING"],
    ...     "duration": [timedelta(milliseconds=40), timedelta(milliseconds=60), None],
    ... })
    >>> summarize_timing(receipts).select("receipts", "completed", "pending", "p50", "max")
    shape: (1, 5)
    ┌──────────┬───────────┬─────────┬──────────────┬──────────────┐
    │ receipts ┆ completed ┆ pending ┆ p50          ┆ max          │
    │ ---      ┆ ---       ┆ ---     ┆ ---          ┆ ---          │
    │ u32      ┆ u32       ┆ u32     ┆ duration[μs] ┆ duration[μs] │
    ╞══════════╪═══════════╪═════════╪══════════════╪══════════════╡
    │ 3        ┆ 2         ┆ 1       ┆ 40ms         ┆ 60ms         │
    └──────────┴───────────┴─────────┴──────────────┴──────────────┘
    """
    keys = group_columns(by, outputs=_SUMMARY)
    needed = [*keys, "status", "duration"]
    remote = elsewhere(receipts, keys=keys, needed=needed)
    if remote is not None:
        summarized = remote.durations(_PERCENTILES)
        if not keys and summarized.is_empty():
            none = pl.DataFrame(schema={_DURATION: DURATION, _PENDING: pl.Boolean})
            summarized = none.select(_aggregates())
    else:
        lazy, available = lazy_with(receipts, needed)
        rows = lazy.select(*keys, *_timed(available)).collect()
        if not keys:
            rows = rows.sort(_DURATION)  # once, which each percentile would do again
        summarized = aggregate(rows, keys, _aggregates())
    return (
        summarized.with_columns(_within_range())
        .sort("receipts", *keys, descending=[True, *(False for _ in keys)], nulls_last=True)
        .select(*keys, *_SUMMARY)
    )


def timing_over_time(receipts: Receipts, *, every: str | None = None) -> pl.DataFrame:
    """Summarize how long receipts took, by when they were received.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `received_at` and `duration`
        are needed; error columns are used if present.
    every
        The interval, in polars' notation: ``"10s"``, ``"5m"``, ``"1h"``, ``"1d"``… By default a
        round one that gives at most 61 intervals from the first receipt to the last.

    Returns
    -------
    pl.DataFrame, shape (intervals with receipts, 10)
        ``interval_start`` (Datetime, µs, UTC; null, and last, for receipts without
        ``received_at``), ``receipts``, ``completed``, ``pending`` and ``untimed`` (UInt32), then
        ``p50``, ``p90``, ``p95``, ``p99`` and ``max`` (Duration, µs), as in `summarize_timing`.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.
    IntervalError
        `every` is not a valid interval.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> receipts = pl.DataFrame({
    ...     "status": ["SUCCESS", "SUCCESS"],
    ...     "received_at": [datetime(2025, 5, 6, 11, minute) for minute in (1, 2)],
    ...     "duration": [timedelta(milliseconds=40), timedelta(milliseconds=60)],
    ... })
    >>> timing_over_time(receipts, every="5m").select("interval_start", "receipts", "max")
    shape: (1, 3)
    ┌─────────────────────────┬──────────┬──────────────┐
    │ interval_start          ┆ receipts ┆ max          │
    │ ---                     ┆ ---      ┆ ---          │
    │ datetime[μs, UTC]       ┆ u32      ┆ duration[μs] │
    ╞═════════════════════════╪══════════╪══════════════╡
    │ 2025-05-06 11:00:00 UTC ┆ 2        ┆ 60ms         │
    └─────────────────────────┴──────────┴──────────────┘
    """
    needed = ["status", "received_at", "duration"]
    remote = elsewhere(receipts, needed=needed)
    if remote is not None:
        start = pl.col("interval_start").cast(pl.Int64).cast(TIMESTAMP)
        summarized = remote.by_interval(every).durations(_PERCENTILES).with_columns(start)
    else:
        lazy, available = lazy_with(receipts, needed)
        received = timestamp("received_at").alias("interval_start")
        rows = lazy.select(received, *_timed(available)).collect()
        step = interval_of(every, rows["interval_start"])
        summarized = (
            rows.with_columns(pl.col("interval_start").dt.truncate(step))
            .group_by("interval_start")
            .agg(_aggregates())
        )
    return (
        summarized.with_columns(_within_range())
        .sort("interval_start", nulls_last=True)
        .select("interval_start", *_OVER_TIME)
    )


def _timed(available: list[str]) -> list[pl.Expr]:
    return [
        pl.col("duration").cast(DURATION).alias(_DURATION),
        (outcome(available) == "pending").alias(_PENDING),
    ]


def _aggregates() -> list[pl.Expr]:
    took = pl.col(_DURATION)
    counts = {
        "receipts": pl.len(),
        "completed": took.count(),
        "pending": (took.is_null() & pl.col(_PENDING)).sum(),
        "untimed": (took.is_null() & ~pl.col(_PENDING)).sum(),
        "negative": (took < pl.duration()).sum(),
    }
    spread = {
        "min": took.min(),
        **{name: took.quantile(q, "equiprobable") for name, q in _PERCENTILES.items()},
        "max": took.max(),
        "mean": took.mean(),
    }
    return [
        *(count.cast(pl.UInt32).alias(name) for name, count in counts.items()),
        *(value.cast(DURATION).alias(name) for name, value in spread.items()),
    ]


def _within_range() -> list[pl.Expr]:
    # Polars goes through Float64, which rounds durations of centuries by some microseconds.
    return [pl.col(name).clip(pl.col("min"), pl.col("max")) for name in (*_PERCENTILES, "mean")]


def throughput(receipts: Receipts, *, every: str | None = None) -> pl.DataFrame:
    """Count receipts that were received, completed and under way, per interval.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `received_at` and `completed_at` are
        needed. Receipts without ``received_at`` are left out of all three counts.
    every
        The interval, in polars' notation: ``"10s"``, ``"5m"``, ``"1h"``, ``"1d"``… By default a
        round one that gives at most 61 intervals from the first event to the last.

    Returns
    -------
    pl.DataFrame, shape (intervals, 4)
        ``interval_start`` (Datetime, µs, UTC), without gaps from the first event to the last;
        ``received`` and ``completed`` (UInt32) in that interval; ``in_flight`` (Int64): received
        so far less completed so far, at the end of the interval. A receipt that never gets a
        ``completed_at`` stays in flight, cancelled or not. ``in_flight`` is negative only where
        receipts were completed before they were received, by clocks that disagree.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame.
    IntervalError
        `every` is not a valid interval, or so short that it gives more than 100,000 of them.

    Examples
    --------
    >>> from datetime import datetime
    >>> receipts = pl.DataFrame({
    ...     "received_at": [datetime(2025, 5, 6, 11, minute) for minute in (1, 2)],
    ...     "completed_at": [datetime(2025, 5, 6, 11, minute) for minute in (3, 11)],
    ... })
    >>> throughput(receipts, every="5m")
    shape: (3, 4)
    ┌─────────────────────────┬──────────┬───────────┬───────────┐
    │ interval_start          ┆ received ┆ completed ┆ in_flight │
    │ ---                     ┆ ---      ┆ ---       ┆ ---       │
    │ datetime[μs, UTC]       ┆ u32      ┆ u32       ┆ i64       │
    ╞═════════════════════════╪══════════╪═══════════╪═══════════╡
    │ 2025-05-06 11:00:00 UTC ┆ 2        ┆ 1         ┆ 1         │
    │ 2025-05-06 11:05:00 UTC ┆ 0        ┆ 0         ┆ 1         │
    │ 2025-05-06 11:10:00 UTC ┆ 0        ┆ 1         ┆ 0         │
    └─────────────────────────┴──────────┴───────────┴───────────┘
    """
    remote = elsewhere(receipts, needed=["received_at", "completed_at"])
    if remote is not None:
        return _flow(*remote.received_and_completed(every))
    lazy, _ = lazy_with(receipts, ["received_at", "completed_at"])
    rows = (
        lazy.select(timestamp("received_at"), timestamp("completed_at"))
        .filter(pl.col("received_at").is_not_null())
        .collect()
    )
    step = interval_of(every, rows["received_at"], rows["completed_at"])
    if every is not None:
        check_interval_count(every, rows["received_at"], rows["completed_at"])
    received = _per_interval(rows["received_at"], step, "received")
    completed = _per_interval(rows["completed_at"], step, "completed")
    return _flow(received, completed, step)


def _flow(received: pl.DataFrame, completed: pl.DataFrame, step: str) -> pl.DataFrame:
    """Put both counts side by side, without gaps, and count what is in flight."""
    in_flight = pl.col("received").cast(pl.Int64) - pl.col("completed").cast(pl.Int64)
    return (
        _without_gaps(pl.concat([received["interval_start"], completed["interval_start"]]), step)
        .join(received, on="interval_start", how="left")
        .join(completed, on="interval_start", how="left")
        .with_columns(pl.col("received", "completed").fill_null(0))
        .sort("interval_start")
        .with_columns(in_flight.cum_sum().alias("in_flight"))
    )


def _per_interval(times: pl.Series, step: str, name: str) -> pl.DataFrame:
    return (
        times.drop_nulls()
        .dt.truncate(step)
        .alias("interval_start")
        .to_frame()
        .group_by("interval_start")
        .agg(pl.len().cast(pl.UInt32).alias(name))
    )


def _without_gaps(starts: pl.Series, step: str) -> pl.DataFrame:
    if starts.is_empty():
        return pl.DataFrame(schema={"interval_start": TIMESTAMP})
    start = pl.col("interval_start")
    return starts.to_frame().select(pl.datetime_range(start.min(), start.max(), step))
