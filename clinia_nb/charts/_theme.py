"""How charts look: type, ink, axes, legends and titles, set on each chart and on no global.

A chart carries its looks in its own axes and marks, and has no ``config``: so it can be layered and
put beside others, which Altair refuses to charts with one, and other charts stay as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.display.tokens import DIM, FONT, INK, LINE

from ._renderer import draw_by_default
from ._text import clip, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WIDTH = 640
LABEL_COLUMNS = 46  # of text, in what stands left of the bars
_LINE = 15
_TEXT: dict[str, Any] = {"font": FONT, "fontSize": 12, "color": INK}
_LETTERS: dict[str, Any] = {
    "labelFont": FONT,
    "labelFontSize": 12,
    "labelColor": INK,
    "titleFont": FONT,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titleColor": DIM,
}
_AXIS: dict[str, Any] = _LETTERS | {
    "labelLimit": 0,  # Vega clips within a character, which vl-convert then cannot read
    "titlePadding": 10,
    "gridColor": LINE,
    "domainColor": LINE,
    "tickColor": LINE,
}
_LEGEND: dict[str, Any] = _LETTERS | {
    "labelLimit": 0,
    "orient": "top",
    "direction": "horizontal",
    "columnPadding": 18,
    "rowPadding": 4,
    "symbolType": "square",
    "symbolStrokeWidth": 0,
    "symbolOpacity": 1,
    "offset": 12,
}
_LEGEND_ROOM, _LEGEND_LETTERS = 820, 52
_STROKES: dict[str, Any] = {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 160}
_FEWEST_TICKS = 3
_MARGIN = 1.15  # by which a log scale goes beyond what is drawn
_DECADES = [10.0**power for power in range(-6, 2)]
_LONG = [60.0, 600.0, 3_600.0, 36_000.0, *(86_400.0 * 10**power for power in range(7))]
# Round durations, the coarsest first.
_TICKS = (
    [*_DECADES, *_LONG],
    [*(n * t for t in _DECADES[:-1] for n in (1, 3)), 10.0, 30.0]
    + [n * t for t in _LONG for n in (1, 3)],
    [*(n * t for t in _DECADES[:-1] for n in (1, 2, 5)), 10.0, 20.0, 30.0]
    + [n * t for t in _LONG for n in (1, 2, 5)],
)


def axis(**options: Any) -> alt.Axis:  # noqa: ANN401 - Altair's own options
    """Give an axis in the theme."""
    return alt.Axis(**(_AXIS | options))


def count_axis(**options: Any) -> alt.Axis:  # noqa: ANN401
    """Give an axis of whole numbers with thousands separators."""
    # Between 0 and 1 Vega has a tick too.
    whole = "datum.value % 1 ? '' : datum.label"
    return axis(
        format=",d",
        labelExpr=whole,
        tickMinStep=1,
        tickCount=5,
        domain=False,
        ticks=False,
        **options,
    )


# Vega's expression for seconds as `formats.duration` writes them, near enough for an axis.
DURATION_TEXT = (
    "{0} == 0 ? '0' : abs({0}) < 1 ? format({0} * 1000, ',.3~r') + ' ms' : "
    "abs({0}) < 60 ? format({0}, ',.3~r') + ' s' : abs({0}) < 3600 ? "
    "format({0} / 60, ',.3~r') + ' min' : abs({0}) < 86400 ? format({0} / 3600, ',.3~r') + ' h' "
    ": format({0} / 86400, ',.3~r') + ' d'"
)


def seconds(values: Iterable[float], **options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give a log scale for durations in seconds, its axis in the units that suit, and its title."""
    drawn = sorted(values) or [1.0]
    scale: dict[str, Any] = {"type": "symlog", "constant": 0.01, "padding": 8}
    marks: dict[str, Any] = {"tickCount": 6}
    if drawn[0] > 0:  # clocks that disagree give durations that a logarithm has no place for
        low, high = drawn[0] / _MARGIN, drawn[-1] * _MARGIN
        scale = {"type": "log", "domain": [low, high]}
        inside = ([tick for tick in ticks if low <= tick <= high] for ticks in _TICKS)
        marks = next(({"values": ticks} for ticks in inside if len(ticks) >= _FEWEST_TICKS), marks)
    labels = axis(
        labelExpr=DURATION_TEXT.format("datum.value"),
        labelOverlap="greedy",
        labelSeparation=12,
        domain=False,
        ticks=False,
        **marks,
        **options,
    )
    title = "Time to completion (log scale)"
    return {"scale": alt.Scale(nice=False, **scale), "axis": labels, "title": title}


def name_axis(labels: Sequence[str], *, columns: int = LABEL_COLUMNS) -> alt.Axis:
    """Give an axis of names at the left, broken into lines where they are long."""
    broken = {label: wrap(label, columns).split("\n") for label in labels}
    return _names(broken, labelPadding=8, **raised(broken, "datum.value"))


def raised(broken: Mapping[str, Sequence[str]], which: str) -> dict[str, Any]:
    """Raise names of several lines to where their middle belongs, which is where Vega starts.

    `which` is Vega's expression for the name.
    """
    tests = [
        {"test": f"indexof({json.dumps(names)}, {which}) >= 0", "value": -_LINE / 2 * more}
        for more in (1, 2)
        if (names := [label for label, lines in broken.items() if len(lines) == more + 1])
    ]
    return {"labelOffset": {"condition": tests, "value": 0}} if tests else {}


def column_axis(labels: Sequence[str], *, columns: int) -> alt.Axis:
    """Give an axis of names above the columns of a table."""
    broken = {label: wrap(label, columns).split("\n") for label in labels}
    most = max(map(len, broken.values()), default=1)
    padded = {label: [""] * (most - len(lines)) + lines for label, lines in broken.items()}
    return _names(padded, labelPadding=8 + _LINE * (most - 1), orient="top", labelAngle=0)


def _names(broken: dict[str, list[str]], **options: Any) -> alt.Axis:  # noqa: ANN401
    return axis(
        labelExpr=f"{json.dumps(broken)}[datum.value]",
        labelLineHeight=_LINE,
        domain=False,
        ticks=False,
        grid=False,
        title=None,
        **options,
    )


def row_height(labels: Sequence[str], *, least: int = 30, columns: int = LABEL_COLUMNS) -> int:
    """Give how high each row must be for its name to have room."""
    lines = max((wrap(label, columns).count("\n") + 1 for label in labels), default=1)
    return max(least, _LINE * lines + 12)


def legend(labels: Sequence[str], **options: Any) -> alt.Legend:  # noqa: ANN401
    """Give a legend above the chart, in as many columns as there is room for."""
    short = {label: clip(label, _LEGEND_LETTERS) for label in labels}
    widest = max(map(len, short.values()), default=1) * 7 + 36
    columns = max(1, min(len(labels), _LEGEND_ROOM // widest))
    every: dict[str, Any] = _LEGEND | {"title": None, "columns": columns} | options
    if list(short) != list(short.values()):
        every |= {"labelExpr": f"{json.dumps(short)}[datum.value]"}
    return alt.Legend(**every)


def color(
    field: str,
    colors: Mapping[str, str],
    *,
    shown: bool = True,
    lines: bool = False,
    **options: Any,  # noqa: ANN401
) -> alt.Color:
    """Color marks by a field, each value with its own color; for `lines` in the legend too."""
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    strokes = _STROKES if lines else {}
    told = legend(list(colors), **strokes, **options) if shown and colors else None
    return alt.Color(f"{field}:N", scale=scale, legend=told, sort=list(colors))


def text(**options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the properties of text in the theme, for `mark_text`."""
    return _TEXT | options


def told(chart: alt.Chart, *facts: tuple[str, str] | tuple[str, str, str]) -> alt.Chart:
    """Say in words what a mark stands for: as its tooltip, and in the text that goes with it.

    A fact is the name by which it is told, the field, and the format of its figure; the format
    ``"duration"`` is for seconds.
    """
    parts: list[str] = []
    tooltips: list[alt.Tooltip] = []
    for name, field, *rest in facts:
        form, shown = "".join(rest), field
        value = f"datum.{field}"
        if form == "duration":
            shown = f"{field}_told"
            chart = chart.transform_calculate(**{shown: DURATION_TEXT.format(value)})
            value = f"datum.{shown}"
        elif form:
            value = f"format({value}, '{form}')"
        figure: dict[str, Any] = {"format": form} if form not in {"", "duration"} else {}
        tooltips.append(alt.Tooltip(f"{shown}:{'Q' if figure else 'N'}", title=name, **figure))
        parts.append(f"{json.dumps(f'{name}: ')} + {value}")
    said = " + '; ' + ".join(parts)
    return chart.transform_calculate(said=said).encode(tooltip=tooltips, description="said:N")


def finish(
    layers: Sequence[alt.Chart],
    title: str,
    notes: Sequence[str] = (),
    *,
    description: str = "",
    height: int = 220,
) -> alt.LayerChart:
    """Layer the marks under a title, with notes below it and a text for who cannot see them."""
    draw_by_default()
    below = [line for note in notes for line in wrap(note, 120, 2).split("\n")]
    subtitle: dict[str, Any] = {"subtitle": below} if below else {}
    titled = alt.TitleParams(
        wrap(title, 96, 2).split("\n"),
        **subtitle,
        anchor="start",
        frame="bounds",
        offset=14,
        font=FONT,
        fontSize=15,
        fontWeight=600,
        color=INK,
        subtitleFont=FONT,
        subtitleFontSize=12,
        subtitleColor=DIM,
        subtitlePadding=5,
    )
    said = ". ".join(part.rstrip(".") for part in (title, *notes, description) if part)
    # All at once: each method of a chart copies it, with all that it is made of.
    return alt.LayerChart(
        layer=list(layers),
        width=WIDTH,
        height=height,
        title=titled,
        description=f"{said}.",
        view=alt.ViewBackground(strokeOpacity=0),
    )


def nothing(title: str, said: str) -> alt.LayerChart:
    """Say in the place of a chart why there is nothing to draw."""
    shown = (
        alt.Chart(pl.DataFrame({"said": [said]}))
        .mark_text(**text(align="left", color=DIM, fontSize=13))
        .encode(text="said:N", x=alt.value(0), y=alt.value(16))
    )
    return finish([shown], title, description=said, height=32)
