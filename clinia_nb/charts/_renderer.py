"""A chart in a page whose style sets the inks, and as a picture where that is taken out."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import altair as alt

from clinia_nb.display.tokens import DIM, FONT, INK, LINE

from .svg import to_figure

RENDERER = "clinia"


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
