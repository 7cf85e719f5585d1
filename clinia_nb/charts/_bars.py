"""Ranked bars: counts per group, most first, each with its name above and its figures after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from clinia_nb.display import formats

from ._theme import data, described, finish, lane_names, lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTER, _GAP = 7.2, 12  # pixels of a letter of the figures, and of the gap before them
_LANE = 40


def ranked_bars(
    groups: pl.DataFrame,
    title: str,
    *facts: tuple[str, str] | tuple[str, str, str],
    count: str,
    hue: alt.Color | str,
    notes: Sequence[str] = (),
) -> alt.LayerChart:
    """Draw the `count` of each ``group``, and its ``share`` if there is one, row by row."""
    rows = groups.with_columns(
        pl.col(count).cast(pl.Int64),
        place=pl.int_range(pl.len()),
        key=pl.int_range(pl.len()).cast(pl.String),
    )
    figures = [
        " · ".join(
            [
                formats.count(row[count]),
                *([formats.percent(row["share"])] if "share" in row else []),
            ]
        )
        for row in rows.iter_rows(named=True)
    ]
    shown = rows.with_columns(pl.Series("figures", figures, pl.String))
    # The longest bar leaves room for its figures, at any width.
    ends_at = f"width - {_GAP + _LETTER * max(map(len, figures), default=0):g}"
    room = alt.Scale(domain=[0, max(1, *rows[count])], range=[0, alt.expr(ends_at)], nice=False)
    base = alt.Chart(data(shown)).encode(y=lanes(), x=alt.X(f"{count}:Q", scale=room, axis=None))
    bars = described(base.mark_bar(cornerRadius=2, height=13, yOffset=7, minBandSize=2), *facts)
    ends = base.mark_text(align="left", baseline="middle", dx=7, dy=8).encode(
        text=alt.Text("figures:N")
    )
    words = "; ".join(
        f"{label}: {figure}" for label, figure in zip(rows["group"], figures, strict=True)
    )
    bars = bars.encode(color=alt.ColorValue(hue) if isinstance(hue, str) else hue)
    layers = [bars, ends, lane_names(rows["group"].to_list(), above=9)]
    return finish(layers, title, notes, description=words, height=_LANE * rows.height)
