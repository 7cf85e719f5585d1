"""What the values of a problem name: the fields to fix, and the types of what is missing."""

from __future__ import annotations

import polars as pl

from ._missing import REFERS
from .values import FIELD_WORD, MOST_VALUES

_MOST_SHOWN = 4
_PART = r"[A-Za-z_$][A-Za-z_$-]*[0-9]{0,2}(?:\[[0-9*]*\])?"
_FIELD = rf"^{_PART}(?:[./]{_PART})*$"
_STRUCTURED = r"[a-z0-9_\]][./][A-Za-z]|[a-z][A-Z]|[a-z]_[a-z]"  # name.given, birthDate, birth_date
_OF_FIELD = rf"(?i)(?:\b(?:{FIELD_WORD})s?:? <)|\.(?:{FIELD_WORD}|path)s?(?:\[\])?$"
_OR_OF_FIELD = r"(?i)\.locations?(?:\[\])?$"  # or of what it says: a place on a map
_FILE = (
    r"(?i)\.(?:csv|tsv|txt|log|xml|x?html?|(?:nd)?json|ya?ml|xlsx?|pdf|hl7|dat|zip|t?gz|parquet)$"
)
_THEN_RULE = r">(?::| is\b| are\b| must\b| has\b| cannot\b| should\b| required\b| missing\b)"
_OF_TYPE = r"(?i)\b(?:resource|profile|entity|record|type)s?:? <"
_TYPE = r"^[A-Za-z][A-Za-z_.-]{0,59}$"


def named_fields(values: pl.DataFrame) -> pl.DataFrame:
    """Return per signature the fields that its failures name, as one text, most frequent first.

    `values` is as `leading_values` returns it. A place names fields if all its values read as such
    and the words around it, or the JSON path, say that they do.

    Examples
    --------
    >>> values = pl.DataFrame({
    ...     "signature": ["<name> is not a date"] * 2, "position": [0, 0], "placeholder": "<name>",
    ...     "context": "<name> is not", "value": ["period.end", "birthDate"], "share": [0.6, 0.4],
    ...     "distinct": [2, 2],
    ... })
    >>> named_fields(values)["fields"].to_list()
    ['period.end and birthDate']
    """
    value, context = pl.col("value"), pl.col("context").first()
    is_field = value.str.contains(_FIELD).all()
    structured = (value.str.contains(_STRUCTURED) & ~value.str.contains(_FILE)).all()
    is_ruled = context.str.contains(f"{_THEN_RULE}|{_OR_OF_FIELD}")
    # What is called a field comes before what only looks like one.
    called = _named(values, is_field & context.str.contains(_OF_FIELD), "fields")
    others = _named(values, is_field & structured & is_ruled, "fields")
    return pl.concat([called, others.join(called, on="signature", how="anti")])


def named_types(values: pl.DataFrame) -> pl.DataFrame:
    """Return per signature the types of records that its failures name, as `named_fields` does."""
    is_type, context = pl.col("value").str.contains(_TYPE).all(), pl.col("context").first()
    of_type = context.str.contains(_OF_TYPE) & ~context.str.contains(f"> .*{REFERS}")
    return _named(values, is_type & of_type, "types_named")


def _named(values: pl.DataFrame, fits: pl.Expr, name: str) -> pl.DataFrame:
    names = pl.col("value").head(_MOST_SHOWN)
    places = (
        values.filter(pl.col("distinct") <= MOST_VALUES)
        .group_by("signature", "position", "placeholder", maintain_order=True)
        .agg(names, fits.alias("fits"), pl.col("distinct").first(), pl.col("share").sum())
        .filter("fits", pl.col("share") > 0.5)  # noqa: PLR2004 - most of the failures
        .unique("signature", keep="first", maintain_order=True)
    )
    texts = [_listed(*row) for row in places.select("value", "distinct").iter_rows()]
    return places.select("signature", pl.Series(name, texts, dtype=pl.String))


def _listed(names: list[str], distinct: int) -> str:
    """Return names as a list in a sentence.

    >>> _listed(["a", "b", "c", "d"], 6), _listed(["a"], 1)
    ('a, b, c, d and 2 more', 'a')
    """
    more = distinct - len(names)
    items = [*names, f"{more} more"] if more else names
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]]))
