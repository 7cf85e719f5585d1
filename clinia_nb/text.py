"""Text from data, made safe to show: nothing that a terminal obeys, no line that is not ours."""

from __future__ import annotations

import unicodedata

_LONGEST = 200
# Control characters, direction overrides and other invisible formatting, line separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # emoji and some scripts need them


def one_line(text: str) -> str:
    r"""Return the text on one line: line breaks and control characters become visible signs.

    >>> one_line("a\x00b\x1b[31m\u202ec\r\nOK\x85")
    'a␀b␛[31m�c␍␊OK�'
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def harmless(text: str) -> str:
    r"""Return the text with its line breaks and tabs, and otherwise as `one_line` does.

    For text whose lines are our own; what comes from the API goes through `one_line`.

    >>> harmless("a\x00b\x1b[31m\u202ec\td\n")
    'a␀b␛[31m�c\td\n'
    """
    return "".join(character if character in "\t\n" else _shown(character) for character in text)


def clip(text: str, longest: int = _LONGEST) -> str:
    """Shorten a text, on one line, to at most `longest` characters.

    >>> clip("a  very long message", 10)
    'a very lo…'
    """
    # Only so much is read: a message may be of many megabytes.
    line = " ".join(text[: 4 * longest + 4].split())
    if len(line) <= longest and len(text) > 4 * longest + 4:
        line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _UNSEEN:
        return character
    return chr(0x2400 + ord(character)) if character < " " else "\N{REPLACEMENT CHARACTER}"
