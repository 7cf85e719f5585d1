"""Give templates one signature if they differ only in how many words a name has.

``queue North Wing is full`` and ``queue <value> is full`` are one problem: where other messages
have a value, several capitalized words are one too, unless one of them says what happened.
"""

from __future__ import annotations

import polars as pl

from .patterns import VALUE
from .placeholders import PLACEHOLDER, PLACEHOLDERS, PSEUDONYM, encode_placeholders
from .quotations import SENTENCE_WORDS
from .word_roles import FIXED, VERBS

_CAPITALIZED = r"\p{Lu}[\p{L}\p{M}'’&-]*"
_NAME = "[" + "".join(PLACEHOLDERS[name] for name in ("value", "name", "id", "host")) + "]"
# Beside a value, a word in capitals is a state as often: READY.
_WORD = rf"(?:{_CAPITALIZED}\p{{Ll}}|{_NAME})"
_BETWEEN = r"\s(?:(?:of|the|and|for|de|du|des|la|van|von|der|den)\s){0,2}"
_SEVERAL = rf"(?:{_WORD}(?:{_BETWEEN}{_WORD})+|{_CAPITALIZED}(?:{_BETWEEN}{_CAPITALIZED})+)"
_LEFT = r"\p{L}{2,}"
# A name, with the first word of the message and without.
_RUNS = rf"(\s){_SEVERAL}", rf"(^|\s){_SEVERAL}"
_FEWEST = 2  # words that templates have in common
# What redaction shows as the pseudonym of a word was a word of a signature.
_SAID = "|".join((*SENTENCE_WORDS, *FIXED, *VERBS, "bad", r"\p{L}{3,}ed", rf"\p{{L}}+-{PSEUDONYM}"))
_REASON = rf":\s{_SEVERAL}[.!]*$"


def with_one_name(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return new templates; those with a name of several words have the signature of a value.

    Parameters
    ----------
    new
        ``pattern``, ``signature`` and ``scope`` (String).
    known
        The same of earlier messages: a signature among these is preferred.

    Examples
    --------
    >>> texts = ["queue <value> is full", "queue North Wing is full", "queue <value> Not is full"]
    >>> new = pl.DataFrame({"pattern": texts, "signature": texts, "scope": ""})
    >>> with_one_name(new, new.clear())["signature"].unique().sort().to_list()
    ['queue <value> Not is full', 'queue <value> is full']
    """
    text, one = pl.col("text"), pl.col("one")
    texts = new.select("signature", "scope", text=encode_placeholders(pl.col("signature")))
    named = texts.filter(text.str.contains(_SEVERAL)).unique()
    if named.is_empty():
        return new
    words = text.str.extract_all(_SEVERAL).list.join(" ").str.extract_all(_CAPITALIZED)
    is_said = words.list.eval(pl.element().str.contains(rf"(?i)^(?:{_SAID})$")).list.any()
    named = named.filter(~is_said & ~text.str.contains(_REASON))
    earlier = known.select(
        "signature", pl.col("scope").fill_null(""), text=encode_placeholders(pl.col("signature"))
    )
    values = pl.concat([earlier, texts]).select("scope", one="text", shorter="signature")
    ways = [
        named.select("signature", "scope", one=text.str.replace_all(run, f"${{1}}{VALUE}"))
        for run in _RUNS
    ]
    found = (
        pl.concat(ways)
        .filter(one.str.count_matches(_LEFT) >= _FEWEST)
        .with_columns(one.str.replace_all(PLACEHOLDER, VALUE))
        .join(
            values.with_columns(one.str.replace_all(PLACEHOLDER, VALUE)),
            on=["scope", "one"],
            maintain_order="left_right",
        )
        .filter(pl.col("shorter") != pl.col("signature"))
        .unique(["scope", "signature"], keep="first", maintain_order=True)
        .drop("one")
    )
    return new.join(found, on=["signature", "scope"], how="left", maintain_order="left").select(
        "pattern", pl.coalesce("shorter", "signature").alias("signature"), "scope"
    )
