"""Colors: one for each error type, the same in every chart, and none that an outcome has.

They were searched for, among colors that contrast with white and with dark ground (a ratio of 3 or
more): the least distance in Oklab is as large as it gets, as people with normal vision and with any
kind of color blindness see them, and larger among error types that often occur together.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from clinia_nb.display.tokens import OUTCOME_COLORS

if TYPE_CHECKING:
    from collections.abc import Iterable

GREEN, VERMILION, GRAY, AMBER, PURPLE = OUTCOME_COLORS.values()
BLUE, SKY, PINK, WINE = "#1f84c4", "#3d9bd6", "#f2608f", "#c2283c"
DARK_GRAY = "#6f7a88"

_KNOWN = {
    "NOT_FOUND": "#0968db",
    "INTERNAL": "#a7490c",
    "INVALID_ARGUMENT": "#9d77ff",
    "ALREADY_EXISTS": "#057176",
    "FAILED_PRECONDITION": "#e36e85",
    "PERMISSION_DENIED": "#359ec8",
    "UNAVAILABLE": "#b43ea6",
    "DEADLINE_EXCEEDED": "#85834a",
    "UNAUTHENTICATED": "#607fe3",
    "OUT_OF_RANGE": "#7a604c",
    "CONTENT_TOO_LARGE": "#bf3b65",
    "UNIMPLEMENTED": "#814bbe",
}
_WHEEL = tuple(_KNOWN.values())


def group_colors(names: Iterable[str | None]) -> dict[str | None, str]:
    """Choose a color for each name: an error type that Clinia documents always has its own.

    Any other name has one that follows from its letters, or the next one that is free, so that the
    answer depends on the set of names and not on their order. Colors repeat only if there are more
    than twelve names. A missing name (null) is dark gray.

    Examples
    --------
    >>> group_colors(["NOT_FOUND", "INTERNAL", None])
    {'NOT_FOUND': '#0968db', 'INTERNAL': '#a7490c', None: '#6f7a88'}
    """
    distinct = list(dict.fromkeys(names))
    found = {name: _KNOWN[name] for name in distinct if name in _KNOWN}
    for name in sorted(name for name in distinct if name is not None and name not in found):
        start = zlib.crc32(name.encode()) % len(_WHEEL)
        turned = _WHEEL[start:] + _WHEEL[:start]
        used = set(found.values())
        found[name] = next((color for color in turned if color not in used), turned[0])
    return {name: DARK_GRAY if name is None else found[name] for name in distinct}


def unlike_colors(colors: Iterable[str]) -> list[str]:
    """Replace each color that occurred before by a free one, as long as there are any.

    >>> unlike_colors([BLUE, BLUE, PINK]) == [BLUE, "#0968db", PINK]
    True
    """
    wanted = list(colors)
    free = [color for color in _WHEEL if color not in wanted]
    seen: set[str] = set()
    shown: list[str] = []
    for color in wanted:
        shown.append(free.pop(0) if color in seen and free else color)
        seen.add(color)
    return shown
