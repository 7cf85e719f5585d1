"""What draws charts as SVG: vl-convert, without a browser and offline."""

from __future__ import annotations

from functools import cache
from typing import Any


def draw_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite specification, which may load nothing."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


@cache
def start_renderer() -> None:
    """Draw something in advance, in a thread: the first drawing takes a third of a second."""
    draw_svg({"data": {"values": []}, "mark": "point"})
