import json
from collections import Counter

import pytest
from support.bulks import generated

from clinia_nb.bulk import BulkResult
from clinia_nb.receipts.ksuid import ksuid_time
from clinia_nb.sandbox.generator import SCENARIOS, generate_bulk
from clinia_nb.sandbox.samples import list_samples, samples_folder, write_samples


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(scenario):
    once = generate_bulk(scenario, receipts=200, seed=7)
    assert once == generate_bulk(scenario, receipts=200, seed=7)
    assert once.body != generate_bulk(scenario, receipts=200, seed=8).body


def test_the_committed_samples_are_what_the_generator_makes(tmp_path):
    write_samples(tmp_path)
    made = list(tmp_path.iterdir())
    assert {path.stem for path in made} >= {*SCENARIOS}
    for fresh in made:
        assert (samples_folder() / fresh.name).read_bytes() == fresh.read_bytes(), fresh.name


@pytest.mark.parametrize("sample", list_samples(), ids=lambda sample: sample.name)
def test_every_sample_is_read_without_a_warning(sample):
    bulk = BulkResult.from_json(
        sample.path, source_key=sample.source_key, bulk_id=sample.bulk_id, kind=sample.kind
    )
    assert bulk.receipts.height == len(json.loads(sample.path.read_bytes())["receipts"])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_planted_counts_are_those_of_the_body(scenario):
    bulk = generated(scenario)
    receipts = json.loads(bulk.body)["receipts"]
    planted = Counter()
    for cause in bulk.causes:
        planted[cause.error_type] += cause.failures
    found = Counter(r["error"]["type"] for r in receipts if "error" in r)
    assert +planted == found


def test_the_largest_cause_of_the_mixed_bulk_is_confined_as_planted():
    bulk = generated("mixed")
    cause = max(bulk.causes, key=lambda cause: cause.failures)
    assert cause.name == "missing_clinic"
    hit = [
        r for r in json.loads(bulk.body)["receipts"]
        if r.get("error", {}).get("type") == cause.error_type
    ]  # fmt: skip
    assert len(hit) == cause.failures
    where = dict(cause.where)
    for receipt in hit:
        definition = receipt["pipelineExecution"]["pipelineDefinitionId"]
        assert {"type": receipt["type"], "pipelineDefinitionId": definition} == where


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_failure_lies_where_its_cause_is_confined(scenario):
    bulk = generated(scenario)
    where = {cause.error_type: dict(cause.where) for cause in bulk.causes}
    for receipt in json.loads(bulk.body)["receipts"]:
        if "error" in receipt:
            fields = receipt | receipt.get("pipelineExecution", {})
            confined = where[receipt["error"]["type"]]
            assert {name: fields.get(name) for name in confined} == confined


def test_the_planted_outage_is_a_short_burst_apart_from_the_background():
    bulk = generated("outage")
    burst, background = (c for c in bulk.causes if c.error_type == "INTERNAL")
    received = [r["receivedAt"][:19] for r in json.loads(bulk.body)["receipts"]]
    assert (burst.name, background.name) == ("outage", "upstream_timeout")
    first, last = received[int(0.45 * 2_000)], received[int(0.60 * 2_000)]
    assert first <= f"{burst.begins:%Y-%m-%dT%H:%M:%S}" < f"{burst.ends:%Y-%m-%dT%H:%M:%S}" <= last
    assert burst.failures > 0.7 * 300
    assert background.failures < 0.03 * 1_700


def test_the_retry_sends_exactly_the_failures_of_the_outage():
    outage, retry = (json.loads(generated(s).body)["receipts"] for s in ("outage", "retry"))
    assert [r["id"] for r in retry] == [r["id"] for r in outage if r["status"] == "FAILURE"]
    assert Counter(r["status"] for r in retry)["SUCCESS"] > len(retry) * 0.8


def test_bulk_ids_hold_the_time_of_submission():
    for sample in list_samples():
        if sample.name in SCENARIOS:
            bulk = generate_bulk(sample.name, receipts=1_000)
            submitted = ksuid_time(bulk.bulk_id.removeprefix("bk_"))
            first = json.loads(bulk.body)["receipts"][0]["receivedAt"][:16]
            assert f"{submitted:%Y-%m-%dT%H:%M}" == first


def test_fractional_digits_vary_from_row_to_row():
    receipts = json.loads(generated("mixed").body)["receipts"]
    lengths = {len(r["receivedAt"].partition(".")[2]) for r in receipts}
    assert {0, 2, 4, 7, 10} <= lengths


def test_an_unknown_scenario_is_refused():
    with pytest.raises(ValueError, match="Available: mixed"):
        generate_bulk("chaos")
