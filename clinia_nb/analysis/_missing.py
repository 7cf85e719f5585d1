"""Which types of records are missing, as messages name them."""

from __future__ import annotations

from itertools import product

import polars as pl

_GONE = r"(?:do(?:es)? not exist|(?:was |is )?not found)"
# What stands before it refers to what is missing: "visit 'v1' refers to clinic 'c1', not found".
REFERS = (
    r"(?i)\b(?:refer(?:s|red|ring)? to|references|referencing|points? to|links? to|linked to"
    r"|belongs? to|depends? on|requires?|needs?)\b"
)
_BEFORE = rf"(?s)^.*(?:{REFERS}|:\s)"
_ABSENT = rf"(?i)\b(?:{_GONE}|no such|unknown|missing)\b"
_VALUE = r"(?:['\"“`][^'\"”`]*['\"”`]|[^ '\"]*[0-9][^ '\"]*)"
# How a message names the type of what is missing, in this order.
_NAMED = (
    r"(?i)\b(?:resource|profile|entity|record|type)s?[ :=]+['\"“`]([a-z][a-z_.-]{0,59})['\"”`]",
    r"\b([A-Z][A-Za-z]{1,59})/[0-9A-Za-z]",
    r"(?i)\b(?:no such|unknown|missing) ['\"“`]?([a-z][a-z_-]{1,59})(?:$|[\s'\"”`.,;:])",
    rf"(?i)\b([a-z][a-z_-]{{1,59}})(?: with)?(?: id)? {_VALUE}(?:,? which|,? that)? {_GONE}",
    rf"(?i)\b([a-z][a-z_-]{{1,59}}) {_GONE}",
)
_MASKED_NAME = r"<(?:name|value|id)[:>]"
_MOST_NAMES, _LEAST_SHARE = 3, 0.1
_GENERIC = "(?:resource|record|entity|object|id|item|reference|target)s?"
_NO_NAME = (
    rf"(?i)^(?:{_GENERIC}|it|that|which|with|(?:file|path|url|endpoint|route|page|key|value|code)s?"
    r"|fields?|get|put|post|patch|delete|head)$"
)


def missing_types(failures: pl.DataFrame) -> pl.DataFrame:
    """Return per signature the types of what is missing, the most frequent first, as one text.

    They are what `error_message` names, if it names some. Else it is the record's own `type`,
    except for relationships, of which an end is missing, and for messages that name something
    which cannot be read: one that is masked, what refers to it, or a value that is not said to be
    a record's. What is named in fewer than a tenth of the messages is left out: it may be a value
    rather than a type.
    """
    count, text = pl.col("len").sum(), pl.col("error_message")
    often = count.over("signature", "name") >= _LEAST_SHARE * count.over("signature")
    alone = pl.col("target_type").ne_missing("RELATIONSHIP")
    other = text.str.contains(_VALUE) & ~text.str.contains(rf"(?i)\b{_GENERIC}\b")
    unread = pl.any_horizontal(text.str.contains(_MASKED_NAME), pl.col("refers"), other)
    own = pl.when(alone & ~unread.fill_null(value=False)).then("type").alias("own")
    messages = (
        failures.group_by("signature", "type", "target_type", "error_message")
        .len()  # messages that are redacted are few
        .with_columns(refers=text.str.contains(REFERS), clause=text.str.replace(_BEFORE, ""))
        .with_columns(
            pl.when(pl.col("clause").str.contains(_ABSENT)).then("clause"),
            whole=pl.when(~pl.col("refers")).then(text),
            name=pl.lit(None, pl.String),
        )
    )
    for said, pattern in product(("clause", "whole"), _NAMED):
        # One after another: most messages fit the first one.
        unnamed = pl.when(pl.col("name").is_null()).then(said)
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
