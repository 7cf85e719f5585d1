"""The documentation: `.venv/bin/sphinx-build -W -q docs build/docs`. It needs no network."""

import re
import sys
from itertools import takewhile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from clinia_nb.receipts.fields import columns_table  # noqa: E402 - found by the line above

project = "clinia_nb"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_generated"]
html_theme = "furo"
html_title = "clinia_nb"
html_static_path: list[str] = []
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
templates_path: list[str] = []
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"


def write_fields() -> None:
    """Write the table of receipt fields from the one that the code reads."""
    folder = HERE / "_generated"
    folder.mkdir(exist_ok=True)
    (folder / "fields.md").write_text(columns_table() + "\n", encoding="utf-8")


def name_each_attribute(*event: object) -> None:
    """Repeat what is said of `one, other : type` for each: Sphinx reads only the last name."""
    lines: list[str] = event[-1]
    given, lines[:] = lines[:], []
    for place, line in enumerate(given):
        several = re.fullmatch(r"(\w+(?:, \w+)+) : (.+)", line)
        if several is None:
            lines.append(line)
            continue
        *others, last = several[1].split(", ")
        words = list(takewhile(lambda text: text.startswith(" "), given[place + 1 :]))
        for name in others:
            lines += [f"{name} : {several[2]}", *words]
        lines.append(f"{last} : {several[2]}")


def setup(app: object) -> None:
    """Read docstrings before napoleon does."""
    app.connect("autodoc-process-docstring", name_each_attribute, priority=400)


write_fields()
