from __future__ import annotations

import random
import re
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from support.bulks import generated
from support.examples import examples
from support.frames import at, frame, receipts
from test_bulk import HOSTILE as MARKUP
from test_bulk import Page

from clinia_nb import BulkResult, write_report
from clinia_nb.analysis.retry_rules import ADVICE, RECOMMENDATION
from clinia_nb.charts import timing
from clinia_nb.findings.explanation import explain

HOSTILE = " ".join(MARKUP) + "x" * 10_000


def of(receipts_frame, status="FAILURE"):
    return BulkResult("ehr", "bk_1", "relationships", status, receipts_frame, b"")


@cache
def sample(scenario, receipts=2_000):
    made = generated(scenario, receipts=receipts)
    bulk = BulkResult.from_json(made.body, source_key=made.source_key, bulk_id=made.bulk_id)
    return made, explain(bulk)


def test_every_recommendation_has_its_words():
    assert set(ADVICE) == set(RECOMMENDATION.categories)


@pytest.mark.parametrize(
    ("scenario", "advice"), [("mixed", "load_first"), ("outage", "retry"), ("retry", "fix_data")]
)
def test_the_planted_cause_is_explained_first(scenario, advice):
    made, told = sample(scenario)
    leading = max(made.causes, key=lambda cause: cause.failures)
    first = told.problems[0]
    assert first.recommendation == advice
    assert first.kind == f"{leading.error_type} {leading.error_code}"
    for _, value in leading.where:
        assert value in first.where
    if scenario == "outage":
        assert f"{leading.begins:%Y-%m-%d %H:%M}" in first.when
        assert first.when.startswith("A burst")
        assert "other receipts took" in first.when


def test_what_to_do_does_not_repeat_the_title_of_its_problem():
    _, told = sample("mixed")
    first = told.problems[0]
    assert first.advice == "Load the missing records first (188); already gone (11)"
    assert first.remedy == (
        "188 on CREATE, UPSERT: the records they refer to do not exist. Load clinic first, then "
        "retry unchanged. 11 on DELETE: already gone."
    )
    for problem in told.problems:
        assert not [word for word in problem.kind.split() if word in problem.remedy]
    assert "reason" in told.plan.columns
    assert "because" not in told.plan.columns


def test_errors_that_differ_within_a_problem_are_named_in_what_to_do():
    error = {"status": "FAILURE", "error_message": "no", "action": "CREATE", "received_at": at(1)}
    rows = [
        {**error, "id": f"r{number}", "error_type": kind}
        for number, kind in enumerate(["NOT_FOUND"] * 6 + ["INVALID_ARGUMENT"] * 4)
    ]
    bulk = frame(*rows).with_columns(signature=pl.lit("no"))
    (problem,) = explain(of(bulk)).problems
    assert problem.remedy.startswith("6 NOT_FOUND on CREATE: ")
    assert "4 INVALID_ARGUMENT on CREATE: fix the data." in problem.remedy


def test_the_lead_of_a_problem_is_not_repeated_beside_the_problems():
    _, told = sample("mixed")
    condition = told.leads["condition"][0]
    assert condition in told.lead
    assert condition in told.problems[0].where
    assert told.lead_beyond_problems == told.basis
    _, outage = sample("outage")
    known = [problem.where for problem in outage.problems]
    repeated = any(outage.leads["condition"][0] in where for where in known)
    assert (outage.lead_beyond_problems == outage.lead) != repeated


@pytest.mark.parametrize(
    "scenario",
    ["mixed", *(pytest.param(name, marks=pytest.mark.slow) for name in ("outage", "retry"))],
)
def test_every_count_that_is_said_is_one_of_the_figures(scenario):
    _, told = sample(scenario)
    seen = set()
    frames = (told.signatures, told.leads, told.leads_by_signature, told.onsets, told.plan)
    for column in (column for shown in frames for column in shown if column.dtype.is_integer()):
        seen |= set(column.drop_nulls().to_list())
    # Several stretches of time are one statement.
    in_time = told.leads_by_signature.filter(pl.col("attribute_1") == "received_at")
    sums = in_time.group_by("signature").agg(pl.col("receipts", "failures").sum())
    seen |= {*sums["receipts"], *sums["failures"]}
    seen |= {told.overview.receipts, told.signatures.height, *told.overview.outcomes.values()}
    for sentence in (told.headline, told.lead, *(problem.where for problem in told.problems)):
        words = re.sub(
            r"\d stretches of time|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|clinic\.\d|[\d.]+%", "", sentence
        )
        for number in re.findall(r"\d[\d,]*", words):
            assert int(number.replace(",", "")) in seen, (number, sentence)


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        ([], "No receipts: only the status of the bulk is known, FAILURE."),
        (
            [{"status": "SUCCESS", "id": "a"}],
            "The only receipt succeeded, but the status of the bulk is FAILURE.",
        ),
        ([{"status": "CANCELLED", "id": "a"}], "The only operation was cancelled."),
        ([{"status": "FAILURE"}], "1 of 1 operations failed (100%), all in one way: unknown."),
    ],
)
def test_bulks_with_little_to_say(rows, headline):
    told = explain(of(frame(*rows)))
    assert told.headline == headline
    assert told.sentences[0] == headline
    assert told.text().startswith(headline)
    assert headline in Page(told.html()).text


def wrong(number, **more):
    row = {"id": f"r{number}", "status": "FAILURE", "error_message": "no such bed"}
    return row | {"received_at": at(number), "type": "clinic"} | more


NO_OTHERS = "Nothing to compare them with: every receipt that ended failed."
FINE = {"id": "ok", "status": "SUCCESS", "type": "clinic", "received_at": at(0)}


@pytest.mark.parametrize(
    ("rows", "lead", "where"),
    [
        ([wrong(n) for n in range(4)] + [FINE] * 9,
         "Too few failures to tell where they concentrate.",
         "Too few to tell where they concentrate."),
        ([wrong(n) for n in range(20)],
         NO_OTHERS, None),
        ([wrong(n) for n in range(20)] + [FINE | {"status": "PENDING"}],
         f"{NO_OTHERS} Rates leave out 1 pending operation.",
         NO_OTHERS),
        ([wrong(n, received_at=None) for n in range(9)] + [FINE | {"received_at": None}] * 9,
         "No pattern found: no attribute sets them apart. Their times are not known.", None),
        ([wrong(n) for n in range(0, 40, 2)]
         + [FINE | {"id": f"r{n}", "received_at": at(n)} for n in range(1, 41, 2)],
         "No pattern in the failures as a whole: no attribute and no stretch of time.",
         "No pattern found: no attribute and no stretch of time sets them apart."),
    ],
    ids=["few", "all", "all so far", "untimed", "no pattern"],
)  # fmt: skip
def test_what_could_not_be_compared_is_not_said_to_have_no_pattern(rows, lead, where):
    told = explain(of(frame(*rows)))
    assert told.lead == lead
    assert [problem.where for problem in told.problems] == [where or lead]
    assert lead in " ".join(told.text().split())


@pytest.mark.parametrize(
    ("failing", "end"),
    [
        ([30, 190, 350, 480, 590], "may not be over"),
        (range(5, 600, 60), "stopped before the end of the bulk"),
    ],
    ids=["five", "ten"],
)
def test_the_silence_after_the_last_failure_is_not_told_as_more_than_it_is(failing, end):
    rows = [
        {"status": "SUCCESS", "id": str(n), "received_at": at(n), "completed_at": at(n + 1)}
        for n in range(1_000)
    ]
    for n in failing:
        rows[n] |= {"status": "FAILURE", "error_message": "no ward"}
    when = explain(of(frame(*rows))).problems[0].when
    assert when.startswith("Throughout, ")
    assert when.endswith(f"; {end}.")


def test_problems_that_are_not_described_are_counted(tmp_path):
    rows = [
        {"status": "FAILURE", "id": str(n), "received_at": at(n), "error_message": text}
        for n, text in enumerate(
            ["one was odd", "two came late", "a third is lost", "more of these", "five are up",
             "this is not so", "who could know", "eight is enough", "all is lost", "nothing left"]
        )
    ]  # fmt: skip
    bulk = of(frame(*rows))
    told = explain(bulk)
    assert len(told.problems) == 8
    assert told.more == "And 2 more, with 2 failures in total"
    assert explain(of(frame(*rows[:9]))).more == "And 1 more, with 1 failure in total"
    assert told.more in told.text()
    assert told.more in Page(told.html()).text
    report = write_report(bulk, tmp_path / "report.html").read_text(encoding="utf-8")
    assert told.more in Page(report).text


def test_the_outlook_of_a_single_failure_is_in_the_singular():
    rejected = {"status": "FAILURE", "error_type": "INVALID_ARGUMENT", "received_at": at(3)}
    told = explain(of(frame(rejected, {"status": "SUCCESS", "received_at": at(4)})))
    assert told.outlook == (
        f"The failure came at {at(3):%Y-%m-%d %H:%M:%S} UTC. It is not shown to be transient: it "
        "needs what is listed below."
    )


@examples(25)
@given(receipts())
def test_problems_and_the_rest_add_up(bulk):
    told = explain(of(bulk))
    failed = told.overview.outcomes["failed"]
    assert told.signatures["failures"].sum() == failed
    assert told.plan["failures"].sum() == failed
    assert [p.signature for p in told.problems] == told.signatures["signature"].head(8).to_list()
    assert all(told.sentences)
    assert bool(told.lead) == bool(failed)


def test_hostile_text_stays_text():
    rows = [
        {"status": "FAILURE", "id": HOSTILE, "type": HOSTILE, "error_type": HOSTILE,
         "error_message": HOSTILE, "received_at": at(n % 3), "action": "CREATE"}
        for n in range(8)
    ]  # fmt: skip
    calm = [{"status": "SUCCESS", "id": str(n), "type": "x", "action": "UPSERT"} for n in range(40)]
    told = explain(of(frame(*rows, *calm)))
    page = Page(told.html())
    assert not {"img", "script"} & set(page.tags)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert page.tags.count("style") == 1
    assert "</style><b>" in page.text
    assert len(told.html()) < 60_000


def test_a_signature_column_is_heeded_and_the_frame_is_kept():
    rows = frame({"status": "FAILURE", "id": "a", "error_message": "boom"})
    given_ = rows.with_columns(signature=pl.lit("mine"))
    told = explain(of(given_))
    assert told.problems[0].signature == "mine"
    assert given_.columns[-1] == "signature"
    assert told._repr_html_() == told.html()
    assert repr(told) == f"Explanation({told.headline!r}): print() shows all of it."


BOOM = {"error_type": "UNAVAILABLE", "error_message": "boom", "type": "clinic", "action": "CREATE"}


def explained(*rows):
    bulk = BulkResult.from_receipts(frame(*rows), source_key="s", bulk_id="b")
    return " ".join(explain(bulk).text().split())


def sent(failing, size, at_seconds):
    for place in range(size):
        outcome = {"status": "FAILURE"} | BOOM if place in failing else {"status": "SUCCESS"}
        kind = {"type": "clinic", "action": "CREATE", "id": f"r{place}"}
        yield outcome | kind | {"received_at": at(at_seconds(place))}


def test_what_came_at_one_moment_is_neither_throughout_nor_from_then_on():
    words = explained(*sent(range(0, 100, 8), 100, lambda _: 0))
    assert "All at 2025-05-06 11:47:50 UTC." in words
    assert "Throughout" not in words
    batch = explained(*sent(range(700, 800), 2_000, lambda place: place // 100 * 60))
    assert "received at 2025-05-06 11:54:50 UTC: 100 of 100 receipts failed" in batch
    assert "received from" not in batch


def test_shares_say_which_failures_have_a_time():
    untimed = [{"status": "FAILURE", "id": f"u{number}"} | BOOM for number in range(30)]
    words = explained(*sent(range(400, 440), 1_000, float), *untimed)
    assert "100% of the 40 failures with a time; 100% of receipts received then" in words
    assert "0% of the others with a time." in words


def test_one_pending_operation_is_one():
    failed = {"status": "FAILURE", "received_at": at(0)} | BOOM
    assert "Rates leave out 1 pending operation." in explained(failed, {"status": "PENDING"})
    times = {"received_at": at(0), "completed_at": at(1)}
    bulk = frame(failed | times, {"status": "PENDING", "received_at": at(2)})
    figures = dict(BulkResult.from_receipts(bulk, source_key="s", bulk_id="b").summary.figures)
    assert figures["Median time"] == "1.00 s (of 1 completed; 1 pending)"
    assert timing.basis(1, 1) == ["Of 1 completed; 1 pending is left out"]
    assert explained({"status": "PENDING"}).startswith("The only operation is still being")
    three = explained({"status": "PENDING"}, {"status": "SUCCESS"}, {"status": "SUCCESS"})
    assert three.startswith("1 of 3 operations is still being processed; none failed so far.")


def resent(*, settled, failed=12, error="INVALID_ARGUMENT"):
    """Return a bulk in which records failed, and then some of them succeeded."""
    error = {"error_type": error, "error_code": 400, "error_message": "bad period.end"}
    named = [{"id": f"r{n}", "type": "clinic", "action": "UPSERT"} for n in range(failed)]
    first = [
        {**row, **error, "status": "FAILURE", "received_at": at(n)} for n, row in enumerate(named)
    ]
    again = [
        {**row, "status": "SUCCESS", "received_at": at(100 + n)}
        for n, row in enumerate(named[:settled])
    ]
    return frame(*first, *again)


@pytest.mark.parametrize("failed", [1, 12])
@pytest.mark.parametrize("error", ["INVALID_ARGUMENT", "INTERNAL"])
def test_nothing_is_to_be_done_about_records_that_succeeded_later(tmp_path, failed, error):
    bulk = of(resent(settled=failed, failed=failed, error=error))
    told = explain(bulk)
    assert told.headline.endswith(": nothing left to do.")
    assert told.problems[0].advice == "Nothing left to do"
    assert told.outlook.endswith("Nothing left to do: every record that failed succeeded later.")
    assert "will fail again" not in told.text()
    assert "retry" not in told.text().lower()
    assert "Nothing left to do" in write_report(bulk, tmp_path / "r.html").read_text("utf-8")


def test_what_is_left_is_told_apart_from_what_succeeded_later():
    told = explain(of(resent(settled=11)))
    assert told.problems[0].advice == "Fix the data"
    assert told.problems[0].remedy.endswith(
        "11 of 12 records need nothing more: a later receipt of each succeeded."
    )
    other = resent(settled=2, failed=2, error="INTERNAL").with_columns(
        id="other-" + pl.col("id"),
        error_message=pl.when(pl.col("status") == "FAILURE").then(pl.lit("shard is down")),
    )
    told = explain(of(pl.concat([resent(settled=0), other])))
    assert told.outlook.endswith(
        "each needs what is listed below. 2 failures are settled by a later receipt of the record."
    )


def test_one_record_that_failed_again_and_again_is_spoken_of_as_one():
    bulk = resent(settled=0, error="INTERNAL").with_columns(id=pl.lit("r0"))
    fine = resent(settled=30, failed=30).filter(pl.col("status") == "SUCCESS")
    told = explain(of(pl.concat([bulk, fine.with_columns(id="ok-" + pl.col("id"))])))
    assert told.problems[0].remedy == "On UPSERT: 1 record failed this way 12 times in all."


def test_stretches_of_which_one_lies_in_the_other_are_one():
    chance = random.Random(3)
    rows = []
    for second in range(3_000):
        rate = 0.5 * (1 - abs(second / 1_400 - 1)) if second < 2_800 else 0
        bad = chance.random() < rate
        error = {"error_type": "INTERNAL", "error_message": "slow"} if bad else {}
        status = "FAILURE" if bad else "SUCCESS"
        rows.append({"status": status, "received_at": at(second), **error})
    told = explain(of(frame(*rows)))
    stretches = told.leads_by_signature.filter(pl.col("attribute_1") == "received_at")
    inner, outer = stretches.select("begins", "ends").head(2).rows()
    assert outer[0] <= inner[0] < inner[1] <= outer[1]
    counted = stretches.head(2).select(pl.col("failures", "receipts").sum()).row(0)
    words = told.problems[0].where
    assert words.startswith(
        f"received from {outer[0]:%Y-%m-%d %H:%M:%S} to {outer[1]:%H:%M:%S} UTC"
    )
    assert "{:,} of {:,} receipts failed".format(*counted) in words
