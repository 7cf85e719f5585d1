"""What was signed lately is not signed again, and is what it would be."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal
from support.examples import examples

from clinia_nb.signatures import lately, message_signatures
from clinia_nb.signatures.messages import sign_messages

TEXTS = st.sampled_from(["no bed 7", "no bed 9", "no right for ann", "no right for bob", " ", None])
ROWS = st.lists(st.tuples(TEXTS, st.sampled_from(["A", "B", None])), max_size=8)


@pytest.fixture(autouse=True)
def fresh():
    lately.forget_signings()
    yield
    lately.forget_signings()


def series(*texts):
    return pl.Series("message", texts, dtype=pl.String)


@examples(20)
@given(st.lists(ROWS, min_size=2, max_size=6))
def test_signatures_do_not_depend_on_what_was_signed_before(bulks):
    for rows in [*bulks, *bulks]:
        messages = series(*(text for text, _ in rows))
        scopes = pl.Series("scope", [scope for _, scope in rows], dtype=pl.String)
        for given_scopes in (scopes, None):
            found, _ = lately.sign_once(messages, scopes=given_scopes)
            assert_series_equal(found, sign_messages(messages, scopes=given_scopes)[0])


def test_equal_messages_are_signed_once_whatever_the_series_is_called():
    first = lately.sign_once(series("no bed 7", "no bed 9"))
    assert lately.sign_once(series("no bed 7", "no bed 9").alias("error_message")) is first


def test_another_order_scope_catalog_or_purpose_is_signed_by_itself():
    texts = series("no bed 7", "no right for ann")
    known = pl.DataFrame({"pattern": ["no bed"], "signature": ["no bed <number>"]})
    others = [
        (texts, {}),
        (texts.reverse(), {}),
        (texts, {"scopes": pl.Series(["A", "B"])}),
        (texts, {"scopes": pl.Series(["B", "A"])}),
        (texts, {"discreet": True}),
        (texts, {"known": known}),
        (texts, {"known": known.reverse().with_columns(signature=pl.lit("no bed"))}),
        (texts.cast(pl.Categorical), {}),
    ]
    found = [lately.sign_once(messages, **options) for messages, options in others]
    assert len({id(one) for one in found}) == len(others)
    for (messages, options), one in zip(others, found, strict=True):
        assert lately.sign_once(messages, **options) is one


def test_what_is_kept_is_bounded_and_what_was_asked_last_stays():
    many = [pl.Series([None] * 900_000 + [text], dtype=pl.String) for text in ("a", "b", "c")]
    first, second = (lately.sign_once(messages) for messages in many[:2])
    assert lately.sign_once(many[0]) is first
    lately.sign_once(many[2])
    assert lately.sign_once(many[0]) is first
    assert lately.sign_once(many[1]) is not second


def test_a_series_that_is_changed_in_place_changes_no_later_answer():
    messages = series("no bed 7", "no bed 9")
    first = message_signatures(messages)
    first[0] = "mine"
    first.append(series("more"))
    first.rename("mine")
    assert message_signatures(messages).to_list() == ["no bed <number>"] * 2
