"""Planted causes are found, and bulks without a cause raise no alarm; see benchmarks/leads.py."""

from __future__ import annotations

import random

import pytest
from support.examples import seeds
from support.planted import CAUSES, WITHOUT_CAUSE

from clinia_nb.analysis.contrast import contrast_failures, lead_filter
from clinia_nb.analysis.onsets import failure_onsets


def seeded(make):
    return [make(random.Random(f"{make.__name__}-{number}")) for number in seeds(4)]


@pytest.mark.parametrize("make", CAUSES, ids=lambda make: make.__name__)
def test_a_planted_cause_is_the_best_lead_and_has_its_pattern(make):
    for planted in seeded(make):
        leads = contrast_failures(planted.receipts)
        assert all(word in leads["condition"][0] for word in planted.words)
        pattern = failure_onsets(planted.receipts, by="error_type")["pattern"][0]
        assert not planted.patterns or pattern in planted.patterns
        inside = planted.receipts.filter(lead_filter(leads))
        assert inside.height == leads["receipts"][0]


@pytest.mark.parametrize("make", WITHOUT_CAUSE, ids=lambda make: make.__name__)
def test_a_bulk_without_a_cause_raises_no_alarm(make):
    alarms = 0
    for planted in seeded(make):
        pattern = failure_onsets(planted.receipts, by="error_type")["pattern"][0]
        alarms += contrast_failures(planted.receipts).height > 0
        alarms += pattern not in planted.patterns
    assert alarms == 0


def test_the_bursts_of_a_problem_are_the_stretches_where_it_concentrates():
    several = next(make for make in CAUSES if make.__name__ == "several_outages")
    for planted in seeded(several):
        (onset,) = failure_onsets(planted.receipts, by="error_type").iter_rows(named=True)
        leads = contrast_failures(planted.receipts, by="error_type").sort("begins")
        assert leads["begins"].to_list() == onset["all_begin"]
        assert leads["ends"].to_list() == onset["all_end"]
