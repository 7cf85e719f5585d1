"""Placeholders: what a signature shows in place of a value, such as ``<id>``.

While messages are processed, a placeholder is one private-use character.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

PLACEHOLDER_NAMES = (
    *("value", "url", "email", "name", "time", "id", "ip"),
    *("path", "host", "size", "duration", "number", "list"),
)
PLACEHOLDERS = {name: chr(0xE000 + index) for index, name in enumerate(PLACEHOLDER_NAMES)}
PLACEHOLDER = "[\ue000-\ue00f]"
# Without digits and vowels, a pseudonym as in <id:bkfdmtrqvhcgnp> never looks like a value.
PSEUDONYM_LETTERS = "bcdfghjkmnpqrstv"
PSEUDONYM = f"[{PSEUDONYM_LETTERS}]{{14}}"
CODE_WORD = "codeWord-"  # before the pseudonym of an acronym or a name in camel case
CAPITAL_WORD = "Word-"  # before that of another word with capital letters
PLAIN_WORD = "word-"  # before that of any other
# What a character that stays as it is, though it looks like one of a value, is meanwhile.
KEPT = {str(digit): chr(0xE010 + digit) for digit in range(10)} | {"/": "\ue01b"}
BEGIN, END = "\ue01c", "\ue01d"  # of a quoted sentence
# Characters that stand for something else while messages are processed.
RESERVED = "\ue000-\ue03f"

_FOREIGN = {chr(code): "?" for code in range(ord(RESERVED[0]), ord(RESERVED[-1]) + 1)}
_PSEUDONYMOUS = f"<({'|'.join(PLACEHOLDER_NAMES)}):{PSEUDONYM}>"


def encode_placeholders(messages: pl.Expr) -> pl.Expr:
    """Convert ``<id>`` and, with a pseudonym, ``<id:bkfd…>`` to private-use characters."""
    known = {f"<{name}>": code for name, code in PLACEHOLDERS.items()}
    bare = without_reserved(messages).str.replace_all(_PSEUDONYMOUS, "<${1}>")
    return bare.str.replace_many(known)


def show_placeholders(masked: pl.Expr) -> pl.Expr:
    """Convert private-use characters to readable placeholders, such as ``<id>``."""
    return masked.str.replace_many({code: f"<{name}>" for name, code in PLACEHOLDERS.items()})


def without_reserved(messages: pl.Expr) -> pl.Expr:
    """Replace the private-use characters that a message brings along."""
    return messages.str.replace_many(_FOREIGN)
