"""``clinia-nb report``."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clinia_nb.display.terminal import complain, write_out, write_page
from clinia_nb.files import check_target

from .bulks import find_bulks
from .show import STANDARD_OUTPUT, TOO_MANY_FAILURES, exceeds

if TYPE_CHECKING:
    import argparse

    from clinia_nb.report.report import Findings

NOT_DONE = 4


def report(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Write a report; return the exit code."""
    from clinia_nb.report.chapter import load_drawing
    from clinia_nb.report.report import MOST_BULKS, Findings

    to_stdout = options.output == STANDARD_OUTPUT
    if len(options.bulk_id) > MOST_BULKS:
        parser.error(f"report takes at most {MOST_BULKS} bulks")
    if options.ids and not options.show_ids:
        parser.error("--ids needs --show-ids: a redacted report lists no record ids")
    if to_stdout and (options.json or options.open):
        parser.error("-o - writes the page to standard output; leave out --json and --open")
    if not to_stdout:
        check_target(options.output, inputs=options.from_json)  # before waiting for a bulk
    load_drawing()  # while the bulk is fetched
    bulks = find_bulks(options, parser)
    findings = Findings(bulks, redact=not options.show_ids, keep=options.keep, ids=options.ids)
    put_page(findings, options.output)
    if not to_stdout:
        _tell(options, findings)
    summaries = [bulk.summary for bulk in findings.bulks]
    if any(exceeds(summary, options.max_failure_rate or 0) for summary in summaries):
        return TOO_MANY_FAILURES
    pending = any(summary.outcomes["pending"] for summary in summaries)
    return NOT_DONE if pending or any(bulk.status == "PENDING" for bulk in bulks) else 0


def put_page(findings: Findings, output: str) -> None:
    """Write the page to its file and say so, or to standard output and nothing else."""
    if output == STANDARD_OUTPUT:
        write_page(findings.html())
    else:
        complain(f"wrote {findings.write(output)}")


def _tell(options: argparse.Namespace, findings: Findings) -> None:
    """Write the findings in brief to the terminal, and open the page if that was asked for."""
    if options.json:
        write_out(json.dumps(findings.facts(), indent=2))
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        write_out(findings.brief(width))
    if options.open:
        import webbrowser

        webbrowser.open(Path(options.output).resolve().as_uri())
