"""What the explorer shows of a study in words: each section is HTML, made in the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinia_nb.analysis.failure_signatures import failure_signatures
from clinia_nb.analysis.failures import count_outcomes
from clinia_nb.display.html import render
from clinia_nb.receipts.fields import ERROR_COLUMNS
from clinia_nb.receipts.outcome import OUTCOMES

from .look import TABS
from .messages import Toggle, written
from .value_pick import ValueColumn

if TYPE_CHECKING:
    from datetime import datetime

    from clinia_nb.findings.problem import Problem
    from clinia_nb.findings.values import Place

    from .look import Look
    from .prepared import Study
    from .selection import Selection

_SIGNATURES_SHOWN = 15


def head(study: Study, look: Look) -> str:
    """Show what is selected, what can be downloaded, and the tabs."""
    chosen = look.selection
    begins, ends = ends_of(study, chosen)
    return render(
        "explorer/templates/head.html.jinja",
        look=look,
        tabs=TABS,
        selected=study.count(chosen),
        total=study.table.height,
        begins=look.zone.field(begins),
        ends=look.zone.field(ends),
        called=look.zone.called(*(moment for moment in (begins, ends) if moment)),
        code=code(study, chosen, look.client) if look.code else "",
    )


def ends_of(study: Study, selection: Selection) -> tuple[datetime | None, datetime | None]:
    """Return the selected stretch of time, or that of the whole bulk."""
    first, last = study.span
    return selection.begins or first, selection.ends or last


def code(study: Study, selection: Selection, client: str = "cnb.Client()") -> str:
    """Write the code that makes the same frame without the explorer."""
    bulk = study.bulk
    if not client:  # a bulk that no client was asked for
        return selection.code(receipts=["receipts = bulk.receipts  # the bulk passed to Explorer"])
    kind = "" if bulk.kind == "relationships" else f", kind={bulk.kind!r}"
    return selection.code(
        receipts=[
            f"client = {client}",
            f"receipts = client.fetch_bulk({bulk.source_key!r}, {bulk.bulk_id!r}{kind}).receipts",
        ]
    )


def summary(study: Study, look: Look) -> str:
    """Show the finding in a sentence, and what became of the receipts."""
    lazy = study.lazy(look.selection, without=("outcome",))
    counts = count_outcomes(lazy.select("status", *_present(study))).row(0, named=True)
    return render(
        "explorer/templates/summary.html.jinja",
        overview=study.overview(look.selection),
        outcomes={name: counts[name] for name in OUTCOMES if counts[name]},
        total=counts["receipts"],
        look=look,
    )


def _present(study: Study) -> list[str]:
    return [name for name in ERROR_COLUMNS if name in study.table.columns]


def figures(study: Study, look: Look) -> str:
    """Show the key figures of the selection."""
    overview = study.overview(look.selection)
    return render("explorer/templates/figures.html.jinja", overview=overview, look=look)


def problems(study: Study, look: Look) -> str:
    """Show the leading problems: values, where, when, what to do."""

    def ask(problem: Problem, place: Place, number: int) -> tuple[str, bool]:
        """Return what the button of a value asks for, and whether it is pressed."""
        where = place.placeholder if place.position is None else place.position
        column, value = ValueColumn(problem.signature, where).name, place.values[number][0]
        return written(Toggle(column, value)), look.is_on(column, value)

    return render(
        "explorer/templates/problems.html.jinja",
        explanation=study.explanation(look.selection),
        ask=ask if look.live else None,
        look=look,
    )


def difference(study: Study, look: Look) -> str:
    """Show what sets the selection apart from the rest of the bulk."""
    return render(
        "explorer/templates/difference.html.jinja", against=study.against_rest(look.selection)
    )


def nothing(study: Study, look: Look) -> str:
    """Say why there is nothing to show."""
    return render(
        "explorer/templates/none.html.jinja",
        look=look,
        count=study.count(look.selection),
        total=study.table.height,
        pending=study.bulk.summary.outcomes["pending"],
    )


def signatures(study: Study, look: Look) -> str:
    """List the signatures; a row picks it."""
    narrowed = look.selection.without("signature")
    found = failure_signatures(study.lazy(narrowed))
    return render(
        "explorer/templates/signatures.html.jinja",
        rows=found.head(_SIGNATURES_SHOWN).to_dicts(),
        more=max(found.height - _SIGNATURES_SHOWN, 0),
        explanation=study.explanation(look.selection),
        others=narrowed != look.selection,
        look=look,
    )


def plan(study: Study, look: Look) -> str:
    """List what to do about each problem that is selected."""
    explanation = study.explanation(look.selection)
    found = explanation.plan
    return render(
        "explorer/templates/plan.html.jinja",
        rows=found.drop("ids").with_columns(left=found["ids"].list.len()).to_dicts(),
        explanation=explanation,
        look=look,
    )
