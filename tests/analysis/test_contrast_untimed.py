"""Receipts without a time are no evidence that failures concentrate in a stretch of time."""

import random

import polars as pl
import pytest
from support.frames import at, frame

from clinia_nb import contrast_failures


def bulk(seed, *, fails, timed, size=500, kind=lambda _: "clinic"):
    """Return receipts that fail and have a time with the chances given for a place, 0 to 1."""
    chance = random.Random(seed)
    made = []
    for number in range(size):
        named = {"type": kind(number), "status": "SUCCESS", "action": "CREATE"}
        if chance.random() < timed(number / size, named["type"]):
            named["received_at"] = at(number)
        if chance.random() < fails(number / size, named):
            named |= {"status": "FAILURE", "error_type": "INTERNAL"}
        made.append(named)
    return frame(*made)


def stretches(receipts):
    leads = contrast_failures(receipts)
    clock = (pl.col("attribute_1") == "received_at") | (pl.col("attribute_2") == "received_at")
    return leads.filter(clock.fill_null(value=False))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_failures_that_alone_have_a_time_are_in_no_stretch(share):
    found = [
        stretches(
            bulk(
                seed,
                fails=lambda _, row: 0.2 if "received_at" in row else 0.0,
                timed=lambda *_: share,
            )
        ).height
        for seed in range(12)
    ]
    assert sum(found) <= 1


def test_the_same_holds_for_a_value_within_a_stretch():
    found = [
        stretches(
            bulk(
                seed,
                kind=lambda number: "clinic" if number % 2 else "patient",
                fails=lambda _, row: 0.4 * ("received_at" in row and row["type"] == "clinic"),
                timed=lambda _, kind: 0.4 if kind == "clinic" else 0.9,
            )
        ).height
        for seed in range(12)
    ]
    assert sum(found) <= 1


def test_a_stretch_is_found_among_those_that_have_a_time():
    receipts = bulk(
        1, fails=lambda place, _: 0.6 if 0.4 < place < 0.5 else 0.01, timed=lambda *_: 0.7
    )
    lead = stretches(receipts).row(0, named=True)
    assert at(180) <= lead["begins"] < lead["ends"] <= at(260)
    assert lead["failure_rate"] > 0.4
