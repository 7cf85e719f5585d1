"""Words seen once, lists of one, and names of several words, plain and redacted."""

from __future__ import annotations

import pytest
from support.problems import problem_counts

ONE_PROBLEM = {
    "a word beside lists": [
        f"lacks grants ({grants}) on row {number}"
        for number in range(12)
        for grants in ("select, insert", "select")
    ],
    "a name beside another, seen once": [
        *(f"tray of Okafor left ward {number}" for number in range(40)),
        "tray of Abadi left ward 7",
    ],
}
TWO_PROBLEMS = {
    "a state seen once behind a preposition": [
        *(f"valve {number} was set to open at last" for number in range(300)),
        "valve 7 was set to closed at last",
    ],
    "a function seen once": [
        *(f"stray write in free_tray+0x{number:x}/0x90" for number in range(300)),
        "stray write in load_tray+0x1c/0x40",
    ],
}


@pytest.fixture(scope="module")
def counts():
    return problem_counts(ONE_PROBLEM | TWO_PROBLEMS)


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_values_make_one_problem(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_words_make_two_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2
