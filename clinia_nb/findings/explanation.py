"""What happened to a bulk, in sentences that a cell, the explorer and the report share."""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.analysis.contrast import contrast_overall_and_by
from clinia_nb.analysis.crowding import crowding_of
from clinia_nb.analysis.failure_signatures import failure_signatures
from clinia_nb.analysis.onsets import onsets_of
from clinia_nb.analysis.retry import WORDS, plan_for
from clinia_nb.analysis.values import leading_values
from clinia_nb.display import formats
from clinia_nb.display.html import render
from clinia_nb.receipts.columns import check_bulk
from clinia_nb.receipts.outcome import outcome
from clinia_nb.signatures.sign import with_signatures
from clinia_nb.text import join_lines

from . import sentences
from .history import gone, news_by_signature, not_compared
from .problem import LONGEST_TITLE, Problem
from .values import Place, places_by_signature, title, title_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clinia_nb.bulk import BulkResult

    from .overview import Overview

_LEADING = 8
_WITH_VALUES = 20  # signatures whose values can be shown
_WIDTH = 100


@dataclass(frozen=True, repr=False, eq=False)
class Explanation:
    """What happened to a bulk: the few problems, where they concentrate, since when, what to do.

    As a cell's last value it shows all of that, as `text` and `html` do.

    Attributes
    ----------
    overview : Overview
        The figures of the whole bulk.
    problems : tuple of Problem
        The leading ones, most failures first.
    signatures, onsets, plan : pl.DataFrame
        All of them, as `failure_signatures`, `failure_onsets` and `retry_plan` return them.
    leads, leads_by_signature : pl.DataFrame
        As `contrast_failures` returns them, over all failures and per signature.
    left_out : tuple of str
        Columns of the caller's that were not compared because they have many values.
    places : dict of str to tuple of Place
        For each of the leading signatures its placeholders and nested fields, with their values.
    gone : str
        How many problems of earlier bulks are not in this one; empty without a history.
    compared : bool
        Whether there are receipts to compare failures with.
    done : frozenset of str
        Signatures of which later receipts settled every failure: nothing is left to do.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> client, bulk_id = Client.sandbox(), "bk_2wil2vg5uqi08x1aet097gLW8DP"
    >>> explanation = explain(client.fetch_bulk("docs-example", bulk_id))
    >>> explanation.sentences[0] in explanation.text()
    True
    >>> explanation.title("<string>"), explanation.pieces("<string>")
    ('<string>', ('<string>',))
    >>> explanation.advice(explanation.plan.row(0, named=True))
    'Already exists'
    >>> "already exists" in explanation.html()
    True
    """

    overview: Overview
    problems: tuple[Problem, ...]
    signatures: pl.DataFrame
    leads: pl.DataFrame
    leads_by_signature: pl.DataFrame
    onsets: pl.DataFrame
    plan: pl.DataFrame
    left_out: tuple[str, ...] = ()
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict[str, tuple[Place, ...]])
    gone: str = ""
    compared: bool = True
    done: frozenset[str] = frozenset()

    def advice(self, plan: Mapping[str, Any]) -> str:
        """Return what to do in a few words, by a row of `plan`."""
        return sentences.advice(plan, done=plan["signature"] in self.done)

    def title(self, signature: str) -> str:
        """Return a signature with its values in place of its placeholders, if they are known."""
        return title(signature, self.places.get(signature, ()))

    def pieces(self, signature: str) -> tuple[str | Place, ...]:
        """Return the title of a signature in pieces: text, and places with their values."""
        return title_pieces(formats.clip(signature, LONGEST_TITLE), self.places.get(signature, ()))

    @property
    def headline(self) -> str:
        """The main finding in a sentence."""
        failed, total = self.overview.outcomes["failed"], self.overview.receipts
        if not failed:
            return self.overview.headline
        ways = self.signatures.height
        counted = f"{formats.count(failed)} of {formats.count(total)} operations failed"
        rate = formats.percent(self.overview.failure_rate)
        if ways == 1:
            return f"{counted} ({rate}), all in one way: {self.problems[0].advice.lower()}."
        lead = self.problems[0]
        return (
            f"{counted} ({rate}), in {formats.count(ways)} distinct ways; the most frequent is "
            f"{formats.percent(lead.share)} of the failures."
        )

    @property
    def outlook(self) -> str:
        """When failures came and whether the bulk shows that they pass; else what to do next."""
        left = self.plan.filter(~pl.col("signature").is_in(list(self.done)))
        return sentences.outlook(self.overview, self.signatures, left)

    @property
    def lead(self) -> str:
        """Where failures concentrate as a whole; empty where there are none."""
        found = sentences.lead_of_all(self.overview, self.leads, compared=self.compared)
        return f"{found} {self.basis}".strip() if found else ""

    @property
    def lead_beyond_problems(self) -> str:
        """The lead and its basis; the basis alone if a problem that is shown has that lead."""
        shown = pl.col("signature").is_in([problem.signature for problem in self.problems])
        known = self.leads_by_signature.filter(shown, pl.col("rank") == 1)["condition"]
        said = len(self.problems) == 1 or not set(self.leads["condition"].head(1)).isdisjoint(known)
        return self.basis if said else self.lead

    @property
    def basis(self) -> str:
        """What the rates leave out; empty if they leave out nothing."""
        return sentences.basis(self.overview, left_out=self.left_out)

    @property
    def more(self) -> str:
        """How many problems are not among the leading ones; empty where there are none."""
        return sentences.and_more(self.signatures.slice(len(self.problems)))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence, in order."""
        said = [self.headline, self.lead]
        for problem in self.problems:
            said += [problem.where, problem.when, problem.remedy, problem.news]
        return tuple(filter(None, [*said, self.gone]))

    def text(self) -> str:
        """Return it as lines of plain text."""
        lines = [*_wrapped(self.headline), *_wrapped(self.lead)]
        for number, problem in enumerate(self.problems, 1):
            lines += [
                "",
                *_wrapped(f"{number}. {problem.title}", "   "),
                f"   {problem.kind} · {problem.counted}, {formats.percent(problem.share)}",
                *(
                    line
                    for field_line in problem.fields.lines
                    for line in _wrapped(f"   {field_line}", "     ")
                ),
                *_wrapped(f"   Where: {problem.where}", "     "),
                *_wrapped(f"   When:  {problem.when}", "     "),
                *_wrapped(f"   Do:    {problem.advice}. {problem.remedy}", "     "),
                *([f"   New?   {problem.news}"] if problem.news else []),
            ]
        lines += [f"   {self.more}"] if self.more else []
        return join_lines([*lines, *(["", self.gone] if self.gone else [])]).strip()

    def html(self) -> str:
        """Return it as one HTML fragment, without scripts, for light and dark."""
        return render("findings/templates/explanation.html.jinja", explanation=self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Explanation({self.headline!r}): print() shows all of it."

    def _repr_html_(self) -> str:
        return self.html()


def explain(bulk: BulkResult, *, history: pl.DataFrame | None = None) -> Explanation:
    """Explain what went wrong in a bulk, and what to do about it.

    Parameters
    ----------
    bulk
        A fetched or saved bulk, or a frame of receipts as `BulkResult.from_receipts` wraps it. A
        `signature` column of its receipts is used if present.
    history
        The earlier bulks, as `signature_history` or `Archive.history` returns them: each problem
        then says whether it is new. Use the archive's names for problems by signing the receipts
        with its catalog: ``with_signatures(receipts, known=archive.catalog())``.

    Returns
    -------
    Explanation
        Shows itself in a cell; `text()` returns lines for a terminal. Times are UTC.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> print(explain(bulk).text())
    1 of 1 operations failed (100%), all in one way: already exists.
    Too few failures to tell where they concentrate.
    <BLANKLINE>
    1. <string>
       ALREADY_EXISTS 400 · 1 failure, 100%
       details: <array>
       Where: Too few to tell where they concentrate.
       When:  2023-11-07 05:31:56 UTC; too few to show a pattern.
       Do:    Already exists. On CREATE: what it creates already exists. Leave it, or send it as
         UPSERT to update it.
    """
    check_bulk(bulk, "explain")
    return explain_receipts(with_signatures(bulk.receipts), bulk.summary, history=history)


def explain_receipts(
    receipts: pl.DataFrame, overview: Overview, *, history: pl.DataFrame | None = None
) -> Explanation:
    """Do what `explain` does, for receipts with signatures and the overview of their bulk."""
    with ThreadPoolExecutor(1) as pool:  # both halves take about equally long
        crowds = pool.submit(crowding_of, receipts, ["signature"])
        contrasted = pool.submit(
            lambda: contrast_overall_and_by(receipts, "signature", crowds.result())
        )
        signatures, values = failure_signatures(receipts), leading_values(receipts)
        onsets = onsets_of(crowds.result(), ["signature"])
        plan = plan_for(receipts, onsets, values)
        leads, by_signature, left_out = contrasted.result()
    shown = pl.col("signature").is_in(signatures["signature"].head(_WITH_VALUES).implode())
    places = places_by_signature(values.filter(shown))
    compared = receipts.select(outcome(receipts.columns).is_in(["succeeded", "other"]).any()).item()
    problems = _problems(signatures, onsets, plan, by_signature, places, history, compared)
    return Explanation(
        overview,
        problems,
        signatures,
        leads,
        by_signature,
        onsets,
        plan.drop(WORDS),
        places=places,
        left_out=left_out,
        gone=gone(history),
        compared=compared,
        done=frozenset(plan.filter("done")["signature"]),
    )


def _problems(  # noqa: PLR0913, PLR0917 - what is known about each
    signatures: pl.DataFrame,
    onsets: pl.DataFrame,
    plan: pl.DataFrame,
    leads: pl.DataFrame,
    places: dict[str, tuple[Place, ...]],
    history: pl.DataFrame | None,
    compared: bool,  # noqa: FBT001 - of the bulk, as the others are
) -> tuple[Problem, ...]:
    """Put together what is known about the leading signatures."""
    leading = signatures.head(_LEADING)
    onset = {row["signature"]: row for row in onsets.iter_rows(named=True)}
    plans = {row["signature"]: row for row in plan.drop("ids").iter_rows(named=True)}
    news = {} if history is None else news_by_signature(history)
    unknown = not_compared(history)
    return tuple(
        Problem(
            signature=row["signature"],
            kind=_kind(row),
            failures=row["failures"],
            share=row["share"],
            records=row["records"],
            example=row["example_message"],
            recommendation=plans[row["signature"]]["recommendation"],
            advice=sentences.advice(plans[row["signature"]], done=plans[row["signature"]]["done"]),
            where=sentences.where(
                row["failures"],
                leads.filter(pl.col("signature") == row["signature"]),
                onset[row["signature"]],
                compared=compared,
            ),
            when=sentences.when(onset[row["signature"]]),
            remedy=plans[row["signature"]]["because"],
            places=places.get(row["signature"], ()),
            news=news.get(row["signature"], unknown),
        )
        for row in leading.iter_rows(named=True)
    )


def _kind(row: dict[str, Any]) -> str:
    return " ".join([*row["error_types"], *map(str, row["error_codes"])]) or "no error type"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent) if text else []
