"""The chart of how bulks change from night to night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb.analysis import trends as trend
from clinia_nb.display import formats
from clinia_nb.display.tokens import DIM, INK, LINE, PAPER
from clinia_nb.receipts.columns import lazy_with

from ._looks import LEFT
from ._palette import BLUE, GREEN, VERMILION
from ._text import clip
from ._theme import data, described, finish, height_in_lanes, nothing
from ._time_axis import Timeline
from .timing import in_seconds

if TYPE_CHECKING:
    from clinia_nb.receipts.columns import Receipts

_MOST = 400  # bulks: a pixel and a half for each
_PANEL = 112  # pixels
_TOP, _BASE = 0.32, 0.88  # where in a panel its lowest and highest values are drawn
_NAME_COLUMNS = 40


@dataclass(frozen=True)
class _Line:
    """A figure of the bulks: its column, in which panel it is drawn, and how."""

    column: str
    name: str
    panel: int
    color: str
    dash: tuple[int, int] = (1, 0)

    def text(self, value: float) -> str:
        """Write a value of the figure."""
        if self.column == "failure_rate":
            return formats.percent(value)
        if not value:
            return "0"
        if self.column == "throughput":
            return f"{value:,.3g}" if value < 1_000 else f"{value:,.0f}"  # noqa: PLR2004
        try:
            return formats.duration(timedelta(seconds=value))
        except OverflowError:
            return formats.UNKNOWN


_LINES = (
    _Line("failure_rate", "Failure rate", 0, VERMILION),
    _Line("p50", "Median time to completion", 1, BLUE),
    _Line("p95", "95th percentile of time to completion", 1, VERMILION, (5, 3)),
    _Line("throughput", "Throughput", 2, GREEN),
)
_PANELS = (
    "Failure rate",
    "Time to completion: median (lower line) and 95th percentile (upper line)",
    "Throughput: completed receipts per second",
)
_FLAT = (0.01, 1.0, 1.0)  # the top of a panel if all its values are 0


def bulk_trends(
    receipts: Receipts,
    *,
    by: str = "bulk_id",
    changes: pl.DataFrame | None = None,
    time_zone: str = "UTC",
) -> alt.LayerChart:
    """Draw bulks side by side in order of time: failure rate, time to completion, throughput.

    Parameters
    ----------
    receipts
        Receipts of many bulks, as for `clinia_nb.bulk_trends`, or what that returned. Of more than
        400 bulks the latest 400 are drawn.
    by
        What a point is, as for `clinia_nb.bulk_trends`; ignored for a frame that it returned.
    changes
        What `clinia_nb.trend_changes` returned, if you have it; by default it is called here.
        Each change is drawn as a rule where it begins, between its levels before and after.
    time_zone
        The zone in which times are shown, such as ``"America/Toronto"``.

    Returns
    -------
    alt.LayerChart
        The points have the fields ``bulk``, ``begins`` (milliseconds, see `utc_offset`),
        ``receipts``, ``failed``, ``failure_rate`` (0 to 1), ``p50`` and ``p95`` (seconds) and
        ``throughput`` (completed receipts per second).

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame.
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> bulk_trends(pl.DataFrame(schema=SCHEMA)).description
    'Bulks in order of time. No receipts.'
    """
    title = "Bulks in order of time"
    trends = _as_trends(receipts, by)
    if trends.is_empty():
        return nothing(title, "No receipts.")
    timed = trends.filter(pl.col("begins").is_not_null())
    if timed.is_empty():
        return nothing(title, "No receipts have a time.")
    drawn = timed.sort("begins", maintain_order=True).tail(_MOST)
    timeline = Timeline.of(drawn, "begins", every=_interval(drawn), time_zone=time_zone)
    shown = _rows(drawn, timeline)
    found = trend.trend_changes(trends) if changes is None else changes
    scales = [_scale(shown, panel) for panel in range(len(_PANELS))]
    notes = _change_notes(found, by if by in trends.columns else trends.columns[0])
    if drawn.height < timed.height:
        notes.append(f"The latest {_MOST} of {formats.count(timed.height)}")
    if untimed := trends.height - timed.height:
        notes.append(f"Without a time, and left out: {formats.count(untimed)}")
    layers = [
        *_headings(scales),
        *(mark for line in _LINES for mark in _marks(line, shown, scales[line.panel], timeline)),
        *_rules(found, shown, scales, timeline),
        _hover(shown, timeline),
    ]
    worst = shown.sort("failure_rate", descending=True, nulls_last=True).row(0, named=True)
    words = f"{formats.count(shown.height)} shown; highest failure rate: {worst['bulk']}"
    height = _PANEL * len(_PANELS)
    return finish(layers, title, notes, description=words, height=height)


def _as_trends(receipts: Receipts, by: str) -> pl.DataFrame:
    needed = ["begins", "receipts", "failed", *trend.METRICS]
    if isinstance(receipts, pl.DataFrame) and set(needed) <= set(receipts.columns):
        return receipts
    return trend.bulk_trends(receipts, by=by)


def _rows(drawn: pl.DataFrame, timeline: Timeline) -> pl.DataFrame:
    """Return what the chart holds: one row per bulk."""
    shown = drawn.select(
        pl.col(drawn.columns[0]).cast(pl.String).alias("bulk"),
        timeline.ms("begins"),
        pl.col("receipts", "failed").cast(pl.Int64),
        *map(in_seconds, ("p50", "p95")),
        pl.col("failure_rate", "throughput").cast(pl.Float64).round_sig_figs(6),
    ).with_columns(
        pl.col("begins").round(),
        bulk=pl.col("bulk").map_elements(lambda text: clip(text, _NAME_COLUMNS), pl.String),
    )
    return shown.with_columns(pl.col("bulk").fill_null("no id"))


def _interval(drawn: pl.DataFrame) -> str | None:
    """Return minutes for bulks of one hour, such as a single one; else what suits the time."""
    times = drawn["begins"].to_physical()
    unit = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
    per_second = unit[getattr(drawn.schema["begins"], "time_unit", "us")]
    return "1m" if times.item(-1) - times.item(0) < 3_600 * per_second else None


@dataclass(frozen=True)
class _Scale:
    """How values become heights in a panel: Vega's expression, and the values at its ends."""

    panel: int
    low: float
    high: float

    def at(self, value: str) -> str:
        """Return Vega's expression for where a value is drawn."""
        base, slope = self.panel + _BASE, (_BASE - _TOP) / (self.high - self.low)
        return f"{base!r} - ({value} - {self.low!r}) * {slope!r}"


def _scale(shown: pl.DataFrame, panel: int) -> _Scale:
    values = [
        value
        for line in _LINES
        if line.panel == panel
        for value in shown[line.column].drop_nulls().drop_nans().to_list()
    ]
    low = min([0.0, *values])  # clocks that disagree give durations below 0
    high = max([0.0, *values])
    return _Scale(panel, low, high if high > low else _FLAT[panel])


def _y(field: str = "height") -> alt.Y:
    return height_in_lanes(field, len(_PANELS))


def _headings(scales: list[_Scale]) -> list[alt.Chart]:
    """Draw the name of each panel, and lines at its lowest and highest value."""
    names = pl.DataFrame({"name": _PANELS}).with_row_index("panel")
    heading = (
        alt.Chart(data(names))
        .transform_calculate(height="datum.panel + 0.14")
        .mark_text(align="left", baseline="middle")
        .encode(y=_y(), x=alt.XValue(-LEFT), text=alt.Text("name:N"))
    )
    line_of = {line.panel: line for line in _LINES}
    ends = [
        {"height": scale.panel + place, "text": line_of[scale.panel].text(value)}
        for scale in scales
        for place, value in ((_BASE, scale.low), (_TOP, scale.high))
    ]
    base = alt.Chart(data(pl.DataFrame(ends))).encode(y=_y())
    lines = base.mark_rule(color=LINE).encode(x=alt.XValue(0), x2=alt.X2Value("width"))
    labels = base.mark_text(align="right", baseline="middle", color=DIM).encode(
        x=alt.XValue(-6), text=alt.Text("text:N")
    )
    return [heading, lines, labels]


def _marks(line: _Line, shown: pl.DataFrame, scale: _Scale, timeline: Timeline) -> list[alt.Chart]:
    """Draw a figure of all bulks, as a line and a point for each."""
    base = (
        alt.Chart(data(shown))
        .transform_filter(f"isValid(datum.{line.column})")
        .transform_calculate(height=scale.at(f"datum.{line.column}"))
        .encode(x=timeline.axis(), y=_y())
    )
    if shown.height > _MOST // 4:  # points and dashes would run into each other
        return [base.mark_line(color=line.color, strokeWidth=1)]
    stroke = base.mark_line(color=line.color, strokeWidth=1.5, strokeDash=list(line.dash))
    points = base.mark_circle(color=line.color, size=36, opacity=1, stroke=PAPER, strokeWidth=0.5)
    return [stroke, points]


def _rules(
    changes: pl.DataFrame, shown: pl.DataFrame, scales: list[_Scale], timeline: Timeline
) -> list[alt.Chart]:
    """Draw a rule where each change begins, and its levels before and after."""
    first, last = shown["begins"].item(0), shown["begins"].item(-1)
    moments = changes.select(timeline.ms("begins"), "metric", "before", "after")
    drawn = moments.filter(pl.col("begins").is_between(first, last))
    lines = {line.column: line for line in _LINES}
    rules: list[dict[str, float | str]] = []
    for row in drawn.iter_rows(named=True):
        line, at = lines[row["metric"]], row["begins"]
        scale = scales[line.panel]
        low, high = sorted((scale.low, scale.high))
        ends = [min(max(row[level], low), high) for level in ("before", "after")]
        heights = [line.panel + _BASE - (end - low) * (_BASE - _TOP) / (high - low) for end in ends]
        rules += [
            {"from": first, "to": at, "height": heights[0], "until": heights[0]},
            {"from": at, "to": last, "height": heights[1], "until": heights[1]},
            {"from": at, "to": at, "height": line.panel + _TOP - 0.06, "until": line.panel + _BASE},
        ]
    if not rules:
        return []
    mark = alt.Chart(data(pl.DataFrame(rules))).mark_rule(
        strokeWidth=1.5, strokeDash=[4, 2], color=INK
    )
    return [mark.encode(x=timeline.axis("from"), x2=alt.X2("to:Q"), y=_y(), y2=alt.Y2("until:Q"))]


def _hover(shown: pl.DataFrame, timeline: Timeline) -> alt.Chart:
    """Describe each bulk where the pointer is nearest to it, whatever is drawn there."""
    first, last = (timeline.shift + (end or 0) for end in (timeline.first, timeline.last))
    unseen = (
        alt.Chart(data(shown))
        .transform_window(
            before="lag(begins)", after="lead(begins)", sort=[alt.SortField("begins")]
        )
        .transform_calculate(
            left=f"isValid(datum.before) ? (datum.before + datum.begins) / 2 : {first!r}",
            right=f"isValid(datum.after) ? (datum.begins + datum.after) / 2 : {last!r}",
            moment="utcFormat(datum.begins, '%Y-%m-%d %H:%M:%S')",
            rate="isValid(datum.failure_rate) ? format(datum.failure_rate, '.1%') : '–'",
            speed="isValid(datum.throughput) ? format(datum.throughput, ',.3~r') : '–'",
        )
        .mark_bar(opacity=0, orient="vertical")
    )
    return described(
        unseen,
        ("Bulk", "bulk"),
        (f"From ({timeline.zone})", "moment"),
        ("Receipts", "receipts", ",d"),
        ("Failed", "failed", ",d"),
        ("Failure rate", "rate"),
        ("Median", "p50", "duration"),
        ("95th percentile", "p95", "duration"),
        ("Completed per second", "speed"),
    ).encode(
        x=timeline.axis("left"), x2=alt.X2("right:Q"), y=alt.YValue(0), y2=alt.Y2Value("height")
    )  # fmt: skip


def _change_notes(changes: pl.DataFrame, key: str) -> list[str]:
    """Write each change as a sentence."""
    lazy_with(changes, ["metric", "since", "begins", "before", "after"])
    lines = {line.column: line for line in _LINES}
    notes: list[str] = []
    for row in changes.iter_rows(named=True):
        line = lines[row["metric"]]
        day = f" ({row['begins']:%Y-%m-%d})" if row["begins"] and key != "day" else ""
        levels = f"{line.text(row['before'])} before, {line.text(row['after'])} since"
        notes.append(f"{line.name}: {levels} {clip(str(row['since']), _NAME_COLUMNS)}{day}")
    return notes
