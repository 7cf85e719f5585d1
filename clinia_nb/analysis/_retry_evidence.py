"""What the receipts show about failures that pass: successes meanwhile, and later ones."""

from __future__ import annotations

import polars as pl

from clinia_nb.receipts.columns import timestamp

ROW = "__row"
RECORD = ("id", "type")
OPERATION = ["type", "action"]
_FAIR = 20  # failures for which one comparable success is enough


def passed(failures: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return per signature the evidence that it passes: comparable operations that succeeded.

    Comparable is what has the type and action of a failure. ``passed`` counts those that succeeded
    and were received since the signature first failed; ``transient`` is true if most failures
    have a fair number of them, at least one for every twenty failures.
    """
    began = (
        failures.group_by("signature", *OPERATION)
        .agg(pl.len().alias("count"), pl.col("received_at").min())
        .with_columns(pl.col("received_at").min().over("signature"))
    )
    # Counted between these times: a million times are placed among few sooner than sorted.
    firsts = began["received_at"].drop_nulls().unique().sort()
    succeeded = (
        rows.select(*OPERATION, "outcome", timestamp("received_at"))
        .filter(pl.col("outcome") == "succeeded", pl.col("received_at").is_not_null())
        .select(*OPERATION, at=pl.lit(firsts).search_sorted(pl.col("received_at"), "right"))
        .group_by(*OPERATION, "at")
        .agg(pl.len().alias("succeeded"))
    )
    after = pl.col("succeeded").sum() - pl.col("succeeded").cum_sum()
    enough = pl.col("count").filter(pl.col("passed") * _FAIR >= pl.col("count")).sum()
    return (
        pl.concat(
            [
                succeeded.with_columns(pl.col(OPERATION).cast(pl.String)),
                began.with_columns(at=firsts.search_sorted(began["received_at"]), succeeded=0),
            ],
            how="diagonal_relaxed",
        )
        .sort("at", pl.col("count").is_not_null())
        .with_columns(passed=after.over(OPERATION).cast(pl.Int64))
        .filter(pl.col("count").is_not_null())
        .with_columns(
            passed=pl.when(pl.col("received_at").is_not_null()).then("passed").otherwise(0)
        )
        .group_by("signature")
        .agg(pl.col("passed").sum(), transient=enough * 2 > pl.col("count").sum())
    )


def settled(failures: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the records of which a later receipt succeeded: by time, else by their order."""
    failed_ids = failures["id"].drop_nulls().hash()  # numbers are looked up sooner than texts
    time, row = pl.col("received_at"), pl.col(ROW)
    known = pl.when(time.null_count() == 0).then(time.max())
    succeeded = (
        rows.select(ROW, *RECORD, "outcome", "received_at")
        .filter(pl.col("outcome") == "succeeded")
        .filter(pl.col("id").cast(pl.String).hash().is_in(failed_ids.implode()))
        .select(ROW, pl.col(RECORD).cast(pl.String), timestamp("received_at"))
    )
    later = pl.col("succeeded_at") > pl.col("failed_at")
    again = failures.join(succeeded, on=RECORD, how="semi", nulls_equal=True)
    return (
        again.group_by(RECORD)
        .agg(known.alias("failed_at"), row.max().alias("failed_row"))
        .join(
            succeeded.join(again, on=RECORD, how="semi", nulls_equal=True)
            .group_by(RECORD)
            .agg(time.max().alias("succeeded_at"), row.max().alias("succeeded_row")),
            on=RECORD,
            nulls_equal=True,
        )
        .select(
            *RECORD,
            pl.when(pl.col("succeeded_at") != pl.col("failed_at"))
            .then(later)
            .otherwise(pl.col("succeeded_row") > pl.col("failed_row"))
            .alias("settled"),
        )
    )
