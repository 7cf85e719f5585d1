"""What the explorer shows, as one page for readers without a kernel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clinia_nb.display.html import render, trusted

from .look import TABS
from .tabs import SECTIONS, draw_section, sections_of

if TYPE_CHECKING:
    from .look import Look
    from .prepared import Study


def static_page(study: Study, shown: Look) -> str:
    """Show all tabs one below the other, for readers without a kernel: no scripts, no buttons."""
    drawn: list[tuple[str, list[tuple[str, str]]]] = []
    seen: set[str] = set()
    for tab in SECTIONS:
        look = replace(shown, tab=tab, live=False, page=0, opened=None, code=False)
        fresh = [one for one in sections_of(study, look) if one[0] not in seen]
        seen |= {name for name, _ in fresh}
        parts: list[tuple[str, str]] = [
            (name, trusted(draw_section(name, draw, study, look))) for name, draw in fresh
        ]
        if any(html for _, html in parts):
            drawn.append((TABS[tab], parts))
    return render(
        "explorer/templates/static.html.jinja",
        selected=study.count(shown.selection),
        total=study.table.height,
        redacted=study.bulk.redacted,
        chips=shown.chips,
        tabs=drawn,
    )
