"""The tables of a comparison, and their layout as text."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from clinia_nb.analysis.attempts import STATES, TRANSITIONS
from clinia_nb.display import formats

from ._comparison_verdict import total

if TYPE_CHECKING:
    from collections.abc import Callable

_TONES = {"failed": "failed", "fine": "succeeded", "undecided": "pending", "absent": "cancelled"}
_LEADING = 5
_WIDEST = 60
_SHARE = 9
_TEN = 10


class Line(NamedTuple):
    """A row of a table; one that is part of another has `shares` and a `tone` (its color)."""

    label: str
    cells: tuple[str, ...]
    shares: tuple[float, ...] = ()
    tone: str = ""


class Table(NamedTuple):
    """A table as `text` and `html` show it: its figures are formatted."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


def table_of_changes(steps: list[dict[str, int]]) -> Table:
    """Return the table of the records per change, by their state before."""
    lines: list[Line] = []
    for state in STATES:
        totals = [total(counts, before=state) for counts in steps]
        if any(totals):
            lines.append(Line(f"{state.capitalize()} before", tuple(map(formats.count, totals))))
        for name, (before, after) in TRANSITIONS.items():
            numbers = [counts[name] for counts in steps]
            if before == state and any(numbers):
                shares = (n / (whole or 1) for n, whole in zip(numbers, totals, strict=True))
                cells = tuple(map(formats.count, numbers))
                lines.append(Line(name, cells, tuple(shares), _TONES[after]))
    heads = [f"{step} to {step + 1}" for step in range(1, len(steps) + 1)]
    heads = heads if len(steps) > 1 else ["Records"]
    return Table("What became of the records", tuple(heads), tuple(lines))


def table_of_attempts(attempts: pl.DataFrame) -> Table:
    """Return the table of the figures of each attempt."""
    lines = [
        Line(
            label,
            tuple(formats.UNKNOWN if value is None else show(value) for value in attempts[name]),
        )
        for name, (label, show) in _FIGURES.items()
        if name != "without_id" or attempts[name].sum()
    ]
    heads = (f"Attempt {number}" for number in attempts["attempt"])
    return Table("The attempts side by side", tuple(heads), tuple(lines))


def table_of_signatures(signatures: pl.DataFrame, attempts: range) -> Table:
    """Return the table of the signatures that changed most."""
    ranked = (
        signatures.group_by("signature")
        .agg(
            pl.col("difference").abs().max(),
            pl.sum_horizontal("failures_before", "failures_after").sum().alias("failures"),
        )
        .sort("difference", "failures", "signature", descending=[True, True, False])
    )["signature"]
    leading = ranked.head(_LEADING).to_list()
    failures = dict.fromkeys(product(leading, attempts), 0)
    shown = signatures.filter(pl.col("signature").is_in(leading))
    for step, signature, before, after, _ in shown.iter_rows():
        failures |= {(signature, step): before, (signature, step + 1): after}
    lines: list[Line] = []
    for signature in leading:
        numbers = [failures[signature, attempt] for attempt in attempts]
        cells = (*map(formats.count, numbers), _signed(numbers[-1] - numbers[0]))
        lines.append(Line(signature, cells))
    more = ranked.len() > _LEADING
    caption = f"Failures by signature: the {_LEADING} of {ranked.len()} that changed most"
    heads = *(f"Attempt {number}" for number in attempts), "Difference"
    return Table(caption if more else "Failures by signature", heads, tuple(lines))


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{formats.count(abs(number))}"


def _rate(per_second: float) -> str:
    rounded = formats.count(round(per_second)) if per_second >= _TEN else f"{per_second:.2g}"
    return f"{rounded} per s"


_FIGURES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "source_key": ("Source key", str),
    "bulk_id": ("Bulk", str),
    "first_received": ("First received", formats.moment),
    "last_completed": ("Last completed", formats.moment),
    "receipts": ("Receipts", formats.count),
    "failed": ("Failed", formats.count),
    "failure_rate": ("Failure rate", formats.percent),
    "records": ("Records", formats.count),
    "without_id": ("Receipts without a record id", formats.count),
    "failing_so_far": ("Records failing so far", formats.count),
    "signatures": ("Distinct signatures", formats.count),
    "p50": ("Median time", formats.duration),
    "p95": ("95th percentile", formats.duration),
    "throughput": ("Throughput", _rate),
}


def laid_out(table: Table) -> str:
    """Return a table as text in columns, figures aligned to the right."""
    blank = " " * _SHARE if any(line.shares for line in table.lines) else ""
    rows = [(table.caption, [head + blank for head in table.heads])]
    for line in table.lines:
        shares = [f"{formats.percent(share):>{_SHARE}}" for share in line.shares]
        parts = zip(line.cells, shares or [blank] * len(line.cells), strict=True)
        label = f"{'  ' if line.tone else ''}{formats.clip(line.label, _WIDEST)}"
        rows.append((label, [formats.clip(cell, _WIDEST) + share for cell, share in parts]))
    widest = max(len(label) for label, _ in rows)
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in rows), strict=True)]
    return "\n".join(
        "  ".join([f"{label:<{widest}}", *map(str.rjust, cells, widths)]).rstrip()
        for label, cells in rows
    )
