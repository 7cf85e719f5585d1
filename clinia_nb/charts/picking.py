"""Selections in a chart: marks that are clicked, and a time range that is brushed."""

from __future__ import annotations

from typing import Any, cast

import altair as alt

from ._palette import GRAY

_FADED = 0.3


def pickable(
    chart: alt.LayerChart, *, name: str = "picked", field: str | list[str] = "group"
) -> alt.LayerChart:
    """Let marks be selected by a click, several with shift, none with a double click; others fade.

    Parameters
    ----------
    chart
        One of `clinia_nb.charts`; it is not changed.
    name
        Of the selection: `JupyterChart` has what is chosen as ``selections.<name>.value``, a list
        of dicts with these fields.
    field
        Of the marks, one or several: what they have is in the docstring of each chart.

    Examples
    --------
    >>> import polars as pl
    >>> from clinia_nb import charts
    >>> chart = charts.count_outcomes(pl.DataFrame({"status": ["SUCCESS", "FAILURE"]}))
    >>> pickable(chart, field="outcome").to_dict()["params"][0]["name"]
    'picked'
    """
    fields = [field] if isinstance(field, str) else field
    picked = alt.selection_point(name=name, fields=fields)
    made = chart.copy(deep=True)
    for layer in cast("list[Any]", made.layer):
        if layer.encoding.tooltip is not alt.Undefined:
            layer.encoding.fillOpacity = alt.condition(picked, alt.value(1), alt.value(_FADED))
    return made.add_params(picked)


def brushable(chart: alt.LayerChart, *, name: str = "brushed") -> alt.LayerChart:
    """Let a time range be selected by dragging, in a chart over time.

    Parameters
    ----------
    chart
        One of `clinia_nb.charts` with times; it is not changed.
    name
        Of the selection: `JupyterChart` has what is chosen as ``selections.<name>.value``, a dict
        with both ends, in milliseconds, as ``begins``. In a zone other than UTC they are shifted:
        see `utc_offset`.
    """
    # Gray is visible on a white background and on a dark one.
    brush = alt.BrushConfig(fill=GRAY, fillOpacity=0.3, stroke=GRAY)
    return chart.copy(deep=True).add_params(
        alt.selection_interval(name=name, encodings=["x"], mark=brush)
    )
