"""Interactive charts: marks of an inline SVG become buttons, and its time can be brushed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from .messages import Message, written

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY = re.compile(r' data-key="([0-9,]+)"')
_PLOT = re.compile(r' data-plot="([^"]*)"')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Press:
    """What pressing a mark asks for, and whether that is in force."""

    message: Message
    pressed: bool = False


@dataclass(frozen=True)
class Brush:
    """The stretch of time that a chart's width stands for, and the one that is brushed.

    `first` and `last` are in milliseconds, as the chart has them: `ahead` of UTC.
    """

    first: float
    last: float
    begins: datetime | None = None
    ends: datetime | None = None
    ahead: timedelta = timedelta()


def time_domain(spec: dict[str, Any]) -> tuple[float, float] | None:
    """Return the stretch of time that a chart's width stands for, in milliseconds since 1970."""
    layers: list[Any] = spec["layer"]
    for layer in layers:
        scale: Any = layer.get("encoding", {}).get("x", {}).get("scale") or {}
        if scale.get("type") == "utc" and scale.get("domain"):
            first, last = scale["domain"]
            return float(first), float(last)
    return None


def add_buttons(svg: str, presses: Mapping[str, Press], brush: Brush | None = None) -> str:
    """Make the marks of an SVG buttons, found by their keys, and let its time be brushed.

    Parameters
    ----------
    svg
        As `clinia_nb.charts.to_svg` returns it.
    presses
        By the marks' keys.
    brush
        What a stretch of the plot's width stands for.

    Examples
    --------
    >>> from clinia_nb.explorer.messages import Toggle
    >>> svg = '<svg role="img"><path data-key="0"><title>Type: A; 1</title></path></svg>'
    >>> add_buttons(svg, {"0": Press(Toggle("type", "A"))})[:46]
    '<svg role="group"><path tabindex="0" role="but'
    """
    dimmed = any(press.pressed for press in presses.values())
    # One mark is in the order of the Tab key; arrow keys go on from there.
    first = next((key for key, press in presses.items() if press.pressed), None)

    def button(found: re.Match[str]) -> str:
        nonlocal first
        press = presses.get(found[1])
        if press is None:
            return ""
        first = first or found[1]
        state = " dimmed" if dimmed and not press.pressed else ""
        return (
            f' tabindex="{0 if found[1] == first else -1}" role="button"'
            f' aria-pressed="{str(press.pressed).lower()}" class="mark{state}"'
            f' data-ask="{escape(written(press.message))}"'
        )

    svg = _KEY.sub(button, svg)
    if presses:
        svg = svg.replace('role="img"', 'role="group"', 1)
    plot = _PLOT.search(svg)
    if brush is None or plot is None:
        return svg
    place = [float(number) for number in plot[1].split()]
    return _brushed(svg, place, brush)


def _brushed(svg: str, plot: list[float], brush: Brush) -> str:
    left, top, width, height = plot
    first, last = (at - brush.ahead / _MILLISECOND for at in (brush.first, brush.last))
    begin, end = 0.0, 0.0
    if brush.begins and brush.ends:
        per_ms = width / (last - first)
        begin, end = (
            min(max((_ms(at) - first) * per_ms, 0), width) for at in (brush.begins, brush.ends)
        )
    band = (
        f'<rect class="band" x="{left + begin:.2f}" y="{top:.2f}" '
        f'width="{end - begin:.2f}" height="{height:.2f}"/></svg>'
    )
    svg = f"{svg.removesuffix('</svg>')}{band}"
    return svg.replace(
        " data-plot=", f' data-brush="{json.dumps([*plot, first, last])}" data-plot='
    )


def _ms(moment: datetime) -> float:
    return (moment - _EPOCH) / _MILLISECOND


def from_ms(value: float) -> datetime:
    """Return the time that is so many milliseconds after 1970 began.

    >>> from_ms(1500)
    datetime.datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(milliseconds=round(value))
