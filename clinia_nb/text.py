"""Text to show: what is counted, and data without control characters or forged lines."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from difflib import get_close_matches
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LONGEST = 200
# Control characters, direction overrides and other invisible formatting, line separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # emoji and some scripts need them
_PICTURES, _BLANK = 0x2400, 0x20  # Unicode has a picture of each control character below a blank
_NO_CHARACTER = 0xFFFE  # the last two of each plane, which XML has no place for
_READ = 4  # times the length that is shown, so that runs of blanks do not count


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a question that names the nearest of some names; empty if none is near.

    >>> nearest("explian", ["explain", "redact"])
    " Did you mean 'explain'?"
    """
    return "".join(f" Did you mean {near!r}?" for near in get_close_matches(name, list(names), n=1))


def one_line(text: str) -> str:
    r"""Return the text on one line: line breaks and control characters become visible signs.

    >>> one_line("a\x00b\x1b[31m\u202ec\r\nOK\x85")
    'a␀b␛[31m�c␍␊OK�'
    """
    if text.isprintable():
        return text
    return text.translate(_SIGNS)


def harmless(text: str) -> str:
    r"""Return the text with its line breaks and tabs, and otherwise as `one_line` does.

    For text whose line breaks are our own; text from the API goes through `one_line`.

    >>> harmless("a\x00b\x1b[31m\u202ec\td\n")
    'a␀b␛[31m�c\td\n'
    """
    return re.sub(r"[^\t\n]+", lambda line: one_line(line[0]), text)


def join_lines(lines: Iterable[str]) -> str:
    r"""Join lines, none of which can hold a line break of its own.

    >>> join_lines(["Note: a\nb", "end"])
    'Note: a␊b\nend'
    """
    return "\n".join(map(one_line, lines))


def clip(text: str, longest: int = _LONGEST, *, width: Callable[[str], float] | None = None) -> str:
    r"""Shorten a text, made harmless and put on one line, to at most `longest` characters.

    With `width`, which measures a character, it is shortened to as many of those units.

    >>> clip("a  very\nlong message", 10)
    'a very lo…'
    """
    # What is cut off is not read: a message may have megabytes.
    head = text[: _READ * (longest + 1)]
    line = one_line(" ".join(head.split()))
    ends = list(accumulate(map(width, line))) if width else range(1, len(line) + 1)
    if len(head) == len(text) and (not line or ends[-1] <= longest):
        return line
    return line[: max(1, bisect_right(ends, longest - 1))] + "…"


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with what it counts; `many` is `one` with an "s" unless it is given.

    >>> counted(1, "record"), counted(2_000, "record"), counted(2, "is pending", "are pending")
    ('1 record', '2,000 records', '2 are pending')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


class _Signs(dict[int, str]):
    """The sign that stands for each character, found when the character first occurs."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        unseen = unicodedata.category(character) in _UNSEEN or code & 0xFFFE == _NO_CHARACTER
        sign = chr(_PICTURES + code) if code < _BLANK else "\N{REPLACEMENT CHARACTER}"
        self[code] = sign if unseen and character not in _JOINERS else character
        return self[code]


_SIGNS = _Signs()
