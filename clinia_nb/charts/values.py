"""The chart of the values behind placeholders: which ones fail most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.analysis import values as analysis
from clinia_nb.display import formats

from ._palette import VERMILION
from ._text import clip
from ._theme import data, described, finish, lane_names, lanes, nothing

if TYPE_CHECKING:
    from clinia_nb.receipts.columns import Receipts

_PLACE = ("signature", "error_type", "position", "placeholder", "context", "distinct")
_LANE, _ROOM = 38, 1.3
_HEADING = 100


def failure_values(
    receipts: Receipts,
    *,
    places: int = 4,
    most: int = 5,
    values: pl.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw which values stand most often at the placeholders of failing messages.

    Parameters
    ----------
    receipts
        As for `clinia_nb.failure_values`, whose counts are drawn.
    places
        How many places are shown: those of the most frequent problems at which a value repeats.
    most
        How many values each place shows; the others are counted in one bar.
    values
        What `clinia_nb.failure_values` returned for these receipts, if you have it.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``signature``, ``context``, ``value``, ``failures`` and ``share``.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "status": ["FAILURE"] * 3,
    ...     "error_message": ["no clinic 'c1'", "no clinic 'c2'", "no clinic 'c1'"],
    ... })
    >>> failure_values(receipts).description
    'Values that fail most. Of the most frequent problems. no clinic <name>: c1 2, c2 1.'
    """
    counted = analysis.failure_values(receipts) if values is None else values
    title = "Values that fail most"
    repeated = counted.filter(pl.col("failures").max().over(_PLACE) > 1)
    leading = repeated.select(_PLACE).unique(maintain_order=True).head(places)
    if leading.is_empty():
        return nothing(title, "No value repeats at any placeholder.")
    shown = leading.with_row_index("number").join(
        counted, on=_PLACE, nulls_equal=True, maintain_order="left"
    )
    rows = [
        row
        for (_,), group in shown.group_by("number", maintain_order=True)
        for row in _rows(group, most)
    ]
    named = pl.DataFrame(rows, infer_schema_length=None).with_row_index("place")
    words = "; ".join(
        f"{clip(str(group['context'][0]), _HEADING)}: "
        + ", ".join(
            f"{clip(value, 40)} {formats.count(failures)}"
            for value, failures in group.head(most).select("value", "failures").iter_rows()
        )
        for (_,), group in shown.group_by("number", maintain_order=True)
    )
    return _bars(named, title, words)


def _rows(group: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """Return the heading of a place, its leading values, and the others as one."""
    first = group.row(0, named=True)
    place = {name: clip(str(first[name])) for name in ("signature", "context")}
    heading = f"{clip(first['context'], _HEADING)} · {formats.counted(first['distinct'], 'value')}"
    rest = group.slice(most)
    values = [
        place
        | {"name": clip(row["value"], _HEADING), "failures": row["failures"], "share": row["share"]}
        for row in group.head(most).iter_rows(named=True)
    ]
    others = {
        "name": f"other ({formats.count(rest.height)})",
        "failures": int(rest["failures"].sum()),
        "share": float(rest["share"].sum()),
    }
    return [
        {"name": heading, "failures": None, "share": None} | place,
        *values,
        *([place | others] if rest.height else []),
    ]


def _bars(named: pl.DataFrame, title: str, words: str) -> alt.LayerChart:
    counted = named.drop_nulls("failures").rename({"name": "value"})
    figures = [
        f"{formats.count(failures)} · {formats.percent(share)}"
        for failures, share in counted.select("failures", "share").iter_rows()
    ]
    longest = _ROOM * max(counted["failures"].to_list())
    base = alt.Chart(data(counted.with_columns(pl.Series("figures", figures)))).encode(
        y=lanes(),
        x=alt.X("failures:Q", axis=None, scale=alt.Scale(domain=[0, longest], nice=False)),
    )
    bars = described(
        base.mark_bar(cornerRadius=2, height=11, yOffset=7, color=VERMILION),
        ("Placeholder", "context"),
        ("Value", "value"),
        ("Failed receipts", "failures", ",d"),
        ("Of the failures of this problem", "share", ".1%"),
    )
    ends = base.mark_text(align="left", baseline="middle", dx=7, dy=8).encode(
        text=alt.Text("figures:N")
    )
    heading = named["failures"].is_null()
    texts = named["name"].to_list()
    headings = [text if head else "" for text, head in zip(texts, heading, strict=True)]
    names = ["" if head else text for text, head in zip(texts, heading, strict=True)]
    layers = [bars, ends, lane_names(names, above=8), lane_names(headings, above=-10, dim=True)]
    height = _LANE * named.height
    return finish(
        layers, title, ["Of the most frequent problems"], description=words, height=height
    )
