"""Which types of records are missing, as messages name them."""

from __future__ import annotations

import polars as pl

_GONE = r"(?:do(?:es)? not exist|(?:was |is )?not found)"
_VALUE = r"(?:['\"“`][^'\"”`]*['\"”`]|[^ '\"]*[0-9][^ '\"]*)"
# How a message names the type of what is missing, in this order.
_NAMED = (
    r"(?i)\b(?:resource|profile|entity|record|type)s?[ :=]+['\"“`]([a-z][a-z_.-]{0,59})['\"”`]",
    r"\b([A-Z][A-Za-z]{1,59})/[0-9A-Za-z]",
    r"(?i)\b(?:no such|unknown) ([a-z][a-z_-]{1,59})",
    rf"(?i)\b([a-z][a-z_-]{{1,59}})(?: with)?(?: id)? {_VALUE} {_GONE}",
    rf"(?i)\b([a-z][a-z_-]{{1,59}}) {_GONE}",
)
_MASKED_NAME = r"<(?:name|value|id)[:>]"
_MOST_NAMES, _LEAST_SHARE = 3, 0.1
_NO_NAME = r"(?i)^(?:resource|record|entity|object|id|item|reference|target|it|that|which|with)s?$"


def missing_types(failures: pl.DataFrame) -> pl.DataFrame:
    """Return per signature the types of what is missing, the most frequent first, as one text.

    They are what `error_message` names, if it names some, else the record's own `type`, except for
    relationships, of which an end is missing, and for messages whose names are masked. What is
    named in fewer than a tenth of the messages is left out: it may be a value rather than a type.
    """
    count = pl.col("len").sum()
    often = count.over("signature", "name") >= _LEAST_SHARE * count.over("signature")
    alone = pl.col("target_type").ne_missing("RELATIONSHIP")
    readable = ~pl.col("error_message").str.contains(_MASKED_NAME).fill_null(value=False)
    own = pl.when(alone & readable).then("type").alias("own")
    messages = (
        failures.group_by("signature", "type", "target_type", "error_message")
        .len()  # messages that are redacted are few
        .with_columns(name=pl.lit(None, pl.String))
    )
    for pattern in _NAMED:  # one after another: most messages fit the first one
        unnamed = pl.when(pl.col("name").is_null()).then("error_message")
        messages = messages.with_columns(found=unnamed.str.extract(pattern))
        name = pl.when(~pl.col("found").str.contains(_NO_NAME)).then("found")
        messages = messages.with_columns(pl.coalesce("name", name))
    return (
        messages.select("signature", "len", "name", own)
        .select("signature", "len", missing=pl.coalesce(pl.when(often).then("name"), "own"))
        .drop_nulls("missing")
        .group_by("signature", "missing")
        .agg(count)
        .sort("len", "missing", descending=[True, False])
        .group_by("signature", maintain_order=True)
        .agg(pl.col("missing").head(_MOST_NAMES).str.join(", "))
    )
