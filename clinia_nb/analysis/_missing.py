"""Which types of records are missing, as messages name them."""

from __future__ import annotations

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
    count = pl.col("len").sum()
    often = count.over("signature", "name") >= _LEAST_SHARE * count.over("signature")
    messages = failures.group_by("signature", "type", "target_type", "error_message").len()
    named = _named(messages).with_columns(missing=pl.when(often).then("name"))
    unnamed = named.filter(pl.col("missing").is_null()).with_columns(missing=_own_type())
    return (
        pl.concat([named, unnamed], how="vertical_relaxed")
        .drop_nulls("missing")
        .group_by("signature", "missing")
        .agg(count)
        .sort("len", "missing", descending=[True, False])
        .group_by("signature", maintain_order=True)
        .agg(pl.col("missing").head(_MOST_NAMES).str.join(", "))
    )


def _own_type() -> pl.Expr:
    """Return the type of the record, if what is missing can be the record itself."""
    text = pl.col("error_message")
    other = text.str.contains(_VALUE) & ~text.str.contains(rf"(?i)\b{_GENERIC}\b")
    unread = pl.any_horizontal(text.str.contains(_MASKED_NAME), pl.col("refers"), other)
    is_own = pl.col("target_type").ne_missing("RELATIONSHIP") & ~unread.fill_null(value=False)
    return pl.when(is_own).then("type").cast(pl.String)


def _named(messages: pl.DataFrame) -> pl.DataFrame:
    """Add the ``name`` of what each message says is missing, and whether it ``refers`` to it."""
    signature, text = pl.col("signature"), pl.col("error_message")
    marks = {"refers": signature.str.contains(REFERS), "leads": signature.str.contains(_BEFORE)}
    signatures = messages.select(signature.unique()).with_columns(**marks)
    messages = messages.join(signatures, on="signature", nulls_equal=True)
    leads = pl.col("leads").fill_null(value=False)
    clause = text.str.replace(_BEFORE, "")
    clauses = _read(messages.filter(leads), pl.when(clause.str.contains(_ABSENT)).then(clause))
    is_read = pl.col("name").is_not_null() | pl.col("refers")
    whole = pl.concat([messages.filter(~leads), clauses.filter(~is_read).drop("name")])
    return pl.concat([clauses.filter(is_read), _read(whole, text)])


def _read(messages: pl.DataFrame, said: pl.Expr) -> pl.DataFrame:
    messages = messages.with_columns(said=said, name=pl.lit(None, pl.String))
    for pattern in _NAMED:  # one after another: most messages fit the first one
        unnamed = pl.when(pl.col("name").is_null()).then("said")
        messages = messages.with_columns(found=unnamed.str.extract(pattern))
        name = pl.when(~pl.col("found").str.contains(_NO_NAME)).then("found")
        messages = messages.with_columns(pl.coalesce("name", name))
    return messages.drop("said", "found")
