import threading
import time

import pytest
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.fetch import waiting
from clinia_nb.fetch.pace import Pace

ID = "bk_2wil2vg5uqi08x1aet097gLW8DO"
PENDING = Step(body=b'{"status": "PENDING"}')
BODY = b'{"status": "SUCCESS", "receipts": []}'
DRIP = Step(body=BODY + b" " * 5_000, drip=0.05)
SLOW = {
    "nothing comes": Step(stall=True),
    "the headers drip": Step(drip_headers=True),
    "the body drips": DRIP,
    "the body of an error drips": Step(503, b'{"code": 503}' + b" " * 5_000, drip=0.05),
}


class StoppedError(BaseException):
    pass


@pytest.fixture
def real_client(client_of):
    return lambda server, **options: client_of(server, pace=Pace(), timeout=(5, 20), **options)


def seconds_of(call):
    begun = time.monotonic()
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - each test looks at it
        call()
    return time.monotonic() - begun, caught.value


def idle():
    """Whether every thread that a request had has ended."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if not [t for t in threading.enumerate() if t.name == "clinia-nb"]:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("slow", SLOW)
def test_a_time_limit_holds_whatever_is_slow(serve, real_client, slow):
    client = real_client(serve(SLOW[slow]), time_limit=0.5)
    took, error = seconds_of(lambda: client.fetch_bulk("s", ID))
    if "error" in slow:
        assert isinstance(error, cnb.ServerError)
    else:
        assert isinstance(error, cnb.UnreachableError)
        assert "no complete answer within 0.5 s" in str(error)
    assert took < 1.5
    assert idle()


@pytest.mark.parametrize("slow", SLOW)
@pytest.mark.parametrize("polls", [0, 1])
def test_the_time_to_wait_holds_whatever_is_slow(serve, real_client, monkeypatch, slow, polls):
    monkeypatch.setattr(waiting, "_FIRST_INTERVAL", 0.01)
    server = serve(*[PENDING] * polls, SLOW[slow])
    client = real_client(server)
    took, error = seconds_of(lambda: client.wait_for_bulk("s", ID, timeout=0.5))
    assert len(server.requests) > polls
    expected = cnb.StillPendingError if polls else cnb.UnreachableError
    expected = cnb.ServerError if "error" in slow else expected
    assert isinstance(error, expected)
    assert took < 1.5
    assert idle()


def test_the_download_at_the_end_of_a_wait_is_within_its_time(serve, real_client):
    client = real_client(serve(Step(body=BODY), DRIP))
    took, error = seconds_of(lambda: client.wait_for_bulk("s", ID, timeout=0.5))
    assert isinstance(error, cnb.UnreachableError)
    assert took < 1.5


def test_a_slow_answer_that_makes_progress_arrives(serve, client_of):
    body = b'{"status": "SUCCESS", "receipts": []' + b" " * 60 + b"}"
    client = client_of(serve(Step(body=body, drip=0.01)), pace=Pace(), timeout=(2, 0.5))
    assert client.fetch_bulk("s", ID).body == body


@pytest.mark.parametrize("slow", SLOW)
def test_who_watches_ends_a_slow_request_at_once(serve, real_client, slow):
    begun = time.monotonic()

    def watch(_came, _total):
        if time.monotonic() - begun > 0.3:
            raise StoppedError

    took, error = seconds_of(
        lambda: real_client(serve(SLOW[slow])).fetch_bulk("s", ID, progress=watch)
    )
    assert isinstance(error, StoppedError)
    assert took < 1.3
    assert idle()


def test_a_connection_that_is_left_does_not_disturb_the_next_request(serve, real_client):
    client = real_client(serve(DRIP, Step(body=BODY)), time_limit=0.4)
    with pytest.raises(cnb.UnreachableError):
        client.fetch_bulk("s", ID)
    assert client.fetch_bulk("s", ID).body == BODY
