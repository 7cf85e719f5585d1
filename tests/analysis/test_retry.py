from __future__ import annotations

import io
import random
import re
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.bulks import generated
from support.examples import examples
from support.frames import TIME, at, count_reads, frame, receipts, receipts_of_all_ages, shuffled

from clinia_nb.analysis.retry import retry_plan, retry_records
from clinia_nb.analysis.retry_rules import RECOMMENDATION, RULES
from clinia_nb.errors import MissingColumnError
from clinia_nb.receipts.outcome import failed
from clinia_nb.receipts.parse import parse_receipts
from clinia_nb.sandbox.generator import SCENARIOS
from clinia_nb.signatures.sign import with_signatures

PLAN = {
    "signature": pl.String,
    "error_types": pl.List(pl.String),
    "error_codes": pl.List(pl.Int32),
    "failures": pl.UInt32,
    "records": pl.UInt32,
    "settled": pl.UInt32,
    "recommendation": RECOMMENDATION,
    "remedies": pl.List(pl.String),
    "remedy_failures": pl.List(pl.UInt32),
    "transient": pl.Boolean,
    "reason": pl.String,
    "missing": pl.String,
    "ids": pl.List(pl.String),
}
RECORDS = {
    "id": pl.String,
    "type": pl.String,
    "target_type": pl.String,
    "action": pl.String,
    "recommendation": RECOMMENDATION,
    "signature": pl.String,
    "failures": pl.UInt32,
}
# What the generator calls the remedy of what it planted.
PLANTED = {
    "retry": "retry",
    "upsert": "already_there",
    "load_first": "load_first",
    "fix_data": "fix_data",
    "fix_model": "fix_model",
    "access": "ask_access",
}
FAILED = {"status": "FAILURE", "type": "works-at", "action": "CREATE"}
GONE = {**FAILED, "error_type": "NOT_FOUND", "error_code": 404, "error_message": "no clinic"}
BROKEN = {**FAILED, "error_type": "INTERNAL", "error_code": 500, "error_message": "boom"}
CLASH = {**FAILED, "error_type": "ALREADY_EXISTS", "error_code": 409, "error_message": "exists"}
PASSED = "of the same type and action succeeded meanwhile or later"
OVER = (
    "all of them came in a burst, 2025-05-06 11:48:30 to 11:48:49 UTC, which ended before the bulk "
    f"did, and 40 operations {PASSED}."
)
GOES_ON = (
    "all of them came from 2025-05-06 11:49:10 UTC until the end of the bulk. Wait until this is "
    "over, then retry unchanged."
)
THROUGHOUT = (
    "100 of 100 receipts failed this way, throughout. Wait until this is fixed, then retry "
    "unchanged."
)
SPREAD = (
    f"they are spread over the bulk, and 87 operations {PASSED}. Retry once, unchanged, and "
    "contact support about those that fail again."
)
OK = {"status": "SUCCESS", "type": "works-at", "action": "CREATE"}
SLOW = pytest.mark.slow


@cache
def sample(scenario, seed=0):
    bulk = generated(scenario, seed=seed)
    return bulk.causes, parse_receipts(bulk.body, source_key="s", bulk_id="b")


def only(bulk):
    plan = retry_plan(bulk)
    assert plan.height == 1
    return plan.row(0, named=True)


def plan_of(*rows):
    return pl.DataFrame(list(rows), schema=PLAN, orient="row")


def records_of(*rows):
    return pl.DataFrame(list(rows), schema=RECORDS, orient="row")


def test_a_plan():
    bulk = frame(
        {**GONE, "id": "a", "received_at": at(0)},
        {**CLASH, "id": "b", "received_at": at(1)},
        {**GONE, "id": "c", "received_at": at(2), "error_code": 410},
        {**GONE, "id": "a", "received_at": at(3), "action": "UPSERT"},
        {**GONE, "id": None, "action": "DELETE"},
        {**OK, "id": "b", "received_at": at(4)},
        {"status": "PENDING", "id": "d"},
    )
    load = (
        "3 of 4 failures are NOT_FOUND (404, 410) on CREATE, UPSERT: the records they refer to do "
        "not exist. Load works-at first, then retry unchanged. 1 is NOT_FOUND (404) on DELETE: "
        "already gone."
    )
    there = (
        "The only failure is ALREADY_EXISTS (409) on CREATE: what it creates already exists. "
        "Leave it, or send it as UPSERT to update it. Its record needs nothing more: a later "
        "receipt of it succeeded."
    )
    both = (["NOT_FOUND"], [404, 410]), (["ALREADY_EXISTS"], [409])
    remedies = [
        ("load_first", ["load_first", "already_gone"], [3, 1]),
        ("already_there", ["already_there"], [1]),
    ]
    expected = plan_of(
        ("s1", *both[0], 4, 2, 0, *remedies[0], False, load, "works-at", ["a", "c"]),
        ("s2", *both[1], 1, 1, 1, *remedies[1], True, there, None, []),
    )
    signed = bulk.with_columns(
        signature=pl.col("error_message").replace({"no clinic": "s1", "exists": "s2"})
    )
    assert_frame_equal(retry_plan(signed), expected)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=SLOW) for seed in (1, 2, 3))])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_planted_cause_gets_its_remedy(scenario, seed):
    causes, bulk = sample(scenario, seed)
    plan = retry_plan(bulk).explode("error_types")
    for cause in causes:
        if cause.failures:
            found = plan.filter(pl.col("error_types") == cause.error_type)
            assert found["recommendation"].unique().to_list() == [PLANTED[cause.remedy]], cause
            assert found["failures"].sum() == sum(
                other.failures for other in causes if other.error_type == cause.error_type
            )
    missing = plan.filter(pl.col("recommendation") == "load_first")["missing"].unique()
    assert missing.to_list() == (["clinic"] if scenario == "mixed" else [])


def test_the_planted_outage_is_said_to_be_over():
    causes, bulk = sample("outage")
    plan = retry_plan(bulk)
    timeouts = bulk.filter(pl.col("error_type").cast(pl.String) == "INTERNAL")
    assert plan["ids"][0].to_list() == timeouts["id"].to_list()
    reason = plan["reason"][0]
    begins, ends = (f"{time:%Y-%m-%d %H:%M:%S}" for time in (causes[0].begins, causes[0].ends))
    assert (
        f": {causes[0].failures} of them came in a burst, {begins} to {ends[11:]} UTC, " in reason
    )
    assert "which ended before the bulk did" in reason
    assert plan["transient"][0]


def test_the_remedies_of_the_mixed_bulk_cover_its_records():
    causes, bulk = sample("mixed")
    counts = dict(retry_records(bulk)["recommendation"].value_counts().iter_rows())
    failures = bulk.filter(failed())
    gone = failures.filter(pl.col("error_type") == "NOT_FOUND", pl.col("action") == "DELETE")
    planted = {PLANTED[cause.remedy]: cause.failures for cause in causes}
    planted["already_gone"] = gone.height
    planted["load_first"] -= gone.height
    assert gone.height > 0
    assert counts == planted


@pytest.mark.parametrize(
    ("error_type", "code", "action", "message", "recommendation"),
    [
        ("ALREADY_EXISTS", 409, "CREATE", "x", "already_there"),
        ("ALREADY_EXISTS", None, None, None, "already_there"),
        ("ALREADY_EXISTS", 409, "UPSERT", "x", "unknown"),
        ("NOT_FOUND", 404, "DELETE", "no such profile", "already_gone"),
        ("NOT_FOUND", 404, "UPSERT", "no such profile", "fix_model"),
        ("NOT_FOUND", 404, "CREATE", "relationship definition 'a' was not found", "fix_model"),
        ("NOT_FOUND", 404, "CREATE", "resource of profile 'clinic' does not exist", "load_first"),
        ("NOT_FOUND", 404, "CREATE", "profile 'clinic' with id 7 does not exist", "load_first"),
        ("NOT_FOUND", 404, None, None, "load_first"),
        ("FAILED_PRECONDITION", 412, "CREATE", "target does not exist yet", "load_first"),
        ("FAILED_PRECONDITION", 412, "CREATE", "target is not allowed", "fix_model"),
        ("INVALID_ARGUMENT", 400, "CREATE", "x", "fix_data"),
        ("OUT_OF_RANGE", 400, "CREATE", "x", "fix_data"),
        ("PERMISSION_DENIED", 403, "CREATE", "x", "ask_access"),
        ("UNAUTHENTICATED", 401, "CREATE", "x", "ask_access"),
        ("CONTENT_TOO_LARGE", 413, "CREATE", "x", "split"),
        ("RESOURCE_EXHAUSTED", 429, "CREATE", "x", "retry_later"),
        ("RESOURCE_EXHAUSTED", None, "CREATE", "x", "retry_later"),
        ("RESOURCE_EXHAUSTED", 413, "CREATE", "x", "split"),
        ("ABORTED", 409, "CREATE", "x", "retry"),
        ("CANCELLED", 499, "CREATE", "x", "retry"),
        ("UNIMPLEMENTED", 501, "CREATE", "x", "ask_support"),
        ("DATA_LOSS", 500, "CREATE", "x", "ask_support"),
        ("INTERNAL", 500, "CREATE", "x", "retry"),
        ("INTERNAL", 413, "CREATE", "x", "split"),
        ("INTERNAL", 429, "CREATE", "x", "retry_later"),
        ("UNAVAILABLE", 503, "CREATE", "x", "retry"),
        ("DEADLINE_EXCEEDED", 504, "CREATE", "x", "retry"),
        (" not_found", None, "CREATE", "x", "load_first"),
        ("INVALID_ARGUMENT", 503, "CREATE", "x", "fix_data"),
        ("TEAPOT", 418, "CREATE", "x", "unknown"),
        ("TEAPOT", 400, "CREATE", "x", "unknown"),
        ("TEAPOT", 503, "CREATE", "x", "retry"),
        ("UNKNOWN", 400, "CREATE", "x", "fix_data"),
        ("UNKNOWN", None, "CREATE", "x", "unknown"),
        ("", 403, "CREATE", "x", "ask_access"),
        (None, 409, "CREATE", "x", "already_there"),
        (None, 409, "UPSERT", "x", "unknown"),
        (None, 404, "DELETE", "x", "already_gone"),
        (None, 413, None, "x", "split"),
        (None, 429, None, "x", "retry_later"),
        (None, 500, None, "x", "retry"),
        (None, 299, None, "x", "unknown"),
        (None, None, None, "x", "unknown"),
        (None, None, None, None, "unknown"),
    ],
)
def test_one_error_is_judged_by_type_then_code_then_action(
    error_type, code, action, message, recommendation
):
    error = {"error_type": error_type, "error_code": code, "error_message": message}
    later = {"status": "SUCCESS", "id": "s", "action": action, "received_at": at(1)}
    bulk = with_signatures(
        frame(
            {"status": "FAILURE", "id": "r", "action": action, "received_at": at(0)} | error, later
        )
    )
    found = only(bulk)
    assert found["recommendation"] == recommendation
    assert found["reason"].startswith("The only failure is ")
    assert found["reason"].endswith(".")
    assert retry_records(bulk)["recommendation"].to_list() == [recommendation]


def load(size, failing, error=BROKEN, of=lambda index: f"r{index}"):
    """Return a bulk whose receipts at the places `failing` failed, one received per second."""
    hit = set(failing)
    return frame(
        *(
            {**(error if index in hit else OK), "id": of(index), "received_at": at(index)}
            for index in range(size)
        )
    )


@pytest.mark.parametrize(
    ("failing", "recommendation", "because"),
    [
        (range(40, 60), "retry", OVER),
        (range(80, 100), "retry_later", GOES_ON),
        (range(100), "retry_later", THROUGHOUT),
        (range(0, 100, 8), "retry", SPREAD),
    ],
)
@pytest.mark.parametrize("error_type", ["INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED"])
def test_what_may_pass_is_judged_by_when_it_came(error_type, failing, recommendation, because):
    found = only(load(100, failing, {**BROKEN, "error_type": error_type}))
    assert found["recommendation"] == recommendation
    assert (
        found["reason"]
        == f"All {len(failing)} failures are {error_type} (500) on CREATE: {because}"
    )


@pytest.mark.parametrize(
    ("size", "failing", "said"),
    [
        (100, [50], f"The only failure is INTERNAL (500) on CREATE: 49 operations {PASSED}. "),
        (100, [50, 51, 52], f"CREATE: 47 operations {PASSED}. "),
        (2_000, [*range(7, 2_000, 50), *range(700, 712)], "CREATE: most of them are spread over"),
    ],
)
def test_failures_are_spread_over_a_bulk_only_if_their_times_show_it(size, failing, said):
    reason = only(load(size, failing))["reason"]
    assert said in reason
    assert ("spread over the bulk" in reason) == ("spread over" in said)
    assert ("those that" in reason) == (len(failing) > 1)


def test_a_fault_that_became_rarer_or_came_at_one_moment_is_not_spread_over_the_bulk():
    chance = random.Random(2)
    rarer = [place for place in range(2_000) if chance.random() < (2_000 - place) / 4_000]
    assert "CREATE: they became less frequent, and " in only(load(2_000, rarer))["reason"]
    moment = load(100, range(0, 100, 8)).with_columns(received_at=at(0))
    assert "spread" not in only(moment)["reason"]


def test_failures_without_a_time_are_no_evidence_of_what_succeeded_later():
    found = only(load(100, range(0, 100, 8)).with_columns(received_at=pl.lit(None, TIME)))
    assert found["reason"] == (
        "All 13 failures are INTERNAL (500) on CREATE: no failure has a known time, so nothing "
        "shows that this passes."
    )


def test_a_burst_of_a_minority_of_the_failures_is_no_reason_whether_others_have_a_time_or_not():
    bulk = load(1_000, range(400, 440))
    untimed = frame(*({**BROKEN, "id": f"u{number}"} for number in range(60)))
    assert "came in a burst" in only(bulk)["reason"]
    assert "burst" not in only(pl.concat([bulk, untimed]))["reason"]


def test_records_that_succeeded_later_are_counted_beside_those_that_failed_repeatedly():
    failing = {record * 3 + turn for record in range(0, 200, 20) for turn in (0, 1)}
    found = only(load(600, failing, of=lambda index: f"r{index // 3}"))
    assert (found["records"], found["settled"]) == (10, 10)
    assert found["reason"].endswith(
        "10 records failed this way 20 times in all. 10 of 10 records need nothing "
        "more: a later receipt of each succeeded."
    )


@SLOW
@pytest.mark.parametrize(
    "error_type",
    ["INVALID_ARGUMENT", "NOT_FOUND", "CONTENT_TOO_LARGE", "CANCELLED", "FAILED_PRECONDITION",
     "ALREADY_EXISTS", "UNAVAILABLE", "INTERNAL"],
)  # fmt: skip
def test_one_failure_is_spoken_of_as_one(error_type):
    error = {**FAILED, "action": "CREATE", "error_type": error_type, "error_message": "no"}
    for others in ([], [{**OK, "received_at": at(2)}]):
        reason = only(frame({**error, "id": "a", "received_at": at(1)}, *others))["reason"]
        assert not re.search(r"\b(they|their|those|others)\b", reason)
    mixed = [{**error, "id": "b", "error_type": other} for other in (error_type, "OUT_OF_RANGE")]
    reason = only(frame(*mixed).with_columns(signature=pl.lit("no")))["reason"]
    assert "1 of 2 failures is " in reason or reason.startswith("All 2 failures are ")


def test_records_that_failed_again_and_again_are_for_support():
    found = only(load(100, range(0, 100, 8), of=lambda index: f"r{index // 8 % 5}"))
    assert found["recommendation"] == "ask_support"
    assert "5 records failed this way 13 times in all." in found["reason"]
    assert found["records"] == 5


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ("resource 'clinic' with id 'c1' does not exist in source 'x'", "clinic"),
        ('no resource of type "care-team" for 17', "care-team"),
        ("Practitioner/8f3a was not found", "Practitioner"),
        ("no such service", "service"),
        ("clinic 42 not found", "clinic"),
        ("clinic with id c42 was not found", "clinic"),
        ("clinic 'Saint Luc' does not exist", "clinic"),
        ("the practitioner is not found", "practitioner"),
        ("the resource was not found", None),
        ("resource with id 'c1' does not exist", None),
        ("introuvable", None),
        (None, None),
    ],
)
def test_what_is_missing_is_named_by_the_message_else_by_a_record_that_is_no_relationship(
    message, missing
):
    gone = {**GONE, "error_message": message, "target_type": "RELATIONSHIP"}
    assert only(frame(gone))["missing"] == missing
    resource = {**gone, "type": "clinic", "target_type": "RESOURCE"}
    assert only(frame(resource))["missing"] == (missing or "clinic")


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ("schedule 's1' references slot 's-9', which was not found", "slot"),
        ("entity 'visit' depends on a missing 'care-site'", "care-site"),
        ("record 'claim' needs an unknown payer", "payer"),
        ("Claim/77: insurer Organization/12 does not exist", "Organization"),
        ("not found: Organization/12", "Organization"),
        ("resource: 'payer' does not exist", "payer"),
        ("the ward that visit 'v1' refers to does not exist", None),
        ("Station '4B' wurde nicht gefunden", None),
        ("file 'load-7.csv' not found", None),
        ("PUT /v2/wards/12 not found", None),
    ],
)
def test_what_refers_to_something_is_not_said_to_be_missing(message, missing):
    gone = {**GONE, "error_message": message, "type": "visit", "target_type": "RESOURCE"}
    found = only(frame(gone))
    assert found["missing"] == missing
    assert f"Load {missing or 'them'} first" in found["reason"]


def test_up_to_three_missing_types_are_named_most_frequent_first():
    counts = {"clinic": 9, "service": 10, "rare": 1, "room": 3, "bed": 2}
    rows = [
        {**GONE, "error_message": f"no such {name}"}
        for name, count in counts.items()
        for _ in range(count)
    ]
    bulk = frame(*rows).with_columns(signature=pl.lit("no such <name>"))
    assert only(bulk)["missing"] == "service, clinic, room"


def test_names_that_seldom_recur_are_taken_for_values():
    rows = [{**GONE, "error_message": f"no such {a}{b}"} for a in "abcde" for b in "vwxyz"]
    rows = [{**row, "target_type": "RESOURCE"} for row in rows]
    bulk = frame(*rows).with_columns(signature=pl.lit("no such <name>"))
    found = only(bulk)
    assert found["missing"] == "works-at"
    nameless = bulk.with_columns(type=pl.lit(None, dtype=pl.Categorical))
    assert only(nameless)["missing"] is None
    assert "Load them first" in only(nameless)["reason"]


def test_a_signature_of_mixed_errors_goes_by_most_of_its_failures():
    bulk = frame(
        *({**GONE, "id": f"c{number}"} for number in range(3)),
        *({**GONE, "id": f"d{number}", "action": "DELETE"} for number in range(5)),
    )
    found = only(bulk)
    assert found["recommendation"] == "already_gone"
    assert found["reason"].startswith("5 of 8 failures are NOT_FOUND (404) on DELETE: ")
    assert found["reason"].endswith(
        "3 are NOT_FOUND (404) on CREATE: load the missing records first."
    )
    assert found["missing"] is None
    assert found["ids"] == bulk["id"].to_list()
    records = retry_records(bulk)["recommendation"].to_list()
    assert records == ["load_first"] * 3 + ["already_gone"] * 5


def test_records_are_listed_once_in_the_order_of_the_bulk():
    rows = (
        {**BROKEN, "id": "z", "target_type": "RELATIONSHIP"},
        {**OK, "id": "y"},
        {**GONE, "id": "b"},
        {**BROKEN, "id": "b", "action": "UPSERT"},
        {**BROKEN, "id": None},
        {**BROKEN, "id": "a"},
        {**BROKEN, "id": "z", "action": "DELETE"},
        {**BROKEN, "id": "a", "type": "offers"},
        {"status": "CANCELLED", "id": "c"},
    )
    timed = ({**row, "received_at": at(second)} for second, row in enumerate(rows))
    ends = (
        {**OK, "type": kind, "action": action, "received_at": at(99)}
        for kind in ("works-at", "offers")
        for action in ("CREATE", "UPSERT", "DELETE")
    )
    bulk = frame(*timed, *ends).with_columns(signature=pl.col("error_message"))
    expected = records_of(
        ("z", "works-at", None, "DELETE", "retry", "boom", 2),
        ("b", "works-at", None, "CREATE", "load_first", "no clinic", 2),
        ("a", "works-at", None, "CREATE", "retry", "boom", 1),
        ("a", "offers", None, "CREATE", "retry", "boom", 1),
    )
    assert_frame_equal(retry_records(bulk), expected)
    plan = retry_plan(bulk)
    assert plan.select("failures", "records", "ids").rows() == [
        (6, 3, ["z", "b", "a"]),
        (1, 1, ["b"]),
    ]


@pytest.mark.parametrize(
    ("failed_at", "succeeded_at", "succeeded_first", "settled"),
    [
        (0, 1, False, True),
        (0, 1, True, True),
        (1, 0, False, False),
        (1, 0, True, False),
        (0, 0, False, True),
        (0, 0, True, False),
        (None, 0, False, True),
        (None, 0, True, False),
        (0, None, False, True),
        (0, None, True, False),
    ],
)
def test_a_record_that_later_succeeded_is_settled(
    failed_at, succeeded_at, succeeded_first, settled
):
    rows = [
        {**error, "id": "r", "received_at": None if time is None else at(time)}
        for error, time in ((BROKEN, failed_at), (OK, succeeded_at))
    ]
    bulk = frame(*(rows[::-1] if succeeded_first else rows), {**BROKEN, "id": "other"})
    ids = ["other"] if settled else ["r", "other"]
    assert retry_records(bulk)["id"].to_list() == ids
    found = only(bulk)
    assert (found["failures"], found["records"], found["settled"]) == (2, 2, int(settled))
    assert found["ids"] == ids


def test_only_a_success_of_the_same_record_settles_it():
    bulk = frame(
        {**BROKEN, "id": "r"},
        {**OK, "id": "r", "type": "offers"},
        {**OK, "id": None},
        {"status": "PENDING", "id": "r", "type": "works-at"},
        {**OK, "id": "r", "error_code": 500},
        {**BROKEN, "id": "s", "type": None},
        {**OK, "id": "s", "type": None},
    )
    assert retry_records(bulk)["id"].to_list() == ["r"]
    # Failed at an unknown time, perhaps after the success: so the order of the bulk tells.
    unknown = frame(
        {**BROKEN, "id": "r", "received_at": at(0)},
        {**OK, "id": "r", "received_at": at(1)},
        {**BROKEN, "id": "r"},
    )
    assert retry_records(unknown)["id"].to_list() == ["r"]


def test_records_can_be_exported_and_read_back():
    _, bulk = sample("mixed")
    records = retry_records(bulk)
    for write, read in (
        (records.write_csv, pl.read_csv),
        (records.write_ndjson, pl.read_ndjson),
        (records.write_parquet, pl.read_parquet),
    ):
        file = io.BytesIO()
        write(file)
        file.seek(0)
        assert_frame_equal(read(file).cast(dict(records.schema)), records)


def test_the_table_in_the_docstring_is_the_rules():
    lines = [line.strip() for line in retry_plan.__doc__.splitlines()]
    rules_at = [at for at, line in enumerate(lines) if line.startswith("====")]
    first, last = rules_at[1:3]
    table, types = [], []
    for line in lines[first + 1 : last]:
        name = line[:40].strip()
        types = types if name == "same" else name.split(", ")
        table += [(kind, line.split("``")[-2]) for kind in types]
    rules = [(kind, rule.recommendation) for rule in RULES for kind in rule.types.split()]
    assert table == [*rules, ("any other", "unknown")]


@pytest.mark.parametrize("quiet", [frame(), frame(OK), frame({"status": "CANCELLED"}, {})])
def test_without_failures_the_answers_are_empty_with_the_full_schema(quiet):
    assert_frame_equal(retry_plan(quiet), plan_of())
    assert_frame_equal(retry_records(quiet), records_of())


@pytest.mark.parametrize("function", [retry_plan, retry_records])
def test_columns_are_checked_and_a_lazy_frame_is_read_once(function):
    with pytest.raises(MissingColumnError) as caught:
        function(frame().drop("action", "duration"))
    assert caught.value.missing == ("action", "duration")
    lazy, reads = count_reads(frame(BROKEN, OK))
    function(lazy)
    assert len(reads) == 1


ACTIONS = st.lists(st.sampled_from(["CREATE", "UPSERT", "DELETE", None]), min_size=30, max_size=30)


@examples(20)
@given(receipts(), ACTIONS)
def test_totals_add_up(random, actions):
    bulk = random.with_columns(action=pl.Series(actions[: random.height], dtype=pl.Categorical))
    before = bulk.clone()
    plan, records = retry_plan(bulk), retry_records(bulk)
    failures = with_signatures(bulk).filter(failed())
    assert plan["failures"].sum() == failures.height
    for row in plan.iter_rows(named=True):
        ids = failures.filter(signature=row["signature"])["id"].drop_nulls()
        assert row["records"] == ids.n_unique() == row["settled"] + len(row["ids"])
        order = [name for name in ids.unique(maintain_order=True) if name in row["ids"]]
        assert row["ids"] == order
    assert plan.select("recommendation", "reason").null_count().row(0) == (0, 0)
    assert set(records["id"]) == set(plan["ids"].explode().drop_nulls())
    assert records.select("id", "type").is_unique().all()
    assert records["failures"].sum() <= failures["id"].count()
    assert_frame_equal(bulk, before)
    assert_frame_equal(retry_plan(bulk.lazy()), plan)
    assert_frame_equal(retry_records(bulk.lazy()), records)


@examples(20)
@given(receipts(), st.integers(0, 2**32))
def test_the_plan_but_for_its_ids_does_not_depend_on_the_order_of_rows(random, seed):
    ordered = ("ids", "settled")  # of receipts at one time, the later in the bulk is the later
    assert_frame_equal(
        retry_plan(shuffled(random, seed)).drop(ordered), retry_plan(random).drop(ordered)
    )


@examples(20)
@given(receipts_of_all_ages())
def test_centuries_are_planned_too(random):
    assert retry_plan(random)["failures"].sum() == random.select(failed().sum()).item()


def test_a_blank_action_is_not_named():
    rows = [
        {"id": f"r{n}", "status": "FAILURE", "error_type": "NOT_FOUND", "error_message": "no such"}
        | {"action": action, "received_at": at(n)}
        for n, action in enumerate(("CREATE", " ", ""))
    ]
    assert retry_plan(frame(*rows))["reason"][0].startswith(
        "All 3 failures are NOT_FOUND on CREATE:"
    )


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize("error", ["INTERNAL", "UNAVAILABLE"])
def test_a_last_burst_that_lasts_to_the_end_of_the_bulk_is_not_over(left, error):
    places = {*range(100, 130), *range(400, 430), *range(970, 1_000)}
    found = only(load(1_000 + left, places, {**BROKEN, "error_type": error}))
    assert found["recommendation"] == "retry_later"
    assert "3 bursts (" in found["reason"]
    assert found["reason"].endswith(
        "the last of which goes on until the end of the bulk. Wait until this is over, then retry "
        "unchanged."
    )


def test_several_bursts_with_successes_behind_the_last_are_over():
    found = only(load(1_000, {*range(100, 130), *range(600, 630)}))
    assert found["recommendation"] == "retry"
    assert "which ended before the bulk did" in found["reason"]


def test_bursts_that_ended_are_over_although_single_failures_follow():
    found = only(load(2_000, {*range(100, 160), *range(600, 660), *range(700, 2_000, 150)}))
    assert found["recommendation"] == "retry"
    assert "which ended before the bulk did" in found["reason"]
