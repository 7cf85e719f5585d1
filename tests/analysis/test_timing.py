from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.frames import (
    START,
    TIME,
    at,
    count_reads,
    frame,
    receipts,
    receipts_of_all_ages,
    shuffled,
    took,
)

from clinia_nb.analysis.timing import summarize_timing, throughput, timing_over_time
from clinia_nb.errors import ColumnClashError, IntervalError, MissingColumnError

COUNTS = dict.fromkeys(["receipts", "completed", "pending", "untimed", "negative"], pl.UInt32)
SPREAD = dict.fromkeys(["min", "p50", "p90", "p95", "p99", "max", "mean"], pl.Duration("us"))
OVER_TIME = {
    "interval_start": TIME,
    **dict.fromkeys(["receipts", "completed", "pending", "untimed"], pl.UInt32),
    **dict.fromkeys(["p50", "p90", "p95", "p99", "max"], pl.Duration("us")),
}
THROUGHPUT = {
    "interval_start": TIME,
    "received": pl.UInt32,
    "completed": pl.UInt32,
    "in_flight": pl.Int64,
}


def done(start: float | None, end: float | None, **rest: object) -> dict[str, object]:
    times = {"received_at": start, "completed_at": end}
    known = {name: at(time) for name, time in times.items() if time is not None}
    return {"status": "SUCCESS", **known, **rest}


MIXED = frame(
    done(0, 1, type="clinic"),
    done(1, 4, type="clinic"),
    done(12, 10, type="patient"),
    done(2, None, type="patient", status="PENDING"),
    done(3, None, status="CANCELLED"),
    done(None, 33),
)


def timing(*rows: tuple[object, ...], **keys: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={**keys, **COUNTS, **SPREAD}, orient="row")


def flow(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=THROUGHPUT, orient="row")


def test_timing_over_all():
    spread = (took(-2), took(1), took(3), took(3), took(3), took(3), took(2 / 3))
    result = summarize_timing(MIXED)
    assert_frame_equal(result.drop("mean"), timing((6, 3, 1, 2, 1, *spread)).drop("mean"))
    assert abs(result["mean"].item() - took(2 / 3)) <= took(1e-6)


def test_timing_per_group_with_null_as_a_group():
    nothing = (None,) * 7
    expected = timing(
        ("clinic", 2, 2, 0, 0, 0, took(1), took(1), *[took(3)] * 4, took(2)),
        ("patient", 2, 1, 1, 0, 1, *[took(-2)] * 7),
        (None, 2, 0, 0, 2, 0, *nothing),
        type=pl.Categorical,
    )
    assert_frame_equal(summarize_timing(MIXED, by="type"), expected)


def test_percentiles_are_by_nearest_rank():
    hundred = frame(*(done(0, second) for second in range(1, 101)))
    expected = timing(
        (100, 100, 0, 0, 0, *map(took, (1, 50, 90, 95, 99, 100)), took(50.5)),
    )
    assert_frame_equal(summarize_timing(hundred), expected)


def test_timing_of_nothing_is_one_row_over_all_and_none_per_group():
    expected = timing((0, 0, 0, 0, 0, *[None] * 7))
    assert_frame_equal(summarize_timing(frame()), expected)
    assert_frame_equal(summarize_timing(frame(), by=[]), expected)
    assert_frame_equal(summarize_timing(frame(), by="type"), timing(type=pl.Categorical))
    assert_frame_equal(timing_over_time(frame()), pl.DataFrame(schema=OVER_TIME))
    assert_frame_equal(throughput(frame()), flow())


def test_pending_receipts_have_no_times():
    given_ = frame(done(0, None, status="PENDING"), done(1, None, status="PENDING"))
    assert_frame_equal(summarize_timing(given_), timing((2, 0, 2, 0, 0, *[None] * 7)))
    assert_frame_equal(throughput(given_, every="1m"), flow((at(-50), 2, 0, 2)))


def test_a_pending_receipt_with_an_error_is_not_pending():
    given_ = frame(done(0, None, status="PENDING", error_code=500))
    assert_frame_equal(summarize_timing(given_), timing((1, 0, 0, 1, 0, *[None] * 7)))


def test_one_receipt_is_its_own_percentile():
    expected = timing((1, 1, 0, 0, 0, *[took(5)] * 7))
    assert_frame_equal(summarize_timing(frame(done(0, 5))), expected)


def test_durations_of_centuries_are_exact():
    # Go's zero time, which a server sends for a time that was never set.
    never = frame({"received_at": at(0.000001), "completed_at": datetime(1, 1, 1, tzinfo=UTC)})
    duration = datetime(1, 1, 1, tzinfo=UTC) - at(0.000001)
    assert_frame_equal(summarize_timing(never), timing((1, 1, 0, 0, 1, *[duration] * 7)))
    over_time = timing_over_time(never).select("p50", "p90", "p95", "p99", "max")
    assert over_time.row(0) == (duration,) * 5


def test_timing_over_time():
    expected = pl.DataFrame(
        [
            (START, 4, 2, 1, 1, took(1), *[took(3)] * 4),
            (at(10), 1, 1, 0, 0, *[took(-2)] * 5),
            (None, 1, 0, 0, 1, *[None] * 5),
        ],
        schema=OVER_TIME,
        orient="row",
    )
    assert_frame_equal(timing_over_time(MIXED, every="10s"), expected)


def test_throughput_has_no_gaps_and_leaves_out_what_was_never_received():
    given_ = frame(done(0, 1), done(1, 45), done(2, None, status="CANCELLED"), done(None, 99))
    expected = flow(
        (START, 3, 1, 2),
        (at(10), 0, 0, 2),
        (at(20), 0, 0, 2),
        (at(30), 0, 0, 2),
        (at(40), 0, 1, 1),
    )
    assert_frame_equal(throughput(given_, every="10s"), expected)


def test_completed_before_received_shows_as_negative_in_flight_and_ends_even():
    expected = flow((START, 0, 1, -1), (at(10), 1, 0, 0))
    assert_frame_equal(throughput(frame(done(12, 3)), every="10s"), expected)


def test_equal_timestamps_are_one_interval():
    expected = flow((START, 3, 3, 0))
    assert_frame_equal(throughput(frame(*[done(0, 0)] * 3)), expected)


def test_a_stray_timestamp_cannot_make_millions_of_intervals():
    stray = frame(done(0, 1), {"received_at": datetime(1, 1, 1, tzinfo=UTC)})
    with pytest.raises(IntervalError, match="such as '18250d'"):
        throughput(stray, every="1ms")
    assert throughput(stray).height <= 120


@pytest.mark.parametrize("function", [timing_over_time, throughput])
def test_unusable_intervals_are_refused(function):
    with pytest.raises(IntervalError, match="'soon' is not a valid interval"):
        function(MIXED, every="soon")


def test_missing_and_clashing_columns_are_refused():
    with pytest.raises(MissingColumnError) as caught:
        summarize_timing(MIXED.drop("duration"), by="kind")
    assert caught.value.missing == ("kind", "duration")
    with pytest.raises(MissingColumnError) as caught:
        timing_over_time(MIXED.lazy().drop("received_at"))
    assert caught.value.missing == ("received_at",)
    with pytest.raises(MissingColumnError) as caught:
        throughput(MIXED.drop("completed_at"))
    assert caught.value.missing == ("completed_at",)
    with pytest.raises(ColumnClashError, match="'receipts'"):
        summarize_timing(MIXED, by="receipts")


def test_columns_without_any_value_may_lack_a_dtype():
    bare = pl.DataFrame({"status": ["PENDING"], "received_at": [START]}).with_columns(
        completed_at=None, duration=None
    )
    assert_frame_equal(summarize_timing(bare), timing((1, 0, 1, 0, 0, *[None] * 7)))
    assert_frame_equal(throughput(bare, every="10s"), flow((START, 1, 0, 1)))


def assert_monotone(spread: pl.DataFrame, names: list[str]) -> None:
    for low, high in pairwise(names):
        assert spread.filter(pl.col(low) > pl.col(high)).is_empty()


@given(receipts() | receipts_of_all_ages(), st.sampled_from([None, "type", "duration"]))
def test_counts_add_up_and_percentiles_rise(random, by):
    result = summarize_timing(random, by=by)
    assert result["receipts"].sum() == random.height
    parts = pl.sum_horizontal("completed", "pending", "untimed")
    assert result.filter(parts != pl.col("receipts")).is_empty()
    assert result["completed"].sum() == random["duration"].count()
    assert_monotone(result, ["min", "p50", "p90", "p95", "p99", "max"])
    assert_monotone(result, ["min", "mean", "max"])
    over_time = timing_over_time(random)
    assert over_time["receipts"].sum() == random.height
    assert over_time["completed"].sum() == result["completed"].sum()
    assert_monotone(over_time, ["p50", "p90", "p95", "p99", "max"])


@given(
    receipts() | receipts_of_all_ages(),
    st.sampled_from([None, "7d", "1w", "3w", "1mo", "5mo", "1y", "1d12h"]),
)
def test_throughput_adds_up_without_gaps(random, every):
    try:
        result = throughput(random, every=every)
    except IntervalError:
        assert every is not None
        return
    known = random.filter(pl.col("received_at").is_not_null())
    assert result["received"].sum() == known.height
    assert result["completed"].sum() == known["completed_at"].count()
    assert result["interval_start"].is_sorted()
    assert result["interval_start"].is_unique().all()
    last = result["in_flight"].last() if result.height else 0
    assert last == known["completed_at"].null_count()
    if every is None:
        assert result.height <= 120
    else:
        assert result["interval_start"].null_count() == 0


@pytest.mark.parametrize("function", [summarize_timing, timing_over_time, throughput])
def test_a_lazy_frame_is_read_once(function):
    lazy, reads = count_reads(MIXED)
    function(lazy)
    assert len(reads) == 1


@given(receipts(), st.integers(0, 2**32))
def test_neither_order_nor_laziness_matters_and_the_input_stays(random, seed):
    before = random.clone()
    for function in (summarize_timing, timing_over_time, throughput):
        expected = function(random)
        assert_frame_equal(function(shuffled(random, seed)), expected)
        assert_frame_equal(function(random.lazy()), expected)
    assert_frame_equal(random, before)
