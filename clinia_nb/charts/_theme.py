"""What charts are built from: axes, legends, lanes, colors by number, and words for each mark.

Positions and colors go by number, and names are texts only: Vega keeps the values of discrete
scales as keys of JavaScript objects, in which a value such as ``constructor`` is already there.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.display.tokens import DIM
from clinia_nb.display.tokens import LINE as RULE

from ._looks import SummaryChart
from ._renderer import draw_by_default
from ._text import clip, legend_columns, name_expression, title_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WIDTH = 640
LABEL_COLUMNS = 110  # of text, above the marks of a lane
_LEGEND_LETTERS, _LEGEND_GAP, _SHORT = 52, 16, 10
_MARGIN = 1.15  # by which a log scale goes beyond what is drawn
_BELOW = 7  # pixels
_APART = 0.075  # of an axis: ticks are not closer
# Round durations in seconds: the first that fit are the ticks.
_TENS = [10.0**power for power in range(-6, 2)]
_LONG = [60.0, 600.0, 3_600.0, 36_000.0, *(86_400.0 * 10**power for power in range(7))]
_ROUND = (
    [*_TENS, *_LONG, 30.0]
    + [round(3 * size, 9) for size in (*_TENS[:-1], *_LONG)]
    + [20.0, *(round(n * size, 9) for size in (*_TENS[:-1], *_LONG) for n in (2, 5))]
)
FEW_TICKS = 6
_ODD = [15.0, 45.0, 90.0, 900.0]  # which have a tick only if the data is there


class _Rows(alt.InlineData):
    """Rows that nobody changes: Altair would check each of them, and copy all at every step."""

    _class_is_valid_at_instantiation = False

    def __deepcopy__(self, _memo: object = None) -> _Rows:
        return self


def data(frame: pl.DataFrame) -> alt.InlineData:
    """Return rows in a form that works with any data transformer of Altair."""
    finite = frame.with_columns(pl.selectors.float().replace([float("inf"), float("-inf")], None))
    return _Rows(values=finite.fill_nan(None).to_dicts())


def count_axis() -> alt.Axis:
    """Return an axis of whole numbers with thousands separators."""
    # Between 0 and 1 Vega has a tick too.
    whole = "datum.value % 1 ? '' : datum.label"
    return alt.Axis(format=",d", labelExpr=whole, tickMinStep=1, tickCount=5, grid=True)


# Vega's expression for seconds as `formats.duration` writes them, near enough for an axis.
DURATION_TEXT = (
    "{0} == 0 ? '0' : abs({0}) < 1 ? format({0} * 1000, ',.3~r') + ' ms' : "
    "abs({0}) < 60 ? format({0}, ',.3~r') + ' s' : abs({0}) < 3600 ? "
    "format({0} / 60, ',.3~r') + ' min' : abs({0}) < 86400 ? format({0} / 3600, ',.3~r') + ' h' "
    ": format({0} / 86400, ',.3~r') + ' d'"
)


def seconds(
    values: Iterable[float], *, peaks: Sequence[tuple[float, float]] = (), across: bool = False
) -> dict[str, Any]:
    """Return a log scale for durations in seconds, and its axis in the units that suit.

    Round durations within `peaks` (from, to) have a tick before others. An axis `across` the chart
    has no grid, and its labels are below those of the axis at its left.
    """
    drawn = sorted(values) or [1.0]
    scale: dict[str, Any] = {"type": "symlog", "constant": 0.01, "padding": 8}
    ticks: dict[str, Any] = {"tickCount": 6}
    if drawn[0] > 0:  # a log scale cannot show durations below 0, from clocks that disagree
        low, high = drawn[0] / _MARGIN, drawn[-1] * _MARGIN
        scale = {"type": "log", "domain": [low, high]}
        ticks = {"values": round_durations(low, high, peaks)}
    labels = alt.Axis(
        labelExpr=DURATION_TEXT.format("datum.value"),
        labelOverlap="greedy",
        labelSeparation=10,
        labelPadding=_BELOW if across else 2,
        grid=not across,
        **ticks,
    )
    return {"scale": alt.Scale(nice=False, **scale), "axis": labels, "title": None}


def round_durations(
    low: float, high: float, peaks: Sequence[tuple[float, float]] = ()
) -> list[float]:
    """Choose round durations on a log scale, those where the data is before others.

    >>> round_durations(0.05, 60)
    [0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0]
    >>> round_durations(0.05, 60, peaks=[(44, 47)])
    [0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 20.0, 45.0]
    >>> round_durations(65, 130)  # too narrow for two of those: even steps
    [72.0, 84.0, 96.0, 108.0, 120.0]
    """
    wanted = [
        tick for tick in (*_ROUND, *_ODD) if any(begin <= tick <= end for begin, end in peaks)
    ]
    gap = (high / low) ** _APART
    chosen: list[float] = []
    for tick in (*wanted, *_ROUND):
        apart = all(max(tick, other) / min(tick, other) >= gap for other in chosen)
        if low <= tick <= high and apart:
            chosen.append(tick)
    return sorted(chosen) if len(chosen) > 1 else _even_durations(low, high)


def round_step(least: float) -> float:
    """Return the least round number that is not below `least`: 1, 2 or 5 times a power of ten.

    >>> round_step(0.3), round_step(16.7), round_step(70)
    (0.5, 20.0, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(least))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least)


def _even_durations(low: float, high: float) -> list[float]:
    """Return durations in even steps: a round number of the largest unit that fits."""
    unit = next((size for size in (86_400.0, 3_600.0, 60.0) if size <= high), 1.0)
    step = round_step((high - low) / unit / FEW_TICKS)
    first, last = math.ceil(low / unit / step), math.floor(high / unit / step)
    return [round(number * step * unit, 9) for number in range(first, last + 1)]


def lanes(field: str = "place") -> alt.Y:
    """Return the rows of a chart whose names stand above their marks."""
    return alt.Y(f"{field}:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))


def height_in_lanes(field: str, lanes_drawn: int) -> alt.Y:
    """Return heights counted in lanes from the top: 1.5 is the middle of the second lane."""
    scale = alt.Scale(domain=[0, lanes_drawn], nice=False, reverse=True, zero=False)
    return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(labels=False, title=None, ticks=False))


def lane_names(names: Sequence[str], *, above: float, dim: bool = False) -> alt.Chart:
    """Write the name of each row above the middle of its lane, over the whole width."""
    shown = pl.DataFrame({"name": [clip(name, LABEL_COLUMNS) for name in names]})
    ink: dict[str, Any] = {"color": DIM} if dim else {}
    return (
        alt.Chart(data(shown.with_row_index("place")))
        .mark_text(align="left", baseline="middle", dy=-above, **ink)
        .encode(y=lanes(), x=alt.XValue(0), text=alt.Text("name:N"))
    )


def lane_tracks(lanes_drawn: int, *, below: float) -> alt.Chart:
    """Draw a line across each lane, on which its marks stand."""
    shown = pl.DataFrame({"place": range(lanes_drawn)}, schema={"place": pl.Int64})
    return (
        alt.Chart(data(shown))
        .mark_rule(color=RULE, yOffset=below)
        .encode(y=lanes(), x=alt.XValue(0), x2=alt.X2Value("width"))
    )


def legend(labels: Sequence[str], **options: Any) -> alt.Legend:  # noqa: ANN401
    """Return a legend of numbered colors, in as many columns as fit."""
    short = [clip(label, _LEGEND_LETTERS) for label in labels]
    columns = legend_columns(short, WIDTH)
    every: dict[str, Any] = {"title": None, "columns": columns}
    longest = max(map(len, short), default=0)
    if longest > _SHORT:  # a reader's font may be wider than the one that columns are laid out with
        every["columnPadding"] = _LEGEND_GAP + longest
    every |= {"labelExpr": name_expression(short)}
    return alt.Legend(**(every | options))


def color(
    field: str,
    colors: Mapping[str, str],
    *,
    shown: bool = True,
    lines: bool = False,
    **options: Any,  # noqa: ANN401
) -> alt.Color:
    """Color marks by a numbered field: the number is the place of the name among `colors`."""
    scale = alt.Scale(domain=list(range(len(colors))), range=list(colors.values()))
    if lines:
        options |= {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 160}
    key = legend(list(colors), **options) if shown and colors else None
    return alt.Color(f"{field}:N", scale=scale, legend=key)


def described(chart: alt.Chart, *facts: tuple[str, str] | tuple[str, str, str]) -> alt.Chart:
    """Describe each mark in words: as its tooltip, and in the text that goes with it.

    A fact is its name, the field, and the format of its number; the format ``"duration"`` is for
    seconds. A field ``key``, if there is one, is how `to_svg` names the mark in a page.
    """
    parts: list[str] = []
    tooltips: list[alt.Tooltip] = []
    for name, field, *rest in facts:
        form, shown = "".join(rest), field
        value = f"datum.{field}"
        if form == "duration":
            shown = f"{field}_text"
            chart = chart.transform_calculate(**{shown: DURATION_TEXT.format(value)})
            value = f"datum.{shown}"
        elif form:
            value = f"format({value}, '{form}')"
        number: dict[str, Any] = {"format": form} if form not in {"", "duration"} else {}
        tooltips.append(alt.Tooltip(f"{shown}:{'Q' if number else 'N'}", title=name, **number))
        parts.append(f"{json.dumps(f'{name}: ')} + {value}")
    words = " + '\\u2028' + ".join(parts)
    return chart.transform_calculate(words=words).encode(
        tooltip=tooltips, description=alt.Description("words:N")
    )


def finish(
    layers: Sequence[alt.Chart],
    title: str,
    notes: Sequence[str] = (),
    *,
    description: str = "",
    height: int = 220,
) -> alt.LayerChart:
    """Layer the marks under a title, with notes below it and a description for screen readers."""
    draw_by_default()
    below = [line for note in notes for line in title_lines(note, 104)]
    subtitle: dict[str, Any] = {"subtitle": below} if below else {}
    texts = ". ".join(part.rstrip(".") for part in (title, *notes, description) if part)
    # All at once: each method of a chart makes a deep copy of it.
    return SummaryChart(
        layer=[_silent_if_wordless(layer) for layer in layers],
        width=WIDTH,
        height=height,
        title=alt.TitleParams(title_lines(title, 84), **subtitle),
        description=f"{texts}.",
        # Charts that are concatenated keep their own colors and legends.
        resolve=alt.Resolve(
            scale={"color": "independent"},  # pyright: ignore[reportArgumentType]
        ),
    )


def _silent_if_wordless(layer: alt.Chart) -> alt.Chart:
    """Hide marks without words from screen readers, which would read out names of fields."""
    given: Any = layer  # Altair's types are partly unknown
    if given.encoding is not alt.Undefined and given.encoding.description is not alt.Undefined:
        return layer
    hidden: Any = layer.copy(deep=False)
    named = isinstance(given.mark, str)
    hidden.mark = alt.MarkDef(type=given.mark) if named else given.mark.copy()
    hidden.mark.aria = False
    return hidden


def nothing(title: str, reason: str) -> alt.LayerChart:
    """Return a text in place of a chart: why there is nothing to draw."""
    shown = (
        alt.Chart(data(pl.DataFrame({"reason": [reason]})))
        .mark_text(align="left", color=DIM, fontSize=13)
        .encode(text=alt.Text("reason:N"), x=alt.XValue(0), y=alt.YValue(16))
    )
    return finish([shown], title, description=reason, height=32)
