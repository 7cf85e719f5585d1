from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.frames import (
    SCHEMA,
    START,
    TIME,
    at,
    count_reads,
    frame,
    receipts,
    receipts_of_all_ages,
    shuffled,
)

from clinia_nb.analysis.failures import count_outcomes, failures_over_time, summarize_failures
from clinia_nb.analysis.intervals import choose_interval, parse_interval
from clinia_nb.errors import ColumnClashError, IntervalError, MissingColumnError
from clinia_nb.receipts.outcome import failed, outcome

OK = {"status": "SUCCESS"}
NOT_FOUND = {"status": "FAILURE", "error_type": "NOT_FOUND", "error_code": 404}
MIXED = frame(
    {**OK, "id": "r1", "received_at": at(0), "type": "clinic"},
    {**NOT_FOUND, "id": "r2", "received_at": at(1), "type": "clinic"},
    {**NOT_FOUND, "id": "r3", "received_at": at(12), "type": "patient", "error_message": "gone"},
    {**NOT_FOUND, "id": "r4", "received_at": at(2), "error_code": 410, "error_message": "first"},
    {"status": "SUCCESS", "id": "r5", "received_at": at(3), "error_type": "INTERNAL"},
    {"status": "FAILURE", "id": "r6"},
    {"status": "PENDING", "id": "r7", "received_at": at(4)},
    {"status": "CANCELLED", "id": "r8", "received_at": at(5)},
)
COUNTS = {
    "failures": pl.UInt32,
    "share": pl.Float64,
    "receipts": pl.UInt32,
    "failure_rate": pl.Float64,
    "share_of_receipts": pl.Float64,
    "first_seen": TIME,
    "last_seen": TIME,
    "error_codes": pl.List(pl.Int32),
    "example_message": pl.String,
    "example_id": pl.String,
}


def outcomes(*counts: int) -> pl.DataFrame:
    names = ["receipts", "succeeded", "failed", "cancelled", "pending", "other"]
    return pl.DataFrame([counts], schema=dict.fromkeys(names, pl.UInt32), orient="row")


def summary(*rows: tuple[object, ...], **keys: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={**keys, **COUNTS}, orient="row")


def test_outcomes_are_counted_apart():
    assert_frame_equal(count_outcomes(MIXED), outcomes(8, 1, 5, 1, 1, 0))


def test_outcomes_of_no_receipts_are_a_row_of_zeros():
    assert_frame_equal(count_outcomes(frame()), outcomes(0, 0, 0, 0, 0, 0))


@pytest.mark.parametrize("column", ["error_type", "error_code", "error_message", "error_details"])
@pytest.mark.parametrize("status", ["SUCCESS", "PENDING", "CANCELLED", None])
def test_any_error_column_makes_a_receipt_failed_whatever_its_status(status, column):
    receipt = frame({"status": status, column: 0 if column == "error_code" else ""})
    assert receipt.select(failed()).item() is True
    assert receipt.select(outcome()).item() == "failed"


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical, pl.Enum(["SUCCESS", "PENDING"])])
def test_status_may_be_any_kind_of_text(dtype):
    frame_ = pl.DataFrame({"status": pl.Series(["SUCCESS", None], dtype=dtype)})
    assert_frame_equal(count_outcomes(frame_), outcomes(2, 1, 0, 0, 0, 1))


def test_failures_are_summarized_by_error_type():
    expected = summary(
        ("NOT_FOUND", 3, 0.6, 3, 1.0, 0.375, at(1), at(12), [404, 410], "first", "r4"),
        ("INTERNAL", 1, 0.2, 1, 1.0, 0.125, at(3), at(3), [], None, "r5"),
        (None, 1, 0.2, 4, 0.25, 0.125, None, None, [], None, "r6"),
        error_type=pl.Categorical,
    )
    assert_frame_equal(summarize_failures(MIXED), expected)


def test_failures_are_summarized_by_several_columns_with_their_own_rate():
    expected = summary(
        (None, "PENDING", 1, 0.5, 2, 0.5, 0.25, at(7), at(7), [500], None, "b"),
        ("clinic", "PENDING", 1, 0.5, 1, 1.0, 0.25, at(7), at(7), [], "x", "a"),
        type=pl.Categorical,
        status=pl.Categorical,
    ).sort("type", nulls_last=True)
    given_ = frame(
        {"status": "PENDING", "id": "a", "type": "clinic", "received_at": at(7)}
        | {"error_message": "x"},
        {"status": "PENDING", "id": "b", "received_at": at(7), "error_code": 500},
        {"status": "PENDING", "id": "c"},
        {"status": "SUCCESS", "id": "d", "type": "clinic", "received_at": at(1)},
    )
    assert_frame_equal(summarize_failures(given_, by=["type", "status", "type"]), expected)


def test_the_example_is_one_receipt_the_earliest_with_a_message():
    same = {**NOT_FOUND, "received_at": at(1)}
    given_ = frame(
        {**NOT_FOUND, "id": "no message", "received_at": at(0)},
        {**same, "id": "z", "error_message": "a"},
        {**same, "id": "b", "error_message": "z"},
        {**NOT_FOUND, "id": "no time", "error_message": "a"},
    )
    row = summarize_failures(given_).row(0, named=True)
    assert (row["example_id"], row["example_message"]) == ("b", "z")


def test_no_keys_is_one_group():
    expected = summary((5, 1.0, 8, 0.625, 0.625, at(1), at(12), [404, 410], "first", "r4"))
    assert_frame_equal(summarize_failures(MIXED, by=[]), expected)


@pytest.mark.parametrize(
    "quiet", [frame(), frame(OK), frame({"status": "PENDING"}, {"status": "CANCELLED"}, {})]
)
def test_without_failures_the_answers_are_empty_with_the_full_schema(quiet):
    assert_frame_equal(summarize_failures(quiet), summary(error_type=pl.Categorical))
    assert_frame_equal(summarize_failures(quiet, by=[]), summary())
    over_time = {"interval_start": TIME, "error_type": pl.Categorical}
    expected = pl.DataFrame(schema={**over_time, "failures": pl.UInt32, "receipts": pl.UInt32})
    assert_frame_equal(failures_over_time(quiet), expected)


@pytest.mark.parametrize("by", ["received_at", "error_message", "error_code", "id", "status"])
def test_columns_that_the_summary_uses_itself_can_be_grouped_by(by):
    result = summarize_failures(MIXED, by=by)
    assert result.schema[by] == SCHEMA[by]
    assert result["failures"].sum() == 5


def test_lists_can_be_grouped_by():
    lists = MIXED.with_columns(tags=pl.Series([[1], [2], [1], None, [], [3], [1], [2]]))
    assert summarize_failures(lists, by="tags")["failures"].to_list() == [1, 1, 1, 1, 1]
    assert failures_over_time(lists, by="tags")["failures"].sum() == 5


def test_failures_over_time():
    expected = pl.DataFrame(
        [
            (START, "NOT_FOUND", 2, 6),
            (START, "INTERNAL", 1, 6),
            (at(10), "NOT_FOUND", 1, 1),
            (None, None, 1, 1),
        ],
        schema={
            "interval_start": TIME,
            "error_type": pl.Categorical,
            "failures": pl.UInt32,
            "receipts": pl.UInt32,
        },
        orient="row",
    )
    assert_frame_equal(failures_over_time(MIXED, every="10s"), expected)


def test_naive_and_foreign_times_are_given_in_utc():
    naive = MIXED.with_columns(
        pl.col("received_at").dt.replace_time_zone(None).dt.cast_time_unit("ns")
    )
    foreign = MIXED.with_columns(pl.col("received_at").dt.convert_time_zone("America/Montreal"))
    for other in (naive, foreign):
        assert_frame_equal(summarize_failures(other), summarize_failures(MIXED))
        assert_frame_equal(failures_over_time(other), failures_over_time(MIXED))


@pytest.mark.parametrize("function", [summarize_failures, failures_over_time])
def test_a_missing_column_is_named_with_what_is_there(function):
    with pytest.raises(MissingColumnError) as caught:
        function(MIXED, by="eror_type")
    assert caught.value.missing == ("eror_type",)
    assert caught.value.available == tuple(SCHEMA)
    with pytest.raises(MissingColumnError) as caught:
        function(MIXED.lazy().drop("status", "received_at"), by="type")
    assert caught.value.missing == ("status", "received_at")


@pytest.mark.parametrize("function", [summarize_failures, failures_over_time])
def test_a_key_named_like_a_column_of_the_answer_is_refused(function):
    with pytest.raises(ColumnClashError, match="'failures', 'receipts'"):
        function(MIXED, by=["failures", "type", "receipts"])


@pytest.mark.parametrize(
    ("every", "parsed"),
    [
        ("250us", ("250us", 250)),
        ("1h30m", ("5400000000us", 5_400_000_000)),
        ("2w", ("2w", 1_209_600_000_000)),
        ("1q", ("3mo", 7_257_600_000_000)),
        ("1y", ("12mo", 29_030_400_000_000)),
    ],
)
def test_intervals_are_parsed(every, parsed):
    assert parse_interval(every) == parsed


@pytest.mark.parametrize(
    "every",
    [
        *("", "0s", "1", "h", "-1h", "1 h", "1H", "1h\n", "1ns", "1i", "1mo1d", "٣s"),
        *("9" * 5000 + "s", "999999999999999999w", "999999999999y", 5, ["1h"]),
    ],
)
def test_unusable_intervals_are_refused_with_examples(every):
    with pytest.raises(IntervalError, match="such as '500ms', '10s'"):
        failures_over_time(MIXED, every=every)


@pytest.mark.parametrize(
    ("seconds", "every"),
    [
        *[(0, "1ms"), (0.06, "1ms"), (0.061, "2ms"), (60, "1s"), (3600, "1m")],
        *[(86_400, "30m"), (86_400 * 365 * 60, "365d"), (86_400 * 365 * 61, "730d")],
        (86_400 * 365 * 301, "3650d"),
        (86_400 * 365 * 7000, "73000d"),
    ],
)
def test_a_round_interval_is_chosen(seconds, every):
    first = at(0).replace(year=1000)
    last = first + timedelta(seconds=seconds)
    assert choose_interval(first, last) == every
    assert choose_interval(last, first) == every
    assert choose_interval(None, first) == "1ms"


@given(st.datetimes(), st.datetimes(), st.integers(1, 100))
def test_a_chosen_interval_never_gives_many_more_than_hoped(first, last, target):
    microseconds = parse_interval(choose_interval(first, last, target=target))[1]
    assert abs(last - first) / timedelta(microseconds=1) <= target * microseconds


@given(receipts(), st.sampled_from(["type", "error_type", "error_code", "received_at"]))
def test_totals_add_up(random, by):
    counts = count_outcomes(random).row(0, named=True)
    assert counts.pop("receipts") == random.height == sum(counts.values())
    groups = summarize_failures(random, by=by)
    assert groups["failures"].sum() == counts["failed"]
    assert groups["share"].sum() == pytest.approx(1.0 if counts["failed"] else 0.0)
    assert groups.filter(pl.col("failures") > pl.col("receipts")).is_empty()
    for every in (None, "7s", "1w", "2mo"):
        over_time = failures_over_time(random, every=every, by="type")
        assert over_time["failures"].sum() == counts["failed"]
        known = over_time.filter(pl.col("interval_start").is_not_null())
        with_time = random.filter(failed() & pl.col("received_at").is_not_null())
        assert known["failures"].sum() == with_time.height


@pytest.mark.parametrize("function", [count_outcomes, summarize_failures, failures_over_time])
def test_a_lazy_frame_is_read_once(function):
    lazy, reads = count_reads(MIXED)
    function(lazy)
    assert len(reads) == 1


@given(receipts(), st.integers(0, 2**32))
def test_neither_order_nor_laziness_matters_and_the_input_stays(random, seed):
    before = random.clone()
    for function in (count_outcomes, summarize_failures, failures_over_time):
        expected = function(random)
        assert_frame_equal(function(shuffled(random, seed)), expected)
        assert_frame_equal(function(random.lazy()), expected)
    assert_frame_equal(random, before)


@given(receipts(), st.sampled_from(["type", "error_type"]))
def test_receipts_that_come_in_pieces_are_summarized_as_a_whole(random, by):
    pieces = pl.concat([piece.lazy() for piece in random.iter_slices(2)] or [random.lazy()])
    assert_frame_equal(summarize_failures(pieces, by=by), summarize_failures(random, by=by))


@given(receipts_of_all_ages())
def test_centuries_are_divided_too(random):
    over_time = failures_over_time(random)
    assert over_time["failures"].sum() == random.select(failed().sum()).item()
