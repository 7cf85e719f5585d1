"""A problem as Markdown, for a ticket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clinia_nb.display import formats

if TYPE_CHECKING:
    from clinia_nb.findings.overview import Overview
    from clinia_nb.findings.problem import Problem

_SYNTAX = re.compile(r"([\\`*_\[\]<>#|!~&])")


def problem_markdown(problem: Problem, overview: Overview, filters: list[str]) -> str:
    """Write a problem as Markdown. What came from the API is plain text in it."""
    source = _plain(overview.source_key)
    share = formats.percent(problem.share)
    lines = [
        f"### {_plain(problem.title, 300)}",
        "",
        f"- **Bulk:** {_plain(overview.bulk_id)}, {overview.kind} into {source}",
        f"- **Failures:** {problem.counted}, {share} of all failures; {_plain(problem.kind)}",
        *(
            f"- **{_plain(field.placeholder)}:** {_plain(field.words)}"
            for field in problem.fields.shown
        ),
        *([f"- {problem.fields.more}"] if problem.fields.more else []),
        f"- **Where:** {_plain(problem.where, 600)}",
        f"- **When:** {_plain(problem.when, 600)}",
        f"- **What to do:** {_plain(problem.advice)}. {_plain(problem.remedy, 600)}",
    ]
    if filters:
        lines.append(f"- **Selection:** {'; '.join(map(_plain, filters))}")
    return "\n".join(lines) + "\n"


def _plain(text: str, longest: int = 200) -> str:
    return _SYNTAX.sub(r"\\\1", formats.harmless(formats.clip(text, longest)))
