"""Texts of a chart, shortened and broken into lines by how wide they are drawn."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from clinia_nb.display import formats

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
