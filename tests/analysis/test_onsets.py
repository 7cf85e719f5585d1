from __future__ import annotations

import random
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.examples import examples
from support.frames import (
    TIME,
    at,
    count_reads,
    frame,
    receipts,
    receipts_of_all_ages,
    shuffled,
    took,
)

from clinia_nb.analysis.onsets import PATTERNS, failure_onsets
from clinia_nb.errors import ColumnClashError, MissingColumnError
from clinia_nb.receipts.outcome import failed
from clinia_nb.receipts.parse import parse_receipts
from clinia_nb.sandbox.generator import generate_bulk

ONSETS = {
    "failures": pl.UInt32,
    "untimed": pl.UInt32,
    "first_seen": TIME,
    "last_seen": TIME,
    "pattern": pl.Enum(PATTERNS),
    "burst_begins": TIME,
    "burst_ends": TIME,
    "burst_share": pl.Float64,
    "burst_rate": pl.Float64,
    "other_rate": pl.Float64,
    "start_rate": pl.Float64,
    "end_rate": pl.Float64,
    "goes_on": pl.Boolean,
    "throughput_ratio": pl.Float64,
    "latency_ratio": pl.Float64,
    "all_begin": pl.List(TIME),
    "all_end": pl.List(TIME),
}


def load(size, failing, *, second=lambda index: index, lasted=lambda _: 1.0, error="INTERNAL"):
    """Return a bulk whose receipts at the places `failing` failed, one received per second."""
    hit = set(failing)
    return frame(
        *(
            {
                "status": "FAILURE" if index in hit else "SUCCESS",
                "received_at": at(second(index)),
                "completed_at": at(second(index)) + took(lasted(index)),
                "error_type": error if index in hit else None,
            }
            for index in range(size)
        )
    )


def onset(bulk):
    return failure_onsets(bulk, by="error_type").row(0, named=True)


def expected(*rows, **keys):
    return pl.DataFrame(list(rows), schema={**keys, **ONSETS}, orient="row")


def test_a_burst_above_a_background():
    burst = range(40, 63, 2)
    bulk = load(100, [5, 80, *burst], lasted=lambda index: 3.0 if 40 <= index < 63 else 1.0)
    extra = frame({"status": "FAILURE", "error_type": "INTERNAL"}, {"error_type": "NOT_FOUND"})
    times, rates = (at(5), at(80), "burst", at(40), at(62)), (12 / 14, 12 / 23, 2 / 77)
    rows = (
        ("INTERNAL", 15, 1, *times, *rates, 0.1, 0.0, True, 1.0, 3.0, [at(40)], [at(62)]),
        ("NOT_FOUND", 1, 1, None, None, "too_few", *[None] * 12),
    )
    result = failure_onsets(pl.concat([bulk, extra]), by="error_type")
    assert_frame_equal(result, expected(*rows, error_type=pl.Categorical))


@pytest.mark.parametrize("seed", range(6))
def test_the_planted_outage_is_found_where_it_was_planted(seed):
    bulk = generate_bulk("outage", receipts=3_000, seed=seed)
    outage, background, bad_date = bulk.causes
    receipts_ = parse_receipts(bulk.body, source_key="s", bulk_id="b")
    timeout, schema = failure_onsets(receipts_, by="error_type").iter_rows(named=True)
    assert timeout["failures"] == outage.failures + background.failures
    assert timeout["pattern"] == "burst"
    # A receipt comes every half second, and one in five of the outage succeeded.
    assert abs(timeout["burst_begins"] - outage.begins) <= timedelta(seconds=5)
    assert abs(timeout["burst_ends"] - outage.ends) <= timedelta(seconds=5)
    assert timeout["burst_rate"] == pytest.approx(0.8, abs=0.06)
    assert timeout["other_rate"] == pytest.approx(0.012, abs=0.006)
    assert timeout["goes_on"]
    assert timeout["throughput_ratio"] == pytest.approx(1, abs=0.05)
    assert timeout["latency_ratio"] > 10
    assert (schema["failures"], schema["pattern"]) == (bad_date.failures, "steady")
    assert schema["goes_on"]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_planted_over_the_whole_bulk_is_steady_and_goes_on(seed):
    bulk = generate_bulk("mixed", receipts=3_000, seed=seed)
    receipts_ = parse_receipts(bulk.body, source_key="s", bulk_id="b")
    onsets = failure_onsets(receipts_, by="error_type")
    assert onsets["pattern"].to_list() == ["steady"] * 6
    assert onsets["goes_on"].all()
    assert onsets["burst_begins"].null_count() == 6


@pytest.mark.parametrize(
    ("failing", "pattern", "goes_on"),
    [
        (range(100, 130), "burst", False),
        ([*range(100, 130), 300], "burst", True),
        ([*range(100, 130), 135, 140, 150], "burst", False),
        (range(300, 400), "from_then_on", True),
        (range(300, 400, 3), "from_then_on", True),
        (range(300, 400, 7), "from_then_on", True),
        (range(300, 380), "burst", False),
        (range(30), "until_then", False),
        (range(0, 150, 3), "until_then", False),
        ([*range(30), 200, 350], "until_then", True),
        (range(0, 400, 20), "steady", True),
        (range(400), "steady", True),
        (range(0, 340, 20), "steady", True),
        (range(0, 160, 20), "steady", False),
        (range(0, 100, 20), "steady", False),
        ([100], "too_few", None),
        ([399], "too_few", None),
        ([100, 101], "too_few", False),
        ([100, 200], "too_few", True),
        ([100, 200, 300, 390], "too_few", True),
    ],
)
def test_shapes(failing, pattern, goes_on):
    found = onset(load(400, failing))
    assert (found["pattern"], found["goes_on"]) == (pattern, goes_on)


@given(st.data())
def test_a_clear_burst_begins_and_ends_to_the_receipt(data):
    size = data.draw(st.integers(60, 200))
    length = data.draw(st.integers(8, size // 2))
    begin = data.draw(st.integers(0, size - length))
    found = onset(load(size, range(begin, begin + length)))
    assert (found["burst_begins"], found["burst_ends"]) == (at(begin), at(begin + length - 1))
    assert (found["burst_share"], found["burst_rate"], found["other_rate"]) == (1, 1, 0)


@pytest.mark.parametrize(("size", "length"), [(60, 20), (60, 24), (67, 28), (81, 32), (198, 80)])
def test_a_bulk_that_fails_whole_until_it_recovers_is_no_ramp(size, length):
    assert onset(load(size, range(length)))["pattern"] == "until_then"
    assert onset(load(size, range(size - length, size)))["pattern"] == "from_then_on"


def test_a_short_burst_is_found_in_a_noisy_bulk():
    chance = random.Random(3)
    noise = [index for index in range(20_000) if chance.random() < 0.05]
    burst = [index for index in range(7_000, 7_060) if index % 10]
    found = onset(load(20_000, {*noise, *burst}))
    assert (found["pattern"], found["goes_on"]) == ("burst", True)
    assert abs(found["burst_begins"] - at(7_001)) <= took(5)
    assert abs(found["burst_ends"] - at(7_059)) <= took(5)


def test_a_load_that_comes_in_bursts_makes_no_burst_of_failures():
    def second(index):
        return index * 60 if index < 50 else 3_000 + index / 100

    bulk = load(1_000, range(0, 1_000, 10), second=second)
    assert onset(bulk)["pattern"] == "steady"
    # Per second, though, nine in ten failures crowd into ten seconds of fifty minutes.
    seconds = bulk.filter(failed())["received_at"]
    assert (seconds >= at(3_000)).mean() == 0.95


def test_failures_that_are_placed_by_chance_have_no_burst_and_go_on():
    chance = random.Random(11)
    groups = [f"G{number}" for number in range(400)]
    rows = [
        {"status": "FAILURE" if error else "SUCCESS", "received_at": at(index), "error_type": error}
        for index in range(20_000)
        for error in [chance.choice(groups) if chance.random() < 0.5 else None]
    ]
    onsets = failure_onsets(frame(*rows), by="error_type")
    assert onsets.height == 400
    # Promised are 1 in 1,000 with a burst, and about 1 in 100 that seem to have ended.
    assert (onsets["pattern"] == "steady").sum() >= 399
    assert 0 < (~onsets["goes_on"]).sum() <= 12


def test_throughput_is_compared():
    def second(index):
        return (
            index if index < 100 else 100 + (index - 100) * 4 if index < 150 else 300 + index - 150
        )

    found = onset(load(400, range(100, 150), second=second))
    assert (found["burst_begins"], found["burst_ends"]) == (at(100), at(296))
    assert found["throughput_ratio"] == pytest.approx((49 / 196) / (350 / (549 - 196)))


@pytest.mark.parametrize("lasted", [lambda _: 0.0, lambda index: -1.0])
def test_latency_is_not_compared_where_durations_say_nothing(lasted):
    found = onset(load(200, range(100, 140, 2), lasted=lasted))
    assert found["pattern"] == "burst"
    assert found["latency_ratio"] is None


def test_own_failures_do_not_count_as_latency_of_others():
    own = range(100, 140, 2)
    slow = load(200, own, lasted=lambda index: 30.0 if index in own else 2.0)
    assert onset(slow)["latency_ratio"] == 1.0


def test_what_is_too_little_to_compare_is_null():
    found = onset(load(100, range(40, 48)))
    assert found["pattern"] == "burst"
    assert (found["throughput_ratio"], found["latency_ratio"]) == (None, None)


def test_equal_times_have_no_order():
    same = load(100, range(30), second=lambda _: 0)
    found = onset(same)
    assert (found["pattern"], found["goes_on"]) == ("steady", True)
    assert (found["first_seen"], found["last_seen"]) == (at(0), at(0))
    # All of the hundred at second 50 stand at one place, wherever they are in the frame.
    instant = load(300, range(150, 190), second=lambda index: 50 if 100 <= index < 200 else index)
    found = onset(instant)
    assert (found["burst_begins"], found["burst_ends"]) == (at(50), at(50))
    assert (found["burst_rate"], found["throughput_ratio"]) == (40 / 101, None)


def test_signatures_are_made_where_they_are_not():
    bulk = frame(
        {"status": "FAILURE", "error_message": "no clinic 7", "received_at": at(0)},
        {"status": "FAILURE", "error_message": "no clinic 12", "received_at": at(1)},
        {"status": "FAILURE", "error_message": "boom", "received_at": at(0)},
        {"status": "SUCCESS", "received_at": at(2)},
    )
    assert failure_onsets(bulk)["failures"].to_list() == [2, 1]
    own = bulk.with_columns(signature=pl.Series(["x", "x", "x", None]))
    assert failure_onsets(own).select("signature", "failures").rows() == [("x", 3)]


@pytest.mark.parametrize("quiet", [frame(), frame({"status": "SUCCESS"}), frame({})])
def test_without_failures_the_answer_is_empty_with_the_full_schema(quiet):
    assert_frame_equal(failure_onsets(quiet), expected(signature=pl.String))
    assert_frame_equal(failure_onsets(quiet, by=[]), expected())
    both = expected(type=pl.Categorical, error_code=pl.Int32)
    assert_frame_equal(failure_onsets(quiet, by=["type", "error_code", "type"]), both)


def test_columns_are_checked():
    with pytest.raises(MissingColumnError) as caught:
        failure_onsets(frame().drop("duration", "received_at"), by="eror_type")
    assert caught.value.missing == ("eror_type", "received_at", "duration")
    with pytest.raises(ColumnClashError, match="'failures'"):
        failure_onsets(frame(), by=["failures", "type"])


@pytest.mark.parametrize("by", ["hits", "before", "begin", "all", "received_at", "duration"])
def test_any_other_column_can_be_grouped_by(by):
    bulk = load(60, range(20, 30))
    if by not in bulk.columns:
        bulk = bulk.with_columns(pl.lit("x").alias(by))
    result = failure_onsets(bulk, by=by)
    assert result["failures"].sum() == 10
    assert result.schema[by] == bulk.schema[by]


@examples(30)
@given(receipts(), st.sampled_from(["signature", "type", "error_code", "received_at", "id"]))
def test_totals_add_up(random_, by):
    onsets = failure_onsets(random_, by=by)
    failures = random_.filter(failed())
    assert onsets["failures"].sum() == failures.height
    assert onsets["untimed"].sum() == failures["received_at"].null_count()
    timed = onsets.filter(pl.col("untimed") < pl.col("failures"))
    assert timed["first_seen"].null_count() == 0
    assert timed["first_seen"].min() == failures["received_at"].min()
    assert timed["last_seen"].max() == failures["received_at"].max()
    lone = pl.col("failures") - pl.col("untimed") <= 1
    assert onsets.filter(lone == pl.col("goes_on").is_null()).height == onsets.height


@examples(30)
@given(receipts(max_size=40), st.integers(0, 2**32))
def test_neither_order_nor_laziness_matters_and_the_input_stays(random_, seed):
    before = random_.clone()
    for by in ("signature", ["error_type", "type"], []):
        wanted = failure_onsets(random_, by=by)
        assert_frame_equal(failure_onsets(shuffled(random_, seed), by=by), wanted)
        assert_frame_equal(failure_onsets(random_.lazy(), by=by), wanted)
    assert_frame_equal(random_, before)


@examples(20)
@given(st.integers(0, 2**32))
def test_a_burst_does_not_depend_on_the_order_of_rows(seed):
    bulk = load(120, [3, 90, *range(40, 80, 2)], second=lambda index: index // 5)
    assert_frame_equal(
        failure_onsets(shuffled(bulk, seed), by="error_type"),
        failure_onsets(bulk, by="error_type"),
    )


@examples(20)
@given(receipts_of_all_ages())
def test_centuries_are_judged_too(random_):
    assert failure_onsets(random_)["failures"].sum() == random_.select(failed().sum()).item()


@pytest.mark.parametrize("by", ["signature", "error_type"])
def test_a_lazy_frame_is_read_once(by):
    lazy, reads = count_reads(load(10, [1]))
    failure_onsets(lazy, by=by)
    assert len(reads) == 1
