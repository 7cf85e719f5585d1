"""Charts of the summaries: each takes receipts, draws their summary, and gives an Altair chart.

A chart holds the rows of a summary, never the receipts, so that it stays small for any bulk.
Where no renderer was chosen, charts are drawn as SVG by vl-convert: Altair's own default loads
its code from the internet.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

import altair as alt
import polars as pl

from . import failures, formats, timing

_INK, _DIM, _LINE = "#1c2430", "#56616f", "#d8dde4"
# Okabe and Ito's colours, told apart also by people who are colour-blind.
_COLOURS = ["#d9541e", "#0072b2", "#d9a21b", "#a06cb5", "#2a9d78", "#56b4e9"]
_OTHER, _NONE = "other", "no error type"
# vl-convert has the metrics of Liberation Sans, and so of Arial: texts do not run into each other.
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_WIDTH = 640
_OTHER_COLOUR = "#8b95a1"
_CONFIG: dict[str, Any] = {
    "font": _FONT,
    "view": {"strokeWidth": 0},
    "title": {
        "anchor": "start",
        "fontSize": 15,
        "fontWeight": 600,
        "color": _INK,
        "offset": 14,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "labelColor": _INK,
        "titleColor": _DIM,
        "gridColor": _LINE,
        "domainColor": _LINE,
        "tickColor": _LINE,
    },
    "axisY": {"titlePadding": 12},
    "legend": {
        "orient": "top",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": _INK,
        "titleColor": _DIM,
        "labelLimit": 260,
        "columnPadding": 18,
    },
}
_Drawn = TypeVar("_Drawn", alt.Chart, alt.LayerChart)


def summarize_failures(
    receipts: pl.DataFrame | pl.LazyFrame, *, by: str = "error_type", most: int = 10
) -> alt.LayerChart:
    """Draw the failures of each group as bars, most frequent first.

    Parameters
    ----------
    receipts
        As for `clinia_nb.summarize_failures`, whose figures are drawn.
    by
        The column to group by.
    most
        How many groups have a bar of their own; the rest share one.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> receipts = pl.DataFrame(schema=SCHEMA)
    >>> type(summarize_failures(receipts)).__name__
    'LayerChart'
    """
    summary = failures.summarize_failures(receipts, by=by).select(
        pl.col(by).cast(pl.String).fill_null(_NONE if by == "error_type" else "none"),
        pl.col("failures").cast(pl.Int64),
        "share",
    )
    rest = summary.slice(most)
    shown = summary.head(most)
    if rest.height:
        folded = f"{_OTHER} ({rest.height})"
        shown = pl.concat(
            [shown, rest.select(pl.lit(folded).alias(by), pl.col("failures", "share").sum())]
        )
    shown = shown.with_columns(
        label=pl.struct("failures", "share").map_elements(_bar_label, return_dtype=pl.String)
    )
    most_failures = max(shown["failures"].to_list(), default=1)
    room = alt.Scale(domain=[0, 1.25 * most_failures], nice=False)
    base = alt.Chart(shown).encode(
        y=alt.Y(f"{_field(by)}:N", sort=shown[by].to_list(), title=None),
        x=alt.X("failures:Q", title="Failed receipts", axis=_count_axis(), scale=room),
        tooltip=[
            alt.Tooltip(f"{_field(by)}:N", title=by.replace("_", " ").capitalize()),
            alt.Tooltip("failures:Q", title="Failed receipts", format=",d"),
            alt.Tooltip("share:Q", title="Of all failures", format=".1%"),
        ],
    )
    bars = base.mark_bar(color=_COLOURS[0], cornerRadiusEnd=2)
    labels = base.mark_text(align="left", dx=5, color=_INK).encode(text="label:N")
    total = formats.count(int(summary["failures"].sum()))
    title = f"{total} failed receipts by {by.replace('_', ' ')}"
    return _finish(_layered(bars, labels), title, height=max(28 * shown.height, 56))


def failures_over_time(
    receipts: pl.DataFrame | pl.LazyFrame, *, every: str | None = None, most: int = 5
) -> alt.Chart:
    """Draw failures per interval, stacked by error type.

    Parameters
    ----------
    receipts, every
        As for `clinia_nb.failures_over_time`, whose figures are drawn. Receipts without a time
        are left out.
    most
        How many error types have a colour of their own; the rest share grey.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> type(failures_over_time(pl.DataFrame(schema=SCHEMA))).__name__
    'Chart'
    """
    summary = failures.failures_over_time(receipts, every=every).select(
        "interval_start",
        pl.col("error_type").cast(pl.String).fill_null(_NONE),
        pl.col("failures").cast(pl.Int64),
    )
    totals = summary.group_by("error_type").agg(pl.col("failures").sum())
    order = totals.sort(["failures", "error_type"], descending=[True, False])["error_type"]
    names = order.head(most).to_list()
    shown = (
        summary.drop_nulls("interval_start")
        .with_columns(
            pl.when(pl.col("error_type").is_in(names)).then("error_type").otherwise(pl.lit(_OTHER))
        )
        .group_by("interval_start", "error_type")
        .agg(pl.col("failures").sum())
        .sort("interval_start", "error_type")
    )
    others = [_OTHER] if len(order) > most else []
    colours = alt.Scale(
        domain=names + others,
        range=_COLOURS[: len(names)] + [_OTHER_COLOUR] * len(others),
    )
    chart = (
        alt.Chart(_with_ends(_local(shown)))
        .mark_bar(orient="vertical", stroke="white", strokeWidth=0.5)
        .encode(
            x=_time_axis(shown),
            x2="interval_end:T",
            y=alt.Y("failures:Q", title="Failed receipts", axis=_count_axis(), stack="zero"),
            color=alt.Color("error_type:N", title="Error type", scale=colours),
            tooltip=[
                _time_tooltip(),
                alt.Tooltip("error_type:N", title="Error type"),
                alt.Tooltip("failures:Q", title="Failed receipts", format=",d"),
            ],
        )
    )
    return _finish(chart, "Failed receipts over time, by when they were received")


def summarize_timing(
    receipts: pl.DataFrame | pl.LazyFrame, *, by: str = "error_type", most: int = 10
) -> alt.LayerChart:
    """Draw, per group, the time from received to completed: median to p95, and the slowest.

    Parameters
    ----------
    receipts
        As for `clinia_nb.summarize_timing`, whose figures are drawn.
    by
        The column to group by. Without an error there is no error type, shown as such.
    most
        How many groups are shown, those with most receipts.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> type(summarize_timing(pl.DataFrame(schema=SCHEMA))).__name__
    'LayerChart'
    """
    summary = timing.summarize_timing(receipts, by=by).filter(pl.col("completed") > 0).head(most)
    shown = summary.select(
        pl.col(by).cast(pl.String).fill_null("no error" if by == "error_type" else "none"),
        pl.col("completed").cast(pl.Int64),
        *(_seconds(name) for name in ("p50", "p95", "max")),
    )
    base = alt.Chart(shown).encode(
        y=alt.Y(f"{_field(by)}:N", sort=shown[by].to_list(), title=None),
        tooltip=[
            alt.Tooltip(f"{_field(by)}:N", title=by.replace("_", " ").capitalize()),
            alt.Tooltip("completed:Q", title="Completed receipts", format=",d"),
            *(
                alt.Tooltip(f"{name}:Q", title=f"{title}, seconds", format=",.3~f")
                for name, title in (("p50", "Median"), ("p95", "p95"), ("max", "Slowest"))
            ),
        ],
    )
    axis = alt.X(
        "p50:Q",
        title="Seconds from received to completed (log scale)",
        scale=_log(shown["p50"]),
        axis=_log_axis(),
    )
    bars = base.mark_bar(height=6, color=_COLOURS[5]).encode(x=axis, x2="p95:Q")
    points = [
        base.transform_calculate(figure=f"'{title}'")
        .mark_point(size=80, filled=True, opacity=1)
        .encode(
            x=alt.X(f"{name}:Q"),
            color=alt.Color("figure:N", title=None, scale=_figures()),
            shape=alt.Shape("figure:N", title=None, scale=_shapes()),
        )
        for name, title in zip(("p50", "p95", "max"), _FIGURES, strict=True)
    ]
    title = f"Time from received to completed, by {by.replace('_', ' ')}"
    return _finish(_layered(bars, *points), title, height=max(32 * shown.height, 64))


def timing_over_time(
    receipts: pl.DataFrame | pl.LazyFrame, *, every: str | None = None
) -> alt.LayerChart:
    """Draw the median and the 95th percentile of the time to completion, per interval.

    Parameters
    ----------
    receipts, every
        As for `clinia_nb.timing_over_time`, whose figures are drawn.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> type(timing_over_time(pl.DataFrame(schema=SCHEMA))).__name__
    'LayerChart'
    """
    summary = timing.timing_over_time(receipts, every=every)
    shown = summary.drop_nulls(["interval_start", "p50"]).select(
        "interval_start", pl.col("completed").cast(pl.Int64), _seconds("p50"), _seconds("p95")
    )
    base = alt.Chart(_local(shown)).encode(
        x=_time_axis(shown),
        tooltip=[
            _time_tooltip(),
            alt.Tooltip("completed:Q", title="Completed receipts", format=",d"),
            alt.Tooltip("p50:Q", title="Median, seconds", format=",.3~f"),
            alt.Tooltip("p95:Q", title="p95, seconds", format=",.3~f"),
        ],
    )
    scale = _log(shown["p50"])
    seconds = alt.Y("p50:Q", title="Seconds (log scale)", scale=scale, axis=_log_axis())
    band = base.mark_area(opacity=0.25, color=_COLOURS[5], interpolate="step-after").encode(
        y=seconds, y2="p95:Q"
    )
    lines = [
        base.transform_calculate(figure=f"'{title}'")
        .mark_line(interpolate="step-after", point=shown.height == 1)
        .encode(
            y=alt.Y(f"{name}:Q", scale=scale),
            color=alt.Color("figure:N", title=None, scale=_figures(2)),
        )
        for name, title in zip(("p50", "p95"), _FIGURES, strict=False)
    ]
    return _finish(_layered(band, *lines), "Time to completion, by when it was received")


def throughput(receipts: pl.DataFrame | pl.LazyFrame, *, every: str | None = None) -> alt.Chart:
    """Draw what was received, completed and in flight, per interval.

    Parameters
    ----------
    receipts, every
        As for `clinia_nb.throughput`, whose figures are drawn.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> type(throughput(pl.DataFrame(schema=SCHEMA))).__name__
    'Chart'
    """
    names = {"received": "Received", "completed": "Completed", "in_flight": "In flight at the end"}
    shown = (
        timing.throughput(receipts, every=every)
        .rename(names)
        .unpivot(list(names.values()), index="interval_start", variable_name="what")
        .with_columns(pl.col("value").cast(pl.Int64))
    )
    scale = alt.Scale(domain=list(names.values()), range=[_COLOURS[1], _COLOURS[4], _COLOURS[2]])
    dashes = alt.Scale(domain=list(names.values()), range=[[1, 0], [6, 3], [2, 2]])
    chart = (
        alt.Chart(_local(shown))
        .mark_line(interpolate="step-after", point=shown.height <= len(names))
        .encode(
            x=_time_axis(shown),
            y=alt.Y("value:Q", title="Receipts per interval", axis=_count_axis()),
            color=alt.Color("what:N", title=None, scale=scale),
            strokeDash=alt.StrokeDash("what:N", title=None, scale=dashes),
            tooltip=[
                _time_tooltip(),
                alt.Tooltip("what:N", title="Receipts"),
                alt.Tooltip("value:Q", title="Count", format=",d"),
            ],
        )
    )
    return _finish(chart, "Receipts received, completed and in flight")


_FIGURES = ("Median", "95th percentile", "Slowest")


def _figures(many: int = 3) -> alt.Scale:
    return alt.Scale(domain=_FIGURES[:many], range=[_COLOURS[1], _COLOURS[0], _OTHER_COLOUR][:many])


def _shapes() -> alt.Scale:
    return alt.Scale(domain=_FIGURES, range=["circle", "diamond", "triangle-right"])


def _log(seconds: pl.Series) -> alt.Scale:
    lowest = min(seconds.to_list(), default=1.0)
    if lowest > 0:
        return alt.Scale(type="log", nice=True)
    # Clocks that disagree give durations that a logarithm has no place for.
    return alt.Scale(type="symlog", constant=0.01, nice=True)


def _log_axis() -> alt.Axis:
    return alt.Axis(format=",.3~g", tickCount=6, labelOverlap="greedy", labelSeparation=12)


def _count_axis() -> alt.Axis:
    return alt.Axis(format=",d", tickMinStep=1)


def _seconds(name: str) -> pl.Expr:
    return (pl.col(name).dt.total_microseconds() / 1_000_000).alias(name)


def _field(name: str) -> str:
    return name.replace(":", "\\:").replace(".", "\\.").replace("[", "\\[").replace("]", "\\]")


def _bar_label(row: dict[str, float]) -> str:
    return f"{formats.count(int(row['failures']))} · {formats.percent(row['share'])}"


def _local(frame: pl.DataFrame) -> pl.DataFrame:
    # Without a zone Vega shows the times as they are written, wherever the reader is: UTC.
    return frame.with_columns(pl.col("interval_start").dt.replace_time_zone(None))


def _with_ends(frame: pl.DataFrame) -> pl.DataFrame:
    starts = frame["interval_start"].unique().sort()
    step = starts.diff().min() if len(starts) > 1 else timedelta(seconds=1)
    return frame.with_columns(interval_end=pl.col("interval_start") + pl.lit(step))


def _time_axis(frame: pl.DataFrame) -> alt.X:
    first, last = frame["interval_start"].min(), frame["interval_start"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return alt.X("interval_start:T", title="UTC")
    if first.date() != last.date():
        pattern = "%Y-%m-%d" if last - first > timedelta(days=5) else "%m-%d %H:%M"
        return _times("UTC", pattern)
    short = last - first < timedelta(minutes=10)
    return _times(f"{first:%Y-%m-%d}, UTC", "%H:%M:%S" if short else "%H:%M")


def _times(title: str, pattern: str) -> alt.X:
    return alt.X("interval_start:T", title=title, axis=alt.Axis(format=pattern, tickCount=8))


def _time_tooltip() -> alt.Tooltip:
    return alt.Tooltip("interval_start:T", title="From (UTC)", format="%Y-%m-%d %H:%M:%S")


def _layered(*layers: alt.Chart) -> alt.LayerChart:
    return alt.LayerChart(layer=list(layers))


def _finish(chart: _Drawn, title: str, height: int = 220) -> _Drawn:
    if alt.renderers.active == "default":
        alt.renderers.enable("svg")
    return chart.properties(width=_WIDTH, height=height, title=title, config=_CONFIG)
