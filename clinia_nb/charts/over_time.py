"""Charts over time: failures, durations, and what was received, completed and in flight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb.analysis import failures, timing
from clinia_nb.display import formats
from clinia_nb.display.tokens import PAPER
from clinia_nb.receipts.columns import lazy_with, names_of

from ._palette import AMBER, BLUE, GREEN, SKY, unlike_colors
from ._theme import color, count_axis, data, described, finish, nothing, seconds
from ._time_axis import Timeline
from .groups import in_words, leading_groups, signed_for, with_error_types
from .timing import LINES, basis, in_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clinia_nb.receipts.columns import Receipts

_FLOWS = {"received": ("Received", BLUE), "completed": ("Completed", GREEN)}
_IN_FLIGHT = "In flight at the end"


def failures_over_time(  # noqa: PLR0913 - options, keyword-only
    receipts: Receipts,
    *,
    every: str | None = None,
    by: str | Sequence[str] = "error_type",
    time_zone: str = "UTC",
    most: int = 6,
    colors: Mapping[str | None, str] | None = None,
) -> alt.LayerChart:
    """Draw failures per interval, stacked by error type, over the time in which receipts came.

    Parameters
    ----------
    receipts, every, by
        As for `clinia_nb.failures_over_time`, whose figures are drawn; ``by="signature"`` too.
        Receipts without a time are left out, which a note says.
    time_zone
        The zone in which times are shown, such as ``"America/Toronto"``. Intervals begin where they
        do in UTC.
    most
        How many groups have a color of their own; the rest share gray.
    colors
        Colors by name: see `leading_groups`.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``begins`` and ``ends`` (milliseconds, see `utc_offset`),
        ``group`` and ``failures``.

    Raises
    ------
    IntervalError
        `every` is not a valid interval, or gives more than 200 of them.
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> failures_over_time(pl.DataFrame(schema=SCHEMA)).description
    'Failed receipts over time, by when they were received. No receipts failed.'
    """
    keys = names_of(by)
    title = "Failed receipts over time, by when they were received"
    frame = signed_for(receipts, keys)
    timeline = Timeline.of(frame, "received_at", every=every, time_zone=time_zone)
    groups = leading_groups(frame, by=keys, most=most, colors=colors)
    if groups.is_empty():
        return nothing(title, "No receipts failed.")
    if keys == ["signature"]:
        typed = with_error_types(groups, frame, keys, colors)["color"]
        groups = groups.with_columns(pl.Series("color", unlike_colors(typed)))
    numbered = groups.with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    single = numbered.filter(pl.col("folded") == 1).select(*keys, "number")
    counted = (
        failures.failures_over_time(frame, every=timeline.every, by=keys)
        .join(single, on=keys, how="left", nulls_equal=True)
        .with_columns(pl.col("number").fill_null(groups.height - 1))
    )
    shown = (
        counted.drop_nulls("interval_start")
        .group_by(timeline.ms("interval_start").alias("begins"), "number")
        .agg(pl.col("failures").sum().cast(pl.Int64))
        .sort("begins", "number")
    )
    if shown.is_empty():
        return nothing(title, "No failed receipt has a known time.")
    untimed = int(counted.filter(pl.col("interval_start").is_null())["failures"].sum())
    name = " and ".join(map(in_words, keys)).capitalize()
    bars = _stacked(shown, numbered, timeline, name)
    notes = [f"Failed receipts per {timeline.length}"]
    notes += [f"{formats.count(untimed)} without a time are left out"] if untimed else []
    return finish([bars], title, notes, description=_peak(shown, timeline))


def _stacked(shown: pl.DataFrame, groups: pl.DataFrame, timeline: Timeline, name: str) -> alt.Chart:
    """Draw the bars: one per interval and group."""
    named = groups.select("number", "group", key=pl.col("number").cast(pl.String))
    names = alt.LookupData(data(named), "number", ["group", "key"])
    return described(
        timeline.with_moments(
            # Each name is stored once, because there is a bar for each interval and group.
            alt.Chart(data(shown)).transform_lookup("number", from_=names)
        ).mark_bar(orient="vertical", stroke=PAPER, strokeWidth=0.5),
        timeline.moment,
        (name, "group"),
        ("Failed receipts", "failures", ",d"),
    ).encode(
        x=timeline.axis(),
        x2=alt.X2("ends:Q"),
        y=alt.Y(
            "failures:Q", title=None, axis=count_axis(), stack="zero",
        ),
        order=alt.Order("number:Q"),
        color=color("number", dict(groups.select("group", "color").iter_rows())),
    )  # fmt: skip


def _peak(shown: pl.DataFrame, timeline: Timeline) -> str:
    totals = shown.group_by("begins").agg(pl.col("failures").sum())
    most = totals.sort("failures", "begins", descending=[True, False]).row(0, named=True)
    count, moment = formats.count(most["failures"]), timeline.words(most["begins"])
    return f"Most in {timeline.length}: {count}, from {moment}"


def timing_over_time(
    receipts: Receipts, *, every: str | None = None, time_zone: str = "UTC"
) -> alt.LayerChart:
    """Draw how long receipts took, per interval: a band from the median to the 95th percentile.

    Parameters
    ----------
    receipts, every
        As for `clinia_nb.timing_over_time`, whose figures are drawn.
    time_zone
        As in `failures_over_time`.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``begins`` and ``ends`` (milliseconds, see `utc_offset`),
        ``completed``, ``pending``, and ``p50``, ``p95`` and ``p99`` (seconds).

    Raises
    ------
    IntervalError
        `every` is not a valid interval, or gives more than 200 of them.
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> timing_over_time(pl.DataFrame(schema=SCHEMA)).description
    'Time to completion, by when receipts were received. No durations are known.'
    """
    title = "Time to completion, by when receipts were received"
    timeline = Timeline.of(receipts, "received_at", every=every, time_zone=time_zone)
    summary = timing.timing_over_time(receipts, every=timeline.every)
    shown = summary.drop_nulls(["interval_start", "p50"]).select(
        timeline.ms("interval_start").alias("begins"),
        pl.col("completed", "pending").cast(pl.Int64),
        *map(in_seconds, LINES),
    )
    if shown.is_empty():
        return nothing(title, "No durations are known.")
    marks = seconds(value for name in LINES for value in shown[name])
    base = alt.Chart(data(_steps(shown, timeline.step))).encode(
        x=timeline.axis(), detail=alt.Detail("run:N")
    )
    band = base.mark_area(interpolate="step-after", opacity=0.3, color=SKY).encode(
        y=alt.Y("p50:Q", **marks), y2=alt.Y2("p95:Q")
    )
    lines = (
        base.transform_fold(list(LINES), as_=["name", "seconds"])
        .transform_calculate(figure=f"indexof({list(LINES)}, datum.name)")
        .mark_line(interpolate="step-after", strokeWidth=2, strokeCap="round")
        .encode(
            y=alt.Y("seconds:Q", **marks), color=color("figure", dict(LINES.values()), lines=True)
        )
    )
    facts = [
        ("Completed receipts", "completed", ",d"),
        ("Pending receipts", "pending", ",d"),
        *((words, name, "duration") for name, (words, _) in LINES.items()),
    ]
    slowest = shown.sort("p95", "begins", descending=[True, False]).row(0, named=True)
    words = f"Slowest from {timeline.words(slowest['begins'])}: 95% within {slowest['p95']:,.3g} s"
    layers = [band, lines, timeline.hover(shown, *facts)]
    notes = [f"Per {timeline.length}, on a log scale; band: median to 95th percentile"]
    notes += basis(int(summary["completed"].sum()), int(summary["pending"].sum()))
    return finish(layers, title, notes, description=words)


def _steps(shown: pl.DataFrame, step: float) -> pl.DataFrame:
    """Add the number of its run to each interval, and an end to each run of them without a gap."""
    begins = pl.col("begins")
    runs = shown.select(
        "begins", *LINES, run=(begins.diff() > 1.5 * step).fill_null(value=False).cum_sum()
    )
    ends = runs.group_by("run", maintain_order=True).last().with_columns(begins + step)
    return pl.concat([runs, ends.select(runs.columns)]).sort("begins", "run", maintain_order=True)


def throughput(
    receipts: Receipts, *, every: str | None = None, time_zone: str = "UTC"
) -> alt.LayerChart:
    """Draw what was received, completed and in flight, per interval.

    Parameters
    ----------
    receipts, every
        As for `clinia_nb.throughput`, whose figures are drawn.
    time_zone
        As in `failures_over_time`.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``begins`` and ``ends`` (milliseconds, see `utc_offset`),
        ``received``, ``completed`` and ``in_flight``.

    Raises
    ------
    IntervalError
        `every` is not a valid interval, or gives more than 200 of them.
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> throughput(pl.DataFrame(schema=SCHEMA)).description
    'Receipts received, completed and in flight. No receipts have a time.'
    """
    title = "Receipts received, completed and in flight"
    lazy, _ = lazy_with(receipts, ["received_at", "completed_at"])
    received = lazy.filter(pl.col("received_at").is_not_null())
    timeline = Timeline.of(
        received, "received_at", "completed_at", every=every, time_zone=time_zone
    )
    shown = timing.throughput(receipts, every=timeline.every).select(
        timeline.ms("interval_start").alias("begins"),
        pl.col("received", "completed", "in_flight").cast(pl.Int64),
    )
    if shown.is_empty():
        return nothing(title, "No receipts have a time.")
    # Steps end where the last interval does.
    end = shown.tail(1).with_columns(pl.col("begins") + timeline.step, end=True)
    steps = alt.Chart(data(pl.concat([shown, end], how="diagonal"))).encode(x=timeline.axis())
    colors = dict(_FLOWS.values()) | {_IN_FLIGHT: AMBER}
    y = alt.Y("in_flight:Q", title=None, axis=count_axis())
    area = (
        steps.transform_calculate(flow="2")
        .mark_area(interpolate="step-after", opacity=0.4)
        .encode(y=y, color=color("flow", colors))
    )
    dashed = alt.Scale(domain=[0, 1], range=[[1, 0], [5, 3]])
    lines = (
        steps.transform_fold(list(_FLOWS), as_=["name", "receipts"])
        .transform_calculate(flow=f"indexof({list(_FLOWS)}, datum.name)")
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            y=alt.Y("receipts:Q"),
            color=color("flow", colors, shown=False),
            strokeDash=alt.StrokeDash("flow:N", scale=dashed, legend=None),
        )
    )
    hover = timeline.hover(
        shown,
        ("Received", "received", ",d"),
        ("Completed", "completed", ",d"),
        (_IN_FLIGHT, "in_flight", ",d"),
    )
    peak, left = shown["in_flight"].to_list(), shown["in_flight"].to_list()[-1]
    words = f"At most {formats.count(max(peak))} in flight, {formats.count(left)} at the end"
    notes = [f"Receipts per {timeline.length}"]
    return finish([area, lines, hover], title, notes, description=words)
