"""Charts as SVG: for a cell or a page, on any background; offline, without scripts."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar, cast

import altair as alt

from clinia_nb.display.html import style_element
from clinia_nb.display.renderer import draw_svg
from clinia_nb.display.tokens import FONT, PAGE_FONT, PAGE_INKS, PRINT_INKS, Ground, ink_for, reink

from ._fit import fitted
from ._looks import SummaryChart
from ._svg_page import SvgPage

if TYPE_CHECKING:
    from collections.abc import Callable

_Chart = TypeVar("_Chart", bound=alt.TopLevelMixin)
_KEY = "(isValid(datum.key) ? datum.key + '\\u2029' : '')"


def themed(chart: _Chart, ground: Ground) -> _Chart:
    """Return a chart in the colors of a light or dark background.

    By default charts have those of a white background, which is what `chart.save` writes. As a
    cell's last value they follow the notebook's theme without this.

    Parameters
    ----------
    chart
        Any Altair chart; it is not changed.
    ground
        ``"light"``; ``"dark"``; or ``"auto"``, which draws in the variables ``--ink``, ``--dim``,
        ``--line``, ``--paper`` and ``--tint`` of the page's style, or by its ``color-scheme``, on
        a transparent background. ``"auto"`` is for SVG in a page, such as a `JupyterChart` with
        ``embed_options={"renderer": "svg"}``; files and canvases need one of the others.

    Examples
    --------
    >>> import polars as pl
    >>> chart = alt.Chart(pl.DataFrame({"a": [1]})).mark_bar(color="#1c2430")
    >>> themed(chart, "dark").to_dict()["mark"]
    {'type': 'bar', 'color': '#e6e9ee'}
    """
    # Whoever draws the chart checks it.
    spec = _themed(chart.to_dict(validate=False), ground)
    return cast("Any", type(chart)).from_dict(spec, validate=False)


def to_svg(
    chart: alt.TopLevelMixin | dict[str, Any],
    *,
    prefix: str,
    ground: Ground = "auto",
    width: float | None = None,
) -> str:
    """Draw a chart as one inline SVG element, to be put into a page.

    It needs no script and loads nothing, has the page's typeface, scales down with the page, reads
    its `description` to screen readers, and shows a mark's tooltip where the pointer is. A mark
    that has a ``key`` field has it as ``data-key``; the root has the place of the plot as
    ``data-plot``: left, top, width and height, in units of the ``viewBox``. Equal input gives equal
    bytes, whatever theme or data transformer Altair's user has enabled.

    Parameters
    ----------
    chart
        Any Altair chart, or what its `to_dict` returns.
    prefix
        What the ids of elements begin with: different for each chart of a page.
    ground
        As in `themed`.
    width
        The width of the whole picture in pixels; text keeps its size. By default the chart's own.

    Raises
    ------
    ValueError
        The prefix does not consist of letters, digits, ``-`` and ``_``, beginning with a letter.

    Examples
    --------
    >>> import polars as pl
    >>> chart = alt.Chart(pl.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q")
    >>> to_svg(chart.properties(description="One bar"), prefix="c1")[:46]
    '<svg role="img" aria-label="One bar" viewBox="'
    """
    if isinstance(chart, SummaryChart):
        chart = chart.own_spec()
    return _svg(chart if isinstance(chart, dict) else chart.to_dict(), prefix, ground, width)


def drawn(
    draw: Callable[[], alt.TopLevelMixin | dict[str, Any]],
    *,
    prefix: str,
    ground: Ground = "auto",
    width: float | None = None,
) -> str:
    """Draw what `draw` returns, as `to_svg` does; if that fails, a picture that says so.

    For pages of many charts, so that one failure does not affect the others. The picture holds
    nothing from the data.

    Examples
    --------
    >>> svg = drawn(lambda: 1 / 0, prefix="c1")
    >>> svg[svg.index("<text"):]
    '<text y="20" fill="currentColor" font-size="13">This chart could not be drawn \
(ZeroDivisionError).</text></svg>'
    """
    try:
        return to_svg(draw(), prefix=prefix, ground=ground, width=width)
    except Exception as exc:  # noqa: BLE001 - whatever it is, the page is still made
        words = f"This chart could not be drawn ({type(exc).__name__})."
        return (
            f'<svg role="img" aria-label="{words}" viewBox="0 0 420 30" '
            'xmlns="http://www.w3.org/2000/svg" width="100%" style="max-width:420px;display:block">'
            f'<text y="20" fill="currentColor" font-size="13">{words}</text></svg>'
        )


def _themed(spec: dict[str, Any], ground: Ground) -> dict[str, Any]:
    inks = ink_for(ground)
    paper = {"auto": "transparent", "light": "white", "dark": inks["#ffffff"]}[ground]
    return {"background": paper} | cast("dict[str, Any]", reink(spec, inks))


def _svg(spec: dict[str, Any], prefix: str, ground: Ground, width: float | None = None) -> str:
    if not re.fullmatch(r"[A-Za-z][\w-]*", prefix, re.ASCII):
        raise ValueError(
            f"prefix={prefix!r} must be letters, digits, '-' and '_', as in 'chart-1'."
        )
    made = _with_keys(_themed(spec, ground))
    if width is not None and "layer" in made:
        made = fitted(made, width)
    return SvgPage(prefix, str(spec.get("description") or "Chart")).write(draw_svg(made))


def _with_keys(spec: dict[str, Any]) -> dict[str, Any]:
    """Put the key of each mark, if it has one, before the words that describe it."""
    layers: list[dict[str, Any]] = [
        layer
        | {
            "transform": [
                step | {"calculate": f"{_KEY} + {step['calculate']}"}
                if step.get("as") == "words"
                else step
                for step in layer["transform"]
            ]
        }
        if "transform" in layer
        else layer
        for layer in spec.get("layer", [])
    ]
    return spec | {"layer": layers} if layers else spec


_INKS = re.compile(r"var\((--\w+), light-dark\((#\w+), #\w+\)\)")
_SIZE = re.compile(r'(viewBox="[^"]* ([\d.]+) ([\d.]+)".*?) width="100%"')
# Marks that look alike, one after the other: drawn as one, they are half the size.
_ALIKE = re.compile(r'<path d="[^"]*"([^>]*)/>(?:<path d="[^"]*"\1/>)+')
_SHAPE = re.compile(r' d="([^"]*)"')
_TITLES = re.compile(r"<title>[^<]*</title>")


def inked(svg: str) -> str:
    """Return an inline SVG of `clinia_nb.charts.to_svg` for a page that sets all the inks: shorter.

    >>> inked('<path fill="var(--ink, light-dark(#111, #eee))"/>')
    '<path fill="var(--ink)"/>'
    """
    return _INKS.sub(r"var(\1)", svg)


def picture(svg: str) -> str:
    """Return an inline SVG of `clinia_nb.charts.to_svg` as the address of a picture, on white.

    Examples
    --------
    >>> from base64 import b64decode
    >>> svg = '<svg style="a:b"><path fill="var(--ink, light-dark(#111, #eee))"/></svg>'
    >>> kind, body = picture(svg).split(",")
    >>> kind, b64decode(body).decode().split(">", 1)[1]
    ('data:image/svg+xml;base64', '<path fill="#111"/></svg>')
    """
    plain = _INKS.sub(r"\2", untouched(svg))
    plain = plain.replace('style="', f'style="background:#fff;font-family:{FONT};', 1)
    sized = _SIZE.sub(r'\1 width="\2" height="\3"', plain, count=1)
    return f"data:image/svg+xml;base64,{b64encode(sized.encode()).decode()}"


def untouched(svg: str) -> str:
    """Return a smaller SVG, without tooltips, for devices that have no pointer.

    >>> untouched('<path d="M0" fill="red"><title>no</title></path><path d="M1" fill="red"/>')
    '<path d="M0M1" fill="red"/>'
    """
    return _ALIKE.sub(_as_one, _TITLES.sub("", svg).replace("></path>", "/>"))


def _as_one(marks: re.Match[str]) -> str:
    return f'<path d="{"".join(_SHAPE.findall(marks[0]))}"{marks[1]}/>'


_STYLE = (
    ".clinia-chart{margin:4px 0;padding:8px;background:var(--paper);"
    f"overflow-x:auto;font-family:{PAGE_FONT};{PAGE_INKS}}}"
    # Pages may hide all that is `hidden`: Bootstrap does, and Tailwind except "until-found".
    ".clinia-chart div[hidden]{display:block!important;content-visibility:visible!important}"
    ".clinia-chart figcaption{display:none}"
    f"@media print{{.clinia-chart{{color-scheme:light;{PRINT_INKS}}}}}"
)


def to_figure(spec: dict[str, Any], *, prefix: str, is_cleaned: bool = True) -> str:
    """Draw a chart for pages, including those that sanitize HTML.

    Code hosts and untrusted notebooks in JupyterLab remove styles and SVG from HTML: what is
    ``hidden`` then stays hidden, and the picture in the caption is shown instead.
    """
    svg = to_svg(spec, prefix=prefix)
    if not is_cleaned:
        return f'<figure class="clinia-chart">{style_element(_STYLE)}{inked(svg)}</figure>'
    words = escape(str(spec.get("description") or "Chart"))
    return (
        f'<figure class="clinia-chart">{style_element(_STYLE)}'
        f'<div hidden="until-found">{inked(svg)}</div>'
        f'<figcaption><img alt="{words}" src="{picture(svg)}"></figcaption></figure>'
    )
