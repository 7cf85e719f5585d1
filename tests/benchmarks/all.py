"""Run the benchmarks of reading, growth, streaming, starting, explorer and report: one table.

    python tests/benchmarks/all.py [SECTION ...] [--answers FOLDER]

Without sections all of them run, for about half an hour. The answers that they read are made in
the folder, and used again if they are there.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import growth
import parse_receipts
import report
import startup
import streaming

from clinia_nb.sandbox.generator import generate_bulk

_LARGE, _STREAMED = 1_000_000, 100_000
_ROUNDS = 2


def reading(answers):
    """Processor time, which a busy machine changes less, and memory."""
    found = parse_receipts.medians(growth.answer(answers, _LARGE), _ROUNDS)
    (seconds, usual, memory), *_ = found.values()
    for way, (took, worked, added) in found.items():
        yield f"a million, {way}", f"{took:.1f} s", f"{seconds:.1f} s", seconds / took
        yield "– processor time", f"{worked:.1f} s", f"{usual:.1f} s", usual / worked
        yield "– memory beside the answer", f"{added:.2f} ×", f"{memory:.2f} ×", memory / added


def growing(answers):
    """From each size to the next one, as if it were ten times as large.

    Memory that a step gives back is used again by the next one: only that of reading, which comes
    first, tells how it grows.
    """
    found = growth.figures(answers)
    smallest, *_, largest = found
    for step in found[smallest]:
        for what, unit in enumerate((" s", " MB")):
            first, last = (found[size][step][what] / (1, 1e6)[what] for size in (smallest, largest))
            tenfold = ", ".join(f"{pair[what]:.1f}" for pair in growth.per_tenfold(found, step))
            yield (
                f"{step}, {smallest:,} → {largest:,} receipts",
                f"{last:,.1f}{unit}",
                f"{first:,.2f}{unit}",
                f"per tenfold: {tenfold}" if what == 0 or step == "reading" else "",
            )


def streamed(_):
    bulk = generate_bulk("mixed", receipts=_STREAMED)
    for wire, found in streaming.figures(bulk.body, bulk.bulk_id, 1):
        usual, transfer, alone, ours = (found[way][0] for way in streaming.WAYS)
        bound, last = max(transfer, alone), found["fetch_bulk"][1]
        yield f"{wire}: `fetch_bulk`, beside transfer or reading alone", *beside(ours, bound)
        yield f"{wire}: json + polars, beside the same", *beside(usual, bound)
        yield f"{wire}: after the last byte, beside reading alone", *beside(last, alone)


def starting(_):
    found = startup.medians(3)
    for name, (_, yardstick) in startup.CASES.items():
        if yardstick:
            ours, base = found[name][1], found[yardstick][1]
            yield f"`{name}`, beside `{yardstick}`; processor time", *beside(ours, base)


def exploring(answers):
    path = growth.answer(answers, _LARGE)
    command = [sys.executable, str(Path(__file__).with_name("explorer.py")), str(path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in out.splitlines():
        name, first, last, *_ = (*(cell.strip() for cell in line.split("|")[1:]), "", "", "")
        if name.startswith("filter") or name in {"Overview", "Failures", "Timing"}:
            yield f"explorer, {name}: last part, beside counts", f"{last} s", f"{first} s", ""


def reporting(answers):
    sample = generate_bulk("mixed", receipts=1_000)
    path = growth.answer(answers, _LARGE)
    for way in ("redacted", "as it came"):
        cold, warm, _ = report.medians(path, sample.source_key, sample.bulk_id, way, runs=1)
        yield f"report of a million, {way}: first, beside the next", *beside(cold, warm)


SECTIONS = {
    "reading": reading,
    "growth": growing,
    "streaming": streamed,
    "starting": starting,
    "explorer": exploring,
    "report": reporting,
}


def beside(ours, other):
    return f"{ours:.2f} s", f"{other:.2f} s", ours / other


def main(sections, answers):
    versions = ", ".join(f"{name} {version(name)}" for name in ("polars", "msgspec", "requests"))
    print(f"{os.cpu_count()} × {platform.machine()}, {os.getloadavg()[0]:.0f} processes waiting; "
          f"Python {platform.python_version()}, {versions}\n")  # fmt: skip
    print("| what | figure | beside it | ratio |\n|---|---:|---:|---:|")
    for section in sections:
        for what, figure, other, ratio in SECTIONS[section](answers):
            told = ratio if isinstance(ratio, str) else f"{ratio:.2f}"
            print(f"| {what} | {figure} | {other} | {told} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], metavar="SECTION")
    parser.add_argument("--answers", metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        main(options.sections or SECTIONS, options.answers or folder)
