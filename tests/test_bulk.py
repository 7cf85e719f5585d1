import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import polars as pl
import pytest

from clinia_nb import (
    Archive,
    BulkResult,
    Client,
    CliniaError,
    MissingColumnError,
    UnreadableAnswerError,
    UnreadValuesWarning,
    explain,
    redact,
    redact_bulk,
    write_report,
)
from clinia_nb.errors import BodyNotKeptError
from clinia_nb.receipts import SCHEMA
from clinia_nb.sandbox.samples import list_samples

LIVE = "bk_2wil2vg5uqi08x1aet097gLW8DO"
HOSTILE = [
    "</script><script>alert(1)</script>",
    '" onload="alert(1)',
    "<img src=x onerror=alert(1)>",
    "</style><b>",
    "\u202egnp.exe",
    "&amp;{{ 7 * 7 }}",
]


def bulk_of(*receipts, status="FAILURE", source_key="ehr", bulk_id="bk_1", **known):
    body = json.dumps({"status": status, "receipts": receipts}).encode()
    return BulkResult.from_json(body, source_key=source_key, bulk_id=bulk_id, **known)


class Page(HTMLParser):
    """The tags, the attributes and the visible text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text, self.hidden = [], set(), "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.hidden = tag == "style"

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.text += data


def test_the_bytes_that_came_are_saved_and_read_again(tmp_path):
    sample = next(s for s in list_samples() if s.name == "mixed")
    bulk = BulkResult.from_json(sample.path, source_key=sample.source_key, bulk_id=sample.bulk_id)
    bulk.save_json(tmp_path / "answer.json")
    assert (tmp_path / "answer.json").read_bytes() == sample.path.read_bytes()
    again = BulkResult.from_json(
        str(tmp_path / "answer.json"), source_key=sample.source_key, bulk_id=sample.bulk_id
    )
    assert again.receipts.equals(bulk.receipts)


def test_a_bulk_without_its_bytes_writes_no_file(tmp_path):
    client, task = Client.sandbox(progress=False), "bk_2wil2vg5uqi08x1aet097gLW8DP"
    whole = client.fetch_bulk("docs-example", task)
    bulk = client.fetch_bulk("docs-example", task, keep_body=False)
    assert bulk.receipts.equals(whole.receipts)
    with pytest.raises(BodyNotKeptError, match="keep_body=False"):
        bulk.save_json(tmp_path / "answer.json")
    with pytest.raises(BodyNotKeptError, match="redacted"):
        redact_bulk(whole).save_json(tmp_path / "answer.json")
    assert not any(tmp_path.iterdir())


def test_a_saved_answer_that_is_cut_short_is_an_error(tmp_path):
    (tmp_path / "cut.json").write_bytes(b'{"status": "SUCC')
    with pytest.raises(UnreadableAnswerError):
        BulkResult.from_json(tmp_path / "cut.json", source_key="s", bulk_id="b")


@pytest.mark.parametrize(
    ("bulk_id", "fetched_at", "submitted_at"),
    [
        (LIVE, None, datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC)),
        (LIVE.removeprefix("bk_"), None, datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC)),
        (LIVE, datetime(2025, 5, 6, 12, tzinfo=UTC), datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC)),
        (LIVE, datetime(2024, 5, 6, tzinfo=UTC), None),
        ("bk_" + "0" * 27, None, None),
        ("bk_" + "z" * 27, None, None),
        ("bk_2wil2vg5uqi08x1aet097gLW8D", None, None),
        ("bk_2wil2vg5uqi08x1aet097gLW8D-", None, None),
        ("load-of-monday", None, None),
    ],
)
def test_the_time_of_submission_is_believed_only_where_it_is_plausible(
    bulk_id, fetched_at, submitted_at
):
    assert bulk_of(bulk_id=bulk_id, fetched_at=fetched_at).submitted_at == submitted_at


ANSWER = b'{"status": "SUCCESS", "receipts": [{"id": "Doe", "status": "SUCCESS"}]}'


@pytest.mark.parametrize(
    "wrong",
    [ANSWER.decode(), "\n" + ANSWER.decode() * 99, "[]", "<html>Doe</html>", {"id": "Doe"}, None],
)
def test_what_stands_in_the_place_of_a_path_is_never_shown(wrong):
    right = "^answer is the path of a saved answer, or its bytes, not "
    with pytest.raises(TypeError, match=right) as caught:
        BulkResult.from_json(wrong, source_key="ehr", bulk_id="bk_1")
    assert "Doe" not in str(caught.value)


def test_bytes_of_any_type_are_read():
    for held in (ANSWER, bytearray(ANSWER), memoryview(ANSWER)):
        assert BulkResult.from_json(held, source_key="ehr", bulk_id="bk_1").body == ANSWER


def of_bulk(*named):
    receipts = [{"id": "Doe", "status": "SUCCESS", "taskId": name} for name in named]
    return json.dumps({"status": "SUCCESS", "receipts": receipts}).encode()


ASKED, OTHER = "bk_2wil2vg5uqi08x1aet097gLW8DO", "bk_2wil2vg5uqi08x1aet097gLW8DP"


def test_a_saved_answer_of_another_bulk_is_refused_with_both_ids(tmp_path):
    path = tmp_path / "answer.json"
    path.write_bytes(of_bulk(OTHER, OTHER))
    told = f"answer.json holds receipts of bulk {OTHER}, not of {ASKED}. Pass the id"
    with pytest.raises(UnreadableAnswerError, match=told) as caught:
        BulkResult.from_json(path, source_key="ehr", bulk_id=ASKED)
    assert "Doe" not in str(caught.value)


@pytest.mark.parametrize(
    ("bulk_id", "named"),
    [(ASKED, ASKED), (ASKED, ASKED[3:]), (ASKED[3:], ASKED), (ASKED, None), (ASKED, "<string>"),
     ("load-of-monday", OTHER), ("bd_1", OTHER)],
)  # fmt: skip
def test_a_saved_answer_that_may_be_of_the_bulk_is_read(bulk_id, named):
    bulk = BulkResult.from_json(of_bulk(named), source_key="ehr", bulk_id=bulk_id)
    assert bulk.receipts["task_id"].to_list() == [named]


@pytest.mark.parametrize("wrong", [None, 5, "", "  "])
@pytest.mark.parametrize("name", ["source_key", "bulk_id"])
def test_a_bulk_is_named_by_texts(name, wrong):
    names = {"source_key": "ehr", "bulk_id": "bk_1"} | {name: wrong}
    with pytest.raises((TypeError, ValueError), match=f"^{name} is "):
        BulkResult.from_json(ANSWER, **names)


def test_the_time_of_a_fetch_without_a_zone_is_utc():
    naive = datetime(2026, 3, 9, 21)  # noqa: DTZ001 - as people write it
    assert bulk_of(fetched_at=naive).fetched_at == naive.replace(tzinfo=UTC)
    assert "Submitted" in bulk_of(bulk_id=ASKED, fetched_at=naive).summary.text()
    with pytest.raises(TypeError, match=r"^fetched_at is a datetime, not str"):
        bulk_of(fetched_at="2026-03-09")


FAILED = {"status": "FAILURE", "error": {"type": "NOT_FOUND", "code": 404, "message": "no clinic"}}
PENDING = {"status": "PENDING"}
REVIEW = {"status": "PENDING", "pipelineExecution": {"status": "IN_REVIEW"}}


SUCCESS, CANCELLED, NEW = ({"status": status} for status in ("SUCCESS", "CANCELLED", "NEW"))


@pytest.mark.parametrize(
    ("status", "receipts", "headline"),
    [
        ("FAILURE", [], "No receipts: only the status of the bulk is known, FAILURE."),
        ("SUCCESS", [SUCCESS], "The only operation succeeded."),
        ("FAILURE", [SUCCESS],
         "The only receipt succeeded, but the status of the bulk is FAILURE."),
        ("PENDING", [SUCCESS] * 2,
         "All 2 receipts succeeded, but the status of the bulk is PENDING."),
        ("CANCELLED", [SUCCESS] * 2,
         "All 2 receipts succeeded, but the status of the bulk is CANCELLED."),
        ("CANCELLED", [CANCELLED] * 2, "All 2 operations were cancelled."),
        ("FAILURE", [CANCELLED, SUCCESS], "None of 2 operations failed."),
        ("PENDING", [REVIEW], "The only operation waits for human review; none failed so far."),
        ("PENDING", [PENDING],
         "The only operation is still being processed; none failed so far."),
        ("NEW", [NEW, {}],
         "None of 2 operations is known to have failed, and 2 have no known status."),
        ("NEW", [NEW], "The only operation has no known status."),
        ("FAILURE", [FAILED], "1 of 1 operations failed (100%), with NOT_FOUND 404."),
        ("PENDING", [FAILED, FAILED, PENDING],
         "2 of 3 operations failed (66.7%), all with NOT_FOUND 404."),
        ("FAILURE", [FAILED, FAILED, SUCCESS, {"status": "FAILURE"}],
         "3 of 4 operations failed (75.0%); most often NOT_FOUND 404, 66.7% of the failures."),
    ],
)  # fmt: skip
def test_the_headline_says_what_became_of_the_bulk(status, receipts, headline):
    summary = bulk_of(*receipts, status=status).summary
    assert summary.headline == headline
    assert headline in summary.text()
    assert headline in Page(summary.html()).text
    assert sum(summary.outcomes.values()) == summary.receipts == len(receipts)


@pytest.mark.parametrize(
    ("status", "receipts", "contradiction"),
    [
        ("SUCCESS", [FAILED, SUCCESS], "but 1 receipt failed."),
        ("SUCCESS", [FAILED, FAILED, PENDING], "but 2 receipts failed and 1 receipt is pending."),
        ("SUCCESS", [PENDING, REVIEW], "but 2 receipts are pending."),
        ("SUCCESS", [SUCCESS, CANCELLED, NEW], None),
        ("PENDING", [FAILED, PENDING], None),
        ("FAILURE", [FAILED], None),
    ],
)
def test_receipts_that_contradict_a_success_are_noted(status, receipts, contradiction):
    summary = bulk_of(*receipts, status=status).summary
    note = f"The status of the bulk is SUCCESS, {contradiction}"
    for page in (summary.text(), Page(summary.html()).text):
        assert (note in page) == (contradiction is not None)
        assert ("the bulk is SUCCESS" in page) == (contradiction is not None)


def test_a_cell_shows_the_counts_the_causes_and_what_could_not_be_read():
    with pytest.warns(UnreadValuesWarning):
        bulk = bulk_of(FAILED, {"id": 5, "status": "SUCCESS"})
    page = Page(bulk._repr_html_())
    for expected in (
        "1 failed · 50.0%",
        "NOT_FOUND 404",
        "no clinic",
        "1 value could not be read",
    ):
        assert expected in page.text


@pytest.mark.parametrize("text", [*HOSTILE, "W" * 10_000])
def test_whatever_the_api_sent_is_shown_as_text(text):
    error = {"type": text, "message": text, "code": 1}
    hostile = bulk_of({"id": text, "status": text, "error": error}, status=text, source_key=text)
    page = Page(hostile._repr_html_())
    assert {"script", "img", "b"}.isdisjoint(page.tags)
    assert {"onload", "onerror", "src"}.isdisjoint(page.attributes)
    assert text[:40] in page.text


def test_the_summary_reads_well_at_a_prompt(mixed):
    shown = repr(mixed.summary)
    assert shown == f"Overview({mixed.summary.headline!r}): print() shows all of it."
    assert "Median time" in str(mixed.summary)
    assert "timedelta" not in str(mixed.summary)


def test_the_repr_names_the_bulk_and_no_record():
    bulk = bulk_of(FAILED | {"id": "patient-7"}, status="FAILURE")
    assert repr(bulk) == "BulkResult('ehr', 'bk_1', status='FAILURE', receipts=1)"


MIXED = next(sample for sample in list_samples() if sample.name == "mixed")


@pytest.fixture(scope="module")
def mixed():
    return BulkResult.from_json(
        MIXED.path, source_key=MIXED.source_key, bulk_id=MIXED.bulk_id, kind=MIXED.kind
    )


def few(frame):
    return frame.filter(pl.col("error_type") == "INTERNAL")


@pytest.mark.parametrize(
    ("change", "height"),
    [
        (few, 29),
        (lambda frame: few(frame).lazy(), 29),
        (lambda frame: few(frame).select("status", "error_type", "source_key", "bulk_id"), 29),
        (lambda frame: few(frame).with_columns(pl.col(pl.Categorical).cast(pl.String)), 29),
        (lambda frame: few(frame).cast({"received_at": pl.Datetime("ms")}), 29),
        pytest.param(
            lambda frame: frame.join(frame.select("id", team=pl.lit("a")).unique(), on="id"),
            2_000,
            marks=pytest.mark.slow,
        ),
        pytest.param(redact, 2_000, marks=pytest.mark.slow),
        pytest.param(lambda frame: frame[::-1, ::-1], 2_000, marks=pytest.mark.slow),
    ],
)
def test_any_frame_of_receipts_is_a_bulk_again(mixed, change, height):
    bulk = BulkResult.from_receipts(change(mixed.receipts))
    assert (bulk.source_key, bulk.bulk_id) == (MIXED.source_key, MIXED.bulk_id)
    assert (bulk.status, bulk.receipts.height) == ("FAILURE", height)
    assert dict(list(bulk.receipts.schema.items())[: len(SCHEMA)]) == dict(SCHEMA)
    found = explain(bulk)
    assert f" of {height:,} operations failed" in found.headline
    assert found.problems


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([], "SUCCESS"),
        (["SUCCESS"], "SUCCESS"),
        (["SUCCESS", "FAILURE"], "FAILURE"),
        (["SUCCESS", "CANCELLED"], "FAILURE"),
        (["CANCELLED", "CANCELLED"], "CANCELLED"),
        (["FAILURE", "PENDING"], "PENDING"),
    ],
)
def test_the_status_of_a_frame_follows_from_its_receipts(outcomes, status):
    frame = pl.DataFrame({"status": outcomes}, schema={"status": pl.String})
    assert BulkResult.from_receipts(frame, source_key="s", bulk_id="b").status == status


def test_receipts_that_name_no_bulk_or_several_say_what_to_pass(mixed):
    with pytest.raises(ValueError, match=r"no value in 'source_key'\. Pass source_key="):
        BulkResult.from_receipts(pl.DataFrame({"status": ["SUCCESS"]}), bulk_id="b")
    other = mixed.receipts.with_columns(bulk_id=pl.lit("b").cast(pl.Categorical))
    both = pl.concat([mixed.receipts, other])
    with pytest.raises(ValueError, match=r"2 values in 'bulk_id'\. Pass bulk_id="):
        BulkResult.from_receipts(both)
    with pytest.raises(MissingColumnError, match="status"):
        BulkResult.from_receipts(mixed.receipts.drop("status"))


def test_receipts_of_several_bulks_keep_their_ids_under_one_name():
    frame = pl.DataFrame({"status": "SUCCESS", "bulk_id": ["bk_1", "bk_2", None]})
    month = BulkResult.from_receipts(frame, source_key="ehr", bulk_id="march")
    assert (month.source_key, month.bulk_id) == ("ehr", "march")
    assert month.receipts["bulk_id"].to_list() == ["bk_1", "bk_2", "march"]
    assert month.receipts["source_key"].to_list() == ["ehr"] * 3


def test_a_column_that_cannot_be_converted_is_named_and_its_values_are_not():
    frame = pl.DataFrame({"status": ["SUCCESS"], "error_code": ["Mrs Miller"]})
    with pytest.raises(ValueError, match="error_code: String") as caught:
        BulkResult.from_receipts(frame, source_key="s", bulk_id="b")
    assert "Miller" not in str(caught.value)


@pytest.mark.parametrize("wrong", [pl.DataFrame(), pl.LazyFrame(), "bk_1", None, 5])
def test_what_is_not_a_bulk_is_one_clear_sentence(wrong, tmp_path):
    functions = (
        explain,
        redact_bulk,
        lambda value: write_report(value, tmp_path / "r.html"),
        Archive(tmp_path / "archive").save,
    )
    for function in functions:
        with pytest.raises(TypeError) as caught:
            function(wrong)
        assert len(str(caught.value)) < 120
    with pytest.raises(TypeError, match="explain takes a BulkResult, not "):
        explain(wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_frame_has_no_bytes_to_save(mixed, tmp_path):
    with pytest.raises(CliniaError, match="not kept"):
        BulkResult.from_receipts(mixed.receipts).save_json(tmp_path / "answer.json")
