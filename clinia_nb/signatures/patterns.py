"""Match masked messages against known templates, token by token.

A pattern has one token for each token of a message: a word, which must be equal; a placeholder,
which stands for any placeholder; or `OPEN`, which stands for any word or placeholder.
"""

from __future__ import annotations

import polars as pl

from .by_form import IDEOGRAPHS, WORD
from .placeholders import PLACEHOLDER, PLACEHOLDERS

VALUE = PLACEHOLDERS["value"]
OPEN = "\ue020"
_AT_ONCE = 1_000_000  # texts, each once for each set of open places of its length
PATTERN = ("pattern", "scope")  # which messages are of a template
# A word keeps a value that is attached to it: STANDBY(<number>), sshd[<number>], mirror:<number>.
_LETTER = rf"[{WORD}--[{IDEOGRAPHS}]]"  # ideographs stand beside other letters without a space
TOKEN = (
    rf"{PLACEHOLDER}|[{IDEOGRAPHS}]+"
    rf"|[+-]?{_LETTER}(?:(?:[{WORD}.$'’/\\@#~^\---[{IDEOGRAPHS}]]|::|\[{PLACEHOLDER}\]\.)*{_LETTER})?"
    rf"(?:\({PLACEHOLDER}\):?|\[{PLACEHOLDER}\]:?|<{PLACEHOLDER}>|:{PLACEHOLDER}|{PLACEHOLDER}:?|[:(])?"
)


def tokenized(masked: pl.Expr) -> pl.Expr:
    """Return the tokens of masked messages (List of String); all placeholders become one."""
    return masked.str.extract_all(TOKEN).list.eval(pl.element().str.replace_all(PLACEHOLDER, VALUE))


def most_specific_first() -> list[pl.Expr]:
    """Return the sort keys of patterns: few open tokens, many words, then their text."""
    pattern = pl.col("pattern")
    words = pattern.str.count_matches(" ") - pattern.str.count_matches(PLACEHOLDER)
    opened = pattern.str.count_matches(OPEN, literal=True)
    return [opened, -words.cast(pl.Int64), pattern, pl.col("scope")]


def first_match(messages: pl.DataFrame, templates: pl.DataFrame) -> pl.Series:
    """Return for each masked message the index of the first pattern that it matches, or null.

    Parameters
    ----------
    messages
        ``masked`` and ``scope`` (String).
    templates
        ``pattern`` (String): tokens with a space between; and ``scope`` (String): only messages of
        this scope match, or those of any if it is null.

    Returns
    -------
    pl.Series
        UInt32.

    Examples
    --------
    >>> templates = pl.DataFrame({
    ...     "pattern": ["no bed", f"no {OPEN}", "ward"], "scope": [None, "a", "b"],
    ... })
    >>> messages = pl.DataFrame({"masked": ["no bed", "no ward", "ward"], "scope": "a"})
    >>> first_match(messages, templates).to_list()
    [0, 1, None]
    """
    if messages.is_empty():
        return pl.Series(dtype=pl.UInt32)
    tokens = pl.col("tokens")
    key = pl.col("total") - pl.col("hashes").list.gather(pl.col("open")).list.sum()
    texts = _hashed(messages.select("scope", tokens=tokenized(pl.col("masked"))))
    known = templates.select("scope", tokens=pl.col("pattern").str.split(" "))
    known = _hashed(known).with_columns(open=tokens.list.eval((pl.element() == OPEN).arg_true()))
    way = pl.struct("length", "open").hash()
    known = known.select("length", "open", way=way, key=key, of="scope")
    known = known.with_row_index("pattern")
    found = [pl.DataFrame(schema={"row": pl.UInt32, "pattern": pl.UInt32})]
    ways = known.select("length", "open", "way").unique("way")
    for batch in ways.iter_slices(max(1, _AT_ONCE // messages.height)):
        tried = texts.join(batch, on="length").select("row", "scope", "way", key=key)
        alike = tried.join(known, on=["way", "key"])
        is_match = pl.col("of").is_null() | (pl.col("of") == pl.col("scope"))
        found.append(alike.filter(is_match).select("row", "pattern"))
    first = pl.concat(found).group_by("row").agg(pl.col("pattern").min())
    rows = pl.DataFrame({"row": pl.int_range(messages.height, dtype=pl.UInt32, eager=True)})
    return rows.join(first, on="row", how="left", maintain_order="left")["pattern"]


def _hashed(texts: pl.DataFrame) -> pl.DataFrame:
    """Return per text its row, its length, the hashes of its tokens, and their total."""
    hashes = pl.col("tokens").list.eval(pl.struct(pl.element(), pl.int_range(pl.len())).hash())
    return texts.with_row_index("row").with_columns(
        length=pl.col("tokens").list.len(), hashes=hashes, total=hashes.list.sum()
    )
