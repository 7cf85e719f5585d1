"""One fetched bulk, and how it shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import BodyNotKeptError, UnreadableAnswerError, bare
from .files import write_file
from .findings.overview import Overview, summarize_bulk
from .receipts.ksuid import ksuid_time
from .receipts.parse import parse_answer

if TYPE_CHECKING:
    import polars as pl

    from .receipts.stream import Answer

# Clinia had no platform before; an id that decodes to an earlier time is no KSUID.
_EARLIEST = datetime(2017, 1, 1, tzinfo=UTC)
_SLACK = timedelta(days=1)


@dataclass(frozen=True, repr=False, eq=False)
class BulkResult:
    """One fetched bulk: its status, its receipts, and the bytes they came in.

    As a cell's last value it shows status, counts, timing and the leading causes.

    Attributes
    ----------
    source_key, bulk_id, kind : str
        What was asked for; `kind` is ``relationships``, ``resources`` or ``tasks``.
    status : str
        ``SUCCESS``, ``PENDING``, ``FAILURE`` or ``CANCELLED``, or what newer servers say.
    receipts : pl.DataFrame
        One row per receipt, as `parse_receipts` gives it.
    body : bytes
        The answer as it came; empty if it was not kept.
    fetched_at : datetime or None
        When the answer came, in UTC; None for a saved answer of unknown age.
    notes : tuple of str
        Sentences on what could not be read; mostly empty.

    Examples
    --------
    >>> answer = b'{"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}'
    >>> bulk = BulkResult.from_json(answer, source_key="ehr", bulk_id="bk_1")
    >>> bulk
    BulkResult('ehr', 'bk_1', status='SUCCESS', receipts=1)
    >>> print(bulk.summary.text())  # doctest: +ELLIPSIS
    bk_1 · relationships into ehr · SUCCESS
    ...
    """

    source_key: str
    bulk_id: str
    kind: str
    status: str
    receipts: pl.DataFrame
    body: bytes
    fetched_at: datetime | None = None
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def from_json(
        cls,
        answer: str | Path | bytes,
        *,
        source_key: str,
        bulk_id: str,
        kind: str = "relationships",
        fetched_at: datetime | None = None,
    ) -> BulkResult:
        """Read a saved answer.

        Parameters
        ----------
        answer
            A path, or the bytes themselves.
        source_key, bulk_id, kind
            What the answer is of; it does not say so itself.
        fetched_at
            When it came, where that is known.

        Raises
        ------
        UnreadableAnswerError
            The answer is cut short, is not JSON, or has no ``status``.
        FileNotFoundError
            There is no such file.
        """
        body = answer if isinstance(answer, bytes) else Path(answer).read_bytes()
        try:
            read = parse_answer(body, source_key=source_key, bulk_id=bulk_id)
        except UnreadableAnswerError as exc:
            del body, answer  # they hold health data, and a traceback may show local variables
            raise bare(exc) from None
        return cls.of_answer(read, source_key, bulk_id, kind, body, fetched_at)

    @classmethod
    def of_answer(  # noqa: PLR0913, PLR0917 - the attributes, in their order
        cls,
        answer: Answer,
        source_key: str,
        bulk_id: str,
        kind: str,
        body: bytes,
        fetched_at: datetime | None,
    ) -> BulkResult:
        """Return the bulk of an answer that was read."""
        return cls(
            source_key,
            bulk_id,
            kind,
            answer.status,
            answer.receipts,
            body,
            fetched_at,
            answer.notes,
        )

    def save_json(self, path: str | Path) -> None:
        """Write the exact bytes of the answer, to a file that only its owner can read.

        The file holds health data. An existing file is replaced and keeps its permissions.

        Raises
        ------
        BodyNotKeptError
            The bulk has no bytes: it was fetched with ``keep_body=False``, or is redacted.
        OSError
            The file cannot be written; an existing file is left as it was.
        """
        if not self.body:
            raise BodyNotKeptError(
                f"The answer of bulk {self.bulk_id!r} was not kept, as it was fetched with "
                "keep_body=False or is redacted. Fetch it again, or save `receipts` instead."
            )
        write_file(path, self.body, private=True)

    @property
    def submitted_at(self) -> datetime | None:
        """When the bulk was submitted (UTC), decoded from its id; None where the id has no time.

        Clinia does not document its ids. They are read as KSUIDs, whose first four bytes are
        seconds since 2014-05-13T16:53:20Z, and believed only for a time between 2017 and the
        fetch (or the last receipt), as record ids may be chosen freely.
        """
        submitted = ksuid_time(self.bulk_id.removeprefix("bk_"))
        if submitted is None or submitted < _EARLIEST:
            return None
        newest = self.fetched_at or self.receipts["received_at"].max()
        too_new = isinstance(newest, datetime) and submitted - newest > _SLACK
        return None if too_new else submitted

    @cached_property
    def summary(self) -> Overview:
        """The figures that a cell, the terminal and the explorer show of this bulk."""
        return summarize_bulk(
            self.receipts,
            source_key=self.source_key,
            bulk_id=self.bulk_id,
            kind=self.kind,
            status=self.status,
            submitted_at=self.submitted_at,
            fetched_at=self.fetched_at,
            notes=self.notes,
        )

    def __repr__(self) -> str:
        return (
            f"BulkResult({self.source_key!r}, {self.bulk_id!r}, "
            f"status={self.status!r}, receipts={self.receipts.height:,})"
        )

    def _repr_html_(self) -> str:
        return self.summary.html()
