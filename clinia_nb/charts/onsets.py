"""Charts of when each problem came: lanes over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.analysis import failures
from clinia_nb.analysis import onsets as onset
from clinia_nb.display import formats
from clinia_nb.display.tokens import DIM, LINE, PAPER
from clinia_nb.receipts.columns import group_columns

from ._looks import LEFT
from ._text import clip
from ._theme import LABEL_COLUMNS, color, data, described, finish, height_in_lanes, nothing
from ._time_axis import Timeline
from .groups import in_words, leading_groups, signed_for, with_error_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clinia_nb.receipts.columns import Receipts

_LANE = 84
_BASE, _HIGH = 0.87, 0.4  # where in a lane its bars stand, and how high they are
_NAMES = ["group", "hue", "key"]


def failure_onsets(  # noqa: PLR0913 - options, keyword-only
    receipts: Receipts,
    *,
    by: str | Sequence[str] = "signature",
    every: str | None = None,
    time_zone: str = "UTC",
    most: int = 8,
    colors: Mapping[str | None, str] | None = None,
    onsets: pl.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw each problem as a lane over time: how many failures per interval, and its bursts.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.failure_onsets`, whose bursts are drawn.
    every
        The interval, as for `clinia_nb.failures_over_time`, whose counts are drawn: each lane by a
        scale of its own.
    time_zone
        The zone in which times are shown.
    most
        How many groups have a lane: those with the most failures.
    colors
        Colors by name: see `leading_groups`.
    onsets
        What `clinia_nb.failure_onsets` returned for these receipts and `by`, if you have it.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``begins`` and ``ends`` (milliseconds, see `utc_offset`),
        ``group`` and ``failures``; the lines ``burst`` and ``burst_ends``, one for each burst.

    Raises
    ------
    ColumnClashError
        A column of `by` has a name that the chart needs, such as ``lane``.
    IntervalError
        `every` is not a valid interval, or gives more than 200 of them.
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> failure_onsets(pl.DataFrame(schema=SCHEMA)).description
    'When each signature came. No receipts failed.'
    """
    keys = group_columns(by, outputs=("lane", "kind"))
    title = f"When each {' and '.join(map(in_words, keys))} came"
    frame = signed_for(receipts, keys)
    groups = leading_groups(frame, by=keys, most=most, colors=colors)
    if groups.is_empty():
        return nothing(title, "No receipts failed.")
    timeline = Timeline.of(frame, "received_at", every=every, time_zone=time_zone)
    groups = with_error_types(groups, frame, keys, colors)
    single = groups.filter(pl.col("folded") == 1).with_row_index("lane")
    onsets = onset.failure_onsets(frame, by=keys) if onsets is None else onsets
    lanes = single.select(*keys, "lane", "group", "kind", "color").join(
        onsets, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    counted = failures.failures_over_time(frame, every=timeline.every, by=keys)
    counts = (
        counted.join(lanes.select(*keys, "lane"), on=keys, nulls_equal=True)
        .drop_nulls("interval_start")
        .sort("lane", "interval_start")
        .select(
            "lane", timeline.ms("interval_start").alias("begins"),
            pl.col("failures").cast(pl.Int64),
            high=_HIGH * pl.col("failures") / pl.col("failures").max().over("lane"),
        )
        .with_columns(pl.col("lane").cast(pl.Int64), base=pl.col("lane") + _BASE)
        .with_columns(top=pl.col("base") - pl.col("high"))
        .drop("high")
    )  # fmt: skip
    if counts.is_empty():
        return nothing(title, "No failed receipt has a known time.")
    rest = int(groups.filter(pl.col("folded") > 1)["folded"].sum())
    notes = ["Height: failures per interval, each lane by its own scale. Lines below: bursts"]
    if rest:
        notes.append(
            f"The {lanes.height} with the most failures; {formats.count(rest)} more not shown"
        )
    untimed = int(onsets["untimed"].sum())
    if untimed:
        left_out = "failed receipt without a time is", "failed receipts without a time are"
        notes.append(f"{formats.counted(untimed, *left_out)} left out")
    return _draw_lanes(counts, lanes, timeline, title, notes)


def _draw_lanes(
    counts: pl.DataFrame, lanes: pl.DataFrame, timeline: Timeline, title: str, notes: list[str]
) -> alt.LayerChart:
    colors = dict(lanes.select("kind", "color").iter_rows())
    numbers = {kind: number for number, kind in enumerate(colors)}
    shapes = [_shape(row) for row in lanes.iter_rows(named=True)]
    shown = lanes.select(
        pl.col("lane").cast(pl.Int64),
        "group",
        "kind",
        name=pl.col("group").map_elements(_lane_name, pl.String),
        hue=pl.col("kind").replace_strict(numbers, return_dtype=pl.Int64),
        key=pl.col("lane").cast(pl.String),
        shape=pl.Series(shapes, dtype=pl.String),
        base=pl.col("lane") + _BASE,
    )
    hue = color("hue", colors, shown=len(colors) > 1)
    lookup = alt.LookupData(data(shown.select("lane", "group", "hue", "key")), "lane", _NAMES)
    bars = described(
        timeline.with_moments(
            alt.Chart(data(counts)).transform_lookup("lane", from_=lookup)
        ).mark_bar(orient="vertical", stroke=PAPER, strokeWidth=0.5),
        ("Problem", "group"),
        timeline.moment,
        ("Failed receipts", "failures", ",d"),
    ).encode(
        x=timeline.axis(),
        x2=alt.X2("ends:Q"),
        y=height_in_lanes("top", lanes.height),
        y2=alt.Y2("base:Q"),
        color=hue,
    )
    base = alt.Chart(data(shown)).encode(y=height_in_lanes("base", lanes.height))
    floors = base.mark_rule(color=LINE).encode(x=alt.XValue(0), x2=alt.X2Value("width"))
    bursts = _burst_lines(lanes, shown, timeline).encode(
        y=height_in_lanes("base", lanes.height), color=color("hue", colors, shown=False)
    )
    at_left = base.encode(x=alt.XValue(-LEFT))
    names = at_left.mark_text(align="left", baseline="middle", dy=-60).encode(
        text=alt.Text("name:N")
    )
    notes_below = at_left.mark_text(align="left", baseline="middle", dy=-44, color=DIM).encode(
        text=alt.Text("shape:N")
    )
    words = "; ".join(
        f"{row['group']}: {row['shape']}" for row in shown.head(3).iter_rows(named=True)
    )
    layers = [floors, bars, bursts, names, notes_below]
    return finish(layers, title, notes, description=words, height=_LANE * lanes.height)


def _burst_lines(lanes: pl.DataFrame, shown: pl.DataFrame, timeline: Timeline) -> alt.Chart:
    """Return a line for each burst; its round ends make one of a single moment visible."""
    bursts = (
        lanes.explode("all_begin", "all_end")
        .drop_nulls("all_begin")
        .select(
            pl.col("lane").cast(pl.Int64),
            burst=timeline.ms("all_begin"),
            burst_ends=timeline.ms("all_end"),
        )
        .join(shown.drop("name", "key"), on="lane", maintain_order="left")
    )
    lines = alt.Chart(data(bursts)).mark_rule(strokeWidth=5, strokeCap="round", yOffset=6)
    return described(lines, ("Problem", "group"), ("Shape", "shape")).encode(
        x=alt.X("burst:T"), x2=alt.X2("burst_ends:Q")
    )


def _lane_name(label: str) -> str:
    return clip(label, LABEL_COLUMNS)


def _shape(row: dict[str, Any]) -> str:
    end = {True: ", may not be over", False: ", ended", None: ""}[row["goes_on"]]
    return {
        "burst": "a burst",
        "bursts": f"{len(row['all_begin'] or ())} bursts",
        "from_then_on": "from then on",
        "until_then": "until then",
        "ramp_up": "a ramp, rising",
        "ramp_down": "a ramp, falling",
        "runs": f"in runs, throughout{end}",
        "steady": f"throughout{end}",
        "too_few": "too few to tell",
    }.get(row["pattern"], "no time known")
