"""How to make a report again: the call in Python and the command."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.bulk import BulkResult

_DEFAULT_KIND = "relationships"


def python_call(
    bulks: Sequence[BulkResult], *, redacted: bool, ids: bool, with_history: bool
) -> str:
    """Return the lines of Python that fetch the bulks and write their report."""
    fetches = [f"client.fetch_bulk({_arguments(bulk)})" for bulk in bulks]
    listed = "".join(f"    {fetch},\n" for fetch in fetches)
    subject = fetches[0] if len(fetches) == 1 else f"[\n{listed}]"
    name = "bulk" if len(fetches) == 1 else "bulks"
    options = ("" if redacted else ", redact=False") + (", ids=True" if ids else "")
    options += ", history=history" if with_history else ""
    earlier = ["# history: the earlier bulks, from Archive.history"] if with_history else []
    return "\n".join(
        [
            "from clinia_nb import Client, write_report",
            "",
            "client = Client()",
            f"{name} = {subject}",
            *earlier,
            f'write_report({name}, "report.html"{options})',
        ]
    )


def command(bulks: Sequence[BulkResult], *, redacted: bool, ids: bool) -> str:
    """Return the command; empty if the bulks differ in source or kind, which it cannot express."""
    first = bulks[0]
    if any((bulk.source_key, bulk.kind) != (first.source_key, first.kind) for bulk in bulks):
        return ""
    kind = [] if first.kind == _DEFAULT_KIND else ["--kind", first.kind]
    shown = ([] if redacted else ["--show-ids"]) + (["--ids"] if ids else [])
    options = [*kind, *shown, "-o", "report.html"]
    # After "--" an id that begins with a dash is not read as an option.
    which = [first.source_key, *(bulk.bulk_id for bulk in bulks)]
    separator = ["--"] if any(text.startswith("-") for text in which) else []
    return shlex.join(["clinia-nb", "report", *options, *separator, *which])


def archive_command(bulk: BulkResult, *, redacted: bool) -> str:
    """Return the command for a bulk and its history, which are in the archive ``FOLDER``."""
    options = [f"--source={bulk.source_key}", *([] if redacted else ["--show-ids"])]
    options += ["-o", "report.html"]
    which = ["FOLDER", bulk.bulk_id]
    return shlex.join(["clinia-nb", "archive", "report", *options, "--", *which])


def _arguments(bulk: BulkResult) -> str:
    kind = "" if bulk.kind == _DEFAULT_KIND else f", kind={bulk.kind!r}"
    return f"{bulk.source_key!r}, {bulk.bulk_id!r}{kind}"
