"""Charts of the summaries: each takes receipts, draws their summary, and returns an Altair chart.

A chart holds the rows of a summary, never the receipts, so that it stays small for any bulk. What
is not among the leading groups is folded into one, ``other (N)``, or counted in a note.

Each is a plain `alt.LayerChart`: ``.properties(…)`` restyles it, ``chart + rule`` layers it,
``chart.save("chart.svg")`` writes it (on white; for a dark background see `themed`). In a
`JupyterChart` its marks can be clicked and time can be brushed: see `pickable` and `brushable`, or
add selections of your own with ``chart.add_params(…)``. Each docstring has the fields of the marks;
`leading_groups` lists which receipts a ``group`` stands for.

Unless you choose a renderer, charts are shown as SVG, drawn by vl-convert: Altair's own default
loads its code from the internet. ``alt.renderers.enable("html")`` is another name of that default.
"""

from __future__ import annotations

from clinia_nb.display.times import utc_offset
from clinia_nb.display.tokens import OUTCOME_COLORS
from clinia_nb.text import nearest

from ._palette import group_colors
from .attempts import compare_bulks, failing_so_far
from .contrast import contrast_failures
from .failures import count_outcomes, failure_heatmap, failure_signatures, summarize_failures
from .groups import leading_groups
from .history import signature_history
from .onsets import failure_onsets
from .over_time import failures_over_time, throughput, timing_over_time
from .picking import brushable, pickable
from .retry import retry_plan
from .svg import drawn, themed, to_svg
from .timing import duration_distribution, summarize_timing
from .trends import bulk_trends
from .values import failure_values

__all__ = [
    "OUTCOME_COLORS",
    "brushable",
    "bulk_trends",
    "compare_bulks",
    "contrast_failures",
    "count_outcomes",
    "drawn",
    "duration_distribution",
    "failing_so_far",
    "failure_heatmap",
    "failure_onsets",
    "failure_signatures",
    "failure_values",
    "failures_over_time",
    "group_colors",
    "leading_groups",
    "pickable",
    "retry_plan",
    "signature_history",
    "summarize_failures",
    "summarize_timing",
    "themed",
    "throughput",
    "timing_over_time",
    "to_svg",
    "utc_offset",
]

_FORMER_NAMES = {"OUTCOME_COLOURS": "OUTCOME_COLORS", "group_colours": "group_colors"}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> object:
    if name in _FORMER_NAMES:
        return globals()[_FORMER_NAMES[name]]
    hint = nearest(name, __all__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}.{hint}")
