"""One bulk and its receipts, and how it is shown in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, cast

import polars as pl

from .analysis.failures import count_outcomes
from .errors import BodyNotKeptError, UnreadableAnswerError, bare, check_type
from .files import write_file
from .findings.overview import Overview, summarize_bulk
from .receipts.columns import lazy_with
from .receipts.fields import SCHEMA
from .receipts.ksuid import ksuid_time
from .receipts.parse import parse_answer
from .receipts.task_ids import another_bulk, is_bulk_id
from .text import one_line

if TYPE_CHECKING:
    from .receipts.columns import Receipts
    from .receipts.stream import Answer

# Clinia had no platform before: an id that decodes to an earlier time is not a KSUID.
_EARLIEST = datetime(2017, 1, 1, tzinfo=UTC)
_SLACK = timedelta(days=1)


@dataclass(frozen=True, repr=False, eq=False)
class BulkResult:
    """One bulk: its status, its receipts, and the bytes they came in.

    As a cell's last value it shows status, counts, timing and the leading causes.

    Attributes
    ----------
    source_key, bulk_id, kind : str
        Which bulk it is; `kind` is ``relationships``, ``resources`` or ``tasks``.
    status : str
        ``SUCCESS``, ``PENDING``, ``FAILURE`` or ``CANCELLED``, or another that newer servers send.
    receipts : pl.DataFrame
        One row per receipt, as `parse_receipts` returns it.
    body : bytes
        The answer as it came; empty if it was not kept.
    fetched_at : datetime or None
        When the answer came, in UTC; None if that is not known.
    notes : tuple of str
        Sentences about values that could not be read; usually empty.
    redacted : bool or None
        Whether `redact_bulk` made it; None for a frame that you passed, redacted or not.

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
    redacted: bool | None = False

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
            Which bulk the answer is about. Receipts may name their bulk: if they name another one
            than a `bulk_id` of Clinia's form, that is an error.
        fetched_at
            When it came, if that is known; without a time zone it is taken as UTC.

        Raises
        ------
        UnreadableAnswerError
            The answer is cut short, is not JSON, has no ``status``, or is about another bulk.
        FileNotFoundError
            There is no such file.
        TypeError
            `answer` is the text of an answer or something else, or an id is not a text.

        Examples
        --------
        >>> answer = b'{"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}'
        >>> BulkResult.from_json(answer, source_key="ehr", bulk_id="bk_1").receipts["id"].item()
        'r1'
        """
        _check_names(source_key=source_key, bulk_id=bulk_id)
        name, held = _opened(answer)
        del answer  # it may hold health data, and a traceback may show local variables
        body = name.read_bytes() if name else held
        where = one_line(str(name)) if name else ""
        try:
            read = parse_answer(body, source_key=source_key, bulk_id=bulk_id)
        except UnreadableAnswerError as exc:
            del body, held
            error = bare(exc)
            raise UnreadableAnswerError(f"{where}: {error}") if where else error from None
        other = another_bulk(read.receipts, bulk_id) if is_bulk_id(bulk_id) else ""
        if other:
            del body, held, read
            raise UnreadableAnswerError(
                f"{where or 'The answer'} holds receipts of bulk {other}, "
                f"not of {bulk_id}. Pass the id that it is about, or read another file."
            )
        return cls.of_answer(read, source_key, bulk_id, kind, body, _in_utc(fetched_at))

    @classmethod
    def from_receipts(  # noqa: PLR0913 - what the frame may not contain
        cls,
        receipts: Receipts,
        *,
        source_key: str | None = None,
        bulk_id: str | None = None,
        kind: str = "relationships",
        status: str | None = None,
        fetched_at: datetime | None = None,
    ) -> BulkResult:
        """Wrap a frame of receipts: filtered, joined with your own columns, or redacted.

        What takes a bulk (`explain`, `Explorer`, `write_report`, …) takes the result too.

        Parameters
        ----------
        receipts
            One row per receipt, as `parse_receipts` returns them. Missing columns are added as
            null, except ``status``; your own columns are kept.
        source_key, bulk_id
            By default those of the frame, if it has receipts of one bulk only. They name the
            result; receipts keep the ids that they have, so that those of several bulks can be
            compared, and get these where they have none.
        kind, fetched_at
            As in `from_json`.
        status
            By default what follows from the receipts: ``PENDING`` if one is pending, else
            ``FAILURE`` if one failed or was cancelled (``CANCELLED`` if all were), else
            ``SUCCESS``.

        Raises
        ------
        MissingColumnError
            The frame has no ``status``.
        ValueError
            The source key or bulk id is missing, or a column cannot be converted; the message says
            which.

        Examples
        --------
        >>> from clinia_nb import Client, explain
        >>> bulk = Client.sandbox().fetch_bulk("ehr-prod", "bk_3AizcO5uCUjCb290GknW4qf0xAu")
        >>> timeouts = bulk.receipts.filter(pl.col("error_type") == "INTERNAL")
        >>> BulkResult.from_receipts(timeouts)
        BulkResult('ehr-prod', 'bk_3AizcO5uCUjCb290GknW4qf0xAu', status='FAILURE', receipts=29)
        """
        frame = _completed(receipts)
        ids = {
            "source_key": source_key or _only(frame, "source_key"),
            "bulk_id": bulk_id or _only(frame, "bulk_id"),
        }
        named = frame.with_columns(pl.col(name).fill_null(value) for name, value in ids.items())
        return cls(
            ids["source_key"],
            ids["bulk_id"],
            kind=kind,
            status=status or _status_of(frame),
            receipts=named,
            body=b"",
            fetched_at=_in_utc(fetched_at),
            redacted=None,
        )

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
        """Return the bulk of a parsed answer."""
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

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from clinia_nb import Client
        >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
        >>> with TemporaryDirectory() as folder:
        ...     bulk.save_json(Path(folder) / "answer.json")
        ...     (Path(folder) / "answer.json").read_bytes() == bulk.body
        True
        """
        if not self.body:
            raise BodyNotKeptError(
                f"The answer of bulk {self.bulk_id!r} was not kept: it was fetched with "
                "keep_body=False, is redacted, or was made of a frame or an archive. Fetch it "
                "again, or save `receipts` instead."
            )
        write_file(path, self.body, private=True)

    @property
    def submitted_at(self) -> datetime | None:
        """When the bulk was submitted (UTC), decoded from its id; None if the id has no time.

        Clinia does not document its ids. They are read as KSUIDs, whose first four bytes are
        seconds since 2014-05-13T16:53:20Z. The time is used only if it is between 2017 and the
        fetch (or the last receipt), because an id that is not a KSUID can decode to any time.
        """
        submitted = ksuid_time(self.bulk_id.removeprefix("bk_"))
        if submitted is None or submitted < _EARLIEST:
            return None
        newest = self.fetched_at or self.receipts["received_at"].max()
        too_new = isinstance(newest, datetime) and submitted - newest > _SLACK
        return None if too_new else submitted

    @cached_property
    def summary(self) -> Overview:
        """The figures of this bulk that a cell, the terminal and the explorer show."""
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


def _opened(answer: object) -> tuple[Path | None, bytes]:
    """Return the path of an answer, or the bytes that it is given as."""
    right = "answer is the path of a saved answer, or its bytes"
    if isinstance(answer, bytes | bytearray | memoryview):
        return None, bytes(cast("bytes", answer))
    check_type(answer, str | PathLike, right)
    path = fspath(cast("str | PathLike[str]", answer))
    # An error of the file system would show the text, which is health data.
    if path.lstrip("\ufeff \t\r\n")[:1] in {"{", "[", "<"}:
        raise TypeError(f"{right}, not its text: pass text.encode().")
    return Path(path), b""


def _check_names(**names: object) -> None:
    """Check that a bulk is named by texts that are not empty."""
    for name, value in names.items():
        check_type(value, str, f"{name} is a text, such as 'ehr-prod' or 'bk_…'")
        if not str(value).strip():
            raise ValueError(f"{name} is empty. Pass the one that the answer is about.")


def _in_utc(time: datetime | None) -> datetime | None:
    """Return a time in UTC. One without a zone is taken as UTC."""
    check_type(time, datetime | None, "fetched_at is a datetime")
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _completed(receipts: Receipts) -> pl.DataFrame:
    """Return the receipts with every column of the schema, in its order, then the others."""
    lazy, available = lazy_with(receipts, ["status"])
    columns = [
        (pl.col(name) if name in available else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in SCHEMA.items()
    ]
    own = [name for name in available if name not in SCHEMA]
    try:
        return lazy.select(*columns, *own).collect()
    except (pl.exceptions.PolarsError, ValueError, TypeError) as exc:
        # Its text may hold values of records.
        found = lazy.collect_schema()
        types = ", ".join(f"{n}: {found[n]}" for n in available if found[n] != SCHEMA.get(n))
        problem = f"{type(exc).__name__}; columns of another type are {types}"
    raise ValueError(f"The frame cannot be read as receipts ({problem}).")


def _only(frame: pl.DataFrame, name: str) -> str:
    """Return the one value of a column that names the bulk."""
    values = frame[name].cast(pl.String).drop_nulls().unique().to_list()
    if len(values) != 1:
        found = f"{len(values):,} values" if values else "no value"
        raise ValueError(f"The receipts have {found} in {name!r}. Pass {name}=… to name the bulk.")
    return values[0]


def _status_of(frame: pl.DataFrame) -> str:
    outcomes = count_outcomes(frame).row(0, named=True)
    if outcomes["pending"]:
        return "PENDING"
    if outcomes["cancelled"] and outcomes["cancelled"] == frame.height:
        return "CANCELLED"
    return "FAILURE" if outcomes["failed"] or outcomes["cancelled"] else "SUCCESS"
