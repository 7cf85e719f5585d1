"""Compare `parse_receipts` with what people write instead: time, and peak memory over the body.

Each way runs in a process of its own, the ways in turn. Shown are medians: of the seconds, of the
seconds of processor time, which a loaded machine changes less, and of the memory. The third way
reads the same answer with one odd receipt in its middle.

    python tests/benchmarks/parse_receipts.py [RECEIPTS] [ROUNDS]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import psutil

WAYS = ("json.loads + pl.DataFrame", "parse_receipts", "parse_receipts, one odd receipt")


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
    if way == WAYS[2]:
        middle = body.index(b"},\n{", len(body) // 2) + 2
        body = body[:middle] + rb'{"id":"\ud800"},' + body[middle:]
        warnings.simplefilter("ignore")
    process, over, peaks = psutil.Process(), threading.Event(), [0]

    def watch():
        while not over.wait(0.005):
            peaks.append(process.memory_info().rss)

    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    started, processor = time.perf_counter(), time.process_time()
    frame = read(body)
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    peak = max(*peaks, process.memory_info().rss)
    over.set()
    watcher.join()
    print(json.dumps([seconds, processor, (peak - before) / len(body), frame.height]))


def medians(path, rounds):
    """Return for each way the medians: seconds, seconds of the processor, memory over the body."""
    figures = {way: [] for way in WAYS}
    for way in WAYS * rounds:
        command = [sys.executable, __file__, "--measure", way, str(path)]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        figures[way].append(json.loads(out))
    heights = {way: rows[0][-1] for way, rows in figures.items()}
    assert heights[WAYS[2]] == heights[WAYS[1]] + 1 == heights[WAYS[0]] + 1
    return {
        way: [statistics.median(column) for column in zip(*rows, strict=True)][:-1]
        for way, rows in figures.items()
    }


def main(receipts, rounds):
    from clinia_nb.sandbox.generator import generate_bulk

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bulk.json"
        body = generate_bulk("mixed", receipts=receipts).body
        path.write_bytes(body)
        warm = generate_bulk("mixed", receipts=1_000).body
        path.with_name("warm.json").write_bytes(warm)
        found = medians(path, rounds)
    print(f"{receipts:,} receipts, {len(body) / 1e6:.0f} MB, median of {rounds} rounds\n")
    print("| way | seconds | processor | peak memory over the body |\n|---|---:|---:|---:|")
    for way, (seconds, processor, memory) in found.items():
        print(f"| `{way}` | {seconds:.2f} | {processor:.2f} | {memory:.1f} × |")
    usual, ours, _ = found.values()
    ratios = [one / other for one, other in zip(usual, ours, strict=True)]
    print("| ratio | {:.1f} × faster | {:.1f} × less | {:.1f} × less |".format(*ratios))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:4])
    else:
        numbers = [int(argument) for argument in sys.argv[1:]]
        main(*(numbers + [100_000, 5][len(numbers) :]))
