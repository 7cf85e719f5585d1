"""The shapes of the wire: bytes of a receipt → its fields.

Each receipt is decoded on its own against a strict shape, which is fast and tells exactly which
receipts are of another shape. Only those are read again value by value, so that a wrong receipt
costs what cannot be read of it and nothing else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import msgspec

from clinia_nb.errors import UnreadableAnswerError

_NO_UNICODE = "with text that is no Unicode, replaced by U+FFFD"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOT_READABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_Text = str | None
_Code = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class Pipeline(msgspec.Struct, gc=False, rename="camel"):
    """The ``pipelineExecution`` of a receipt."""

    id: _Text = None
    pipeline_definition_id: _Text = None
    status: _Text = None


class Error(msgspec.Struct, gc=False):
    """The ``error`` of a receipt; its details stay as the bytes that came."""

    code: _Code | None = None
    message: _Text = None
    type: _Text = None
    details: msgspec.Raw = msgspec.Raw()
    application_error_code: _Text = msgspec.field(default=None, name="applicationErrorCode")
    additional_context: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="additionalContext")


class Receipt(msgspec.Struct, gc=False, rename="camel"):
    """One receipt, every field of which may be missing."""

    received_at: _Text = None
    completed_at: _Text = None
    task_id: _Text = None
    action: _Text = None
    status: _Text = None
    target_type: _Text = None
    id: _Text = None
    type: _Text = None
    error: Error | None = None
    pipeline_execution: Pipeline | None = None


class _StrictPipeline(Pipeline, gc=False, forbid_unknown_fields=True): ...


class _StrictError(Error, gc=False, forbid_unknown_fields=True): ...


class _StrictReceipt(Receipt, gc=False, forbid_unknown_fields=True):
    error: _StrictError | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    pipeline_execution: _StrictPipeline | None = None  # pyright: ignore[reportIncompatibleVariableOverride]


class Envelope(msgspec.Struct):
    """A whole answer, its receipts still unread."""

    status: str
    receipts: list[msgspec.Raw] | None = None


class StatusOnly(msgspec.Struct):
    """An answer, of which only the status matters."""

    status: str


class _Glance(msgspec.Struct):
    status: Any = None
    pipelineExecution: Any = None  # noqa: N815 - the wire's own name

    @property
    def in_review(self) -> bool:
        execution = self.pipelineExecution
        return isinstance(execution, dict) and "IN_REVIEW" in execution.values()  # pyright: ignore[reportUnknownMemberType]


class Glances(msgspec.Struct):
    """An answer, of which only the status of each receipt matters."""

    status: str
    receipts: list[_Glance] | None = None


_decode_strict = msgspec.json.Decoder(_StrictReceipt).decode
_decode_open = msgspec.json.Decoder(Receipt).decode
_decode_names = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

_NESTED: dict[str, type[Error | Pipeline]] = {"error": Error, "pipelineExecution": Pipeline}
TOP_TEXTS = ("task_id", "action", "status", "target_type", "id", "type")
TIMES = ("received_at", "completed_at")
NO_ERROR, NO_PIPELINE = Error(), Pipeline()
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_DEEPEST = 200
_SURROGATE = re.compile("[\ud800-\udfff]")

_Shape = TypeVar("_Shape")
_Nested = TypeVar("_Nested", Error, Pipeline)


@dataclass
class Notes:
    """What could not be read as the contract has it, and which fields it does not know."""

    unread: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    unknown: set[str] = field(default_factory=set[str])
    surrogates: int = 0
    collapsed: int = 0

    def unreadable(self, name: str, index: int, count: int = 1) -> None:
        """Note values of a field that could not be read, first in the receipt at `index`."""
        seen, first = self.unread.get(name, (0, index))
        self.unread[name] = (seen + count, min(first, index))

    def sentences(self) -> tuple[str, str]:
        """Say what could not be read, and what is unknown; each empty where there is nothing."""
        parts = [
            f"{name} ({count:,}, first in receipt {first:,})"
            for name, (count, first) in sorted(self.unread.items())
        ]
        if self.surrogates:
            parts.append(f"lone surrogates ({self.surrogates:,}, replaced by U+FFFD)")
        if self.collapsed:
            parts.append(f"nested over {_DEEPEST} deep ({self.collapsed:,}, kept as text)")
        total = sum(count for count, _ in self.unread.values()) + self.surrogates + self.collapsed
        unread = f"{total:,} values could not be read as they came: {', '.join(parts)}."
        unknown = f"Fields that the frame has no column for: {', '.join(sorted(self.unknown))}."
        return unread * bool(parts), unknown * bool(self.unknown)


def decode_envelope(body: bytes, shape: type[_Shape], notes: Notes | None = None) -> _Shape:
    """Decode the frame of an answer around its receipts, or say why it is none."""
    notes = Notes() if notes is None else notes
    body = body.removeprefix(_BYTE_ORDER_MARK)
    for repair in (_collapse_deep, _replace_surrogates, None):
        try:
            return msgspec.json.decode(body, type=shape)
        except msgspec.ValidationError as exc:
            problem = f"The answer is JSON of another shape than Clinia documents: {exc}"
            break
        except _NOT_READABLE as exc:
            problem = f"The answer is no whole JSON document ({len(body):,} bytes): {exc}"
            body = repair(body, notes) if repair else body
    raise UnreadableAnswerError(f"{problem}. Fetch it again; if it stays so, report it to Clinia.")


def _replace_surrogates(body: bytes, notes: Notes) -> bytes:
    """Replace lone surrogates, which no UTF-8 text can hold, where escapes name them."""

    def replace(match: re.Match[bytes]) -> bytes:
        notes.surrogates += match.lastgroup == "lone"
        return rb"\ufffd" if match.lastgroup == "lone" else match[0]

    return _ESCAPE.sub(replace, body)


def _collapse_deep(body: bytes, notes: Notes) -> bytes:
    """Turn what is nested too deep for any JSON reader into a string that holds its JSON."""
    parts: list[bytes] = []
    depth = done = start = 0
    for token in _STRING_OR_BRACKET.finditer(body):
        if token[0] in b"[{":
            depth += 1
            start = token.start() if depth == _DEEPEST else start
        elif token[0] in b"]}":
            if depth == _DEEPEST:
                text = body[start : token.end()].decode("utf-8", "replace")
                parts += body[done:start], json.dumps(text).encode()
                done = token.end()
                notes.collapsed += 1
            depth -= 1
    return b"".join([*parts, body[done:]])


def read_batch(raws: list[msgspec.Raw], start: int, notes: Notes) -> list[Receipt]:
    """Decode receipts, the first of which stands at `start` in the answer."""
    try:
        return list(map(_decode_strict, raws))
    except _NOT_READABLE:
        return [_read_one(raw, index, notes) for index, raw in enumerate(raws, start)]


def _read_one(raw: msgspec.Raw, index: int, notes: Notes) -> Receipt:
    try:
        return _decode_strict(raw)
    except _NOT_READABLE:
        pass
    try:
        receipt, names = _decode_open(raw), _decode_names(raw)
    except _NOT_READABLE:
        return _mend(raw, index, notes)
    _note_unknown(names, "", Receipt, notes)
    for name, shape in _NESTED.items():
        if name in names and bytes(names[name]) != b"null":
            _note_unknown(_decode_names(names[name]), f"{name}.", shape, notes)
    return receipt


def _note_unknown(
    found: dict[str, Any], prefix: str, shape: type[msgspec.Struct], notes: Notes
) -> None:
    notes.unknown.update(
        prefix + _SURROGATE.sub("\ufffd", name)
        for name in found.keys() - set(shape.__struct_encode_fields__)
    )


def _loads(raw: msgspec.Raw) -> object:
    """Read what msgspec refuses: lone surrogates, bytes that are no UTF-8."""
    try:
        return json.loads(bytes(raw).decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None


def _mend(raw: msgspec.Raw, index: int, notes: Notes) -> Receipt:
    """Keep of a receipt what can be read; note what cannot."""
    value = _loads(raw)
    if not isinstance(value, dict):
        notes.unreadable("receipt", index)
        return Receipt()
    wire: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType]
    _note_unknown(wire, "", Receipt, notes)
    receipt = Receipt()
    _mend_texts(receipt, (*TIMES, *TOP_TEXTS), wire, "", index, notes)
    receipt.error = _mend_nested("error", Error, wire, index, notes)
    if receipt.error is not None and isinstance(wire["error"], dict):
        for name, member in (("details", "details"), ("additional_context", "additionalContext")):
            setattr(receipt.error, name, _raw_member(raw, member, index, notes))
    receipt.pipeline_execution = _mend_nested("pipelineExecution", Pipeline, wire, index, notes)
    return receipt


def _mend_nested(
    name: str, shape: type[_Nested], wire: dict[str, object], index: int, notes: Notes
) -> _Nested | None:
    value = wire.get(name)
    if value is None:
        return None
    nested = shape()
    if not isinstance(value, dict):
        notes.unreadable(name, index)
        return nested
    found: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType]
    _note_unknown(found, f"{name}.", shape, notes)
    texts = tuple(
        f for f in shape.__struct_fields__ if f not in {"code", "details", "additional_context"}
    )
    _mend_texts(nested, texts, found, f"{name}.", index, notes)
    if isinstance(nested, Error):
        nested.code = _whole_number(found.get("code"), index, notes)
    return nested


def _raw_member(raw: msgspec.Raw, name: str, index: int, notes: Notes) -> msgspec.Raw:
    """Return a member of the error as the bytes that came: no number in them changes."""

    class Outer(msgspec.Struct):
        error: dict[str, msgspec.Raw]

    error = msgspec.json.decode(bytes(raw).decode("utf-8", "replace"), type=Outer).error
    details = error.get(name, msgspec.Raw())
    if bytes(details) not in bytes(raw):
        notes.unreadable(f"error.{name} {_NO_UNICODE}", index)
    return details


def _mend_texts(  # noqa: PLR0913, PLR0917 - where a value stands and where it goes
    target: msgspec.Struct,
    fields: tuple[str, ...],
    wire: dict[str, object],
    prefix: str,
    index: int,
    notes: Notes,
) -> None:
    names = dict(
        zip(type(target).__struct_fields__, type(target).__struct_encode_fields__, strict=True)
    )
    for attribute in fields:
        value = wire.get(names[attribute])
        if isinstance(value, str):
            text, replaced = _SURROGATE.subn("\ufffd", value)
            if replaced:
                notes.unreadable(f"{prefix}{names[attribute]} {_NO_UNICODE}", index)
            setattr(target, attribute, text)
        elif value is not None:
            notes.unreadable(prefix + names[attribute], index)


def _whole_number(value: object, index: int, notes: Notes) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return msgspec.convert(value, _Code | None)  # pyright: ignore[reportReturnType, reportArgumentType]
    except msgspec.ValidationError:
        notes.unreadable("error.code", index)
        return None


def details_text(raw: msgspec.Raw, index: int, notes: Notes) -> str | None:
    """Give the details of an error as JSON text; None where they are absent or empty."""
    data = bytes(raw)
    if data in {b"", b"null", b"[]", b"{}", b'""'}:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        notes.unreadable(f"error.details {_NO_UNICODE}", index)
        return data.decode("utf-8", "replace")
