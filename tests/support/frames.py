"""Receipts for the tests of the summaries: literal frames, and random ones for hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from clinia_nb.receipts.parse import SCHEMA

TIME = pl.Datetime("us", "UTC")
START = datetime(2025, 5, 6, 11, 47, 50, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return a time of the small literal frames."""
    return START + timedelta(seconds=seconds)


def took(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return a receipts frame of full schema; what a row leaves out is null."""
    full = [dict.fromkeys(SCHEMA) | row for row in rows]
    receipts = pl.DataFrame(full, schema=SCHEMA)
    return receipts.with_columns(duration=pl.col("completed_at") - pl.col("received_at"))


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


# Few distinct times, so that ties are common; one range of minutes, and one of centuries.
_TIMES = st.integers(0, 5).map(at) | st.integers(-(10**6), 10**6).map(lambda ms: at(ms / 1000))
_DAY = 86_400_000_000
_FAR = st.integers(-739_000 * _DAY, 2_900_000 * _DAY).map(
    lambda microseconds: START + timedelta(microseconds=microseconds)
)


def _rows(times: st.SearchStrategy[datetime]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": _maybe(st.sampled_from("abcdefgh")),
            "type": _maybe(st.sampled_from(["clinic", "patient"])),
            "status": _maybe(
                st.sampled_from(["SUCCESS", "FAILURE", "PENDING", "CANCELLED", "UNHEARD_OF"])
            ),
            "received_at": _maybe(times),
            "completed_at": _maybe(times),
            "error_type": _maybe(st.sampled_from(["NOT_FOUND", "INTERNAL", ""])),
            "error_code": _maybe(st.sampled_from([404, 500, 0])),
            "error_message": _maybe(st.sampled_from(["no such clinic", "boom", ""])),
            "error_details": _maybe(st.just("[]")),
        }
    )


def receipts(
    *, times: st.SearchStrategy[datetime] = _TIMES, max_size: int = 25
) -> st.SearchStrategy[pl.DataFrame]:
    return st.lists(_rows(times), max_size=max_size).map(lambda rows: frame(*rows))


def receipts_of_all_ages() -> st.SearchStrategy[pl.DataFrame]:
    return receipts(times=_FAR, max_size=6)


def shuffled(receipts_frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    return receipts_frame.sample(fraction=1, shuffle=True, seed=seed)


def count_reads(receipts_frame: pl.DataFrame) -> tuple[pl.LazyFrame, list[int]]:
    """Return the frame as a lazy one, and a list that grows with every time it is read."""
    reads: list[int] = []

    def read(batch: pl.DataFrame) -> pl.DataFrame:
        reads.append(batch.height)
        return batch

    lazy = receipts_frame.lazy().map_batches(
        read, projection_pushdown=False, schema=receipts_frame.schema
    )
    return lazy, reads
