import json
from contextlib import suppress

import pytest
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.fetch.waiting import Count, Rest, steps_until_final
from clinia_nb.sandbox.samples import list_samples

ID = "bk_2wil2vg5uqi08x1aet097gLW8DO"
PENDING = Step(body=b'{"status": "PENDING"}')
REVIEW = {"status": "PENDING", "pipelineExecution": {"status": "IN_REVIEW"}}
COUNTS = Step(
    body=json.dumps(
        {"status": "PENDING", "receipts": [{"status": "SUCCESS"}, {"status": "PENDING"}, REVIEW]}
    ).encode()
)
FINAL = Step(body=b'{"status": "FAILURE", "receipts": [{"id": "r1"}]}')


def with_receipts(server):
    return ["withReceipts" in target for target, _ in server.requests]


def test_only_the_status_is_polled_and_receipts_are_fetched_once_in_the_end(
    serve, client_of, watch
):
    server = serve(PENDING, PENDING, PENDING, FINAL)
    bulk = client_of(server).wait_for_bulk("s", ID)
    assert bulk.receipts["id"].to_list() == ["r1"]
    assert with_receipts(server) == [False, False, False, False, True]
    assert watch.slept == pytest.approx([0.5, 0.8, 1.28])


def test_intervals_grow_up_to_a_bound(serve, client_of, watch):
    server = serve(*[PENDING] * 20, FINAL)
    client_of(server).wait_for_bulk("s", ID)
    assert watch.slept == sorted(watch.slept)
    assert watch.slept[-1] == pytest.approx(30)


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE", "CANCELLED", "SOMETHING_NEW"])
def test_every_status_but_pending_is_final(serve, client_of, watch, status):
    server = serve(Step(body=json.dumps({"status": status, "receipts": []}).encode()))
    assert client_of(server).wait_for_bulk("s", ID).status == status
    assert watch.slept == []


def test_at_the_timeout_it_stops_and_says_how_far_it_was(serve, client_of, watch):
    server = serve(PENDING, COUNTS, PENDING)
    with pytest.raises(cnb.StillPendingError) as caught:
        client_of(server, progress=True).wait_for_bulk("s", ID, timeout=4)
    assert watch.seconds == pytest.approx(4)
    assert caught.value.status == "PENDING"
    said = str(caught.value)
    assert "After 4 s" in said
    assert "1 of 3 operations are done, and 1 of the 2 others wait for human review" in said
    assert with_receipts(server).count(True) == 1


def test_the_bar_shows_what_is_done_and_what_waits_for_review(serve, client_of, capsys):
    client_of(serve(PENDING, COUNTS, FINAL), progress=True).wait_for_bulk("s", ID)
    shown = capsys.readouterr().err
    assert "1/3" in shown
    assert "1 wait for human review" in shown


@pytest.mark.parametrize("took", [0.01, 2.0, 30.0])
def test_counting_takes_at_most_a_twentieth_of_the_time(watch, took):
    steps = steps_until_final(lambda: watch.seconds, lambda: 0.5, timeout=4_000)
    spent = []
    next(steps)
    with suppress(StopIteration):
        while True:
            match steps.send("PENDING"):
                case Count():
                    watch.seconds += took
                    spent.append(took)
                case Rest(seconds):
                    watch.sleep(seconds)
    assert 2 <= len(spent) <= 1 + 4_000 / 5
    assert sum(spent[:-1]) <= watch.seconds / 20


def test_an_interrupt_ends_it_cleanly(serve, client_of, watch, capsys):
    def interrupt(_seconds):
        raise KeyboardInterrupt

    watch.sleep = interrupt
    server = serve(PENDING, COUNTS, PENDING)
    with pytest.raises(KeyboardInterrupt):
        client_of(server, progress=True).wait_for_bulk("s", ID)
    assert len(server.requests) == 2
    assert capsys.readouterr().err.endswith(("\r", "\n"))


@pytest.mark.slow
def test_the_pending_sample_is_waited_for():
    client = cnb.Client.sandbox(progress=False)
    sample = next(s for s in list_samples() if s.name == "pending")
    bulk = client.wait_for_bulk(sample.source_key, sample.bulk_id, timeout=60)
    assert bulk.status == "FAILURE"
    assert bulk.receipts.height == 2_000
