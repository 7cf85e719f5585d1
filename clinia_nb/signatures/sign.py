"""From thousands of failed receipts to the few problems behind them.

A signature is a message whose variable parts are replaced by placeholders such as ``<id>``. These
are found by their form (`by_form`) and by their frequency among other messages (`by_frequency`).
Failures of different error types are never one problem: if they have the same text, the error type
is part of the signature.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from clinia_nb.errors import check_type
from clinia_nb.receipts.columns import Receipts, lazy_with
from clinia_nb.receipts.outcome import failed

from .catalog import PROBLEMS, SignatureCatalog
from .lately import sign_once

NO_MESSAGE = "no message"
# What is appended to equal texts of different error types, and to texts that end like this.
ERROR_TYPE = r" \((?:error type [^()]*|no error type)\)$"
_BRACKETS = {"(": "⟨", ")": "⟩"}
# Valid JSON string literals only: details that are not JSON must not fail the others.
# What a failure without a message is named by.
CODES = ("error_type", "error_code", "error_application_code")
_INNER_MESSAGE = r'"message"\s*:\s*"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*"'
INNER_SCOPE = "details"
_MOST_INNER = 3
_TEXTS = pl.String | pl.Categorical | pl.Enum | pl.Null


def message_signatures(messages: pl.Series, *, known: SignatureCatalog | None = None) -> pl.Series:
    """Return the signature of each message: equal if messages differ only in variable parts.

    Placeholders replace ids, numbers, dates and times, quoted names, UUIDs, KSUIDs, hexadecimal,
    addresses, host names, paths, URLs, durations, sizes, values after ``=``, lists, and words that
    vary while the rest stays the same. The last depends on the other messages: pass all of them at
    once if you compare signatures, or a catalog. Their order does not matter. Of a long message,
    the first 2,000 characters count.

    Parameters
    ----------
    messages
        Texts (String). Null or blank texts have no signature.
    known
        Templates of earlier messages. A message that matches one has its signature.

    Returns
    -------
    pl.Series
        ``signature`` (String), one per message; null if the message has none.

    Examples
    --------
    >>> message_signatures(pl.Series(["no clinic '12' in 5 ms", "no clinic 'a-7' in 80 ms", None]))
    shape: (3,)
    Series: 'signature' [str]
    [
        "no clinic <name> in <duration>"
        "no clinic <name> in <duration>"
        null
    ]
    """
    right = "messages is a Series of texts, such as receipts['error_message']"
    check_type(messages, pl.Series, right)
    if not isinstance(messages.dtype, _TEXTS):
        raise TypeError(f"{right}, not of {messages.dtype}.")
    # What is kept for later must not change with the caller's series.
    return sign_once(messages, known=known_templates(known))[0].clone()


def with_signatures(receipts: Receipts, *, known: SignatureCatalog | None = None) -> pl.DataFrame:
    r"""Add the signature of each failed receipt.

    The signatures of nested errors in `error_details` follow the outer one. A failed receipt
    without a message has the signature ``no message`` with its error type and code. Failures of
    different error types never have the same signature: where their texts are equal, the error type
    follows, as in ``no clinic <id> (error type NOT_FOUND)``.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` gives it. `status` and `error_message` are needed;
        other error columns are used if present.
    known
        Templates of earlier bulks. A failure that matches one has its signature, so that bulks can
        be joined by signature.

    Returns
    -------
    pl.DataFrame
        The receipts with one more column, ``signature`` (String), null where a receipt did not
        fail. A frame that already has the column is returned unchanged, so that several summaries
        share one computation; unless failed receipts lack a signature, as where signed receipts
        were joined with others: then all are signed again.

    Raises
    ------
    MissingColumnError
        A required column is missing.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "status": ["FAILURE", "SUCCESS"],
    ...     "error_message": ["validation failed", None],
    ...     "error_details": ['[{"message": "period.start: \'03/04\' is no date"}]', None],
    ... })
    >>> with_signatures(receipts)["signature"].to_list()
    ['validation failed: <name>: <name> is no date', None]
    """
    lazy, available = lazy_with(receipts, ["status"])
    if "signature" in available:
        frame = lazy.collect()
        unsigned = pl.col("signature").is_null() & failed(available)
        if not frame.select(unsigned.any()).item():
            return frame
        lazy = frame.lazy().drop("signature")
    frame, failures = _failures(lazy)
    signed = failures.select("row", signature=_signed(failures, known).signatures)
    rows = pl.DataFrame({"row": pl.int_range(frame.height, dtype=pl.UInt32, eager=True)})
    return frame.with_columns(
        rows.join(signed, on="row", how="left", maintain_order="left")["signature"]
    )


def known_templates(known: SignatureCatalog | None) -> pl.DataFrame | None:
    """Return the templates of a catalog, if there is one."""
    if known is None:
        return None
    check_type(known, SignatureCatalog, "known is a SignatureCatalog")
    return known.templates


def catalog_of(receipts: Receipts, *, known: SignatureCatalog) -> SignatureCatalog:
    """Return the catalog `known`, and after it what these receipts add."""
    signed = _signed(_failures(receipts)[1], known, discreet=True)
    return known.merge(SignatureCatalog.from_frames(signed.templates, signed.problems))


class _Signed(NamedTuple):
    """The signature of each failure, and what was not known before."""

    signatures: pl.Series
    problems: pl.DataFrame
    templates: pl.DataFrame


def _failures(receipts: Receipts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the receipts, and the error columns of the failed ones with the ``row`` of each."""
    lazy, available = lazy_with(receipts, ["status", "error_message"])
    frame = lazy.collect()
    rows = frame.select(
        failed(available),
        pl.col("error_message").cast(pl.String),
        *(
            (pl.col(name) if name in available else pl.lit(None)).cast(pl.String).alias(name)
            for name in (*CODES, "error_details")
        ),
    ).with_row_index("row")
    return frame, rows.filter("failed").drop("failed")


def _signed(
    failures: pl.DataFrame, known: SignatureCatalog | None, *, discreet: bool = False
) -> _Signed:
    nested = nested_messages(failures["error_details"])
    inner = nested.select("message").unique().sort("message")
    messages = pl.concat([failures["error_message"], inner["message"].alias("error_message")])
    scopes = pl.concat(
        [
            failures["error_type"],
            pl.Series("error_type", [INNER_SCOPE], dtype=pl.String).new_from_index(0, inner.height),
        ]
    )
    signatures, templates = sign_once(
        messages,
        scopes=scopes,
        known=known_templates(known),
        discreet=discreet,
    )
    outer = signatures.head(failures.height)
    inner = inner.with_columns(signature=signatures.tail(inner.height))
    joined = join_inner(failures["error_details"], nested, inner)
    return _Signed(*name_failures(failures, outer, joined, known), templates)


def name_failures(
    failures: pl.DataFrame, outer: pl.Series, inner: pl.Series, known: SignatureCatalog | None
) -> tuple[pl.Series, pl.DataFrame]:
    """Return the signature of failures, of their messages' and nested ones; and the problems."""
    unnamed = pl.concat_str(pl.lit(NO_MESSAGE), *CODES, separator=" ", ignore_nulls=True)
    texts = failures.select(
        "error_type",
        text=pl.concat_str(
            outer.fill_null(failures.select(unnamed).to_series()),
            inner,
            separator=": ",
            ignore_nulls=True,
        ),
    )
    problems = _problems(texts, pl.DataFrame(schema=PROBLEMS) if known is None else known.problems)
    signed = texts.join(
        problems, on=["text", "error_type"], how="left", nulls_equal=True, maintain_order="left"
    )
    return signed["signature"], problems.sort("text", "error_type")


def _problems(texts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return each text and error type, and the signature: both, if the text is not enough."""
    error_type = pl.col("error_type")
    is_known = pl.col("text").is_in(known["text"].unique().implode())
    is_shared = is_known | (pl.len().over("text") > 1)
    apart = pl.format("{} (error type {})", "text", error_type.str.replace_many(_BRACKETS))
    ends_so = pl.col("text").str.contains(ERROR_TYPE)
    return (
        texts.unique()
        .join(known, on=["text", "error_type"], how="left", nulls_equal=True)
        .with_columns(
            pl.coalesce(
                "signature",
                pl.when(is_shared | ends_so).then(apart),
                pl.when(ends_so).then(pl.format("{} (no error type)", "text")),
                "text",
            ).alias("signature")
        )
        .select(*PROBLEMS)
    )


def nested_messages(details: pl.Series) -> pl.DataFrame:
    """Return the ``message`` of nested errors, at any depth, with the ``details`` of each."""
    texts = details.unique().drop_nulls().alias("details").to_frame()
    return (
        texts.select(
            "details",
            # Each match is a JSON string literal: an array of them is JSON.
            pl.concat_str(
                pl.lit("["),
                pl.col("details")
                .str.extract_all(_INNER_MESSAGE)
                .list.eval(pl.element().str.replace(r'^"message"\s*:\s*', ""))
                .list.join(","),
                pl.lit("]"),
            )
            .str.json_decode(pl.List(pl.String))
            .alias("message"),
        )
        .explode("message")
        .drop_nulls()
    )


def join_inner(details: pl.Series, nested: pl.DataFrame, inner: pl.DataFrame) -> pl.Series:
    """Return the signatures of nested errors, joined per details; null if there are none."""
    joined = (
        nested.join(inner, on="message")
        .drop_nulls("signature")
        .group_by("details")
        .agg(pl.col("signature").unique().sort())
        .with_columns(
            pl.col("signature").list.head(_MOST_INNER).list.join("; ")
            + pl.when(pl.col("signature").list.len() > _MOST_INNER)
            .then(pl.lit("; …"))
            .otherwise(pl.lit(""))
        )
    )
    rows = details.alias("details").to_frame()
    return rows.join(joined, on="details", how="left", maintain_order="left")["signature"]
