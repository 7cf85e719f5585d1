"""Names of one word, two or many in one place: one problem, plain and redacted."""

from __future__ import annotations

import pytest
from support.frames import frame
from support.problems import repeated

from clinia_nb import SignatureCatalog, with_signatures

NAMES = ("Larch", "Pantry", "Foyer", "Attic", "Loft", "Brook House", "House of the Old Mill")


def named(template, times=3):
    return [template.format(name, number) for number in range(times) for name in NAMES]


ONE_PROBLEM = {
    "in the middle": named("desk {} of hall {} is shut"),
    "in the beginning": named("{} is shut since noon"),
    "behind a capitalized word": named("Closing {} for guest {}"),
    "in the end": named("tray {1} went to {0}"),
}
TWO_PROBLEMS = {
    "what happened, with capitals": [
        *named("gate {} of hall {} is shut"),
        *repeated("gate Not Ready of hall {} is shut", times=6),
    ],
    "a state behind a value": [
        *named("lamp {} of hall {} is lit"),
        *(f"lamp {name} READY of hall 7 is lit" for name in NAMES[:5]),
    ],
    "causes": repeated("tray {} broke: Bent Lid", "tray {} broke: Rust"),
}


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_names_of_any_length_make_one_problem(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_states_and_causes_make_two_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2


def test_a_longer_name_in_the_next_bulk_is_a_known_problem():
    monday, tuesday = (
        frame(*({"status": "FAILURE", "error_message": text} for text in texts))
        for texts in (
            [f"desk {name} of hall 7 is shut" for name in NAMES[:5]],
            ["desk Upper Orchard House of hall 9 is shut"],
        )
    )
    known = SignatureCatalog.from_receipts(monday)
    signed = with_signatures(tuesday, known=known)["signature"].unique()
    assert signed.to_list() == ["desk <value> of hall <number> is shut"]
