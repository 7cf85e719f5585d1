"""``clinia-nb show`` and ``clinia-nb samples``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from clinia_nb.display.terminal import complain, write_out
from clinia_nb.files import check_target
from clinia_nb.sandbox.samples import list_samples

from .bulks import find_bulks
from .lab import FIRST_NOTEBOOK

if TYPE_CHECKING:
    import argparse

    from clinia_nb.findings.overview import Overview

STANDARD_OUTPUT = "-"
TOO_MANY_FAILURES = 3


def show(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Print what happened to a bulk; return the exit code."""
    from clinia_nb.analysis import records_to_fix
    from clinia_nb.display.tables import write_csv
    from clinia_nb.findings.explanation import explain
    from clinia_nb.findings.facts import facts_of

    if options.list:
        if not options.sandbox:
            parser.error("Clinia cannot list bulk ids; --list needs --sandbox")
        return list_bulks(options, parser)
    if options.records_to_fix is not None:
        if options.records_to_fix == STANDARD_OUTPUT:
            parser.error("--records-to-fix needs a file: standard output has what failed")
        check_target(options.records_to_fix, inputs=options.from_json)  # before waiting for a bulk
    options.bulk_id = [options.bulk_id] if options.bulk_id else []
    (bulk,) = find_bulks(options, parser)
    explanation = explain(bulk)
    if options.records_to_fix:
        write_csv(records_to_fix(bulk.receipts), options.records_to_fix)
        complain(f"wrote {options.records_to_fix}")
    if options.json:
        write_out(json.dumps(facts_of(explanation), indent=2))
    else:
        write_out(f"{bulk.summary.facts()}\n\n{explanation.text()}")
        if options.sandbox:
            write_out(f"\nNext: `clinia-nb lab` opens {FIRST_NOTEBOOK}, which continues from here.")
    most = options.max_failure_rate
    return TOO_MANY_FAILURES if most is not None and exceeds(bulk.summary, most) else 0


def exceeds(summary: Overview, most: float) -> bool:
    """Tell whether a larger share failed, or a share that the receipts do not show."""
    return summary.failure_rate > most or summary.failed_unseen


def list_bulks(_options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    """Print the bulks that the sandbox has."""
    for sample in list_samples():
        write_out(f"{sample.source_key:<16}{sample.bulk_id:<32}{sample.kind:<15}{sample.title}")
    return 0
