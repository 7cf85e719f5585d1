"""``clinia-nb lab``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clinia_nb.errors import CliniaError

if TYPE_CHECKING:
    import argparse

FIRST_NOTEBOOK = "01_investigate_a_bulk.ipynb"
FOLDER = "clinia-notebooks"


def split_arguments(words: list[str]) -> tuple[list[str], list[str]]:
    """Separate the arguments of `lab` from those that it passes on: all but a leading folder."""
    if words[:1] != ["lab"] or words[1:2] in (["-h"], ["--help"]):
        return words, []
    own = 2 if words[1:] and not words[1].startswith("-") else 1
    rest = words[own:]
    return words[:own], rest[1:] if rest[:1] == ["--"] else rest


def open_lab(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    """Copy the notebooks and open them; return the exit code of JupyterLab."""
    jupyter = shutil.which("jupyter", path=str(Path(sys.executable).parent))
    if jupyter is None:
        raise CliniaError("JupyterLab is not installed here: pip install 'clinia-nb[lab]'.")
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(_notebooks().glob("*.ipynb")):
        if not (folder / notebook.name).exists():  # keep what the user wrote
            shutil.copy(notebook, folder)
    command = [jupyter, "lab", str(folder / FIRST_NOTEBOOK), *options.for_jupyter]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own command


def _notebooks() -> Path:
    """Return where the notebooks are: in a wheel inside the package, in a checkout next to it."""
    here = Path(__file__).parents[1]
    shipped = here / "_notebooks"
    return shipped if shipped.is_dir() else here.parent / "notebooks"
