"""An argument that is wrong is answered with what it was, and the nearest that is right."""

import re
import socket
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
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


def test_tab_lists_charts_and_no_modules():
    assert dir(cnb.charts) == cnb.charts.__all__


BULK = cnb.BulkResult.from_receipts(FRAME, source_key="ehr", bulk_id="bk_1")


def test_a_csv_of_receipts_is_read_with_the_conversions_that_errors_name(tmp_path):
    receipts = FRAME.with_columns(
        received_at=datetime(2026, 3, 9, 21, tzinfo=UTC),
        completed_at=datetime(2026, 3, 9, 22, tzinfo=UTC),
        duration=timedelta(seconds=0.5),
    )
    cnb.write_csv(receipts, tmp_path / "receipts.csv")
    read = pl.read_csv(tmp_path / "receipts.csv")
    for name in ("received_at", "completed_at", "duration", "error_code"):
        with pytest.raises(ValueError, match=f"^{name}: .*, as with") as caught:
            cnb.summarize_timing(read)
        code = str(caught.value).split(", as with ")[1].split(", or rename")[0]
        read = read.with_columns(eval(code).alias(name))  # noqa: S307 - what the error says
    assert_frame_equal(cnb.summarize_timing(read), cnb.summarize_timing(receipts))


def test_times_that_are_numbers_are_read_with_the_conversion_that_the_error_names():
    time = datetime(2026, 3, 9, 21, tzinfo=UTC)
    receipts = FRAME.with_columns(received_at=pl.lit(int(time.timestamp() * 1_000)))
    with pytest.raises(ValueError, match=r"^received_at: Int64 .*, as with") as caught:
        cnb.summarize_failures(receipts)
    code = str(caught.value).split(", as with ")[1].split(" if it counts")[0]
    read = receipts.with_columns(eval(code).alias("received_at"))  # noqa: S307 - what the error says
    assert cnb.summarize_failures(read)["first_seen"].to_list() == [time]


def test_a_truth_value_is_not_a_status():
    for ask in (cnb.count_outcomes, cnb.BulkResult.from_receipts):
        with pytest.raises(ValueError, match=r"^status: Boolean is not what receipts have there"):
            ask(FRAME.with_columns(status=pl.lit(True)))


@pytest.mark.parametrize("by", [3, pl.col("type"), ["type", 3]], ids=["int", "Expr", "mixed"])
@pytest.mark.parametrize(
    "summarize",
    [
        *(cnb.summarize_failures, cnb.summarize_timing, cnb.contrast_failures, cnb.failure_onsets),
        *(cnb.charts.failures_over_time, cnb.charts.summarize_timing, cnb.charts.failure_onsets),
    ],
    ids=lambda summarize: f"{summarize.__module__}.{summarize.__name__}",
)
def test_columns_to_group_by_are_names(summarize, by):
    with pytest.raises(TypeError, match="by is a column's name or a list of names"):
        summarize(FRAME, by=by)


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda: FRAME.filter(cnb.failed(BULK)), "receipts.filter(failed(receipts.columns))"),
        (lambda: cnb.outcome(3), "available is a list of column names"),
        (lambda: cnb.message_signatures(BULK), "such as receipts['error_message'], not BulkResult"),
        (lambda: cnb.message_signatures(["no bed"]), "messages is a Series"),
        (lambda: cnb.write_csv("frame.csv", FRAME), "written of a polars DataFrame, not str"),
        (lambda: cnb.lead_filter("action"), "not str"),
        (lambda: cnb.Client("acme", api_key="k", retry=5), "RetryPolicy(attempts=…), not int"),
        (lambda: cnb.RetryPolicy(attempts="3"), "attempts is '3'; it must be a number"),
    ],
)
def test_a_value_of_another_type_is_answered_in_one_sentence(call, answer):
    with pytest.raises(TypeError, match=re.escape(answer)):
        call()


def test_a_lead_that_is_not_there_is_named():
    with pytest.raises(IndexError, match="There is no lead 0: contrast_failures found 0"):
        cnb.lead_filter(cnb.contrast_failures(FRAME))


def test_a_mistyped_workspace_is_not_reported_as_a_lost_connection(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("NO_PROXY", "*")
    client = cnb.Client("acmee", api_key="k", retry=cnb.RetryPolicy(attempts=1))
    with pytest.raises(cnb.UnreachableError, match="no host of this name was found"):
        client.fetch_bulk("ehr", "bk_1", progress=False)


def test_trends_are_not_receipts():
    with pytest.raises(MissingColumnError, match="'begins'"):
        cnb.trend_changes(BULK)


def test_a_bulk_is_written_as_its_receipts(tmp_path):
    cnb.write_csv(BULK, tmp_path / "bulk.csv")
    cnb.write_csv(BULK.receipts, tmp_path / "frame.csv")
    assert (tmp_path / "bulk.csv").read_bytes() == (tmp_path / "frame.csv").read_bytes()


@pytest.mark.parametrize("timeout", ["30", 30, (1, 2, 3)])
def test_a_timeout_that_is_not_a_pair_is_shown_as_given(timeout):
    with pytest.raises(ValueError, match=re.escape(f"timeout={timeout!r} must be two numbers")):
        cnb.Client("acme", api_key="k", timeout=timeout)


@pytest.mark.parametrize("confidence", ["99%", 1.5, 0, None])
def test_an_invalid_confidence_is_answered_with_a_valid_one(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, such as 0\.99"):
        cnb.contrast_failures(FRAME, confidence=confidence)


@pytest.mark.parametrize("seconds", ["10s", -1, float("nan")])
def test_an_invalid_time_to_wait_says_so(seconds):
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


def test_whole_numbers_of_any_width_are_read_and_other_codes_are_null():
    codes = pl.Series("error_code", [404, 404, 5_000_000_000], pl.Int64)
    counted = cnb.summarize_failures(pl.concat([FRAME] * 3).with_columns(codes), by="error_code")
    assert counted.select("error_code", "failures").rows() == [(404, 2), (None, 1)]
