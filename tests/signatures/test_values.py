from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.examples import examples

from clinia_nb.signatures import message_signatures, message_values

SCHEMA = {
    "row": pl.UInt32, "position": pl.UInt32, "placeholder": pl.String,
    "before": pl.String, "after": pl.String, "value": pl.String,
}  # fmt: skip


def values(*pairs):
    messages = pl.Series([message for message, _ in pairs], dtype=pl.String)
    signatures = pl.Series([signature for _, signature in pairs], dtype=pl.String)
    return message_values(messages, signatures)


def test_each_value_is_named_by_its_place_and_its_surroundings():
    found = values(
        ("ward 'St. Anne' has 12 beds", "ward <name> has <number> beds"),
        ("no message", None),
        ("closed", "closed"),
        ("ward 'B' has 7 beds", "ward <name> has <number> beds"),
    )
    expected = pl.DataFrame(
        [
            (0, 0, "<name>", "ward", "has", "St. Anne"),
            (0, 1, "<number>", "has", "beds", "12"),
            (3, 0, "<name>", "ward", "has", "B"),
            (3, 1, "<number>", "has", "beds", "7"),
        ],
        schema=SCHEMA,
        orient="row",
    )
    assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("  lost   record\t7f-9 \n for good", ["7f-9"]),  # white space is not kept
        ('{"code": 7, "with": "St. Anne"}', ["7", "St. Anne"]),  # nor are the quotes of labels
        ("read 3 sample(s) from /a/b.csv", ["3", "/a/b.csv"]),
        ("state moved OPEN -> CLOSED at last", ["OPEN -> CLOSED"]),
        ("user=ann host= code=9", ["ann", "9"]),  # nothing stood behind host
        ("予約R72309525を登録しました", ["R72309525"]),
        ("ward org.acme.beds.Lift@5e91c0fa hangs", ["5e91c0fa"]),  # a name of its class
        ("a\nb 'c\ufeff'", ["c\ufeff"]),
        ("no insert (ORA-01400) for bed-7 [ORA-01]", ["bed-7"]),  # nor are the brackets of codes
        ('[PATCH] "/beds/7" came twice, (HEAD) "/beds/9" once', ["/beds/7", "/beds/9"]),
        ('call reason="no slot 9 left"', ["9"]),  # the equals sign is not kept
    ],
)
def test_values_of_a_message_under_its_own_signature(message, expected):
    messages = pl.Series([message])
    found = message_values(messages, message_signatures(messages))
    assert found["value"].to_list() == expected


def test_messages_of_another_wording_have_no_values():
    found = values(("beds: 12", "ward <name> has <number> beds"), ("", "<id>"))
    assert_frame_equal(found, pl.DataFrame(schema=SCHEMA))


def test_frequent_words_are_values_too():
    messages = pl.Series([f"no right for {name} to write" for name in ("ann", "bob", "cho", "dee")])
    found = message_values(messages, message_signatures(messages))
    assert found["value"].to_list() == ["ann", "bob", "cho", "dee"]
    assert set(found["before"]) == {"no right for"}


@examples(10)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=16))
def test_any_text_yields_values_that_stand_in_it(texts):
    messages = pl.Series(texts, dtype=pl.String)
    found = message_values(messages, message_signatures(messages))
    assert found.schema == pl.Schema(SCHEMA)
    for row, value in found.select("row", "value").iter_rows():
        assert value in texts[row]


@pytest.mark.parametrize(("places", "read"), [(40, 40), (41, 0), (400, 0)])
def test_a_message_of_very_many_values_is_not_taken_apart(places, read):
    """The time that a pattern takes grows with its groups, to seconds for a single message."""
    found = values(("k=v;" * places, "k=<name>;" * places))
    assert found.height == read
