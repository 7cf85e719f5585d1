"""One bulk as a chapter of the report: its figures, tables and drawings, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import polars as pl

from clinia_nb.analysis.failures import failures_over_time
from clinia_nb.analysis.intervals import choose_interval, parse_interval
from clinia_nb.analysis.onsets import FEWEST
from clinia_nb.analysis.timing import summarize_timing
from clinia_nb.display import formats
from clinia_nb.display.html import trusted
from clinia_nb.display.renderer import start_renderer
from clinia_nb.findings.explanation import Explanation, explain
from clinia_nb.findings.facts import facts_of
from clinia_nb.findings.sentences import and_more
from clinia_nb.receipts.outcome import failed, outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import altair as alt
    from markupsafe import Markup

    from clinia_nb.bulk import BulkResult

_MOST_CAUSES, _MOST_TYPES = 12, 8
_MOST_IDS = 200  # per cause
_MARKS = 90  # intervals of the small timelines
_WIDE, _NARROW = 824, 350  # pixels that a chart has on a page and on a phone


@dataclass(frozen=True)
class Chapter:
    """The findings about one bulk."""

    number: int
    bulk: BulkResult
    drawn: Future[dict[str, list[Drawing]]]
    redacted: bool = True
    history: pl.DataFrame | None = None
    with_ids: bool = False

    @property
    def receipts(self) -> pl.DataFrame:
        """The receipts with their signatures."""
        return self.bulk.receipts

    @cached_property
    def explanation(self) -> Explanation:
        """What happened to the bulk, as `explain` returns it."""
        return explain(self.bulk, history=self.history)

    @property
    def drawings(self) -> dict[str, list[Drawing]]:
        """The charts, by the section that they belong to."""
        return self.drawn.result()

    @cached_property
    def causes(self) -> list[dict[str, Any]]:
        """The leading signatures with their values, and what to do about each."""
        plan = self.explanation.plan.select("signature", "remedies", "remedy_failures")
        shown = self.explanation.signatures.head(_MOST_CAUSES)
        causes = shown.join(plan, on="signature", how="left", maintain_order="left").to_dicts()
        return [
            cause
            | {
                "pieces": self.explanation.pieces(cause["signature"]),
                "advice": self.explanation.advice(cause),
            }
            for cause in causes
        ]

    @cached_property
    def examples(self) -> dict[str, str]:
        """An example of each leading problem, unless it is redacted or the title says it all."""
        if self.redacted:
            return {}
        ids = dict(self.explanation.signatures.select("signature", "example_id").rows())
        return {
            problem.signature: f"{problem.example} (record {ids[problem.signature] or 'unknown'})"
            for problem in self.explanation.problems
            if problem.example and not problem.title.startswith(formats.clip(problem.example))
        }

    @cached_property
    def ids(self) -> list[CauseIds]:
        """The record ids of each cause, if they are wanted; causes without any are left out."""
        if not self.with_ids:
            return []
        failures = self.receipts.lazy().filter(failed(self.receipts.columns))
        ids = (
            failures.select("signature", "id")
            .drop_nulls()
            .unique(maintain_order=True)
            .group_by("signature")
            .agg(shown=pl.col("id").head(_MOST_IDS), total=pl.len())
            .collect()
        )
        found = {signature: (shown, total) for signature, shown, total in ids.iter_rows()}
        return [
            CauseIds(place, self.explanation.title(cause["signature"]), *found[cause["signature"]])
            for place, cause in enumerate(self.causes, 1)
            if cause["signature"] in found
        ]

    @property
    def more(self) -> str:
        """How many causes the table leaves out; empty if it has all."""
        return and_more(self.explanation.signatures.slice(_MOST_CAUSES))

    def facts(self) -> dict[str, Any]:
        """Return the findings for programs."""
        return facts_of(self.explanation)

    def table(self) -> list[str]:
        """Return the causes as the lines of a plain table."""
        if not self.causes:
            return []
        rows = [
            (
                formats.count(cause["failures"]),
                formats.percent(cause["share"]),
                cause["advice"],
                formats.clip(self.explanation.title(cause["signature"])),
            )
            for cause in self.causes
        ]
        width = max(len(cause["advice"]) for cause in self.causes)
        lines = [f"  {'Failures':>9}  {'Share':>7}  {'What to do':<{width}}  Cause"]
        lines += [
            f"  {n:>9}  {share:>7}  {todo:<{width}}  {cause}" for n, share, todo, cause in rows
        ]
        return [*lines, *([f"  {self.more}"] if self.more else [])]

    @property
    def leads(self) -> list[dict[str, Any]]:
        """Where failures concentrate, best first."""
        return self.explanation.leads.to_dicts()

    @cached_property
    def timings(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """How long receipts took: by outcome and by type, each with its heading."""
        timed = self.receipts.lazy().select(
            outcome(self.receipts.columns), "type", "status", "duration"
        )
        tables: list[tuple[str, list[dict[str, Any]]]] = []
        for by, most in (
            ("outcome", len(self.explanation.overview.outcomes)),
            ("type", _MOST_TYPES),
        ):
            summary = summarize_timing(timed, by=by).filter(pl.col("completed") > 0).head(most)
            rows = summary.rename({by: "group"}).with_columns(pl.col("group").cast(pl.String))
            if rows.height:
                tables.append((by.capitalize(), rows.to_dicts()))
        return tables

    @cached_property
    def timelines(self) -> dict[str, str]:
        """For each leading signature a path, 1 high, of its failures per interval of the bulk."""
        first, last = self.bulk.summary.first_received, self.receipts["received_at"].max()
        if first is None or not isinstance(last, datetime):
            return {}
        every = choose_interval(first, last, target=_MARKS)
        step = parse_interval(every)[1]
        begin = pl.lit(first).cast(pl.Datetime("us", "UTC")).dt.truncate(every)
        place = (pl.col("interval_start") - begin).dt.total_microseconds() / step
        leading = [p.signature for p in self.explanation.problems if p.failures >= FEWEST]
        failures = self.receipts.lazy().filter(pl.col("signature").is_in(leading))
        marks = (
            failures_over_time(failures, every=every, by="signature")
            .drop_nulls()
            .with_columns(
                place=place, high=pl.col("failures") / pl.col("failures").max().over("signature")
            )
        )
        spread = (last - first).total_seconds() * 1_000_000 / step + 1
        return {
            str(name): "".join(
                f"M{100 * at / spread:.2f} 1v{-max(high, 0.08):.3f}h{90 / spread:.2f}V1z"
                for at, high in rows.sort("place").select("place", "high").iter_rows()
            )
            for (name,), rows in marks.group_by("signature", maintain_order=True)
        }


class CauseIds(NamedTuple):
    """Ids of the records that failed for one cause, and how many there are in total."""

    place: int
    title: str
    shown: list[str]
    total: int


class Drawing(NamedTuple):
    """A chart as SVG, drawn for a page and for a phone; each shows one of the two."""

    wide: Markup
    narrow: Markup

    @classmethod
    def of(cls, draw: Callable[[], alt.LayerChart], prefix: str) -> Drawing:
        """Draw a chart twice; a chart that cannot be drawn says so in its place."""
        from clinia_nb.charts import drawn

        once = cache(lambda: cast("Any", draw()).own_spec())  # every chart of this package has one
        wide = drawn(once, prefix=prefix, width=_WIDE)
        narrow = drawn(once, prefix=f"{prefix}n", width=_NARROW)
        return cls(trusted(wide), trusted(narrow))


@cache
def load_drawing() -> None:
    """Load what draws charts, in threads: Altair takes a second, the renderer a third of one."""
    for load in (partial(import_module, "clinia_nb.charts"), start_renderer):
        Thread(target=load, daemon=True).start()


def draw(receipts: pl.DataFrame, number: int) -> dict[str, list[Drawing]]:
    """Draw the charts of a chapter, by the section that they belong to.

    `status`, `received_at`, `completed_at`, `duration` and the error columns are needed; the text
    of messages is not read.
    """
    from altair.utils.schemapi import debug_mode

    from clinia_nb import charts

    timed = receipts["completed_at"].count() > 0
    failing = receipts.lazy().filter(failed(receipts.columns)).select("received_at").collect()
    when = (charts.failures_over_time,) if failing["received_at"].count() else ()
    how_long = (charts.duration_distribution, charts.timing_over_time, charts.throughput)
    with debug_mode(arg=False):  # Altair's validation takes longer than everything else
        return {
            section: [
                Drawing.of(partial(chart, receipts), f"b{number}-{section}-{place}")
                for place, chart in enumerate(wanted, 1)
            ]
            for section, wanted in (("when", when), ("how_long", how_long if timed else ()))
        }
