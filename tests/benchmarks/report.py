"""Time `write_report` and measure the page, for a bulk that is fetched already.

Each figure is the median of runs in processes of their own. The first report of a process loads
what draws the charts, too, which the command line does while it fetches; the second one does not.

    python tests/benchmarks/report.py [RECEIPTS ...]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clinia_nb import BulkResult
from clinia_nb.sandbox.generator import generate_bulk

RUNS = 3


def measure(answer, source_key, bulk_id, redact):
    """Write a report twice in this process; print the seconds of each, and the page's bytes."""
    from clinia_nb.report.report import write_report

    bulk = BulkResult.from_json(answer, source_key=source_key, bulk_id=bulk_id)
    path = Path(answer).with_suffix(".html")
    figures = []
    for _ in range(2):
        started = time.perf_counter()
        write_report(bulk, path, redact=redact == "redacted")
        figures.append(time.perf_counter() - started)
    print(json.dumps([*figures, path.stat().st_size]))


def medians(answer, source_key, bulk_id, way, runs=RUNS):
    """Return the seconds of a first report and of another one, and the page's bytes."""
    command = [sys.executable, __file__, "--measure", str(answer), source_key, bulk_id, way]
    figures = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for _ in range(runs)
    ]
    return [statistics.median(column) for column in zip(*figures, strict=True)]


def main(counts):
    print("| receipts | report | seconds, first | seconds, again | kB |\n|---:|---|---:|---:|---:|")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            sample = generate_bulk("mixed", receipts=count)
            answer = Path(folder) / "answer.json"
            answer.write_bytes(sample.body)
            named = [answer, sample.source_key, sample.bulk_id]
            del sample
            for way in ("redacted", "as it came"):
                first, again, size = medians(*named, way)
                told = f"{first:.2f} | {again:.2f} | {size / 1e3:.0f}"
                print(f"| {count:,} | {way} | {told} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:])
    else:
        main([int(word) for word in sys.argv[1:]] or [1_000, 100_000, 1_000_000])
