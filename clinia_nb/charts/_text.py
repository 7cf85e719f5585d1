"""Texts of a chart, shortened and broken into lines by how wide they are drawn."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING

from clinia_nb.display import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 160
_LINES = 3
# What a line can end after: blanks, and punctuation within names, but not within dates and times.
_PARTS = re.compile(r"(?:[^\s\-_./:]|[\-_./:]+(?=[0-9]))*(?:[\-_./:]+|\s+|$)")


def wrap(text: str, width: int, lines: int = _LINES) -> str:
    """Break a text into at most so many lines of about so many letters, the last one clipped.

    It breaks at blanks and within names such as ``has-specialty``, elsewhere only if it must.

    >>> wrap("practitioner-works-at-clinic", 14).split(chr(10))
    ['practitioner-', 'works-at-', 'clinic']
    """
    broken, room = [""], float(width)
    for part in _PARTS.findall(text):
        piece = part
        if _width(piece.rstrip()) > room and broken[-1]:
            broken, room = [*broken, ""], float(width)
        while _width(piece.rstrip()) > width:
            head = _fitting(piece, width)
            broken, piece = [*broken[:-1], head, ""], piece[len(head) :]
        broken[-1] += piece
        room = width - _width(broken[-1])
    shown = [line.rstrip() for line in broken if line.strip()]
    if len(shown) > lines:
        shown = [*shown[: lines - 1], _fitting(shown[lines - 1], width - 1).rstrip() + "…"]
    return "\n".join(shown)


def clip(text: str, width: int = _LONGEST) -> str:
    """Shorten a text, made harmless and put on one line, to about so many small letters.

    >>> clip("practitioner-works-at-clinic", 14)
    'practitioner-…'
    """
    return formats.clip(text, width, width=_letter_width)


def title_lines(text: str, width: int, lines: int = 2) -> list[str]:
    """Break a title into lines; one that is a single word ends in a blank.

    Vega fails on a line of a title that is a word such as ``constructor``.
    """
    broken = wrap(text, width, lines).split("\n")
    return [line if " " in line else f"{line} " for line in broken]


def name_expression(names: Sequence[str]) -> str:
    """Return Vega's expression for the name of a number.

    Each name is written with a blank before it, which is taken off again when it is shown: Vega
    fails on an axis whose expression has a text such as ``constructor``.

    >>> name_expression(["constructor"])
    'slice([" constructor"][datum.value], 1)'
    """
    return f"slice({json.dumps([f' {name}' for name in names])}[datum.value], 1)"


def names_in(expression: str) -> list[str]:
    """Return the names that `name_expression` was made of; none if it was not.

    >>> names_in(name_expression(["a", "b"])), names_in("datum.label")
    (['a', 'b'], [])
    """
    names = expression.removeprefix("slice(").removesuffix("[datum.value], 1)")
    return [name[1:] for name in json.loads(names)] if len(names) < len(expression) else []


def legend_columns(names: Sequence[str], width: float) -> int:
    """Return how many columns of these names fit beside each other, in pixels."""
    widest = max(map(len, names), default=1) * 7.5 + 44
    return max(1, min(len(names), int(width / widest)))


def _fitting(text: str, width: float) -> str:
    """Return the beginning of a text that fits, one letter at least."""
    ends = accumulate(map(_letter_width, text))
    return text[: max(1, sum(end <= width for end in ends))]


def _width(text: str) -> float:
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    """Return about how wide a proportional font draws a letter, in small letters."""
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 2
    return 1.35 if letter.isupper() or letter in "_%@…" else 1
