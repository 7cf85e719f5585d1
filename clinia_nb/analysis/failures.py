"""What failed, and since when: frames of receipts in, summary frames out.

A receipt failed if its status is ``FAILURE`` or if it carries an error. Cancelled and pending
receipts are counted apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP, group_columns, lazy_with, timestamp
from clinia_nb.receipts.outcome import OUTCOMES, failed, outcome

from ._engines import FAILED, OUTCOME, RECEIVED, Elsewhere, elsewhere
from .intervals import interval_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

# Inner names, which no column of a receipt has: a caller may group by any column that is used here.
_FAILED, _TIME, _ID, _CODE, _MESSAGE = "__failed", "__time", "__id", "__code", "__message"
_ALL, _LACKING = "__all", "__lacking"
_EARLIEST = {_LACKING: pl.UInt8(), _TIME: TIMESTAMP, _ID: pl.String(), _MESSAGE: pl.String()}
_COUNTS = {_CODE: pl.Int32(), "failures": pl.UInt32(), "receipts": pl.UInt32()}
_SEEN = {"first_seen": TIMESTAMP, "last_seen": TIMESTAMP}

_SUMMARY = (
    "failures",
    "share",
    "receipts",
    "failure_rate",
    "share_of_receipts",
    "first_seen",
    "last_seen",
    "error_codes",
    "example_message",
    "example_id",
)


def count_outcomes(receipts: Receipts) -> pl.DataFrame:
    """Count receipts by outcome.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status` is needed; error columns are
        used if present.

    Returns
    -------
    pl.DataFrame, shape (1, 6)
        ``receipts`` (UInt32), then ``succeeded``, ``failed``, ``cancelled``, ``pending`` and
        ``other`` (UInt32), which add up to it. A receipt with an error is failed whatever its
        status. Other receipts have an unknown status, or none.

    Raises
    ------
    MissingColumnError
        The frame has no `status`.

    Examples
    --------
    >>> count_outcomes(pl.DataFrame({"status": ["SUCCESS", "FAILURE", "FAILURE"]}))
    shape: (1, 6)
    ┌──────────┬───────────┬────────┬───────────┬─────────┬───────┐
    │ receipts ┆ succeeded ┆ failed ┆ cancelled ┆ pending ┆ other │
    │ ---      ┆ ---       ┆ ---    ┆ ---       ┆ ---     ┆ ---   │
    │ u32      ┆ u32       ┆ u32    ┆ u32       ┆ u32     ┆ u32   │
    ╞══════════╪═══════════╪════════╪═══════════╪═════════╪═══════╡
    │ 3        ┆ 1         ┆ 2      ┆ 0         ┆ 0       ┆ 0     │
    └──────────┴───────────┴────────┴───────────┴─────────┴───────┘
    """
    remote = elsewhere(receipts, needed=["status"])
    if remote is not None:
        return _outcomes_elsewhere(remote)
    lazy, available = lazy_with(receipts, ["status"])
    counts = [(pl.col("outcome") == name).sum().cast(pl.UInt32).alias(name) for name in OUTCOMES]
    return (
        lazy.select(outcome(available))
        .select(pl.len().cast(pl.UInt32).alias("receipts"), *counts)
        .collect()
    )


def _outcomes_elsewhere(remote: Elsewhere) -> pl.DataFrame:
    counted = remote.count(OUTCOME)
    counts = [
        pl.col("receipts").filter(pl.col(OUTCOME) == name).sum().cast(pl.UInt32).alias(name)
        for name in OUTCOMES
    ]
    return counted.select(pl.col("receipts").sum().cast(pl.UInt32), *counts)


def summarize_failures(
    receipts: Receipts, *, by: str | Sequence[str] = "error_type"
) -> pl.DataFrame:
    """Count failed receipts per group, most frequent first.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `received_at`, `id`,
        `error_code`, `error_message` and the columns of `by` are needed.
    by
        Column or columns to group by. A null key is a group of its own.

    Returns
    -------
    pl.DataFrame, shape (groups with failures, …)
        The `by` columns in their own dtypes, then

        - ``failures`` (UInt32) and ``share`` (Float64, 0 to 1, of all failures);
        - ``receipts`` (UInt32), all that have this key, failed or not, and ``failure_rate``
          (Float64, 0 to 1, of these): for a non-null key of an error column it is always 1;
        - ``share_of_receipts`` (Float64, 0 to 1): failures of all receipts of the frame;
        - ``first_seen`` and ``last_seen`` (Datetime, µs, UTC): when the failed receipts were
          received; null if unknown;
        - ``error_codes`` (List of Int32): the distinct codes in ascending order;
        - ``example_message`` and ``example_id`` (String): of the earliest failed receipt that has
          a message, else of the earliest, with a null message.

        Sorted by ``failures``, most first, then ``first_seen``, then the keys.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.
    ColumnClashError
        A column of `by` has the name of a column of the answer.

    Examples
    --------
    >>> from datetime import datetime
    >>> receipts = pl.DataFrame({
    ...     "id": ["r1", "r2", "r3"],
    ...     "status": ["FAILURE", "SUCCESS", "FAILURE"],
    ...     "received_at": [datetime(2025, 5, 6, 11, 47, second) for second in (51, 52, 53)],
    ...     "error_type": ["NOT_FOUND", None, "NOT_FOUND"],
    ...     "error_code": [404, None, 404],
    ...     "error_message": ["no such profile", None, "no such profile"],
    ... })
    >>> summarize_failures(receipts).drop("first_seen", "last_seen").to_dicts()
    [{'error_type': 'NOT_FOUND', 'failures': 2, 'share': 1.0, 'receipts': 2, 'failure_rate': 1.0,
    'share_of_receipts': 0.6666666666666666, 'error_codes': [404],
    'example_message': 'no such profile', 'example_id': 'r1'}]
    """
    keys = group_columns(by, outputs=_SUMMARY)
    needed = [*keys, "status", "received_at", "id", "error_code", "error_message"]
    remote = elsewhere(receipts, keys=keys, needed=needed)
    if remote is not None:
        return ranked(summarized_elsewhere(remote, keys), keys)
    lazy, available = lazy_with(receipts, needed)
    rows = lazy.select(
        *keys,
        failed(available).alias(_FAILED),
        timestamp("received_at").alias(_TIME),
        pl.col("id").cast(pl.String).alias(_ID),
        pl.col("error_code").cast(pl.Int32).alias(_CODE),
        pl.col("error_message").cast(pl.String).alias(_MESSAGE),
    )
    return ranked(_summarized(rows, keys), keys)


def ranked(counted: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Add shares to the counts of all groups, and keep those with failures."""
    return (
        counted.with_columns(share_of_receipts=pl.col("failures") / pl.col("receipts").sum())
        .filter(pl.col("failures") > 0)
        .with_columns(
            share=pl.col("failures") / pl.col("failures").sum(),
            failure_rate=pl.col("failures") / pl.col("receipts"),
        )
        .sort(
            "failures",
            "first_seen",
            *keys,
            descending=[True, False, *(False for _ in keys)],
            nulls_last=True,
        )
        .select(*keys, *_SUMMARY)
    )


def summarized_elsewhere(remote: Elsewhere, keys: list[str]) -> pl.DataFrame:
    """Count receipts and failures per group where they are, with codes and an example."""
    import narwhals as nw

    when = nw.when(nw.col(FAILED) == 1).then(nw.col(RECEIVED))
    counted = remote.count(
        failures=nw.col(FAILED).sum(), first_seen=when.min(), last_seen=when.max()
    )
    codes = remote.failures().count(*dict.fromkeys([*remote.keys, "error_code"]))
    listed = codes.group_by(remote.keys).agg(
        pl.col("error_code").drop_nulls().cast(pl.Int32).unique().sort().alias("error_codes")
    )
    return (
        counted.join(listed, on=remote.keys, how="left", nulls_equal=True)
        .join(remote.examples(), on=remote.keys, how="left", nulls_equal=True)
        .with_columns(
            pl.col("failures", "receipts").cast(pl.UInt32),
            pl.col("first_seen", "last_seen").cast(pl.Int64).cast(TIMESTAMP),
        )
        .select(*keys, pl.exclude(remote.keys))
    )


def _summarized(rows: pl.LazyFrame, keys: list[str]) -> pl.DataFrame:
    """Count all rows of a group, and what failed of them; nothing but groups is held."""
    if not keys:
        return _summarized(rows.with_columns(pl.lit(0).alias(_ALL)), [_ALL]).drop(_ALL)
    schema = rows.select(keys).collect_schema() | _COUNTS | _SEEN | _EARLIEST
    # One query that reads the rows once: a second one would hold them for both.
    parts = rows.map_batches(
        lambda batch: _part(batch, keys), streamable=True, schema=schema
    ).collect(engine="streaming")
    return (
        parts.sort(*_EARLIEST, nulls_last=True)
        .group_by(keys)
        .agg(
            pl.col("failures", "receipts").sum(),
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
            pl.col(_CODE)
            .filter(pl.col("failures") > 0)
            .drop_nulls()
            .unique()
            .sort()
            .alias("error_codes"),
            example_message=pl.col(_MESSAGE).first(),
            example_id=pl.col(_ID).first(),
        )
    )


def _part(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Count some of the rows per group and code, and add the failure that may be its example.

    The best example is the earliest that has a message; of those that are as good, by its texts.
    """
    counted = rows.group_by(*keys, _CODE).agg(
        pl.col(_FAILED).sum().cast(pl.UInt32).alias("failures"),
        pl.len().cast(pl.UInt32).alias("receipts"),
        pl.when(_FAILED).then(_TIME).min().alias("first_seen"),
        pl.when(_FAILED).then(_TIME).max().alias("last_seen"),
    )
    lacking = 2 * pl.col(_MESSAGE).is_null().cast(pl.UInt8) + pl.col(_TIME).is_null()
    examples = rows.filter(_FAILED).with_columns(lacking.alias(_LACKING))
    for name in (_LACKING, _TIME):  # few remain to be sorted
        examples = examples.filter(pl.col(name).eq_missing(pl.col(name).min().over(keys)))
    examples = examples.select(*keys, *_EARLIEST).sort(*_EARLIEST, nulls_last=True)
    # Copies of the texts, which would hold those of all rows.
    examples = examples.unique(keys, keep="first").with_columns(pl.col(pl.String) + "")
    return pl.concat([counted, examples], how="diagonal")


def failures_over_time(
    receipts: Receipts,
    *,
    every: str | None = None,
    by: str | Sequence[str] = "error_type",
) -> pl.DataFrame:
    """Count failed receipts per interval and group.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `received_at` and the columns
        of `by` are needed; error columns are used if present.
    every
        The interval, in polars' notation: ``"10s"``, ``"5m"``, ``"1h"``, ``"1d"``… By default a
        round interval that gives at most 61 intervals from the first receipt to the last.
    by
        Column or columns to group by. A null key is a group of its own.

    Returns
    -------
    pl.DataFrame, shape (intervals and keys with failures, …)
        ``interval_start`` (Datetime, µs, UTC), the `by` columns in their own dtypes, ``failures``
        (UInt32) and ``receipts`` (UInt32): all receipts received in that interval, whatever their
        key. Intervals go by ``received_at``; receipts without it have a null ``interval_start``,
        so that ``failures`` adds up to all failed receipts. Sorted by ``interval_start`` (null
        last), then ``failures``, most first, then the keys.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.
    ColumnClashError
        A column of `by` has the name of a column of the answer.
    IntervalError
        `every` is not a valid interval.

    Examples
    --------
    >>> from datetime import datetime
    >>> receipts = pl.DataFrame({
    ...     "status": ["FAILURE", "SUCCESS", "FAILURE"],
    ...     "received_at": [datetime(2025, 5, 6, 11, minute) for minute in (1, 2, 8)],
    ...     "error_type": ["INTERNAL", None, "NOT_FOUND"],
    ... })
    >>> failures_over_time(receipts, every="5m")
    shape: (2, 4)
    ┌─────────────────────────┬────────────┬──────────┬──────────┐
    │ interval_start          ┆ error_type ┆ failures ┆ receipts │
    │ ---                     ┆ ---        ┆ ---      ┆ ---      │
    │ datetime[μs, UTC]       ┆ str        ┆ u32      ┆ u32      │
    ╞═════════════════════════╪════════════╪══════════╪══════════╡
    │ 2025-05-06 11:00:00 UTC ┆ INTERNAL   ┆ 1        ┆ 2        │
    │ 2025-05-06 11:05:00 UTC ┆ NOT_FOUND  ┆ 1        ┆ 1        │
    └─────────────────────────┴────────────┴──────────┴──────────┘
    """
    keys = group_columns(by, outputs=("interval_start", "failures", "receipts"))
    needed = [*keys, "status", "received_at"]
    remote = elsewhere(receipts, keys=keys, needed=needed)
    if remote is not None:
        return _over_time(remote.by_interval(every).count_failures(), keys)
    lazy, available = lazy_with(receipts, needed)
    rows = lazy.select(
        timestamp("received_at").alias("interval_start"), *keys, failed(available).alias(_FAILED)
    ).collect()
    step = interval_of(every, rows["interval_start"])
    counted = (
        rows.with_columns(pl.col("interval_start").dt.truncate(step))
        .group_by("interval_start", *keys)
        .agg(
            pl.col(_FAILED).sum().cast(pl.UInt32).alias("failures"),
            pl.len().cast(pl.UInt32).alias("receipts"),
        )
    )
    return _over_time(counted, keys)


def _over_time(counted: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Count all receipts of an interval, and keep the groups with failures."""
    return (
        counted.with_columns(pl.col("receipts").sum().over("interval_start"))
        .filter(pl.col("failures") > 0)
        .sort(
            "interval_start",
            "failures",
            *keys,
            descending=[False, True, *(False for _ in keys)],
            nulls_last=True,
        )
    )
