"""JSON as text: where its values begin and end, and what keeps a JSON reader from reading it.

Everything here takes one pass over the bytes, whatever they are: a string that is never closed
counts as one string up to the end.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from typing import NamedTuple

import msgspec

DEEPEST = 200
_MARGIN = 20  # levels more, so that whoever reads a part of the text can as well

_STRING = rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_STRUCTURE = re.compile(_STRING + rb"|[\[\]{},]", re.DOTALL)
_TOKEN = re.compile(_STRING + rb'|[\[\]{}]|[^\s"\[\]{},:]++', re.DOTALL)
_BARE = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_LIST_FOLLOWS = re.compile(rb"\s*:\s*(\[)?")
_ODD_STRING = re.compile(rb"[\x00-\x1f\x80-\xff]|\\[^\"\\/bfnrt]")
_ODD = re.compile(
    r"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r'|(?P<escape>\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))'
    r"|(?P<backslash>\\)|(?P<control>[\x00-\x1f])"
)
_NOTES = {
    "lone": "lone surrogates, replaced by U+FFFD",
    "bytes": "text that is not valid UTF-8, replaced by U+FFFD",
    "control": "raw control characters",
    "backslash": "invalid escapes",
    "bare": "values that JSON does not allow, such as NaN, read as text",
    "deep": f"values nested over {DEEPEST} deep, kept as text",
}


class Elements(NamedTuple):
    """The elements of a JSON list, as far as it goes.

    Attributes
    ----------
    texts
        Each complete element.
    end
        The offset after the comma or bracket that follows the last of them.
    closed
        Whether the list ends there.
    """

    texts: list[bytes]
    end: int
    closed: bool


def split_elements(text: bytes) -> Elements:
    """Split the text that follows the ``[`` of a list. The elements need not be valid JSON.

    >>> split_elements(b'{"a": "],{"}, NaN, {"b"')
    Elements(texts=[b'{"a": "],{"}', b'NaN'], end=18, closed=False)
    """
    texts: list[bytes] = []
    depth = start = 0
    for token in _STRUCTURE.finditer(text):
        symbol = token[0]
        if symbol in b"[{":
            depth += 1
        elif symbol in b"]}":
            if depth == 0:
                last = text[start : token.start()].strip()
                return Elements([*texts, last] if last or texts else [], token.end(), closed=True)
            depth -= 1
        elif symbol == b"," and depth == 0:
            texts.append(text[start : token.start()].strip())
            start = token.end()
    return Elements(texts, start, closed=False)


def find_list(text: bytes, name: str) -> int | None:
    """Return the offset after the ``[`` of a member of the outermost object that is a list.

    None if there is no such list, or none yet.

    >>> find_list(b'{"a": {"x": []}, "x": [1]}', "x")
    23
    """
    key = json.dumps(name).encode()
    depth = 0
    for token in _STRUCTURE.finditer(text):
        symbol = token[0]
        if symbol in b"[{":
            depth += 1
        elif symbol in b"]}":
            depth -= 1
        elif symbol == key and depth == 1:
            follows = _LIST_FOLLOWS.match(text, token.end())
            if follows and follows[1]:
                return follows.end()
    return None


def repair(text: bytes) -> tuple[bytes, Counter[str]]:
    r"""Replace what no JSON reader takes, and count it by a description.

    Lone surrogates and bytes that are not UTF-8 become U+FFFD; raw control characters and stray
    backslashes are escaped; and words such as ``NaN`` become strings. Where a text is nested too
    deep for a reader, what is over `DEEPEST` deep becomes a string that holds its JSON.

    >>> repair(b'[NaN, "a\xff"]')[0].decode()
    '["NaN", "a\ufffd"]'
    """
    repaired = _replaced(text, None)
    with suppress(msgspec.DecodeError):
        try:
            msgspec.json.decode(b"[" * _MARGIN + repaired[0] + b"]" * _MARGIN, type=msgspec.Raw)
        except RecursionError:
            return _replaced(text, DEEPEST)
    return repaired


def _replaced(text: bytes, deepest: int | None) -> tuple[bytes, Counter[str]]:
    found: Counter[str] = Counter()
    parts: list[bytes] = []
    depth = done = deep = 0
    for token in _TOKEN.finditer(text):
        symbol, fixed = token[0], None
        if symbol in b"[{":
            depth += 1
            deep = token.start() if depth == deepest else deep
        elif symbol in b"]}":
            if depth == deepest:
                fixed = json.dumps(text[deep : token.end()].decode("utf-8", "replace")).encode()
                parts, done = [*_until(parts, text, done, deep), fixed], token.end()
                found["deep"] += 1
            depth -= 1
            continue
        elif deepest is None or depth < deepest:
            fixed = _fixed(symbol, found)
        if fixed is not None:
            parts += text[done : token.start()], fixed
            done = token.end()
    return b"".join([*parts, text[done:]]), Counter({_NOTES[why]: n for why, n in found.items()})


def _until(parts: list[bytes], text: bytes, done: int, end: int) -> list[bytes]:
    parts.append(text[done:end])
    return parts


def _fixed(symbol: bytes, found: Counter[str]) -> bytes | None:
    """Return a string or bare word as JSON that every reader takes; None if it is."""
    if not symbol.startswith(b'"'):
        if _BARE.fullmatch(symbol):
            return None
        found["bare"] += 1
        return json.dumps(symbol.decode("utf-8", "replace")).encode()
    if not _ODD_STRING.search(symbol):
        return None
    try:
        string = symbol.decode()
    except UnicodeDecodeError:
        string = symbol.decode("utf-8", "replace")
        found["bytes"] += 1

    def replace(match: re.Match[str]) -> str:
        why = match.lastgroup or ""
        if why in _NOTES:
            found[why] += 1
        if why == "lone":
            return "\ufffd"
        if why == "control":
            return f"\\u{ord(match[0]):04x}"
        return "\\\\" if why == "backslash" else match[0]

    return _ODD.sub(replace, string).encode()
