"""Lists of one item, two or many: one problem, plain and redacted, in the next bulk too."""

from __future__ import annotations

import itertools

import polars as pl
import pytest
from support.frames import frame
from support.problems import repeated

from clinia_nb import SignatureCatalog, message_signatures, with_signatures
from clinia_nb.signatures import message_values

NAMES = ("okafor", "kovac", "lindqvist", "tomasz")


def each(*templates, times=9):
    return [template.format(number) for number in range(times) for template in templates]


ONE_PROBLEM = {
    "subject and verb": each(
        'grant "g{0}" is void for desk {0}', 'grants "g{0}" and "h{0}" are void for desk {0}'
    ),
    "verb in the past": each("tray 'a{0}' was lost", "trays 'a{0}', 'b{0}' and 'c' were lost"),
    "plural of a label": each("no column 'c{0}' at row {0}", "no columns 'c', 'd' at row {0}"),
    "verb without is": each("rack <r{0}> does not fit", "racks <r{0}>, <q{0}> do not fit"),
    "German": each("Saal 'x{0}' ist belegt", "Saal 'x{0}' und 'y{0}' sind belegt"),
    "keys in braces": each(
        "no row for {{bed={0}}} yet",
        "no row for {{bed={0}, hall={0}}} yet",
        "no row for {{hall={0}, day={0}}} yet",
    ),
    "flags behind an equals sign": each(
        "link={0} mode=<RX> is down",
        "link={0} mode=<RX,TX> is down",
        "link={0} mode=<RX,TX,LOOP> is down",
    ),
    "names seen again and again": [
        f"countersigned by {names} on row {number}"
        for number, (first, last) in enumerate(itertools.permutations(NAMES, 2))
        for names in (first, f"{first} and {last}", f"{last}, abadi and {first}")
    ],
}
TWO_PROBLEMS = {
    "another verb beside a list": repeated(
        'trays "a{0}" and "b{0}" are lost', 'tray "a{0}" is stained'
    ),
    "another key of one": repeated("no cot at {{bed={0}}} yet", "no cot at {{hall={0}}} yet"),
    "keys and nothing else": repeated("[a={0}, b={0}]", "[c={0}, d={0}, e={0}]"),
}


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_lists_of_any_length_make_one_problem(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_other_words_make_two_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2


def test_the_signature_reads_like_a_list_of_one():
    messages = pl.Series(['tray "a" is lost', 'trays "b" and "c" are lost'] * 4)
    assert message_signatures(messages).unique().to_list() == ["tray <name> is lost"]


def test_the_items_of_a_longer_list_are_one_value():
    messages = pl.Series(['tray "a" is lost', 'trays "b" and "c" are lost'])
    found = message_values(messages, message_signatures(messages))
    assert found["value"].to_list() == ["a", 'b" and "c']


def test_a_longer_list_in_the_next_bulk_is_a_known_problem():
    monday, tuesday = (
        frame(*({"status": "FAILURE", "error_message": text.format(n)} for n in range(5)))
        for text in ("tray 'a{}' is lost", "trays 'a{}' and 'b' are lost")
    )
    known = SignatureCatalog.from_receipts(monday)
    signed = with_signatures(tuesday, known=known)["signature"].unique()
    assert signed.to_list() == ["tray <name> is lost"]
