"""Steps of time, each of about equally many receipts, and the failures in them."""

from __future__ import annotations

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP

from ._contrast_cells import GROUP

STEP = "__step"


def places_of_steps(steps: pl.DataFrame) -> pl.DataFrame:
    """Return when each step is, and how many receipts come before it and up to its end."""
    fine = pl.when(pl.col(GROUP).is_null()).then("receipts").otherwise(0)
    counts = pl.col("receipts", "fine")
    return (
        steps.drop_nulls(STEP)
        .group_by(STEP)
        .agg(
            pl.col("begins").min().cast(TIMESTAMP),
            pl.col("ends").max().cast(TIMESTAMP),
            fine.sum().alias("fine"),
            pl.col("receipts").sum(),
        )
        .sort(STEP)
        .with_columns(counts.cum_sum().name.suffix("_until"))
        .select(
            *(STEP, "begins", "ends", "fine_until"),
            fine_before=pl.col("fine_until") - pl.col("fine"),
            at_before=pl.col("receipts_until") - pl.col("receipts"),
            at_until="receipts_until",
        )
    )


def points_of_steps(steps: pl.DataFrame, at: pl.DataFrame, groups: int) -> pl.DataFrame:
    """Return a row per group and step with failures, as `points_of` does per time."""
    fine = at["fine_until"].max() or 0
    return (
        steps.filter(pl.col(GROUP) < groups)
        .join(at, on=STEP)
        .sort(GROUP, STEP)
        .with_columns(
            pl.col(GROUP).cast(pl.UInt32),
            hits=pl.col("receipts").sum().over(GROUP),
            hits_until=pl.col("receipts").cum_sum().over(GROUP),
        )
        .with_columns(hits_before=pl.col("hits_until") - pl.col("receipts"))
        .select(
            GROUP,
            *("at_before", "at_until", "hits_until", "hits", "hits_before"),
            time="begins",
            before=pl.col("fine_before") + pl.col("hits_before"),
            until=pl.col("fine_until") + pl.col("hits_until"),
            receipts=pl.lit(fine, pl.Int64) + pl.col("hits"),
        )
    )
