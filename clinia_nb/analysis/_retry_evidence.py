"""What the receipts show about failures that pass: successes meanwhile, and later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import timestamp

if TYPE_CHECKING:
    from datetime import datetime

ROW = "__row"
RECORD = ("id", "type")
OPERATION = ["type", "action"]
_FAIR = 20  # failures for which one comparable success is enough


def passed(failures: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
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
    succeeded = (
        rows.filter(pl.col("outcome") == "succeeded", pl.col("received_at").is_not_null())
        .select(*OPERATION, timestamp("received_at"))
        .group_by(OPERATION)
        .agg(pl.col("received_at").sort())
        .collect()
    )
    times: dict[tuple[str | None, str | None], pl.Series] = {
        (row[0], row[1]): when
        for row, when in zip(
            succeeded.select(pl.col(OPERATION).cast(pl.String)).iter_rows(),
            succeeded["received_at"],
            strict=True,
        )
    }
    passed = [
        _since(times.get((row[0], row[1])), row[2])
        for row in began.select(*OPERATION, "received_at").iter_rows()
    ]
    enough = pl.col("count").filter(pl.col("passed") * _FAIR >= pl.col("count")).sum()
    return (
        began.with_columns(passed=pl.Series(passed, dtype=pl.Int64))
        .group_by("signature")
        .agg(pl.col("passed").sum(), transient=enough * 2 > pl.col("count").sum())
    )


def _since(times: pl.Series | None, first: datetime | None) -> int:
    """Return how many of the sorted times are not before the first."""
    if times is None or first is None:
        return 0
    return times.len() - times.search_sorted(first, "left")


def settled(failures: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
    """Return the records of which a later receipt succeeded: by time, else by their order."""
    failed_ids = failures["id"].drop_nulls().hash()  # numbers are looked up sooner than texts
    time, row = pl.col("received_at"), pl.col(ROW)
    known = pl.when(time.null_count() == 0).then(time.max())
    succeeded = (
        rows.filter(pl.col("outcome") == "succeeded")
        .filter(pl.col("id").cast(pl.String).hash().is_in(failed_ids.implode()))
        .select(ROW, pl.col(RECORD).cast(pl.String), timestamp("received_at"))
        .collect()
    )
    later = pl.col("succeeded_at") > pl.col("failed_at")
    return (
        failures.join(succeeded, on=RECORD, how="semi", nulls_equal=True)
        .group_by(RECORD)
        .agg(known.alias("failed_at"), row.max().alias("failed_row"))
        .join(
            succeeded.join(failures, on=RECORD, how="semi", nulls_equal=True)
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
