"""A comparison of attempts: frames, verdict and tables, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.analysis.attempts import CHANGES, Attempt, summarize_attempts
from clinia_nb.display import formats
from clinia_nb.display.html import render
from clinia_nb.text import join_lines

from ._comparison_tables import (
    laid_out,
    table_of_attempts,
    table_of_changes,
    table_of_signatures,
)
from ._comparison_verdict import step_verdict

if TYPE_CHECKING:
    from ._comparison_tables import Table


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

    Examples
    --------
    >>> from clinia_nb import Client
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> comparison = compare_bulks(bulk, bulk)
    >>> print(comparison.text().splitlines()[0])
    Of 1 record that failed before, none is fixed: 1 still fails for the same reason.
    >>> "<table" in comparison.html()
    True
    """

    records: pl.DataFrame
    changes: pl.DataFrame
    attempts: pl.DataFrame
    signatures: pl.DataFrame

    @property
    def verdict(self) -> str:
        """The main finding in a sentence."""
        receipts, records = self.attempts.select(pl.col("receipts", "records").sum()).row(0)
        if not records:
            found = "No receipt names a record" if receipts else "No receipts"
            return f"{found}: there is nothing to compare."
        last = self.attempts.height
        counts = self._counts(last - 1)
        if last == 2:  # noqa: PLR2004 - a plain before and after
            return f"{step_verdict(counts, 'before', 'These bulks')}."
        failing = " to ".join(map(formats.count, self.attempts["failing_so_far"]))
        finding = step_verdict(counts, f"in attempt {last - 1}", f"Attempts {last - 1} and {last}")
        return (
            f"Over {last} attempts the number of failing records went from {failing}; "
            f"{finding[0].lower()}{finding[1:]}."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read the figures, if it matters here."""
        receipts, records, nameless, timed = self.attempts.select(
            pl.col("receipts", "records", "without_id").sum(), pl.col("throughput").count()
        ).row(0)
        earlier = receipts - records - nameless
        undecided = self.changes["change"].cast(pl.String).str.contains("undecided").any()
        unnamed = formats.counted(nameless, "receipt names", "receipts name")
        ignored = formats.counted(earlier, "earlier one is", "earlier ones are")
        last = "If a bulk has several receipts for a record, the last one received counts"
        begun = self.attempts["first_received"]
        turned = bool((begun < begun.shift()).any())
        order = "An attempt was received before the one to its left: check their order."
        rate = "Throughput: completed receipts, from the first received to the last completed."
        notes = [
            (turned, order),
            (nameless, f"{unnamed} no record and cannot be followed from one attempt to the next."),
            (earlier, f"{last}; {ignored} ignored."),
            (undecided, "Undecided: cancelled, pending, or of an unknown status."),
            (timed, rate),
        ]
        return tuple(note for applies, note in notes if applies)

    def text(self) -> str:
        """Return it as lines of plain text."""
        blocks = [formats.one_line(self.verdict), *map(laid_out, self._tables())]
        notes = join_lines(f"Note: {note}" for note in self.notes)
        return "\n\n".join([*blocks, notes]).rstrip()

    def html(self) -> str:
        """Return it as one HTML fragment, without scripts, for light and dark."""
        return render(
            "findings/templates/comparison.html.jinja", comparison=self, tables=self._tables()
        )

    def __repr__(self) -> str:
        return f"Comparison({self.verdict!r})"

    def _repr_html_(self) -> str:
        return self.html()

    def _counts(self, step: int) -> dict[str, int]:
        """Return the number of records of a step per change, 0 for changes that do not occur."""
        found = self.changes.filter(pl.col("step") == step).select("change", "records")
        return dict.fromkeys(CHANGES, 0) | dict(found.iter_rows())

    def _tables(self) -> list[Table]:
        steps = [self._counts(step) for step in range(1, self.attempts.height)]
        tables = [
            table_of_changes(steps),
            table_of_attempts(self.attempts),
            table_of_signatures(self.signatures, range(1, self.attempts.height + 1)),
        ]
        return [table for table in tables if table.lines]


def compare_bulks(before: Attempt, after: Attempt, *later: Attempt) -> Comparison:
    """Compare attempts: what became of the records of each one in the next.

    A record is known by its id, type and target type; a null type is a value of its own. Receipts
    without an id (null or empty) are counted separately and never matched. Of several receipts for
    a record in one bulk the last decides: the one with the latest ``received_at``, of equal ones
    the one further down; receipts without ``received_at`` come first. Cancelled and pending
    receipts, and those of an unknown status, are neither failed nor fine: undecided.

    Parameters
    ----------
    before, after, *later
        Attempts in the order they were sent: receipts, as `parse_receipts` returns them, or
        anything with ``.receipts``. `id`, `type`, `target_type`, `status`, `received_at`,
        `completed_at` and `duration` are needed; `source_key`, `bulk_id` and error columns are
        used if present. A `signature` column is ignored: signatures are found in the failures of
        all attempts together, so that a problem has the same one in each.

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
