"""The chart of problems over many bulks: which are new, known, back again, or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.analysis import history as problems
from clinia_nb.display import formats
from clinia_nb.display.tokens import DIM, LINE
from clinia_nb.receipts.columns import lazy_with

from ._looks import LEFT
from ._palette import AMBER, BLUE, GRAY, VERMILION
from ._text import clip
from ._theme import LABEL_COLUMNS, color, data, described, finish, height_in_lanes, nothing
from .groups import distinct_texts, named

if TYPE_CHECKING:
    from clinia_nb.receipts.columns import Receipts

_LANE = 76
_BASE, _HIGH, _LOWEST = 0.9, 0.36, 0.04  # where in a lane its bars stand, and how high they are
_MOST_BULKS = 400
_FEWEST_BULKS = 24  # that the axis has room for, so that a single one is not as wide as the chart
_HALF = 0.42  # of a bar, in bulks
_COLORS = {"new": VERMILION, "back again": AMBER, "known": BLUE, "gone": GRAY}
_NOTE_COLUMNS = 50
_NAMES = ["problem", "kind", "state", "hue"]
_NEEDED = (
    "signature", "error_type", "state", "bulks", "failures", "failures_per_bulk", "first_bulk",
    "note",
)  # fmt: skip


def signature_history(
    history: Receipts,
    *,
    bulk_id: str | None = None,
    notes: pl.DataFrame | None = None,
    most: int = 12,
) -> alt.LayerChart:
    """Draw each problem as a lane of bars, one for each bulk that had it, and say if it is new.

    Parameters
    ----------
    history
        What `clinia_nb.signature_history` or `Archive.history` returned, or receipts of many bulks.
        Of more than 400 bulks the latest 400 are drawn.
    bulk_id, notes
        As for `clinia_nb.signature_history`; ignored for a frame that it returned.
    most
        How many problems have a lane, the first of the frame: new ones before known ones.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``problem``, ``state``, ``bulk`` (its number in order of time, from
        1) and ``failures``.

    Raises
    ------
    CliniaError
        There is no such bulk in the receipts.
    MissingColumnError
        A needed column is not in the frame.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> signature_history(pl.DataFrame(schema=SCHEMA)).description
    'Problems by bulk. No receipts failed.'
    """
    title = "Problems by bulk"
    rows = _as_history(history, bulk_id, notes)
    if rows.is_empty():
        return nothing(title, "No receipts failed.")
    drawn = rows.head(most)
    bulks = drawn["failures_per_bulk"].list.len().item(0)
    below = ["Height: failures, each problem by its own scale"]
    if bulks > _MOST_BULKS:
        below.append(f"The latest {_MOST_BULKS} of {formats.count(bulks)} bulks")
    if left := rows.height - drawn.height:
        below.append(f"{formats.count(left)} more not shown")
    counts = rows["state"].cast(pl.String).value_counts()
    number = dict(counts.iter_rows())
    words = ", ".join(
        f"{formats.count(number[state])} {state}" for state in problems.STATES if state in number
    )
    return finish(
        _layers(drawn, bulks),
        f"{title}: {words}",
        [". ".join(below)],
        description=_bulks(bulks),
        height=_LANE * drawn.height,
    )


def _as_history(history: Receipts, bulk_id: str | None, notes: pl.DataFrame | None) -> pl.DataFrame:
    if isinstance(history, pl.DataFrame) and "failures_per_bulk" in history.columns:
        lazy_with(history, _NEEDED)
        return history
    return problems.signature_history(history, bulk_id=bulk_id, notes=notes)


def _layers(drawn: pl.DataFrame, bulks: int) -> list[alt.Chart]:
    first = max(0, bulks - _MOST_BULKS)
    texts = [clip(named("signature", text), LABEL_COLUMNS) for text in drawn["signature"].to_list()]
    states = drawn["state"].cast(pl.String).to_list()
    shown = (
        pl.DataFrame(
            {
                "problem": distinct_texts(texts),
                "kind": [
                    clip(named("error_type", text)) for text in drawn["error_type"].cast(pl.String)
                ],
                "state": [state.capitalize() for state in states],
                "hue": [list(_COLORS).index(state) for state in states],
                "words": [_words(row, bulks) for row in drawn.iter_rows(named=True)],
                "name": texts,
            }
        )
        .with_row_index("lane")
        .with_columns(pl.col("lane").cast(pl.Int64))
    )
    counts = pl.DataFrame(
        {"lane": shown["lane"], "failures": drawn["failures_per_bulk"].list.tail(_MOST_BULKS)}
    ).with_columns(most=pl.col("failures").list.max())
    base = alt.Chart(data(shown)).transform_calculate(base=f"datum.lane + {_BASE}")
    base = base.encode(y=height_in_lanes("base", drawn.height))
    floors = base.mark_rule(color=LINE).encode(x=alt.XValue(0), x2=alt.X2Value("width"))
    at_left = base.encode(x=alt.XValue(-LEFT))
    text: dict[str, Any] = {"align": "left", "baseline": "middle"}
    names = at_left.mark_text(**text, dy=-_LANE * _BASE + 12).encode(text=alt.Text("name:N"))
    notes = at_left.mark_text(**text, dy=-_LANE * _BASE + 28, color=DIM).encode(
        text=alt.Text("words:N")
    )
    return [floors, _bars(shown, counts, first, bulks), names, notes]


def _bars(shown: pl.DataFrame, counts: pl.DataFrame, first: int, bulks: int) -> alt.Chart:
    """Draw the failures of each bulk. The chart holds one list per lane, which Vega unfolds."""
    lookup = alt.LookupData(data(shown.select("lane", *_NAMES)), "lane", _NAMES)
    bars = (
        alt.Chart(data(counts))
        .transform_calculate(bulk=f"sequence({first + 1}, {bulks + 1})")
        .transform_flatten(["failures", "bulk"])
        .transform_filter("datum.failures > 0")
        .transform_calculate(
            begins=f"datum.bulk - {_HALF}",
            ends=f"datum.bulk + {_HALF}",
            base=f"datum.lane + {_BASE}",
            top=f"datum.lane + {_BASE} - {_LOWEST} - "
            f"{_HIGH - _LOWEST} * datum.failures / datum.most",
            place=f"datum.bulk + ' of {bulks}'",
        )
        .transform_lookup("lane", from_=lookup)
        .mark_bar(orient="vertical")
    )
    return described(
        bars,
        ("Problem", "problem"),
        ("Error type", "kind"),
        ("State", "state"),
        ("Bulk", "place"),
        ("Failed receipts", "failures", ",d"),
    ).encode(
        x=_bulks_axis(first, bulks),
        x2=alt.X2("ends:Q"),
        y=height_in_lanes("top", shown.height),
        y2=alt.Y2("base:Q"),
        color=color("hue", _COLORS, shown=False),
    )


def _bulks_axis(first: int, bulks: int) -> alt.X:
    last = max(bulks, first + _FEWEST_BULKS)
    numbered = f"datum.value % 1 || datum.value < 1 || datum.value > {bulks} ? '' : datum.label"
    return alt.X(
        "begins:Q",
        title="Bulk, in order of time",
        scale=alt.Scale(domain=[first + 0.5, last + 0.5], nice=False, zero=False),
        axis=alt.Axis(format="d", labelExpr=numbered, tickMinStep=1, tickCount=8),
    )


def _words(row: dict[str, Any], bulks: int) -> str:
    failures = formats.counted(row["failures"], "failure")
    seen = f"in {formats.count(row['bulks'])} of {_bulks(bulks)}"
    facts = [str(row["state"]).capitalize(), f"{failures} {seen}"]
    if row["first_bulk"] is not None:
        facts.append(f"first in {clip(row['first_bulk'], 32)}")
    if row["note"]:
        facts.append(clip(row["note"], _NOTE_COLUMNS))
    return " · ".join(facts)


def _bulks(number: int) -> str:
    return formats.counted(number, "bulk")
