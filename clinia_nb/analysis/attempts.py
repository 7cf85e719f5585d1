"""What became of the records of one attempt in the next: receipts in, a comparison out.

An attempt is a bulk as it was sent; the next one sends its records again, or some of them.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import polars as pl

from clinia_nb.receipts.columns import as_polars, lazy_with, timestamp
from clinia_nb.receipts.fields import ERROR_COLUMNS, SCHEMA
from clinia_nb.receipts.outcome import outcome
from clinia_nb.signatures.sign import with_signatures

from .timing import summarize_timing

_KEY = ("id", "type", "target_type")
_STATE = ("outcome", "signature", "error_type")
_TIMES = ("received_at", "completed_at")
# Frames of different origin differ in their dtypes; put together they need the same ones.
_DTYPES: dict[str, pl.DataType] = {
    name: SCHEMA[name]
    for name in (
        *("source_key", "bulk_id", "id", "type", "target_type", "status", "duration"),
        *ERROR_COLUMNS,
    )
}
_OPTIONAL = ("source_key", "bulk_id", *ERROR_COLUMNS)
_COUNTS = ("receipts", "failed", "records", "without_id", "failing_so_far", "signatures")

# Where a record stands in an attempt. Undecided: cancelled, pending, or of an unknown status.
STATES = ("failed", "fine", "undecided", "absent")

SAME, ANOTHER = "still failing, same signature", "still failing, another signature"
# What leads from a state before to a state after; failed to failed is `SAME` or `ANOTHER`.
TRANSITIONS = {
    "fixed": ("failed", "fine"),
    SAME: ("failed", "failed"),
    ANOTHER: ("failed", "failed"),
    "failed, now undecided": ("failed", "undecided"),
    "failed, not sent again": ("failed", "absent"),
    "newly failing": ("fine", "failed"),
    "still fine": ("fine", "fine"),
    "fine, now undecided": ("fine", "undecided"),
    "fine, not sent again": ("fine", "absent"),
    "undecided, now failing": ("undecided", "failed"),
    "undecided, now fine": ("undecided", "fine"),
    "still undecided": ("undecided", "undecided"),
    "undecided, not sent again": ("undecided", "absent"),
    "only after, failing": ("absent", "failed"),
    "only after, fine": ("absent", "fine"),
    "only after, undecided": ("absent", "undecided"),
}
CHANGES = tuple(TRANSITIONS)


class HasReceipts(Protocol):
    """Anything with a frame of receipts, such as a `BulkResult`."""

    @property
    def receipts(self) -> pl.DataFrame: ...  # noqa: D102 - the class says it


Attempt = pl.DataFrame | pl.LazyFrame | HasReceipts


class AttemptFrames(NamedTuple):
    """The frames of a comparison; `clinia_nb.Comparison` documents their columns."""

    records: pl.DataFrame
    changes: pl.DataFrame
    attempts: pl.DataFrame
    signatures: pl.DataFrame


def summarize_attempts(*attempts: Attempt) -> AttemptFrames:
    """Follow the records of each attempt into the next one; see `clinia_nb.compare_bulks`."""
    rows = _rows(attempts)
    states = _states(rows)
    records = _records(states, len(attempts) - 1)
    return AttemptFrames(
        records=records,
        changes=_changes(records),
        attempts=_attempts(rows, states, len(attempts)),
        signatures=_signatures(rows, len(attempts) - 1),
    )


def _rows(attempts: tuple[Attempt, ...]) -> pl.DataFrame:
    """Return the receipts of all attempts, with their outcome and, if they failed, signature."""
    chosen = pl.concat([_chosen(attempt, number) for number, attempt in enumerate(attempts, 1)])
    rows = with_signatures(chosen)
    signature = pl.when(pl.col("outcome") == "failed").then("signature").alias("signature")
    return rows.with_columns(outcome(rows.columns)).with_columns(signature)


def _chosen(attempt: Attempt, number: int) -> pl.LazyFrame:
    frame = as_polars(attempt)
    needed = [name for name in (*_DTYPES, *_TIMES) if name not in _OPTIONAL]
    lazy, available = lazy_with(frame, needed)
    return lazy.select(
        pl.lit(number, dtype=pl.UInt32).alias("attempt"),
        *(
            (pl.col(name) if name in available else pl.lit(None).alias(name)).cast(dtype)
            for name, dtype in _DTYPES.items()
        ),
        *map(timestamp, _TIMES),
    )


def _has_id() -> pl.Expr:
    return pl.col("id").fill_null("") != ""


def _states(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the last receipt of each record in each attempt; records numbered by key."""
    receipts = (
        rows.filter(_has_id())
        .select(*_KEY, "attempt", "received_at", *_STATE)
        .sort(
            *_KEY,
            "attempt",
            "received_at",
            nulls_last=[*(True for _ in _KEY), True, False],
            maintain_order=True,
        )
        .with_columns(record=pl.struct(_KEY).rle_id())
        .drop("received_at")
    )
    place = pl.struct("record", "attempt")
    return receipts.filter(place.ne_missing(place.shift(-1)))


def _paired(frame: pl.DataFrame, key: str, steps: int) -> pl.DataFrame:
    """Put what each attempt has of a `key` beside what the next one has; null where it has none."""
    attempt = pl.col("attempt")
    before = frame.filter(attempt <= steps).rename({"attempt": "step"})
    after = frame.filter(attempt > 1).with_columns(attempt - 1).rename({"attempt": "step"})
    return before.join(after, on=["step", key], how="full", coalesce=True, suffix="_after")


def _records(states: pl.DataFrame, steps: int) -> pl.DataFrame:
    sides = {name: (f"{name}_before", f"{name}_after") for name in _STATE}
    return (
        _paired(states, "record", steps)
        .rename({name: before for name, (before, _) in sides.items()})
        .with_columns(
            *(pl.coalesce(name, f"{name}_after").alias(name) for name in _KEY),
            before=_state("outcome_before"),
            after=_state("outcome_after"),
        )
        .with_columns(_change())
        .sort("step", "change", "record")
        .select("step", *_KEY, "change", *(name for pair in sides.values() for name in pair))
    )


def _change() -> pl.Expr:
    same = pl.col("signature_before") == pl.col("signature_after")
    cases = [
        pl.when(
            pl.col("before") == before, pl.col("after") == after, same if name == SAME else True
        ).then(pl.lit(name, dtype=pl.Enum(CHANGES)))
        for name, (before, after) in TRANSITIONS.items()
    ]
    return pl.coalesce(cases).alias("change")


def _state(column: str) -> pl.Expr:
    ended = pl.col(column)
    return (
        pl.when(ended.is_null())
        .then(pl.lit("absent"))
        .when(ended == "failed")
        .then(pl.lit("failed"))
        .when(ended == "succeeded")
        .then(pl.lit("fine"))
        .otherwise(pl.lit("undecided"))
        .cast(pl.Enum(STATES))
    )


def _changes(records: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("records")
    start = {name: before for name, (before, _) in TRANSITIONS.items()}
    before = pl.col("change").replace_strict(start, return_dtype=pl.Enum(STATES)).alias("before")
    return (
        records.group_by("step", "change")
        .agg(pl.len().cast(pl.UInt32).alias("records"))
        .sort("step", "change")
        .select("step", before, "change", number)
        .with_columns(
            share=number / number.sum().over("step"),
            share_of_before=number / number.sum().over("step", "before"),
        )
    )


def _attempts(rows: pl.DataFrame, states: pl.DataFrame, attempts: int) -> pl.DataFrame:
    first, last = pl.col("first_received"), pl.col("last_completed")
    seconds = (last - first).dt.total_microseconds() / 1_000_000
    return (
        pl.DataFrame({"attempt": range(1, attempts + 1)}, schema={"attempt": pl.UInt32})
        .join(_whole(rows), on="attempt", how="left")
        .join(summarize_timing(rows, by="attempt"), on="attempt", how="left", suffix="_timed")
        .join(_standing(states), on="attempt", how="left")
        .sort("attempt")
        .with_columns(pl.col("turned").fill_null(0).cum_sum().alias("failing_so_far"))
        .with_columns(pl.col(_COUNTS).fill_null(0).cast(pl.UInt32))
        .select(
            *("attempt", "source_key", "bulk_id", "receipts", "failed"),
            pl.when(pl.col("receipts") > 0)
            .then(pl.col("failed") / pl.col("receipts"))
            .alias("failure_rate"),
            *("records", "without_id", "failing_so_far", "signatures", "p50", "p95"),
            pl.when(seconds > 0).then(pl.col("completed") / seconds).alias("throughput"),
            *("first_received", "last_completed"),
        )
    )


def _whole(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the figures of each attempt as a whole."""
    only = [
        pl.when(pl.col(name).drop_nulls().n_unique() == 1).then(pl.col(name).drop_nulls().first())
        for name in ("source_key", "bulk_id")
    ]
    return rows.group_by("attempt").agg(
        *only,
        pl.len().alias("receipts"),
        (pl.col("outcome") == "failed").sum().alias("failed"),
        (~_has_id()).sum().alias("without_id"),
        pl.col("signature").drop_nulls().n_unique().alias("signatures"),
        pl.col("received_at").min().alias("first_received"),
        pl.col("completed_at").max().alias("last_completed"),
    )


def _standing(states: pl.DataFrame) -> pl.DataFrame:
    """Count the records of each attempt, and by how many more of them fail than before it."""
    failing = pl.col("outcome") == "failed"
    known = pl.col("record") == pl.col("record").shift()
    was = failing.shift().fill_null(value=False) & known.fill_null(value=False)
    return (
        states.select("attempt", turned=failing.cast(pl.Int64) - was.cast(pl.Int64))
        .group_by("attempt")
        .agg(pl.len().alias("records"), pl.col("turned").sum())
    )


def _signatures(rows: pl.DataFrame, steps: int) -> pl.DataFrame:
    counted = (
        rows.filter(pl.col("signature").is_not_null())
        .group_by("attempt", "signature")
        .agg(pl.len().cast(pl.UInt32).alias("failures"))
    )
    before, after = pl.col("failures_before"), pl.col("failures_after")
    return (
        _paired(counted, "signature", steps)
        .rename({"failures": "failures_before"})
        .with_columns(pl.col("failures_before", "failures_after").fill_null(0))
        .with_columns(difference=after.cast(pl.Int64) - before.cast(pl.Int64))
        .sort(
            "step",
            pl.col("difference").abs(),
            before + after,
            "signature",
            descending=[False, True, True, False],
        )
        .select("step", "signature", "failures_before", "failures_after", "difference")
    )
