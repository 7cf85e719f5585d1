"""When failures began, in which pattern they came, and what changed meanwhile.

Time is measured in receipts, not in seconds: each failure has its place among the receipts that
ended and did not fail in another way, in the order in which they were received. So a load that
itself comes in bursts makes no burst of failures, and a burst begins and ends at a receipt.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import group_columns

from ._bursts import FEWEST, contrast, find_bursts
from ._clumps import GROUP
from ._latency import latency_ratios
from ._ramps import LEAST_RAMP, ramps, stretches_fit
from .crowding import AT, Crowding, crowding_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

PATTERNS = (
    *("burst", "bursts", "from_then_on", "until_then", "ramp_up", "ramp_down"),
    *("runs", "steady", "too_few"),
)

_ONSETS = (
    *("failures", "untimed", "first_seen", "last_seen", "pattern", "burst_begins", "burst_ends"),
    *("burst_share", "burst_rate", "other_rate", "start_rate", "end_rate", "goes_on"),
    *("throughput_ratio", "latency_ratio", "all_begin", "all_end"),
)
_CLEAR = math.log(100)  # a log likelihood ratio that is as much as a chance of 1 in 100
_RUNS = 2.0  # failures come in runs if at least so many come together
_FEWEST_OTHERS = 10
_TENTH = 10


def failure_onsets(receipts: Receipts, *, by: str | Sequence[str] = "signature") -> pl.DataFrame:
    """Return when each signature began and ended, in which pattern it came, and if it continues.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `received_at`, `duration` and
        the columns of `by` are needed; error columns are used if present. `signature` is added if
        missing.
    by
        Column or columns to group failures by. A null key is a group of its own.

    Returns
    -------
    pl.DataFrame, shape (groups with failures, …)
        The `by` columns in their own dtypes, then

        - ``failures`` (UInt32), and ``untimed`` (UInt32): those of them without ``received_at``,
          which are left out of all that follows;
        - ``first_seen`` and ``last_seen`` (Datetime, µs, UTC); null if all are untimed;
        - ``pattern`` (Enum), see the table below;
        - ``burst_begins`` and ``burst_ends`` (Datetime, µs, UTC): the first and the last failure
          of the burst, of several the one with most failures; null without a burst, like all
          other columns about bursts;
        - ``burst_share`` (Float64, 0 to 1): of the timed failures, those within bursts;
        - ``burst_rate`` and ``other_rate`` (Float64, 0 to 1): failures of this group per receipt
          within bursts, and outside;
        - ``start_rate`` and ``end_rate`` (Float64, 0 to 1): failures of this group per receipt in
          the first tenth of the receipts, and in the last;
        - ``goes_on`` (Boolean): whether it may still have been failing at the end of the bulk: the
          time since the last failure is no longer than gaps between failures explain; null for
          one failure, which tells nothing;
        - ``throughput_ratio`` (Float64): receipts received per second within the burst, divided
          by those outside; null with fewer than 10 receipts, or no time, on a side, and for
          several bursts;
        - ``latency_ratio`` (Float64): median duration of the other receipts (those that did not
          fail in this way) within the burst, divided by that outside; null if fewer than 10
          have a duration on either side, or a median is not above zero, for several bursts, and
          beyond the first 20 groups that have a burst;
        - ``all_begin`` and ``all_end`` (List of Datetime, µs, UTC): the ends of every burst, in
          order of time.

        Sorted by ``failures``, most first, then ``first_seen``, then the keys.

        Rates are of the receipts that ended (neither pending nor cancelled) and did not fail in
        another way, as in `contrast_failures`.

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
    1,000 times (a bound that holds for all stretches together). Other bursts are searched for in
    what is left, up to 6. If the failures outside come in runs, so that about ``c`` come
    together, the evidence of a burst is divided by ``c``. Clearly fewer is a likelihood ratio of
    100.

    ================ ===========================================================================
    ``pattern``      what it means
    ================ ===========================================================================
    ``burst``        a burst, with clearly fewer failures per receipt both before and after it
    ``bursts``       two to six bursts
    ``from_then_on`` a burst that lasts to the end of the bulk, or too near to it to tell
    ``until_then``   a burst that began with the bulk, or too near to its begin to tell
    ``ramp_up``      a rate that rises gradually, which fits better than bursts do
    ``ramp_down``    a rate that falls gradually
    ``runs``         no burst; failures come in runs throughout
    ``steady``       none of these
    ``too_few``      fewer than 5 timed failures, which show no pattern
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
    return onsets_of(crowding_of(receipts, keys), keys)


def onsets_of(crowding: Crowding, keys: list[str]) -> pl.DataFrame:
    """Do what `failure_onsets` does, for failures that were read before."""
    groups = crowding.groups
    onsets = _judged(crowding)
    return (
        groups.join(onsets, on=GROUP, how="left", maintain_order="left")
        .join(
            latency_ratios(groups[AT], onsets, crowding.durations),
            on=GROUP,
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("pattern").fill_null(pl.lit("too_few", dtype=pl.Enum(PATTERNS))))
        .select(*keys, *_ONSETS)
    )


def _judged(crowding: Crowding) -> pl.DataFrame:
    """Return per group its pattern, its bursts, and whether it goes on."""
    points = crowding.points
    found, clumps = find_bursts(crowding.search, crowding.groups.select(GROUP, "repeats"))
    summary = _summarized(found, crowding.times)
    return (
        points.group_by(GROUP, maintain_order=True)
        .agg(
            pl.col("before").first().alias("unseen_before"),
            pl.col("until").last().alias("seen_until"),
            pl.col("hits", "receipts").first(),
            start_rate=_rate_until(1),
            end_rate=_rate_after(_TENTH - 1),
        )
        .join(summary, on=GROUP, how="left", maintain_order="left")
        .join(clumps, on=GROUP, how="left", maintain_order="left")
        .join(ramps(points), on=GROUP, how="left", maintain_order="left")
        .join(stretches_fit(found), on=GROUP, how="left", maintain_order="left")
        .with_columns(pattern=_pattern())
        .with_columns(_only_with_bursts())
        .with_columns(goes_on=_goes_on())
    )


def _rate_until(tenths: int) -> pl.Expr:
    edge = pl.col("receipts").first() * tenths // _TENTH
    hits = pl.col("hits_until").filter(pl.col("until") <= edge).max().fill_null(0)
    return pl.when(edge > 0).then(hits / edge)


def _rate_after(tenths: int) -> pl.Expr:
    edge = pl.col("receipts").first() * tenths // _TENTH
    hits = (pl.col("hits_until") - pl.col("hits_before")).filter(pl.col("before") >= edge).sum()
    return hits / (pl.col("receipts").first() - edge)


def _summarized(bursts: pl.DataFrame, times: pl.Series) -> pl.DataFrame:
    """Return a row per group with bursts: what they amount to together."""
    hits = pl.col("hits_until") - pl.col("hits_before")
    length = pl.col("until") - pl.col("before")
    inside, within = hits.sum(), length.sum()
    total, receipts = pl.col("hits").first(), pl.col("receipts").first()
    gaps = (hits.first() - 1, length.first() - 1), (hits.last() - 1, length.last() - 1)
    before = pl.col("hits_before").first(), pl.col("before").first()
    after = total - pl.col("hits_until").last(), receipts - pl.col("until").last()
    most = hits.arg_max()
    return (
        bursts.group_by(GROUP, maintain_order=True)
        .agg(
            pl.len().alias("bursts"),
            pl.col("begins").get(most).alias("burst_begins"),
            pl.col("ends").get(most).alias("burst_ends"),
            all_begin="begins",
            all_end="ends",
            began=contrast(*gaps[0], *before) >= _CLEAR,
            ended=contrast(*gaps[1], *after) >= _CLEAR,
            hits_after=after[0],
            until=pl.col("until").last(),
            burst_share=inside / total,
            burst_rate=inside / within,
            other_rate=(total - inside) / (receipts - within),
            at_before=pl.col("at_before").first(),
            at_until=pl.col("at_until").last(),
        )
        .with_columns(
            throughput_ratio=pl.when(pl.col("bursts") == 1).then(_throughput_ratio(times))
        )
        .filter(pl.col("began") | pl.col("ended") | (pl.col("bursts") > 1))
    )


def _pattern() -> pl.Expr:
    clump = pl.col("clump").fill_null(1.0)
    clear = pl.col("ramp") / clump > LEAST_RAMP
    ramp = clear & (pl.col("ramp") > pl.col("stretches").fill_null(0.0))
    patterns = {
        "too_few": pl.col("hits") < FEWEST,
        "ramp_up": ramp & pl.col("rising"),
        "ramp_down": ramp,
        "bursts": pl.col("bursts") > 1,
        "burst": pl.col("began") & pl.col("ended"),
        "from_then_on": pl.col("began"),
        "until_then": pl.col("ended"),
        "runs": clump >= _RUNS,
    }
    found = [pl.when(test).then(pl.lit(pattern)) for pattern, test in patterns.items()]
    return pl.coalesce(*found, pl.lit("steady")).cast(pl.Enum(PATTERNS))


def _only_with_bursts() -> list[pl.Expr]:
    """Return what is known of bursts; null where the pattern is another."""
    shown = pl.col("pattern").is_in(["burst", "bursts", "from_then_on", "until_then"])
    columns = ("burst_begins", "burst_ends", "burst_share", "burst_rate", "other_rate", "bursts")
    more = ("throughput_ratio", "all_begin", "all_end", "at_before", "at_until", "until")
    return [pl.when(shown).then(name).alias(name) for name in (*columns, *more)]


def _goes_on() -> pl.Expr:
    """Whether the silence at the end is no more than what gaps between failures explain."""
    since_burst = pl.col("hits_after"), pl.col("seen_until") - pl.col("until")
    since_first = pl.col("hits") - 1, pl.col("seen_until") - pl.col("unseen_before") - 1
    silence = pl.lit(0), pl.col("receipts") - pl.col("seen_until")
    return (
        pl.when(pl.col("pattern") == "from_then_on")
        .then(pl.lit(value=True))
        .when((pl.col("pattern") == "bursts") & ~pl.col("ended"))
        .then(pl.lit(value=True))
        .when(pl.col("until").is_not_null())
        .then((pl.col("hits_after") > 0) & (contrast(*since_burst, *silence) < _CLEAR))
        .when(pl.col("hits") > 1)
        .then(contrast(*since_first, *silence) < _CLEAR)
    )


def _throughput_ratio(times: pl.Series) -> pl.Expr:
    lasted = pl.col("burst_ends") - pl.col("burst_begins")
    rest = pl.lit(times).max() - pl.lit(times).min() - lasted
    inside = pl.col("at_until") - pl.col("at_before")
    outside = times.len() - inside
    rates = [
        pl.when(receipts >= _FEWEST_OTHERS, time > pl.duration()).then(
            gaps / time.dt.total_microseconds()
        )
        for receipts, gaps, time in (
            (inside, inside - 1, lasted),
            (outside, outside, rest),
        )
    ]
    return rates[0] / rates[1]
