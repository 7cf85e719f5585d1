"""Give templates one signature if they differ only in how many items a list has.

``profile <name> is unknown`` and ``profiles <name> and <name> are unknown`` are one problem, and so
are ``no match for {ward=<id>}`` and ``no match for {ward=<id>, bed=<id>}``. Values that always come
together, as in ``from <id> to <id>``, have no shorter form, and stay.
"""

from __future__ import annotations

import polars as pl

from .patterns import VALUE
from .placeholders import PLACEHOLDER, PLACEHOLDERS, encode_placeholders, show_placeholders
from .steps import Step, chained

_LIST = PLACEHOLDERS["list"]
_ITEM = rf"[(\[<]?{PLACEHOLDER}[)\]>]?"
_KEYED = rf"[\w.-]+\s?[=:]\s?{PLACEHOLDER}"
_WORD = r"\p{L}{2,}"
_ONE_KEY = rf"[{{\[]\s?{_KEYED}\s?[}}\]]"
_LAST = r",?\s(?:and|or|und|oder|et|ou|y|o|e|&)\s"
_SEVERAL = (
    Step(rf"[{{\[(]\s?{_KEYED}(?:[,;]?\s?{_KEYED})+\s?[}}\])]", _LIST),
    Step(rf"((?:^|[\s(\[]){_KEYED})(?:,{_KEYED})+", "${1}"),
    Step(rf"({_ITEM})(?:(?:\s?[,;|]\s?{_ITEM})+(?:{_LAST}{_ITEM})?|{_LAST}{_ITEM})", "${1}"),
)
# Number in grammar: what is left is compared, and not shown.
_ONE = (
    Step(_ONE_KEY, VALUE),
    Step(PLACEHOLDER, VALUE),
    Step(r"\b(?:is|are)\b", "is"),
    Step(r"\b(?:was|were)\b", "was"),
    Step(r"\b(?:has|have)\b", "has"),
    Step(r"\b(?:does|do)\b", "does"),
    Step(r"\b(?:ist|sind)\b", "ist"),
    Step(r"\b(?:wurde|wurden)\b", "wurde"),
    Step(r"\b(?:est|sont)\b", "est"),
    Step(r"\b(\p{L}{3,})s\b", "${1}"),
)


def with_one_length(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return new templates; those that differ only in the length of a list share a signature.

    Parameters
    ----------
    new
        ``pattern``, ``signature`` and ``scope`` (String).
    known
        The same of earlier messages: a signature among these is preferred.

    Examples
    --------
    >>> texts = ["no user <id> here", "no users <id>, <id> and <id> here", "no bed <id>"]
    >>> new = pl.DataFrame({"pattern": texts, "signature": texts, "scope": ""})
    >>> with_one_length(new, new.clear())["signature"].unique().sort().to_list()
    ['no bed <id>', 'no user <id> here']
    """
    # Templates of no scope are of the only one there is.
    known = known.with_columns(pl.col("scope").fill_null(""), is_new=False)
    texts = _same_but_for_lists(pl.concat([known, new.with_columns(is_new=True)]))
    short, alike = pl.col("short"), ["scope", "one"]
    # A key that is shown must be a key of all.
    lacks_list = ~short.str.contains(_LIST, literal=True)
    shown = (
        texts.with_columns(often=pl.len().over(*alike, "short"))
        .sort("is_new", lacks_list, "is_long", -pl.col("often").cast(pl.Int64), "short")
        .unique(alike, keep="first", maintain_order=True)
    )
    written = pl.when("is_new").then(show_placeholders(short)).otherwise("signature")
    shorter = (
        texts.select("signature", *alike)
        .unique()
        .join(shown.select(*alike, shorter=written), on=alike)
    )
    return new.join(
        shorter.drop("one"), on=["signature", "scope"], how="left", maintain_order="left"
    ).select("pattern", pl.coalesce("shorter", "signature").alias("signature"), "scope")


def _same_but_for_lists(templates: pl.DataFrame) -> pl.DataFrame:
    """Return the templates that others equal in ``one``, and the ``short`` text of each."""
    short, encoded, alike = pl.col("short"), pl.col("encoded"), ["scope", "one"]
    texts = templates.select(
        "signature", "scope", "is_new", encoded=encode_placeholders(pl.col("signature"))
    )
    shortened = chained(encoded, _SEVERAL)
    # Where all words are keys, they are what tells messages apart.
    is_said = shortened.str.count_matches(_WORD) > 1
    texts = texts.with_columns(short=pl.when(is_said).then(shortened).otherwise(encoded))
    texts = texts.with_columns(one=chained(short, _ONE), is_long=short != encoded)
    has_list = pl.col("is_long") | short.str.contains(_LIST, literal=True)
    # Without a list, another key is another problem.
    is_alike = has_list.any() | ~short.str.contains(_ONE_KEY).any()
    return texts.filter((is_alike & (encoded.n_unique() > 1)).over(alike))
