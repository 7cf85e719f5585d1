"""``clinia-nb archive``: keep bulks, list them, and report what is new in one."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from clinia_nb.display.terminal import complain, write_out
from clinia_nb.errors import CliniaError
from clinia_nb.files import check_target
from clinia_nb.text import one_line

from .bulks import bulk_readers
from .errors import message_of
from .report import NOT_DONE, put_page
from .show import STANDARD_OUTPUT, TOO_MANY_FAILURES, exceeds

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from clinia_nb.archive import Archive

NEW_PROBLEM = 5
_DAYS, _MOST_DIGITS = "d", 6
_FOLDER = "the archive"
EXAMPLES = """\
examples:
  clinia-nb archive save bulks ehr-prod bk_2wil…    fetch a bulk and keep it in the folder bulks
  clinia-nb archive list bulks                      the saved bulks
  clinia-nb archive report bulks                    what is new in the latest one
  clinia-nb archive report bulks bk_2wil… -o new.html
  clinia-nb archive prune bulks --older-than 400d

Receipts hold record ids and messages: keep the folder as safe as the platform itself.

exit codes of save: 0 every bulk is saved, 1 one could not be, 2 invalid arguments

exit codes of report:
  0  nothing failed
  1  could not be read or written
  2  invalid arguments
  3  operations failed, but every problem is known; or the bulk did, and no receipt shows why
  4  the bulk was still pending when it was saved, and nothing had failed
  5  there is a new problem
"""


def add_commands(
    command: argparse.ArgumentParser, add_bulk: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add save, list, report and prune to ``clinia-nb archive``."""
    actions = command.add_subparsers(required=True, metavar="ACTION")
    saving = actions.add_parser(
        "save",
        help="fetch bulks and save them",
        description="Fetch bulks and save them. One that was saved before is replaced, but never "
        "by one without receipts.",
    )
    saving.add_argument("folder", help="the archive; it is created if it does not exist")
    add_bulk(saving)
    saving.set_defaults(run=_save)
    listing = actions.add_parser(
        "list",
        help="list the saved bulks",
        description="List the saved bulks, earliest first, with what failed.",
    )
    listing.add_argument("folder", help=_FOLDER)
    listing.set_defaults(run=_list)
    reporting = actions.add_parser(
        "report",
        help="report what is new in a bulk",
        description="Print what happened to a saved bulk, and which problems are new. The text "
        "shows what the archive holds; the HTML report is redacted.",
    )
    reporting.add_argument("folder", help=_FOLDER)
    reporting.add_argument("bulk_id", nargs="?", help="a saved bulk (default: the latest)")
    reporting.add_argument("--source", metavar="KEY", help="of this source (default: any)")
    reporting.add_argument(
        "-o", "--output", metavar="FILE", help="the HTML report too; -: alone, to standard output"
    )
    reporting.add_argument(
        "--show-ids", action="store_true", help="with -o: do not mask ids and messages"
    )
    reporting.set_defaults(run=_report)
    pruning = actions.add_parser(
        "prune",
        help="delete old bulks",
        description="Delete old bulks permanently.",
    )
    pruning.add_argument("folder", help=_FOLDER)
    pruning.add_argument(
        "--older-than",
        type=_days,
        required=True,
        metavar="DAYS",
        help="delete bulks loaded more days ago than this, such as 400d",
    )
    pruning.set_defaults(run=_prune)


def _days(text: str) -> timedelta:
    number = text.removesuffix(_DAYS)
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; write 400d")
    return timedelta(days=int(number))


def _open(options: argparse.Namespace) -> Archive:
    from clinia_nb.archive import Archive
    from clinia_nb.archive.storage import is_redacted

    return Archive(options.folder, redact=is_redacted(Path(options.folder)))


def _save(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from clinia_nb.archive import Archive
    from clinia_nb.display import formats

    archive = Archive(options.folder)  # before waiting for a bulk
    options.command = "archive save"
    failed = False
    for bulk_id, read in bulk_readers(options, parser):
        try:
            bulk = read()
            archive.save(bulk)
        except (CliniaError, OSError) as exc:  # the others are still saved
            failed = True
            complain(f"not saved {bulk_id}: {message_of(exc)}")
        else:
            complain(f"saved {bulk.bulk_id}: {formats.counted(bulk.receipts.height, 'receipt')}")
    return int(failed)


def _list(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from clinia_nb.display import formats

    bulks = _open(options).bulks()
    for row in bulks.iter_rows(named=True):
        failed = f"{formats.count(row['failed'])} failed"
        if row["failure_rate"] is not None:
            failed += f" ({formats.percent(row['failure_rate'])})"
        count = formats.counted(row["receipts"], "receipt")
        names = row["source_key"], row["bulk_id"], row["status"]
        write_out(one_line(" · ".join([str(row["day"]), *names, count, failed])))
    if bulks.is_empty():
        complain(_no_bulks(options))
    return 0


def _no_bulks(options: argparse.Namespace) -> str:
    return f"{options.folder} has no bulks yet; see clinia-nb archive save --help"


def _report(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from clinia_nb.findings.explanation import explain
    from clinia_nb.report.report import Findings
    from clinia_nb.signatures import with_signatures

    to_stdout = options.output == STANDARD_OUTPUT
    if options.output and not to_stdout:
        check_target(options.output, inputs=Path(options.folder).rglob("*"))
    archive = _open(options)
    source_key, bulk_id = _choose(archive.bulks(), options, parser)
    bulk = archive.load(source_key, bulk_id)
    bulk = replace(bulk, receipts=with_signatures(bulk.receipts, known=archive.catalog()))
    history = archive.history(source_key=source_key, bulk_id=bulk_id)
    if not to_stdout:
        write_out(f"{bulk.summary.facts()}\n\n{explain(bulk, history=history).text()}")
    if options.output:
        findings = Findings(bulk, redact=not options.show_ids, history=history)
        put_page(findings, options.output)
    if (history["state"] == "new").any():
        return NEW_PROBLEM
    if exceeds(bulk.summary, 0):
        return TOO_MANY_FAILURES
    return NOT_DONE if bulk.status == "PENDING" or bulk.summary.outcomes["pending"] else 0


def _choose(
    bulks: pl.DataFrame, options: argparse.Namespace, parser: argparse.ArgumentParser
) -> tuple[str, str]:
    """Return the ids of the requested bulk: of the latest one, if none is named."""
    import polars as pl

    if bulks.is_empty():
        parser.error(_no_bulks(options))
    if options.bulk_id:
        bulks = bulks.filter(bulks["bulk_id"] == options.bulk_id)
    if options.source:
        bulks = bulks.filter(bulks["source_key"] == options.source)
    if bulks.is_empty():
        parser.error(f"{options.folder} has no such bulk; see clinia-nb archive list")
    # A bulk without receipts has no first one.
    when = pl.coalesce("first_received", "submitted_at", "fetched_at")
    latest = bulks.sort(when, "day").row(-1, named=True)
    return latest["source_key"], latest["bulk_id"]


def _prune(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from clinia_nb.display import formats

    archive = _open(options)
    gone = archive.prune(older_than=options.older_than)
    if not gone and archive.bulks().is_empty():  # perhaps the name of another folder was meant
        complain(_no_bulks(options))
    complain(f"deleted {formats.counted(len(gone), 'bulk')}")
    return 0
