"""A chart in a page whose style sets the inks, and as a picture where that is taken out."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import escape
from typing import Any, cast

import altair as alt

from clinia_nb.display.tokens import DIM, FONT, INK, LINE

from .svg import to_svg

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


RENDERER = "clinia"


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


# For charts that are not of this package: what Altair leaves to its defaults, in the page's inks.
_CONFIG: dict[str, Any] = {
    "font": FONT,
    "axis": {"labelColor": INK, "titleColor": DIM, "gridColor": LINE, "domainColor": LINE}
    | {"tickColor": LINE},
    "legend": {"labelColor": INK, "titleColor": DIM},
    "title": {"color": INK, "subtitleColor": DIM},
    "header": {"labelColor": INK, "titleColor": DIM},
    "text": {"color": INK},
    "view": {"stroke": LINE},
}


def draw_by_default() -> None:
    """Have charts drawn offline where no renderer was chosen; one that was is left alone."""
    if alt.renderers.active == "default":
        alt.renderers.register(RENDERER, _mime_bundle)
        alt.renderers.enable(RENDERER)


def _mime_bundle(spec: dict[str, Any], **_: object) -> dict[str, str]:
    """Show a chart in a cell."""
    config = dict(_CONFIG)
    for name, value in cast("dict[str, Any]", spec.get("config", {})).items():
        config[name] = config.get(name, {}) | value if isinstance(value, dict) else value
    own = spec | {"config": config}
    prefix = f"c{hashlib.sha256(repr(spec).encode()).hexdigest()[:12]}"
    return {"text/html": to_figure(own, prefix=prefix)}


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
