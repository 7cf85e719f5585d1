"""The values of problems, redacted: shown if they name nobody, otherwise as pseudonyms."""

from __future__ import annotations

import polars as pl

from clinia_nb.receipts.fields import redacted_as

from .pseudonyms import Pseudonyms
from .redact import mask_keys

# Keys of JSON objects may be ids or names as well.
_PLAIN_PATH = r"^[A-Za-z_$@\[\].*-]+$"


def redact_values(values: pl.DataFrame, *, receipts: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Mask the values of problems that may name somebody.

    Parameters
    ----------
    values
        As `leading_values` returns them.
    receipts
        The receipts of the bulk as they came. The values of their key columns are shown if they
        read as keys and are not an id.
    key
        As in `redact`: equal values have the pseudonyms that they have in redacted messages.

    Returns
    -------
    pl.DataFrame
        The same columns. Values of nested errors whose path could name somebody are left out.
    """
    value = pl.col("value")
    pseudonyms = Pseudonyms(key).of(values["value"])
    kind = pl.col("placeholder").str.extract("^<([a-z]+)>$").fill_null(pl.lit("value"))
    return (
        values.with_columns(pseudonym=pseudonyms)
        .with_columns(
            pl.when(value.is_in(_keys(receipts).implode()))
            .then(value)
            .otherwise(pl.format("{}:{}", kind, "pseudonym"))
        )
        .drop("pseudonym")
        .filter(pl.col("position").is_not_null() | pl.col("placeholder").str.contains(_PLAIN_PATH))
    )


def _keys(receipts: pl.DataFrame) -> pl.Series:
    """Return the values of key columns that redaction leaves in place, except ids."""
    columns = [name for name in (*redacted_as("key"), "source_key") if name in receipts.columns]
    found = [receipts[name].unique().cast(pl.String).alias("key") for name in columns]
    keys = pl.concat([pl.Series("key", dtype=pl.String), *found]).drop_nulls().unique()
    kept = keys.filter(mask_keys(keys.alias("type").to_frame(), key=bytes(16))["type"] == keys)
    return kept.filter(~kept.is_in(receipts["id"].drop_nulls().unique().implode()))
