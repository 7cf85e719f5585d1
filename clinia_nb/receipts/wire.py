"""Bytes of receipts become structs.

Many receipts are decoded at once against a strict shape, which is fast. If that fails they are
decoded one by one, and those that still fail value by value, so that a wrong value costs itself
and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from .fields import FIELDS
from .json_text import repair, split_elements
from .shapes import ABSENT, Member, Shape, receipt_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .fields import Field
    from .notes import Notes

NOT_READABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(frozen=True)
class Wire:
    """Reads receipts whose fields are those of a table. `wire_of` builds it."""

    shape: Shape
    decode_list: Any
    decode_one: Any

    def read_elements(self, text: bytes, index: int, notes: Notes) -> list[Any] | None:
        """Read complete elements of the list of receipts, separated by commas.

        None if the text is something else, or if only `split_elements` can tell.
        """
        whole = b"[%b]" % text
        try:
            _check_utf8(whole)
            return self.decode_list(whole)
        except NOT_READABLE:
            pass
        try:
            elements = _decode_elements(whole)
        except NOT_READABLE:
            return None
        return [
            self.read_one(bytes(raw), place, notes) for place, raw in enumerate(elements, index)
        ]

    def read_one(self, text: bytes, index: int, notes: Notes) -> Any:  # noqa: ANN401 - a built struct
        """Read one receipt; what it holds in the wrong place or type is null and noted."""
        try:
            _check_utf8(text)
            return self.decode_one(text)
        except NOT_READABLE:
            pass
        text, repaired = repair(text)
        for why, count in repaired.items():
            notes.unreadable(why, index, count)
        receipt = self._read_object(self.shape, text, "", index, notes)
        return self.shape.struct() if receipt is None else receipt

    def _read_object(
        self, shape: Shape, text: bytes, path: str, index: int, notes: Notes
    ) -> msgspec.Struct | None:
        try:
            found = decode_members(text)
        except NOT_READABLE:
            notes.unreadable(path or "receipt", index)
            return None
        values: list[Any] = []
        for name, member in shape.members.items():
            raw = bytes(found.pop(name, ABSENT))
            null = ABSENT if member.wire_type is msgspec.Raw else None
            values.append(
                null if raw in {b"", b"null"} else self._read_value(member, raw, index, notes)
            )
        for name in found:
            notes.unknown_field(path, name)
        return shape.struct(*values)

    def _read_value(self, member: Member, raw: bytes, index: int, notes: Notes) -> Any:  # noqa: ANN401
        if member.shape:
            return self._read_object(member.shape, raw, member.path, index, notes)
        if member.wire_type is msgspec.Raw:
            return msgspec.Raw(raw)
        try:
            return msgspec.json.decode(raw, type=member.wire_type)
        except NOT_READABLE:
            pass
        try:  # 404.0 is a whole number too
            return msgspec.convert(_whole(raw), member.wire_type)
        except (*NOT_READABLE, ValueError, OverflowError):
            notes.unreadable(member.path, index)
            return None


def _check_utf8(text: bytes) -> None:
    """Raise what decoding raises: msgspec does not look into values that it leaves as text."""
    if not text.isascii():
        text.decode()


def _whole(raw: bytes) -> int:
    number = msgspec.json.decode(raw, type=float)
    if not number.is_integer():
        raise ValueError
    return int(number)


@lru_cache(maxsize=16)
def wire_of(
    fields: Sequence[Field] = FIELDS, ignored: frozenset[tuple[str, str]] = frozenset()
) -> Wire:
    """Return the reader of receipts with these fields, and perhaps members that are ignored."""
    shape = receipt_shape(fields, ignored)
    rows: Any = list[shape.struct]
    return Wire(shape, msgspec.json.Decoder(rows).decode, msgspec.json.Decoder(shape.struct).decode)


def read_split(wire: Wire, text: bytes, index: int, notes: Notes) -> tuple[list[Any], int, bool]:
    """Read the elements at the beginning of `text`, whatever they hold.

    Returns
    -------
    tuple
        The receipts, the offset after them, and whether the list ended there.
    """
    elements, end, closed = split_elements(text)
    rows = [wire.read_one(element, place, notes) for place, element in enumerate(elements, index)]
    return rows, end, closed
