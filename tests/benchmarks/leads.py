"""Measure leads and patterns on bulks with a planted cause, and on bulks without one.

For each planted cause: how often it is the best lead, and how often the pattern of the failures is
the planted one. For each sort of bulk without a cause: how often there is a false alarm, which is
any lead at all, or a pattern of bursts or a ramp. Forty bulks of each take a few minutes.

    python tests/benchmarks/leads.py [BULKS]
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.planted import CAUSES, WITHOUT_CAUSE, Planted

from clinia_nb import contrast_failures, failure_onsets

ALARMS = {"burst", "bursts", "from_then_on", "until_then", "ramp_up", "ramp_down"}


def found(planted: Planted) -> tuple[str, str]:
    """Return the condition of the best lead, empty if there is none, and the pattern."""
    leads = contrast_failures(planted.receipts)
    patterns = failure_onsets(planted.receipts, by="error_type")["pattern"]
    best = leads["condition"][0] if leads.height else ""
    return best, patterns[0] if patterns.len() else ""


def main(bulks: int) -> None:
    begun = time.process_time()
    for make in (*CAUSES, *WITHOUT_CAUSE):
        first = patterns = alarms = 0
        for n in range(bulks):
            planted = make(random.Random(f"{make.__name__}-{n}"))
            best, pattern = found(planted)
            first += all(word in best for word in planted.words)
            patterns += pattern in planted.patterns
            alarms += bool(best) or pattern in ALARMS
        if make in CAUSES:
            shape = f"; pattern right in {patterns} of {bulks}" if planted.patterns else ""
            result = f"planted first in {first} of {bulks}{shape}"
        else:
            result = f"false alarms {alarms} of {bulks}"
        print(f"{make.__name__:<20} {result}", flush=True)
    print(f"{time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
