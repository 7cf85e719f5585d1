import json
import os
import re
import shlex
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from clinia_nb import Archive, BulkResult, redact, redact_bulk, signature_history
from clinia_nb.cli import main
from clinia_nb.display.renderer import draw_json
from clinia_nb.report import report
from clinia_nb.report.report import Findings, write_report
from clinia_nb.sandbox.samples import list_samples

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
VOID = {"meta"}
INERT = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("pre", "details", "summary"),
    *("h1", "h2", "h3", "p", "div", "span", "b", "i", "bdi", "code", "dl", "dt", "dd", "ul", "ol"),
    *("li", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure"),
    *("svg", "g", "path", "text", "tspan", "line", "rect", "defs", "clippath", "use"),
}
HARMLESS = {"http-equiv", "content", "charset", "lang", "name", "class", "style", "scope", "role"}
ATTACKS = [
    "</script><script>alert(1)</script>",
    "</style><style>@import url(//evil.example)</style>",
    '" onload="alert(1)" x="',
    "<img src=x onerror=alert(1)>",
    "<a href=https://evil.example>click</a>",
    "</title></head><body onload=alert(1)>",
    "&lt;b&gt; &amp;{{ 7 * 7 }}{% raw %}",
    "]]><svg/onload=alert(1)>",
]


class Page(HTMLParser):
    """A page's tags, attributes and texts; it checks that tags nest."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.ids, self.text = set(), set(), [], ""
        self.styles, self.open = "", []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]
        self.styles += " ".join(str(value) for name, value in attrs if name != "xmlns")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.styles += data
        else:
            self.text += data

    @property
    def words(self):
        return " ".join(self.text.replace("\u00a0", " ").split())


def page_of(bulks, tmp_path, **options):
    path = write_report(bulks, tmp_path / "report.html", now=NOW, **({"key": KEY} | options))
    return Page(path.read_text(encoding="utf-8"))


@cache
def sample(name):
    found = next(s for s in list_samples() if s.name == name)
    return BulkResult.from_json(
        found.path, source_key=found.source_key, bulk_id=found.bulk_id, kind=found.kind,
        fetched_at=NOW - timedelta(hours=1),
    )  # fmt: skip


@cache
def findings_of(*names, redact=True):
    """Return the findings about samples: many tests look at the same ones."""
    return Findings([sample(name) for name in names], redact=redact, key=KEY)


@cache
def html_of(*names, redact=True):
    return findings_of(*names, redact=redact).html(now=NOW)


@cache
def read(*names, redact=True):
    """Return the page of samples as it is read; nobody may change it."""
    return Page(html_of(*names, redact=redact))


def bulk_of(receipts, status="FAILURE", source_key="ehr", bulk_id="bk_1", **known):
    body = json.dumps({"status": status, "receipts": receipts}).encode()
    return BulkResult.from_json(body, source_key=source_key, bulk_id=bulk_id, **known)


def failed(number, message="no such clinic", **fields):
    time = datetime(2026, 3, 9, 12, tzinfo=UTC) + timedelta(seconds=number)
    return {
        "id": f"rec-{number:05d}", "type": "works-at", "targetType": "RELATIONSHIP",
        "action": "CREATE", "status": "FAILURE", "receivedAt": time.isoformat(),
        "completedAt": (time + timedelta(seconds=1)).isoformat(),
        "error": {"type": "NOT_FOUND", "code": 404, "message": message},
    } | fields  # fmt: skip


@pytest.mark.parametrize("name", [s.name for s in list_samples()])
def test_a_page_is_inert_small_and_says_what_the_bulk_is(name):
    bulk = sample(name)
    page = read(name)
    assert page.tags <= INERT
    assert not [name for name in page.attributes if name.startswith("on") or "href" in name]
    assert not {"src", "srcset", "action", "data", "background"} & page.attributes
    assert not re.findall(r"url\((?!#)|@import|expression", page.styles)
    assert "default-src 'none'" in page.styles
    assert len(page.ids) == len(set(page.ids))
    assert len(html_of(name).encode()) < 1_000_000
    assert bulk.bulk_id in page.words
    assert f"{bulk.kind} into {bulk.source_key}" in page.words
    assert findings_of(name).chapters[0].explanation.headline in page.words
    assert "2026-04-01 09:30:00 UTC by clinia_nb" in page.words
    assert "Fetched 2026-04-01 08:30:00 UTC" in page.words


def test_the_outage_is_described_from_headline_to_fine_print():
    words = read("outage").words
    for said in (
        "281 of 2,000 operations failed (14.1%), in 2 distinct ways",
        "248 of them (88.3%) look transient: comparable operations succeeded meanwhile or later",
        "Failures came from 2026-03-10 21:04:21 to 21:28:16 UTC",
        "Retry unchanged",
        "A burst, 2026-03-10 21:15:34 to 21:19:18 UTC",
        "Failed receipts over time, by when they were received",
        "received from 2026-03-10 21:15:34",
        "Time to completion",
        "Every value could be read",
        "Redacted.",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("bulk", "told"),
    [
        (sample("all_well"), "There is nothing to do."),
        (sample("all_cancelled"), "submit them again if still wanted"),
        (sample("in_review"), "They continue once somebody has reviewed them."),
        (bulk_of([], "SUCCESS"), "If operations were submitted, check the kind"),
        (bulk_of([{"id": "a", "status": "PENDING"}] * 3, "PENDING"), "these figures are not final"),
        (bulk_of([{"id": "a", "status": "NEW"}], "NEW"), "The only operation has no known status."),
        (bulk_of([{"id": "a", "status": "SUCCESS"}], "FAILURE"), "No receipt shows why"),
        (bulk_of([], "FAILURE"), "No receipt shows why"),
        (bulk_of([{"id": "a", "status": "SUCCESS"}], "PENDING"), "these figures are not final"),
    ],
    ids=[
        "well",
        "cancelled",
        "review",
        "empty",
        "pending",
        "unknown",
        "unshown",
        "bare",
        "so far",
    ],
)
def test_a_bulk_without_failures_has_a_page_without_causes(bulk, told, tmp_path):
    page = page_of(bulk, tmp_path)
    assert told in page.words
    for heading in ("What failed", "What to do, cause by cause", "Where failures concentrate"):
        assert heading not in page.words
    assert "Fine print" in page.words


def test_a_page_counts_the_causes_that_it_does_not_list(tmp_path):
    errors = [{"type": f"{letter}_FAILED", "code": 500} for letter in "ABCDEFGHIJKLM"]
    bulk = bulk_of(
        [
            {"id": f"{n}", "status": "FAILURE", "error": error}
            for n, error in enumerate([*errors, *errors[:-1]])
        ]
    )
    words = page_of(bulk, tmp_path).words
    assert "And 1 more, with 1 failure in total." in words
    assert "And 5 more, with 9 failures in total." in words


@pytest.mark.quick
def test_a_failure_without_any_time_has_a_page(tmp_path):
    bulk = bulk_of([{"id": "a", "status": "FAILURE"}])
    assert (
        "Unknown: none of their receipts has a time that could be read."
        in page_of(bulk, tmp_path).words
    )


def planted_bulk():
    """A bulk with secrets in all places that hold text, and these."""
    secrets, receipts = set(), []
    for number in range(60):
        name, clinic = f"Zyrqx{number}", f"Qvolph Wexnir {number}"
        mail, path = f"kzip{number}@vond.example", f"/srv/jurt/{number}wamp.pdf"
        record, execution = f"mrn-{8_800_000 + number}", f"Xe{number}KqvTz{70_000 + number}"
        secrets |= {name, clinic, mail, path, record, execution, "jurt", "Wexnir", "vond.example"}
        receipts.append(
            failed(
                number,
                f"patient '{name}' of \"{clinic}\" ({mail}) not found in {path}, see {record}",
                id=record,
                pipelineExecution={"id": execution, "status": "FAILED"},
                **{f"Trelk {number // 30}": 1, "Zolna, Vrek": 1},
            )
        )
        inner = (
            f"GET https://{name}.example/{record}?to={mail} gave {20_000_000 + number} at {path}"
        )
        receipts[-1]["error"]["details"] = [{"message": inner, "k": clinic, "at": "1931-04-05"}]
        secrets.add(str(20_000_000 + number))
    secrets |= {"Trelk", "Zolna", "Vrek"}
    # What failed only once, of a record whose id is a word.
    receipts.append(failed(90, "Blorvik Quenzaff is not active", id="hexmurd"))
    receipts.append(failed(91, "cannot merge glimspatz", id="glimspatz2"))
    receipts.append(failed(92, "no bed for Ⓐⓝⓝⓐ of ⠕⠎⠞⠗⠁⠧⠁, born 5 avril ١٩٣١, room Ⅷ"))
    secrets |= {"Ⓐⓝⓝⓐ", "⠕⠎⠞⠗⠁⠧⠁", "avril", "١٩٣١", "Ⅷ"}
    receipts.append({"id": "glimspatz", "status": "SUCCESS", "type": "Anna Roy 1931-04-05"})
    secrets |= {"Blorvik", "Quenzaff", "hexmurd", "glimspatz", "Anna Roy", "1931-04-05", "Ostrava"}
    return secrets, receipts


@pytest.mark.filterwarnings("ignore::clinia_nb.UnknownFieldsWarning")
def test_no_id_and_no_variable_part_is_in_the_bytes(tmp_path):
    secrets, receipts = planted_bulk()
    bulk = bulk_of(receipts, "Ostrava 17 12 88 5")
    shown = write_report(bulk, tmp_path / "shown.html", redact=False).read_text(encoding="utf-8")
    assert {"Zyrqx0", "mrn-8800000", "Trelk", "Ostrava"} <= {s for s in secrets if s in shown}
    for bulks in (bulk, [bulk, bulk]):
        found = Findings(bulks)
        page = found.write(tmp_path / "report.html").read_bytes().decode()
        assert [secret for secret in secrets if secret in page] == []
        told = json.dumps(found.facts()) + found.brief()
        assert [secret for secret in secrets if secret in told] == []


@pytest.mark.parametrize("name", ["mixed", "outage", "retry", "pending"])
def test_no_id_of_a_sample_is_in_the_bytes(name):
    bulk, page = sample(name), html_of(name)
    ids = pl.concat([bulk.receipts["id"], bulk.receipts["pipeline_execution_id"]]).drop_nulls()
    assert [record for record in ids if record in page] == []


@pytest.mark.parametrize("name", ["mixed", "outage", "retry", "in_review"])
def test_redaction_keeps_the_figures(name):
    (masked,), (plain,) = (findings_of(name, redact=redact).chapters for redact in (True, False))
    examples = ("example_id", "example_message")
    assert_frame_equal(
        masked.explanation.signatures.drop(examples), plain.explanation.signatures.drop(examples)
    )
    assert_frame_equal(masked.explanation.onsets, plain.explanation.onsets)
    assert_frame_equal(masked.explanation.leads, plain.explanation.leads)
    figures = ("signature", "failures", "records", "settled", "recommendation")
    assert_frame_equal(
        masked.explanation.plan.select(figures), plain.explanation.plan.select(figures)
    )
    assert masked.timings == plain.timings
    assert masked.bulk.summary.figures == plain.bulk.summary.figures


def test_the_page_says_that_nothing_is_masked():
    shown = read("mixed", redact=False).words
    assert "Not redacted. This page shows record ids and messages" in shown
    assert "resource 'clinic' with id" in shown
    assert "Redacted." not in shown


@pytest.mark.parametrize(
    ("bulk_before", "words"),
    [
        (redact_bulk, "Redacted. Words are shown"),
        (lambda bulk: BulkResult.from_receipts(redact(bulk.receipts)), "Shown as passed."),
        (lambda bulk: BulkResult.from_receipts(bulk.receipts), "Shown as passed."),
    ],
)
def test_the_page_claims_no_more_than_is_known_of_what_was_passed(bulk_before, words, tmp_path):
    bulk = bulk_before(sample("documented"))
    shown = page_of(bulk, tmp_path, redact=False).words
    assert words in shown
    assert "Not redacted" not in shown
    assert "Redacted. Words are shown" in page_of(bulk, tmp_path).words


@pytest.mark.parametrize("redact", [True, False])
@pytest.mark.filterwarnings("ignore::clinia_nb.UnknownFieldsWarning")
def test_what_the_api_sent_is_text_in_every_field(redact, tmp_path):
    attack = " ".join(ATTACKS)
    receipts = [
        failed(
            number,
            attack,
            id=f"{attack}{number}",
            type=attack,
            targetType=attack,
            action=attack,
            pipelineExecution={"id": attack, "status": attack, "pipelineDefinitionId": attack},
            taskId=attack,
            **{attack: attack},
        )
        for number in range(20)
    ]
    for receipt in receipts:
        receipt["error"] |= {"type": attack, "details": [{"message": attack, attack: attack}]}
    receipts += [failed(100 + number, id=str(number), status="SUCCESS") for number in range(20)]
    bulk = bulk_of(receipts, attack, source_key=attack, bulk_id=attack)
    page = page_of(bulk, tmp_path, redact=redact)
    assert page.tags <= INERT
    assert not [name for name in page.attributes if name.startswith("on") or "href" in name]
    assert "src" not in page.attributes
    assert not re.findall(r"url\((?!#)|@import", page.styles.replace(ATTACKS[1], ""))
    assert ATTACKS[0] in page.words
    assert "49" not in page.words.split("Fine print", maxsplit=1)[1]


def test_strange_and_long_text_is_clipped_and_shown_harmlessly(tmp_path):
    strange = "\x00\x1b[31m\u202egnp.exe\u2066\u200f 👩‍👩‍👧 نص " + "W" * 10_000
    page = page_of(bulk_of([failed(1, strange)] * 9), tmp_path, redact=False)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.findall(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]", text
    )
    assert "W" * 1_000 not in page.text
    assert "␀␛[31m�gnp.exe" in page.text
    assert "👩‍👩‍👧 نص" in page.text


def test_equal_bulks_give_equal_bytes(tmp_path):
    before = html_of("outage", "retry")
    draw_json.cache_clear()
    path = tmp_path / "again.html"
    write_report([sample("outage"), sample("retry")], path, now=NOW, key=KEY)
    assert path.read_text(encoding="utf-8") == before


def test_pseudonyms_that_are_shown_follow_the_key(tmp_path):
    error = {"type": "INTERNAL", "code": 500, "message": "zorblax gave up"}
    bulk = bulk_of([{"id": f"r{n}", "status": "FAILURE", "error": error} for n in range(3)])
    first, again = (tmp_path / name for name in ("first.html", "again.html"))
    write_report(bulk, first, now=NOW, key=KEY)
    write_report(bulk, again, now=NOW)
    assert first.read_bytes() != again.read_bytes()


def test_attempts_are_compared_then_described_one_by_one():
    page = read("outage", "retry")
    before, after = page.words.split("Attempt 1. 281 of 2,000 operations failed")
    assert "Of 281 records that failed before, 244 (86.8%) are fixed" in before
    assert "The attempts side by side" in before
    assert "Attempt 2. 37 of 281 operations failed" in after
    assert len(page.ids) == len(set(page.ids))


def test_bulks_of_different_sources_stand_side_by_side():
    page = read("mixed", "all_well")
    assert "These bulks share no record" in page.words
    assert "clinic-registry" in page.words


@pytest.mark.quick
@pytest.mark.parametrize("number", [0, 21])
def test_no_bulk_or_too_many_are_refused(number, tmp_path):
    with pytest.raises(ValueError, match="A report takes 1 to 20 bulks"):
        write_report([sample("documented")] * number, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("part", ["render", "write"])
def test_a_failed_run_leaves_what_was_there(part, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("what was there")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    if part == "render":
        monkeypatch.setattr(report, "render", fail)
    else:
        monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_report(sample("documented"), path)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["what was there"]


def test_what_a_link_leads_to_is_replaced(tmp_path):
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    assert write_report(sample("documented"), tmp_path / "link.html") == tmp_path / "link.html"
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.quick
def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        write_report(sample("documented"), tmp_path / "nowhere" / "report.html")
    assert caught.value.filename == str(tmp_path / "nowhere")


@pytest.mark.quick
@pytest.mark.parametrize("place", ["folder", "pipe"])
def test_what_is_not_a_file_is_not_replaced(place, tmp_path):
    path = tmp_path / place
    path.mkdir() if place == "folder" else os.mkfifo(path)
    with pytest.raises(FileExistsError, match="Not a regular file"):
        write_report(sample("documented"), path)
    assert [it.name for it in tmp_path.iterdir()] == [place]
    assert not path.is_file()


def test_a_record_that_succeeded_later_is_settled_in_the_redacted_report_too():
    later = failed(50, id="rec-00001", status="SUCCESS")
    del later["error"]
    others = [failed(n) for n in range(1, 8)]
    (chapter,) = Findings(bulk_of([*others, later])).chapters
    assert chapter.explanation.plan.select("failures", "records", "settled").row(0) == (7, 7, 1)


def test_what_is_missing_is_named_if_it_names_nobody():
    (chapter,) = findings_of("mixed").chapters
    problem = chapter.explanation.problems[0]
    assert problem.recommendation == "load_first"
    assert "oad clinic first" in problem.remedy
    absent = [failed(n, f"'Quenzaff' 'c{n}' is absent", targetType="RESOURCE") for n in range(9)]
    (chapter,) = Findings(bulk_of(absent)).chapters
    assert "Quenzaff" not in chapter.explanation.problems[0].remedy


def test_a_redacted_page_names_the_values_that_are_the_cause():
    words = read("mixed").words
    for cause in ("period.end 18", "period.start 16", "validFrom 11", "clinic-offers-service"):
        assert cause in words


def test_every_message_has_pseudonyms_and_keeps_its_signature():
    redacted = findings_of("mixed").bulks[0].receipts
    original = findings_of("mixed", redact=False).bulks[0].receipts
    assert redacted["signature"].equals(original["signature"])
    masked = (
        redacted["error_message"]
        .drop_nulls()
        .filter(redacted["signature"].drop_nulls().str.contains("<number>"))
    )
    assert masked.str.contains("<number:[a-z]{14}>").all()


def test_each_attempt_has_its_own_examples():
    for chapter in findings_of("outage", "retry").chapters:
        masked = [p for p in chapter.explanation.problems if "<" in p.signature.split(":")[0]]
        assert masked
        for problem in masked:
            assert re.search("<[a-z]+:[a-z]{14}>", problem.example)


def test_a_report_ends_with_the_call_and_the_command_that_make_it_again(tmp_path):
    bulk = bulk_of([failed(1)], source_key="it's <ehr>", bulk_id="bk_1")
    page = page_of(bulk, tmp_path)
    assert """client.fetch_bulk("it's <ehr>", 'bk_1')""" in page.words
    assert 'write_report(bulk, "report.html")' in page.words
    assert (
        shlex.join(["clinia-nb", "report", "-o", "report.html", "it's <ehr>", "bk_1"]) in page.words
    )
    assert page.tags <= INERT | VOID
    shown = page_of(bulk, tmp_path, redact=False, ids=True).words
    assert 'write_report(bulk, "report.html", redact=False, ids=True)' in shown
    assert "clinia-nb report --show-ids --ids -o report.html" in shown


def test_the_call_names_every_attempt_and_the_command_only_what_it_can_express(tmp_path):
    first = bulk_of([failed(1)], kind="resources")
    attempts = page_of(
        [first, bulk_of([failed(1)], bulk_id="-b", kind="resources")], tmp_path
    ).words
    assert "client.fetch_bulk('ehr', 'bk_1', kind='resources')" in attempts
    assert "report --kind resources -o report.html -- ehr bk_1 -b" in attempts
    mixed = page_of([first, bulk_of([failed(1)], source_key="lab")], tmp_path).words
    assert "client.fetch_bulk('lab', 'bk_1')" in mixed
    assert "On the command line" not in mixed


def test_ids_are_listed_per_cause_up_to_a_limit_and_never_in_a_redacted_report(tmp_path):
    many = [failed(n) for n in range(250)]
    bulk = bulk_of([*many, failed(0), failed(900, "cannot merge"), failed(901, "no id", id="")])
    page = page_of(bulk, tmp_path, redact=False, ids=True)
    assert {"details", "summary"} <= page.tags <= INERT | VOID
    assert "The first 200 of 250." in page.words
    assert "rec-00199" in page.words
    assert "rec-00220" not in page.words
    assert "rec-00900" in page.words
    assert "Records by cause" not in page_of(bulk, tmp_path, redact=False).words
    with pytest.raises(ValueError, match="lists no record ids"):
        write_report(bulk, tmp_path / "redacted.html", ids=True)
    assert not (tmp_path / "redacted.html").exists()


def test_a_redacted_report_with_a_history_says_what_is_new_and_shows_no_note():
    first = bulk_of([failed(n, "no bed for Blorvik") for n in range(3)], bulk_id="bk_0")
    now = bulk_of(
        [
            *(failed(900 + n, "no bed for Blorvik") for n in range(3)),
            *(failed(900 + n, "cannot merge glimspatz") for n in range(3, 7)),
        ]
    )
    history = signature_history(pl.concat([first.receipts, now.receipts]))
    history = history.with_columns(note=pl.lit("ask Quenzaff", dtype=pl.String))
    html = Findings(now, key=KEY, history=history).html(now=NOW)
    assert '<dd class="news">' in html
    assert "history=history)" in Page(html).words
    words = Page(html).words
    assert "New" in words
    assert "Known" in words
    assert [secret for secret in ("Quenzaff", "Blorvik", "glimspatz") if secret in html] == []
    assert "ask Quenzaff" in Findings(now, redact=False, history=history).html(now=NOW)


def test_a_report_with_a_history_is_made_again_from_the_archive(tmp_path, capsys):
    archive = Archive(tmp_path / "bulks")
    archive.save(bulk_of([failed(n, "no bed") for n in range(3)], bulk_id="bk_1"))
    saved = archive.load("ehr", "bk_1")
    history = archive.history(source_key="ehr", bulk_id="bk_1")
    for redacted in (True, False):
        html = Findings(saved, key=KEY, redact=redacted, history=history).html(now=NOW)
        [words] = re.findall("clinia-nb (archive report .*?)<", html)
        words = words.replace("FOLDER", str(tmp_path / "bulks"))
        words = words.replace("report.html", str(tmp_path / "report.html"))
        assert main(shlex.split(words)) == 5
        page = (tmp_path / "report.html").read_text()
        assert ("Not redacted." in page) is not redacted
        assert '<dd class="news">' in page
    capsys.readouterr()
