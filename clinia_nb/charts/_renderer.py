"""A drawn chart in a page whose style sets the inks, and as a picture where that is taken out."""

from __future__ import annotations

import re
from base64 import b64encode

from .inks import FONT

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
