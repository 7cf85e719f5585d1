"""Charts of frames that many tests look at: each is drawn once."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from clinia_nb import charts

OF_ATTEMPTS = ("compare_bulks", "failing_so_far")
IN_EXPLORER = 10  # charts of a static explorer of a bulk with failures
_DRAWN: dict[tuple[str, int], tuple[Any, Any]] = {}
_SPECS: dict[tuple[str, int], dict[str, Any]] = {}
_PICTURES: dict[tuple[str, int, str], str] = {}


def draw(name, receipts_frame):
    attempts = [receipts_frame] * (2 if name in OF_ATTEMPTS else 1)
    return getattr(charts, name)(*attempts)


def drawn(name, receipts_frame):
    """Return the chart of a frame that lives as long as the tests; nobody may change it."""
    key = name, id(receipts_frame)
    if key not in _DRAWN:  # the frame is kept, so that no other one gets its id
        _DRAWN[key] = receipts_frame, draw(name, receipts_frame)
    return _DRAWN[key][1]


def spec(name, receipts_frame):
    """Return the specification of such a chart, which Altair has checked."""
    chart, key = drawn(name, receipts_frame), (name, id(receipts_frame))
    if key not in _SPECS:
        _SPECS[key] = chart.to_dict()
    return deepcopy(_SPECS[key])


def picture(name, receipts_frame, ground="auto"):
    """Return the SVG of such a chart, with the prefix ``a``."""
    key = name, id(receipts_frame), ground
    if key not in _PICTURES:
        chart = drawn(name, receipts_frame)
        _PICTURES[key] = charts.to_svg(chart, prefix="a", ground=ground)
    return _PICTURES[key]
