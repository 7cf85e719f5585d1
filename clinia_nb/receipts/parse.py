"""The bytes of an answer become a typed frame, one row per receipt."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinia_nb.errors import (
    UnknownFieldsWarning,
    UnreadableAnswerError,
    UnreadValuesWarning,
    bare,
    check_type,
)

from .fields import FIELDS, SCHEMA
from .stream import Answer, AnswerReader

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SCHEMA", "Answer", "parse_answer", "parse_receipts", "read_status"]

_STATUSES = ("status", "pipeline_status")
_TIMES = ("received_at", "completed_at")  # every frame of receipts has them
_GLANCED = tuple(field for field in FIELDS if field.name in {*_STATUSES, *_TIMES})


@dataclass(frozen=True)
class Progress:
    """How far a bulk is: operations in all, done, and waiting for a human review."""

    total: int
    done: int
    in_review: int


def parse_receipts(body: bytes, *, source_key: str, bulk_id: str) -> pl.DataFrame:
    """Read the bytes of an answer into a frame with one row per receipt.

    The wire format is open: unknown statuses, actions and error types are kept as they come, and
    any field may be missing. A value of another type than documented becomes null; so does a
    placeholder for a time, before 1971 or after 9998, an empty or blank ``id``, and an ``error``
    whose values are all zero or empty.

    Time is proportional to the bytes plus the receipts, whatever the bytes are. Memory apart from
    `body` is that of the frame plus a small multiple of the longest receipt.

    Parameters
    ----------
    body
        The answer, as JSON with ``status`` and perhaps ``receipts``. UTF-8; UTF-16 and UTF-32,
        which some editors and shells write, are read as well.
    source_key, bulk_id
        What was asked for; they fill the first two columns.

    Returns
    -------
    pl.DataFrame, shape (receipts, 20)
        In the order of the answer; always the same columns and dtypes, also for no receipts.
        Times are UTC in microseconds; ``duration`` is ``completed_at - received_at``, null while
        pending and negative if the server's clocks disagree. ``error_details`` and
        ``error_context`` are JSON text.

    Raises
    ------
    TypeError
        `body` is not bytes.
    UnreadableAnswerError
        The answer is cut short, is not JSON, has no ``status``, or has more than 100 million
        receipts.

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
    right = "body is the bytes of an answer, such as Path('answer.json').read_bytes()"
    check_type(body, bytes | bytearray | memoryview, right)
    try:
        return parse_answer(body, source_key=source_key, bulk_id=bulk_id).receipts
    except UnreadableAnswerError as exc:
        del body  # it holds health data, and a traceback may show local variables
        raise bare(exc) from None


def parse_answer(body: bytes, *, source_key: str, bulk_id: str) -> Answer:
    """Read the bytes of an answer: its status, the frame of `parse_receipts`, and notes.

    Raises
    ------
    UnreadableAnswerError
        As in `parse_receipts`.
    """
    reader = AnswerReader(source_key=source_key, bulk_id=bulk_id)
    reader.feed(body)
    answer = reader.finish()
    warn_about(answer, stacklevel=4)
    return answer


def warn_about(answer: Answer, *, stacklevel: int) -> None:
    """Warn about what an answer held that could not be read, or has no column."""
    if answer.unread:
        warnings.warn(answer.unread, UnreadValuesWarning, stacklevel=stacklevel)
    if answer.unknown:
        warnings.warn(answer.unknown, UnknownFieldsWarning, stacklevel=stacklevel)


def read_status(body: bytes) -> str:
    """Read the status of the bulk alone.

    Raises
    ------
    UnreadableAnswerError
        As in `parse_receipts`.
    """
    return _glance(body).status


def count_statuses(body: bytes) -> Progress:
    """Count the operations of an answer that are done.

    Raises
    ------
    UnreadableAnswerError
        As in `parse_receipts`.
    """
    receipts = _glance(body).receipts
    pending = receipts.filter(receipts["status"] == "PENDING")
    in_review = pending.filter(pending["pipeline_status"] == "IN_REVIEW")
    return Progress(receipts.height, receipts.height - pending.height, in_review.height)


def _glance(body: bytes) -> Answer:
    """Read the statuses alone, by the rules of `parse_answer`: what it reads is readable here."""
    reader = AnswerReader(source_key="", bulk_id="", fields=_GLANCED)
    reader.feed(body)
    return reader.finish()
