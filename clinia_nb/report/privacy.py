"""What a report masks before anything is computed."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.analysis.values import leading_values
from clinia_nb.receipts.fields import JSON_COLUMNS
from clinia_nb.receipts.outcome import failed
from clinia_nb.redaction.redact import mask_keys, redact_for_summaries
from clinia_nb.redaction.values import redact_values

if TYPE_CHECKING:
    from clinia_nb.bulk import BulkResult

_TEXTS = ("error_message", *JSON_COLUMNS)


def redacted_together(receipts: list[pl.DataFrame], key: bytes) -> list[pl.DataFrame]:
    """Redact the receipts of all bulks as one frame, so that equal causes stay equal."""
    if len(receipts) == 1:
        return [_redacted_alone(receipts[0], key)]
    together = redact_for_summaries(pl.concat(receipts), key=key)
    ends = accumulate(frame.height for frame in receipts)
    return [
        together.slice(end - frame.height, frame.height)
        for frame, end in zip(receipts, ends, strict=True)
    ]


def redacted_values(receipts: pl.DataFrame, bulk: BulkResult, key: bytes) -> pl.DataFrame:
    """Read the values of a redacted bulk's problems from the receipts as they came, then mask."""
    values = leading_values(receipts.with_columns(bulk.receipts["signature"]))
    return redact_values(values, receipts=receipts, key=key)


def _redacted_alone(receipts: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Redact the receipts of a bulk that is compared with no other.

    Of records that never failed nothing is told: they need not be told apart. But ids without
    digits are found among words of messages only where they are redacted together.
    """
    failing = receipts.filter(failed())["id"].unique().implode()
    is_told = failed() | pl.col("id").is_in(failing) | ~pl.col("id").str.contains(r"\p{N}")
    told = receipts.select(is_told.fill_null(value=False)).to_series()
    masked = redact_for_summaries(receipts.filter(told), key=key)
    place = pl.select(pl.when(told).then(told.cum_sum() - 1)).to_series()
    columns = {name: masked[name].gather(place) for name in ("id", *_TEXTS)}
    unnamed = pl.when(receipts["id"].is_not_null()).then(pl.lit("unnamed"))
    columns["id"] = columns["id"].fill_null(pl.select(unnamed).to_series())
    return mask_keys(receipts.with_columns(**columns), key=key)
