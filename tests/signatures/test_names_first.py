"""Names that begin a message: of programs, users and patients; what they do stays apart."""

from __future__ import annotations

import polars as pl
import pytest
from support.frames import frame

import clinia_nb as cnb
from clinia_nb import message_signatures, with_signatures

PROGRAMS = ("rotad", "wardsd", "cotsyncd", "triagerd", "zpoold", "labbusd")
USERS = ("okafor", "abadi", "lindqvist", "kovac", "heuvel")


def each(names, *ends):
    return [f"{name} {end}" for name in names for end in ends]


ONE_PROBLEM = {
    "programs": each(PROGRAMS, "vacuum broke off"),
    "users": each(USERS, "signature was void"),
    "three users, again and again": each(USERS[:3] * 9, "signature was void"),
    "pairs of names, some seen once": [
        *(f"{name.title()}, Ines moved out" for name in USERS * 5),
        "Tomasz, Ines moved out",
    ],
}
TWO_PROBLEMS = {
    "programs, two events": each(PROGRAMS, "vacuum failed", "upgrade failed"),
    "three programs": each(PROGRAMS[:3] * 9, "vacuum ended", "upgrade ended"),
    "users, two events": each(USERS, "checkout failed", "checkin failed"),
}


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_names_that_come_first_are_values(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_what_happened_to_them_stays_apart(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2


def test_first_words_of_the_language_are_no_names():
    messages = pl.Series(["bed is full", "ward is full", "desk is full"] * 5)
    assert message_signatures(messages).n_unique() == 3


def test_known_words_among_masked_names_leave_a_redacted_problem_whole():
    names = ["zorblat", "quimpel", "vrandok", "meltriss", "ward"]
    messages = [f"{name} rollback succeeded" for name in names for _ in range(4)]
    bulk = frame(*({"status": "FAILURE", "error_message": text} for text in messages))
    redacted = with_signatures(bulk.with_columns(cnb.redact(bulk)["error_message"]))
    assert redacted["signature"].n_unique() == with_signatures(bulk)["signature"].n_unique() == 1
