"""How a cell shows a chart: as SVG in the inks of the page, and as a picture without styles."""

from __future__ import annotations

import hashlib
from typing import Any

import altair as alt

from ._looks import with_looks
from .svg import to_figure

RENDERER = "clinia"


def draw_by_default() -> None:
    """Have charts drawn offline if no renderer was chosen; one that was is left alone."""
    if alt.renderers.active == "default":
        alt.renderers.register(RENDERER, _mime_bundle)
        alt.renderers.enable(RENDERER)


def _mime_bundle(spec: dict[str, Any], **_: object) -> dict[str, str]:
    """Show a chart in a cell."""
    prefix = f"c{hashlib.sha256(repr(spec).encode()).hexdigest()[:12]}"
    return {"text/html": to_figure(with_looks(spec), prefix=prefix)}
