"""Texts of a chart: what the API sent, fit to be drawn."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

_LONGEST = 160


_LINES = 3


# What a line can end after: blanks, and marks within names, but not within dates and times.
_PARTS = re.compile(r"(?:[^\s\-_./:]|[\-_./:]+(?=[0-9]))*(?:[\-_./:]+|\s+|$)")


# XML has no place for these, and marks of direction turn the rest of a line around.
_UNFIT = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufffe\uffff\ud800-\udfff]")


_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def clean(text: str, longest: int = _LONGEST) -> str:
    r"""Give a text as one line that can be drawn: no control characters, and not too long.

    >>> clean("no such\n\tclinic\x00")
    'no such clinic'
    """
    # What is cut off need not be read: a message may have megabytes.
    line = _BREAKS.sub(" ", _UNFIT.sub("", text[: 4 * longest])).strip()
    fits = _width(line) <= longest and len(line) <= longest and len(text) <= 4 * longest
    return line if fits else _fitting(line[: longest - 1], longest - 1) + "…"


def wrap(text: str, width: int, lines: int = _LINES) -> str:
    """Break a text into at most so many lines of about so many letters, the last one clipped.

    It breaks at blanks and within names such as ``has-specialty``; elsewhere only where it must.

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
    told = [line.rstrip() for line in broken if line.strip()]
    if len(told) > lines:
        told = [*told[: lines - 1], _fitting(told[lines - 1], width - 1).rstrip() + "…"]
    return "\n".join(told)


def clip(text: str, width: int) -> str:
    """Shorten a text to about so many small letters.

    >>> clip("practitioner-works-at-clinic", 14)
    'practitioner-…'
    """
    return text if _width(text) <= width else _fitting(text, width - 1) + "…"


def _fitting(text: str, width: float) -> str:
    """Give the beginning of a text that fits, and one letter at least."""
    ends = accumulate(map(_letter_width, text))
    return text[: max(1, sum(end <= width for end in ends))]


def _width(text: str) -> float:
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    """Give how wide a letter is drawn, in small letters: about what a proportional font does."""
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 2
    return 1.35 if letter.isupper() or letter in "_%@…" else 1
