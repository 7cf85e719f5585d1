"""Time `failure_values` on failures that already have signatures, beside making the signatures.

python tests/benchmarks/values.py [FAILURES ...]
"""

import sys
import time

import polars as pl
from signatures import messages

from clinia_nb.analysis.values import failure_values
from clinia_nb.signatures.sign import with_signatures


def receipts(count):
    texts = messages(count)
    nested = pl.Series("error_message", texts).str.starts_with("validation failed: ")
    frame = pl.DataFrame({"status": ["FAILURE"] * count, "error_message": texts})
    detail = pl.struct(
        message=pl.col("error_message").str.strip_prefix("validation failed: "),
        code=400,
        field=pl.col("error_message").str.extract(r"failed: (\S+)"),
    )
    return frame.with_columns(
        error_type=pl.lit("INTERNAL"),
        error_details=pl.when(nested).then(pl.format("[{}]", detail.struct.json_encode())),
        error_message=pl.when(nested).then(pl.lit("validation failed")).otherwise("error_message"),
    )


def main(counts):
    print("| failures | signatures, s | values, s | ratio | rows |\n|---:|---:|---:|---:|---:|")
    for count in counts:
        frame = receipts(count)
        started = time.perf_counter()
        signed = with_signatures(frame)
        between = time.perf_counter()
        rows = failure_values(signed).height
        signing, reading = between - started, time.perf_counter() - between
        ratio = reading / signing
        print(f"| {count:,} | {signing:.2f} | {reading:.2f} | {ratio:.2f} | {rows:,} |", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
