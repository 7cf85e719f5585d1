"""Ranked bars: counts per group, most first, with their figures at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb.display import formats

from ._theme import finish, name_axis, row_height, text, told

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOM = 1.25  # of the longest bar, so that its figures have a place


def ranked_bars(
    groups: pl.DataFrame,
    title: str,
    *facts: tuple[str, str] | tuple[str, str, str],
    count: str,
    hue: alt.Color | str,
    notes: Sequence[str] = (),
) -> alt.LayerChart:
    """Draw the `count` of each ``group``, and its ``share`` where there is one, row by row."""
    rows = groups.with_columns(pl.col(count).cast(pl.Int64))
    figures = [
        " · ".join(
            [
                formats.count(row[count]),
                *([formats.percent(row["share"])] if "share" in row else []),
            ]
        )
        for row in rows.iter_rows(named=True)
    ]
    labels = rows["group"].to_list()
    shown = rows.with_columns(pl.Series("figures", figures, pl.String))
    room = alt.Scale(domain=[0, _ROOM * max(1, *rows[count])], nice=False)
    base = alt.Chart(shown).encode(
        y=alt.Y("group:N", sort=labels, axis=name_axis(labels)),
        x=alt.X(f"{count}:Q", scale=room, axis=None),
    )
    bars = told(base.mark_bar(cornerRadiusEnd=2, height={"band": 0.68}), *facts)
    ends = base.mark_text(**text(align="left", dx=6)).encode(text="figures:N")
    said = "; ".join(f"{label}: {figure}" for label, figure in zip(labels, figures, strict=True))
    height = row_height(labels) * len(labels)
    bars = bars.encode(color=alt.value(hue) if isinstance(hue, str) else hue)
    return finish([bars, ends], title, notes, description=said, height=height)
