"""Twenty million archived receipts: what a summary takes in time and memory, per engine.

``.venv/bin/python tests/benchmarks/archive.py [MILLIONS] [FOLDER]`` prints a table. Each row is a
process of its own; its peak memory is read from outside, by the operating system.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

import clinia_nb as cnb
from clinia_nb.sandbox import generate_bulk

SUMMARIES = ("count_outcomes", "summarize_failures", "summarize_timing", "signature_history")


def fill(folder: Path, millions: int) -> None:
    """Archive a generated bulk of a million receipts, again and again under other ids."""
    archive = cnb.Archive(folder)
    made = generate_bulk("mixed", receipts=1_000_000)
    first = cnb.BulkResult.from_json(
        made.body, source_key="ehr-prod", bulk_id=made.bulk_id, kind=made.kind
    )
    for number in range(millions):
        times = pl.col("received_at", "completed_at") + pl.duration(days=number)
        bulk_id = f"night-{number}"
        receipts = first.receipts.with_columns(times, bulk_id=pl.lit(bulk_id, pl.Categorical()))
        archive.save(cnb.BulkResult("ehr-prod", bulk_id, made.kind, first.status, receipts, b""))


def receipts_of(engine: str, folder: str) -> object:
    """Open the archive with an engine."""
    if engine == "duckdb":
        import duckdb

        return duckdb.read_parquet(f"{folder}/receipts/**/*.parquet", hive_partitioning=True)
    return cnb.Archive(folder).scan()


def one(engine: str, summary: str, folder: str) -> None:
    """Run one summary in this process; print its time and the rows that came home."""
    begun = time.perf_counter()
    rows = getattr(cnb, summary)(receipts_of(engine, folder))
    print(f"{time.perf_counter() - begun:.2f} {rows.height}")


def main(millions: int, folder: str) -> None:
    """Fill an archive if there is none, and print the table."""
    if not (Path(folder) / "receipts").exists():
        fill(Path(folder), millions)
    print("| summary | engine | seconds | rows | peak memory, MB |\n|---|---|---:|---:|---:|")
    for summary in SUMMARIES:
        for engine in ("polars", "duckdb"):
            command = [sys.executable, __file__, "one", engine, summary, folder]
            measured = subprocess.run(
                ["/usr/bin/time", "-f", "%M", *command], check=True, capture_output=True, text=True
            )
            seconds, rows = measured.stdout.split()
            peak = int(measured.stderr.split()[-1]) / 1000
            print(f"| `{summary}` | {engine} | {seconds} | {rows} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(*sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(int(sys.argv[1]) if sys.argv[1:] else 20, (sys.argv[2:] or [scratch])[0])
