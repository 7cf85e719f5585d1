"""The arguments of the command line, and its help."""

from __future__ import annotations

import argparse
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from clinia_nb.display.terminal import write_out
from clinia_nb.fetch.paths import KINDS
from clinia_nb.text import nearest, one_line

from .archive import EXAMPLES as ARCHIVE
from .archive import add_commands
from .lab import FOLDER, open_lab
from .report import report
from .show import list_bulks, show

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\
examples:
  clinia-nb show --sandbox                          a sample bulk; no key, no network
  clinia-nb show --sandbox --list                   the bulks that the sandbox has
  clinia-nb show ehr-prod bk_2wil…                  your bulk; set CLINIA_WORKSPACE, CLINIA_API_KEY
  clinia-nb show ehr-prod bk_2wil… --wait           once it is done
  clinia-nb report ehr-prod bk_2wil… -o report.html a page to send; see clinia-nb report --help
  clinia-nb archive save bulks ehr-prod bk_2wil…    keep it; see clinia-nb archive --help
  clinia-nb lab                                     the example notebooks, in JupyterLab
  clinia-nb lab --port 9999 --no-browser            with JupyterLab's own options

exit codes: 0 done, 1 could not be done, 2 invalid arguments, 3 more operations failed than
--max-failure-rate allows; for report and archive report see their --help
"""
_SHOW = """\
examples:
  clinia-nb show --sandbox                          a sample; no key, no network
  clinia-nb show ehr-prod bk_2wil…
  clinia-nb show ehr-prod bk_2wil… --records-to-fix fix.csv
                                                    also the wrong values, record by record
  clinia-nb show ehr-prod bk_2wil… --json | jq .headline
  clinia-nb show ehr-prod bk_2wil… --max-failure-rate 2%

exit codes:
  0  printed, whatever failed (with --max-failure-rate: no more than that failed)
  1  could not be fetched, or with --wait was not done in time
  2  invalid arguments
  3  printed, but more than --max-failure-rate failed, or the bulk did and no receipt shows why
"""
_REPORT = """\
examples:
  clinia-nb report --sandbox --open                 a sample; no key, no network
  clinia-nb report ehr-prod bk_2wil… -o report.html
  clinia-nb report ehr-prod bk_2wil… -o - > page    to standard output
  clinia-nb report ehr-prod bk_1… bk_2… -o both.html
                                                    attempts of one load, compared
  clinia-nb report ehr-prod bk_2wil… --wait --timeout 3600
                                                    once it is done, within an hour
  clinia-nb report ehr-prod bk_2wil… --from-json answer.json
                                                    a saved answer; no key, no network
  clinia-nb report ehr-prod bk_2wil… --json | jq .bulks[0].headline
  clinia-nb report ehr-prod bk_2wil… --max-failure-rate 2%
                                                    fail a job only above a threshold

The page has no scripts and loads nothing. Record ids and the variable parts of messages are masked
on it, and on the terminal; --show-ids shows them, and the page says so.

exit codes:
  0  the report is written, nothing failed (or not more than --max-failure-rate)
  1  could not be fetched or written; an earlier report is unchanged
  2  invalid arguments
  3  the report is written, operations failed (or more than --max-failure-rate), or the bulk did
     and no receipt shows why
  4  the bulk is not done: with --wait nothing is written; without it the report is written, and
     nothing failed so far
"""


# The type that argparse adds commands to is private.
_Commands = Any


class _Parser(argparse.ArgumentParser):
    """Takes options before, between and after names; errors show the usage of their command."""

    _mixes = False

    # Of the overloads of argparse, those with another kind of namespace are never called here.
    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse the arguments; the result has the parser of its command as `parser`."""
        namespace = namespace or argparse.Namespace()
        if self._mixes or self._subparsers is not None:
            return super().parse_known_args(args, namespace)
        self._mixes = True  # what is called next calls this function
        parsed, unknown = self.parse_known_intermixed_args(args, namespace)
        self._mixes = False
        if unknown:
            hint = nearest(unknown[0], self._option_string_actions)
            self.error(f"unrecognized arguments: {' '.join(unknown)}.{hint}")
        parsed.parser = self
        return parsed, unknown

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, with the nearest choice, on one line; exit."""
        wrong = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        hint = f".{nearest(wrong[1], re.findall(r'[a-z-]+', wrong[2]))}" if wrong else ""
        super().error(one_line(message + hint))


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        write_out(f"clinia-nb {version('clinia-nb')}")
        parser.exit()


def make_parser() -> argparse.ArgumentParser:
    """Return the parser, whose result has the function to run as `run`."""
    parser = _Parser(
        prog="clinia-nb",
        description="Find out what went wrong in a bulk load into Clinia.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for add in (_add_show, _add_report, _add_archive, _add_samples, _add_lab):
        add(commands)
    return parser


def _add_show(commands: _Commands) -> None:
    showing = commands.add_parser(
        "show",
        help="print what happened to a bulk",
        description="Print what happened to a bulk. Unlike `report`, this is not redacted:\n"
        "it shows values of messages, such as names.",
        epilog=_SHOW,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_bulk(showing, bulks="?")
    _add_threshold(showing)
    showing.add_argument("--json", action="store_true", help="print the findings as JSON")
    showing.add_argument(
        "--records-to-fix",
        metavar="FILE",
        help="also write a CSV file of the records to fix, with each wrong value; it is not "
        "redacted",
    )
    showing.add_argument("--list", action="store_true", help="list the bulks that the sandbox has")
    showing.set_defaults(run=show)


def _add_report(commands: _Commands) -> None:
    reporting = commands.add_parser(
        "report",
        help="write what happened to a bulk as one HTML file",
        description="Write what happened to a bulk as one HTML file to share, redacted by default.",
        epilog=_REPORT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_bulk(reporting, bulks="*")
    _add_threshold(reporting)
    reporting.add_argument(
        "-o",
        "--output",
        default="report.html",
        help="the file, or - for standard output (default: %(default)s)",
    )
    reporting.add_argument("--show-ids", action="store_true", help="do not mask ids and messages")
    reporting.add_argument(
        "--ids", action="store_true", help="with --show-ids: list up to 200 record ids per cause"
    )
    reporting.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="WORD",
        help="a word or value that names nobody and stays readable, such as the name of a system; "
        "can be repeated",
    )
    reporting.add_argument("--open", action="store_true", help="open the page in the browser")
    reporting.add_argument("--json", action="store_true", help="print the findings as JSON")
    reporting.set_defaults(run=report)


def _add_archive(commands: _Commands) -> None:
    archive = commands.add_parser(
        "archive",
        help="save bulks in a folder, and see what is new",
        description="Keep bulks in a folder, as Parquet that other programs read too.",
        epilog=ARCHIVE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_commands(archive, _add_bulk_to_save)


def _add_samples(commands: _Commands) -> None:
    samples = commands.add_parser(
        "samples",
        help="list the bulks that the sandbox has",
        description="List the bulks that the sandbox has: source, bulk id, kind, what happened.",
    )
    samples.set_defaults(run=list_bulks)


def _add_lab(commands: _Commands) -> None:
    lab = commands.add_parser(
        "lab",
        help="open the example notebooks in JupyterLab",
        usage="clinia-nb lab [-h] [FOLDER] [JUPYTER OPTION ...]",
        description="Copy the example notebooks to a folder, if they are not there, and open them. "
        "Options such as --port 9999, --no-browser or --allow-root are passed to JupyterLab.",
    )
    lab.add_argument(
        "folder", nargs="?", default=FOLDER, help=f"where to put them (default: {FOLDER})"
    )
    lab.set_defaults(run=open_lab)


def _add_bulk_to_save(command: argparse.ArgumentParser) -> None:
    _add_bulk(command, bulks="*")


def _add_bulk(command: argparse.ArgumentParser, *, bulks: str) -> None:
    add = command.add_argument
    add("source_key", nargs="?", help="the source that the bulk was loaded into")
    add("bulk_id", nargs=bulks, help="the id that the submission returned")
    add("--kind", choices=KINDS, help="which endpoint serves it (default: relationships)")
    add("--sandbox", action="store_true", help="use the sample workspace: no key, no network")
    add("--wait", action="store_true", help="wait until the bulk is done")
    add(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="with --wait: wait no longer than this (default: no limit)",
    )
    add(
        "--from-json",
        action="append",
        default=[],
        metavar="FILE",
        help="read a saved answer instead of fetching"
        + ("; once for each BULK_ID" if bulks == "*" else ""),
    )


def _add_threshold(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--max-failure-rate",
        type=_share,
        metavar="RATE",
        help="exit with 3 only if a larger share of operations failed, such as 2%% or 0.02",
    )


def _seconds(text: str) -> float:
    seconds = _number(text)
    if not seconds >= 0:  # also if it is not a number
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds, such as 3600")
    return seconds


def _share(text: str) -> float:
    number = text.strip().removesuffix("%")
    # In decimals: 0.7 / 100 of floats is less than 7 of 1,000, which the threshold allows.
    try:
        share = float(Decimal(number) / (100 if number != text.strip() else 1))
    except ArithmeticError:
        share = math.nan
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share; use 2% or 0.02")
    return share


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
