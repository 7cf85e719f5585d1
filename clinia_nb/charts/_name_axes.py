"""Axes of numbered rows and columns that have names, which may need several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from ._text import clip, name_expression, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = 15  # pixels
_WIDE = 7.2  # pixels for each letter, in a wide font


def name_axis(labels: Sequence[str], *, columns: int, lines: int = 3) -> alt.Axis:
    """Return an axis of names at the left of numbered rows, broken into lines if they are long."""
    broken = [wrap(label, columns, lines).split("\n") for label in labels]
    # Names of several lines are raised, so that their middle is where Vega starts.
    tests = [
        {"test": f"indexof({rows}, datum.value) >= 0", "value": -LINE / 2 * more}
        for more in (1, 2)
        if (rows := [row for row, lines in enumerate(broken) if len(lines) == more + 1])
    ]
    raised: dict[str, Any] = {"labelOffset": {"condition": tests, "value": 0}} if tests else {}
    return _names(broken, labelPadding=8, minExtent=0, **raised)


def column_axis(labels: Sequence[str], *, columns: int) -> alt.Axis:
    """Return an axis of names above numbered columns."""
    broken = [wrap(label, columns).split("\n") for label in labels]
    most = max(map(len, broken), default=1)
    padded = [[""] * (most - len(lines)) + lines for lines in broken]
    padding = 8 + LINE * (most - 1)
    # Flush, the first and last name would begin and end in the middle of their columns.
    return _names(padded, labelPadding=padding, orient="top", labelAngle=0, labelFlush=False)


def _names(broken: Sequence[Sequence[str]], **options: Any) -> alt.Axis:  # noqa: ANN401
    name = name_expression(["\n".join(lines) for lines in broken])
    return alt.Axis(labelExpr=f"split({name}, '\\n')", labelLineHeight=LINE, title=None, **options)


def upright_axis(labels: Sequence[str], *, columns: int) -> alt.Axis:
    """Return an axis of names that stand upright above numbered columns, for narrow ones."""
    short = [clip(label, columns) for label in labels]
    return alt.Axis(
        labelExpr=name_expression(short),
        minExtent=_WIDE * max(map(len, short), default=0),
        title=None,
        orient="top",
        labelAngle=-90,
        labelAlign="left",
        labelBaseline="middle",
        labelPadding=6,
        labelFlush=False,
    )
