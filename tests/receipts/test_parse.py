import json
import warnings
from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.wire import FULL, wire

from clinia_nb.errors import UnknownFieldsWarning, UnreadableAnswerError, UnreadValuesWarning
from clinia_nb.receipts.parse import (
    SCHEMA,
    Progress,
    count_statuses,
    parse_answer,
    parse_receipts,
    read_status,
)


def parse(body):
    return parse_receipts(body, source_key="ehr-prod", bulk_id="bk_1")


def test_the_dtypes_are_those_that_were_promised():
    texts = {"id", "error_message", "error_details", "pipeline_execution_id", "task_id"}
    texts |= {"error_application_code", "error_context"}
    others = {
        "received_at": pl.Datetime("us", "UTC"),
        "completed_at": pl.Datetime("us", "UTC"),
        "duration": pl.Duration("us"),
        "error_code": pl.Int32(),
    }
    for name, dtype in SCHEMA.items():
        assert dtype == others.get(name, pl.String() if name in texts else pl.Categorical())
    assert len(SCHEMA) == 20


def test_every_field_has_its_column():
    row = parse(wire(FULL)).row(0, named=True)
    assert row == {
        "source_key": "ehr-prod",
        "bulk_id": "bk_1",
        "id": "r1",
        "type": "practitioner-works-at-clinic",
        "target_type": "RELATIONSHIP",
        "action": "CREATE",
        "status": "FAILURE",
        "received_at": datetime(2025, 5, 6, 11, 47, 51, 654_000, tzinfo=UTC),
        "completed_at": datetime(2025, 5, 6, 11, 47, 52, 700_000, tzinfo=UTC),
        "duration": timedelta(seconds=1, milliseconds=46),
        "error_type": "NOT_FOUND",
        "error_code": 404,
        "error_message": "no clinic",
        "error_details": '[{"code": 1}]',
        "pipeline_execution_id": "p1",
        "pipeline_definition_id": "clinic.1",
        "pipeline_status": "SUCCESSFUL",
        "task_id": "bk_1",
        "error_application_code": "X1",
        "error_context": '{"shard": 7}',
    }


@pytest.mark.parametrize(
    "body",
    [
        b'{"status": "PENDING"}',
        b'{"status": "PENDING", "receipts": null}',
        b'{"status": "PENDING", "receipts": []}',
        wire({}),
        wire(FULL),
        json.dumps({"status": "S", "receipts": [FULL]}, indent=4).encode(),
        b"\xef\xbb\xbf" + wire(FULL),
    ],
)
def test_columns_and_dtypes_are_always_the_same(body):
    assert parse(body).schema == SCHEMA


@pytest.mark.parametrize(
    "fraction", ["", ".6", ".65", ".654", ".6543", ".654321", ".6543219", ".654321987"]
)
def test_fractional_seconds_of_any_length_are_read_to_the_microsecond(fraction):
    receipts = [
        {"receivedAt": f"2025-05-06T11:47:51{fraction}Z"},
        {"receivedAt": "2025-05-06T00:00:00Z"},
    ]
    micros = int((fraction[1:] + "000000")[:6])
    expected = datetime(2025, 5, 6, 11, 47, 51, micros, tzinfo=UTC)
    assert parse(wire(*receipts))["received_at"][0] == expected


def test_an_offset_is_turned_into_utc():
    frame = parse(wire({"receivedAt": "2025-05-06T11:47:51+02:00"}))
    assert frame["received_at"][0] == datetime(2025, 5, 6, 9, 47, 51, tzinfo=UTC)


def test_a_negative_duration_is_kept():
    swapped = FULL | {"receivedAt": FULL["completedAt"], "completedAt": FULL["receivedAt"]}
    assert parse(wire(swapped))["duration"][0] == -timedelta(seconds=1, milliseconds=46)


def test_an_error_that_first_appears_at_the_very_end_is_read():
    plain = msgspec.json.encode({"id": "x", "status": "SUCCESS"})
    body = b'{"status":"FAILURE","receipts":[' + (plain + b",") * 99_999
    frame = parse(body + json.dumps(FULL).encode() + b"]}")
    assert frame.height == 100_000
    assert frame["error_type"].null_count() == 99_999
    assert frame.row(-1, named=True)["error_message"] == "no clinic"


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ("<array>", '"<array>"'),
        ([], None),
        (None, None),
        ({}, None),
        ([{"details": [{"details": ["\u00e9\u2028"]}]}], None),
        ([1e300, 12345678901234567890123, True, None], None),
    ],
)
def test_details_are_json_text_of_what_came(details, expected):
    text = parse(wire({"error": {"details": details}}))["error_details"][0]
    if expected is None and not details:
        assert text is None
    else:
        assert json.loads(text) == details
        assert expected in {None, text}


def test_details_nested_beyond_what_json_readers_take_are_kept_as_text():
    deep = "[" * 50_000 + '"core"' + "]" * 50_000  # Python 3.13 takes some thousands
    body = b'{"status":"FAILURE","receipts":[{"id":"r1","error":{"details":%s}},{"id":"r2"}]}'
    with pytest.warns(UnreadValuesWarning, match="nested over 200 deep"):
        frame = parse(body % deep.encode())
    assert frame["id"].to_list() == ["r1", "r2"]
    assert "core" in frame["error_details"][0]


def test_unknown_values_of_open_sets_are_kept():
    odd = {
        "status": "PARKED",
        "action": "MERGE",
        "targetType": "BUNDLE",
        "error": {"type": "TEAPOT"},
    }
    row = parse(wire(odd)).row(0, named=True)
    assert (row["status"], row["action"], row["target_type"], row["error_type"]) == (
        "PARKED", "MERGE", "BUNDLE", "TEAPOT",
    )  # fmt: skip


def test_unknown_fields_are_named_in_one_warning():
    novel = FULL | {"priority": 3}
    novel["error"] = FULL["error"] | {"severity": "high"}
    with pytest.warns(UnknownFieldsWarning) as told:
        frame = parse(wire(*[novel] * 3_000))
    assert len(told) == 1
    assert str(told[0].message).endswith(": error.severity, priority.")
    assert frame.drop("bulk_id").equals(parse(wire(*[FULL] * 3_000)).drop("bulk_id"))


def test_a_wrong_value_costs_only_itself():
    wrong = FULL | {"receivedAt": "yesterday", "id": 7, "error": FULL["error"] | {"code": "404"}}
    with pytest.warns(UnreadValuesWarning) as told:
        frame = parse(wire(FULL, wrong, FULL))
    assert len(told) == 1
    message = str(told[0].message)
    assert message.startswith("3 values could not be read")
    for field in ("error.code (1, first", "id (1, first", "receivedAt (1, first"):
        assert field in message
    assert message.count("first in receipt 1)") == 3
    right = parse(wire(FULL, FULL, FULL))
    lost = ["received_at", "duration", "id", "error_code"]
    assert frame.drop(lost).equals(right.drop(lost))
    assert frame.select(lost).row(1) == (None, None, None, None)
    assert frame.select(lost).row(2) == right.select(lost).row(2)


@pytest.mark.parametrize("value", [None, 5, "text", [1], True])
def test_a_receipt_that_is_no_object_is_a_row_of_nulls(value):
    with pytest.warns(UnreadValuesWarning, match=r"receipt \(1, first in receipt 1\)"):
        frame = parse(wire(FULL, value, FULL))
    assert frame["id"].to_list() == ["r1", None, "r1"]


@pytest.mark.parametrize("field", ["error", "pipelineExecution"])
def test_a_nested_object_of_another_shape_is_null(field):
    with pytest.warns(UnreadValuesWarning, match=rf"{field} \(1, first in receipt 0\)"):
        frame = parse(wire(FULL | {field: "boom"}))
    assert frame["id"][0] == "r1"


@pytest.mark.parametrize("code", [2**31, -(2**31) - 1, 4.5, True, "404", [404]])
def test_a_code_that_is_no_32_bit_integer_is_null(code):
    with pytest.warns(UnreadValuesWarning, match=r"error\.code"):
        frame = parse(wire({"error": {"code": code, "message": "m"}}))
    assert frame.select("error_code", "error_message").row(0) == (None, "m")


@pytest.mark.parametrize("time", ["", "2025-05-06", "2025-13-06T11:47:51Z", "0000-01-01T00:00:00Z"])
def test_a_timestamp_that_is_none_is_null(time):
    with pytest.warns(UnreadValuesWarning, match="completedAt"):
        frame = parse(wire(FULL | {"completedAt": time}))
    assert frame.select("completed_at", "duration").row(0) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "\u202eabc",
        "\U0001f600",
        "</script>",
        "tab\tand\nline",
        " blanks ",
        "\u2028",
        "é" * 10_000,
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_text_survives_exactly(text, ascii_only):
    body = json.dumps(
        {"status": "S", "receipts": [{"id": text, "type": text, "error": {"message": text}}]},
        ensure_ascii=ascii_only,
    ).encode()
    id_ = text if text.strip() else None
    assert parse(body).select("id", "type", "error_message").row(0) == (id_, text, text)


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\uDC00", rb"\ud800\ud800", rb"\udc00\ud800"])
def test_lone_surrogates_are_replaced_and_noted(escape):
    body = rb'{"status":"S","receipts":[{"id":"a%sb \\ud800"},{"id":"ok \ud83d\ude00"}]}' % escape
    with pytest.warns(
        UnreadValuesWarning,
        match=r"lone surrogates, replaced by U\+FFFD \([12], first in receipt 0\)",
    ):
        ids = parse(body)["id"].to_list()
    lone = len(escape) // 6
    assert ids == ["a" + "\ufffd" * lone + "b \\ud800", "ok \U0001f600"]


def test_bytes_that_are_not_utf8_are_replaced_and_noted():
    body = b'{"status":"S","receipts":[{"id":"a\xffb"},{"id":"ok"}]}'
    with pytest.warns(UnreadValuesWarning, match="not valid UTF-8"):
        assert parse(body)["id"].to_list() == ["a\ufffdb", "ok"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        wire(FULL)[:-1],
        wire(FULL)[:60],
        b"[]",
        b'{"receipts": []}',
        b'{"status": null, "receipts": []}',
        b'{"status": "SUCCESS", "receipts": {}}',
        b'{"code": 404, "type": "NOT_FOUND", "message": "secret name"}',
        b"[" * 100_000,
    ],
)
def test_an_answer_that_is_none_is_an_error_and_never_a_short_frame(body):
    with pytest.raises(UnreadableAnswerError) as caught:
        parse(body)
    assert "secret name" not in str(caught.value)


def test_status_alone_and_counts_are_read_without_a_frame():
    review = {"status": "PENDING", "pipelineExecution": {"status": "IN_REVIEW"}}
    body = wire(FULL, {"status": "PENDING"}, review, status="PENDING")
    assert read_status(body) == "PENDING"
    assert count_statuses(body) == Progress(total=3, done=1, in_review=1)


texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
jsons = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
times = st.none() | st.datetimes(datetime(1971, 1, 1), datetime(9998, 12, 31)).map(  # noqa: DTZ001
    lambda time: time.isoformat() + "Z"
)


def optional(**fields):
    return st.fixed_dictionaries({}, optional=fields)


regular = optional(
    id=texts, type=texts, status=texts, action=texts, targetType=texts, taskId=texts,
    receivedAt=times, completedAt=times,
    error=st.none() | optional(
        code=st.none() | st.integers(-(2**31), 2**31 - 1), message=texts, type=texts, details=jsons
    ),
    pipelineExecution=st.none() | optional(id=texts, pipelineDefinitionId=texts, status=texts),
)  # fmt: skip


def is_zero(name, value):
    return value in ((None, "", [], {}) if name == "details" else (None, "", 0))


def is_blank(text):
    separators = set("\x1c\x1d\x1e\x1f")  # Unicode does not count them as spaces
    return text is None or (not text.strip() and not separators & set(text))


@given(st.lists(regular, max_size=8))
def test_regular_receipts_are_read_exactly_and_without_a_word(receipts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = parse(wire(*receipts))
    assert frame.schema == SCHEMA
    for row, receipt in zip(frame.iter_rows(named=True), receipts, strict=True):
        error, pipeline = receipt.get("error") or {}, receipt.get("pipelineExecution") or {}
        sent_id = receipt.get("id")
        assert row["id"] == (None if is_blank(sent_id) else sent_id)
        assert row["type"] == receipt.get("type")
        assert (row["received_at"] is None) == (receipt.get("receivedAt") is None)
        error = {} if all(is_zero(*item) for item in error.items()) else error
        pipeline = {} if all(is_zero(*item) for item in pipeline.items()) else pipeline
        assert row["error_message"] == error.get("message")
        assert row["error_code"] == error.get("code")
        assert row["pipeline_status"] == pipeline.get("status")
        if not is_zero("details", error.get("details")):
            assert json.loads(row["error_details"]) == error["details"]


@given(st.lists(jsons | st.dictionaries(st.sampled_from([*FULL, "new"]), jsons), max_size=5))
def test_whatever_comes_the_right_receipts_around_it_stay(odd):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = parse_answer(wire(FULL, *odd, FULL), source_key="s", bulk_id="b")
    frame = answer.receipts
    assert frame.schema == SCHEMA
    assert frame.height == len(odd) + 2
    right = parse_answer(wire(FULL), source_key="s", bulk_id="b").receipts
    assert frame.head(1).equals(right)
    assert frame.tail(1).equals(right)


@given(st.binary(max_size=60))
def test_garbage_is_an_unreadable_answer_and_nothing_else(garbage):
    try:
        frame = parse(garbage)
    except UnreadableAnswerError:
        return
    assert isinstance(frame, pl.DataFrame)


@pytest.mark.parametrize("body", ['{"status": "SUCCESS"}', None, {"status": "SUCCESS"}])
def test_an_answer_is_bytes(body):
    with pytest.raises(
        TypeError, match=r"bytes of an answer, such as .*, not (str|NoneType|dict)\."
    ):
        parse_receipts(body, source_key="ehr-prod", bulk_id="bk_1")
