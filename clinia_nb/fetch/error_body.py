"""Clinia's own error in the body of an answer, as far as it can be read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

_LONGEST = 1 << 16
_LONGEST_WAIT = 10.0
_PIECE = 1 << 12


def read_error(
    response: requests.Response, masked: Callable[[str], str], *, seconds: float
) -> dict[str, Any]:
    """Read the error that an answer holds, every text of it masked.

    The status has said what matters. A body that is cut, not JSON, in another encoding, wrongly
    compressed, longer than an error of Clinia is, or too slow is an empty error.
    """
    try:
        body = _read_start(response, min(seconds, _LONGEST_WAIT))
        found = msgspec.json.decode(body.decode("utf-8-sig", "replace"), type=dict[str, Any])
        return _masked(found, masked)
    except Exception:  # noqa: BLE001 - whatever is wrong with the body, the status stands
        return {}


def _read_start(response: requests.Response, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    body = b""
    # What is there, without waiting for a piece to be full: a body may drip.
    while piece := response.raw.read1(_PIECE, decode_content=True):
        body += piece
        if len(body) > _LONGEST or time.monotonic() > deadline:
            return b""
    return body


def _masked(value: Any, masked: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """Mask the texts of decoded JSON: in its bytes the key could be escaped."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_masked(item, masked) for item in items]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {masked(name): _masked(item, masked) for name, item in pairs.items()}
    return value
