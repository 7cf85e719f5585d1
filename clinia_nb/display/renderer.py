"""What draws charts as SVG: vl-convert, without a browser and offline."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any


def draw_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite specification, which may load nothing."""
    return draw_json(json.dumps(spec))


@lru_cache(maxsize=128)  # some looks at a bulk, of which each can take 30 drawings; a few megabytes
def draw_json(spec: str) -> str:
    """Draw a specification; what was drawn lately, as when filters are cleared, is known."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


@cache
def start_renderer() -> None:
    """Draw something in advance, in a thread: the first drawing takes a third of a second."""
    draw_svg({"data": {"values": []}, "mark": "point"})
