"""The chart of leads: what sets failures apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb.analysis import contrast
from clinia_nb.analysis.failures import count_outcomes
from clinia_nb.display import formats

from ._palette import GRAY, VERMILION
from ._text import clip
from ._theme import color, data, described, finish, lane_names, lane_tracks, lanes, nothing
from .groups import distinct_texts, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

_LANE, _PREFIX = 62, 44
_INSIDE, _OUTSIDE = "failure rate there", "failure rate elsewhere"


def contrast_failures(
    receipts: Receipts,
    *,
    by: str | Sequence[str] | None = None,
    most: int = 10,
    leads: pl.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw what sets failures apart: for each lead, how often receipts fail there and elsewhere.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.contrast_failures`, whose leads are drawn.
    most
        How many leads are shown, best first.
    leads
        What `clinia_nb.contrast_failures` returned for these receipts and `by`, if you have it.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``lead`` (the row of the leads, from 0), ``group``, ``inside``
        and ``outside`` (0 to 1), ``failures``, ``receipts`` and ``excess``. Without a lead the
        chart is a text, such as "Nothing sets the failures apart".

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "type": ["clinic"] * 10 + ["patient"] * 10,
    ...     "status": ["FAILURE"] * 9 + ["SUCCESS"] * 11,
    ... })
    >>> contrast_failures(receipts).description
    'What sets the failures apart. type = clinic: 90.0% failed there, 0% elsewhere.'
    """
    leads = contrast.contrast_failures(receipts, by=by) if leads is None else leads
    title = "What sets the failures apart"
    if leads.is_empty():
        return nothing(title, _without_leads(receipts))
    shown = leads.head(most)
    keys = leads.columns[: leads.columns.index("rank")]
    labels = distinct_texts(
        clip("".join(f"{clip(named(key, row[key]), _PREFIX)}: " for key in keys) + row["condition"])
        for row in shown.with_columns(pl.col(keys).cast(pl.String)).iter_rows(named=True)
    )
    rows = shown.select(
        pl.int_range(pl.len()).alias("lead"),
        pl.Series("group", labels),
        inside="failure_rate",
        outside=pl.col("failure_rate_outside").fill_nan(0.0).fill_null(0.0),
        failures=pl.col("failures").cast(pl.Int64),
        receipts=pl.col("receipts").cast(pl.Int64),
        excess="excess",
    )
    notes = []
    if leads.height > shown.height:
        notes = [f"The {shown.height} best of {formats.count(leads.height)} leads"]
    return _dumbbells(rows, labels, title, notes)


def _without_leads(receipts: Receipts) -> str:
    failures = count_outcomes(receipts)["failed"].item()
    if not failures:
        return "No receipts failed."
    if failures < contrast.FEWEST:
        return "Too few failures to tell."
    return "Nothing sets the failures apart."


def _dumbbells(
    rows: pl.DataFrame, labels: list[str], title: str, notes: list[str]
) -> alt.LayerChart:
    figures = [
        f"{formats.count(row['failures'])} of {formats.count(row['receipts'])} failed · "
        f"{formats.count(round(row['excess']))} more than at the rate elsewhere"
        for row in rows.iter_rows(named=True)
    ]
    facts = [
        ("Where", "group"),
        ("Failed there", "inside", ".1%"),
        ("Failed elsewhere", "outside", ".1%"),
        ("Failed receipts there", "failures", ",d"),
        ("Receipts there", "receipts", ",d"),
        ("More than at the rate elsewhere", "excess", ",.0f"),
    ]
    rate = alt.X(
        "inside:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5),
        title="Share of the completed receipts that failed",
    )
    base = described(
        alt.Chart(data(rows.with_columns(place="lead"))).encode(y=lanes(), x=rate), *facts
    )
    stems = base.mark_rule(strokeWidth=3, color=VERMILION, opacity=0.35, yOffset=20).encode(
        x2=alt.X2("outside:Q")
    )
    dots = (
        base.transform_fold(["outside", "inside"], as_=["name", "rate"])
        .transform_calculate(which="datum.name == 'inside' ? 0 : 1")
        .mark_point(filled=True, opacity=1, yOffset=20, size=120)
        .encode(
            x=alt.X("rate:Q"),
            color=color("which", {_INSIDE: VERMILION, _OUTSIDE: GRAY}, symbolType="circle"),
        )
    )
    words = "; ".join(
        f"{row['group']}: {formats.percent(row['inside'])} failed there, "
        f"{formats.percent(row['outside'])} elsewhere"
        for row in rows.head(3).iter_rows(named=True)
    )
    names = lane_names(labels, above=18), lane_names(figures, above=2, dim=True)
    layers = [lane_tracks(len(labels), below=20), stems, dots, *names]
    return finish(layers, title, notes, description=words, height=_LANE * len(labels))
