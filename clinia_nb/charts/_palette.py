"""Colors: one for each error type, the same in every chart, and none that an outcome has.

All contrast with white and with dark ground (a ratio of 3 or more), and those of the most frequent
error types can be told apart by people who are color-blind.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from clinia_nb.display.tokens import OUTCOME_COLORS

if TYPE_CHECKING:
    from collections.abc import Iterable

GREEN, VERMILION, GRAY, AMBER, PURPLE = OUTCOME_COLORS.values()
BLUE, SKY, PINK, BROWN, WINE = "#1f84c4", "#3d9bd6", "#f2608f", "#91574d", "#c2283c"
DARK_GRAY = "#6f7a88"

_KNOWN = {
    "NOT_FOUND": BLUE,
    "INTERNAL": "#c00c84",
    "INVALID_ARGUMENT": "#5450f0",
    "ALREADY_EXISTS": BROWN,
    "FAILED_PRECONDITION": PINK,
    "PERMISSION_DENIED": "#7f8cf5",
    "UNAUTHENTICATED": "#7a8a3c",
    "OUT_OF_RANGE": "#a348d6",
    "CONTENT_TOO_LARGE": "#2f9ad2",
    "UNIMPLEMENTED": "#5f6796",
    "UNAVAILABLE": "#e03ad0",
    "DEADLINE_EXCEEDED": WINE,
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
    {'NOT_FOUND': '#1f84c4', 'INTERNAL': '#c00c84', None: '#6f7a88'}
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

    >>> unlike_colors([BLUE, BLUE, PINK]) == [BLUE, "#c00c84", PINK]
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
