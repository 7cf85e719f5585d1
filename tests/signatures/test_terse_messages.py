"""Messages of few words: what the last one says, letters, absent values, arrows, rates."""

from __future__ import annotations

import pytest
from support.problems import problem_counts

PROBLEMS = {  # and how many there are
    "signals of a device": (
        [f"PX-{n} < {word}" for n in range(9) for word in ("SYN", "STX", "ETX", "online")],
        4,
    ),
    "steps, each said of an item": (
        [f"Item   {n}A {word}" for n in range(9) for word in "packed weighed sealed sent".split()],
        4,
    ),
    "a step beside a result": (
        [f"Item   {n}A {word}" for n in range(9) for word in ("packed", "weighed", "sealed")]
        + [f"Item   {n}: ended, 0x{n:08x}" for n in range(9)],
        4,
    ),
    "letters of drives": (
        [f"drive {letter}: {n} MB left of {n} GB" for n in range(9) for letter in "KQW"],
        1,
    ),
    "states, the same in failures of another type": (
        [f"tray {word} with {n} cups" for n in range(9) for word in ("tilted", "wet", "jammed")],
        3,
    ),
    "a coined name beside ids": (
        [f"{name} ended well" for n in range(9) for name in (f"job-{n}7", f"q{n}.cup", "dusk-qlx")],
        1,
    ),
    "a compound of known words beside ids": (
        [f"{word} trays stay on rack {n}" for n in range(9) for word in (f"qz{n}", "read-only")],
        2,
    ),
    "two words behind an acronym, seen once": (
        [f"vet w{n} KQ: {word}" for n in range(99) for word in ("fine", "late")]
        + ["vet w7 KQ: late, urgent"],
        3,
    ),
    "states of a device, most seen once": (
        [f"Urio {n} {word}" for n, word in enumerate(["> STX"] * 9 + ["< ETX", "idle", "> SYN"])],
        4,
    ),
    "names of players, seen once": ([f"unpaused {name}" for name in ("w4ve", "[kq] river")], 2),
    "a stage with a preposition in its name, beside others": (
        [f"Stage {name} stored" for name in ("on-duty", "weighing", "qz-7", "post-wash")] * 9,
        1,
    ),
    "an absent value": (
        [f"modem {kind} at level {n}" for n in range(9) for kind in ("4x", "5x", "6x", "none")],
        1,
    ),
    "hyphens around an arrow": (
        [f"link {n}: {way} is up" for n in range(9) for way in ("EA-N -> EB-S", "B7 -> C4")],
        1,
    ),
    "rates of many units": (
        [f"flow {n}.4 {unit} in tray {n}" for n in range(9) for unit in ("kU/l", "mmol/l")],
        1,
    ),
}


@pytest.fixture(scope="module")
def counts():
    return problem_counts({name: messages for name, (messages, _) in PROBLEMS.items()})


@pytest.mark.parametrize("case", PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_terse_messages_have_their_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == PROBLEMS[case][1]
