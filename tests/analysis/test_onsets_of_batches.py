"""Receipts of a batch share a time: they have no order, so nothing is known of runs within it."""

import random

import pytest
from support.frames import at, frame

from clinia_nb import failure_onsets


def bulk(size, batch, fails):
    """Return receipts in batches of about equal size, each received at one time."""
    made, time = [], 0
    while len(made) < size:
        for _ in range(batch()):
            bad = fails(time)
            made.append(
                {
                    "status": "FAILURE" if bad else "SUCCESS",
                    "received_at": at(time),
                    "error_type": "INTERNAL" if bad else None,
                }
            )
        time += 1
    return frame(*made)


def pattern(receipts):
    return failure_onsets(receipts, by="error_type")["pattern"].item()


@pytest.mark.parametrize("rate", [0.08, 0.3, 0.7])
@pytest.mark.parametrize("largest", [3, 12, 40, 90])
def test_independent_failures_in_batches_are_in_no_runs(largest, rate):
    found = []
    for seed in range(6):
        chance = random.Random(seed)
        receipts = bulk(
            1_500,
            lambda chance=chance: chance.randint(1, largest),
            lambda _, chance=chance: chance.random() < rate,
        )
        found.append(pattern(receipts))
    assert found.count("steady") >= 5, found


def test_batches_that_fail_as_a_whole_are_runs():
    chance = random.Random(4)
    broken = {time for time in range(400) if chance.random() < 0.2}
    assert pattern(bulk(2_000, lambda: 5, broken.__contains__)) == "runs"


def test_an_outage_is_found_among_batches():
    chance = random.Random(5)
    receipts = bulk(
        2_000, lambda: 20, lambda time: chance.random() < (0.7 if 40 <= time < 50 else 0.02)
    )
    onset = failure_onsets(receipts, by="error_type").row(0, named=True)
    assert onset["pattern"] == "burst"
    assert (onset["burst_begins"], onset["burst_ends"]) == (at(40), at(49))
