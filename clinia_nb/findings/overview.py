"""The key figures of a bulk: computed once, shown everywhere as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.analysis.failures import count_outcomes, summarize_failures
from clinia_nb.analysis.timing import summarize_timing
from clinia_nb.display import formats
from clinia_nb.display.html import render
from clinia_nb.receipts.outcome import OUTCOMES, outcome
from clinia_nb.text import join_lines

if TYPE_CHECKING:
    from datetime import datetime, timedelta

_LEADING = 5
# By Clinia's documentation, a bulk with this status has a receipt with one of these outcomes.
_SHOWN_BY = {
    "FAILURE": ("failed", "cancelled"),
    "PENDING": ("pending",),
    "CANCELLED": ("cancelled",),
}


@dataclass(frozen=True)
class Cause:
    """One group of failures: its error type, codes, count, share, span and an example."""

    error_type: str | None
    codes: tuple[int, ...]
    failures: int
    share: float
    first_seen: datetime | None
    last_seen: datetime | None
    example: str | None

    @property
    def name(self) -> str:
        """The error type with its codes, such as ``NOT_FOUND 404``."""
        return " ".join([self.error_type or "no error type", *map(str, self.codes)])


@dataclass(frozen=True, repr=False)
class Overview:
    """The key figures of a bulk.

    `text` and `html` show the same. Times are UTC. `outcomes` counts the receipts by outcome, in
    the order of `OUTCOMES`; they add up to `receipts`. `completed` are those with a duration.
    `is_part` tells that the receipts are a selection, so that the status is not about them alone.
    """

    source_key: str
    bulk_id: str
    kind: str
    status: str
    receipts: int
    outcomes: dict[str, int]
    in_review: int
    submitted_at: datetime | None
    first_received: datetime | None
    last_completed: datetime | None
    p50: timedelta | None
    p95: timedelta | None
    slowest: timedelta | None
    negative: int
    completed: int
    longest_pending: timedelta | None
    causes: tuple[Cause, ...]
    more_causes: int
    fetched_at: datetime | None
    notes: tuple[str, ...]
    is_part: bool = False

    def __repr__(self) -> str:
        return f"Overview({self.headline!r}): print() shows all of it."

    def __str__(self) -> str:
        return self.text()

    @property
    def failure_rate(self) -> float:
        """Failed receipts of all receipts, 0 to 1; 0 where there are none."""
        return self.outcomes["failed"] / self.receipts if self.receipts else 0.0

    @property
    def unsupported(self) -> bool:
        """Whether no receipt shows why the bulk has its status: receipts are missing or unread."""
        shown_by = _SHOWN_BY.get(self.status, ())
        return bool(shown_by) and not self.is_part and not any(map(self.outcomes.get, shown_by))

    @property
    def failed_unseen(self) -> bool:
        """Whether the bulk failed and no receipt shows what did."""
        return self.status == "FAILURE" and self.unsupported

    def _failures(self, failed: int) -> str:
        lead, counted = self.causes[0], self._rate(failed)
        if lead.failures == failed:
            return f"{counted}, {'all ' if failed > 1 else ''}with {lead.name}."
        return f"{counted}; most often {lead.name}, {formats.percent(lead.share)} of the failures."

    def _rate(self, failed: int) -> str:
        counted = f"{formats.count(failed)} of {formats.count(self.receipts)} operations failed"
        return f"{counted} ({formats.percent(self.failure_rate)})"

    @property
    def counted(self) -> str:
        """How many failed, in a sentence: the headline where the failures themselves follow it."""
        failed = self.outcomes["failed"]
        return f"{self._rate(failed)}." if failed else self.headline

    @property
    def headline(self) -> str:
        """The finding in a sentence."""
        failed, pending = self.outcomes["failed"], self.outcomes["pending"]
        if not self.receipts:
            return f"No receipts: only the status of the bulk is known, {self.status}."
        if failed:
            return self._failures(failed)
        if pending:
            return self._waiting(pending)
        but = f", but the status of the bulk is {self.status}" if self.unsupported else ""
        return f"{self._without_failures()}{but}."

    def _waiting(self, pending: int) -> str:
        review = self.in_review == pending
        waits = "wait for human review" if review else "are still being processed"
        if pending == 1:
            waits = "waits for human review" if review else "is still being processed"
        counted = f"{formats.count(pending)} of {formats.count(self.receipts)} operations"
        subject = self._all_of if self.receipts == 1 else counted
        return f"{subject} {waits}; none failed so far."

    def _without_failures(self) -> str:
        if self.outcomes["cancelled"] == self.receipts:
            return f"{self._all_of} {'was' if self.receipts == 1 else 'were'} cancelled"
        if self.outcomes["succeeded"] == self.receipts:
            return f"{self._all_of} succeeded"
        total, other = formats.count(self.receipts), self.outcomes["other"]
        if not other:
            return f"None of {total} operations failed"
        if self.receipts == 1:
            return f"{self._all_of} has no known status"
        unknown = f"{formats.count(other)} {'has' if other == 1 else 'have'} no known status"
        return f"None of {total} operations is known to have failed, and {unknown}"

    @property
    def _all_of(self) -> str:
        noun = "receipt" if self.unsupported else "operation"  # others may have no receipt
        counted = f"All {formats.count(self.receipts)} {noun}s"
        return f"The only {noun}" if self.receipts == 1 else counted

    @property
    def more(self) -> str:
        """How many error types are not among the leading causes."""
        return f"and {formats.counted(self.more_causes, 'more error type')}"

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Labeled key figures, formatted; those that are not known are left out."""
        figures = [
            ("Submitted", formats.moment(self.submitted_at)),
            ("First received", formats.moment(self.first_received)),
            ("Last completed", formats.moment(self.last_completed)),
            ("Median time", self._timed(self.p50)),
            ("95th percentile", self._timed(self.p95, brief=True)),
            ("Slowest", self._timed(self.slowest, brief=True)),
        ]
        if self.in_review:
            figures.append(("Waiting for review", formats.count(self.in_review)))
        if self.negative:
            figures.append(("Completed before received", formats.count(self.negative)))
        return [(label, value) for label, value in figures if value != formats.UNKNOWN]

    def _timed(self, duration: timedelta | None, *, brief: bool = False) -> str:
        """Return a duration, with what it leaves out if some operations are still pending."""
        text, pending = formats.duration(duration), self.outcomes["pending"]
        if duration is None or not pending:
            return text
        waited = f" for {self._waited()}" if self.longest_pending else ""
        completed = formats.count(self.completed)
        if brief:
            return f"{text} (of {completed} completed)"
        return f"{text} (of {completed} completed; {formats.count(pending)} pending{waited})"

    def _waited(self) -> str:
        up_to = "up to " if self.outcomes["pending"] > 1 else ""
        return f"{up_to}{formats.duration(self.longest_pending)}"

    def facts(self) -> str:
        """Return which bulk it is, its outcomes and times, as lines of plain text."""
        counts = ", ".join(f"{formats.count(n)} {name}" for name, n in self.outcomes.items() if n)
        by_outcome = f"  ({counts})" if counts else ""
        lines = [
            f"{self.bulk_id} · {self.kind} into {self.source_key} · {self.status}",
            f"  {'Receipts':<26}{formats.count(self.receipts)}{by_outcome}",
            *(f"  {label:<26}{value}" for label, value in self.figures),
        ]
        return join_lines([*lines, *(f"Note: {note}" for note in self.notes)])

    def text(self) -> str:
        """Return all of it as lines of plain text."""
        lines = ["", self.headline]
        if self.causes:
            lines += ["", "Leading causes"]
        for cause in self.causes:
            said = f"{formats.count(cause.failures):>9}  {formats.percent(cause.share):>7}"
            lines.append(f"{said}  {cause.name}")
            if cause.example:
                lines.append(f"{'':20}e.g. {formats.clip(cause.example, 100)}")
        if self.more_causes:
            lines.append(f"{'':20}{self.more}")
        return f"{self.facts()}\n{join_lines(lines)}"

    def html(self) -> str:
        """Return it as one HTML fragment, without scripts, for light and dark."""
        return render("findings/templates/overview.html.jinja", overview=self)


def summarize_bulk(  # noqa: PLR0913 - what is known about a bulk besides its receipts
    receipts: pl.DataFrame,
    *,
    source_key: str,
    bulk_id: str,
    kind: str,
    status: str,
    submitted_at: datetime | None = None,
    fetched_at: datetime | None = None,
    notes: tuple[str, ...] = (),
    is_part: bool = False,
) -> Overview:
    """Compute the overview of a bulk from its receipts, or from a part of them."""
    timing = summarize_timing(receipts).row(0, named=True)
    failures = summarize_failures(receipts)
    facts = receipts.select(
        first_received=pl.col("received_at").min(),
        last_completed=pl.col("completed_at").max(),
        in_review=(
            (pl.col("status").cast(pl.String) == "PENDING")
            & (pl.col("pipeline_status").cast(pl.String) == "IN_REVIEW")
        ).sum(),
    ).row(0, named=True)
    outcomes = count_outcomes(receipts).row(0, named=True)
    return Overview(
        source_key=source_key,
        bulk_id=bulk_id,
        kind=kind,
        status=status,
        receipts=receipts.height,
        outcomes={name: outcomes[name] for name in OUTCOMES},
        submitted_at=submitted_at,
        fetched_at=fetched_at,
        p50=timing["p50"],
        p95=timing["p95"],
        slowest=timing["max"],
        negative=timing["negative"],
        completed=timing["completed"],
        longest_pending=_longest_pending(receipts, fetched_at),
        causes=tuple(_cause(row) for row in failures.head(_LEADING).iter_rows(named=True)),
        more_causes=max(failures.height - _LEADING, 0),
        notes=notes + _contradictions(status, outcomes),
        is_part=is_part,
        **facts,
    )


def _contradictions(status: str, outcomes: dict[str, int]) -> tuple[str, ...]:
    """Say which receipts a bulk that succeeded cannot have, by Clinia's documentation."""
    failed, pending = outcomes["failed"], outcomes["pending"]
    unexpected = [formats.counted(failed, "receipt failed", "receipts failed")] if failed else []
    if pending:
        unexpected.append(formats.counted(pending, "receipt is pending", "receipts are pending"))
    if status != "SUCCESS" or not unexpected:
        return ()
    return (f"The status of the bulk is SUCCESS, but {' and '.join(unexpected)}.",)


def _longest_pending(receipts: pl.DataFrame, fetched_at: datetime | None) -> timedelta | None:
    """Return how long the oldest pending receipt has waited, until the latest time known."""
    received, completed, pending = receipts.select(
        received=pl.col("received_at").max(),
        completed=pl.col("completed_at").max(),
        pending=pl.col("received_at").filter(outcome(receipts.columns) == "pending").min(),
    ).row(0)
    known = [time for time in (received, completed, fetched_at) if time is not None]
    return max(known) - pending if pending is not None and known else None


def _cause(row: dict[str, Any]) -> Cause:
    return Cause(
        error_type=row["error_type"],
        codes=tuple(row["error_codes"]),
        failures=row["failures"],
        share=row["share"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        example=row["example_message"],
    )
