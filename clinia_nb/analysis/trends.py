"""How bulks change from night to night, and which change is more than chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP, group_columns, lazy_with, timestamp
from clinia_nb.receipts.outcome import failed

from ._engines import COMPLETED, FAILED, RECEIVED, elsewhere
from .timing import summarize_timing

if TYPE_CHECKING:
    from clinia_nb.receipts.columns import Receipts

METRICS = ("failure_rate", "p50", "p95", "throughput")
_TRENDS = (
    *("begins", "ends", "receipts", "failed", "failure_rate"),
    *("p50", "p95", "throughput"),
)
_FEWEST = 11  # bulks: with fewer, even a clean change could be chance
_SIDE = 3  # bulks on either side of a change
_LEVEL = 0.025 / len(METRICS)  # under 1 in 20 for all, as simulated in tests/benchmarks/trends.py
_LEAST = 0.05  # of the larger level: a change that is beyond doubt may still be of no use
# Pettitt's formula is too careful for few rows; 20,000 random series per length gave this.
_CAREFUL = 0.5
_CHANGES = pl.Schema(
    {
        "metric": pl.String(), "since": pl.String(), "begins": TIMESTAMP,
        "before": pl.Float64(), "after": pl.Float64(), "p_value": pl.Float64(),
    }
)  # fmt: skip


def bulk_trends(receipts: Receipts, *, by: str = "bulk_id") -> pl.DataFrame:
    """Summarize bulks, or days, side by side in order of time.

    Parameters
    ----------
    receipts
        Receipts of many bulks, such as `Archive.scan` returns; on any engine. `status`,
        `received_at`, `completed_at`, `duration` and the column of `by` are needed.
    by
        What a row is: ``"bulk_id"``, or ``"day"`` of an archive.

    Returns
    -------
    pl.DataFrame, shape (values of `by`, 9)
        The `by` column (text and categories as String), ``begins`` and ``ends`` (Datetime, µs,
        UTC: the first receipt received and the last completed), ``receipts`` and ``failed``
        (UInt32), ``failure_rate`` (Float64, 0 to 1), ``p50`` and ``p95`` (Duration, µs, by nearest
        rank, of the completed receipts), and ``throughput`` (Float64, completed receipts per
        second from ``begins`` to ``ends``). Null where unknown. Sorted by ``begins``.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> begins = [datetime(2026, 3, day, 2) for day in (2, 3)]
    >>> nights = pl.DataFrame({
    ...     "bulk_id": ["monday", "tuesday"], "status": ["SUCCESS", "FAILURE"],
    ...     "received_at": begins, "completed_at": [t + timedelta(seconds=2) for t in begins],
    ...     "duration": timedelta(seconds=2),
    ... })
    >>> bulk_trends(nights).select("bulk_id", "failure_rate", "throughput").rows()
    [('monday', 0.0, 0.5), ('tuesday', 1.0, 0.5)]
    """
    (key,) = group_columns(by, outputs=_TRENDS)
    counted = _counted(receipts, key)
    timed = summarize_timing(receipts, by=key).select(_as_text(key), "completed", "p50", "p95")
    seconds = (pl.col("ends") - pl.col("begins")).dt.total_microseconds() / 1_000_000
    return (
        counted.join(timed, on=key, how="left", nulls_equal=True)
        .with_columns(
            failure_rate=pl.col("failed") / pl.col("receipts"),
            throughput=pl.when(seconds > 0).then(pl.col("completed") / seconds),
        )
        .sort("begins", key, nulls_last=True)
        .select(key, *_TRENDS)
    )


def _as_text(key: str) -> pl.Expr:
    text = pl.col(key).cast(pl.String)
    # Pandas and pyarrow read the day of a folder as text.
    return text.str.head(len("2026-03-01")).str.to_date() if key == "day" else text


def _counted(receipts: Receipts, key: str) -> pl.DataFrame:
    needed = [key, "status", "received_at", "completed_at"]
    remote = elsewhere(receipts, keys=[key], needed=needed)
    if remote is not None:
        import narwhals as nw

        counted = remote.count(
            failed=nw.col(FAILED).sum(), begins=nw.col(RECEIVED).min(), ends=nw.col(COMPLETED).max()
        )
        return counted.with_columns(
            _as_text(key),
            pl.col("receipts", "failed").cast(pl.UInt32),
            pl.col("begins", "ends").cast(pl.Int64).cast(TIMESTAMP),
        )
    lazy, available = lazy_with(receipts, needed)
    return (
        lazy.with_columns(failed(available))
        .group_by(_as_text(key))
        .agg(
            pl.len().cast(pl.UInt32).alias("receipts"),
            pl.col("failed").sum().cast(pl.UInt32),
            timestamp("received_at").min().alias("begins"),
            timestamp("completed_at").max().alias("ends"),
        )
        .collect(engine="streaming")
    )


def trend_changes(trends: pl.DataFrame) -> pl.DataFrame:
    """Name the changes of level that stand out from the noise of the nights.

    The test is Pettitt's (1979): the ranks before a point are compared with those after it, at the
    point where they differ most. It assumes no distribution, only that nights do not depend on each
    other, and needs 11 rows. Noise alone gives no rows: of 20 archives without a change at most 1
    has one named. A slow drift is named once, near its middle; one odd night is not a change, nor
    are levels that differ by less than a twentieth.

    Parameters
    ----------
    trends
        As `bulk_trends` returns them.

    Returns
    -------
    pl.DataFrame, shape (at most 4, 6)
        ``metric`` (String: ``failure_rate``, ``p50``, ``p95`` or ``throughput``), ``since``
        (String, the first bulk or day of the new level), ``begins`` (Datetime, µs, UTC),
        ``before`` and ``after`` (Float64, medians; durations in seconds) and ``p_value`` (Float64).
        Sorted by ``p_value``.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> rates = [0.01, 0.02, 0.01, 0.01, 0.02, 0.01, 0.05, 0.06, 0.05, 0.05, 0.06, 0.05]
    >>> trends = pl.DataFrame({
    ...     "bulk_id": [f"night {n}" for n in range(12)],
    ...     "begins": [datetime(2026, 3, n + 1) for n in range(12)],
    ...     "failure_rate": rates, "p50": timedelta(1), "p95": timedelta(1), "throughput": 1.0,
    ... })
    >>> trend_changes(trends).select("metric", "since", "before", "after").rows()
    [('failure_rate', 'night 6', 0.01, 0.05)]
    """
    lazy_with(trends, ["begins", *METRICS])
    key = trends.columns[0]
    found = [_change(trends, key, metric) for metric in METRICS]
    rows = [row for row in found if row is not None]
    return pl.DataFrame(rows, schema=_CHANGES, orient="row").sort("p_value", "metric")


def _change(
    trends: pl.DataFrame, key: str, metric: str
) -> tuple[str, str, object, float, float, float] | None:
    value = pl.col(metric)
    if isinstance(trends.schema[metric], pl.Duration):
        value = value.dt.total_microseconds() / 1_000_000
    rows = trends.select(
        pl.col(key).cast(pl.String).alias("since"), "begins", value.cast(pl.Float64).alias("value")
    ).drop_nulls("value")
    size = rows.height
    if size < _FEWEST or rows["value"].n_unique() == 1:
        return None
    place = pl.int_range(1, pl.len() + 1)
    differs = (2 * pl.col("value").rank().cum_sum() - place * (size + 1)).abs()
    scored = rows.with_row_index("row").with_columns(differs=differs)
    split = (
        scored.slice(_SIDE - 1, size - 2 * _SIDE + 1)
        .sort("differs", "row", descending=True)
        .row(0, named=True)
    )
    strength = split["differs"]
    formula = 2 * math.exp(-6 * strength**2 / (size**3 + size**2))
    p_value = min(1.0, formula * _LEVEL / (_LEVEL + _CAREFUL / size))
    if p_value > _LEVEL:
        return None
    first = split["row"] + 1
    since, begins = rows.row(first)[:2]
    before, after = (half["value"].median() for half in (rows.head(first), rows.slice(first)))
    if not isinstance(before, float) or not isinstance(after, float):
        return None
    if abs(after - before) < _LEAST * max(abs(after), abs(before)):
        return None
    return metric, since, begins, before, after, p_value
