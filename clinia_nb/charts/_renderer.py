"""How a cell shows a chart: as SVG in the inks of the page, and as a picture without styles."""

from __future__ import annotations

import hashlib
from typing import Any

import altair as alt

from ._looks import with_looks
from .svg import to_figure

RENDERER = "clinia"
_STILL = (
    "<p>This is a still picture. To move and select in it, run "
    "<code>alt.renderers.enable('jupyter', offline=True)</code> in a notebook with widgets.</p>"
)


def draw_by_default() -> None:
    """Have charts drawn offline if no renderer was chosen; one that was is left alone."""
    if alt.renderers.active == "default":
        alt.renderers.register(RENDERER, _mime_bundle)
        alt.renderers.enable(RENDERER)


def _mime_bundle(spec: dict[str, Any], **_: object) -> dict[str, str]:
    """Show a chart in a cell."""
    prefix = f"c{hashlib.sha256(repr(spec).encode()).hexdigest()[:12]}"
    note = _STILL if _is_interactive(spec) else ""
    return {"text/html": to_figure(with_looks(spec), prefix=prefix) + note}


def _is_interactive(spec: dict[str, Any]) -> bool:
    """Tell whether something can be selected or moved in a chart, or in one that is part of it."""
    charts = [spec, *spec.get("layer", [])]
    return any("select" in param for chart in charts for param in chart.get("params", []))
