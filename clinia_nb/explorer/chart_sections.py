"""The charts of the explorer: marks can be clicked, time can be brushed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from clinia_nb import charts
from clinia_nb.charts.svg import inked, to_figure, untouched
from clinia_nb.display.html import render, trusted
from clinia_nb.display.times import Zone

from .look import PHONE
from .messages import Pick, Picked, Toggle
from .svg_buttons import Brush, Press, add_buttons, time_domain

if TYPE_CHECKING:
    import altair as alt

    from .look import Look
    from .prepared import Study
    from .selection import Selection

_COLORS = 12  # that `group_colors` tells apart
_TO_BRUSH = "Drag across it to select a time."
# What a chart shows beyond the selection, so that there is something to compare it with.
_BEYOND = {
    "time": "The whole time is shown; the selected range is highlighted.",
    "error_type": "All error types are shown; the selected ones are highlighted.",
    "type": "All types are shown; the selected ones are highlighted.",
}


def types(study: Study, look: Look) -> str:
    """Draw the failures by error type; a bar picks it."""
    lazy = study.lazy(look.selection, without=("error_type",))
    chart = charts.summarize_failures(lazy, colors=_colors(study))
    groups = charts.leading_groups(lazy, most=10)
    presses: dict[str, Press] = {}
    for number, row in enumerate(groups.iter_rows(named=True)):
        pick = _pick(groups, "error_type", row)
        message = Pick([pick]) if pick.others else Toggle("error_type", row["error_type"])
        presses[str(number)] = Press(message, _is_on(look.selection, pick))
    return _figure(chart, "types", look, presses, beyond=("error_type",))


def heatmap(study: Study, look: Look) -> str:
    """Draw failures by error type and type; a cell picks both."""
    beyond = ("error_type", "type")
    lazy = study.lazy(look.selection, without=beyond)
    chart = charts.failure_heatmap(lazy)
    rows = charts.leading_groups(lazy, by="error_type", most=8)
    columns = charts.leading_groups(lazy, by="type", most=8)
    presses: dict[str, Press] = {}
    for number, row in enumerate(rows.iter_rows(named=True)):
        for other, column in enumerate(columns.iter_rows(named=True)):
            picks = [_pick(rows, "error_type", row), _pick(columns, "type", column)]
            on = all(_is_on(look.selection, pick) for pick in picks)
            presses[f"{number},{other}"] = Press(Pick(picks), on)
    return _figure(chart, "heatmap", look, presses, beyond=beyond)


def over_time(study: Study, look: Look) -> str:
    """Draw failures over time; a stretch of it can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    chart = charts.failures_over_time(lazy, colors=_colors(study), time_zone=look.zone.name)
    return _timed(chart, "over-time", look, lazy, "received_at")


def onsets(study: Study, look: Look) -> str:
    """Draw since when each problem is there."""
    found = study.explanation(look.selection).onsets
    receipts = study.lazy(look.selection)
    chart = charts.failure_onsets(receipts, onsets=found, time_zone=look.zone.name)
    return _figure(chart, "onsets", look)


def where(study: Study, look: Look) -> str:
    """Draw where failures concentrate."""
    leads = study.explanation(look.selection).leads
    receipts = study.lazy(look.selection)
    return _figure(charts.contrast_failures(receipts, leads=leads), "where", look)


def durations(study: Study, look: Look) -> str:
    """Draw how long receipts took."""
    return _figure(charts.duration_distribution(study.lazy(look.selection)), "durations", look)


def durations_by_type(study: Study, look: Look) -> str:
    """Draw how long receipts took, by error type."""
    return _figure(charts.summarize_timing(study.lazy(look.selection)), "by-type", look)


def timing(study: Study, look: Look) -> str:
    """Draw how long receipts took over time; a stretch of it can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    chart = charts.timing_over_time(lazy, time_zone=look.zone.name)
    return _timed(chart, "timing", look, lazy, "received_at")


def flow(study: Study, look: Look) -> str:
    """Draw what was received, completed and in flight; a stretch of time can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    chart = charts.throughput(lazy, time_zone=look.zone.name)
    lazy = lazy.filter(pl.col("received_at").is_not_null())  # the others are not drawn
    return _timed(chart, "flow", look, lazy, "received_at", "completed_at")


def advice(study: Study, look: Look) -> str:
    """Draw what to do with the selected records that failed."""
    chart = charts.retry_plan(study.table, records=study.records(look.selection))
    return _figure(chart, "advice", look)


def _timed(chart: alt.LayerChart, name: str, look: Look, lazy: pl.LazyFrame, *times: str) -> str:
    """Draw a chart over time, from the first of these times on, that can be brushed."""
    ahead = timedelta()
    if look.zone != Zone():
        first = lazy.select(pl.min_horizontal(pl.col(times).min())).collect().item()
        ahead = charts.utc_offset(first, look.zone.name)
    return _figure(chart, name, look, ahead=ahead, beyond=("time",))


def _figure(  # noqa: PLR0913 - all but the first three by name
    chart: alt.LayerChart,
    name: str,
    look: Look,
    presses: dict[str, Press] | None = None,
    *,
    ahead: timedelta | None = None,
    beyond: tuple[str, ...] = (),
) -> str:
    """Draw a chart. Its times can be brushed if it is known how far they are `ahead` of UTC."""
    spec: dict[str, Any] = cast("Any", chart).own_spec()  # every chart of this package has one
    # Ids are the page's: two explorers there must not disturb each other.
    prefix = f"x{secrets.token_hex(4)}-{name}"
    if not look.live:
        return to_figure(spec, prefix=prefix) + _on_a_phone(spec, prefix)
    svg = charts.to_svg(spec, prefix=prefix, width=look.chart_width)
    brush = None
    if ahead is not None and (domain := time_domain(spec)):
        brush = Brush(*domain, look.selection.begins, look.selection.ends, ahead)
    if presses or brush:
        svg = add_buttons(svg, presses or {}, brush)
    notes = [_BEYOND[part] for part in beyond if look.selection.without(part) != look.selection]
    if brush and not look.selection.begins:
        notes.append(_TO_BRUSH)
    return render(
        "explorer/templates/figure.html.jinja", svg=trusted(inked(svg)), brush=brush, notes=notes
    )


def _on_a_phone(spec: dict[str, Any], prefix: str) -> str:
    """Draw a chart of a static view once more, which a narrow page shows in place of the first.

    In an untrusted notebook JupyterLab removes SVG but keeps its text, so the ``div`` stays hidden.
    """
    svg = charts.to_svg(spec, prefix=f"{prefix}-narrow", width=PHONE)
    drawn = f'<div hidden="until-found">{inked(untouched(svg))}</div>'
    return f'<figure class="clinia-chart narrow">{drawn}</figure>'


def _pick(groups: pl.DataFrame, column: str, row: dict[str, Any]) -> Picked:
    """Return what a group stands for: its value, or for the folded one all except the others."""
    if row["folded"] == 1:
        return Picked(column, [row[column]])
    return Picked(column, groups.head(-1)[column].cast(pl.String).to_list(), others=True)


def _is_on(selection: Selection, pick: Picked) -> bool:
    there = selection.pick(pick.column)
    if there is None or there.others != pick.others:
        return False
    return set(pick.values) <= set(there.values)


def _colors(study: Study) -> dict[str | None, str]:
    """Return the color of each error type of the whole bulk, which a selection keeps.

    The most frequent types have one each; the others share these.
    """
    types = study.error_types
    return charts.group_colors(types) | charts.group_colors(types.head(_COLORS))
