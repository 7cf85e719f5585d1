"""Charts that answer: marks of an inline SVG to be pressed, and a stretch of time to brush."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from xml.dom import minidom

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLOT = re.compile(r"M0\.5,0\.5h([\d.]+)v([\d.]+)")
_MOVE = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Press:
    """What pressing a mark does: the action's name, its argument, and whether it is on."""

    action: str
    argument: Any
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
    """Give the stretch of time that a chart's width stands for, in milliseconds since 1970."""
    layers: list[Any] = spec["layer"]
    for layer in layers:
        scale: Any = layer.get("encoding", {}).get("x", {}).get("scale") or {}
        if scale.get("type") == "utc" and scale.get("domain"):
            first, last = scale["domain"]
            return float(first), float(last)
    return None


def enliven(svg: str, presses: Mapping[str, Press], brush: Brush | None = None) -> str:
    """Make marks of an SVG buttons, found by their key; let its time be brushed.

    Parameters
    ----------
    svg
        As `clinia_nb.charts.to_svg` gives it.
    presses
        By the keys of the marks.
    brush
        What a stretch of the plot's width stands for.

    Examples
    --------
    >>> svg = '<svg role="img"><path data-key="0"><title>Type: A</title></path></svg>'
    >>> enliven(svg, {"0": Press("toggle", ["type", "A"])})[:38]
    '<svg role="group"><path data-key="0" t'
    """
    document = minidom.parseString(svg)  # noqa: S318 - just made here, without a document type
    root = document.documentElement
    assert root is not None  # noqa: S101 - a document that was parsed has one
    elements = list(root.getElementsByTagName("*"))
    marks: list[minidom.Element] = []
    dimmed = any(press.pressed for press in presses.values())
    for element in elements:
        found = presses.get(element.getAttribute("data-key"))
        title = element.firstChild
        if found is not None and title is not None and title.firstChild is not None:
            _press(element, found, str(title.firstChild.nodeValue), dimmed=dimmed)
            marks.append(element)
    # One is in the order of the Tab key; from there arrow keys go on.
    for mark in [m for m in marks if m.getAttribute("aria-pressed") == "true"] or marks[:1]:
        mark.setAttribute("tabindex", "0")
    if presses:
        root.setAttribute("role", "group")
    if brush is not None:
        _brush(document, root, elements, brush)
    return root.toxml()


def _press(mark: minidom.Element, press: Press, told: str, *, dimmed: bool) -> None:
    for name, value in {
        "tabindex": "-1",
        "role": "button",
        "aria-pressed": str(press.pressed).lower(),
        "aria-label": told,
        "data-act": press.action,
        "data-arg": json.dumps(press.argument),
        "class": "mark dimmed" if dimmed and not press.pressed else "mark",
    }.items():
        mark.setAttribute(name, value)


def _brush(
    document: minidom.Document, root: minidom.Element, elements: list[minidom.Element], brush: Brush
) -> None:
    plot = next((e for e in elements if _PLOT.match(e.getAttribute("d"))), None)
    if plot is None:
        return
    size = cast("re.Match[str]", _PLOT.match(plot.getAttribute("d")))
    width, height = float(size[1]), float(size[2])
    left = top = 0.0
    parent = plot.parentNode
    while isinstance(parent, minidom.Element):
        for x, y in _MOVE.findall(parent.getAttribute("transform")):
            left, top = left + float(x), top + float(y)
        parent = parent.parentNode
    first, last = (at - brush.ahead / _MILLISECOND for at in (brush.first, brush.last))
    place = [left, top, width, height, first, last]
    root.setAttribute("data-brush", json.dumps(place))
    band = document.createElement("rect")
    band.setAttribute("class", "band")
    begin, end = 0.0, 0.0
    if brush.begins and brush.ends:
        per_ms = width / (last - first)
        begin, end = (
            min(max((_ms(at) - first) * per_ms, 0), width) for at in (brush.begins, brush.ends)
        )
    box = {"x": left + begin, "y": top, "width": end - begin, "height": height}
    for name, value in box.items():
        band.setAttribute(name, f"{value:.2f}")
    root.appendChild(band)


def _ms(moment: datetime) -> float:
    return (moment - _EPOCH) / _MILLISECOND


def from_ms(value: float) -> datetime:
    """Give the time that is so many milliseconds after 1970 began.

    >>> from_ms(1500)
    datetime.datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(milliseconds=round(value))
