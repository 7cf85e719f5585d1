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
# A word keeps a value that is attached to it: STANDBY(<number>), sshd[<number>], mirror:<number>.
_LETTER = rf"[{WORD}--[{IDEOGRAPHS}]]"  # ideographs stand beside other letters without a space
TOKEN = (
    rf"{PLACEHOLDER}|[{IDEOGRAPHS}]+"
    rf"|[+-]?{_LETTER}(?:(?:[{WORD}.$'’/\\@#~^\---[{IDEOGRAPHS}]]|::|\[{PLACEHOLDER}\]\.)*{_LETTER})?"
    rf"(?:\({PLACEHOLDER}\):?|\[{PLACEHOLDER}\]:?|:{PLACEHOLDER}|{PLACEHOLDER}:?|[:(])?"
)


def tokenized(masked: pl.Expr) -> pl.Expr:
    """Return the tokens of masked messages (List of String); all placeholders become one."""
    return masked.str.extract_all(TOKEN).list.eval(pl.element().str.replace_all(PLACEHOLDER, VALUE))


def most_specific_first() -> list[pl.Expr]:
    """Return the sort keys of patterns: few open tokens, many words, then their text."""
    pattern = pl.col("pattern")
    words = pattern.str.count_matches(" ") - pattern.str.count_matches(PLACEHOLDER)
    return [pattern.str.count_matches(OPEN, literal=True), -words.cast(pl.Int64), pattern]


def first_match(masked: pl.Series, patterns: pl.Series) -> pl.Series:
    """Return for each masked message the index of the first pattern that it matches, or null.

    Parameters
    ----------
    masked
        Masked messages (String).
    patterns
        Patterns (String): tokens with a space between.

    Returns
    -------
    pl.Series
        UInt32.

    Examples
    --------
    >>> patterns = pl.Series(["no bed", f"no {OPEN}"])
    >>> first_match(pl.Series(["no bed", "no ward", "ward"]), patterns).to_list()
    [0, 1, None]
    """
    if masked.is_empty():
        return pl.Series(dtype=pl.UInt32)
    texts = pl.DataFrame({"tokens": masked})
    messages = _hashed(texts.select(tokenized(pl.col("tokens")))).partition_by(
        "length", as_dict=True
    )
    known = _hashed(pl.DataFrame({"tokens": patterns.str.split(" ")}))
    found = [pl.DataFrame(schema={"row": pl.UInt32, "pattern": pl.UInt32})]
    for (length, places), same in known.partition_by("length", "open", as_dict=True).items():
        candidates = messages.get((length,))
        if candidates is not None:
            key = _key_without(places)
            found.append(
                candidates.select("row", key=key)
                .join(same.select("row", key=key), on="key")
                .select("row", pattern="row_right")
            )
    first = pl.concat(found).group_by("row").agg(pl.col("pattern").min())
    rows = pl.DataFrame({"row": pl.int_range(len(masked), dtype=pl.UInt32, eager=True)})
    return rows.join(first, on="row", how="left", maintain_order="left")["pattern"]


def _hashed(texts: pl.DataFrame) -> pl.DataFrame:
    """Return per text its row, its length, the hashes of its tokens, and where it is open."""
    token = pl.element()
    return texts.with_row_index("row").select(
        "row",
        length=pl.col("tokens").list.len(),
        hashes=pl.col("tokens").list.eval(pl.struct(token, pl.int_range(pl.len())).hash()),
        open=pl.col("tokens")
        .list.eval((token == OPEN).arg_true())
        .cast(pl.List(pl.String))
        .list.join(","),
    )


def _key_without(places: str) -> pl.Expr:
    """Hash all tokens except those at some places, such as ``1,4``."""
    everything = pl.col("hashes").list.sum()
    for place in map(int, filter(None, places.split(","))):
        everything -= pl.col("hashes").list.get(place)
    return everything
