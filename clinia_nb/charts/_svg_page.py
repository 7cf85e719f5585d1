"""One pass over the SVG that vl-convert draws, which prepares it for a page."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape, quoteattr

from clinia_nb.display.tokens import FONT

# What a mark is described as: its key, if there is one, then a line for each fact.
KEY_END, LINE_END = "\N{PARAGRAPH SEPARATOR}", "\N{LINE SEPARATOR}"
_DROPPED = frozenset(
    {"role", "aria-label", "aria-roledescription", "aria-hidden", "class", "pointer-events"}
)
_STYLE = "display:block;overflow:visible"
_NEEDLESS = {
    ("font-family", FONT),
    ("opacity", "1"),
    ("stroke-opacity", "1"),
    ("text-anchor", "start"),
}
_PLACES = frozenset({"d", "transform", "x", "x2", "y", "y2", "width", "height"})
_LONG = re.compile(r"-?[0-9]+\.[0-9]{3,}(?:e-?[0-9]+)?")
_REFERENCE = re.compile(r"url\(#([^)]*)\)")
_PLOT = re.compile(r"M0\.5,0\.5h([\d.]+)v([\d.]+)")
_MOVE = re.compile(r"translate\(([-\d.]+),\s*([-\d.]+)\)")


class SvgPage:
    """Rewrites a chart's SVG, element by element.

    Ids begin with a prefix, because vl-convert numbers them throughout the process;
    descriptions of marks become titles, which browsers show at the pointer; keys become
    ``data-key``; what is not shown, and what repeats a default, is left out. The typeface is that
    of the page.
    """

    def __init__(self, prefix: str, description: str) -> None:
        self._prefix, self._description = prefix, description
        self._out: list[str] = []
        self._ids: dict[str, str] = {}
        self._hidden = 0  # how deep within an element that is not shown
        self._places: list[tuple[float, float]] = [(0.0, 0.0)]
        self._plot = ""
        self._open = False

    def write(self, svg: str) -> str:
        """Return the SVG as it is put into a page."""
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(svg, True)  # noqa: FBT003 - by place only
        plot = f' data-plot="{self._plot}"' if self._plot else ""
        return "".join(self._out).replace(" data-plot=?", plot, 1)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._hidden or attributes.get("display") == "none":
            self._hidden += 1
            return
        self._close_start()
        x, y = self._places[-1]
        moved = _MOVE.match(attributes.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        self._places.append((x, y))
        plot = None if self._plot else _PLOT.match(attributes.get("d", ""))
        if plot:
            self._plot = f"{x:g} {y:g} {float(plot[1]):g} {float(plot[2]):g}"
        root = len(self._places) == 2  # noqa: PLR2004 - the first element
        key, _, words = attributes.get("aria-label", "").rpartition(KEY_END)
        kept = self._presented(attributes) if root else self._kept(attributes)
        if key and tag != "g":
            kept["data-key"] = key
        self._out.append(f"<{tag}")
        self._out += [f" {name}={quoteattr(value)}" for name, value in kept.items()]
        self._out.append(" data-plot=?" if root else "")
        self._open = True
        # Groups are axes and legends, whose text is readable as it is.
        if words and tag != "g" and not root:
            self._text("", f"<title>{escape(words.replace(LINE_END, chr(10)))}</title>")

    def _end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
            return
        self._places.pop()
        self._out.append("/>" if self._open else f"</{tag}>")
        self._open = False

    def _text(self, text: str, markup: str = "") -> None:
        if not self._hidden:
            self._close_start()
            self._out.append(markup or escape(text))

    def _close_start(self) -> None:
        if self._open:
            self._out.append(">")
            self._open = False

    def _kept(self, attributes: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            if name in _DROPPED or (name, value) in _NEEDLESS:
                continue
            if name == "id":
                kept[name] = self._own_id(value)
            elif "url(#" in value:
                kept[name] = _REFERENCE.sub(lambda m: f"url(#{self._own_id(m[1])})", value)
            elif name in _PLACES:
                kept[name] = _LONG.sub(lambda m: f"{float(m[0]):.2f}", value)
            else:
                kept[name] = value
        return kept

    def _own_id(self, name: str) -> str:
        return self._ids.setdefault(name, f"{self._prefix}-{len(self._ids) + 1}")

    def _presented(self, attributes: dict[str, Any]) -> dict[str, str]:
        return {
            "role": "img",
            "aria-label": self._description,
            "viewBox": attributes["viewBox"],
            "xmlns": attributes["xmlns"],
            "width": "100%",
            "style": f"max-width:{attributes['width']}px;height:auto;{_STYLE}",
        }
