"""Replace what patterns match, one after another, in texts."""

from __future__ import annotations

import re
from collections.abc import Sequence  # noqa: TC003 - a NamedTuple may be asked for its types
from typing import NamedTuple

import polars as pl

_FEW = 100_000  # bytes of text, up to which a look at all characters takes less than a step


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
    """Return the steps that may change the texts, by what is in them or comes there."""
    if texts.str.len_bytes().sum() > _FEW:
        return steps
    there, found = "".join(texts.drop_nulls()), list[Step]()
    for step in steps:
        if not step.needs or any(piece in there for piece in step.needs):
            found.append(step)
            there += re.sub(r"\$\{[0-9]\}", "", step.replacement)
    return tuple(found)


def chained(messages: pl.Expr, steps: tuple[Step, ...]) -> pl.Expr:
    """Return an expression that applies steps to texts, whether they need them or not."""
    for step in steps:
        # Unicode's \\b beside non-ASCII text makes the regex engine leave its fast path.
        pattern = step.pattern.replace(r"\b", r"(?-u:\b)")
        messages = messages.str.replace_all(pattern, step.replacement)
    return messages
