"""From thousands of failed receipts to the few problems behind them.

A signature is a message whose variable parts are replaced by placeholders such as ``<id>``. These
are found by their form (`by_form`) and by their frequency among other messages (`by_frequency`).
"""

from __future__ import annotations

import polars as pl

from clinia_nb.receipts.columns import lazy_with
from clinia_nb.receipts.outcome import failed

from .by_form import mask, mask_forms, mask_surroundings, show_placeholders
from .by_frequency import group

NO_MESSAGE = "no message"
# Valid JSON string literals only: details that are not JSON must not fail the others.
# What a failure without a message is named by.
_CODES = ("error_type", "error_code", "error_application_code")
_INNER_MESSAGE = r'"message"\s*:\s*"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*"'
_MOST_INNER = 3
_MOST_PASSES = 6


def message_signatures(messages: pl.Series) -> pl.Series:
    """Return the signature of each message: equal if messages differ only in variable parts.

    Placeholders replace ids, numbers, dates and times, quoted names, UUIDs, KSUIDs, hexadecimal,
    addresses, host names, paths, URLs, durations, sizes, values after ``=``, lists, and words that
    vary while the rest stays the same. The last depends on the other messages: pass all
    of them at once if you compare signatures. Their order does not matter.

    Parameters
    ----------
    messages
        Texts (String). Null or blank texts have no signature.

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
    texts = messages.cast(pl.String).alias("message").to_frame()
    formed = _formed(texts)
    found = formed.drop_nulls().group_by("formed").agg(count=pl.len())
    found = found.with_columns(signature=mask_surroundings(pl.col("formed")))
    signed = _settled(found.filter(pl.col("signature") != ""))
    return formed.join(
        signed.select("formed", show_placeholders(pl.col("signature"))),
        on="formed",
        how="left",
        maintain_order="left",
    )["signature"]


def _settled(found: pl.DataFrame) -> pl.DataFrame:
    """Group and mask repeatedly, until each signature is its own signature."""
    for _ in range(_MOST_PASSES):
        masked = found.group_by(masked="signature").agg(pl.col("count").sum()).sort("masked")
        again = masked.with_columns(template=group(masked)).with_columns(
            mask(show_placeholders(pl.col("template")))
        )
        found = found.join(
            again.select(signature="masked", template="template"), on="signature"
        ).with_columns(signature="template")
        found = found.drop("template")
        if again["masked"].equals(again["template"]):
            break
    return found


def _formed(texts: pl.DataFrame) -> pl.DataFrame:
    """Mask by form; if many messages are equal, each distinct text once."""
    if texts.height > 2 * texts.select(pl.col("message").approx_n_unique()).item():
        distinct = texts.unique()
        return texts.join(
            distinct.with_columns(_formed(distinct)),
            on="message",
            how="left",
            maintain_order="left",
        ).select("formed")
    # Polars uses one thread per text column: two halves keep two cores busy.
    halves = texts.iter_slices(texts.height // 2 + 1)
    formed = mask_forms(pl.col("message")).alias("formed")
    parts = pl.collect_all([half.lazy().select(formed) for half in halves])
    return pl.concat([pl.DataFrame(schema={"formed": pl.String}), *parts])


def with_signatures(receipts: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    r"""Add the signature of each failed receipt.

    The signatures of nested errors in `error_details` follow the outer one. A failed
    receipt without a message has the signature ``no message`` with its error type and code.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` gives it. `status` and `error_message` are needed;
        other error columns are used if present.

    Returns
    -------
    pl.DataFrame
        The receipts with one more column, ``signature`` (String), null where a receipt did not
        fail. A frame that already has the column is returned unchanged, so that several summaries
        share one computation.

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
        return lazy.collect()
    lazy, _ = lazy_with(lazy, ["error_message"])
    frame = lazy.collect()
    rows = frame.select(
        failed(available),
        pl.col("error_message").cast(pl.String),
        *(
            (pl.col(name) if name in available else pl.lit(None)).cast(pl.String).alias(name)
            for name in (*_CODES, "error_details")
        ),
    ).with_row_index("row")
    failures = rows.filter("failed").drop("failed")
    signed = failures.select("row", signature=_signatures(failures))
    return frame.with_columns(
        rows.join(signed, on="row", how="left", maintain_order="left")["signature"]
    )


def _signatures(failures: pl.DataFrame) -> pl.Series:
    outer = message_signatures(failures["error_message"])
    inner = _inner_signatures(failures["error_details"])
    kind = pl.concat_str(pl.lit(NO_MESSAGE), *_CODES, separator=" ", ignore_nulls=True)
    return failures.select(
        pl.concat_str(
            outer.fill_null(failures.select(kind).to_series()),
            inner,
            separator=": ",
            ignore_nulls=True,
        )
    ).to_series()


def _inner_signatures(details: pl.Series) -> pl.Series:
    """Sign the messages of nested errors, at any depth; null if there are none."""
    name = details.name
    texts = details.unique().drop_nulls().to_frame()
    found = (
        texts.select(
            name,
            # Each match is a JSON string literal: an array of them is JSON.
            pl.concat_str(
                pl.lit("["),
                pl.col(name)
                .str.extract_all(_INNER_MESSAGE)
                .list.eval(pl.element().str.replace(r'^"message"\s*:\s*', ""))
                .list.join(","),
                pl.lit("]"),
            )
            .str.json_decode(pl.List(pl.String))
            .alias("inner"),
        )
        .explode("inner")
        .drop_nulls()
    )
    joined = (
        found.with_columns(message_signatures(found["inner"]))
        .drop_nulls()
        .group_by(name)
        .agg(pl.col("signature").unique().sort())
        .with_columns(
            pl.col("signature").list.head(_MOST_INNER).list.join("; ")
            + pl.when(pl.col("signature").list.len() > _MOST_INNER)
            .then(pl.lit("; …"))
            .otherwise(pl.lit(""))
        )
    )
    return details.to_frame().join(joined, on=name, how="left", maintain_order="left")["signature"]
