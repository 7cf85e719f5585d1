"""What stands in the place of an answer is named for what it is, and nothing of it is shown."""

import bz2
import gzip
import io
import json
import zipfile

import polars as pl
import pytest
from support.wire import FULL, wire

from clinia_nb.errors import UnknownFieldsWarning, UnreadableAnswerError, UnreadValuesWarning
from clinia_nb.receipts.parse import count_statuses, parse_receipts, read_status
from clinia_nb.receipts.stream import AnswerReader

NAME = "Quibblethwaite"
WHOLE = wire(*[FULL | {"id": NAME}] * 40)
PAGE = f"<!DOCTYPE html>\n<html><title>Sign in, {NAME}</title>"
LINES = b"\n".join(json.dumps(FULL | {"id": NAME}).encode() for _ in range(40))


def packed(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def zipped(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("answer.json", WHOLE)


NAMED = {
    "page": (PAGE.encode(), "HTML page"),
    "page after blanks": (b"\r\n \t" + PAGE.encode(), "HTML page"),
    "page with a mark": (b"\xef\xbb\xbf" + PAGE.encode(), "HTML page"),
    "page in UTF-16": (PAGE.encode("utf-16"), "HTML page"),
    "page of a proxy": (b"<HEAD><TITLE>502 Bad Gateway</TITLE></HEAD>", "HTML page"),
    "page with receipts": (
        b'<script>var state = {"status": "FAILURE", "receipts": [{"id": 1}]}</script>',
        "HTML page",
    ),
    "xml": (b'<?xml version="1.0"?><Error>no</Error>', "XML"),
    "gzip": (gzip.compress(WHOLE, mtime=0), "gzip"),
    "gzip of now": (gzip.compress(WHOLE), "gzip"),
    "bzip2": (bz2.compress(WHOLE), "bzip2"),
    "zip": (packed(zipped), "ZIP"),
    "parquet": (packed(pl.DataFrame({"id": [NAME]}).write_parquet), "Parquet"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary"),
    "headers": (b"HTTP/2 200\r\ncontent-type: application/json\r\n\r\n" + WHOLE, "curl -i"),
    "list": (json.dumps([FULL] * 40).encode(), "a list, not the object"),
    "lines": (LINES, "several JSON documents"),
    "twice": (WHOLE + b"\n" + WHOLE, "several JSON documents"),
    "python": (repr({"status": "S", "receipts": [FULL]}).encode(), "as Python prints it"),
    "text in JSON": (json.dumps(WHOLE.decode()).encode(), "encoded twice"),
    "number": (b" -4.5e3\n", "single value"),
    "null": (b"null", "single value"),
    "text": (b"Internal Server Error", "plain text"),
    "csv": (f"id,status\n1,{NAME}\n".encode(), "plain text"),
    "csv in Latin-1": (f"id,état\n1,{NAME}\n".encode("latin-1"), "plain text"),
    "nothing": (b"", "empty"),
    "blanks": (b" \n ", "empty"),
    "cut": (WHOLE[:-300], "cut short"),
    "error": (b'{"code": 401, "type": "X", "message": "no key"}', "is an error, as Clinia sends"),
    "wrapped": (b'{"data": %b}' % WHOLE, "has no `status`"),
    "without a status": (b'{"receipts": []}', "has no `status`"),
    "null for a status": (b'{"status": null}', "has no `status`"),
    "number for a status": (b'{"status": 200}', "`status` is not a text"),
}


@pytest.mark.parametrize(("body", "named"), NAMED.values(), ids=NAMED)
def test_it_is_named_however_it_is_read(body, named):
    def in_pieces():
        reader = AnswerReader(source_key="s", bulk_id="b")
        for start in range(0, len(body), 7):
            reader.feed(body[start : start + 7])
        reader.finish()

    told = set()
    for read in (
        in_pieces,
        lambda: parse_receipts(body, source_key="s", bulk_id="b"),
        lambda: read_status(body),
        lambda: count_statuses(body),
    ):
        with pytest.raises(UnreadableAnswerError) as caught:
            read()
        told.add(str(caught.value))
    assert len(told) == 1, told
    message = told.pop()
    assert named in message
    assert f" It has {len(body):,} bytes. " in message
    assert NAME not in message
    assert "Expected `" not in message


def test_receipts_under_another_name_are_noted():
    body = b'{"status": "FAILURE", "items": [{"id": "r1"}], "meta": {"total": 1}, "taskId": "t"}'
    with pytest.warns(UnknownFieldsWarning, match=r"beside the receipts: items, meta\.$"):
        assert parse_receipts(body, source_key="s", bulk_id="b").height == 0
    reader = AnswerReader(source_key="s", bulk_id="b")
    reader.feed(b'{"next": 1, "receipts": [{"new": 2}], "status": "S"}')
    assert reader.finish().unknown == (
        "Fields without a column in the frame: new; beside the receipts: next."
    )


@pytest.mark.parametrize("time", [1741554257000, "1741554257", "2025-05-06T11:47:51"])
def test_a_time_of_another_form_is_noted_with_the_form_that_is_read(time):
    with pytest.warns(UnreadValuesWarning, match=r"receivedAt .* such as 2025-05-06T11:47:51Z\.$"):
        parse_receipts(wire({"receivedAt": time}), source_key="s", bulk_id="b")
    with pytest.warns(UnreadValuesWarning, match=r"^1 value .*: id \(1, first in receipt 0\)\.$"):
        parse_receipts(wire({"id": 5}), source_key="s", bulk_id="b")
