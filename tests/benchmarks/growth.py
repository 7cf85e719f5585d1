"""How time and memory grow from 10,000 receipts to 3,000,000: ten times as many, ten times as much.

Each size is read and summarized in a process of its own. Time is that of the processor; memory is
the peak that a step adds, as a thread beside it sees.

    python tests/benchmarks/growth.py [RECEIPTS ...]
"""

import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

import psutil

SIZES = (10_000, 100_000, 1_000_000, 3_000_000)
_MILLION = 1_000_000


def measure(path):
    """Read an answer and summarize it; print the seconds and the bytes of each step."""
    import clinia_nb as cnb

    def read(body):
        return cnb.parse_receipts(body, source_key="s", bulk_id="b")

    def steps(path):
        body = Path(path).read_bytes()
        yield "reading", lambda: read(body)
        receipts = read(body)
        yield "`failure_signatures`", lambda: cnb.failure_signatures(receipts)
        yield "`failure_values`", lambda: cnb.failure_values(receipts)
        yield "`contrast_failures`", lambda: cnb.contrast_failures(receipts)
        bulk = cnb.BulkResult.from_receipts(receipts)
        yield "`explain`", lambda: cnb.explain(bulk)

    for _, step in steps(Path(path).with_name("warm.json")):
        step()
    print(json.dumps({name: taken(step) for name, step in steps(path)}))


def taken(step):
    """Return the seconds of processor time and the peak memory that a step adds."""
    from clinia_nb.signatures.lately import forget_signings

    forget_signings()
    process, over = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    peaks = [before]

    def watch():
        while not over.wait(0.005):
            peaks.append(process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.process_time()
    kept = step()
    seconds = time.process_time() - begun
    peaks.append(process.memory_info().rss)
    over.set()
    watcher.join()
    del kept
    return seconds, max(max(peaks) - before, 1)


def figures(folder, sizes=SIZES):
    """Return the seconds and bytes of each step for each size; answers are made in the folder."""
    found = {}
    for size in sizes:
        command = [sys.executable, __file__, "--measure", str(answer(folder, size))]
        out = subprocess.run(command, check=True, capture_output=True).stdout
        found[size] = json.loads(out)
    return found


def answer(folder, receipts):
    """Return the path of an answer of so many receipts, beside a small one; made if needed."""
    for count, name in ((1_000, "warm.json"), (receipts, f"{receipts}.json")):
        path = Path(folder) / name
        if not path.exists():
            path.write_bytes(made(folder, count))
    return path


def made(folder, receipts):
    """Make an answer. Millions are one million, again and again, with ids of their own."""
    from clinia_nb.sandbox.generator import generate_bulk

    times, rest = divmod(receipts, _MILLION)
    if rest or times == 1:
        return generate_bulk("mixed", receipts=receipts).body
    body = answer(folder, _MILLION).read_bytes()
    start, end = body.index(b"[") + 1, body.rindex(b"]")
    again = (body[start:end].replace(b'"id":"3', b'"id":"%d' % (3 + turn)) for turn in range(times))
    return body[:start] + b",".join(again) + body[end:]


def per_tenfold(found, step):
    """Return how many times more time and memory ten times the receipts take, size after size."""
    return [
        [
            (after / before) ** (1 / math.log10(large / small))
            for before, after in zip(found[small][step], found[large][step], strict=True)
        ]
        for small, large in pairwise(sorted(found))
    ]


def main(sizes):
    with tempfile.TemporaryDirectory() as folder:
        found = figures(folder, sizes)
    print("| step | receipts | processor | memory added |\n|---|---:|---:|---:|")
    for size, steps in found.items():
        for step, (seconds, memory) in steps.items():
            print(f"| {step} | {size:,} | {seconds:.2f} s | {memory / 1e6:,.0f} MB |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main([int(word) for word in sys.argv[1:]] or SIZES)
