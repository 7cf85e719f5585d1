"""Notebooks as HTML, as ``jupyter nbconvert`` writes them, without a process for each."""

from __future__ import annotations

import warnings

NO_INPUT = dict.fromkeys(
    ("exclude_input", "exclude_input_prompt", "exclude_output_prompt"), True
)  # what --no-input stands for


def export(path, **options):
    """Return the page of a notebook."""
    from nbconvert.exporters import HTMLExporter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        page, _ = HTMLExporter(**options).from_filename(str(path))
    return page
