"""One bulk under study: its receipts with signature and outcome, filtered, sorted and paged."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import MAXYEAR, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import polars as pl

from clinia_nb.analysis.fixes import fixes_for
from clinia_nb.analysis.retry import records_for, unsettled_failures
from clinia_nb.findings.explanation import Explanation, explain_receipts
from clinia_nb.findings.overview import Overview, summarize_bulk
from clinia_nb.receipts.fields import JSON_COLUMNS, used_for
from clinia_nb.receipts.outcome import outcome
from clinia_nb.signatures.sign import with_signatures

from .against_rest import Against, compare_with_rest
from .archived import history_of
from .masks import Masks
from .selection import EVERYTHING, Selection

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from clinia_nb.archive import Archive
    from clinia_nb.bulk import BulkResult

PAGE_SIZE = 25
PAGE_SIZES = (25, 50, 100)
ROW, _SELECTED = "__row", "__selected"  # inner names, which no column of a user's frame has
SORTABLE = ("outcome", *used_for("sort"))
_CACHED_ORDERS = 8
_CACHED_FINDINGS = 24
_LEADING_OUTCOMES = ["failed", "pending"]
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Order:
    """How the table of receipts is sorted: by a column, or failed first, as the bulk has them."""

    column: str = ""
    descending: bool = False

    def __post_init__(self) -> None:
        if self.column not in {"", *SORTABLE}:
            raise ValueError(f"column={self.column!r} is not one of {', '.join(SORTABLE)}.")

    def turned(self, column: str) -> Order:
        """Sort by a column, upwards, then downwards, then not at all."""
        if column != self.column:
            return Order(column)
        return Order() if self.descending else Order(column, descending=True)


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """A bulk with what the explorer needs to answer quickly. Safe to use from several threads.

    Attributes
    ----------
    bulk
        The bulk.
    table
        Its receipts, with ``signature`` and ``outcome``.
    archive
        The archive whose bulks its problems are compared with, if any.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> from clinia_nb.explorer.selection import Selection
    >>> fetch = Client.sandbox().fetch_bulk
    >>> study = Study.of(fetch("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP"))
    >>> study.count(Selection().toggled("outcome", "failed"))
    1
    """

    bulk: BulkResult
    table: pl.DataFrame
    archive: Archive | None = None
    _orders: dict[tuple[Selection, Order], pl.Series] = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]
    _found: dict[Any, Any] = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]
    _lock: Any = field(default_factory=threading.RLock)
    _masks: Masks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_masks", Masks(self.table))

    @classmethod
    def of(cls, bulk: BulkResult, archive: Archive | None = None) -> Study:
        """Prepare a bulk; with an archive, under the signatures of its catalog."""
        # The summary is looked at first, and takes as long as the signatures: side by side.
        with ThreadPoolExecutor(1) as pool:
            summary = pool.submit(lambda: bulk.summary)
            known = None if archive is None else archive.catalog()
            table = with_signatures(bulk.receipts, known=known)
            table = table.with_columns(outcome(table.columns))
            summary.result()
        return cls(bulk, table, archive)

    def overview(self, selection: Selection = EVERYTHING) -> Overview:
        """Return the figures of the selected receipts."""
        if not selection:
            return self.bulk.summary
        return self._once(("overview", selection), lambda: self._overview(selection))

    def explanation(self, selection: Selection = EVERYTHING) -> Explanation:
        """Explain the selected failures; computed once, which takes a while for a large bulk.

        Failures are contrasted with receipts that did not fail, of the same selection; filters by
        error, outcome or text, which only failures pass, do not limit these.
        """
        return self._once(("explanation", selection), lambda: self._explanation(selection))

    def against_rest(self, selection: Selection) -> Against:
        """Find what sets the selected receipts apart from the rest of the bulk."""
        return self._once(
            ("against", selection),
            lambda: compare_with_rest(self.table, selection, self._masks.of(selection)),
        )

    def _once(self, key: tuple[str, Selection], compute: Callable[[], _Found]) -> _Found:
        with self._lock:
            if key not in self._found:
                if len(self._found) >= _CACHED_FINDINGS:
                    self._found.clear()
                self._found[key] = compute()
            return self._found[key]

    def _overview(self, selection: Selection) -> Overview:
        bulk = self.bulk
        return summarize_bulk(
            self.selected(selection),
            source_key=bulk.source_key,
            bulk_id=bulk.bulk_id,
            kind=bulk.kind,
            status=bulk.status,
            submitted_at=bulk.submitted_at,
            fetched_at=bulk.fetched_at,
            is_part=bool(selection),
        )

    def _explanation(self, selection: Selection) -> Explanation:
        if not selection:
            receipts = self.table.drop("outcome")
            return explain_receipts(receipts, self.bulk.summary, history=self._history)
        rest = selection
        for part in selection.parts_of_failures:
            rest = rest.without(part)
        mask = self._masks.of(selection) | (
            self._masks.of(rest) & (self.table["outcome"] != "failed")
        )
        receipts = self.table.filter(mask).drop("outcome")
        return explain_receipts(receipts, self.overview(selection), history=self._history)

    @cached_property
    def _history(self) -> pl.DataFrame | None:
        """Return what the archive knows about the problems; None without an archive."""
        if self.archive is None:
            return None
        return history_of(self.archive, self.bulk, self.table)

    @cached_property
    def error_types(self) -> pl.Series:
        """The error types that there are, the most frequent ones first."""
        counted = self.table["error_type"].cast(pl.String).value_counts()
        return counted.sort("count", "error_type", descending=[True, False])["error_type"]

    @cached_property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """From when up to but not including when receipts were received; without times None."""
        first, last = self.table.select(
            first=pl.col("received_at").min(), last=pl.col("received_at").max()
        ).row(0)
        return first, last and last + timedelta(milliseconds=last.year < MAXYEAR)

    @cached_property
    def _unsettled(self) -> pl.DataFrame:
        return unsettled_failures(self.table, self.explanation().onsets)

    @cached_property
    def _records(self) -> pl.DataFrame:
        return records_for(self._unsettled)

    def records(self, selection: Selection) -> pl.DataFrame:
        """Return those of the records of `retry_records` that failed in the selected rows."""
        if not selection:
            return self._records
        failed = self.lazy(selection).filter(pl.col("outcome") == "failed")
        kept = failed.select("id", pl.col("type").cast(pl.String)).unique().collect()
        return self._records.join(
            kept, on=["id", "type"], how="semi", nulls_equal=True, maintain_order="left"
        )

    def fixes(self, selection: Selection) -> pl.DataFrame:
        """Return what `records_to_fix` does, of the failures in the selected rows."""
        return fixes_for(self.selected(selection), self._unsettled)

    def lazy(self, selection: Selection, *, without: tuple[str, ...] = ()) -> pl.LazyFrame:
        """Return the selected rows of the table, leaving parts of the selection out."""
        for part in without:
            selection = selection.without(part)
        if not selection:
            return self.table.lazy()
        marked = self.table.with_columns(self._masks.of(selection).alias(_SELECTED))
        return marked.lazy().filter(_SELECTED).drop(_SELECTED)

    def selected(self, selection: Selection) -> pl.DataFrame:
        """Return the selected receipts, with their signatures, in the order of the bulk."""
        return self.lazy(selection).drop("outcome").collect()

    def rows(self, selection: Selection, order: Order | None = None) -> pl.Series:
        """Return which rows of the table are selected, in an order; equal ones as in the bulk."""
        order = order or Order()
        key = (selection, order)
        found = self._orders.get(key)
        if found is None:
            found = self._sorted(selection, order)
            if len(self._orders) >= _CACHED_ORDERS:
                self._orders.clear()
            self._orders[key] = found
        return found

    def _sorted(self, selection: Selection, order: Order) -> pl.Series:
        if order.column:
            rows = self.rows(selection)
            by = pl.arg_sort_by(
                order.column, descending=order.descending, nulls_last=True, maintain_order=True
            )
            places = self.table.select(pl.col(order.column).gather(rows)).select(by).to_series()
            return rows.gather(places)
        selected, became = self._masks.of(selection), self.table["outcome"]
        leading = [(selected & (became == name)).arg_true() for name in _LEADING_OUTCOMES]
        rest = (selected & ~became.is_in(_LEADING_OUTCOMES)).arg_true()
        return pl.concat([*leading, rest]).alias(ROW)

    def next_failed(self, selection: Selection, order: Order, row: int, step: int) -> int | None:
        """Return the next failed row after `row`, or with ``step=-1`` the one before it."""
        rows = self.rows(selection, order)
        place = rows.index_of(row)
        failed = (self.table["outcome"].gather(rows) == "failed").arg_true()
        if place is None:
            return None
        ahead = failed.filter(failed > place) if step > 0 else failed.filter(failed < place)
        return None if ahead.is_empty() else int(rows[int(ahead[0 if step > 0 else -1])])

    def place(self, selection: Selection, order: Order, row: int) -> int:
        """Return which of the selected rows, in an order, a row of the table is."""
        return self.rows(selection, order).index_of(row) or 0

    def count(self, selection: Selection) -> int:
        """Return how many receipts are selected."""
        return len(self.rows(selection))

    def any_failed(self, selection: Selection) -> bool:
        """Return whether a selected receipt failed: these come first."""
        first = self.rows(selection).head(1)
        return not first.is_empty() and self.table["outcome"][int(first[0])] == "failed"

    def page(
        self,
        selection: Selection,
        order: Order | None = None,
        number: int = 0,
        *,
        size: int = PAGE_SIZE,
    ) -> pl.DataFrame:
        """Return one page of the selected rows; their places in the table come first, as `ROW`."""
        rows = self.rows(selection, order).slice(size * number, size)
        return self.table[rows].insert_column(0, rows.alias(ROW))

    def pages(self, selection: Selection, size: int = PAGE_SIZE) -> int:
        """Return how many pages there are: at least one."""
        return max(-(-self.count(selection) // size), 1)

    def detail(self, row: int) -> dict[str, Any]:
        """Return all that is known of one receipt; JSON indented.

        Raises
        ------
        IndexError
            There is no such row.
        """
        if not 0 <= row < self.table.height:
            raise IndexError(row)
        known = self.table.row(row, named=True)
        return known | {name: indented(known[name]) for name in JSON_COLUMNS}


def indented(text: str | None) -> str | None:
    """Indent JSON for reading; another text is given as it is.

    >>> print(indented('[{"message": "no date"}]'))
    [
      {
        "message": "no date"
      }
    ]
    """
    if text is None:
        return None
    try:
        return msgspec.json.format(text, indent=2)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return text
