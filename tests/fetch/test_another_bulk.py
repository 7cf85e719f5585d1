import json

import pytest
import requests
from support.scripted_server import Step

import clinia_nb as cnb

ASKED, OTHER = "bk_2wil2vg5uqi08x1aet097gLW8DO", "bk_2wil2vg5uqi08x1aet097gLW8DP"


def answer(*task_ids):
    receipts = [{"id": f"r{n}", "status": "SUCCESS", "taskId": it} for n, it in enumerate(task_ids)]
    return Step(body=json.dumps({"status": "SUCCESS", "receipts": receipts}).encode())


@pytest.mark.parametrize("wrong", [[OTHER], [OTHER[3:]], [ASKED, OTHER], [None, OTHER]])
def test_receipts_of_another_bulk_are_asked_for_again_then_refused(serve, client_of, wrong):
    server = serve(answer(*wrong), answer(ASKED))
    assert client_of(server).fetch_bulk("s", ASKED).receipts["task_id"].to_list() == [ASKED]
    server = serve(answer(*wrong))
    with pytest.raises(cnb.UnreadableAnswerError, match="receipts of bulk") as caught:
        client_of(server).fetch_bulk("s", ASKED)
    assert OTHER[3:] in str(caught.value)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("asked", "held", "kind"),
    [
        (ASKED, ASKED[3:], "relationships"),
        (ASKED[3:], ASKED, "resources"),
        (ASKED, "<string>", "relationships"),
        (ASKED, None, "relationships"),
        (ASKED, "s_1", "relationships"),
        ("bd_2wil2vg5uqi08x1aet097gLW8DO", OTHER, "tasks"),
    ],
)
def test_what_may_be_the_same_bulk_is_taken(serve, client_of, asked, held, kind):
    server = serve(answer(held))
    assert client_of(server).fetch_bulk("s", asked, kind=kind).receipts.height == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize("own_session", [True, False])
def test_a_late_answer_is_never_taken_for_another_bulks(serve, client_of, own_session):
    ids = [f"bk_2wil2vg5uqi08x1aet097gLW8D{letter}" for letter in "ABCDEFGH"]
    server = serve()
    by_path = {it: answer(it) for it in ids}

    def next_step():
        path = server.requests[-1][0]
        step = next(step for it, step in by_path.items() if it in path)
        return Step(body=step.body, late=by_path[ids[0]].body)

    server.next_step = next_step
    session = None if own_session else requests.Session()
    client = client_of(server, session=session, timeout=(2, 5))
    for it in ids * 3:
        try:
            found = client.fetch_bulk("s", it).receipts["task_id"].to_list()
        except cnb.CliniaError:
            assert not own_session
        else:
            assert found == [it]
    if session:
        session.close()
