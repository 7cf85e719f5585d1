"""Charts as SVG: for a cell, for a page, on white, dark or any ground; offline, without scripts."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from html import escape
from typing import Any, TypeVar, cast
from xml.dom import minidom

import altair as alt

from clinia_nb.display.tokens import FONT, Ground, ink_for, reink

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
    >>> chart = alt.Chart(pl.DataFrame({"a": [1]})).mark_bar(color="#1c2430")
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


_INKS = re.compile(r"var\((--\w+), light-dark\((#\w+), #\w+\)\)")


_SIZE = re.compile(r'(viewBox="[^"]* ([\d.]+) ([\d.]+)".*?) width="100%"')


# Marks that look alike, one after the other: drawn as one, they are half the size.
_ALIKE = re.compile(r'<path d="[^"]*"([^>]*)></path>(?:<path d="[^"]*"\1></path>)+')


_SHAPE = re.compile(r' d="([^"]*)"')


_TITLES = re.compile(r"<title>[^<]*</title>")


def inked(svg: str) -> str:
    """Give an inline SVG of `clinia_nb.charts.to_svg` for a page that sets all the inks: shorter.

    >>> inked('<path fill="var(--ink, light-dark(#111, #eee))"/>')
    '<path fill="var(--ink)"/>'
    """
    return _INKS.sub(r"var(\1)", svg)


def picture(svg: str) -> str:
    """Give an inline SVG of `clinia_nb.charts.to_svg` as the address of a picture, on white.

    Examples
    --------
    >>> from base64 import b64decode
    >>> svg = '<svg style="a:b"><path fill="var(--ink, light-dark(#111, #eee))"/></svg>'
    >>> kind, body = picture(svg).split(",")
    >>> kind, b64decode(body).decode().split(">", 1)[1]
    ('data:image/svg+xml;base64', '<path fill="#111"/></svg>')
    """
    plain = _INKS.sub(r"\2", _TITLES.sub("", svg)).replace(f' font-family="{FONT}"', "")
    plain = plain.replace('style="', f'style="background:#fff;font-family:{FONT};', 1)
    sized = _SIZE.sub(r'\1 width="\2" height="\3"', plain, count=1)
    body = _ALIKE.sub(_as_one, sized).replace("></path>", "/>")
    return f"data:image/svg+xml;base64,{b64encode(body.encode()).decode()}"


def _as_one(marks: re.Match[str]) -> str:
    return f'<path d="{"".join(_SHAPE.findall(marks[0]))}"{marks[1]}/>'


_STYLE = (
    ".clinia-chart{"
    "color-scheme:light dark;margin:4px 0;padding:8px;background:var(--paper);overflow-x:auto;"
    "--ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,light-dark(#1c2430,#e6e9ee)));"
    "--dim:var(--jp-content-font-color2,var(--vscode-descriptionForeground,light-dark(#56616f,#a3adba)));"
    "--line:var(--jp-border-color2,var(--vscode-widget-border,light-dark(#d8dde4,#39414d)));"
    "--tint:var(--jp-layout-color2,var(--vscode-editorWidget-background,light-dark(#eef1f4,#232a34)));"
    "--paper:var(--jp-layout-color0,var(--vscode-editor-background,light-dark(#fff,#14181f)))}"
    ".clinia-chart div[hidden]{display:block}.clinia-chart figcaption{display:none}"
    "@media print{.clinia-chart{color-scheme:light;--ink:#1c2430;--dim:#56616f;--line:#d8dde4;"
    "--tint:#eef1f4;--paper:#fff}}"
)


def to_figure(spec: dict[str, Any], *, prefix: str) -> str:
    """Draw a chart for pages that others may clean.

    Code hosts, and JupyterLab without trust, take styles and SVG out of HTML: what is ``hidden``
    then stays so, and the picture in the caption is seen instead.
    """
    svg = to_svg(spec, prefix=prefix)
    said = escape(str(spec.get("description") or "Chart"))
    return (
        f'<figure class="clinia-chart"><style>{_STYLE}</style><div hidden>{inked(svg)}</div>'
        f'<figcaption><img alt="{said}" src="{picture(svg)}"></figcaption></figure>'
    )
