"""Which sections each tab has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from . import chart_sections as charts
from . import sections
from .look import Look
from .prepared import Study
from .receipts_table import table

Section: TypeAlias = Callable[[Study, Look], str]
# From the top of the page down.
SECTIONS: dict[str, tuple[tuple[str, Section], ...]] = {
    "overview": (
        ("summary", sections.summary),
        ("problems", sections.problems),
        ("over-time", charts.over_time),
        ("figures", sections.figures),
    ),
    "failures": (
        ("types", charts.types),
        ("signatures", sections.signatures),
        ("heatmap", charts.heatmap),
        ("over-time", charts.over_time),
        ("onsets", charts.onsets),
        ("where", charts.where),
    ),
    "timing": (
        ("durations", charts.durations),
        ("timing", charts.timing),
        ("flow", charts.flow),
        ("by-type", charts.durations_by_type),
    ),
    "todo": (("advice", charts.advice), ("plan", sections.plan)),
    "receipts": (("table", table),),
}
# What takes long for a large bulk, and so delays nothing else.
SLOW = frozenset({"problems", "difference", "onsets", "where", "advice", "plan"})
# What a bulk without failures has no use for.
_OF_FAILURES = {"types", "signatures", "heatmap", "over-time", "onsets", "where", "advice"}


def sections_of(study: Study, look: Look) -> tuple[tuple[str, Section], ...]:
    """Return the sections of a tab that have something to show for this bulk and selection."""
    shown = SECTIONS[look.tab]
    if look.tab == "overview" and look.selection:
        shown = (shown[0], ("difference", sections.difference), *shown[1:])
    if study.bulk.summary.outcomes["failed"]:
        return shown
    rest = tuple((name, section) for name, section in shown if name not in _OF_FAILURES)
    return rest or (("none", sections.none_failed),)
