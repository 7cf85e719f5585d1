"""Colours: one for each error type, the same in every chart and at every door.

All are told apart from white and from dark ground (a contrast of 3 or more), and those used most
also by people who are colour-blind, after Okabe and Ito.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

VERMILLION, BLUE, AMBER, PURPLE, GREEN, SKY = (
    *("#d9541e", "#1f7fc0", "#b98a00"),
    *("#a06cb5", "#2a9d78", "#3d9bd6"),
)
PINK, BROWN, OLIVE, SLATE, TEAL, WINE = (
    *("#d1688f", "#9a6b44", "#84901f"),
    *("#6b7fa3", "#128a94", "#b8405e"),
)
GREY, DARK_GREY = "#8b95a1", "#6f7a88"

OUTCOME_COLOURS = {
    "succeeded": GREEN,
    "failed": VERMILLION,
    "cancelled": GREY,
    "pending": AMBER,
    "other": PURPLE,
}
_KNOWN = {
    "INTERNAL": VERMILLION,
    "NOT_FOUND": BLUE,
    "ALREADY_EXISTS": AMBER,
    "INVALID_ARGUMENT": PURPLE,
    "FAILED_PRECONDITION": GREEN,
    "PERMISSION_DENIED": SKY,
    "UNAUTHENTICATED": PINK,
    "OUT_OF_RANGE": BROWN,
    "CONTENT_TOO_LARGE": OLIVE,
    "UNIMPLEMENTED": SLATE,
    "UNAVAILABLE": TEAL,
    "DEADLINE_EXCEEDED": WINE,
}
_WHEEL = tuple(_KNOWN.values())


def group_colours(names: Iterable[str | None]) -> dict[str | None, str]:
    """Give each name a colour: an error type that Clinia documents always has its own.

    Another name has one that follows from its letters, or the next that none of `names` has yet, so
    that the answer depends on the set of names and not on their order. Colours repeat only where
    there are more than twelve names. No name (null) is dark grey.

    Examples
    --------
    >>> group_colours(["NOT_FOUND", "INTERNAL", None])
    {'NOT_FOUND': '#1f7fc0', 'INTERNAL': '#d9541e', None: '#6f7a88'}
    """
    distinct = list(dict.fromkeys(names))
    found = {name: _KNOWN[name] for name in distinct if name in _KNOWN}
    for name in sorted(name for name in distinct if name is not None and name not in found):
        start = zlib.crc32(name.encode()) % len(_WHEEL)
        turned = _WHEEL[start:] + _WHEEL[:start]
        used = set(found.values())
        found[name] = next((colour for colour in turned if colour not in used), turned[0])
    return {name: DARK_GREY if name is None else found[name] for name in distinct}


def unlike_colours(colours: Iterable[str]) -> list[str]:
    """Give each colour that an earlier one has already another one, as long as there are any.

    >>> unlike_colours([BLUE, BLUE, GREEN]) == [BLUE, VERMILLION, GREEN]
    True
    """
    wanted = list(colours)
    free = [colour for colour in _WHEEL if colour not in wanted]
    seen: set[str] = set()
    told: list[str] = []
    for colour in wanted:
        told.append(free.pop(0) if colour in seen and free else colour)
        seen.add(colour)
    return told
