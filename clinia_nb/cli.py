"""The command line: what became of a bulk, in brief, and the example notebooks."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import CliniaError
from .explain import explain
from .fetch import Client
from .ids import KINDS
from .samples import list_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\
examples:
  clinia-nb show --sandbox                          a sample bulk; no key, no network
  clinia-nb show --sandbox ehr-prod bk_2wil…        another one of the samples
  clinia-nb show ehr-prod bk_2wil…                  yours, by CLINIA_WORKSPACE and CLINIA_API_KEY
  clinia-nb show ehr-prod bk_2wil… --wait           once it is done
  clinia-nb samples                                 the samples that the sandbox has
  clinia-nb lab                                     the example notebooks, in JupyterLab

exit codes: 0 done (also where the bulk has failures), 1 could not be done, 2 unusable arguments
"""
_FIRST_NOTEBOOK = "01_investigate_a_bulk.ipynb"
_SHOWN_FIRST = "mixed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return options.run(options, parser)
    except CliniaError as exc:
        print(f"clinia-nb: {exc}", file=sys.stderr)
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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    show = commands.add_parser("show", help="print what became of a bulk")
    show.add_argument("source_key", nargs="?", help="the source that was loaded into")
    show.add_argument("bulk_id", nargs="?", help="the id that the submission answered with")
    show.add_argument("--kind", choices=KINDS, help="which endpoint serves it")
    show.add_argument("--sandbox", action="store_true", help="ask the samples: no key, no network")
    show.add_argument("--wait", action="store_true", help="wait until the bulk is done")
    show.add_argument("--timeout", type=float, help="with --wait: seconds to wait at the most")
    show.set_defaults(run=_show)
    samples = commands.add_parser("samples", help="list the samples of the sandbox")
    samples.set_defaults(run=_samples)
    lab = commands.add_parser("lab", help="open the example notebooks in JupyterLab")
    lab.add_argument("folder", nargs="?", default="clinia-notebooks", help="where to put them")
    lab.set_defaults(run=_lab)
    return parser


def _show(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    source_key, bulk_id, kind = options.source_key, options.bulk_id, options.kind
    if bulk_id is None:
        if not options.sandbox or source_key is not None:
            parser.error("show needs SOURCE_KEY and BULK_ID (or --sandbox alone)")
        sample = next(s for s in list_samples() if s.name == _SHOWN_FIRST)
        source_key, bulk_id, kind = sample.source_key, sample.bulk_id, sample.kind
    client = Client.sandbox() if options.sandbox else Client()
    kind = kind or "relationships"
    if options.wait:
        bulk = client.wait_for_bulk(source_key, bulk_id, kind=kind, timeout=options.timeout)
    else:
        bulk = client.fetch_bulk(source_key, bulk_id, kind=kind)
    print(bulk.summary.facts(), explain(bulk).text(), sep="\n\n")
    if options.sandbox:
        print(f"\nNext: `clinia-nb lab` opens {_FIRST_NOTEBOOK}, which goes on from here.")
    return 0


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
