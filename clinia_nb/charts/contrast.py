"""Charts of why, and what then: what sets failures apart, and what to do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb.analysis import contrast
from clinia_nb.display import formats
from clinia_nb.display.tokens import INK

from ._palette import GRAY, VERMILION
from ._text import clip
from ._theme import axis, color, finish, name_axis, nothing, row_height, text, told
from .groups import named, unlike

if TYPE_CHECKING:
    from collections.abc import Sequence

_RATE_WIDTH, _PREFIX = 420, 44
_INSIDE, _OUTSIDE = "failure rate there", "failure rate elsewhere"


def contrast_failures(
    receipts: pl.DataFrame | pl.LazyFrame,
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
        How many leads are shown, of the best ranks.
    leads
        What `clinia_nb.contrast_failures` gave for these receipts and `by`, where it is at hand.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``lead`` (the row of the leads, from 0), ``group``, ``inside``
        and ``outside`` (0 to 1), ``failures``, ``receipts`` and ``excess``. Where there is no lead
        the chart is the text "Nothing sets the failures apart".

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
        return nothing(title, "Nothing sets the failures apart.")
    shown = leads.head(most)
    keys = leads.columns[: leads.columns.index("rank")]
    labels = unlike(
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


def _dumbbells(
    rows: pl.DataFrame, labels: list[str], title: str, notes: list[str]
) -> alt.LayerChart:
    figures = [
        f"{formats.count(row['failures'])} of {formats.count(row['receipts'])} failed · "
        f"{formats.count(round(row['excess']))} in excess"
        for row in rows.iter_rows(named=True)
    ]
    shown = rows.with_columns(pl.Series("figures", figures))
    scale = alt.Scale(domain=[0, 1], nice=False)
    rate = axis(format=".0%", tickCount=5, domain=False, ticks=False)
    facts = [
        ("Where", "group"),
        ("Failed there", "inside", ".1%"),
        ("Failed elsewhere", "outside", ".1%"),
        ("Failed receipts there", "failures", ",d"),
        ("Receipts there", "receipts", ",d"),
        ("In excess of the rate elsewhere", "excess", ",.0f"),
    ]
    base = told(
        alt.Chart(shown).encode(
            y=alt.Y("group:N", sort=labels, axis=name_axis(labels)),
            x=alt.X("inside:Q", scale=scale, axis=rate, title="Failed of the receipts that ended"),
        ),
        *facts,
    )
    colors = {_INSIDE: VERMILION, _OUTSIDE: GRAY}
    stems = base.mark_rule(strokeWidth=3, color=VERMILION, opacity=0.35).encode(x2="outside:Q")
    dots = [
        base.transform_calculate(what=f"'{what}'")
        .mark_point(size=size, filled=True, opacity=1)
        .encode(x=f"{field}:Q", color=color("what", colors, symbolType="circle"))
        for what, field, size in ((_OUTSIDE, "outside", 70), (_INSIDE, "inside", 150))
    ]
    ends = base.mark_text(**text(align="left", color=INK)).encode(
        text="figures:N", x=alt.value(_RATE_WIDTH + 14)
    )
    said = "; ".join(
        f"{row['group']}: {formats.percent(row['inside'])} failed there, "
        f"{formats.percent(row['outside'])} elsewhere"
        for row in rows.head(3).iter_rows(named=True)
    )
    height = row_height(labels, least=36) * len(labels)
    chart = finish([stems, *dots, ends], title, notes, description=said, height=height)
    return chart.properties(width=_RATE_WIDTH)
