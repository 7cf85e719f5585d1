"""The command line: what became of a bulk, in brief, and the example notebooks."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import warnings
import webbrowser
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from .analysis import records_to_fix
from .bulk import BulkResult
from .display import formats
from .display.tables import write_csv
from .errors import CliniaError, StillPendingError, UnknownFieldsWarning, UnreadValuesWarning
from .fetch.client import Client
from .fetch.paths import KINDS
from .files import check_target
from .findings.explanation import explain
from .sandbox.samples import list_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\
examples:
  clinia-nb show --sandbox                          a sample bulk; no key, no network
  clinia-nb show --sandbox ehr-prod bk_2wil…        another one of the samples
  clinia-nb show ehr-prod bk_2wil…                  yours, by CLINIA_WORKSPACE and CLINIA_API_KEY
  clinia-nb show ehr-prod bk_2wil… --wait           once it is done
  clinia-nb report ehr-prod bk_2wil… -o report.html a page to send; see clinia-nb report --help
  clinia-nb samples                                 the samples that the sandbox has
  clinia-nb lab                                     the example notebooks, in JupyterLab

exit codes: 0 done (show: also where the bulk has failures), 1 could not be done, 2 unusable
arguments; report has more, see clinia-nb report --help
"""
_REPORT = """\
examples:
  clinia-nb report --sandbox --open                 of a sample; no key, no network
  clinia-nb report ehr-prod bk_2wil… -o report.html
  clinia-nb report ehr-prod bk_1… bk_2… -o both.html
                                                    attempts of one load, compared
  clinia-nb report ehr-prod bk_2wil… --wait --timeout 3600
                                                    once it is done, an hour from now at the most
  clinia-nb report ehr-prod bk_2wil… --from-json answer.json
                                                    of a saved answer; no key, no network
  clinia-nb report ehr-prod bk_2wil… --json | jq .bulks[0].headline

The page has no scripts and loads nothing. Record ids and the variable parts of messages are masked
in it, and on the terminal; --show-ids shows them, and the page says so.

exit codes:
  0  the report is written, nothing failed
  1  it could not be fetched or written; an earlier report is left as it was
  2  unusable arguments
  3  the report is written, operations failed
  4  the bulk is not done: with --wait nothing is written, without it the report is, and nothing
     failed so far
"""
_FIRST_NOTEBOOK = "01_investigate_a_bulk.ipynb"
_SHOWN_FIRST = "mixed"
_FAILURES, _NOT_DONE = 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings():
            # They name fields, which may be anything; what is told of the bulk notes them as well.
            warnings.simplefilter("ignore", UnknownFieldsWarning)
            warnings.simplefilter("ignore", UnreadValuesWarning)
            return options.run(options, parser)
    except StillPendingError as exc:
        print(f"clinia-nb: {exc}", file=sys.stderr)
        return _NOT_DONE if options.command == "report" else 1
    except (CliniaError, OSError) as exc:
        told = (
            f"{exc.strerror}: {exc.filename}"
            if isinstance(exc, OSError) and exc.filename
            else str(exc)
        )
        print(f"clinia-nb: {formats.harmless(told)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("clinia-nb: stopped.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clinia-nb",
        description="Find out what went wrong in a bulk load into Clinia.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    show = commands.add_parser(
        "show",
        help="print what became of a bulk",
        description="Print what became of a bulk. It is not redacted, as `report` is: its messages "
        "have their ids, numbers and quoted values masked, but not the names among their words.",
    )
    _add_bulk(show, bulks="?")
    show.add_argument(
        "--records-to-fix",
        metavar="FILE",
        help="also write a CSV file of the records to fix, with each wrong value; it is not "
        "redacted",
    )
    show.set_defaults(run=_show)
    report = commands.add_parser(
        "report",
        help="write what became of a bulk as one HTML file",
        description="Write what became of a bulk as one HTML file that can be sent to anyone.",
        epilog=_REPORT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_bulk(report, bulks="*")
    report.add_argument("-o", "--output", default="report.html", help="where to (report.html)")
    report.add_argument(
        "--from-json",
        action="append",
        default=[],
        metavar="FILE",
        help="read a saved answer instead of asking; once for each BULK_ID",
    )
    report.add_argument("--show-ids", action="store_true", help="do not mask ids and messages")
    report.add_argument("--open", action="store_true", help="open the page in the browser")
    report.add_argument("--json", action="store_true", help="print the findings as JSON")
    report.set_defaults(run=_report)
    samples = commands.add_parser("samples", help="list the samples of the sandbox")
    samples.set_defaults(run=_samples)
    lab = commands.add_parser("lab", help="open the example notebooks in JupyterLab")
    lab.add_argument("folder", nargs="?", default="clinia-notebooks", help="where to put them")
    lab.set_defaults(run=_lab)
    return parser


def _add_bulk(command: argparse.ArgumentParser, *, bulks: str) -> None:
    add = command.add_argument
    add("source_key", nargs="?", help="the source that was loaded into")
    add("bulk_id", nargs=bulks, help="the id that the submission answered with")
    add("--kind", choices=KINDS, help="which endpoint serves it (relationships)")
    add("--sandbox", action="store_true", help="ask the samples: no key, no network")
    add("--wait", action="store_true", help="wait until the bulk is done")
    add("--timeout", type=_seconds, help="with --wait: seconds to wait at the most")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds >= 0:  # also where it is not a number
        raise ValueError(text)
    return seconds


def _show(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    options.bulk_id = [options.bulk_id] if options.bulk_id else []
    if options.records_to_fix:
        check_target(options.records_to_fix)  # before the bulk is waited for
    (bulk,) = _fetch(options, parser)
    print(formats.harmless(f"{bulk.summary.facts()}\n\n{explain(bulk).text()}"))
    if options.records_to_fix:
        write_csv(records_to_fix(bulk.receipts), options.records_to_fix)
        print(f"clinia-nb: wrote {options.records_to_fix}", file=sys.stderr)
    if options.sandbox:
        print(f"\nNext: `clinia-nb lab` opens {_FIRST_NOTEBOOK}, which goes on from here.")
    return 0


def _fetch(options: argparse.Namespace, parser: argparse.ArgumentParser) -> list[BulkResult]:
    """Get the bulks that the arguments name; a sample where they name none."""
    source_key, bulk_ids, kind = options.source_key, options.bulk_id, options.kind
    if not bulk_ids:
        if not options.sandbox or source_key is not None:
            parser.error(f"{options.command} needs SOURCE_KEY and BULK_ID (or --sandbox alone)")
        sample = next(s for s in list_samples() if s.name == _SHOWN_FIRST)
        source_key, bulk_ids, kind = sample.source_key, [sample.bulk_id], sample.kind
    client = Client.sandbox() if options.sandbox else Client()
    return [_fetch_one(client, options, (source_key, it, kind)) for it in bulk_ids]


def _fetch_one(
    client: Client, options: argparse.Namespace, named: tuple[str, str, str | None]
) -> BulkResult:
    source_key, bulk_id, kind = named
    kind = kind or "relationships"
    if options.wait:
        return client.wait_for_bulk(source_key, bulk_id, kind=kind, timeout=options.timeout)
    return client.fetch_bulk(source_key, bulk_id, kind=kind)


def _report(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from .report.report import MOST_BULKS, Findings

    check_target(options.output, inputs=options.from_json)  # before waiting for a bulk
    if len(options.bulk_id) > MOST_BULKS:
        parser.error(f"report is of {MOST_BULKS} bulks at the most")
    # What draws is slow to load; meanwhile the bulk is fetched.
    Thread(target=import_module, args=(".charts", __package__), daemon=True).start()
    if options.from_json:
        if len(options.from_json) != len(options.bulk_id):
            parser.error("report needs SOURCE_KEY, and one BULK_ID for each --from-json")
        bulks = [
            BulkResult.from_json(
                file,
                source_key=options.source_key,
                bulk_id=bulk_id,
                kind=options.kind or "relationships",
            )
            for file, bulk_id in zip(options.from_json, options.bulk_id, strict=True)
        ]
    else:
        bulks = _fetch(options, parser)
    findings = Findings(bulks, redact=not options.show_ids)
    written = findings.write(options.output)
    print(f"clinia-nb: wrote {written}", file=sys.stderr)
    if options.json:
        print(json.dumps(findings.facts(), ensure_ascii=False, indent=2))
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        print(formats.harmless(findings.brief(width)))
    if options.open:
        webbrowser.open(written.resolve().as_uri())
    outcomes = [bulk.summary.outcomes for bulk in findings.bulks]
    if any(counts["failed"] for counts in outcomes):
        return _FAILURES
    pending = any(counts["pending"] for counts in outcomes)
    return _NOT_DONE if pending or any(bulk.status == "PENDING" for bulk in bulks) else 0


def _samples(_options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    for sample in list_samples():
        print(f"{sample.source_key:<16}{sample.bulk_id:<32}{sample.kind:<15}{sample.title}")
    return 0


def _lab(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    jupyter = shutil.which("jupyter", path=str(Path(sys.executable).parent))
    if jupyter is None:
        raise CliniaError("JupyterLab is not installed here: pip install 'clinia-nb[lab]'.")
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(_notebooks().glob("*.ipynb")):
        if not (folder / notebook.name).exists():  # keep what the user wrote
            shutil.copy(notebook, folder)
    command = [jupyter, "lab", str(folder / _FIRST_NOTEBOOK)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own command


def _notebooks() -> Path:
    """Where the notebooks are: in a wheel beside the code, in a checkout beside the package."""
    here = Path(__file__).parent
    shipped = here / "_notebooks"
    return shipped if shipped.is_dir() else here.parent / "notebooks"
