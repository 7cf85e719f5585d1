from __future__ import annotations

import random
import uuid
from datetime import timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import comb, log10

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.bulks import generated
from support.examples import examples, seeds
from support.frames import SCHEMA, TIME, at, count_reads, frame, receipts, shuffled

from clinia_nb.analysis import _contrast_cells, _contrast_search
from clinia_nb.analysis._contrast_scale import log_factorials, log_tail
from clinia_nb.analysis.contrast import contrast_failures, lead_filter
from clinia_nb.errors import ColumnClashError, MissingColumnError
from clinia_nb.receipts.outcome import failed, outcome
from clinia_nb.receipts.parse import parse_receipts

LEADS = {
    "rank": pl.UInt32,
    "condition": pl.String,
    "attribute_1": pl.String,
    "value_1": pl.String,
    "attribute_2": pl.String,
    "value_2": pl.String,
    "all_but": pl.Boolean,
    "begins": TIME,
    "ends": TIME,
    "receipts": pl.UInt32,
    "failures": pl.UInt32,
    "failure_rate": pl.Float64,
    "receipts_outside": pl.UInt32,
    "failures_outside": pl.UInt32,
    "failure_rate_outside": pl.Float64,
    "excess": pl.Float64,
    "share": pl.Float64,
    "p_value": pl.Float64,
    "evidence": pl.Float64,
    "comparisons": pl.UInt32,
}
NOTHING = pl.DataFrame(schema=LEADS)
COLUMN_OF = {"pipelineDefinitionId": "pipeline_definition_id"}


@cache
def sample(scenario: str, **options):
    bulk = generated(scenario, **options)
    causes = {cause.name: cause for cause in bulk.causes}
    return parse_receipts(bulk.body, source_key=bulk.source_key, bulk_id=bulk.bulk_id), causes


def said_of(lead: dict) -> dict:
    both = ((lead[f"attribute_{number}"], lead[f"value_{number}"]) for number in (1, 2))
    return {name: value for name, value in both if name}


def planted(cause) -> dict:
    return {COLUMN_OF.get(name, name): value for name, value in cause.where}


def rows(size: int, seed: int, fails, **columns) -> pl.DataFrame:
    """Return receipts, a second apart, that fail with the chance that `fails(row, place)` gives."""
    chance = random.Random(seed)
    makers = {
        "type": lambda _: chance.choice(("clinic", "patient", "service", None)),
        "action": lambda _: chance.choices(("CREATE", "UPSERT", "DELETE"), (60, 35, 5))[0],
        **columns,
    }
    made = []
    for number in range(size):
        row = {name: maker(number) for name, maker in makers.items()}
        broken = chance.random() < fails(row, number / size)
        status = "FAILURE" if broken else "SUCCESS"
        error = {"error_type": chance.choice(("INTERNAL", "NOT_FOUND"))} if broken else {}
        made.append({"received_at": at(number), "status": status} | error | row)
    return frame(*made)


def conditions(leads: pl.DataFrame) -> list[str]:
    return leads["condition"].to_list()


@pytest.mark.parametrize("seed", range(3))
def test_the_planted_pair_of_the_mixed_sample_comes_first(seed):
    given_, causes = sample("mixed", seed=seed)
    lead = contrast_failures(given_).row(0, named=True)
    missing = causes["missing_clinic"]
    assert said_of(lead) == planted(missing)
    assert missing.failures <= lead["failures"] <= 1.1 * missing.failures
    assert lead["condition"] == (
        "type = practitioner-works-at-clinic and pipeline_definition_id = clinic.2"
    )


def test_every_confined_cause_of_the_mixed_sample_is_found_by_its_error_type():
    given_, causes = sample("mixed", receipts=8_000)
    leads = contrast_failures(given_, by="error_type")
    found = {lead["error_type"]: said_of(lead) for lead in leads.iter_rows(named=True)}
    confined = [cause for cause in causes.values() if cause.where]
    assert found == {cause.error_type: planted(cause) for cause in confined}
    assert leads["share"].to_list() == [1.0] * len(confined)
    most_first = sorted(confined, key=lambda cause: -cause.failures)
    assert leads["error_type"].to_list() == [cause.error_type for cause in most_first]


@pytest.mark.parametrize("by", [None, "error_type", "signature"])
@pytest.mark.parametrize("seed", range(3))
def test_the_planted_outage_is_one_stretch_of_time_from_its_begin_to_its_end(seed, by):
    given_, causes = sample("outage", seed=seed)
    leads = contrast_failures(given_, by=by)
    lead, outage = leads.row(0, named=True), causes["outage"]
    assert said_of(lead) == {"received_at": None}
    assert abs(lead["begins"] - outage.begins) <= timedelta(seconds=2)
    assert abs(lead["ends"] - outage.ends) <= timedelta(seconds=2)
    assert leads.filter(pl.col("attribute_1") == "received_at").height == 1
    minutes = "received from 2026-03-10 21:15:3. to 21:19:1. UTC"
    assert leads["condition"].str.contains(f"^{minutes}$")[0]


def test_of_a_retry_the_ends_fail_again_and_what_was_already_created():
    given_, causes = sample("retry", receipts=20_000)
    middle = given_["received_at"].median()
    early, late, creates = contrast_failures(given_).iter_rows(named=True)
    if early["begins"] > late["begins"]:
        early, late = late, early
    assert [said_of(early), said_of(late)] == [{"received_at": None}] * 2
    assert early["begins"] - given_["received_at"].min() < timedelta(seconds=5)
    assert early["ends"] < middle < late["begins"]
    assert given_["received_at"].max() - late["ends"] < timedelta(seconds=5)
    assert said_of(creates) == planted(causes["duplicate"])


@pytest.mark.parametrize("scenario", ["all_well", "all_cancelled", "in_review"])
def test_samples_without_failures_have_no_leads(scenario):
    assert_frame_equal(contrast_failures(sample(scenario, receipts=300)[0]), NOTHING)


def test_a_lead_is_told_in_full():
    given_ = frame(
        *[{"type": "clinic", "status": "FAILURE", "received_at": at(0)}] * 9,
        {"type": "clinic", "status": "SUCCESS", "received_at": at(0)},
        *[{"type": "patient", "status": "SUCCESS", "received_at": at(0)}] * 10,
        *[{"type": "patient", "status": "PENDING", "received_at": at(0)}] * 7,
        *[{"type": "clinic", "status": "CANCELLED"}] * 7,
    )
    # All nine of nine failures are among the ten; two values were tested, of one kind.
    p_value = float(2 * Fraction(comb(10, 9), comb(20, 9)))
    lead = (
        *(1, "type = clinic", "type", "clinic", None, None, False, None, None),
        *(10, 9, 0.9, 10, 0, 0.0, 9.0, 1.0, p_value, -log10(p_value), 2),
    )
    assert_frame_equal(contrast_failures(given_), pl.DataFrame([lead], LEADS, orient="row"))


def without_structure(seed: int) -> pl.DataFrame:
    """Return a bulk of any size and rate; attributes hang together, failures come in bursts."""
    chance = random.Random(seed)
    size, rate = chance.randrange(20, 700), chance.choice((0.02, 0.1, 0.5, 0.9))
    burst = chance.choice((1, 1, 5))
    fails = [chance.random() < rate for _ in range(size // burst + 1)]
    given_ = rows(
        size,
        seed,
        lambda _, place: fails[int(place * size) // burst],
        pipeline_definition_id=lambda number: f"clinic.{chance.choice((1, 1, 2, number // 60))}",
        id=lambda number: f"{chance.choice(('montreal', 'laval'))}-{number:05d}",
    )
    if burst > 1:  # only what does not go with time is dealt out at random then
        return given_.drop("received_at", "id", "pipeline_definition_id")
    return given_


@pytest.mark.slow
def test_without_structure_it_is_silent_at_the_rate_it_promises():
    for by, confidence, bulks in ((None, 0.95, seeds(240)), ("error_type", 0.5, seeds(60))):
        spoke = sum(
            contrast_failures(without_structure(seed), by=by, confidence=confidence).height > 0
            for seed in bulks
        )
        assert spoke <= (1 - confidence) * len(bulks)


@pytest.mark.slow
def test_in_bulks_like_these_a_cause_is_found():
    creates = pl.col("action") == "CREATE"
    half = pl.int_range(pl.len()) % 2 == 0
    status = pl.when(creates & half).then(pl.lit("FAILURE")).otherwise(pl.lit("SUCCESS"))
    for seed in range(20):
        caused = without_structure(seed).drop("error_type").with_columns(status=status)
        if caused.height >= 100:
            assert conditions(contrast_failures(caused)) == ["action = CREATE"]


def test_the_bound_of_the_tail_holds_and_is_close():
    cases = [
        (of, failed_of, inside, both)
        for of in range(1, 15)
        for failed_of in range(of + 1)
        for inside in range(of + 1)
        for both in range(max(0, failed_of + inside - of), min(failed_of, inside) + 1)
    ]
    drawn = pl.DataFrame(cases, ["of", "failed_of", "receipts", "failures"], orient="row")
    bound = log_tail(pl.col("of"), pl.col("failed_of"), log_factorials(14)).exp()
    for (of, failed_of, inside, both), limit in zip(
        cases, drawn.select(bound).to_series(), strict=True
    ):
        ways = range(both, min(failed_of, inside) + 1)
        exact = sum(comb(failed_of, k) * comb(of - failed_of, inside - k) for k in ways)
        exact /= comb(of, inside)
        assert exact <= limit * (1 + 1e-12) <= 1 + 1e-9
        if exact < 0.05:
            assert limit <= 1.1 * exact


@pytest.mark.parametrize(
    "quiet",
    [
        frame(),
        frame({"type": "a", "status": "FAILURE"}),
        frame({"type": "a", "status": "SUCCESS"}),
        frame(*({"type": name, "status": "FAILURE"} for name in "ab" * 50)),
        frame(*({"type": name, "status": "SUCCESS"} for name in "ab" * 50)),
        frame(*({"type": name, "status": "PENDING"} for name in "ab" * 50)),
        frame(*({"status": status} for status in ["SUCCESS", "FAILURE"] * 50)),
        frame(*({"id": str(i), "received_at": at(i), "status": "FAILURE"} for i in range(99))),
        # four of four, and five of five that are too few to be sure
        frame(
            *[{"type": "a", "status": "FAILURE"}] * 4, *[{"type": "b", "status": "SUCCESS"}] * 900
        ),
        frame(*[{"type": "a", "status": "FAILURE"}] * 5, *[{"type": "b", "status": "SUCCESS"}] * 3),
        pl.DataFrame({"status": ["FAILURE"] * 9 + ["SUCCESS"] * 90}),
    ],
)
def test_finding_nothing_is_an_answer(quiet):
    assert_frame_equal(contrast_failures(quiet), NOTHING)
    keyed = pl.DataFrame(schema={"status": quiet.schema["status"], **LEADS})
    assert_frame_equal(contrast_failures(quiet, by="status"), keyed)


def test_what_all_groups_have_in_common_is_counted_once(monkeypatch):
    tallies = []
    for module in (_contrast_cells, _contrast_search):
        known = module.tallied
        monkeypatch.setattr(
            module, "tallied", lambda *given, known=known: tallies.append(given) or known(*given)
        )
    made = rows(2_000, 5, lambda *_: 0.2)
    kinds = pl.Series(random.Random(3).choices("abcdefgh", k=made.height), dtype=pl.String)
    made = made.with_columns(error_type=pl.when(pl.col("status") == "FAILURE").then(kinds))
    assert contrast_failures(made, by="error_type").is_empty()
    assert len(tallies) == 1


def test_a_pair_is_named_only_where_it_says_more_than_its_parts():
    single = rows(3_000, 1, lambda row, _: 0.5 if row["type"] == "clinic" else 0.03)
    assert conditions(contrast_failures(single)) == ["type = clinic"]
    pair = rows(3_000, 1, lambda row, _: 0.5 if tuple(row.values()) == ("clinic", "UPSERT") else 0)
    assert conditions(contrast_failures(pair)) == ["type = clinic and action = UPSERT"]


def test_a_pair_that_is_ahead_by_chance_alone_gives_way_to_its_part():
    counts = [
        *(("clinic", "RELATIONSHIP", 195, 200), ("clinic", "RESOURCE", 5, 0)),
        *(("patient", "RELATIONSHIP", 389, 4), ("patient", "RESOURCE", 7, 0)),
    ]
    given_ = frame(
        *(
            {"type": type_, "target_type": target, "status": status}
            for type_, target, *both in counts
            for status, count in zip(("SUCCESS", "FAILURE"), both, strict=True)
            for _ in range(count)
        )
    )
    assert conditions(contrast_failures(given_)) == ["type = clinic"]


def test_what_is_beyond_doubt_but_hardly_matters_is_no_lead():
    broken = [2_300, 97_700, 2_600, 97_400]  # 2.3% and 2.6%: p is below 0.0001
    runs = pl.DataFrame(
        {
            "type": ["a", "a", "b", "b"],
            "status": ["FAILURE", "SUCCESS"] * 2,
            "count": broken,
        }
    )
    given_ = runs.select(pl.col("type", "status").repeat_by("count").explode())
    assert_frame_equal(contrast_failures(given_), NOTHING)
    twice = given_.filter((pl.col("type") == "b") | (pl.int_range(pl.len()) >= 1_000))
    assert conditions(contrast_failures(twice)) == ["type = b"]


def test_two_causes_are_two_leads_the_second_in_what_the_first_leaves():
    given_ = rows(
        4_000, 2, lambda row, _: max(0.4 * (row["type"] == "clinic"), 0.3 * (row["type"] is None))
    )
    leads = contrast_failures(given_)
    assert conditions(leads) == ["type = clinic", "no type"]
    assert leads["share"].sum() == 1
    assert given_.filter(lead_filter(leads, 1))["type"].is_null().all()


def test_a_value_may_fail_in_a_stretch_of_time_only():
    given_ = rows(
        4_000, 3, lambda row, place: 0.7 if row["type"] == "clinic" and 0.3 <= place < 0.4 else 0.02
    )
    lead = contrast_failures(given_).row(0, named=True)
    assert said_of(lead) == {"type": "clinic", "received_at": None}
    assert abs(lead["begins"] - at(1_200)) <= timedelta(seconds=20)
    assert abs(lead["ends"] - at(1_600)) <= timedelta(seconds=20)
    assert lead["condition"].startswith("type = clinic and received from 2025-05-06 12:0")


def test_two_outages_are_two_stretches():
    given_ = rows(4_000, 4, lambda _, place: 0.9 * (0.2 < place < 0.25 or 0.7 < place < 0.8))
    leads = contrast_failures(given_)
    assert leads["attribute_1"].to_list() == ["received_at"] * 2
    ends = [(begins - at(0), ends - at(0)) for begins, ends in leads[["begins", "ends"]].rows()]
    seconds = [tuple(round(end.total_seconds(), -2) for end in pair) for pair in ends]
    assert seconds == [(2_800, 3_200), (800, 1_000)]


def test_receipts_of_one_instant_are_not_torn_apart():
    times = [at(0)] * 300 + [at(1)] * 300 + [None] * 50
    broken = pl.DataFrame({"received_at": times}).with_columns(
        status=pl.when(pl.col("received_at") == at(1)).then(pl.lit("FAILURE"))
    )
    lead = contrast_failures(broken).row(0, named=True)
    assert (lead["begins"], lead["ends"], lead["receipts"], lead["failures"]) == (
        *(at(1), at(1)),
        *(300, 300),
    )


@pytest.mark.parametrize(
    ("failing", "other", "condition"),
    [
        ("montreal-{:06d}", "toronto-{:06d}", "id prefix = montreal-"),
        ("MTL{:06d}", "TOR{:06d}", "id prefix = MTL"),
        ("ca-montreal-{:06d}", "ca-laval-{:06d}", "id stem = ca-montreal-"),
        ("Patient/{}", "Clinic/{}", "id prefix = Patient/"),
        ("{}", "x{:06d}", "id shape = 9"),
        ("a b {}", "a-b-{}", "id prefix = a "),
    ],
)
def test_what_ids_share_is_an_attribute(failing, other, condition):
    given_ = rows(
        900,
        5,
        lambda row, _: 0.6 if row["number"] % 3 == 0 else 0.05,
        number=lambda number: number,
        id=lambda number: (other if number % 3 else failing).format(number),
    )
    leads = contrast_failures(given_.drop("number", strict=False))
    assert conditions(leads) == [condition]
    inside = given_.filter(lead_filter(leads))
    assert inside.height == leads["receipts"][0] == 300


@pytest.mark.parametrize("kind", ["ksuid", "uuid", "hex", "ulid", "url"])
def test_random_ids_give_nothing_not_even_comparisons(kind):
    chance = random.Random(6)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    made = {
        "ksuid": lambda _: "3Aiz" + "".join(chance.choices(letters, k=23)),
        "uuid": lambda _: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "hex": lambda _: f"{chance.getrandbits(96):024x}",
        "ulid": lambda _: "01HQ" + "".join(chance.choices(letters[:36], k=22)),
        "url": lambda _: "".join(chance.choices(letters + "-_", k=22)),
    }
    given_ = rows(5_000, 7, lambda row, _: 0.2 * (row["type"] == "clinic"), id=made[kind])
    expected = contrast_failures(given_.drop("id"))
    actual = contrast_failures(given_)
    if kind == "url":  # a dash in a random place is a shape, though it says nothing
        assert conditions(actual) == conditions(expected)
    else:
        assert_frame_equal(actual, expected)


def test_a_pipeline_is_named_without_version_where_all_its_versions_fail():
    given_ = rows(
        2_000,
        8,
        lambda row, _: 0.4 if row["pipeline_definition_id"].startswith("clinic") else 0.05,
        pipeline_definition_id=lambda number: ("clinic.1", "clinic.2", "lab.1", "lab.2")[
            number % 4
        ],
    )
    leads = contrast_failures(given_)
    assert conditions(leads) == ["pipeline name = clinic"]
    assert given_.filter(lead_filter(leads)).height == leads["receipts"][0] == 1_000


def test_a_rare_value_among_thousands_is_found_and_all_are_counted():
    given_ = rows(
        9_000,
        9,
        lambda row, _: 1 if row["type"] == "t7" else 0.02,
        type=lambda number: f"t{7 if number % 750 == 7 else number % 1500}",
    ).select("type", "status")
    lead = contrast_failures(given_).row(0, named=True)
    assert (lead["condition"], lead["receipts"]) == ("type = t7", 12)
    # 1,000 single values, and all but each of 12; there are no pairs and no stretches.
    assert lead["comparisons"] == 2 * 1_000


def test_columns_of_the_caller_can_be_tested_and_consequences_are_not():
    given_ = rows(600, 10, lambda row, _: 0.5 * (row["type"] == "clinic")).with_columns(
        site=pl.col("type") == "clinic"
    )
    assert conditions(contrast_failures(given_)) == ["type = clinic"]
    leads = contrast_failures(given_, attributes=["site", "action"])
    assert conditions(leads) == ["site = true"]
    assert given_.filter(lead_filter(leads)).height == leads["receipts"][0]
    assert_frame_equal(contrast_failures(given_, attributes=[]), NOTHING)
    assert contrast_failures(given_, attributes=["received_at"]).is_empty()


def test_failures_of_other_kinds_are_no_contrast():
    """What nearly always fails in one way hardly can in another: that says nothing of the other."""
    given_ = rows(6_000, 11, lambda row, _: 0.95 if row["type"] == "clinic" else 0.2)
    internal = pl.col("type") == "clinic"
    told = pl.when(internal).then(pl.lit("INTERNAL")).otherwise(pl.lit("NOT_FOUND"))
    spread = pl.int_range(pl.len()) % 5 == 0
    given_ = given_.with_columns(
        status=pl.when(internal & ~spread | ~internal & spread)
        .then(pl.lit("FAILURE"))
        .otherwise(pl.lit("SUCCESS")),
        error_type=pl.when(internal & ~spread | ~internal & spread).then(told),
    )
    leads = contrast_failures(given_, by="error_type")
    internal_lead = leads.filter(pl.col("error_type") == "INTERNAL").row(0, named=True)
    assert internal_lead["condition"] == "type = clinic"
    ended = internal_lead["receipts"] + internal_lead["receipts_outside"]
    others = given_.filter(pl.col("error_type").cast(pl.String) == "NOT_FOUND").height
    assert ended == given_.height - others


def test_a_column_that_parts_the_failures_is_not_tested_itself():
    given_ = rows(900, 12, lambda row, _: 0.5 * (row["type"] == "clinic"))
    assert contrast_failures(given_, by="type").is_empty()
    both = contrast_failures(given_, by=["error_type", "action"])
    assert both.columns == ["error_type", "action", *LEADS]
    assert set(conditions(both)) == {"type = clinic"}
    assert both.schema["action"] == SCHEMA["action"]


def test_signatures_are_added_where_they_are_missing():
    given_ = rows(900, 13, lambda row, _: 0.5 * (row["type"] == "clinic")).with_columns(
        error_message=pl.when(failed()).then(pl.format("no clinic {}", pl.int_range(pl.len()))),
        error_type=pl.when(failed()).then(pl.lit("INTERNAL")),
    )
    leads = contrast_failures(given_, by="signature")
    assert conditions(leads) == ["type = clinic"]
    named = given_.with_columns(signature=pl.when(failed()).then(pl.lit("mine")))
    assert contrast_failures(named, by="signature")["signature"].to_list() == ["mine"]


@pytest.mark.parametrize("name", ["receipts", "raw", "value", "weight", "slice", "group"])
def test_an_attribute_named_like_an_inner_column_is_one_like_others(name):
    receipts, _ = sample("mixed")
    named = receipts.with_columns(pl.col("type").cast(pl.String).alias(name)).drop("type")
    found = contrast_failures(named, attributes=[name])
    assert found.drop("condition", "attribute_1").equals(
        contrast_failures(receipts, attributes=["type"]).drop("condition", "attribute_1")
    )
    assert set(found["attribute_1"]) == {name}


def test_what_is_missing_or_unusable_is_said():
    with pytest.raises(MissingColumnError) as caught:
        contrast_failures(frame().drop("status"), by="eror_type", attributes=["tipe"])
    assert caught.value.missing == ("status", "eror_type", "tipe")
    with pytest.raises(ColumnClashError, match="'failures'"):
        contrast_failures(frame().with_columns(failures=1), by="failures")
    for confidence in (0, 1, 95, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            contrast_failures(frame(), confidence=confidence)


def structured(seed: int) -> pl.DataFrame:
    """Return receipts with several causes of any strength, and every kind of receipt."""
    chance = random.Random(seed)
    strength = [chance.random() ** 2 for _ in range(4)]
    given_ = rows(
        chance.randrange(50, 800),
        seed,
        lambda row, place: max(
            strength[0] * (row["type"] == "clinic"),
            strength[1] * (row["action"] == "UPSERT"),
            strength[2] * (0.4 < place < 0.6),
            strength[3] * (row["id"] is not None and row["id"][0] == "a" and row["type"] is None),
        ),
        id=lambda number: chance.choice((None, f"a-{number}", f"b/{number}", f"a-x-{number}")),
    )
    often = pl.int_range(pl.len())
    return given_.with_columns(
        status=pl.when(often % 7 == 3).then(pl.lit("PENDING")).otherwise("status"),
        received_at=pl.when(often % 11 > 0).then("received_at"),
    )


@examples(20)
@given(st.integers(0, 10**6), st.sampled_from([None, "error_type"]))
def test_counts_add_up_and_the_filter_gives_what_was_counted(seed, by):
    given_ = structured(seed)
    leads = contrast_failures(given_, by=by, confidence=0.9)
    ended = given_.filter(~outcome().is_in(["pending", "cancelled"]))
    groups = leads.partition_by(by, maintain_order=True) if by else [leads]
    for group in groups:
        value = group[by][0] if by and group.height else None
        mine = failed() if by is None else pl.col("error_type").cast(pl.String) == str(value)
        universe = ended.filter(~failed() | mine)
        left = (universe.height, universe.select(mine.sum()).item() or 0)
        failures = left[1]
        for row, lead in enumerate(group.iter_rows(named=True)):
            assert lead["rank"] == row + 1
            assert (
                lead["receipts"] + lead["receipts_outside"],
                lead["failures"] + lead["failures_outside"],
            ) == left
            left = lead["receipts_outside"], lead["failures_outside"]
            inside = universe.filter(lead_filter(group, row))
            assert inside.height == lead["receipts"]
            assert inside.select(mine.sum()).item() == lead["failures"] >= 5
            rate = lead["failures_outside"] / lead["receipts_outside"]
            assert lead["excess"] == pytest.approx(lead["failures"] - lead["receipts"] * rate)
            assert lead["failure_rate"] == lead["failures"] / lead["receipts"] > rate
            assert lead["share"] == lead["failures"] / failures
            assert lead["evidence"] == pytest.approx(-log10(lead["p_value"]))
            assert lead["p_value"] <= 0.1


@examples(12)
@given(st.integers(0, 10**6), st.sampled_from([None, "error_type", "signature"]))
def test_neither_order_nor_laziness_matters_and_the_input_stays(seed, by):
    given_ = structured(seed)
    before = given_.clone()
    expected = contrast_failures(given_, by=by)
    assert_frame_equal(contrast_failures(shuffled(given_, seed), by=by), expected)
    assert_frame_equal(contrast_failures(given_.lazy(), by=by), expected)
    assert_frame_equal(given_, before)


@given(receipts(), st.sampled_from([None, "type", "error_type", "received_at", "id", "status"]))
def test_any_receipts_give_the_same_columns(random_, by):
    leads = contrast_failures(random_, by=by)
    assert leads.schema == pl.Schema(({by: SCHEMA[by]} if by else {}) | LEADS)


def test_a_lazy_frame_is_read_once():
    lazy, reads = count_reads(structured(1))
    contrast_failures(lazy)
    assert len(reads) == 1


def test_leads_are_ranked_from_what_the_better_ones_leave():
    leads = contrast_failures(structured(3))
    assert leads.height >= 2
    for better, worse in pairwise(leads.iter_rows(named=True)):
        assert worse["receipts"] <= better["receipts_outside"]
