"""Charts of several attempts: what became of the records from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb import findings
from clinia_nb.analysis.attempts import ANOTHER, SAME, TRANSITIONS
from clinia_nb.display import formats
from clinia_nb.display.tokens import PAPER
from clinia_nb.findings import Comparison

from ._bars import ranked_bars
from ._palette import AMBER, GRAY, GREEN, PINK, VERMILION, WINE
from ._theme import color, data, described, finish, lane_names, lanes, nothing

if TYPE_CHECKING:
    from clinia_nb.analysis.attempts import Attempt

_MOST_STEPS = 20
# Most records never failed: these are only counted in a note.
_CALM = [change for change, states in TRANSITIONS.items() if "failed" not in states]
_COLORS = {
    "fixed": GREEN,
    SAME: VERMILION,
    ANOTHER: PINK,
    "failed, now undecided": AMBER,
    "failed, not sent again": GRAY,
    "newly failing": WINE,
    "undecided, now failing": "#7d5a8c",
    "only after, failing": "#9a6b44",
}


def compare_bulks(before: Attempt | Comparison, *later: Attempt) -> alt.LayerChart:
    """Draw what became of the records that failed, from each attempt to the next.

    Parameters
    ----------
    before, *later
        Attempts, as for `clinia_nb.compare_bulks`, or the `Comparison` that it returned, whose
        ``changes`` are drawn. The first 20 steps are shown.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``step``, ``group`` (the step in words), ``change`` and
        ``records``. Records that failed in neither attempt are left out, which a note says.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> nothing_sent = pl.DataFrame(schema=SCHEMA)
    >>> compare_bulks(nothing_sent, nothing_sent).description
    'What became of the records that failed. No record failed in any attempt.'
    """
    changes = _compared(before, later).changes
    title = "What became of the records that failed"
    calm = int(changes.filter(pl.col("change").cast(pl.String).is_in(_CALM))["records"].sum())
    shown = _drawn(changes)
    if shown.is_empty():
        return nothing(title, "No record failed in any attempt.")
    steps = shown["group"].unique(maintain_order=True).to_list()
    totals = shown.group_by("change").agg(pl.col("records").sum())
    counts = dict(totals.iter_rows())
    labels = {
        change: f"{change}: {formats.count(counts[change])}" if len(steps) == 1 else change
        for change in _COLORS
        if change in counts
    }
    numbers = {change: number for number, change in enumerate(labels)}
    shown = shown.with_columns(
        place=pl.col("step") - 1,
        hue=pl.col("change").replace_strict(numbers, return_dtype=pl.Int64),
    )
    hues = {label: _COLORS[change] for change, label in labels.items()}
    bars = described(
        alt.Chart(data(shown)).mark_bar(stroke=PAPER, strokeWidth=1.5, height=16, yOffset=8),
        ("Step", "group"),
        ("Change", "change"),
        ("Records", "records", ",d"),
        ("Of those drawn of the step", "share", ".1%"),
    ).encode(
        y=lanes(),
        x=alt.X("records:Q", stack="zero", axis=None, scale=alt.Scale(nice=False)),
        order=alt.Order("order:Q"),
        color=color("hue", hues),
    )
    words = "; ".join(f"{change}: {formats.count(counts[change])}" for change in labels)
    notes = [f"Records; {formats.count(calm)} that failed neither before nor after are left out"]
    layers = [bars, lane_names(steps, above=9)]
    height = 42 * len(steps)
    return finish(layers, title, notes if calm else (), description=words, height=height)


def _drawn(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the changes that are drawn, each with its place in its step."""
    return (
        changes.filter(
            ~pl.col("change").cast(pl.String).is_in(_CALM), pl.col("step") <= _MOST_STEPS
        )
        .select(
            pl.col("step").cast(pl.Int64),
            pl.format("Attempt {} to {}", "step", pl.col("step") + 1).alias("group"),
            pl.col("change").cast(pl.String),
            pl.col("records").cast(pl.Int64),
        )
        .with_columns(
            share=pl.col("records") / pl.col("records").sum().over("step"),
            order=pl.col("change").replace_strict(list(_COLORS), range(len(_COLORS))),
        )
        .sort("step", "order")
    )


def failing_so_far(before: Attempt | Comparison, *later: Attempt) -> alt.LayerChart:
    """Draw, attempt after attempt, how many records are failing so far.

    Parameters
    ----------
    before, *later
        As in `compare_bulks`. The first 20 attempts are shown.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``attempt``, ``group`` (the attempt in words) and ``records``.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> nothing_sent = pl.DataFrame(schema=SCHEMA)
    >>> failing_so_far(nothing_sent, nothing_sent).description
    'Records failing so far. After attempt 1: 0; After attempt 2: 0.'
    """
    attempts = _compared(before, later).attempts.head(_MOST_STEPS)
    shown = attempts.select(
        pl.format("After attempt {}", "attempt").alias("group"),
        pl.col("attempt").cast(pl.Int64),
        pl.col("failing_so_far").alias("records"),
    )
    return ranked_bars(
        shown,
        "Records failing so far",
        ("Attempt", "attempt"),
        ("Records failing so far", "records", ",d"),
        count="records",
        hue=VERMILION,
    )


def _compared(before: Attempt | Comparison, later: tuple[Attempt, ...]) -> Comparison:
    if isinstance(before, Comparison):
        return before
    if not later:
        raise TypeError("One attempt cannot be compared: pass the next one too, or a Comparison.")
    return findings.compare_bulks(before, *later)
