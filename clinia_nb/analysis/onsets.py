"""When failures began, in which shape they came, whether they go on, and what changed meanwhile.

Time is measured in receipts, not in seconds: each failure stands at its place among all receipts,
in the order in which they were received. So a load that itself comes in bursts makes no burst of
failures, and where a burst begins and ends is known to the receipt.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import DURATION, group_columns, lazy_with, timestamp
from clinia_nb.receipts.outcome import failed
from clinia_nb.signatures.sign import with_signatures

from ._bursts import (
    AFTER,
    BEFORE,
    GAPS,
    GROUP,
    OUTSIDE,
    WITHIN,
    contrast,
    densest_stretches,
    is_burst,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

PATTERNS = ("burst", "from_then_on", "until_then", "steady", "too_few")

# Inner names, which no column of a receipt has: a caller may group by any column that is used here.
_FAILED, _TIME, _DURATION, _AT = "__failed", "__time", "__duration", "__at"
_ONSETS = (
    *("failures", "untimed", "first_seen", "last_seen", "pattern", "burst_begins", "burst_ends"),
    *("burst_share", "burst_rate", "other_rate", "goes_on", "throughput_ratio", "latency_ratio"),
)
FEWEST = 5  # failures that have a shape
_CLEAR = math.log(100)  # a log likelihood ratio that is as much as a chance of 1 in 100
_FEWEST_OTHERS, _MOST_BURSTS = 10, 20


def failure_onsets(
    receipts: pl.DataFrame | pl.LazyFrame, *, by: str | Sequence[str] = "signature"
) -> pl.DataFrame:
    """Say for each signature when it began and ended, in which shape it came, and if it goes on.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` gives it. `status`, `received_at`, `duration` and
        the columns of `by` are needed; error columns are heeded where they are there. `signature`
        is made where it is not.
    by
        Column or columns to group failures by. A null key is a group of its own. Rates are always
        of all receipts, whatever their key.

    Returns
    -------
    pl.DataFrame, shape (groups with failures, …)
        The `by` columns in their own dtypes, then

        - ``failures`` (UInt32), and ``untimed`` (UInt32): those of them without ``received_at``,
          which are left out of all that follows;
        - ``first_seen`` and ``last_seen`` (Datetime, µs, UTC); null where all are untimed;
        - ``pattern`` (Enum), by the table below;
        - ``burst_begins`` and ``burst_ends`` (Datetime, µs, UTC): the first and the last failure
          of the burst; where there is none these are null, and so is all else about it;
        - ``burst_share`` (Float64, 0 to 1): of the timed failures, those within the burst;
        - ``burst_rate`` and ``other_rate`` (Float64, 0 to 1): failures of this group per receipt
          within the burst, and outside;
        - ``goes_on`` (Boolean): whether it was still failing so at the end of the bulk; null for
          one failure, which tells nothing;
        - ``throughput_ratio`` (Float64): receipts received per second within the burst, divided
          by those outside; null where there are fewer than 10 receipts, or no time, on a side;
        - ``latency_ratio`` (Float64): median duration of the other receipts (those that did not
          fail in this way) within the burst, divided by that outside; null where fewer than 10
          have a duration on either side, or a median is not above zero, and beyond the first 20
          groups that have a burst.

        Sorted by ``failures``, most first, then ``first_seen``, then the keys.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.
    ColumnClashError
        A column of `by` has the name of a column of the answer.

    Notes
    -----
    A burst is the stretch of the bulk that sets the failures apart most, if within it the odds of
    failing are at least twice those outside, and chance would crowd them so less than once in
    1,000 times (a bound that holds for all stretches together). Clearly fewer is a likelihood
    ratio of 100.

    ================ ===========================================================================
    ``pattern``      what it means
    ================ ===========================================================================
    ``burst``        a burst, with clearly fewer failures per receipt both before and after it
    ``from_then_on`` a burst that lasts to the end of the bulk, or too near to it to tell
    ``until_then``   a burst that began with the bulk, or too near to its begin to tell
    ``steady``       no burst
    ``too_few``      fewer than 5 timed failures, which have no shape
    ================ ===========================================================================

    A failure goes on unless the silence since it was last seen is clearly longer than the gaps
    between failures explain: by a likelihood ratio of 100. For ``k`` gaps that is about where the
    receipts from the first failure to the last are less than ``0.01 ** (1 / k)`` of those from the
    first to the end of the bulk. Of failures after a burst, the gaps since the burst count.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> receipts = pl.DataFrame({
    ...     "status": ["SUCCESS"] * 40 + ["FAILURE"] * 10 + ["SUCCESS"] * 50,
    ...     "received_at": [datetime(2025, 5, 6) + timedelta(minutes=m) for m in range(100)],
    ...     "duration": [timedelta(seconds=1)] * 100,
    ...     "error_type": [None] * 40 + ["INTERNAL"] * 10 + [None] * 50,
    ... })
    >>> onsets = failure_onsets(receipts, by="error_type")
    >>> onsets.select("error_type", "failures", "pattern", "burst_rate", "goes_on").row(0)
    ('INTERNAL', 10, 'burst', 1.0, False)
    >>> print(onsets["burst_begins"].item(), "to", onsets["burst_ends"].item())
    2025-05-06 00:40:00+00:00 to 2025-05-06 00:49:00+00:00
    """
    keys = group_columns(by, outputs=_ONSETS)
    made = [] if "signature" not in keys else ["signature"]
    needed = [*(key for key in keys if key not in made), "status", "received_at", "duration"]
    lazy, available = lazy_with(receipts, needed)
    rows = (
        (with_signatures(lazy).lazy() if made else lazy)
        .select(
            *keys,
            timestamp("received_at").alias(_TIME),
            pl.col("duration").cast(DURATION).alias(_DURATION),
            failed(available).alias(_FAILED),
        )
        .sort(_TIME, nulls_last=True)  # what has the same time is taken together, in any order
        .with_row_index(_AT)
        .collect()
    )
    timed = rows.filter(pl.col(_TIME).is_not_null())
    groups = _groups(rows, keys)
    points = _points(groups, timed[_TIME])
    onsets = _judged(points, timed[_TIME])
    return (
        groups.join(onsets, on=GROUP, how="left", maintain_order="left")
        .join(_latency(groups, onsets, timed), on=GROUP, how="left", maintain_order="left")
        .with_columns(pl.col("pattern").fill_null(pl.lit("too_few", dtype=pl.Enum(PATTERNS))))
        .select(*keys, *_ONSETS)
    )


def _groups(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Give a row per group with failures, with the places of its timed failures in `_AT`."""
    timed = pl.col(_TIME).is_not_null()
    return (
        rows.filter(_FAILED)
        .group_by(keys or _FAILED)
        .agg(
            pl.len().cast(pl.UInt32).alias("failures"),
            (~timed).sum().cast(pl.UInt32).alias("untimed"),
            pl.col(_TIME).min().alias("first_seen"),
            pl.col(_TIME).max().alias("last_seen"),
            pl.col(_AT).filter(timed),
        )
        .sort(
            "failures",
            "first_seen",
            *keys,
            descending=[True, False, *(False for _ in keys)],
            nulls_last=True,
        )
        .with_row_index(GROUP)
    )


def _points(groups: pl.DataFrame, times: pl.Series) -> pl.DataFrame:
    """Give a row per group and time of failure: receipts and own failures before and until then."""
    hits = groups.select(GROUP, _AT).explode(_AT).drop_nulls()
    when = times.gather(hits[_AT])
    return (
        hits.select(
            GROUP,
            when.alias("time"),
            times.search_sorted(when, "left").cast(pl.Int64).alias("before"),
            times.search_sorted(when, "right").cast(pl.Int64).alias("until"),
        )
        .group_by(GROUP, "time", "before", "until", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("now"))
        .with_columns(
            pl.col("now").cum_sum().over(GROUP).alias("hits_until"),
            pl.col("now").sum().over(GROUP).alias("hits"),
            pl.lit(times.len(), dtype=pl.Int64).alias("receipts"),
        )
        .with_columns(hits_before=pl.col("hits_until") - pl.col("now"))
    )


def _judged(points: pl.DataFrame, times: pl.Series) -> pl.DataFrame:
    """Say per group what its stretch amounts to, if it is a burst, and whether it goes on."""
    bursts = (
        densest_stretches(points.filter(pl.col("hits") >= FEWEST))
        .filter(is_burst())
        .with_columns(
            began=contrast(*GAPS, *BEFORE) >= _CLEAR,
            ended=contrast(*GAPS, *AFTER) >= _CLEAR,
            burst_share=WITHIN[0] / pl.col("hits"),
            burst_rate=WITHIN[0] / WITHIN[1],
            other_rate=OUTSIDE[0] / OUTSIDE[1],
            throughput_ratio=_throughput_ratio(times),
        )
        .filter(pl.col("began") | pl.col("ended"))
        .drop("hits", "receipts")
    )
    return (
        points.group_by(GROUP, maintain_order=True)
        .agg(
            pl.col("before").first().alias("unseen_before"),
            pl.col("until").last().alias("seen_until"),
            pl.col("hits", "receipts").first(),
        )
        .join(bursts, on=GROUP, how="left", maintain_order="left")
        .with_columns(pattern=_pattern())
        .with_columns(goes_on=_goes_on())
    )


def _pattern() -> pl.Expr:
    shapes = {
        "too_few": pl.col("hits") < FEWEST,
        "burst": pl.col("began") & pl.col("ended"),
        "from_then_on": pl.col("began"),
        "until_then": pl.col("ended"),
    }
    found = [pl.when(test).then(pl.lit(shape)) for shape, test in shapes.items()]
    return pl.coalesce(*found, pl.lit("steady")).cast(pl.Enum(PATTERNS))


def _goes_on() -> pl.Expr:
    """Whether the silence at the end is no more than what gaps between failures explain."""
    since_burst = AFTER[0], pl.col("seen_until") - pl.col("until")
    since_first = pl.col("hits") - 1, pl.col("seen_until") - pl.col("unseen_before") - 1
    silence = pl.lit(0), pl.col("receipts") - pl.col("seen_until")
    return (
        pl.when(pl.col("pattern") == "from_then_on")
        .then(pl.lit(value=True))
        .when(pl.col("pattern").is_in(["burst", "until_then"]))
        .then((AFTER[0] > 0) & (contrast(*since_burst, *silence) < _CLEAR))
        .when(pl.col("hits") > 1)
        .then(contrast(*since_first, *silence) < _CLEAR)
    )


def _throughput_ratio(times: pl.Series) -> pl.Expr:
    lasted = pl.col("burst_ends") - pl.col("burst_begins")
    rest = pl.lit(times).max() - pl.lit(times).min() - lasted
    rates = [
        pl.when(receipts >= _FEWEST_OTHERS, time > pl.duration()).then(
            gaps / time.dt.total_microseconds()
        )
        for receipts, gaps, time in (
            (WITHIN[1], WITHIN[1] - 1, lasted),
            (OUTSIDE[1], OUTSIDE[1], rest),
        )
    ]
    return rates[0] / rates[1]


def _latency(groups: pl.DataFrame, onsets: pl.DataFrame, timed: pl.DataFrame) -> pl.DataFrame:
    """Compare how long other receipts took within the burst and outside, for the top groups."""
    bursts = onsets.filter(pl.col("burst_begins").is_not_null()).head(_MOST_BURSTS)
    took = timed[_DURATION].dt.total_microseconds()
    ratios: list[tuple[int, float | None]] = []
    # Two medians over nearly all receipts for each burst: no one expression takes them together.
    for group, before, until in bursts.select(GROUP, "before", "until").iter_rows():
        others = took.clone().scatter(groups[_AT][group], None)
        within = _median(others.slice(before, until - before))
        outside = _median(pl.concat([others.head(before), others.slice(until)]))
        ratios.append((group, within / outside if within and outside else None))
    schema = {GROUP: pl.UInt32, "latency_ratio": pl.Float64}
    return pl.DataFrame(ratios, schema=schema, orient="row")


def _median(took: pl.Series) -> float | None:
    """Give the median of durations in microseconds; None of too few, and where it is not > 0."""
    median = took.median() if took.count() >= _FEWEST_OTHERS else None
    return median if isinstance(median, float) and median > 0 else None
