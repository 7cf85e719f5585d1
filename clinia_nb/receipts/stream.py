"""Read an answer while its bytes arrive.

The list of receipts is cut between two objects, and each piece is decoded as a list of its own.
A cut is right exactly if the piece before it is a list of complete values. A cut inside a receipt
(a nested object, a string that holds JSON) is noticed, and an earlier one is tried; if that fails
too, one pass over the piece finds out where its elements end.

Bounds, whatever the bytes are: time is proportional to bytes plus receipts. Memory, apart from
bytes that the caller keeps, is that of the frame plus about 20 MB plus a small multiple of the
longest receipt; a frame has at most `MOST_RECEIPTS` rows.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from clinia_nb.errors import UnreadableAnswerError

from .fields import FIELDS
from .json_text import find_list, repair
from .not_an_answer import CUT, HEAD, Problem, problem_of, without_status
from .notes import Notes
from .table import Table
from .wire import NOT_READABLE, decode_members, read_split, wire_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import polars as pl

    from .fields import Field

MOST_RECEIPTS = 100_000_000
_PIECE = 1 << 17  # decoded receipts stay in the processor's cache
_SLICE = 1 << 20
_LEAST = 4  # bytes that tell the encoding
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_GAP = 64
_OWN_MEMBERS = {"status", "receipts", "taskId"}  # those that Clinia documents
_decode_text = msgspec.json.Decoder(str).decode
_Read = TypeVar("_Read")
_FIRST_KEY = re.compile(rb'\s*(\{\s*"[^"\\]{0,60}")')


class Answer(msgspec.Struct, frozen=True):
    """What one answer of the API holds.

    Attributes
    ----------
    status : str
        Status of the whole bulk.
    receipts : pl.DataFrame
        One row per receipt.
    unread, unknown : str
        A sentence on values that could not be read, and one on fields without a column; mostly
        empty.
    """

    status: str
    receipts: pl.DataFrame
    unread: str = ""
    unknown: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that are not empty."""
        return tuple(filter(None, (self.unread, self.unknown)))


class AnswerReader:
    """Reads an answer piece by piece; the result does not depend on the pieces.

    It does not keep the bytes. A problem with them is raised by `finish` alone, so that a download
    is never interrupted.

    Parameters
    ----------
    source_key, bulk_id
        What was asked for; they fill the first two columns.
    fields
        The columns of the frame; by default those of `SCHEMA`.

    Examples
    --------
    >>> reader = AnswerReader(source_key="ehr", bulk_id="bk_1")
    >>> reader.feed(b'{"receipts": [{"id": "r1"}, {"i')
    >>> reader.feed(b'd": "r2"}], "status": "SUCCESS"}')
    >>> reader.finish().receipts["id"].to_list()
    ['r1', 'r2']
    """

    def __init__(self, *, source_key: str, bulk_id: str, fields: Sequence[Field] = FIELDS) -> None:
        self._keys = {"source_key": source_key, "bulk_id": bulk_id}
        self._fields, self._ignored = tuple(fields), frozenset[tuple[str, str]]()
        self._wire = wire_of(self._fields)
        self._table = Table(self._fields, self._wire.shape)
        self._notes = Notes()
        self._members: dict[str, msgspec.Raw] = {}
        self._buffer = bytearray()
        self._head = bytearray()
        self._wanted = _LEAST
        self._size = 0
        self._read = self._read_encoding
        self._encoding = ""
        self._problem: Problem | str | None = None  # a text is what the JSON reader says

    def feed(self, data: bytes | memoryview) -> None:
        """Take the next bytes and read what is complete."""
        with memoryview(data) as view:
            for start in range(0, len(view), _SLICE):
                piece = view[start : start + _SLICE]
                self._size += len(piece)
                self._head += piece[: HEAD - len(self._head)]
                if not self._problem:
                    self._buffer += piece
                    self._advance()

    def finish(self) -> Answer:
        """Return the answer after its last byte.

        Raises
        ------
        UnreadableAnswerError
            The answer is cut short, is not JSON, has no ``status``, or has too many receipts.
        """
        self._advance(final=True)
        status = self._read_status()
        problem = self._problem
        if isinstance(problem, str):  # named here: its first bytes may come after it was found
            problem = problem_of(bytes(self._head), problem)
        if problem:
            raise UnreadableAnswerError(problem.text(self._size))
        for name in self._members.keys() - _OWN_MEMBERS:
            self._notes.unknown_member(name)
        receipts = self._table.finish(self._keys, self._notes)
        return Answer(status, receipts, *self._notes.sentences())

    def _advance(self, *, final: bool = False) -> None:
        while (final or len(self._buffer) >= self._wanted) and not self._problem:
            if not self._read(final=final):
                break

    def _read_encoding(self, *, final: bool) -> bool:  # noqa: ARG002 - one signature for all steps
        self._encoding = json.detect_encoding(bytes(self._buffer[:_LEAST]))
        self._wanted = _PIECE
        self._read = self._read_head
        if self._encoding == "utf-8-sig":
            del self._buffer[: len(_BYTE_ORDER_MARK)]
        elif self._encoding != "utf-8":
            self._read = self._read_other_encoding
        return True

    def _read_other_encoding(self, *, final: bool) -> bool:
        """Wait for all of it: UTF-16 and UTF-32 files are made by hand, and small."""
        if not final:
            self._wanted = 2 * len(self._buffer)
            return False
        try:
            text = self._buffer.decode(self._encoding)
        except UnicodeDecodeError:
            self._problem = f"it seems to be {self._encoding}, not UTF-8, but is not valid"
            return False
        self._buffer = bytearray(text.removeprefix("\ufeff").encode("utf-8", "replace"))
        self._read = self._read_head
        return True

    def _read_head(self, *, final: bool) -> bool:
        """Read what stands before the receipts."""
        head = bytes(self._buffer)
        start = find_list(head, "receipts")
        if start is None:
            self._wanted = 2 * len(head)
            return final and self._read_without_list(head)
        if self._add_members(head[:start] + b"]}"):
            self._go_on(start, self._read_list)
        return True

    def _read_without_list(self, whole: bytes) -> bool:
        if self._add_members(whole):
            self._buffer.clear()
            receipts = bytes(self._members.get("receipts", b"null"))
            if receipts.startswith(b"["):  # its name was written with escapes
                self._buffer += receipts[1:] + b"}"
                self._read = self._read_list
                return True
            if receipts != b"null":
                self._problem = Problem("The answer's `receipts` are not a list.")
        return False

    def _read_list(self, *, final: bool) -> bool:
        """Read receipts up to the last that is complete."""
        window = bytes(self._buffer[: self._wanted])
        for end, after in _cuts(window, whole=final and len(window) == len(self._buffer)):
            rows = self._wire.read_elements(window[:end], len(self._table), self._notes)
            if rows is not None:
                self._take(rows, after, closed=window[end:after].endswith(b"]"))
                return True
        rows, after, closed = read_split(self._wire, window, len(self._table), self._notes)
        if after:
            self._take(rows, after, closed=closed)
            return True
        if len(window) < len(self._buffer) or not final:
            self._wanted *= 2  # one receipt is longer than the window
            return len(window) < len(self._buffer)
        self._problem = CUT
        return False

    def _take(self, rows: list[msgspec.Struct], after: int, *, closed: bool) -> None:
        if len(self._table) + len(rows) > MOST_RECEIPTS:
            self._problem = Problem(f"The answer has more than {MOST_RECEIPTS:,} receipts.")
            return
        self._table.extend(rows)
        if len(self._notes.unknown) > len(self._ignored):
            # From here on these fields are no reason to read receipts one by one.
            self._ignored = frozenset(self._notes.unknown)
            self._wire = wire_of(self._fields, self._ignored)
        self._go_on(after, self._read_tail if closed else self._read_list)

    def _read_tail(self, *, final: bool) -> bool:
        """Read what stands after the receipts."""
        self._wanted = 2 * len(self._buffer) + _PIECE
        if final and self._add_members(b'{"receipts":0' + self._buffer):
            self._buffer.clear()
            if bytes(self._members["receipts"]) != b"0":
                self._problem = Problem("The answer has two lists of receipts.")
        return False

    def _go_on(self, after: int, read: Callable[..., bool]) -> None:
        del self._buffer[:after]
        self._wanted = _PIECE
        self._read = read

    def _add_members(self, text: bytes) -> bool:
        """Read the answer without its receipts."""
        try:
            self._members |= _read_or_repaired(decode_members, text)
        except NOT_READABLE as exc:
            self._problem = str(exc)
            return False
        return True

    def _read_status(self) -> str:
        try:
            return _read_or_repaired(_decode_text, bytes(self._members.get("status", b"null")))
        except NOT_READABLE:
            self._problem = self._problem or _status_problem(self._members)
            return ""


def _read_or_repaired(decode: Callable[[bytes], _Read], text: bytes) -> _Read:
    """Decode JSON; if it is odd, once more with what is odd replaced."""
    try:
        return decode(text)
    except NOT_READABLE:
        return decode(repair(text)[0])


def _status_problem(members: Mapping[str, msgspec.Raw]) -> Problem:
    """Return what is wrong with the status of an answer that has these members."""
    if bytes(members.get("status", b"null")) != b"null":
        return Problem("The answer's `status` is not a text.")
    return without_status(set(members))


def _cuts(window: bytes, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Return where a list may be cut: the end of the last receipt and where the next one begins.

    Most servers write the members of all receipts in one order, so a receipt begins like the first.
    """
    if whole and (end := window.rfind(b"]")) >= 0:
        yield end, end + 1
    first = _FIRST_KEY.match(window)
    if not first:
        return
    before = len(window)
    for beginning in (first[1], first[1], b"{", b"{"):
        before = window.rfind(beginning, 1, before)
        if before < 0:
            return
        gap = window[max(before - _LONGEST_GAP, 0) : before]
        comma = gap.rstrip()
        if comma.endswith(b",") and (brace := comma[:-1].rstrip()).endswith(b"}"):
            yield before - len(gap) + len(brace), before
