import json
import threading
import time

import pytest
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.fetch.pace import Pace


def by_path(server, steps):
    def next_step():
        path = server.requests[-1][0]
        return next(step for name, step in steps.items() if f"/{name}?" in path)

    server.next_step = next_step
    return server


def answer(name):
    body = {"status": "SUCCESS", "receipts": [{"id": name, "status": "SUCCESS"}]}
    return Step(body=json.dumps(body).encode())


def test_bulks_come_in_the_order_asked_for_and_errors_beside_them(serve, client_of):
    names = [f"bk_{letter}" for letter in "fedcba"]
    steps = {name: answer(name) for name in names}
    steps["bk_d"] = Step(404, b'{"type": "NOT_FOUND"}')
    steps["bk_b"] = Step(body=b"{")
    client = client_of(by_path(serve(), steps))
    fetched = client.fetch_bulks([("s", name) for name in names] + [("s", "../x")])
    assert [bulk.bulk_id for bulk in fetched] == ["bk_f", "bk_e", "bk_c", "bk_a"]
    assert [bulk.receipts["id"][0] for bulk in fetched] == ["bk_f", "bk_e", "bk_c", "bk_a"]
    assert {pair: type(error) for pair, error in fetched.errors.items()} == {
        ("s", "bk_d"): cnb.BulkNotFoundError,
        ("s", "bk_b"): cnb.UnreadableAnswerError,
        ("s", "../x"): cnb.InvalidIdError,
    }
    assert (len(fetched), fetched[0].bulk_id, len(fetched[1:3])) == (4, "bk_f", 2)
    assert list(client.fetch_bulks([])) == []


@pytest.mark.parametrize("workers", [1, 3])
def test_no_more_requests_run_at_once_than_were_allowed(serve, client_of, workers):
    running, most, lock = 0, 0, threading.Lock()
    server = serve()

    def next_step():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return Step()

    server.next_step = next_step
    client_of(server, timeout=(2, 5)).fetch_bulks(
        [("s", f"bk_{n}") for n in range(8)], workers=workers
    )
    assert most == workers


@pytest.mark.parametrize("bulks", [["bk_1"], [("s",)], [("s", 1)], [("a", "b", "c")], "ab", [None]])
def test_what_is_not_a_pair_is_refused_before_anything_is_asked(serve, client_of, bulks):
    server = serve()
    with pytest.raises(ValueError, match="list of pairs"):
        client_of(server).fetch_bulks(bulks)
    with pytest.raises(ValueError, match="workers is 0"):
        client_of(server).fetch_bulks([], workers=0)
    assert server.requests == []


def test_an_interrupt_ends_all_of_them(serve, client_of, monkeypatch):
    def interrupt(*_args, **_options):
        raise KeyboardInterrupt

    client = client_of(serve(Step(stall=True)), pace=Pace(), timeout=(2, 20))
    monkeypatch.setattr("clinia_nb.fetch.many.wait", interrupt)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.fetch_bulks([("s", f"bk_{n}") for n in range(9)])
    assert time.monotonic() - begun < 5


def test_one_bar_counts_the_bulks(serve, client_of, monkeypatch, capsys):
    monkeypatch.setattr("clinia_nb.fetch.many._BAR_AFTER", 0)
    client = client_of(serve(Step(drip=0.02)), progress=True, pace=Pace(), timeout=(2, 5))
    client.fetch_bulks([("s", f"bk_{n}") for n in range(3)], workers=1)
    shown = capsys.readouterr().err
    assert "Fetching bulks" in shown
    assert "/3" in shown
