"""Measure leads and patterns on bulks with a planted cause, and on bulks without one.

First is how often the planted cause is the best lead, or the pattern the planted one. Alarm is how
often a bulk without a cause has any lead, or a pattern of a burst or a ramp.

    python tests/benchmarks/leads.py [BULKS]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.planted import CAUSES, WITHOUT_CAUSE, Planted

from clinia_nb import contrast_failures, failure_onsets


def judged(planted: Planted) -> tuple[bool, bool]:
    """Return whether the best lead is the planted cause, and whether the pattern is right."""
    leads = contrast_failures(planted.receipts)
    best = leads["condition"][0] if leads.height else ""
    right = all(word in best for word in planted.words) if planted.words else leads.is_empty()
    pattern = failure_onsets(planted.receipts, by="error_type")["pattern"][0]
    return right, not planted.patterns or pattern in planted.patterns


def main(bulks: int) -> None:
    print("| bulks | planted | best lead right | pattern right |\n|---:|---|---:|---:|")
    for make in (*CAUSES, *WITHOUT_CAUSE):
        results = [judged(make(random.Random(f"{make.__name__}-{n}"))) for n in range(bulks)]
        leads, patterns = (sum(column) / bulks for column in zip(*results, strict=True))
        print(f"| {bulks} | {make.__name__} | {leads:.1%} | {patterns:.1%} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
