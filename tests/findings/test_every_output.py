"""What is planted is said in every output, and nothing that the data does not support."""

from __future__ import annotations

import itertools
import json
import random
import re

import polars as pl
import pytest
from support.frames import at
from support.planted import own_column, several_outages
from test_bulk import Page

from clinia_nb import BulkResult, charts, redact_bulk, write_report
from clinia_nb.cli.run import main
from clinia_nb.explorer.look import Look
from clinia_nb.explorer.prepared import Study
from clinia_nb.explorer.sections import plan
from clinia_nb.explorer.static_view import static_page
from clinia_nb.findings.explanation import explain

INTERNAL = {"type": "INTERNAL", "code": 500, "message": "upstream is gone"}
GONE = "20 on DELETE: already gone."
EQUAL_ENDS = re.compile(r"(\d\d:\d\d:\d\d(?:\.\d+)?) to (?:[\d-]+ )?\1(?![.\d])")


def answer(operations, *, step=1.0, start=0.0):
    """Return an answer of the API: operations a step apart, as (status or error, fields)."""
    receipts = []
    for place, (outcome, fields) in enumerate(operations):
        received = at(start + place * step)
        receipt = {"id": f"{place:06x}", "type": "clinic", "targetType": "RESOURCE",
                   "action": "CREATE", "receivedAt": received.isoformat(),
                   "status": outcome if isinstance(outcome, str) else "FAILURE"}  # fmt: skip
        if outcome != "PENDING":
            receipt["completedAt"] = at(start + place * step + 0.2).isoformat()
        if not isinstance(outcome, str):
            receipt["error"] = outcome
        receipts.append(receipt | fields)
    return json.dumps({"status": "FAILURE", "receipts": receipts}).encode()


def wire(frame):
    """Return the operations of a planted frame."""
    for row in frame.iter_rows(named=True):
        fields = {"id": row["id"], "type": row["type"], "action": row["action"]}
        yield (INTERNAL if row["status"] == "FAILURE" else "SUCCESS"), fields


def devices():
    """Return a bulk in which all of one type fail, and nothing else."""
    for place in range(2_500):
        device = place % 5 < 2
        yield (INTERNAL if device else "SUCCESS"), {"type": "device" if device else "clinic"}


def mostly_elsewhere():
    """Return a fault that goes on throughout; a fifth of it comes in a burst."""
    for place in range(3_000):
        burst = 1_000 <= place < 1_060
        yield (INTERNAL if burst or place % 13 == 0 else "SUCCESS"), {}


def with_pending():
    for place in range(2_000):
        outage = 800 <= place < 1_000
        failed = outage and place % 4 < 2
        waits = (outage and place % 4 == 2) or place >= 1_950
        yield (INTERNAL if failed else "PENDING" if waits else "SUCCESS"), {}


def rising():
    chance = random.Random(4)
    for place in range(1_500):
        yield (INTERNAL if chance.random() < place / 1_800 else "SUCCESS"), {}


def in_runs():
    chance = random.Random(8)
    begins = {chance.randrange(2_990) for _ in range(30)}
    for place in range(3_000):
        failed = any(place - back in begins for back in range(9))
        yield (INTERNAL if failed else "SUCCESS"), {}


def conflicts():
    for place in range(400):
        text = f"version {place} is not the current version {place + 3}"
        error = {"type": "FAILED_PRECONDITION", "code": 412, "message": text}
        yield (error if place % 9 == 0 else "SUCCESS"), {"action": "UPSERT"}


def deletes():
    for place in range(600):
        gone = {"type": "NOT_FOUND", "code": 404, "message": f"resource 'r{place}' not found"}
        action = "DELETE" if place % 30 == 0 else "UPSERT"
        yield (gone if place % 6 == 0 else "SUCCESS"), {"action": action}


def briefly():
    for place in range(4_000):
        yield (INTERNAL if 500 <= place < 560 else "SUCCESS"), {}


PLANTED = {
    "devices": (
        lambda: answer(devices()),
        ["INTERNAL 500", "1,000 failures", "so nothing shows that this passes", "Contact support"],
        ["Retry unchanged", "All look transient", "a retry may succeed"],
    ),
    "mostly elsewhere": (
        lambda: answer(mostly_elsewhere()),
        ["spread over the bulk", "of the same type and action succeeded meanwhile or later"],
        ["which ended before the bulk did"],
    ),
    "pending": (
        lambda: answer(with_pending()),
        ["Rates leave out 100 pending operations.", "1,900 completed; 100 pending for up to"],
        [],
    ),
    "rising": (
        lambda: answer(rising()),
        ["A ramp, ", "the later a receipt was received"],
        ["A burst"],
    ),
    "in runs": (lambda: answer(in_runs()), ["In runs"], ["A burst", "bursts (", "received from"]),
    "conflicts": (
        lambda: answer(conflicts()),
        ["Re-read, then resend", "Read the current version"],
        ["Fix the model", "Fix the data"],
    ),
    "deletes": (
        lambda: answer(deletes()),
        [
            "80 on UPSERT: the records they refer to do not exist.",
            GONE,
            "Load the missing records first (80); already gone (20)",
        ],
        ["Already exists"],
    ),
    "short": (
        lambda: answer(briefly(), step=0.002),
        ["A burst", "11:47:51.000 to 11:47:51.118"],
        [],
    ),
}  # fmt: skip
QUAINT = re.compile(r"(?i)\b(?:mend|anew|send again|goes on|heeded|likewise|told)\b|\d %")


def bulk_of(body):
    return BulkResult.from_json(body, source_key="ehr", bulk_id="bk_1")


def checked(text, words, absent):
    plain = " ".join(text.split())
    for word in words:
        assert word in plain, word
    for word in absent:
        assert word not in plain, word
    assert not EQUAL_ENDS.search(plain), EQUAL_ENDS.search(plain)
    assert not QUAINT.search(plain), QUAINT.search(plain)


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_said_in_text_cell_and_command_line(name, tmp_path, capsys):
    made, words, absent = PLANTED[name]
    body = made()
    told = explain(bulk_of(body))
    words = [word for word in words if "completed; " not in word]
    checked(told.text(), words, absent)
    checked(Page(told.html()).text, words, absent)
    file = tmp_path / "answer.json"
    file.write_bytes(body)
    main(["show", "ehr", "bk_1", "--from-json", str(file)])
    checked(capsys.readouterr().out, PLANTED[name][1], absent)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_said_in_explorer_and_report(name, tmp_path):
    made, words, absent = PLANTED[name]
    body = made()
    bulk = bulk_of(body)
    legend = [word for word in absent if word not in {"A burst", "Retry unchanged"}]
    page = static_page(Study.of(bulk), Look())
    checked(Page(page).text, words, legend)
    report = write_report(bulk, tmp_path / "report.html", redact=False)
    text = Page(report.read_text(encoding="utf-8")).text
    checked(text, words, legend)
    noted = "Of 1,900 completed; 100 pending are left out." in " ".join(text.split())
    assert noted == (name == "pending")


def test_chart_table_and_sentence_count_failures_of_two_remedies_alike():
    bulk = bulk_of(PLANTED["deletes"][0]())
    datasets = charts.retry_plan(bulk.receipts).to_dict()["datasets"].values()
    drawn = {(row["group"], row["records"]) for rows in datasets for row in rows if "group" in row}
    assert drawn == {("Load the missing records first", 80), ("Already gone", 20)}
    study = Study.of(bulk)
    table = Page(plan(study, Look())).text
    assert "Load the missing records first (80); already gone (20)" in table
    row = study.explanation().plan.row(0, named=True)
    assert (row["remedies"], row["remedy_failures"]) == (["load_first", "already_gone"], [80, 20])
    assert (sum(row["remedy_failures"]), len(row["ids"])) == (row["failures"], 100)


def test_a_figure_is_the_same_where_and_when():
    told = explain(bulk_of(PLANTED["pending"][0]()))
    (problem,) = told.problems
    assert problem.where.removesuffix(".") in told.lead  # the only problem is all there is
    inside = re.search(r"receipts failed \(([\d.]+%)\)", problem.where)
    assert f"{inside[1]} of receipts received then failed" in problem.when


def test_charts_of_durations_name_what_is_pending():
    bulk = bulk_of(PLANTED["pending"][0]())
    for draw in (charts.summarize_timing, charts.duration_distribution, charts.timing_over_time):
        assert "Of 1,900 completed; 100 pending are left out" in json.dumps(
            draw(bulk.receipts).to_dict()
        )
        assert "pending" not in json.dumps(
            draw(bulk.receipts.filter(pl.col("duration").is_not_null())).to_dict()["title"]
        )


def test_several_outages_are_as_many_where_when_and_in_what_to_do():
    planted = several_outages(random.Random(3))
    (problem,) = explain(bulk_of(answer(wire(planted.receipts)))).problems
    spans = [re.findall(r"\d\d:\d\d:\d\d to \d\d:\d\d:\d\d", text)
             for text in (problem.where, problem.when, problem.remedy)]  # fmt: skip
    assert len(spans[0]) > 1
    assert all(one == other for one, other in itertools.pairwise(spans))


def test_columns_of_the_caller_are_compared_and_those_left_out_are_named():
    receipts = bulk_of(PLANTED["mostly elsewhere"][0]()).receipts
    failed = receipts["error_type"].is_not_null()
    joined = receipts.with_columns(
        site=failed.replace_strict({True: "north", False: "south"}, return_dtype=str),
        ward=receipts["id"],
    )
    told = explain(BulkResult("ehr", "bk_1", "relationships", "FAILURE", joined, b""))
    assert "site = north" in told.lead
    assert "Columns with many values were not compared: ward." in told.lead


SITES = ("Quillfeather House", "Marrowby Clinic", "Tessaly Ward")


def at_sites():
    """Return a bulk with columns of the caller's that hold names; one site fails."""
    receipts = own_column(random.Random(2)).receipts
    names = dict(zip(("north", "south", "east"), SITES, strict=True))
    joined = receipts.with_columns(
        site=pl.col("site").replace(names),
        unit=pl.col("site").replace(names).cast(pl.Categorical),
        nurse=pl.lit("Nurse Zorblatt ") + pl.col("id"),
    )
    return BulkResult("ehr", "bk_1", "relationships", "FAILURE", joined, b"")


def redacted_texts(bulk, folder, keep=()):
    told = explain(redact_bulk(bulk, keep=keep))
    report = write_report(bulk, folder / "report.html", redact=True, keep=keep)
    page = report.read_text(encoding="utf-8")
    return {"text": told.text(), "cell": told.html(), "report": page}


def test_values_of_the_callers_columns_are_masked_unless_kept(tmp_path):
    bulk = at_sites()
    (failing,) = (site for site in SITES if f"site = {site}" in explain(bulk).lead)
    for name, text in redacted_texts(bulk, tmp_path).items():
        assert "site = " in text, name
        for word in ("Quillfeather", "Marrowby", "Tessaly", "Zorblatt"):
            assert word not in text, (name, word)
    for name, text in redacted_texts(bulk, tmp_path, keep=[failing]).items():
        assert f"site = {failing}" in text, name
        assert "Zorblatt" not in text, name
