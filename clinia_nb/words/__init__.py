"""The words that are known to name nobody, in lists; README.md describes their origin."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

__all__ = ["any_case", "listed"]


@cache
def listed(*lists: str) -> pl.Series:
    """Return the words (String) of lists such as ``english``.

    Examples
    --------
    >>> "timeout" in listed("english", "french")
    True
    """
    folder = files(__name__)
    words = [(folder / f"{name}.txt").read_text(encoding="utf-8").split() for name in lists]
    return pl.Series([word for found in words for word in found], dtype=pl.String)


def any_case() -> pl.Series:
    """Return the words, in lower case, that name nobody however they are written."""
    return listed("english", "french", "german")
