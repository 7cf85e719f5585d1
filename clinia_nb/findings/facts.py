"""The findings about a bulk, as values that JSON can hold."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .explanation import Explanation

_NAMES = ("source_key", "bulk_id", "kind", "status", "receipts", "outcomes", "notes")
_TIMES = ("submitted_at", "first_received", "last_completed", "fetched_at")


def facts_of(explanation: Explanation) -> dict[str, Any]:
    """Return the findings for programs; times are UTC, in ISO 8601.

    Returns
    -------
    dict
        The bulk's ids, status, outcomes and times, the ``headline`` and ``outlook``, the number of
        distinct ``causes``, and the leading ``problems``.
    """
    overview = explanation.overview
    facts: dict[str, Any] = {name: getattr(overview, name) for name in _NAMES}
    for name in _TIMES:
        time = getattr(overview, name)
        facts[name] = None if time is None else time.isoformat()
    return facts | {
        "headline": explanation.headline,
        "outlook": explanation.outlook,
        "causes": explanation.signatures.height,
        "problems": [asdict(problem) for problem in explanation.problems],
    }
