"""What happened to a bulk, in sentences: each is made of figures that stand in it.

A cell, the explorer and the report say the same, because all take it from here.
"""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from clinia_nb.analysis.contrast import contrast_overall_and_by
from clinia_nb.analysis.failure_signatures import failure_signatures
from clinia_nb.analysis.onsets import failure_onsets
from clinia_nb.analysis.retry import plan_for
from clinia_nb.analysis.retry_rules import ADVICE
from clinia_nb.display import formats
from clinia_nb.display.html import render
from clinia_nb.signatures.sign import with_signatures

if TYPE_CHECKING:
    from datetime import datetime

    from clinia_nb.bulk import BulkResult

    from .overview import Overview

# What may pass when it is sent again as it is.
_TRANSIENT = ("retry", "retry_later")
_LEADING = 5
_MOST_LEADS = 2
_FEWEST = 5
_CHANGED = 1.5
_WIDTH = 100


@dataclass(frozen=True)
class Problem:
    """One distinct problem: a signature, its figures, and where, when and what to do about it."""

    signature: str
    kind: str
    failures: int
    share: float
    records: int
    example: str | None
    recommendation: str
    where: str
    when: str
    remedy: str

    @property
    def counted(self) -> str:
        """The number of failures, in words."""
        return f"{formats.count(self.failures)} failure{'s' * (self.failures != 1)}"

    @property
    def advice(self) -> str:
        """What to do, in a few words."""
        return ADVICE[self.recommendation]


@dataclass(frozen=True, repr=False, eq=False)
class Explanation:
    """What happened to a bulk: the few problems, where they concentrate, since when, what to do.

    As a cell's last value it shows all of that; `text` and `html` say the same.

    Attributes
    ----------
    overview : Overview
        The figures of the whole bulk.
    problems : tuple of Problem
        The leading ones, most failures first.
    signatures, onsets, plan : pl.DataFrame
        All of them, as `failure_signatures`, `failure_onsets` and `retry_plan` give them.
    leads, leads_by_signature : pl.DataFrame
        As `contrast_failures` gives them, over all failures and per signature.
    """

    overview: Overview
    problems: tuple[Problem, ...]
    signatures: pl.DataFrame
    leads: pl.DataFrame
    leads_by_signature: pl.DataFrame
    onsets: pl.DataFrame
    plan: pl.DataFrame

    @property
    def headline(self) -> str:
        """The finding in a sentence."""
        failed, total = self.overview.outcomes["failed"], self.overview.receipts
        if not failed:
            return self.overview.headline
        ways = self.signatures.height
        told = f"{formats.count(failed)} of {formats.count(total)} operations failed"
        rate = formats.percent(self.overview.failure_rate)
        if ways == 1:
            return f"{told} ({rate}), all in one way: {self.problems[0].advice.lower()}."
        lead = self.problems[0]
        return (
            f"{told} ({rate}), in {formats.count(ways)} distinct ways; the leading one is "
            f"{formats.percent(lead.share)} of the failures."
        )

    @property
    def outlook(self) -> str:
        """When failures came and whether they look transient; else what to make of the bulk."""
        if not self.overview.outcomes["failed"]:
            return _unfailed(self.overview)
        first, last = self.signatures["first_seen"].min(), self.signatures["last_seen"].max()
        seen = first is not None and last is not None
        span = formats.stretch(cast("datetime", first), cast("datetime", last)) if seen else ""
        passing = pl.col("recommendation").cast(pl.String).is_in(_TRANSIENT)
        transient = int(self.plan.filter(passing)["failures"].sum())
        failures = int(self.plan["failures"].sum())
        hope = "look transient, and may pass when sent again"
        if transient == failures:
            told = "All look transient: sent again, they may pass."
        elif transient:
            share = formats.percent(transient / failures)
            rest = "the others need what is said below"
            told = f"{formats.count(transient)} of them ({share}) {hope}; {rest}."
        else:
            told = "None looks transient: each needs what is said below."
        pending = self.overview.outcomes["pending"]
        wait = f"{formats.count(pending)} operations are still pending." if pending else ""
        came = f"Failures came {'at' if first == last else 'from'} {span}." if seen else ""
        return " ".join(filter(None, [came, told, wait]))

    @property
    def lead(self) -> str:
        """Where failures concentrate as a whole; empty where there are none."""
        if not self.overview.outcomes["failed"]:
            return ""
        if self.leads.is_empty():
            return (
                "Nothing sets the failures as a whole apart: no attribute and no stretch of time."
            )
        row = self.leads.row(0, named=True)
        return f"Best lead, {formats.percent(row['share'])} of all failures: {_contrasted(row)}."

    @property
    def more(self) -> str:
        """How many problems are not among the leading ones; empty where there are none."""
        rest = self.signatures.slice(len(self.problems))
        if rest.is_empty():
            return ""
        failures = formats.count(int(rest["failures"].sum()))
        return f"and {formats.count(rest.height)} more, with {failures} failures in all"

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is said, in order."""
        told = [self.headline, self.lead]
        for problem in self.problems:
            told += [problem.where, problem.when, problem.remedy]
        return tuple(filter(None, told))

    def text(self) -> str:
        """Say it in lines of plain text."""
        lines = [*_wrapped(self.headline), *_wrapped(self.lead)]
        for number, problem in enumerate(self.problems, 1):
            lines += [
                "",
                *_wrapped(f"{number}. {problem.signature}", "   "),
                f"   {problem.kind} · {problem.counted}, {formats.percent(problem.share)}",
                *_wrapped(f"   Where: {problem.where}", "     "),
                *_wrapped(f"   When:  {problem.when}", "     "),
                *_wrapped(f"   Do:    {problem.advice}. {problem.remedy}", "     "),
            ]
        return "\n".join([*lines, *([f"   {self.more}"] if self.more else [])]).strip()

    def html(self) -> str:
        """Say it in one HTML fragment, without scripts, for light and dark."""
        return render("findings/templates/explanation.html.jinja", explanation=self)

    def __repr__(self) -> str:
        return f"Explanation({self.headline!r})"

    def _repr_html_(self) -> str:
        return self.html()


def explain(bulk: BulkResult) -> Explanation:
    """Explain what went wrong in a bulk, and what to do about it.

    Parameters
    ----------
    bulk
        A fetched or saved bulk. A `signature` column of its receipts is heeded.

    Returns
    -------
    Explanation
        Shows itself in a cell; `text()` gives lines for a terminal, and the frames that it is made
        of are its attributes. Times are UTC.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> print(explain(bulk).text())
    1 of 1 operations failed (100%), all in one way: already exists.
    Nothing sets the failures as a whole apart: no attribute and no stretch of time.
    <BLANKLINE>
    1. <string>
       ALREADY_EXISTS 400 · 1 failure, 100%
       Where: Too few to say where they concentrate.
       When:  2023-11-07 05:31:56 UTC; too few to have a shape.
       Do:    Already exists. The only failure is ALREADY_EXISTS (400) on CREATE: what they create
         is there already, so leave it, or send it as UPSERT to renew it.
    """
    return explain_receipts(with_signatures(bulk.receipts), bulk.summary)


def explain_receipts(receipts: pl.DataFrame, overview: Overview) -> Explanation:
    """Do what `explain` does, for receipts with signatures and the overview of their bulk."""
    with ThreadPoolExecutor(1) as pool:  # the halves take about as long
        contrasted = pool.submit(contrast_overall_and_by, receipts, "signature")
        signatures, onsets = failure_signatures(receipts), failure_onsets(receipts)
        plan = plan_for(receipts, onsets)
        leads, by_signature = contrasted.result()
    leading = signatures.head(_LEADING)
    onset = {row["signature"]: row for row in onsets.iter_rows(named=True)}
    remedies = plan.select("signature", "recommendation", "reason").rows_by_key("signature")
    problems = tuple(
        Problem(
            signature=row["signature"],
            kind=_kind(row),
            failures=row["failures"],
            share=row["share"],
            records=row["records"],
            example=row["example_message"],
            recommendation=remedies[row["signature"]][0][0],
            where=_where(row, by_signature.filter(pl.col("signature") == row["signature"])),
            when=_when(onset[row["signature"]]),
            remedy=remedies[row["signature"]][0][1],
        )
        for row in leading.iter_rows(named=True)
    )
    return Explanation(overview, problems, signatures, leads, by_signature, onsets, plan)


def _unfailed(overview: Overview) -> str:
    """Say what to make of a bulk in which nothing failed."""
    outcomes, review = overview.outcomes, overview.in_review
    if not overview.receipts:
        return "If operations were submitted, check the kind, and look again once the bulk is done."
    if outcomes["pending"]:
        waiting = review == outcomes["pending"]
        return (
            "They go on once somebody has reviewed them."
            if waiting
            else "Look again once the bulk is done: these figures are not final."
        )
    if outcomes["cancelled"]:
        return "What was cancelled was not loaded: submit it again if it is still wanted."
    return "" if outcomes["other"] else "There is nothing to do."


def _kind(row: dict[str, Any]) -> str:
    return " ".join([*row["error_types"], *map(str, row["error_codes"])]) or "no error type"


def _contrasted(row: dict[str, Any]) -> str:
    inside = f"{formats.count(row['failures'])} of {formats.count(row['receipts'])} receipts"
    outside = (
        f"{formats.count(row['failures_outside'])} of {formats.count(row['receipts_outside'])}"
    )
    rate, other = (formats.percent(row[f"failure_rate{side}"]) for side in ("", "_outside"))
    return f"{row['condition']}: {inside} there ({rate}), {outside} elsewhere ({other})"


def _where(row: dict[str, Any], leads: pl.DataFrame) -> str:
    if row["failures"] < _FEWEST:
        return "Too few to say where they concentrate."
    if leads.is_empty():
        return "Nowhere in particular: no attribute and no stretch of time sets them apart."
    told = [_contrasted(lead) for lead in leads.head(_MOST_LEADS).iter_rows(named=True)]
    return f"{'; then '.join(told)}."


def _when(onset: dict[str, Any]) -> str:
    if onset["first_seen"] is None:
        return "Not known: their receipts have no time."
    span = formats.stretch(onset["first_seen"], onset["last_seen"])
    if onset["pattern"] == "too_few":
        return f"{span}; too few to have a shape."
    end = "goes on to the end of the bulk" if onset["goes_on"] else "then ends before the bulk does"
    if onset["pattern"] == "steady":
        return f"All along, {span}; {end}."
    burst = formats.stretch(onset["burst_begins"], onset["burst_ends"])
    shape = {
        "burst": f"A burst, {burst}",
        "from_then_on": f"From {formats.moment(onset['burst_begins'])} on",
        "until_then": f"Until {formats.moment(onset['burst_ends'])}",
    }[onset["pattern"]]
    share, inside, outside = (
        formats.percent(onset[name]) for name in ("burst_share", "burst_rate", "other_rate")
    )
    rates = f"{share} of them; {inside} of the receipts of that time failed so, {outside} of others"
    return f"{shape}: {rates}. {_changes(onset)}".strip()


def _changes(onset: dict[str, Any]) -> str:
    """Say whether throughput or latency changed within a burst."""
    told: list[str] = []
    latency, throughput = onset["latency_ratio"], onset["throughput_ratio"]
    if latency is not None and not 1 / _CHANGED < latency < _CHANGED:
        told.append(f"other receipts took {formats.times(latency)} as long")
    if throughput is not None and not 1 / _CHANGED < throughput < _CHANGED:
        told.append(f"{formats.times(throughput)} as many receipts came per second")
    if told:
        return f"Meanwhile {' and '.join(told)}."
    known = latency is not None and throughput is not None
    return "Latency and throughput stayed as they were." if known else ""


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent) if text else []
