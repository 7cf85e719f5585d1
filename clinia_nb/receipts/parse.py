"""The bytes of an answer become a typed frame, one row per receipt."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec.structs import astuple

from clinia_nb.errors import UnknownFieldsWarning, UnreadValuesWarning

from .fields import SCHEMA
from .wire import (
    NO_ERROR,
    NO_PIPELINE,
    TIMES,
    TOP_TEXTS,
    Envelope,
    Glances,
    Notes,
    StatusOnly,
    decode_envelope,
    details_text,
    read_batch,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import msgspec

# Decoded receipts stay in the processor's cache; texts are typed, and let go, part by part.
_BATCH, _PART = 500, 7_000
_COLUMNS = (
    *(TIMES + TOP_TEXTS),
    *("error_code", "error_message", "error_type", "error_details"),
    *("error_application_code", "error_context"),
    *("pipeline_execution_id", "pipeline_definition_id", "pipeline_status"),
)


@dataclass(frozen=True)
class Answer:
    """What one answer of the API says.

    Attributes
    ----------
    status : str
        Status of the whole bulk.
    receipts : pl.DataFrame
        One row per receipt.
    notes : tuple of str
        Sentences on what could not be read, and on fields without a column; mostly empty.
    """

    status: str
    receipts: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    receipts: pl.DataFrame
    unread: dict[str, pl.Series]


@dataclass(frozen=True)
class Progress:
    """How far a bulk is: operations in all, done, and waiting for a human review."""

    total: int
    done: int
    in_review: int


def parse_receipts(body: bytes, *, source_key: str, bulk_id: str) -> pl.DataFrame:
    """Read the bytes of an answer into a frame with one row per receipt.

    The wire format is open: unknown statuses, actions and error types are kept as they come, any
    field may be missing. Values of another type than documented become null.

    Parameters
    ----------
    body
        The answer, as JSON in UTF-8, with ``status`` and perhaps ``receipts``.
    source_key, bulk_id
        What was asked for; they fill the first two columns.

    Returns
    -------
    pl.DataFrame, shape (receipts, 20)
        In the order of the answer; always the same columns and dtypes, also for no receipts.
        Times are UTC in microseconds; ``duration`` is ``completed_at - received_at``, null while
        pending and negative where the server's clocks disagree. ``error_details`` is JSON text.

    Raises
    ------
    UnreadableAnswerError
        The answer is cut short, is not JSON, or has no ``status``.

    Warns
    -----
    UnreadValuesWarning
        Values could not be read: how many, in which fields, first in which receipt.
    UnknownFieldsWarning
        Receipts have fields that the frame has no column for.

    Examples
    --------
    >>> body = b'''{"status": "FAILURE", "receipts": [{"id": "r1", "status": "FAILURE",
    ...   "receivedAt": "2025-05-06T11:47:51Z", "completedAt": "2025-05-06T11:47:51.6Z",
    ...   "error": {"code": 404, "type": "NOT_FOUND", "message": "no such clinic"}}]}'''
    >>> receipts = parse_receipts(body, source_key="ehr-prod", bulk_id="bk_1")
    >>> receipts.select("id", "status", "duration", "error_type", "error_code").row(0)
    ('r1', 'FAILURE', datetime.timedelta(microseconds=600000), 'NOT_FOUND', 404)
    """
    return parse_answer(body, source_key=source_key, bulk_id=bulk_id).receipts


def parse_answer(body: bytes, *, source_key: str, bulk_id: str) -> Answer:
    """Read the bytes of an answer: its status, the frame of `parse_receipts`, and notes.

    Raises
    ------
    UnreadableAnswerError
        As in `parse_receipts`.
    """
    notes = Notes()
    envelope = decode_envelope(body, Envelope, notes)
    raws = envelope.receipts or []
    # Polars lets other threads run: one part is typed while the next is read.
    with ThreadPoolExecutor(1) as typist:
        parts = {
            start: typist.submit(
                _typed, _texts(raws[start : start + _PART], start, notes), source_key, bulk_id
            )
            for start in range(0, len(raws), _PART)
        }
    for start, part in parts.items():
        for name, rows in part.result().unread.items():
            notes.unreadable(name, start + rows[0], len(rows))
    receipts = pl.concat([SCHEMA.to_frame(), *(part.result().receipts for part in parts.values())])
    unread, unknown = notes.sentences()
    if unread:
        warnings.warn(unread, UnreadValuesWarning, stacklevel=3)
    if unknown:
        warnings.warn(unknown, UnknownFieldsWarning, stacklevel=3)
    return Answer(envelope.status, receipts, tuple(filter(None, (unread, unknown))))


def read_status(body: bytes) -> str:
    """Read the status of the bulk alone.

    Raises
    ------
    UnreadableAnswerError
        As in `parse_receipts`.
    """
    return decode_envelope(body, StatusOnly).status


def count_statuses(body: bytes) -> Progress:
    """Count the operations of an answer that are done, without making a frame.

    Raises
    ------
    UnreadableAnswerError
        As in `parse_receipts`; also where a receipt is no object.
    """
    glances = decode_envelope(body, Glances).receipts or []
    pending = [glance for glance in glances if glance.status == "PENDING"]
    in_review = [glance for glance in pending if glance.in_review]
    return Progress(len(glances), len(glances) - len(pending), len(in_review))


def _texts(raws: list[msgspec.Raw], start: int, notes: Notes) -> pl.DataFrame:
    """Give one row per receipt, as the wire has it."""
    # Whole rows turned into columns at once cost half of an attribute at a time.
    columns: list[list[Any]] = [[] for _ in _COLUMNS]
    for first in range(0, len(raws), _BATCH):
        batch = read_batch(raws[first : first + _BATCH], start + first, notes)
        *plain, errors, pipelines = _turned(batch)
        nested = (
            *_turned([error or NO_ERROR for error in errors]),
            *_turned([pipeline or NO_PIPELINE for pipeline in pipelines]),
        )
        for column, values in zip(columns, (*plain, *nested), strict=True):
            column.extend(values)
    texts = dict(zip(_COLUMNS, columns, strict=True))
    for name in ("error_details", "error_context"):
        texts[name] = [
            None if raw is NO_ERROR.details else details_text(raw, row, notes)
            for row, raw in enumerate(texts[name], start)
        ]
    return pl.DataFrame(
        pl.Series(name, values, dtype=pl.Int32 if name == "error_code" else pl.String)
        for name, values in texts.items()
    )


def _turned(rows: Sequence[msgspec.Struct]) -> Iterable[tuple[Any, ...]]:
    return zip(*map(astuple, rows), strict=True)


def _typed(texts: pl.DataFrame, source_key: str, bulk_id: str) -> _Part:
    """Give texts the columns and dtypes of `SCHEMA`, and tell the rows whose time is none."""
    times = {name: _time(pl.col(name)) for name in TIMES}
    keys = {"source_key": pl.lit(source_key), "bulk_id": pl.lit(bulk_id)}
    duration = pl.col("completed_at") - pl.col("received_at")
    receipts = (
        texts.lazy()
        .with_columns(**times, **keys)
        .with_columns(duration.alias("duration"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .collect()
    )
    unread = {
        wire_name: (texts[name].is_not_null() & receipts[name].is_null()).arg_true()
        for name, wire_name in zip(TIMES, ("receivedAt", "completedAt"), strict=True)
    }
    return _Part(receipts, {name: rows for name, rows in unread.items() if len(rows)})


def _time(text: pl.Expr) -> pl.Expr:
    time = text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    # Python, and so every reader of a single value, ends at these years; polars does not.
    return pl.when(time.dt.year().is_between(1, 9999)).then(time)
