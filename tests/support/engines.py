"""Receipts of every shape, and the summaries that any engine must give alike."""

import polars as pl
from support.frames import at, frame

import clinia_nb as cnb
from clinia_nb.sandbox import generate_bulk


def sample():
    made = [generate_bulk(name, receipts=400) for name in ("mixed", "outage", "in_review")]
    bulks = [
        cnb.parse_receipts(one.body, source_key=one.source_key, bulk_id=one.bulk_id) for one in made
    ]
    odd = frame(
        {"id": None, "status": "FAILURE", "error_type": None, "error_message": None},
        {"id": "x", "status": None, "received_at": at(3), "completed_at": at(1)},
        {"id": "x", "status": "NEW", "received_at": at(3), "error_code": 7},
        {"id": "x", "status": "PENDING", "completed_at": at(9)},
    )
    return pl.concat([*bulks, odd])


RECEIPTS = sample()
TEXTS = {name: pl.String for name, dtype in RECEIPTS.schema.items() if dtype == pl.Categorical}
PLAIN = RECEIPTS.cast(TEXTS)
SUMMARIES = {
    "count_outcomes": cnb.count_outcomes,
    "summarize_failures": cnb.summarize_failures,
    "summarize_failures by two": lambda r: cnb.summarize_failures(r, by=["type", "source_key"]),
    "failures_over_time": cnb.failures_over_time,
    "failures_over_time every 90s": lambda r: cnb.failures_over_time(r, every="90s"),
    "failures_over_time by week": lambda r: cnb.failures_over_time(r, every="1w", by="type"),
    "summarize_timing": cnb.summarize_timing,
    "summarize_timing by two": lambda r: cnb.summarize_timing(r, by=["type", "status"]),
    "timing_over_time": lambda r: cnb.timing_over_time(r, every="7m"),
    "throughput": lambda r: cnb.throughput(r, every="5m"),
    "throughput by itself": cnb.throughput,
}
KEYS = [*TEXTS]


def write_receipts(folder):
    """Write them as an archive does: text instead of categories, durations in microseconds."""
    path = folder / "receipts.parquet"
    stored = PLAIN.with_columns(duration_us=pl.col("duration").dt.total_microseconds())
    stored.drop("duration").write_parquet(path)
    return path
