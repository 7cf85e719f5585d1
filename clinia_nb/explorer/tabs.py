"""Which sections each tab has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from clinia_nb.display.html import render
from clinia_nb.errors import CliniaError

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
SLOW = frozenset({"problems", "difference", "signatures", "onsets", "where", "advice", "plan"})
# What takes failures to draw.
_OF_FAILURES = {
    "types",
    "signatures",
    "heatmap",
    "over-time",
    "onsets",
    "where",
    "advice",
    "plan",
}
# The parts of a selection that a section does not follow: it shows what is beyond them too.
_BEYOND = {
    "types": ("error_type",),
    "signatures": ("signature",),
    "heatmap": ("error_type", "type"),
    "over-time": ("time",),
    "timing": ("time",),
    "flow": ("time",),
}
_ALWAYS = {"summary", "table"}  # they say themselves that there is nothing


def sections_of(study: Study, look: Look) -> tuple[tuple[str, Section], ...]:
    """Return the sections of a tab that have something to show for this bulk and selection."""
    shown = SECTIONS[look.tab]
    if look.tab == "overview" and look.selection:
        shown = (shown[0], ("difference", sections.difference), *shown[1:])
    if not study.bulk.summary.outcomes["failed"]:
        shown = tuple(one for one in shown if one[0] not in _OF_FAILURES)
    shown = shown or (("none", sections.nothing),)
    return tuple(
        (name, section if name in _ALWAYS else _if_any(name, section, is_first=place == 0))
        for place, (name, section) in enumerate(shown)
    )


def _if_any(name: str, section: Section, *, is_first: bool) -> Section:
    """Draw a section only if there is something to draw; the first of a tab says if not."""

    def draw(study: Study, look: Look) -> str:
        scope = look.selection
        for part in _BEYOND.get(name, ()):
            scope = scope.without(part)
        of_failures = name in _OF_FAILURES
        if study.any_failed(scope) if of_failures else study.count(scope):
            return section(study, look)
        return sections.nothing(study, look) if is_first else ""

    return draw


def draw_section(name: str, section: Section, study: Study, look: Look) -> str:
    """Draw a section, or say that it failed: one must not take the others along."""
    try:
        return section(study, look)
    except Exception as exc:  # noqa: BLE001 - whatever it is
        kind = type(exc).__name__
        if isinstance(exc, CliniaError):  # it says what to do, and holds no value of a record
            kind = f"{kind}: {exc}"
        return render("explorer/templates/failed.html.jinja", name=name, kind=kind)
