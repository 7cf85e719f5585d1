"""The figures that every door shows of a bulk: computed once, told as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.analysis.failures import count_outcomes, summarize_failures
from clinia_nb.analysis.timing import summarize_timing
from clinia_nb.display import formats
from clinia_nb.display.html import render
from clinia_nb.receipts.outcome import OUTCOMES
from clinia_nb.text import join_lines

if TYPE_CHECKING:
    from datetime import datetime, timedelta

_LEADING = 5


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


@dataclass(frozen=True)
class Overview:
    """What there is to say of a bulk at a glance.

    `text` and `html` say the same. Times are UTC. `outcomes` counts the receipts by what became of
    them, in the order of `clinia_nb.frames.OUTCOMES`; they add up to `receipts`.
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
    causes: tuple[Cause, ...]
    more_causes: int
    fetched_at: datetime | None
    notes: tuple[str, ...]

    @property
    def failure_rate(self) -> float:
        """Failed receipts of all receipts, 0 to 1; 0 where there are none."""
        return self.outcomes["failed"] / self.receipts if self.receipts else 0.0

    @property
    def headline(self) -> str:
        """The finding in a sentence."""
        failed, pending = self.outcomes["failed"], self.outcomes["pending"]
        total = formats.count(self.receipts)
        all_of = "The only operation" if self.receipts == 1 else f"All {total} operations"
        if not self.receipts:
            return f"No receipts: the answer says {self.status} and nothing else."
        if failed:
            lead = self.causes[0]
            said = f"{formats.count(failed)} of {total} operations failed"
            told = f" ({formats.percent(self.failure_rate)}); most often {lead.name}"
            return f"{said}{told}, {formats.percent(lead.share)} of the failures."
        if pending:
            review = self.in_review == pending
            waits = "wait for human review" if review else "are still being processed"
            return f"{formats.count(pending)} of {total} operations {waits}; none failed so far."
        if self.outcomes["cancelled"] == self.receipts:
            return f"{all_of} {'was' if self.receipts == 1 else 'were'} cancelled."
        if self.outcomes["succeeded"] == self.receipts:
            return f"{all_of} succeeded."
        return f"None of {total} operations failed."

    @property
    def more(self) -> str:
        """How many error types are not among the leading causes."""
        return f"and {self.more_causes} more error type{'s' * (self.more_causes > 1)}"

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Labelled key figures, formatted; those that are not known are left out."""
        figures = [
            ("Submitted", formats.moment(self.submitted_at)),
            ("First received", formats.moment(self.first_received)),
            ("Last completed", formats.moment(self.last_completed)),
            ("Median time", formats.duration(self.p50)),
            ("95th percentile", formats.duration(self.p95)),
            ("Slowest", formats.duration(self.slowest)),
        ]
        if self.in_review:
            figures.append(("Waiting for review", formats.count(self.in_review)))
        if self.negative:
            figures.append(("Completed before received", formats.count(self.negative)))
        return [(label, value) for label, value in figures if value != formats.UNKNOWN]

    def facts(self) -> str:
        """Say in lines of plain text which bulk it is, what became of it, and when."""
        counts = ", ".join(f"{formats.count(n)} {name}" for name, n in self.outcomes.items() if n)
        lines = [
            f"{self.bulk_id} · {self.kind} into {self.source_key} · {self.status}",
            f"  {'Receipts':<26}{formats.count(self.receipts)}" + (f"  ({counts})" * bool(counts)),
            *(f"  {label:<26}{value}" for label, value in self.figures),
        ]
        return join_lines([*lines, *(f"Note: {note}" for note in self.notes)])

    def text(self) -> str:
        """Say all of it in lines of plain text."""
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
        """Say it in one HTML fragment, without scripts, for light and dark."""
        return render("findings/templates/overview.html.jinja", overview=self)


def summarize_bulk(  # noqa: PLR0913 - what is known of a bulk beside its receipts
    receipts: pl.DataFrame,
    *,
    source_key: str,
    bulk_id: str,
    kind: str,
    status: str,
    submitted_at: datetime | None = None,
    fetched_at: datetime | None = None,
    notes: tuple[str, ...] = (),
) -> Overview:
    """Compute the overview of a bulk from its receipts."""
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
        causes=tuple(_cause(row) for row in failures.head(_LEADING).iter_rows(named=True)),
        more_causes=max(failures.height - _LEADING, 0),
        notes=notes,
        **facts,
    )


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
