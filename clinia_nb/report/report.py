"""The report: one HTML file that opens anywhere."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.bulk import BulkResult
from clinia_nb.display import formats
from clinia_nb.display.html import render, trusted
from clinia_nb.files import check_target, write_file
from clinia_nb.findings.comparison import compare_bulks
from clinia_nb.receipts.columns import check_bulk
from clinia_nb.receipts.fields import JSON_COLUMNS
from clinia_nb.redaction.bulk import without_names
from clinia_nb.redaction.redact import mask_keys
from clinia_nb.signatures.sign import with_signatures
from clinia_nb.text import join_lines

from .chapter import Chapter, Drawing, draw, load_drawing
from .privacy import history_as_shown, redacted_together
from .reproduce import archive_command, command, python_call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinia_nb.findings.comparison import Comparison

MOST_BULKS = 20
# All others are used: failures are also compared by the columns that the caller joined.
_UNUSED = ("task_id", "pipeline_execution_id", "signature")
_CHARTED = ("status", "error_type", "error_code", "received_at", "completed_at", "duration")
# Charts only use whether there is a message.
_IS_THERE = [
    pl.when(pl.col(text).is_not_null()).then(pl.lit("")).alias(text)
    for text in ("error_message", *JSON_COLUMNS)
]


def write_report(  # noqa: PLR0913 - options, keyword-only
    bulks: BulkResult | Iterable[BulkResult],
    path: str | Path,
    *,
    redact: bool = True,
    key: bytes | None = None,
    keep: Iterable[str] = (),
    history: pl.DataFrame | None = None,
    ids: bool = False,
    now: datetime | None = None,
) -> Path:
    """Write what happened to a bulk as one HTML file: no script, nothing loaded, safe to send.

    Parameters
    ----------
    bulks
        A bulk; or several, such as the attempts of a load in their order, which are compared before
        each is described.
    path
        The file. It is replaced only once the page is complete, so that a failure leaves an earlier
        file unchanged.
    redact
        Mask whatever may identify a person before anything is computed, as `clinia_nb.redact` does.
        With False, the page's header says that ids and messages are shown.
    key
        As in `clinia_nb.redact`; with the same key, equal values look the same in several reports.
    keep
        As in `clinia_nb.redact`: words and values that stay, such as the names of your systems.
    history
        For a single bulk, the earlier bulks, as `signature_history` or `Archive.history` returns
        them: each problem then says whether it is new. Notes are shown only without redaction.
    ids
        List up to 200 record ids per cause, in collapsed lists. Needs ``redact=False``.
    now
        The time of the report; by default the current time. With `key` and `now` given, equal bulks
        give equal bytes.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ValueError
        There is no bulk, or there are more than 20; the key is too short or too long; there is
        a history and more than one bulk; or `ids` is set in a redacted report.
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
    findings = Findings(bulks, redact=redact, key=key, keep=keep, history=history, ids=ids)
    return findings.write(path, now=now)


class Findings:
    """The content of a report: redacted first, then computed once for page and terminal.

    Parameters
    ----------
    bulks, redact, key, keep, history, ids
        As in `write_report`.
    """

    def __init__(  # noqa: PLR0913 - options, keyword-only
        self,
        bulks: BulkResult | Iterable[BulkResult],
        *,
        redact: bool = True,
        key: bytes | None = None,
        keep: Iterable[str] = (),
        history: pl.DataFrame | None = None,
        ids: bool = False,
    ) -> None:
        if isinstance(bulks, pl.DataFrame | pl.LazyFrame):
            check_bulk(bulks, "write_report")
        given = [bulks] if isinstance(bulks, BulkResult) else list(bulks)
        for bulk in given:
            check_bulk(bulk, "write_report")
        if not 1 <= len(given) <= MOST_BULKS:
            raise ValueError(f"A report takes 1 to {MOST_BULKS} bulks; it got {len(given)}.")
        if history is not None and len(given) > 1:
            raise ValueError("A history belongs to one bulk: write a report of that one alone.")
        if ids and redact:
            raise ValueError(
                "A redacted report lists no record ids. For a report with ids, use "
                "write_report(…, ids=True, redact=False), or --ids --show-ids."
            )
        self.redacted = redact or all(bulk.redacted for bulk in given)
        self.as_passed, self.with_ids = any(bulk.redacted is None for bulk in given), ids
        signed = None if history is None else with_signatures(given[0].receipts)["signature"]
        receipts = [bulk.receipts.drop(_UNUSED, strict=False) for bulk in given]
        key = key or secrets.token_bytes(32)
        kept = [keep] if isinstance(keep, str) else list(keep)

        def drawn(shown: pl.DataFrame, number: int) -> dict[str, list[Drawing]]:
            shown = shown.select(*_CHARTED, *_IS_THERE)
            return draw(mask_keys(shown, key=key, keep=kept) if redact else shown, number)

        load_drawing()
        pool = ThreadPoolExecutor(1)  # one core draws while another one reads messages
        self._drawn = [pool.submit(drawn, r, n) for n, r in enumerate(receipts, 1)]
        pool.shutdown(wait=False)
        if redact:
            receipts = redacted_together(receipts, key, kept)
            given = [without_names(bulk, key, kept) for bulk in given]
        self.bulks = [
            replace(bulk, receipts=with_signatures(shown), body=b"")
            for bulk, shown in zip(given, receipts, strict=True)
        ]
        self._history = history
        if history is not None and signed is not None:
            shown = self.bulks[0].receipts["signature"]
            self._history = history_as_shown(history, signed, shown, redacted=self.redacted)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The findings about each bulk."""
        pairs = zip(self.bulks, self._drawn, strict=True)
        return [
            Chapter(
                n,
                *pair,
                redacted=self.redacted,
                history=self._history,
                with_ids=self.with_ids,
            )
            for n, pair in enumerate(pairs, 1)
        ]

    @cached_property
    def comparison(self) -> Comparison | None:
        """The bulks side by side; None for a single one."""
        return compare_bulks(*self.bulks) if len(self.bulks) > 1 else None  # pyright: ignore[reportCallIssue] -- two at least

    def html(self, *, now: datetime | None = None) -> str:
        """Return the page."""
        return render(
            "report/templates/report.html.jinja",
            findings=self,
            comparison=self.comparison,
            side_by_side=trusted(self.comparison.html()) if self.comparison else None,
            compared=_compared(self.comparison),
            **self._reproduced(),
            made_at=now or datetime.now(UTC),
            version=version("clinia-nb"),
            duration=formats.duration,
        ).lstrip()

    def _reproduced(self) -> dict[str, str]:
        """Return how to make the report again: the call in Python, and the command if any."""
        shown = {"redacted": self.redacted, "ids": self.with_ids}
        with_history = self._history is not None
        if not with_history:
            again = command(self.bulks, **shown)
        else:  # which only an archive's command can tell, without ids
            again = "" if self.with_ids else archive_command(self.bulks[0], redacted=self.redacted)
        call = python_call(self.bulks, with_history=with_history, **shown)
        return {"python_call": call, "command": again}

    def facts(self) -> dict[str, Any]:
        """Return the findings for programs, as JSON can hold them; times are UTC."""
        return {
            "redacted": self.redacted,
            "verdict": self.comparison.verdict if self.comparison else None,
            "bulks": [chapter.facts() for chapter in self.chapters],
        }

    def brief(self, width: int | None = None) -> str:
        """Return the findings as lines and a plain table, clipped to a width if one is given."""
        lines = [self.comparison.verdict] if self.comparison else []
        for chapter in self.chapters:
            overview = chapter.explanation.overview
            where = f"{overview.bulk_id} · {overview.kind} into {overview.source_key}"
            said = [
                f"{where} · {overview.status}",
                chapter.explanation.headline,
                chapter.explanation.outlook,
            ]
            lines += ["", *filter(None, said), *chapter.table()]
        text = join_lines(lines).strip("\n")
        if width is None:
            return text
        return "\n".join(
            line if len(line) <= width or line[:1] != " " else line[: width - 1] + "…"
            for line in text.split("\n")
        )

    def write(self, path: str | Path, *, now: datetime | None = None) -> Path:
        """Write the page, whole or not at all."""
        check_target(path)  # before the page is made
        write_file(path, self.html(now=now).encode(), private=not self.redacted)
        return Path(path)


def _compared(comparison: Comparison | None) -> list[Drawing]:
    """Draw what became of the records from attempt to attempt."""
    if comparison is None or not comparison.attempts["records"].sum():
        return []
    from clinia_nb import charts

    wanted = {"changes": charts.compare_bulks, "failing": charts.failing_so_far}
    return [Drawing.of(partial(chart, comparison), name) for name, chart in wanted.items()]
