"""Replace what patterns match, one after another, in texts."""

from __future__ import annotations

import re
from collections.abc import Sequence  # noqa: TC003 - a NamedTuple may be asked for its types
from functools import cache
from typing import NamedTuple

import polars as pl

from .placeholders import RESERVED

_FEW = 100_000  # bytes of text, up to which a look at all characters takes less than a step
# What Unicode's classes are among the characters of plain texts.
_PLAIN = re.compile(f"[\x00-\x7f{RESERVED}]*")  # ASCII and placeholders
_CLASS = re.compile(r"\\(?:p\{\w+\}|.)", re.DOTALL)
_CLASSES = {
    r"\w": "[0-9A-Za-z_]",
    r"\s": r"[\t-\r ]",
    r"\p{L}": "[A-Za-z]",
    r"\p{Lu}": "[A-Z]",
    r"\p{Ll}": "[a-z]",
    r"\p{N}": "[0-9]",
    **dict.fromkeys((r"\p{Lo}", r"\p{M}", r"\p{Han}", r"\p{Hiragana}", r"\p{Katakana}"), "[a&&b]"),
}


class Step(NamedTuple):
    """What is replaced by what; `needs` are pieces of text, of which each match has at least one.

    A step whose pieces no text has is left out: to compile a pattern takes longer than to apply it
    to a few texts. Without `needs`, it is never left out.
    """

    pattern: str
    replacement: str
    needs: Sequence[str] = ""


def applied(texts: pl.Series, steps: tuple[Step, ...]) -> pl.Series:
    """Return the texts after all steps."""
    rows = texts.alias("text").to_frame()
    return rows.select(chained(pl.col("text"), needed(steps, texts))).to_series()


def needed(steps: tuple[Step, ...], texts: pl.Series) -> tuple[Step, ...]:
    """Return the steps that may change the texts, by what is in them or comes there.

    If the texts are few and plain, their patterns are without Unicode's tables of characters: to
    compile these takes longer than anything else.
    """
    if texts.str.len_bytes().sum() > _FEW:
        return steps
    there, found = "".join(texts.drop_nulls()), list[Step]()
    is_plain = _PLAIN.fullmatch(there) is not None
    for step in steps:
        if not step.needs or any(piece in there for piece in step.needs):
            found.append(step._replace(pattern=_plain(step.pattern)) if is_plain else step)
            there += re.sub(r"\$\{[0-9]\}", "", step.replacement)
    return tuple(found)


def chained(messages: pl.Expr, steps: tuple[Step, ...]) -> pl.Expr:
    """Return an expression that applies steps to texts, whether they need them or not."""
    for step in steps:
        # Unicode's \\b beside non-ASCII text makes the regex engine leave its fast path.
        pattern = step.pattern.replace(r"\b", r"(?-u:\b)")
        messages = messages.str.replace_all(pattern, step.replacement)
    return messages


@cache
def _plain(pattern: str) -> str:
    return _CLASS.sub(lambda found: _CLASSES.get(found[0], found[0]), pattern)
