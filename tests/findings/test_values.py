"""What every output says of the values behind placeholders."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from support.frames import at, frame

import clinia_nb as cnb
from clinia_nb.cli import main
from clinia_nb.explorer.problem_markdown import problem_markdown
from clinia_nb.report.report import Findings
from clinia_nb.sandbox.samples import list_samples

HOSTILE = "<img src=x onerror=alert(1)>\u202e\x1b[31m"


class Text(HTMLParser):
    """The text of a page as it is read, without its styles."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags, self.skip = "", [], False
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.skip = tag in {"style", "title"}

    def handle_endtag(self, tag):
        self.skip = False

    def handle_data(self, data):
        self.words += "" if self.skip else data


def bulk_of(messages, *, details=None):
    details = details or [None] * len(messages)
    rows = [
        {
            "id": f"r{n}", "type": "bed", "action": "CREATE", "status": "FAILURE",
            "received_at": at(n), "error_type": "INVALID_ARGUMENT", "error_code": 400,
            "error_message": message,
            "error_details": None if detail is None else json.dumps(detail),
        }
        for n, (message, detail) in enumerate(zip(messages, details, strict=True))
    ]  # fmt: skip
    return cnb.BulkResult("ehr", "bk_1", "resources", "FAILURE", frame(*rows), b"")


def outputs(bulk):
    """Return what a terminal, a cell and a report that is not redacted say, each as one line."""
    explained, found = cnb.explain(bulk), Findings(bulk, redact=False)
    return {
        "text": " ".join(explained.text().split()),
        "cell": Text(explained.html()).words,
        "report": Text(found.html()).words,
        "brief": " ".join(found.brief().split()),
    }


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["ward-a"] * 12, "ward-a"),
        (["ward-a"] * 5 + ["ward-b"] * 7, "ward-b 7 · ward-a 5"),
        ([f"ward-{n % 8}" for n in range(20)], "ward-7 2"),
        ([f"ward-{n % 9}" for n in range(20)], "9 different"),
        (["ward-a"] * 15 + [f"ward-{n}" for n in range(9)], "10 different, mostly ward-a 15"),
        ([f"{n:05}" for n in range(199)], "199 different"),
    ],
)  # fmt: skip
def test_one_value_is_printed_few_are_counted_and_many_are_a_number(values, words):
    bulk = bulk_of([f"no bed in '{value}' today" for value in values])
    for name, said in outputs(bulk).items():
        assert words in said, name
        assert ("<name>" in said) == ("<name>" in words), name
    assert cnb.failure_signatures(bulk.receipts)["signature"].to_list() == [
        "no bed in <name> today"
    ]


def test_a_value_that_only_some_failures_have_is_not_printed_as_that_of_all():
    details = [[{"field": "gender", "limit": 7}]] * 3 + [[{"field": "email"}]] * 2
    for name, said in outputs(bulk_of(["refused"] * 5, details=details)).items():
        if name == "brief":
            continue
        assert "gender 3 · email 2" in said, name
        assert re.search(r"details\[\]\.limit:? ?7 3\b", said), name


def test_nested_fields_that_repeat_the_message_or_the_error_are_not_shown_again():
    messages = ["name.use is not a date", "period.end is not a date"]
    details = [
        [{"field": message.split()[0], "code": 400, "type": "INVALID_ARGUMENT"}]
        for message in messages
    ]
    for name, said in outputs(bulk_of(messages, details=details)).items():
        assert "details[]" not in said, name


def test_of_many_nested_fields_those_that_say_most_are_shown_and_the_others_counted():
    constant = dict.fromkeys("abcdefg", "same")
    details = [
        [constant | {"line": n, "state": "new" if n < 4 else "old", "x": {"pointer": "/birthDate"}}]
        for n in range(20)
    ]
    bulk = bulk_of(["refused"] * 20, details=details)
    problem = cnb.explain(bulk).problems[0]
    assert [field.placeholder for field in problem.fields.shown] == [
        f"details[].{name}" for name in ("a", "b", "c", "d", "state", "x.pointer")
    ]
    for name, said in outputs(bulk).items():
        if name != "brief":
            assert "old 16 · new 4" in said, name
            assert "/birthDate and 4 more fields" in said, name
    assert "- and 4 more fields\n" in problem_markdown(problem, bulk.summary, [])


def test_values_that_are_hostile_long_or_empty_stay_text():
    values = [HOSTILE] * 3 + ["x" * 5_000] * 2
    bulk = bulk_of(["refused"] * 6, details=[[{"note": value}] for value in [*values, ""]])
    told = cnb.explain(bulk)
    page = Text(told.html())
    assert "img" not in page.tags
    assert "<img src=x onerror=alert(1)>" in page.words
    assert not {"\u202e", "\x1b"} & {*page.words, *told.text()}
    assert "(empty) 1" in page.words
    assert "x" * 100 not in page.words + told.text()


def test_problems_beyond_the_leading_ones_have_values_in_the_table_of_causes():
    sentences = [
        "no bed at {}", "{} has closed its doors", "the lift of {} does not move today",
        "gate is locked: {}", "who may enter {}?", "roof leaks above {} since the storm",
        "yard {} flooded", "cannot reach anyone in {} by phone", "sill broke near {} again, twice",
    ]  # fmt: skip
    messages = [text.format("'north-1'") for text in sentences for _ in range(3)]
    findings = Findings(bulk_of(messages), redact=False)
    rows = findings.chapters[0].table()
    assert sum("north-1" in row for row in rows) == len(sentences)


def sample():
    mixed = next(sample for sample in list_samples() if sample.name == "mixed")
    return cnb.Client.sandbox().fetch_bulk(mixed.source_key, mixed.bulk_id, kind=mixed.kind)


@pytest.fixture(scope="module")
def all_outputs():
    return outputs(sample())


@pytest.fixture(params=["text", "cell", "report", "brief", "show"])
def said_of_the_sample(request, all_outputs):
    return request.param, all_outputs.get(request.param)


def test_each_problem_of_the_mixed_sample_is_named(said_of_the_sample, capsys):
    name, said = said_of_the_sample
    if said is None:
        assert main(["show", "--sandbox"]) == 0
        said = " ".join(capsys.readouterr().out.split())
    plain = re.sub(r"[<>]", "", said)
    for words in (
        "resource clinic with id 199 different does not exist in source ehr-prod",
        "period.end 18 · period.start 16 · validFrom 11",
        "already exists",
        "timed out after 29 different",
        "definition clinic-offers-service does not allow a target of profile clinic 10 ·",
        "· practitioner 9 · service 9",
        "may not write location-part-of-organization of",
    ):
        assert words in plain, name
    if name == "brief":
        return
    for words in (
        "practitioner-works-at-clinic and pipeline_definition_id = clinic.2",
        "Load clinic first",
        "Fix period.end, period.start and validFrom",
        "on CREATE",
    ):
        assert words in plain, name


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["x1", "x2", "x1", "x3", "x2", "x1"], r"3 different: \w+:\w{5}… 3 · \w+:\w{5}… 2 · "),
        (["email", "x1", "x1"], r"<\w+:\w{5}… 2 · email 1> today"),
        ([f"x{n % 6}" for n in range(16)], r"6 different: (?:\w+:\w{5}… 3 · ){4}2 others 4> today"),
        ([f"x{n % 5}" for n in range(9)], r"5 different: (?:\w+:\w{5}… 2 · ){4}1 other 1> today"),
        (["x1", "x2", "x3", "x4"], r"<4 different> today"),
        ([f"x{n % 9}" for n in range(20)], r"<9 different> today"),
        (["x1"] * 3, r"in name:\w{14} today"),
    ],
)  # fmt: skip
def test_the_split_of_masked_values_stays_visible(values, shown):
    redacted = cnb.redact_bulk(bulk_of([f"no bed in '{value}' today" for value in values]))
    assert re.search(shown, cnb.explain(redacted).problems[0].title)


def test_a_redacted_report_shows_what_names_nobody_and_counts_the_rest():
    findings = Findings(sample(), redact=True, key=bytes(16))
    said = Text(findings.html()).words
    plain = re.sub(r"[<>]", "", said)
    for words in (
        "resource clinic with id 199 different does not exist in source ehr-prod",
        "period.end 18 · period.start 16 · validFrom 11",
        "definition clinic-offers-service does not allow a target of profile clinic 10 ·",
        "may not write location-part-of-organization of",
        "practitioner-works-at-clinic and pipeline_definition_id = clinic.2",
        "action = CREATE",
        "Load clinic first",
        "Fix period.end, period.start and validFrom",
    ):
        assert words in plain
    assert "of 4 different" in plain
    assert not re.search(r"(?:name|id):[a-z]{14} [0-9]+ ·", plain)
    assert re.search(
        r"4 different: name:\w{5}… 12 · name:\w{5}… 6 · name:\w{5}… 4 · name:\w{5}… 3", plain
    )
    assert "Centre Santé Nord" not in said
    assert "For example" not in said
    assert all("Centre Santé" not in json.dumps(bulk) for bulk in findings.facts()["bulks"])
