"""Receipts of every shape, and the summaries that any engine must give alike."""

from functools import cache

import polars as pl
from support.frames import at, frame

import clinia_nb as cnb
from clinia_nb.sandbox import generate_bulk
from clinia_nb.signatures import SignatureCatalog


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


@cache
def troubles():
    """Return failures whose signatures take more than one look: nested, blank, alike."""
    nested = (
        '[{"message": "field \'birth\' is not a date", "field": "birth", "at": {"line": %d}}]',
        '[{"message": "field \'%d\' is missing"}, {"message": "code %d is unknown"}]',
        '[{"message": "ward north is full", "details": [{"message": "bed %d is taken"}]}]',
        "<array %d>",
        None,
    )
    names = (
        "Anna Roy",
        "Bob Lee",
        "Cem Can",
        "Dora Lux",
        "Eva Ode",
        "Finn Oz",
        "Gil Ray",
        "Ann Po",
    )
    rows = []
    for number in range(120):
        details = nested[number % 5]
        rows.append(
            {
                "id": f"clinic-{number // 2}" if number % 7 else None,
                "type": ("clinic", "patient", None)[number % 3],
                "status": ("FAILURE", None)[number % 2],
                "received_at": at(number // 3) if number % 11 else None,
                "error_type": ("INTERNAL", "NOT_FOUND", None)[number % 3],
                "error_code": (500, 404, None)[number % 4 % 3],
                "error_message": (
                    f"shard {number} is down", f"nobody named {names[number % 7]} works here",
                    " ", None, "validation failed", f"no ward \ue000 or '{number % 5}'\n at all",
                )[number % 6],
                "error_details": details and details.replace("%d", str(number)),
                "error_context": f'{{"profile": "p{number % 4}", "try": {number}}}',
            }
        )  # fmt: skip
    return pl.concat([sample(), frame(*rows), frame(*({"status": "SUCCESS"},) * 9)])


RECEIPTS = sample()
TEXTS = {name: pl.String for name, dtype in RECEIPTS.schema.items() if dtype == pl.Categorical}
PLAIN = RECEIPTS.cast(TEXTS)
SUMMARIES = {
    "count_outcomes": cnb.count_outcomes,
    "summarize_failures": cnb.summarize_failures,
    "summarize_failures by two": lambda r: cnb.summarize_failures(r, by=["type", "source_key"]),
    "summarize_failures by code": lambda r: cnb.summarize_failures(r, by="error_code"),
    "failures_over_time": cnb.failures_over_time,
    "failures_over_time every 90s": lambda r: cnb.failures_over_time(r, every="90s"),
    "failures_over_time by week": lambda r: cnb.failures_over_time(r, every="1w", by="type"),
    "summarize_timing": cnb.summarize_timing,
    "summarize_timing by two": lambda r: cnb.summarize_timing(r, by=["type", "status"]),
    "timing_over_time by itself": cnb.timing_over_time,
    "timing_over_time": lambda r: cnb.timing_over_time(r, every="7m"),
    "throughput": lambda r: cnb.throughput(r, every="5m"),
    "throughput by itself": cnb.throughput,
}
MASKED = {
    "failure_signatures": cnb.failure_signatures,
    "failure_signatures, known": lambda r: cnb.failure_signatures(r, known=catalog()),
    "failure_values": cnb.failure_values,
    "failure_values, most": lambda r: cnb.failure_values(r, most=2),
}
KEYS = [*TEXTS]


@cache
def catalog():
    return SignatureCatalog.from_receipts(troubles().head(900))


@cache
def masked_by_polars(summary):
    return MASKED[summary](troubles())


def write_receipts(folder, receipts=RECEIPTS):
    """Write them as an archive does: text instead of categories, durations in microseconds."""
    path = folder / "receipts.parquet"
    duration = pl.col("duration").dt.total_microseconds()
    stored = receipts.cast(TEXTS).with_columns(duration_us=duration)
    stored.drop("duration").write_parquet(path)
    return path
