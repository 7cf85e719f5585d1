"""The documentation: `.venv/bin/sphinx-build -W -q docs build/docs`. It needs no network."""

import sys
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


write_fields()
