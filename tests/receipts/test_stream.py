"""The streaming reader gives what reading the whole answer gives, however the bytes are cut."""

import json
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.wire import FULL, odd_answers, wire

from clinia_nb.errors import CliniaError
from clinia_nb.receipts import stream, table
from clinia_nb.receipts.stream import AnswerReader
from clinia_nb.receipts.wire import Wire


def read(*pieces):
    """Read pieces; the error's type, or all that an answer holds."""
    reader = AnswerReader(source_key="s", bulk_id="b")
    for piece in pieces:
        reader.feed(piece)
    try:
        answer = reader.finish()
    except CliniaError as exc:
        return type(exc), str(exc)
    return answer.status, answer.receipts, answer.unread, answer.unknown


def assert_same(one, other):
    assert len(one) == len(other)
    if len(one) == 4:
        assert_frame_equal(one[1], other[1])
        one, other = one[:1] + one[2:], other[:1] + other[2:]
    assert one == other


@pytest.fixture(params=[16, 200, 1 << 17])
def piece_size(request, monkeypatch):
    monkeypatch.setattr(stream, "_PIECE", request.param)
    return request.param


@given(odd_answers(), st.lists(st.integers(0, 3_000), max_size=6))
def test_any_cuts_give_what_the_whole_gives(body, cuts):
    cuts = sorted(cut for cut in cuts if cut < len(body))
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    with pytest.MonkeyPatch.context() as patch:
        whole = read(body)
        for size in (16, 300):
            patch.setattr(stream, "_PIECE", size)
            assert_same(read(*pieces), whole)
            assert_same(read(body), whole)


@given(odd_answers(), st.integers(1, 3), st.integers(1, 3))
def test_receipts_typed_in_several_batches_are_those_typed_in_one(body, rows, at_once):
    whole = read(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "_PIECE", 40)
        patch.setattr(table, "_ROWS", rows)
        patch.setattr(table, "_AT_ONCE", at_once)
        assert_same(read(body), whole)


def test_a_text_that_all_receipts_of_some_batches_share_is_kept(monkeypatch):
    tasks = ["a", "a", "a", "b", None, None, None, "a", "b"]
    receipts = [FULL | {"taskId": task} for task in tasks]
    monkeypatch.setattr(stream, "_PIECE", 40)
    monkeypatch.setattr(table, "_ROWS", 2)
    frame = read(wire(*receipts))[1]
    assert frame["task_id"].to_list() == tasks
    assert frame["id"].n_chunks() == 5  # chunks of other lengths would be copied into one
    assert read(wire(*receipts[:3]))[1]["task_id"].to_list() == tasks[:3]


@pytest.mark.parametrize(
    "body",
    [
        b'{"status"\x1f"S","receipts":[' + b'{"id":"r"},' * 40 + b"{}]}",
        b'{"status":"S","receipts":[' + b'{"id":"r"},' * 40,
        b'{"status":"S","receipts":[' + b'{"id":"r"},' * 40 + b'{}],"receipts":[]}' + b" " * 99,
        b'x{"status":"S","receipts":[' + b'{"id":"r"},' * 40 + b"\x00{}]}",
    ],
    ids=["before the list", "in the list", "after the list", "before the object"],
)
def test_what_is_not_json_is_said_alike_however_it_came(body, piece_size):
    said = read(body)
    assert f"{len(body):,} bytes" in said[1]
    for cut in range(0, len(body), 7):
        assert read(body[:cut], body[cut:]) == said


@pytest.mark.parametrize("name", ["details", "additionalContext", "new"])
def test_what_is_nested_deep_is_read_alike_beside_a_field_without_a_column(name, piece_size):
    deep = "[" * 300 + '"core"' + "]" * 300
    receipts = [
        f'{{{new}"id":"r","error":{{"type":"X","{name}":{deep}}}}}' for new in ('"new":1,', "") * 3
    ]
    body = f'{{"status":"S","receipts":[{",".join(receipts)}]}}'.encode()
    whole = read(body)
    assert not whole[2]
    texts = whole[1].unpivot(["error_details", "error_context"])["value"].drop_nulls()
    assert set(texts) == ({deep} if name != "new" else set())
    for cut in range(0, len(body), 97):
        assert_same(read(body[:cut], body[cut:]), whole)


def test_byte_by_byte(piece_size):
    nested = {"code": 1, "message": '{"a":1},{"b":2}]}', "details": [{"x": 1}, {"x": "},{"}]}
    receipts = [FULL, FULL | {"error": nested}, {"id": "r3"}, {}, FULL | {"error": None}]
    body = wire(*receipts)
    assert_same(read(*(body[i : i + 1] for i in range(len(body)))), read(body))
    assert read(body)[1].height == 5
    assert read(body)[1]["error_message"][1] == nested["message"]


@pytest.mark.parametrize(
    "text",
    [
        '{{"status": "S", "receipts": {}}}',
        '{{"receipts": {}, "status": "S"}}',
        '\n{{"taskId": "bk_1", "x": {{"receipts": [7]}}, "receipts":{}, "y": [], "status":"S"}}\n',
        '{{"status": "S", "rec\\u0065ipts": {}}}',
    ],
)
def test_the_list_is_found_wherever_it_is(text, piece_size):
    body = text.format(json.dumps([FULL, FULL], indent=1)).encode()
    status, frame, unread, _ = read(body)
    assert (status, unread, frame["id"].to_list()) == ("S", "", ["r1", "r1"])


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_cut_answer_is_an_error(cut, piece_size):
    body = wire(*[FULL] * 20)
    assert read(body[:-cut])[0] is stream.UnreadableAnswerError


def test_two_lists_are_an_error():
    assert "two lists" in read(b'{"status":"S","receipts":[{}],"receipts":[]}')[1]


def test_more_receipts_than_a_frame_can_hold_are_a_clear_error(monkeypatch):
    monkeypatch.setattr(stream, "MOST_RECEIPTS", 10)
    assert read(wire(*[{}] * 10))[1].height == 10
    assert "more than 10 receipts" in read(wire(*[{}] * 11))[1]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_files_in_other_encodings_of_unicode_are_read(encoding, piece_size):
    body = wire(FULL | {"id": "é\U0001f600"}, ascii_only=False).decode().encode(encoding)
    assert read(body)[1]["id"].to_list() == ["é\U0001f600"]


def test_a_broken_file_in_another_encoding_is_blamed_on_its_encoding():
    broken = wire(FULL).decode().encode("utf-16")[:-1]
    kind, message = read(broken)
    assert kind is stream.UnreadableAnswerError
    assert "utf-16" in message


NEW = {
    pl.Int64(): (3, "three"),
    pl.UInt8(): (255, 256),
    pl.Float64(): (0.5, "half"),
    pl.Boolean(): (True, 1),
    pl.String(): ("text", 5),
    pl.Categorical(): ("A", ["A"]),
    pl.Datetime("us", "UTC"): ("2025-05-06T11:47:51Z", "today"),
}


@pytest.mark.parametrize("parent", ["", "error.", "pipelineExecution.", "links."])
@pytest.mark.parametrize("dtype", NEW, ids=str)
def test_a_new_field_is_one_row_of_the_table(dtype, parent):
    right, wrong = NEW[dtype]
    like = next(field for field in stream.FIELDS if field.name == "error_code")
    field = replace(like, name="new", dtype=dtype, path=f"{parent}new")
    name = parent.removesuffix(".")
    receipts = [
        FULL | ({name: FULL.get(name, {}) | {"new": value}} if name else {"new": value})
        for value in (right, wrong, None, right)
    ]
    reader = AnswerReader(source_key="s", bulk_id="b", fields=(*stream.FIELDS, field))
    reader.feed(wire(*receipts))
    answer = reader.finish()
    assert answer.receipts.schema["new"] == dtype
    values = answer.receipts["new"].is_not_null().to_list()
    assert values == [True, False, False, True]
    assert f"{parent}new (1, first in receipt 1)" in answer.unread
    plain = read(wire(*[FULL] * 4))[1].with_columns(source_key=pl.lit("s").cast(pl.Categorical))
    assert_frame_equal(answer.receipts.drop("new"), plain)


def test_a_new_json_field_is_kept_as_text():
    like = next(field for field in stream.FIELDS if field.json)
    field = replace(like, name="links", path="links")
    reader = AnswerReader(source_key="s", bulk_id="b", fields=(*stream.FIELDS, field))
    reader.feed(wire({"links": [1, {}]}, {"links": {}}, {}, {"links": 5, "id": 7}))
    assert reader.finish().receipts["links"].to_list() == ["[1, {}]", None, None, "5"]


def test_fields_without_a_column_cost_nothing_once_they_are_known(monkeypatch):
    one_by_one = []
    monkeypatch.setattr(stream, "_PIECE", 1_000)
    real = Wire.read_one
    monkeypatch.setattr(
        Wire, "read_one", lambda self, *args: one_by_one.append(1) or real(self, *args)
    )
    novel = FULL | {"priority": 3, "error": FULL["error"] | {"severity": {"of": []}}, "a.b": 1}
    _, frame, unread, unknown = read(wire(*[FULL] * 3, *[novel] * 1_000, {"id": 7}))
    assert unknown == "Fields without a column in the frame: a.b, error.severity, priority."
    assert unread == "1 value could not be read as it came: id (1, first in receipt 1,003)."
    assert_frame_equal(frame.head(1_003), read(wire(*[FULL] * 1_003))[1])
    assert len(one_by_one) < 20
