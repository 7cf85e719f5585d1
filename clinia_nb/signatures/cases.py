"""Sign failures that are somewhere else: by texts masked there, and how often each occurs.

A case is all of a failure that its signature depends on: its message masked by form, its nested
messages too, and its error type and codes. Failures are counted by case where they are; the
cases are signed here, and looked up there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .messages import FORMED, form_messages, sign_formed
from .sign import CODES, INNER_SCOPE, join_inner, known_templates, name_failures, nested_messages

if TYPE_CHECKING:
    from .catalog import SignatureCatalog

CASE = ("formed", "inner", *CODES)
INNER = ("formed", "message")
_BETWEEN = "\ue03f"  # a character that masked messages never hold


def form_failures(failures: pl.DataFrame) -> pl.DataFrame:
    """Add ``formed`` and ``inner`` (String): the messages of each failure, masked by form."""
    nested = (
        form_inner(failures)
        .group_by("error_details")
        .agg(inner=pl.col("formed").unique().sort().str.join(_BETWEEN))
    )
    return failures.with_columns(form_messages(failures["error_message"])).join(
        nested, on="error_details", how="left", maintain_order="left"
    )


def form_inner(failures: pl.DataFrame) -> pl.DataFrame:
    """Return each nested ``message`` of each ``error_details``, and it ``formed``."""
    nested = nested_messages(failures["error_details"]).rename({"details": "error_details"})
    return nested.with_columns(form_messages(nested["message"]))


def sign_cases(
    cases: pl.DataFrame, inner: pl.DataFrame, *, known: SignatureCatalog | None
) -> pl.DataFrame:
    """Return the cases with their ``signature``.

    Parameters
    ----------
    cases
        The columns of `CASE` (String), and ``count``: the failures of each.
    inner
        ``formed``, and ``count``: the distinct nested messages of that form.
    known
        As in `with_signatures`.
    """
    scope = pl.col("error_type").fill_null("").alias("scope")
    counts = [
        cases.select("formed", scope, "count"),
        inner.select("formed", pl.lit(INNER_SCOPE).alias("scope"), "count"),
    ]
    counted = pl.concat(counts).drop_nulls("formed").group_by(FORMED).agg(pl.col("count").sum())
    found, _ = sign_formed(counted, known=known_templates(known))
    outer = cases.select("formed", scope).join(found, on=FORMED, how="left", maintain_order="left")
    nested = (
        cases.select(details=pl.col("inner").unique())
        .drop_nulls()
        .with_columns(message=pl.col("details").str.split(_BETWEEN))
        .explode("message")
    )
    messages = found.filter(scope=INNER_SCOPE).select("signature", message="formed")
    joined = join_inner(cases["inner"], nested, messages)
    signatures, _ = name_failures(cases, outer["signature"], joined, known)
    return cases.select(*CASE, signature=signatures)


def look_up(failures: pl.DataFrame, signed: pl.DataFrame) -> pl.DataFrame:
    """Add to failures their ``signature``, from what `sign_cases` returned of all of them."""
    return form_failures(failures).join(
        signed, on=CASE, how="left", nulls_equal=True, maintain_order="left"
    )
