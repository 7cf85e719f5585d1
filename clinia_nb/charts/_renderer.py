"""How a cell shows a chart: as SVG in the colors of the page, or as a picture without styles."""

from __future__ import annotations

import hashlib
from typing import Any

import altair as alt

from ._looks import is_interactive, with_looks
from .svg import to_figure

RENDERER = "clinia"
_STILL = (
    "<p>This is a static picture. To zoom and select in it, run "
    "<code>alt.renderers.enable('jupyter', offline=True)</code> in a notebook with widgets.</p>"
)


def draw_by_default() -> None:
    """Draw charts offline, unless the user has chosen a renderer."""
    if alt.renderers.active == "default":
        alt.renderers.register(RENDERER, _mime_bundle)
        alt.renderers.enable(RENDERER)


def _mime_bundle(spec: dict[str, Any], **_: object) -> dict[str, str]:
    """Show a chart in a cell."""
    note = _STILL if is_interactive(spec) else ""
    return {"text/html": to_figure(with_looks(spec), prefix=_prefix(spec)) + note}


def whole_figure(spec: dict[str, Any]) -> str:
    """Draw a chart for a host that does not sanitize HTML."""
    return to_figure(with_looks(spec), prefix=_prefix(spec), is_cleaned=False)


def _prefix(spec: dict[str, Any]) -> str:
    return f"c{hashlib.sha256(repr(spec).encode()).hexdigest()[:12]}"
