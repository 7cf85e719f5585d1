"""What earlier bulks say about a problem, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinia_nb.display import formats
from clinia_nb.receipts.columns import lazy_with

if TYPE_CHECKING:
    import polars as pl

_NEEDED = ("signature", "state", "bulks", "failures_per_bulk", "first_seen", "note")
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 30


def news_by_signature(history: pl.DataFrame) -> dict[str, str]:
    """Return a sentence per signature: whether it is new, since when it is known, its note.

    Parameters
    ----------
    history
        As `clinia_nb.signature_history` returns it for the bulk.

    Raises
    ------
    MissingColumnError
        The frame is not a history.
    """
    lazy, _ = lazy_with(history, _NEEDED)
    rows = lazy.select(_NEEDED).collect().iter_rows(named=True)
    return {row["signature"]: _sentence(row) for row in rows if row["state"] != "gone"}


def not_compared(history: pl.DataFrame | None) -> str:
    """Return what to say about a problem that is not in a history."""
    if history is None:
        return ""
    return (
        "Not compared: the history has no problem by this name. Sign the receipts as those of the "
        "history are, with the archive's catalog."
    )


def gone(history: pl.DataFrame | None) -> str:
    """Return how many problems of earlier bulks are not in this one; empty if there are none."""
    if history is None:
        return ""
    absent = history.filter(history["state"] == "gone").height
    if not absent:
        return ""
    are = "problem of earlier bulks is" if absent == 1 else "problems of earlier bulks are"
    return f"{formats.count(absent)} {are} not in this one."


def _sentence(row: dict[str, Any]) -> str:
    counts: list[int] = row["failures_per_bulk"]
    seen = f"in {formats.count(row['bulks'])} of {formats.count(len(counts))} bulks"
    since = f", since {row['first_seen']:%Y-%m-%d}" if row["first_seen"] else ""
    line = f" {_sparkline(counts)}" if len(counts) > 1 else ""
    note = f" Acknowledged: {row['note']}" if row["note"] else ""
    alone = "no earlier bulk to compare with" if counts[0] else "in no bulk before this one"
    if row["state"] == "new":
        return f"New: {alone}.{line}"
    if row["state"] == "back again":
        return f"Back again: {seen}{since}, but not in those just before.{line}{note}"
    if row["bulks"] == 1:  # acknowledged before it was seen twice
        return f"{alone.capitalize()}.{line}{note}"
    return f"Known: {seen}{since}.{line}{note}"


def _sparkline(counts: list[int]) -> str:
    """Draw failures per bulk as one character each; a dot where there were none.

    >>> _sparkline([0, 1, 4, 8])
    '·▁▄█'
    """
    shown = counts[-_SHOWN:]
    most = max([*shown, 1])
    return "".join(_BARS[(count * len(_BARS) - 1) // most] if count else "·" for count in shown)
