"""Charts of how long receipts took: per group, and how durations are spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.analysis import timing
from clinia_nb.display import formats
from clinia_nb.display.tokens import INK, OUTCOME_COLORS, PAPER
from clinia_nb.receipts.columns import DURATION, lazy_with, names_of
from clinia_nb.receipts.outcome import OUTCOMES, outcome

from ._palette import BLUE, GRAY, SKY, VERMILION
from ._theme import (
    color,
    count_axis,
    data,
    described,
    finish,
    lane_names,
    lane_tracks,
    lanes,
    nothing,
    seconds,
)
from .groups import group_labels, in_words, signed_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

# The percentiles of durations that are drawn, with their names and colors.
LINES = {
    "p50": ("Median", BLUE),
    "p95": ("95th percentile", VERMILION),
    "p99": ("99th percentile", GRAY),
}
_SLOWEST = {"max": ("Slowest", GRAY)}
_BINS = 48
_HEADROOM = 1.35  # above the bars, for the texts of the percentiles
_HEIGHT, _LINE, _TEXT_ROOM, _LANE = 220, 16, 0.15, 42


def basis(completed: int, pending: int) -> list[str]:
    """Return the note on receipts without a duration; none if nothing is pending."""
    counts = formats.count(completed), formats.count(pending)
    are = "is" if pending == 1 else "are"
    return [f"Of {counts[0]} completed; {counts[1]} pending {are} left out"] if pending else []


def in_seconds(name: str) -> pl.Expr:
    """Return a column of durations in seconds."""
    return (pl.col(name).dt.total_microseconds() / 1_000_000).alias(name)


def summarize_timing(
    receipts: Receipts, *, by: str | Sequence[str] = "error_type", most: int = 10
) -> alt.LayerChart:
    """Draw, per group, the time from received to completed: median to p95, and the slowest.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.summarize_timing`, whose figures are drawn. Receipts that did not fail
        have no error type, which is a group too.
    most
        How many groups are shown: those with the most receipts.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``group``, ``completed``, ``pending``, and ``p50``, ``p95`` and
        ``max`` (seconds).

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> summarize_timing(pl.DataFrame(schema=SCHEMA)).description
    'Time from received to completed, by error type. No durations are known.'
    """
    keys = names_of(by)
    title = f"Time from received to completed, by {' and '.join(map(in_words, keys))}"
    frame = signed_for(receipts, keys)
    summary = timing.summarize_timing(frame, by=keys)
    notes = basis(int(summary["completed"].sum()), int(summary["pending"].sum()))
    summary = summary.filter(pl.col("completed") > 0)
    if summary.is_empty():
        return nothing(title, "No durations are known.")
    rest = max(summary.height - most, 0)
    if rest:
        notes.append(f"The {most} with the most receipts; {formats.count(rest)} more not shown")
    shown = summary.head(most)
    labels = group_labels(shown, keys)
    figures = {name: LINES[name] for name in ("p50", "p95")} | _SLOWEST
    words = _leading(labels, shown)
    shown = shown.select(
        pl.Series("group", labels, pl.String),
        pl.col("completed", "pending").cast(pl.Int64),
        *map(in_seconds, figures),
    )
    base = described(
        alt.Chart(data(shown.with_row_index("place"))).encode(y=lanes()),
        (" and ".join(map(in_words, keys)).capitalize(), "group"),
        ("Completed receipts", "completed", ",d"),
        ("Pending receipts", "pending", ",d"),
        *((name, field, "duration") for field, (name, _) in figures.items()),
    )
    marks = seconds((value for name in figures for value in shown[name]), across=True)
    bars = base.mark_bar(height=8, yOffset=8, color=SKY, opacity=0.45, orient="horizontal").encode(
        x=alt.X("p50:Q", **marks), x2=alt.X2("p95:Q")
    )
    shapes = alt.Scale(domain=[0, 1, 2], range=["circle", "diamond", "triangle-right"])
    points = (
        base.transform_fold(list(figures), as_=["name", "seconds"])
        .transform_calculate(figure=f"indexof({list(figures)}, datum.name)")
        .mark_point(size=80, filled=True, opacity=1, yOffset=8)
        .encode(
            x=alt.X("seconds:Q", **marks),
            color=color("figure", dict(figures.values()), symbolType="circle"),
            shape=alt.Shape("figure:N", scale=shapes, legend=None),
        )
    )
    layers = [lane_tracks(len(labels), below=8), bars, points, lane_names(labels, above=10)]
    height = _LANE * len(labels)
    return finish(layers, title, ["On a log scale", *notes], description=words, height=height)


def _leading(labels: list[str], shown: pl.DataFrame) -> str:
    """Say how long the first groups took."""
    return "; ".join(
        f"{label}: median {formats.duration(p50)}, slowest {formats.duration(slowest)}"
        for label, p50, slowest in zip(labels[:3], shown["p50"], shown["max"], strict=False)
    )


def duration_distribution(receipts: Receipts) -> alt.LayerChart:
    """Draw how the durations of completed receipts are spread, on a log scale, with percentiles.

    Parameters
    ----------
    receipts
        As for `clinia_nb.summarize_timing`, whose percentiles are marked. Durations that are zero
        or negative (clocks disagree) cannot be drawn on a log scale, and are counted in a note.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``shortest`` and ``longest`` (seconds), ``outcome`` and
        ``receipts``.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> duration_distribution(pl.DataFrame(schema=SCHEMA)).description
    'How long receipts took from received to completed. No durations are known.'
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
        return nothing(title, "No durations are known.")
    left_out = rows.height - above.height
    notes: list[str] = []
    if left_out:
        notes.append(
            f"Left out: {formats.count(left_out)} with zero or negative duration (clock skew)"
        )
    words = ", ".join(f"{name} {formats.duration(summary[name])}" for name in LINES)
    if above.is_empty():
        return nothing(title, notes[0])
    shown = _bins(above)
    seen = [name for name in OUTCOMES if name in shown["outcome"].to_list()]
    shown = shown.with_columns(
        order=pl.col("outcome").replace_strict(seen, range(len(seen)), return_dtype=pl.Int64)
    )
    tallest = shown.group_by("shortest").agg(pl.col("receipts").sum())["receipts"].max()
    top = _HEADROOM * float(str(tallest))
    layers = [_outcome_bars(shown, seen, top), *_percentiles(summary, shown, top)]
    known = basis(summary["completed"], summary["pending"]) or ["Completed receipts"]
    notes = [*known, "Time on a log scale", *notes]
    return finish(layers, title, notes, description=words, height=_HEIGHT)


def _outcome_bars(shown: pl.DataFrame, seen: list[str], top: float) -> alt.Chart:
    """Draw the receipts of each interval as bars, stacked by outcome."""
    scaled = seconds([*shown["shortest"], *shown["longest"]], peaks=_peaks(shown), across=True)
    return described(
        alt.Chart(data(shown)).mark_bar(stroke=PAPER, strokeWidth=0.5, orient="vertical"),
        ("From", "shortest", "duration"),
        ("To", "longest", "duration"),
        ("Outcome", "outcome"),
        ("Receipts", "receipts", ",d"),
    ).encode(
        x=alt.X("shortest:Q", **scaled),
        x2=alt.X2("longest:Q"),
        y=alt.Y(
            "receipts:Q",
            title=None,
            axis=count_axis(),
            stack="zero",
            scale=alt.Scale(domain=[0, top], nice=False),
        ),
        order=alt.Order("order:Q"),
        color=color("order", {name: OUTCOME_COLORS[name] for name in seen}),
    )


def _peaks(shown: pl.DataFrame) -> list[tuple[float, float]]:
    """Return, for each outcome, the interval with most receipts, and a little around it."""
    most = shown.sort("receipts", descending=True).group_by("outcome", maintain_order=True).first()
    return [
        (0.97 * shortest, 1.03 * longest)
        for shortest, longest in most.select("shortest", "longest").iter_rows()
    ]


def _bins(above: pl.DataFrame) -> pl.DataFrame:
    """Count receipts in intervals of equal width on the log scale."""
    low, high = (
        math.log10(x)
        for x in above.select(a=pl.col("seconds").min(), b=pl.col("seconds").max()).row(0)
    )
    # At most 48 bins per power of ten: a narrow spread does not fill the chart.
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


def _percentiles(summary: dict[str, Any], shown: pl.DataFrame, top: float) -> list[alt.Chart]:
    """Draw the percentiles, each from its text down, so that no line runs through a text."""
    low, high = (math.log(value) for value in (min(shown["shortest"]), max(shown["longest"])))
    line = top * _LINE / _HEIGHT
    rows = [
        {
            "seconds": value,
            "label": f"{name} {formats.duration(summary[name])}",
            "at_edge": high - math.log(value) < _TEXT_ROOM * (high - low),
            "top": top - row * line,
            "middle": top - (row + 0.4) * line,
        }
        for row, name in enumerate(LINES)
        if (value := summary[name].total_seconds()) > 0
    ]
    if not rows:
        return []
    base = alt.Chart(data(pl.DataFrame(rows))).encode(x=alt.X("seconds:Q"))
    rules = base.mark_rule(strokeDash=[4, 3], opacity=0.7, color=INK).encode(
        y=alt.Y("top:Q"), y2=alt.datum(0)
    )
    place: dict[str, Any] = {
        "align": {"expr": "datum.at_edge ? 'right' : 'left'"},
        "dx": {"expr": "datum.at_edge ? -6 : 6"},
        "baseline": "middle",
        "fontWeight": 600,
    }
    texts = base.encode(y=alt.Y("middle:Q"), text=alt.Text("label:N"))
    return [rules, texts.mark_text(stroke=PAPER, strokeWidth=4, **place), texts.mark_text(**place)]
