"""Charts of how long receipts took: per group, and how durations are spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.analysis import timing
from clinia_nb.display import formats
from clinia_nb.display.tokens import INK, OUTCOME_COLORS, PAPER
from clinia_nb.receipts.columns import DURATION, lazy_with
from clinia_nb.receipts.outcome import OUTCOMES, outcome
from clinia_nb.signatures.sign import with_signatures

from ._palette import BLUE, GRAY, SKY, VERMILION
from ._theme import color, count_axis, finish, name_axis, nothing, row_height, seconds, text, told
from .groups import group_labels, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is drawn of durations, in which words and colors.
LINES = {
    "p50": ("Median", BLUE),
    "p95": ("95th percentile", VERMILION),
    "p99": ("99th percentile", GRAY),
}
_SLOWEST = {"max": ("Slowest", GRAY)}
_BINS = 48
_HEADROOM = 1.35  # above the bars, for the texts of the percentiles
_HEIGHT, _LINE, _TEXT_ROOM = 220, 16, 0.15


def in_seconds(name: str) -> pl.Expr:
    """Give a column of durations in seconds."""
    return (pl.col(name).dt.total_microseconds() / 1_000_000).alias(name)


def summarize_timing(
    receipts: pl.DataFrame | pl.LazyFrame, *, by: str | Sequence[str] = "error_type", most: int = 10
) -> alt.LayerChart:
    """Draw, per group, the time from received to completed: median to p95, and the slowest.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.summarize_timing`, whose figures are drawn. Receipts that did not fail
        have no error type, which is a group too.
    most
        How many groups are shown, those with most receipts.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``group``, ``completed``, and ``p50``, ``p95`` and ``max``
        (seconds).

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> summarize_timing(pl.DataFrame(schema=SCHEMA)).description
    'Time from received to completed, by error type. No receipt is completed.'
    """
    keys = [by] if isinstance(by, str) else list(by)
    title = f"Time from received to completed, by {' and '.join(map(spoken, keys))}"
    frame = with_signatures(receipts) if "signature" in keys else receipts
    summary = timing.summarize_timing(frame, by=keys).filter(pl.col("completed") > 0)
    if summary.is_empty():
        return nothing(title, "No receipt is completed.")
    rest = max(summary.height - most, 0)
    notes = [f"The {most} with most receipts; {formats.count(rest)} more not shown"] * bool(rest)
    shown = summary.head(most)
    labels = group_labels(shown, keys)
    figures = {name: LINES[name] for name in ("p50", "p95")} | _SLOWEST
    said = "; ".join(
        f"{label}: median {formats.duration(p50)}, slowest {formats.duration(slowest)}"
        for label, p50, slowest in zip(labels[:3], shown["p50"], shown["max"], strict=False)
    )
    shown = shown.select(
        pl.Series("group", labels, pl.String),
        pl.col("completed").cast(pl.Int64),
        *map(in_seconds, figures),
    )
    base = told(
        alt.Chart(shown).encode(y=alt.Y("group:N", sort=labels, axis=name_axis(labels))),
        (" and ".join(map(spoken, keys)).capitalize(), "group"),
        ("Completed receipts", "completed", ",d"),
        *((words, name, "duration") for name, (words, _) in figures.items()),
    )
    marks = seconds(value for name in figures for value in shown[name])
    bars = base.mark_bar(height=7, color=SKY, opacity=0.6, orient="horizontal").encode(
        x=alt.X("p50:Q", **marks), x2="p95:Q"
    )
    shapes = alt.Scale(
        domain=[words for words, _ in figures.values()],
        range=["circle", "diamond", "triangle-right"],
    )
    colors = dict(figures.values())
    points = [
        base.transform_calculate(figure=f"'{words}'")
        .mark_point(size=80, filled=True, opacity=1)
        .encode(
            x=alt.X(f"{name}:Q", **marks),
            color=color("figure", colors, symbolType=alt.Undefined),
            shape=alt.Shape("figure:N", title=None, scale=shapes, legend=None),
        )
        for name, (words, _) in figures.items()
    ]
    height = row_height(labels) * len(labels)
    return finish([bars, *points], title, notes, description=said, height=height)


def duration_distribution(receipts: pl.DataFrame | pl.LazyFrame) -> alt.LayerChart:
    """Draw how the durations of completed receipts are spread, on a log scale, with percentiles.

    Parameters
    ----------
    receipts
        As for `clinia_nb.summarize_timing`, whose percentiles are marked. Durations that are zero
        or negative (by clocks that disagree) have no place on a log scale, and are counted in a
        note.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``shortest`` and ``longest`` (seconds), ``outcome`` and
        ``receipts``.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> duration_distribution(pl.DataFrame(schema=SCHEMA)).description
    'How long receipts took from received to completed. No receipt is completed.'
    """
    title = "How long receipts took from received to completed"
    lazy, available = lazy_with(receipts, ["status", "duration"])
    took = pl.col("duration").cast(DURATION)
    rows = lazy.select(
        outcome(available), seconds=took.dt.total_microseconds() / 1_000_000
    ).drop_nulls("seconds").collect()  # fmt: skip
    above = rows.filter(pl.col("seconds") > 0)
    summary = timing.summarize_timing(receipts).row(0, named=True)
    if rows.is_empty():
        return nothing(title, "No receipt is completed.")
    left_out = rows.height - above.height
    notes = [
        f"{formats.count(left_out)} of no or negative duration, by clocks that disagree, left out"
    ] * bool(left_out)
    said = ", ".join(f"{name} {formats.duration(summary[name])}" for name in LINES)
    if above.is_empty():
        return nothing(title, notes[0])
    shown = _bins(above)
    seen = [name for name in OUTCOMES if name in shown["outcome"].to_list()]
    x = alt.X("shortest:Q", **seconds([*shown["shortest"], *shown["longest"]], grid=False))
    tallest = shown.group_by("shortest").agg(pl.col("receipts").sum())["receipts"].to_list()
    room = alt.Scale(domain=[0, _HEADROOM * max(tallest)], nice=False)
    bars = told(
        alt.Chart(shown)
        .transform_calculate(order=f"indexof({seen}, datum.outcome)")
        .mark_bar(stroke=PAPER, strokeWidth=0.5, orient="vertical"),
        ("From", "shortest", "duration"),
        ("To", "longest", "duration"),
        ("Outcome", "outcome"),
        ("Receipts", "receipts", ",d"),
    ).encode(
        x=x,
        x2="longest:Q",
        y=alt.Y(
            "receipts:Q", title="Completed receipts", axis=count_axis(), stack="zero", scale=room
        ),
        order=alt.Order("order:Q"),
        color=color("outcome", {name: OUTCOME_COLORS[name] for name in seen}),
    )  # fmt: skip
    return finish(
        [bars, *_percentiles(summary, shown)], title, notes, description=said, height=_HEIGHT
    )


def _bins(above: pl.DataFrame) -> pl.DataFrame:
    """Count receipts in intervals of equal width on the log scale."""
    low, high = (
        math.log10(x)
        for x in above.select(a=pl.col("seconds").min(), b=pl.col("seconds").max()).row(0)
    )
    # Twelve to a tenfold at the finest: a narrow spread is not blown up to fill the chart.
    step = max((high - low) / _BINS, 1 / 48) or 1
    place = ((pl.col("seconds").log10() - low) / step).floor().clip(0, _BINS - 1)
    return (
        above.group_by(place=place, outcome="outcome")
        .agg(receipts=pl.len().cast(pl.Int64))
        .sort("place", "outcome")
        .select(
            shortest=(10 ** (low + step * pl.col("place"))),
            longest=(10 ** (low + step * (pl.col("place") + 1))),
            outcome=pl.col("outcome").cast(pl.String),
            receipts="receipts",
        )
    )


def _percentiles(summary: dict[str, Any], shown: pl.DataFrame) -> list[alt.Chart]:
    """Mark the percentiles, each from its text down, so that no line runs through a text."""
    low, high = (math.log(value) for value in (min(shown["shortest"]), max(shown["longest"])))
    layers: list[alt.Chart] = []
    for row, name in enumerate(LINES):
        value = summary[name].total_seconds()
        if value <= 0:
            continue
        at_edge = high - math.log(value) < _TEXT_ROOM * (high - low)
        label = f"{name} {formats.duration(summary[name])}"
        base = alt.Chart(pl.DataFrame([{"seconds": value, "label": label}])).encode(x="seconds:Q")
        place: dict[str, Any] = {"align": "right", "dx": -6} if at_edge else {"dx": 6}
        told_at = base.encode(text="label:N", y=alt.value(_LINE * (row + 0.4)))
        letters: dict[str, Any] = text(align="left", fontWeight=600) | place
        halo: dict[str, Any] = letters | {"stroke": PAPER, "strokeWidth": 4}
        line = base.mark_rule(color=INK, strokeDash=[4, 3], opacity=0.7).encode(
            y=alt.value(_LINE * row), y2=alt.value(_HEIGHT)
        )
        layers += [line, told_at.mark_text(**halo), told_at.mark_text(**letters)]
    return layers
