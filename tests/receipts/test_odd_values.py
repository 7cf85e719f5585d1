"""Odd values, by kind: each costs itself, is noted, and takes nothing else along."""

import pytest
from support.wire import FULL, wire

from clinia_nb.errors import UnknownFieldsWarning, UnreadableAnswerError, UnreadValuesWarning
from clinia_nb.receipts import failed
from clinia_nb.receipts.parse import count_statuses, parse_answer, parse_receipts, read_status

pytestmark = pytest.mark.filterwarnings("ignore::clinia_nb.errors.UnknownFieldsWarning")
RIGHT = wire(FULL)[len(b'{"status": "FAILURE", "receipts": [') : -2]


def among_right_ones(odd):
    body = b'{"status":"S","receipts":[%b]}' % b",".join([RIGHT, odd, RIGHT])
    frame = parse_receipts(body, source_key="s", bulk_id="b")
    right = parse_receipts(wire(FULL), source_key="s", bulk_id="b")
    assert frame.height == 3
    assert frame.head(1).equals(right)
    assert frame.tail(1).equals(right)
    return frame.row(1, named=True)


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        (b'{"id":"r","error":5,"error":{"code":404}}', {"error_code": 404}),
        (b'{"id":"r","error":{"code":404},"error":null}', {"error_code": None}),
        (b'{"id":"r","error":{"\xff":1,"code":404}}', {"error_code": 404}),
        (b'{"id":"r","error":{"code":"\xff","message":"m"}}', {"error_message": "m"}),
        (b'{"id":"r","type":7,"new":%b}' % (b"9" * 5_000), {}),
        (b'{"id":"r","error":{"code":%b,"message":"m"}}' % (b"9" * 5_000), {"error_message": "m"}),
        (b'{"id":"r","error":{"code":NaN,"message":"m"}}', {"error_message": "m"}),
        (b'{"id":"r","error":{"code":404,"details":[-Infinity]}}', {"error_code": 404}),
        (b'{"id":"r","error":{"message":"a\x01b\nc"}}', {"error_message": "a\x01b\nc"}),
        (rb'{"id":"r","error":{"message":"C:\x"}}', {"error_message": r"C:\x"}),
        (b'{"id":"r","error":{"code":404.0,"details":"\xe9"}}', {"error_code": 404}),
        (b'{"id":"r","error":{"code":404,"message":["m"]}}', {"error_code": 404}),
        (b'{"id":"r","pipelineExecution":[],"error":{"code":404}}', {"error_code": 404}),
        (b'{"id":"r","receivedAt":5,"error":{"additionalContext":{"a":1}}}',
         {"error_context": '{"a":1}'}),
    ],
)  # fmt: skip
def test_an_odd_value_costs_itself(odd, kept, recwarn):
    row = among_right_ones(odd)
    assert row["id"] == "r"
    assert {name: row[name] for name in kept} == kept
    assert {type(warning.message) for warning in recwarn} <= {
        UnreadValuesWarning, UnknownFieldsWarning,
    }  # fmt: skip


def test_json_that_no_reader_takes_becomes_json_that_every_reader_takes(recwarn):
    row = among_right_ones(b'{"error":{"details":[NaN,"\xff\x01",Infinity]}}')
    assert row["error_details"] == '["NaN","\ufffd\\u0001","Infinity"]'


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00+02:00", "1900-01-01T00:00:00Z", "0000-00-00T00:00:00Z",
    ],
)  # fmt: skip
def test_a_placeholder_is_not_a_time(time):
    pending = FULL | {"status": "PENDING", "completedAt": time}
    with pytest.warns(UnreadValuesWarning, match="completedAt"):
        frame = parse_receipts(wire(*[pending] * 40), source_key="s", bulk_id="b")
    assert frame["completed_at"].null_count() == frame["duration"].null_count() == 40
    assert frame["received_at"].null_count() == 0


@pytest.mark.parametrize(
    "error",
    [
        {}, {"code": 0}, {"code": 0, "message": "", "type": "", "details": []},
        {"details": {}}, {"message": None}, {"applicationErrorCode": "", "additionalContext": {}},
    ],
)  # fmt: skip
def test_an_error_of_zero_values_is_no_failure(error):
    body = wire({"id": "r", "status": "SUCCESS", "error": error})
    frame = parse_receipts(body, source_key="s", bulk_id="b")
    assert frame.select(failed(frame.columns)).item() is False


@pytest.mark.parametrize("spaced", [b"[ ]", b"{ }", b"[\n]", b"{\t\n}"])
def test_empty_json_with_spaces_is_empty(spaced):
    body = b'{"status":"S","receipts":[{"status":"SUCCESS","error":{"details":%b}}]}' % spaced
    frame = parse_receipts(body, source_key="s", bulk_id="b")
    assert frame["error_details"].to_list() == [None]
    assert frame.select(failed(frame.columns)).item() is False


@pytest.mark.parametrize(
    "error", [{"applicationErrorCode": "X1"}, {"additionalContext": {"shard": 7}}]
)
def test_an_error_that_newer_servers_describe_is_a_failure(error):
    body = wire({"id": "r", "status": "SUCCESS", "error": error})
    frame = parse_receipts(body, source_key="s", bulk_id="b")
    assert frame.select(failed(frame.columns)).item() is True


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0", "\u2003 "])
def test_a_blank_id_is_none(blank):
    frame = parse_receipts(wire({"id": blank}, {"id": " x"}), source_key="s", bulk_id="b")
    assert frame["id"].to_list() == [None, " x"]


def test_status_and_counts_are_read_from_odd_answers_too():
    pending = b'{"status":"PENDING","error":{"message":"\x01\xff"}}'
    body = b'{"status":"PENDING","receipts":[%b,5,null,{"status":NaN}]}' % pending
    assert read_status(body) == "PENDING"
    assert (count_statuses(body).total, count_statuses(body).done) == (4, 3)


READABLE = {
    "UTF-16": '{"receipts": [{"status": "PENDING"}], "status": "FAILURE"}'.encode("utf-16"),
    "UTF-32": '{"receipts": [{"status": "PENDING"}], "status": "FAILURE"}'.encode("utf-32-be"),
    "a comma too few": b'{"status":"FAILURE","receipts":[{"status":"PENDING" "id":"r"}]}',
    "the status not UTF-8": b'{"status":"FAIL\xff","receipts":[{"status":"PENDING"}]}',
    "an escaped name": b'{"st\\u0061tus":"FAILURE","rec\\u0065ipts":[{"status":"PENDING"}]}',
}


@pytest.mark.parametrize("body", READABLE.values(), ids=READABLE)
@pytest.mark.filterwarnings("ignore::clinia_nb.UnreadValuesWarning")
def test_what_is_readable_as_receipts_is_so_for_its_status_and_counts(body):
    answer = parse_answer(body, source_key="s", bulk_id="b")
    assert read_status(body) == answer.status
    assert count_statuses(body).total == answer.receipts.height == 1


def test_what_is_not_readable_as_receipts_is_not_counted():
    body = b'{"receipts":[],"status":"PENDING","receipts":[{"status":"PENDING"}]}'
    for read in (read_status, count_statuses):
        with pytest.raises(UnreadableAnswerError, match="two lists"):
            read(body)
