"""An argument that is wrong is answered with what it was, and the nearest that is right."""

import polars as pl
import pytest
from support.frames import frame

import clinia_nb as cnb
from clinia_nb.errors import MissingColumnError

FRAME = frame({"status": "FAILURE", "error_message": "no bed", "error_type": "X"})


@pytest.mark.parametrize(
    ("given", "nearest"), [("signatur", "signature"), ("eror_type", "error_type")]
)
def test_a_column_that_is_not_there_is_answered_with_the_nearest(given, nearest):
    with pytest.raises(MissingColumnError, match=f"'{given}'. Did you mean '{nearest}'"):
        cnb.summarize_failures(FRAME, by=given)


@pytest.mark.parametrize(
    ("module", "given", "nearest"),
    [(cnb, "explian", "explain"), (cnb.charts, "failure_onset", "failure_onsets")],
)
def test_a_name_that_is_not_there_is_answered_with_the_nearest(module, given, nearest):
    with pytest.raises(AttributeError, match=f"'{given}'. Did you mean '{nearest}'"):
        getattr(module, given)


@pytest.mark.parametrize("confidence", ["99%", 1.5, 0, None])
def test_a_confidence_that_is_none_names_one(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, such as 0\.99"):
        cnb.contrast_failures(FRAME, confidence=confidence)


@pytest.mark.parametrize("seconds", ["10s", -1, float("nan")])
def test_a_time_to_wait_that_is_none_says_so(seconds):
    with pytest.raises(ValueError, match="must be seconds"):
        cnb.Client("acme", api_key="k", time_limit=seconds)
    with pytest.raises(ValueError, match="must be seconds"):
        cnb.Client.sandbox(progress=False).wait_for_bulk("ehr", "bk_1", timeout=seconds)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("received_at", ["Mrs Miller"]), ("completed_at", [b"Mrs Miller"]), ("duration", [4.5]),
        ("duration", [{"of": "Mrs Miller"}]), ("error_code", ["Mrs Miller"]),
        ("error_message", [{"of": "Mrs Miller"}]), ("status", [["Mrs Miller"]]),
        ("id", [b"Mrs Miller"]), ("type", [{"of": "Mrs Miller"}]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "summary",
    [
        cnb.count_outcomes, cnb.summarize_failures, cnb.failure_signatures, cnb.failure_values,
        cnb.summarize_timing, cnb.failures_over_time, cnb.throughput, cnb.contrast_failures,
        cnb.failure_onsets, cnb.records_to_fix, cnb.retry_plan, cnb.with_signatures,
        cnb.charts.failures_over_time, cnb.BulkResult.from_receipts,
    ],
)  # fmt: skip
def test_a_column_of_another_kind_is_named_and_its_values_are_not(summary, column, values):
    wrong = FRAME.with_columns(pl.Series(column, values))
    with pytest.raises(ValueError, match=f"{column}: .* is not what receipts have") as caught:
        summary(wrong)
    assert "Miller" not in str(caught.value)


def test_whole_numbers_of_any_width_are_read_and_what_is_no_code_is_null():
    codes = pl.Series("error_code", [404, 404, 5_000_000_000], pl.Int64)
    counted = cnb.summarize_failures(pl.concat([FRAME] * 3).with_columns(codes), by="error_code")
    assert counted.select("error_code", "failures").rows() == [(404, 2), (None, 1)]
