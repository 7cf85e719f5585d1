"""Time the explorer with a large bulk: from the frame to each tab, then filters and page turns.

Every figure is the time until the named parts are in the state that a page shows; "all" is when
the last part of the tab is. Run without a page, one after the other, in one process.

    python tests/benchmarks/explorer.py [RECEIPTS | ANSWER.json]
"""

import asyncio
import sys
import time
from pathlib import Path

from clinia_nb import BulkResult, Client
from clinia_nb.explorer.explorer import Explorer
from clinia_nb.explorer.look import TABS
from clinia_nb.explorer.prepared import Study
from clinia_nb.explorer.tabs import SECTIONS
from clinia_nb.sandbox.generator import generate_bulk


def answer(size):
    if not size.isdigit():
        return Path(size).read_bytes()
    return generate_bulk("mixed", receipts=int(size)).body


async def drawn(explorer, act, **fields):
    """Give, for each part that is drawn after an action, the seconds until it is there."""
    begun, times = time.perf_counter(), {}

    def note(change):
        for name, _, state in change.new:
            if not state:
                times.setdefault(name, time.perf_counter() - begun)

    explorer.showing.observe(note, "parts")
    explorer.ask({"act": act} | fields)
    while explorer.loader._tasks:
        await asyncio.gather(*explorer.loader._tasks)
    explorer.showing.unobserve(note, "parts")
    return times


def row(name, times):
    first = ", ".join(f"{part} {seconds:.2f}" for part, seconds in times.items())
    print(f"| {name} | {times.get('head', 0):.2f} | {max(times.values()):.2f} | {first} |")


async def main(size):
    body = answer(size)
    bulk = BulkResult.from_json(body, source_key="ehr-prod", bulk_id="bk_1")
    explorer = Explorer(Client.sandbox())
    await asyncio.sleep(len(body) / 100e6)  # a fast download; the explorer loads Altair meanwhile
    begun = time.perf_counter()
    study = Study.of(bulk)
    prepared = time.perf_counter() - begun
    print(f"{bulk.receipts.height:,} receipts; seconds. Prepared (signatures): {prepared:.2f}\n")
    print("| what | counts and filters | all | part by part |\n|---|---:|---:|---|")
    explorer.state.study = study
    row(TABS["overview"], await drawn(explorer, "ready"))
    for tab in list(SECTIONS)[1:]:
        row(TABS[tab], await drawn(explorer, "tab", name=tab))
    signature = study.explanation().problems[0].signature
    for name, act, fields in (
        ("filter: outcome", "toggle", {"column": "outcome", "value": "failed"}),
        ("filter: signature", "toggle", {"column": "signature", "value": signature}),
        ("page turn", "page", {"number": 7}),
        ("sort by duration", "sort", {"column": "duration"}),
        ("page turn, sorted", "page", {"number": 9}),
        ("all again", "drop", {}),
        ("page turn in all", "page", {"number": 20_000}),
        ("search", "narrow", {"text": "upstream"}),
    ):
        row(f"{name} (receipts)", await drawn(explorer, act, **fields))
    await drawn(explorer, "drop")
    picked = {"column": "error_type", "value": "NOT_FOUND"}
    for tab in ("failures", "overview"):
        await drawn(explorer, "tab", name=tab)
        row(f"filter: error type ({tab})", await drawn(explorer, "toggle", **picked))
        await drawn(explorer, "drop")
    await drawn(explorer, "tab", name="timing")
    failed = {"column": "outcome", "value": "failed"}
    row("filter: outcome (timing)", await drawn(explorer, "toggle", **failed))
    explorer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if sys.argv[1:] else "1000000"))
