"""Redact the receipts of a report before anything is computed."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.fields import JSON_COLUMNS, SCHEMA
from clinia_nb.receipts.outcome import failed
from clinia_nb.redaction.redact import mask_keys, redact_for_summaries

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXTS = ("error_message", *JSON_COLUMNS)


def redacted_together(
    receipts: list[pl.DataFrame], key: bytes, keep: Sequence[str]
) -> list[pl.DataFrame]:
    """Redact the receipts of all bulks as one frame, so that equal causes stay equal."""
    known = [frame.select(name for name in SCHEMA if name in frame.columns) for frame in receipts]
    if len(receipts) == 1:
        redacted = [_redacted_alone(known[0], key, keep)]
    else:
        together = redact_for_summaries(pl.concat(known), key=key, keep=keep)
        ends = accumulate(frame.height for frame in receipts)
        redacted = [
            together.slice(end - frame.height, frame.height)
            for frame, end in zip(receipts, ends, strict=True)
        ]
    return [
        pl.concat([masked, _own_columns(frame, key, keep)], how="horizontal")
        for masked, frame in zip(redacted, receipts, strict=True)
    ]


def _own_columns(receipts: pl.DataFrame, key: bytes, keep: Sequence[str]) -> pl.DataFrame:
    """Return the columns that the caller joined to the receipts, masked."""
    own = receipts.select(name for name in receipts.columns if name not in SCHEMA)
    return redact_for_summaries(own, key=key, keep=keep) if own.width else own


def _redacted_alone(receipts: pl.DataFrame, key: bytes, keep: Sequence[str]) -> pl.DataFrame:
    """Redact the receipts of a bulk that is compared with no other.

    Nothing is shown of records that never failed, so they get a number only.
    """
    record = pl.col("id").hash()  # numbers are looked up and written sooner than texts
    failing = receipts.lazy().filter(failed()).select(record).collect().to_series()
    shown = receipts.select(
        failed() | (record.is_in(failing.implode()) & pl.col("id").is_not_null())
    )
    is_shown = shown.to_series()
    masked = redact_for_summaries(receipts.filter(is_shown), key=key, keep=keep)
    place = pl.select(pl.when(is_shown).then(is_shown.cum_sum() - 1)).to_series()
    columns = {name: masked[name].gather(place) for name in ("id", *_TEXTS)}
    # Records are counted once, so that these must differ, and look like those that are shown.
    others = receipts.select(pl.when(pl.col("id").is_not_null()).then(pl.format("{}x", record)))
    columns["id"] = columns["id"].fill_null(others.to_series())
    return mask_keys(receipts.with_columns(**columns), key=key, keep=keep)


def history_as_shown(
    history: pl.DataFrame, signed: pl.Series, shown: pl.Series, *, redacted: bool
) -> pl.DataFrame:
    """Return a history under the signatures that the report shows, row for row of the receipts.

    Notes are the user's own words and are not masked.
    """
    names = pl.DataFrame({"signature": signed, "shown": shown}).drop_nulls().unique("signature")
    known = history.join(names, on="signature", how="left", maintain_order="left")
    note = pl.when(pl.col("note").is_not_null()).then(pl.lit("yes")) if redacted else pl.col("note")
    masked = pl.lit("masked") if redacted else pl.col("signature")
    return known.with_columns(
        note.alias("note"), pl.coalesce("shown", masked).alias("signature")
    ).drop("shown")
