"""The report: one HTML file that can be sent to anyone, and opened anywhere."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from . import formats
from .bulk import BulkResult
from .compare import compare_bulks
from .explain import ADVICE, Explanation, explain
from .failures import failures_over_time
from .frames import choose_interval, failed, outcome, parse_interval
from .markup import render
from .receipts import SCHEMA
from .redact import redact as redact_receipts
from .signatures import with_signatures
from .timing import summarize_timing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .comparison import Comparison

_MOST_CAUSES, _MOST_TYPES = 12, 8
_MOST_BULKS = 20
_MARKS = 90  # intervals of the little timelines
# No summary of the report is made of the other columns.
_USED = [name for name in SCHEMA if name not in {"task_id", "pipeline_execution_id"}]
_UNKNOWN_FIELDS = "Fields that the frame has no column for: "


def write_report(
    bulks: BulkResult | Iterable[BulkResult],
    path: str | Path,
    *,
    redact: bool = True,
    key: bytes | None = None,
    now: datetime | None = None,
) -> Path:
    """Write what happened to a bulk as one HTML file: no script, nothing loaded, safe to send.

    Parameters
    ----------
    bulks
        A bulk; or several, such as the attempts of a load in their order, which are compared before
        each is told.
    path
        The file. It is written beside and put in its place once it is whole, so that a failure
        leaves what was there.
    redact
        Mask record ids and the variable parts of messages before anything is computed, as
        `clinia_nb.redact` does. With False the page's header says that they are shown.
    key
        As in `clinia_nb.redact`: give one where several reports must show equal values alike.
    now
        When the report is made, in place of the clock's time. With `key` and `now` given, equal
        bulks give equal bytes.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ValueError
        There is no bulk, or there are more than 20; or the key is too short or too long.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from clinia_nb import Client
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> with TemporaryDirectory() as folder:
    ...     written = write_report(bulk, Path(folder) / "report.html")
    ...     print(written.name, "1 of 1 operations failed" in written.read_text(encoding="utf-8"))
    report.html True
    """
    return Findings(bulks, redact=redact, key=key).write(path, now=now)


class Findings:
    """What a report says of some bulks: redacted first, then computed once for page and terminal.

    Parameters
    ----------
    bulks, redact, key
        As in `write_report`.
    """

    def __init__(
        self,
        bulks: BulkResult | Iterable[BulkResult],
        *,
        redact: bool = True,
        key: bytes | None = None,
    ) -> None:
        given = [bulks] if isinstance(bulks, BulkResult) else list(bulks)
        if not 1 <= len(given) <= _MOST_BULKS:
            raise ValueError(f"A report is of 1 to {_MOST_BULKS} bulks, not of {len(given)}.")
        self.redacted = redact
        receipts = [bulk.receipts.select(_USED) for bulk in given]
        if redact:
            key = key or secrets.token_bytes(32)
            receipts = _redacted(receipts, key)
            given = [_without_names(bulk, key) for bulk in given]
        self.bulks = [
            replace(bulk, receipts=with_signatures(shown), body=b"")
            for bulk, shown in zip(given, receipts, strict=True)
        ]

    @cached_property
    def chapters(self) -> list[Chapter]:
        """What there is to say of each bulk."""
        return [Chapter(number, bulk) for number, bulk in enumerate(self.bulks, 1)]

    @cached_property
    def comparison(self) -> Comparison | None:
        """The bulks side by side; None for a single one."""
        return compare_bulks(*self.bulks) if len(self.bulks) > 1 else None  # pyright: ignore[reportCallIssue] -- two at least

    def html(self, *, now: datetime | None = None) -> str:
        """Give the page."""
        return render(
            "report.html.jinja",
            findings=self,
            comparison=self.comparison,
            compared=_compared(self.comparison),
            advice=ADVICE,
            made_at=now or datetime.now(UTC),
            version=version("clinia-nb"),
            duration=formats.duration,
            stretch=formats.stretch,
        )

    def write(self, path: str | Path, *, now: datetime | None = None) -> Path:
        """Write the page, whole or not at all."""
        content = self.html(now=now).encode()
        target = Path(path).resolve()  # what a link leads to is replaced, not the link
        part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as file:
                file.write(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return Path(path)


@dataclass(frozen=True)
class Chapter:
    """What there is to say of one bulk."""

    number: int
    bulk: BulkResult

    @property
    def receipts(self) -> pl.DataFrame:
        """The receipts with their signatures."""
        return self.bulk.receipts

    @cached_property
    def told(self) -> Explanation:
        """What happened, in words."""
        return explain(self.bulk)

    @cached_property
    def causes(self) -> list[dict[str, Any]]:
        """The leading signatures with what to do about each."""
        plan = self.told.plan.select("signature", "recommendation")
        shown = self.told.signatures.head(_MOST_CAUSES)
        return shown.join(plan, on="signature", how="left", maintain_order="left").to_dicts()

    @property
    def more(self) -> str:
        """How many signatures are not among the causes; empty where there are none."""
        rest = self.told.signatures.slice(_MOST_CAUSES)
        number, failures = map(formats.count, (rest.height, int(rest["failures"].sum())))
        return f"And {number} more, with {failures} failures in all." if rest.height else ""

    @property
    def leads(self) -> list[dict[str, Any]]:
        """Where failures concentrate, best first."""
        return self.told.leads.to_dicts()

    @cached_property
    def timings(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """How long receipts took: by outcome and by type, each with its heading."""
        timed = self.receipts.lazy().select(
            outcome(self.receipts.columns), "type", "status", "duration"
        )
        tables: list[tuple[str, list[dict[str, Any]]]] = []
        for by, most in (("outcome", len(self.told.overview.outcomes)), ("type", _MOST_TYPES)):
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
        leading = [problem.signature for problem in self.told.problems]
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

    @property
    def drawn_over_time(self) -> list[str]:
        """Failures over time, as SVG."""
        if not self.told.problems or self.bulk.summary.first_received is None:
            return []
        from . import charts

        frame = self.receipts.select(
            "status", "received_at", "error_type", failed=failed(self.receipts.columns)
        )
        shown = frame.with_columns(status=pl.when("failed").then(pl.lit("FAILURE")))
        return [charts.to_svg(charts.failures_over_time(shown), prefix=f"b{self.number}-failures")]

    @property
    def drawn_timing(self) -> list[str]:
        """How long receipts took, and how many were under way, as SVG."""
        if not self.timings:
            return []
        from . import charts

        drawn = {
            "durations": charts.duration_distribution(self.receipts),
            "timing": charts.timing_over_time(self.receipts),
            "throughput": charts.throughput(self.receipts),
        }
        return [
            charts.to_svg(chart, prefix=f"b{self.number}-{name}") for name, chart in drawn.items()
        ]


def _compared(comparison: Comparison | None) -> list[str]:
    """Draw what became of the records from attempt to attempt, as SVG."""
    if comparison is None or not comparison.attempts["records"].sum():
        return []
    from . import charts

    drawn = {"changes": charts.compare_bulks, "failing": charts.failing_so_far}
    return [charts.to_svg(draw(comparison), prefix=name) for name, draw in drawn.items()]


def _redacted(receipts: list[pl.DataFrame], key: bytes) -> list[pl.DataFrame]:
    """Redact the receipts of all bulks as one frame, so that equal causes stay equal."""
    if len(receipts) == 1:
        return [_redacted_alone(receipts[0], key)]
    together = redact_receipts(pl.concat(receipts), key=key)
    ends = accumulate(frame.height for frame in receipts)
    return [
        together.slice(end - frame.height, frame.height)
        for frame, end in zip(receipts, ends, strict=True)
    ]


def _redacted_alone(receipts: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Redact the receipts of a bulk that is compared with no other.

    A million pseudonyms take a second. Of records that never failed nothing is told, so that they
    share one; but ids without digits are masked among words of messages only where redact sees them.
    """
    failing = receipts.filter(failed())["id"].unique().implode()
    is_told = failed() | pl.col("id").is_in(failing) | ~pl.col("id").str.contains(r"\p{N}")
    rows = receipts.with_columns(told=is_told.fill_null(value=False)).with_row_index("row")
    told, rest = rows.filter("told"), rows.filter(~pl.col("told"))
    unnamed = rest.with_columns(id=pl.when(pl.col("id").is_not_null()).then(pl.lit("unnamed")))
    parts = [
        redact_receipts(part.drop("row", "told"), key=key).with_columns(part["row"])
        for part in (told, unnamed)
    ]
    # What has no separators is not searched for prefixes.
    bare = pl.col("id").str.strip_prefix("id-")
    return pl.concat(parts).sort("row").drop("row").with_columns(bare)


def _without_names(bulk: BulkResult, key: bytes) -> BulkResult:
    """Mask what a bulk says beside its receipts, where it is not of known words."""
    notes = (
        _UNKNOWN_FIELDS
        + ", ".join(_masked(note.removeprefix(_UNKNOWN_FIELDS)[:-1].split(", "), key))
        + "."
        if note.startswith(_UNKNOWN_FIELDS)
        else note  # of names of columns, and figures
        for note in bulk.notes
    )
    return replace(bulk, status=_masked([bulk.status], key)[0], notes=tuple(notes))


def _masked(words: list[str], key: bytes) -> list[str]:
    """Mask words that do not read as keys."""
    return redact_receipts(pl.DataFrame({"type": words}), key=key)["type"].to_list()
