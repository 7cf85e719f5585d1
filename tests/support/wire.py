"""Answers as the API sends them, and answers that it should never send."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

FULL: dict[str, Any] = {
    "receivedAt": "2025-05-06T11:47:51.654Z",
    "completedAt": "2025-05-06T11:47:52.7Z",
    "taskId": "bk_1",
    "action": "CREATE",
    "status": "FAILURE",
    "targetType": "RELATIONSHIP",
    "id": "r1",
    "type": "practitioner-works-at-clinic",
    "error": {
        "code": 404,
        "type": "NOT_FOUND",
        "message": "no clinic",
        "details": [{"code": 1}],
        "applicationErrorCode": "X1",
        "additionalContext": {"shard": 7},
    },
    "pipelineExecution": {"id": "p1", "pipelineDefinitionId": "clinic.1", "status": "SUCCESSFUL"},
}
_NAMES = [*FULL, *FULL["error"], *FULL["pipelineExecution"], "new", "receipts"]


def wire(*receipts: Any, status: str = "FAILURE", ascii_only: bool = True) -> bytes:
    """Return the bytes of an answer."""
    answer = {"status": status, "receipts": receipts}
    return json.dumps(answer, ensure_ascii=ascii_only).encode()


def _spaced(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(lambda a, b, c: a + b + c, _SPACES, inner, _SPACES)


_SPACES = st.sampled_from([b"", b"", b" ", b"\n\t"])
_STRINGS = st.sampled_from(
    [
        b'""', b'"  "', b'"plain"', rb'"\ud800"', rb'"\ud83d\ude00"', rb'"\\ud800"', b'"\xff"',
        b'"\xc3\xa9"', b'"a\x01b\nc"', rb'"\x"', b'"},{"', rb'"{\"a\":[1]},{\"b\":2}]}"',
        b'"2025-05-06T11:47:51Z"', b'"0001-01-01T00:00:00Z"', b'"9999-12-31T23:59:59Z"',
        b'"1970-01-01T00:00:00Z"', b'"2025-13-01T00:00:00Z"', b'"FAILURE"',
    ]
)  # fmt: skip
_BARE = st.sampled_from(
    [
        b"null", b"true", b"0", b"404", b"404.0", b"-1", b"4.5", b"1e400", b"NaN", b"-Infinity",
        b"2147483648", b"9" * 5_000, b"1e", b"undefined", b"0x1F", b"[ ]", b"{ }",
        b"[" * 300 + b"1" + b"]" * 300,
    ]
)  # fmt: skip
_NAME = st.sampled_from([json.dumps(name).encode() for name in _NAMES]) | st.sampled_from(
    [b'"\xff"', rb'"\udc00"', b'""', b'"co\\u0064e"']
)


def _list(values: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.lists(values, max_size=3).map(lambda items: b"[%b]" % b",".join(items))


def _object(values: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    members = st.lists(st.tuples(_NAME, values), max_size=4)  # names may repeat
    return members.map(lambda pairs: b"{%b}" % b",".join(b"%b:%b" % pair for pair in pairs))


_VALUES = st.recursive(
    _STRINGS | _BARE, lambda inner: _spaced(_list(inner) | _object(inner)), max_leaves=10
)
_RIGHT = st.just(json.dumps(FULL).encode())
ODD_RECEIPTS = _RIGHT | _object(_VALUES) | _VALUES

_AROUND = (
    (b'{"status":"S","receipts":[', b"]}"),
    (b'{"receipts" : [', b' ], "status": "S"}'),
    (b'{"a":[{},{}],"receipts":[', b'],"b":[{},{}],"status":"S"}'),
)


@st.composite
def odd_answers(draw: st.DrawFn) -> bytes:
    """Return an answer of right and odd receipts, perhaps with a cut, lost or foreign stretch."""
    receipts = draw(st.lists(ODD_RECEIPTS, max_size=6))
    separator = draw(st.sampled_from([b",", b", ", b",\n", b" , "]))
    head, tail = draw(st.sampled_from(_AROUND))
    body = head + separator.join(receipts) + tail
    if draw(st.integers(0, 3)) == 0:
        first, length = draw(st.tuples(st.integers(0, len(body)), st.integers(0, 9)))
        body = body[:first] + draw(st.binary(max_size=5)) + body[first + length :]
    return body
