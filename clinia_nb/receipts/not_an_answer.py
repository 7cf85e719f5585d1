"""What bytes are that stand in the place of an answer: a login page, a packed file, a list."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import NamedTuple

from clinia_nb.text import counted

HEAD = 1 << 10  # bytes that tell what it is


class Problem(NamedTuple):
    """What is wrong with an answer, in a sentence, and what to do about it.

    Neither holds anything that the answer holds: it is health data.
    """

    sentence: str
    advice: str = "Fetch it again; if the problem persists, report it to Clinia."

    def text(self, size: int) -> str:
        """Return the message for an answer of so many bytes."""
        return f"{self.sentence} It has {counted(size, 'byte')}. {self.advice}"


EMPTY = Problem("The answer is empty.")
CUT = Problem("The answer is cut short.")
_UNPACK = "Unpack it, then read it."
_PACKED = {
    b"\x1f\x8b": Problem("The answer is compressed (gzip).", "Unpack it, as with gunzip."),
    b"PK\x03\x04": Problem("The answer is a ZIP archive.", _UNPACK),
    b"BZh": Problem("The answer is compressed (bzip2).", _UNPACK),
    b"\xfd7zXZ": Problem("The answer is compressed (xz).", _UNPACK),
    b"\x28\xb5\x2f\xfd": Problem("The answer is compressed (Zstandard).", _UNPACK),
    b"PAR1": Problem(
        "The answer is a Parquet file.",
        "Receipts in one are BulkResult.from_receipts(pl.read_parquet(path)).",
    ),
}
_WRITTEN = {
    "HTTP/": Problem(
        "The answer begins with the headers of HTTP, as curl -i prints them.",
        "Save the body alone.",
    ),
    "[": Problem(
        "The answer is a list, not the object with `status` and `receipts` that Clinia sends.",
        "Save the whole answer, as it came.",
    ),
    "{'": Problem(
        "The answer is an object as Python prints it, not JSON.",
        "Save the answer's own bytes, or write it with json.dump.",
    ),
}
_PAGE = Problem(
    "The answer is an HTML page, not JSON: perhaps a login page, or one of a proxy.",
    "Check the workspace, the network and its proxy, then fetch it again.",
)
_XML = Problem("The answer is XML, not JSON.")
_BINARY = Problem(
    "The answer is a binary file, not JSON.", "Check that it is the right file, or fetch it again."
)
_TEXT = Problem(
    "The answer is plain text, not JSON: perhaps an error, a log or a table.",
    "Check that it is the right file, or fetch it again.",
)
_SEVERAL = Problem(
    "The answer is several JSON documents, one after another, not one.",
    "Save one answer to each file, as it came.",
)
_HTML = re.compile(r"<!doctype html|<(?:html|head|body|title|script|meta)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SCALAR = re.compile(r"(?:null|true|false|-?\d[\d.eE+-]*)\s*")
_AFTER_THE_END = "trailing characters"  # as msgspec says it
_CUT_OFF = "truncated"


def problem_of(head: bytes, reason: str) -> Problem:
    r"""Return what is wrong with an answer that no JSON reader takes as an object.

    Parameters
    ----------
    head
        Its first bytes, `HEAD` of them if it has so many.
    reason
        What the JSON reader says.

    Examples
    --------
    >>> problem_of(b"<!DOCTYPE html><title>Sign in</title>", "").sentence
    'The answer is an HTML page, not JSON: perhaps a login page, or one of a proxy.'
    >>> problem_of(b'{"a": 1}\n{"a": 2}', "JSON is malformed: trailing characters").advice
    'Save one answer to each file, as it came.'
    """
    packed = (problem for first, problem in _PACKED.items() if head.startswith(first))
    text = head.decode(json.detect_encoding(head), "replace").lstrip("\ufeff \t\r\n")
    written = (problem for first, problem in _WRITTEN.items() if text.startswith(first))
    known = next(chain(packed, written), None)
    if known or not text:
        return known or EMPTY
    if text.startswith("<"):
        return _PAGE if _HTML.search(text) else _XML
    return _of_object(reason) if text.startswith("{") else _of_text(text)


def _of_object(reason: str) -> Problem:
    """Return what is wrong with a text that begins as an object does."""
    if _AFTER_THE_END in reason:
        return _SEVERAL
    if _CUT_OFF in reason:
        return CUT
    return Problem(f"The answer is not a complete JSON document: {reason}.")


def _of_text(text: str) -> Problem:
    """Return what a text is that begins neither an object, nor a list, nor a page."""
    if text.startswith('"'):
        return Problem("The answer is a text in JSON, not an object: it may be encoded twice.")
    if _SCALAR.fullmatch(text):
        return Problem("The answer is a single value of JSON, not an object.")
    return _BINARY if _CONTROL.search(text) else _TEXT


def without_status(names: set[str]) -> Problem:
    """Return what is wrong with an object whose ``status`` is missing, by the names it has."""
    if "receipts" not in names and {"code", "message"} <= names:
        return Problem("The answer is an error, as Clinia sends it, and not a bulk.")
    return Problem("The answer has no `status`.", "Check that it is the whole answer to a bulk.")
