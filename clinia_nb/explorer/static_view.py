"""What the explorer shows, as one page for readers without a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinia_nb.display.html import render, trusted

from .sections import PARTS, TABS, Look, parts_of

if TYPE_CHECKING:
    from .prepared import Study


def static_page(study: Study, shown: Look) -> str:
    """Give all tabs one below the other, for readers without a kernel: no scripts, no buttons."""
    drawn: list[tuple[str, list[tuple[str, str]]]] = []
    seen: set[str] = set()
    for tab in PARTS:
        parts = parts_of(study, tab)
        look = Look(shown.selection, tab, live=False, zone=shown.zone)
        fresh = [(name, draw) for name, draw in parts if name not in seen]
        seen |= {name for name, _ in fresh}
        drawn.append((TABS[tab], [(name, trusted(draw(study, look))) for name, draw in fresh]))
    return render(
        "explorer/templates/static.html.jinja",
        overview=study.bulk.summary,
        chips=shown.chips,
        tabs=drawn,
    )
