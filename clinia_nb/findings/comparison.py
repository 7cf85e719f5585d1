"""What a comparison of attempts says: the frames, the verdict, and both as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from clinia_nb.analysis.attempts import (
    ANOTHER,
    CHANGES,
    SAME,
    STATES,
    TRANSITIONS,
    Attempt,
    summarize_attempts,
)
from clinia_nb.display import formats
from clinia_nb.display.html import render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TONES = {"failed": "failed", "fine": "succeeded", "undecided": "pending", "absent": "cancelled"}
_LEADING = 5
_WIDEST = 60
_SHARE = 9
_TEN = 10


class Line(NamedTuple):
    """A row of a table; `shares` and a tone (a color of overview.css) where it is a part."""

    label: str
    cells: tuple[str, ...]
    shares: tuple[float, ...] = ()
    tone: str = ""


class Table(NamedTuple):
    """A table as `text` and `html` show it: its figures are formatted."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """What became of the records of each attempt in the next, and the attempts side by side.

    A step leads from an attempt to the next: step 1 from the first to the second. As a cell's last
    value it shows the verdict and tables.

    Attributes
    ----------
    records : pl.DataFrame
        One row per step and record of either attempt, sorted by step, change and key: ``step``
        (UInt32), ``id`` (String), ``type`` and ``target_type`` (Categorical), ``change`` (Enum of
        `CHANGES`), then, each ``…_before`` and ``…_after``, ``outcome`` (Enum; null where the
        record is absent), and ``signature`` (String) and ``error_type`` (Categorical), null where
        it did not fail.
    changes : pl.DataFrame
        One row per step and change that occurs, in the order of `CHANGES`: ``step`` (UInt32),
        ``before`` (Enum of `STATES`), ``change``, ``records`` (UInt32), ``share`` (Float64, 0 to
        1, of the step's records) and ``share_of_before`` (of those with the same ``before``).
    attempts : pl.DataFrame
        One row per attempt: ``attempt`` (UInt32, from 1), ``source_key`` and ``bulk_id``
        (Categorical; null where there is none, or several), ``receipts`` and ``failed`` (UInt32),
        ``failure_rate`` (Float64, 0 to 1), ``records`` (UInt32), ``without_id`` (UInt32, receipts
        that name no record), ``failing_so_far`` (UInt32, records whose last receipt in this or an
        earlier attempt failed), ``signatures`` (UInt32, distinct ones), ``p50`` and ``p95``
        (Duration, µs, as in `summarize_timing`), ``throughput`` (Float64, completed receipts per
        second from ``first_received`` to ``last_completed``), and these two (Datetime, µs, UTC).
        Null where unknown.
    signatures : pl.DataFrame
        One row per step and signature of either attempt: ``step`` (UInt32), ``signature``
        (String), ``failures_before`` and ``failures_after`` (UInt32, failed receipts; they add up
        to ``failed``) and ``difference`` (Int64), the largest, up or down, first.
    """

    records: pl.DataFrame
    changes: pl.DataFrame
    attempts: pl.DataFrame
    signatures: pl.DataFrame

    @property
    def verdict(self) -> str:
        """The finding in a sentence, from the figures of `changes` and `attempts`."""
        receipts, records = self.attempts.select(pl.col("receipts", "records").sum()).row(0)
        if not records:
            found = "No receipt names a record" if receipts else "No receipts"
            return f"{found}: there is nothing to compare."
        last = self.attempts.height
        counts = self._counts(last - 1)
        if last == 2:  # noqa: PLR2004 - a plain before and after
            return f"{_verdict(counts, 'before', 'These bulks')}."
        failing = " to ".join(map(formats.count, self.attempts["failing_so_far"]))
        said = _verdict(counts, f"in attempt {last - 1}", f"Attempts {last - 1} and {last}")
        return (
            f"Over {last} attempts the number of failing records went from {failing}; "
            f"{said[0].lower()}{said[1:]}."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read the figures, where it matters here."""
        receipts, records, nameless, timed = self.attempts.select(
            pl.col("receipts", "records", "without_id").sum(), pl.col("throughput").count()
        ).row(0)
        earlier = receipts - records - nameless
        undecided = self.changes["change"].cast(pl.String).str.contains("undecided").any()
        notes = {
            f"{_say(nameless, 'receipt names', 'receipts name')} no record and cannot be followed "
            "from one attempt to the next.": nameless,
            "Where a bulk has several receipts for a record, the last one received counts; "
            f"{_say(earlier, 'earlier one is', 'earlier ones are')} passed over.": earlier,
            "Undecided: cancelled, pending, or of an unknown status.": undecided,
            "Throughput: completed receipts, from the first received to the last completed.": timed,
        }
        return tuple(note for note, applies in notes.items() if applies)

    def text(self) -> str:
        """Say it in lines of plain text."""
        blocks = [self.verdict, *map(_laid_out, self._tables())]
        notes = "\n".join(f"Note: {note}" for note in self.notes)
        return "\n\n".join([*blocks, notes]).rstrip()

    def html(self) -> str:
        """Say it in one HTML fragment, without scripts, for light and dark."""
        return render(
            "findings/templates/comparison.html.jinja", comparison=self, tables=self._tables()
        )

    def __repr__(self) -> str:
        return f"Comparison({self.verdict!r})"

    def _repr_html_(self) -> str:
        return self.html()

    def _counts(self, step: int) -> dict[str, int]:
        """Count the records of a step per change, also of changes that do not occur."""
        found = self.changes.filter(pl.col("step") == step).select("change", "records")
        return dict.fromkeys(CHANGES, 0) | dict(found.iter_rows())

    def _tables(self) -> list[Table]:
        steps = [self._counts(step) for step in range(1, self.attempts.height)]
        tables = [
            _table_of_changes(steps),
            _table_of_attempts(self.attempts),
            _table_of_signatures(self.signatures, range(1, self.attempts.height + 1)),
        ]
        return [table for table in tables if table.lines]


def compare_bulks(before: Attempt, after: Attempt, *later: Attempt) -> Comparison:
    """Tell what became of the records of an attempt in the next one, or in the next ones.

    A record is known by its id, type and target type; a null type is a type of its own. Receipts
    without an id (null or empty) are counted apart and never matched. Of several receipts for a
    record in one bulk the last decides: the one with the latest ``received_at``, of equal ones the
    one further down; a receipt without ``received_at`` gives way to one with it. Cancelled and
    pending receipts, and those of an unknown status, are neither failed nor fine: undecided.

    Parameters
    ----------
    before, after, *later
        Attempts in the order they were sent: receipts, as `parse_receipts` gives them, or anything
        with ``.receipts``. `id`, `type`, `target_type`, `status`, `received_at`, `completed_at`
        and `duration` are needed; `source_key`, `bulk_id` and error columns are heeded where they
        are there. A `signature` column is not: signatures are found anew, in the failures of all
        attempts together, so that a problem has the same one in each.

    Returns
    -------
    Comparison
        Frames ``records``, ``changes``, ``attempts`` and ``signatures``, and the ``verdict``.

    Raises
    ------
    MissingColumnError
        A needed column is not in one of the frames.

    Examples
    --------
    >>> from clinia_nb.receipts import parse_receipts
    >>> first, second = (
    ...     parse_receipts(body, source_key="ehr", bulk_id=bulk_id)
    ...     for bulk_id, body in {
    ...         "bk_1": b'''{"status": "FAILURE", "receipts": [
    ...             {"id": "r1", "status": "FAILURE", "error": {"message": "timed out"}},
    ...             {"id": "r2", "status": "FAILURE", "error": {"message": "no such clinic"}},
    ...             {"id": "r3", "status": "SUCCESS"}]}''',
    ...         "bk_2": b'''{"status": "FAILURE", "receipts": [
    ...             {"id": "r1", "status": "SUCCESS"},
    ...             {"id": "r2", "status": "FAILURE", "error": {"message": "no such clinic"}}
    ...         ]}''',
    ...     }.items()
    ... )
    >>> comparison = compare_bulks(first, second)
    >>> comparison.verdict
    'Of 2 records that failed before, 1 (50.0%) is fixed, 1 still fails for the same reason.'
    >>> comparison.records.select("id", "change").rows()
    [('r1', 'fixed'), ('r2', 'still failing, same signature'), ('r3', 'fine, not sent again')]
    """
    return Comparison(*summarize_attempts(before, after, *later))


def _verdict(counts: Mapping[str, int], when: str, bulks: str) -> str:
    """Say in a clause what became of the records of a step."""
    gone, new = _total(counts, after="absent"), _total(counts, before="absent")
    if gone + new == _total(counts):
        return (
            f"{bulks} share no record: {formats.count(gone)} only before "
            f"({formats.count(_total(counts, before='failed'))} failed), {formats.count(new)} only "
            f"after ({formats.count(_total(counts, after='failed'))} failing)"
        )
    return "; ".join(filter(None, [_of_failed(counts, when), _of_others(counts)]))


def _of_failed(counts: Mapping[str, int], when: str) -> str:
    failed, fixed = _total(counts, before="failed"), counts["fixed"]
    if not failed:
        known = _total(counts, before="fine") + _total(counts, before="undecided")
        none = (
            "The one record did not fail"
            if known == 1
            else f"None of {formats.count(known)} records failed"
        )
        return f"{none} {when}"
    if fixed == failed:
        every = f"All {formats.count(failed)} records" if failed > 1 else "The one record"
        return f"{every} that failed {when} {'are' if failed > 1 else 'is'} fixed"
    share = f"({formats.percent(fixed / failed)})"
    reason = "for another" if counts[SAME] else "still {} for another reason"
    said = _list(
        (fixed, f"{share} is fixed", f"{share} are fixed"),
        (counts[SAME], "still fails for the same reason", "still fail for the same reason"),
        (counts[ANOTHER], reason.format("fails"), reason.format("fail")),
        (counts["failed, now undecided"], "is undecided", "are undecided"),
        (counts["failed, not sent again"], "was not sent again", "were not sent again"),
    )
    none = "" if fixed else "none is fixed: "
    return f"Of {_say(failed, 'record', 'records')} that failed {when}, {none}{said}"


def _of_others(counts: Mapping[str, int]) -> str:
    newly = counts["newly failing"]
    spared = not newly and counts["still fine"] + counts["fine, now undecided"]
    undecided = _total(counts, after="undecided") - counts["failed, now undecided"]
    other, others = ("other ", "others ") if _total(counts, before="failed") else ("", "")
    said = _list(
        (newly, "fails newly", "fail newly"),
        (counts["undecided, now failing"], "undecided one now fails", "undecided ones now fail"),
        (counts["only after, failing"], "new one fails", "new ones fail"),
        (undecided, f"{other}is undecided", f"{others}are undecided"),
    )
    return ", ".join(filter(None, ["none fails newly" if spared else "", said]))


def _total(
    counts: Mapping[str, int], *, before: str | None = None, after: str | None = None
) -> int:
    """Count the records that come from a state, or end in one."""
    return sum(
        counts[name]
        for name, (old, new) in TRANSITIONS.items()
        if before in {old, None} and after in {new, None}
    )


def _list(*parts: tuple[int, str, str]) -> str:
    return ", ".join(_say(*part) for part in parts if part[0])


def _say(number: int, one: str, many: str) -> str:
    return f"{formats.count(number)} {one if number == 1 else many}"


def _table_of_changes(steps: list[dict[str, int]]) -> Table:
    lines: list[Line] = []
    for state in STATES:
        totals = [_total(counts, before=state) for counts in steps]
        if any(totals):
            lines.append(Line(f"{state.capitalize()} before", tuple(map(formats.count, totals))))
        for name, (before, after) in TRANSITIONS.items():
            numbers = [counts[name] for counts in steps]
            if before == state and any(numbers):
                shares = (n / (total or 1) for n, total in zip(numbers, totals, strict=True))
                cells = tuple(map(formats.count, numbers))
                lines.append(Line(name, cells, tuple(shares), _TONES[after]))
    heads = [f"{step} to {step + 1}" for step in range(1, len(steps) + 1)]
    heads = heads if len(steps) > 1 else ["Records"]
    return Table("What became of the records", tuple(heads), tuple(lines))


def _table_of_attempts(attempts: pl.DataFrame) -> Table:
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


def _table_of_signatures(signatures: pl.DataFrame, attempts: range) -> Table:
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


def _laid_out(table: Table) -> str:
    """Write a table in columns, the figures to the right."""
    blank = " " * _SHARE if any(line.shares for line in table.lines) else ""
    rows = [(table.caption, [head + blank for head in table.heads])]
    for line in table.lines:
        shares = [f"{formats.percent(share):>{_SHARE}}" for share in line.shares]
        told = zip(line.cells, shares or [blank] * len(line.cells), strict=True)
        label = "  " * bool(line.tone) + formats.clip(line.label, _WIDEST)
        rows.append((label, [formats.clip(cell, _WIDEST) + share for cell, share in told]))
    widest = max(len(label) for label, _ in rows)
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in rows), strict=True)]
    return "\n".join(
        "  ".join([f"{label:<{widest}}", *map(str.rjust, cells, widths)]).rstrip()
        for label, cells in rows
    )
