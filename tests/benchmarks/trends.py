"""How often `trend_changes` names a change that was planted, and one that is not there.

``.venv/bin/python tests/benchmarks/trends.py [SERIES]`` prints a table.
"""

import math
import random
import sys
from datetime import datetime, timedelta

import polars as pl

import clinia_nb as cnb

PLANTED = {"noise": None, "failure rate × 2.5": "failure_rate", "drift of the median × 2": "p50"}


def series(planted, nights, rng):
    """Make nights of very uneven size, one in twenty of them odd."""
    rows = []
    for night in range(nights):
        rate = 0.02 * math.exp(rng.gauss(0, 0.3))
        median = 0.1 * math.exp(rng.gauss(0, 0.15))
        if rng.random() < 0.05:
            rate, median = rate * 5, median * 3
        if planted == "failure_rate" and night >= nights // 2:
            rate *= 2.5
        if planted == "p50":
            median *= 1 + night / nights
        failed = sum(rng.random() < rate for _ in range(400))
        rows.append(
            {
                "bulk_id": f"night {night}",
                "begins": datetime(2026, 1, 1) + timedelta(days=night),  # noqa: DTZ001
                "failure_rate": failed / 400,
                "p50": timedelta(seconds=median),
                "p95": timedelta(seconds=median * 3 * math.exp(rng.gauss(0, 0.1))),
                "throughput": rng.gauss(50, 6),
            }
        )
    return pl.DataFrame(rows)


def share_named(planted, nights, count, seed=0):
    """Return the share of series in which a change is named: any one in noise, else the planted."""
    rng = random.Random(f"{seed}-{planted}-{nights}")
    found = [cnb.trend_changes(series(planted, nights, rng)) for _ in range(count)]
    if planted is None:
        return sum(not changes.is_empty() for changes in found) / count
    return sum(planted in changes["metric"] for changes in found) / count


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print("| planted | 14 nights | 30 | 60 |\n|---|---:|---:|---:|")
    for name, planted in PLANTED.items():
        shares = (f"{share_named(planted, nights, many):.1%}" for nights in (14, 30, 60))
        print(f"| {name} | {' | '.join(shares)} |", flush=True)
