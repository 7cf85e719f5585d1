"""What is said about a problem and the bulks before."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import clinia_nb as cnb

NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)


def night(number, *messages):
    rows = [{"id": "ok", "status": "SUCCESS"}]
    rows += [
        {"id": f"r{n}", "status": "FAILURE", "error_type": "INTERNAL", "error_message": message}
        for n, message in enumerate(messages)
    ]
    times = {"received_at": NIGHT + timedelta(days=number)}
    named = {"source_key": "ehr", "bulk_id": f"bk_{number}", "type": "clinic", "error_code": 500}
    return pl.DataFrame([named | times | row for row in rows], infer_schema_length=None)


def explained(*nights, **given):
    receipts = pl.concat(nights, how="diagonal")
    last = receipts.filter(bulk_id=f"bk_{len(nights) - 1}")
    bulk = cnb.BulkResult.from_receipts(last, source_key="ehr", bulk_id="bk_last")
    return cnb.explain(bulk, history=cnb.signature_history(receipts, **given))


def news(explanation):
    return {problem.signature: problem.news for problem in explanation.problems}


def test_each_problem_says_whether_it_is_new():
    bulks = [night(0, "disk full", "no route"), *(night(n, "disk full") for n in range(1, 5))]
    said = news(explained(*bulks, night(5, "disk full", "no route", "bad cast")))
    assert said["bad cast"].startswith("New: in no bulk before this one.")
    assert said["disk full"].startswith("Known: in 6 of 6 bulks, since 2026-03-01.")
    assert said["no route"].startswith(
        "Back again: in 2 of 6 bulks, since 2026-03-01, but not in those just before."
    )
    assert said["no route"].endswith("█····█")


def test_a_first_bulk_is_compared_with_none():
    assert news(explained(night(0, "bad cast")))["bad cast"] == (
        "New: no earlier bulk to compare with."
    )


def test_a_note_is_shown_wherever_the_problem_is():
    notes = pl.DataFrame({"signature": ["bad cast"], "error_type": "INTERNAL", "note": "EHR-42"})
    explanation = explained(night(0), night(1, "bad cast"), notes=notes)
    assert "Acknowledged: EHR-42" in news(explanation)["bad cast"]
    assert "New:" not in news(explanation)["bad cast"]
    for output in (explanation.text(), explanation.html()):
        assert "Acknowledged: EHR-42" in output


def test_what_is_gone_is_counted_and_nothing_is_said_without_a_history():
    explanation = explained(night(0, "disk full", "no route"), night(1, "disk full"))
    assert "1 problem of earlier bulks is not in this one." in explanation.text()
    alone = cnb.explain(cnb.BulkResult.from_receipts(night(0, "x"), source_key="e", bulk_id="b"))
    assert "New" not in alone.text()
    assert alone.problems[0].news == ""


def test_a_problem_that_the_history_names_otherwise_says_so():
    history = cnb.signature_history(night(0, "disk full"))
    bulk = cnb.BulkResult.from_receipts(night(0, "no route"), source_key="e", bulk_id="b")
    assert news(cnb.explain(bulk, history=history))["no route"].startswith("Not compared:")


def test_another_frame_is_refused():
    bulk = cnb.BulkResult.from_receipts(night(0, "x"), source_key="e", bulk_id="b")
    with pytest.raises(cnb.MissingColumnError, match="state"):
        cnb.explain(bulk, history=pl.DataFrame({"signature": ["x"]}))


def test_the_first_bulk_of_a_history_has_no_new_problems():
    nights = [night(0, "disk full"), night(1, "disk full", "no route")]
    alone = cnb.BulkResult.from_receipts(nights[0], source_key="ehr", bulk_id="bk_0")
    for known, after in ((nights[:1], ""), (nights, " ██")):
        history = cnb.signature_history(pl.concat(known), bulk_id="bk_0")
        said = news(cnb.explain(alone, history=history))["disk full"]
        assert said == f"New: no earlier bulk to compare with.{after}"
    second = cnb.BulkResult.from_receipts(nights[1], source_key="ehr", bulk_id="bk_1")
    history = cnb.signature_history(pl.concat(nights))
    assert news(cnb.explain(second, history=history))["no route"].startswith("New: in no bulk")
