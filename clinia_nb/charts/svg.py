"""Charts as SVG: for a cell, for a page, on white, dark or any ground; offline, without scripts."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, TypeVar, cast
from xml.dom import minidom

import altair as alt

from clinia_nb.display.tokens import Ground, ink_for, reink

_Chart = TypeVar("_Chart", bound=alt.TopLevelMixin)
_DROPPED = ("role", "aria-label", "aria-roledescription", "aria-hidden", "class", "pointer-events")
_PLACES = ("d", "transform", "x", "x2", "y", "y2", "width", "height")
_LONG = re.compile(r"-?[0-9]+\.[0-9]{3,}(?:e-?[0-9]+)?")
_REFERENCE = re.compile(r"url\(#([^)]*)\)")


@cache
def warm_up() -> None:
    """Draw something, which takes a third of a second the first time; in a thread, beforehand."""
    _svg(alt.Chart(alt.Data(values=[])).mark_point().to_dict(validate=False), "warm", "light")


def themed(chart: _Chart, ground: Ground) -> _Chart:
    """Give a chart in the inks of a ground.

    Charts come in those of white ground, which is what `chart.save` writes. As a cell's last value
    they follow the notebook's theme without this.

    Parameters
    ----------
    chart
        Any Altair chart; it stays as it is.
    ground
        ``"light"``; ``"dark"``; or ``"auto"``, which draws in the variables ``--ink``, ``--dim``,
        ``--line``, ``--paper`` and ``--tint`` of the page's style, or by its ``color-scheme``, on
        no ground of its own. ``"auto"`` is for SVG in a page, such as a `JupyterChart` with
        ``embed_options={"renderer": "svg"}``; files and canvases need one of the others.

    Examples
    --------
    >>> import polars as pl
    >>> chart = alt.Chart(pl.DataFrame({"a": [1]})).mark_bar(color=INK)
    >>> themed(chart, "dark").to_dict()["mark"]
    {'type': 'bar', 'color': '#e6e9ee'}
    """
    return cast("Any", type(chart)).from_dict(_themed(chart.to_dict(), ground))


def to_svg(
    chart: alt.TopLevelMixin | dict[str, Any], *, prefix: str, ground: Ground = "auto"
) -> str:
    """Draw a chart as one inline SVG element, to be put into a page.

    It needs no script and loads nothing, scales down with the page, tells its `description` to
    screen readers, and a mark's tooltip where the pointer rests on it. Equal input gives equal
    bytes.

    Parameters
    ----------
    chart
        Any Altair chart, or what its `to_dict` gives.
    prefix
        What the ids of elements begin with: different for each chart of a page.
    ground
        As in `themed`.

    Raises
    ------
    ValueError
        The prefix is not made of letters, digits, ``-`` and ``_``, beginning with a letter.

    Examples
    --------
    >>> import polars as pl
    >>> chart = alt.Chart(pl.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q")
    >>> to_svg(chart.properties(description="One bar"), prefix="c1")[:46]
    '<svg role="img" aria-label="One bar" viewBox="'
    """
    return _svg(chart if isinstance(chart, dict) else chart.to_dict(), prefix, ground)


def _themed(spec: dict[str, Any], ground: Ground) -> dict[str, Any]:
    inks = ink_for(ground)
    paper = {"auto": "transparent", "light": "white", "dark": inks["#ffffff"]}[ground]
    return {"background": paper} | cast("dict[str, Any]", reink(spec, inks))


def _svg(spec: dict[str, Any], prefix: str, ground: Ground) -> str:
    import vl_convert

    if not re.fullmatch(r"[A-Za-z][\w-]*", prefix, re.ASCII):
        raise ValueError(
            f"prefix={prefix!r} must be letters, digits, '-' and '_', as in 'chart-1'."
        )
    drawn = vl_convert.vegalite_to_svg(_themed(spec, ground), allowed_base_urls=[])
    # It was just made here, without a document type that entities could come from.
    document = minidom.parseString(drawn)  # noqa: S318
    root = document.documentElement
    assert root is not None  # noqa: S101 - a document that was parsed has one
    elements = list(root.getElementsByTagName("*"))
    _own_ids(elements, prefix)
    for element in elements:
        _tidy(document, element)
    _present(root, str(spec.get("description") or "Chart"))
    return root.toxml()


def _own_ids(elements: list[minidom.Element], prefix: str) -> None:
    """Give new ids: vl-convert counts them up for as long as the process lives."""
    own: dict[str, str] = {}
    for element in elements:
        if element.hasAttribute("id"):
            own[element.getAttribute("id")] = f"{prefix}-{len(own) + 1}"
            element.setAttribute("id", own[element.getAttribute("id")])
    for element in elements:
        for name, value in list(element.attributes.items()):
            if "url(#" in value and name != "aria-label":
                element.setAttribute(name, _REFERENCE.sub(lambda m: f"url(#{own[m[1]]})", value))


def _tidy(document: minidom.Document, element: minidom.Element) -> None:
    """Turn what Vega tells of a mark into a title, which browsers show at the pointer."""
    told = element.getAttribute("aria-label")
    # Groups are axes and legends, which can be read as they are.
    if told and element.tagName != "g":
        title = document.createElement("title")
        title.appendChild(document.createTextNode(told))
        element.insertBefore(title, element.firstChild)
    for name, value in list(element.attributes.items()):
        if name in _DROPPED:
            element.removeAttribute(name)
        elif name in _PLACES:
            element.setAttribute(name, _LONG.sub(lambda m: f"{float(m[0]):.2f}", value))
    if element.getAttribute("display") == "none" and element.parentNode:
        element.parentNode.removeChild(element)


def _present(root: minidom.Element, description: str) -> None:
    width = root.getAttribute("width")
    kept = {name: root.getAttribute(name) for name in ("viewBox", "xmlns", "xmlns:xlink")}
    for name in list(root.attributes.keys()):
        root.removeAttribute(name)
    for name, value in {
        "role": "img",
        "aria-label": description,
        **kept,
        "width": "100%",
        "style": f"max-width:{width}px;height:auto;display:block",
    }.items():
        root.setAttribute(name, value)
