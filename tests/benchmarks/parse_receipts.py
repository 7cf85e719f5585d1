"""Compare `parse_receipts` with what people write instead: time, and peak memory over the body.

Each way runs in a process of its own, the two in turn; the medians are told, and their ratio.

    python tests/benchmarks/parse_receipts.py [RECEIPTS] [ROUNDS]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

WAYS = ("json.loads + pl.DataFrame", "parse_receipts")


def measure(way, path):
    """Run one way in this process; print its seconds and its peak memory over the body."""
    import polars as pl

    from clinia_nb import parse_receipts

    def read(body):
        if way == WAYS[0]:
            return pl.DataFrame(json.loads(body)["receipts"])
        return parse_receipts(body, source_key="s", bulk_id="b")

    read(Path(path).with_name("warm.json").read_bytes())
    body = Path(path).read_bytes()
    process, over, peaks = psutil.Process(), threading.Event(), [0]

    def watch():
        while not over.wait(0.005):
            peaks.append(process.memory_info().rss)

    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    frame = read(body)
    seconds = time.perf_counter() - started
    peak = max(*peaks, process.memory_info().rss)
    over.set()
    watcher.join()
    print(json.dumps([seconds, (peak - before) / len(body), frame.height]))


def main(receipts, rounds):
    from clinia_nb.sandbox.generator import generate_bulk

    figures = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bulk.json"
        body = generate_bulk("mixed", receipts=receipts).body
        path.write_bytes(body)
        warm = generate_bulk("mixed", receipts=1_000).body
        path.with_name("warm.json").write_bytes(warm)
        for _ in range(rounds):
            for way in WAYS:
                command = [sys.executable, __file__, "--measure", way, str(path)]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                seconds, memory, height = json.loads(out)
                assert height == receipts
                figures[way].append((seconds, memory))
    print(f"{receipts:,} receipts, {len(body) / 1e6:.0f} MB, median of {rounds} rounds\n")
    print("| way | seconds | peak memory over the body |\n|---|---:|---:|")
    medians = {
        way: [statistics.median(column) for column in zip(*rows, strict=True)]
        for way, rows in figures.items()
    }
    for way, (seconds, memory) in medians.items():
        print(f"| `{way}` | {seconds:.2f} | {memory:.1f} × |")
    (slow, much), (fast, little) = medians.values()
    print(f"| ratio | {slow / fast:.1f} × faster | {much / little:.1f} × less |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:4])
    else:
        numbers = [int(argument) for argument in sys.argv[1:]]
        main(*(numbers + [100_000, 5][len(numbers) :]))
