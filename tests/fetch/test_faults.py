import gzip
import itertools
import json
import pickle
import re
import time
import traceback
from urllib.parse import quote

import pytest
import requests
from support.clock import KEY
from support.scripted_server import Step

import clinia_nb as cnb

ID = "bk_1"
NOWHERE = "http://127.0.0.1:9"
PENDING = Step(body=b'{"status": "PENDING"}')


def shown(error):
    # From the package's first frame on: the test's own hold the key.
    ours = error.__traceback__.tb_next
    told = traceback.TracebackException(type(error), error, ours, capture_locals=True)
    return "".join(told.format()) + repr(error.__context__)


def raising(error, count):
    class Adapter(requests.adapters.HTTPAdapter):
        def send(self, *args, **kwargs):
            next(count)
            raise error

    session = requests.Session()
    session.mount("http://", Adapter())
    return session


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": "http://api.x.example"},
        {"base_url": "https://[::1"},
        {"workspace": "a b"},
        {},
    ],
)
@pytest.mark.parametrize("said_outright", [True, False])
def test_settings_that_are_refused_show_no_key(monkeypatch, given, said_outright):
    monkeypatch.setenv("CLINIA_API_KEY", KEY)
    options = given | ({"api_key": KEY} if said_outright else {})
    with pytest.raises(cnb.SettingsError) as caught:
        cnb.Client(**options)
    assert KEY not in shown(caught.value)


def test_a_key_that_is_refused_is_not_shown():
    with pytest.raises(cnb.SettingsError) as caught:
        cnb.Client("acme", api_key=f"{KEY} x")
    assert KEY not in shown(caught.value)


def test_a_key_in_the_place_of_the_workspace_is_not_shown_nor_asked_for():
    for given in ({"workspace": KEY}, {"workspace": f" {KEY} "}):
        with pytest.raises(cnb.SettingsError, match="The workspace is the API key") as caught:
            cnb.Client(**given, api_key=KEY)
        assert KEY not in shown(caught.value)


@pytest.mark.parametrize("proxy", ["nowhere::::", "gopher://p.example", "socks5://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_is_named_as_the_reason(monkeypatch, proxy):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    client = cnb.Client("acme", api_key=KEY, base_url="https://api.acme.invalid", progress=False)
    with pytest.raises(cnb.UnreachableError, match=r"the proxy .* cannot be used") as caught:
        client.fetch_bulk("s", ID)
    assert proxy not in str(caught.value)


def test_a_file_of_certificates_that_is_not_there_is_named_as_the_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    client = cnb.Client("acme", api_key=KEY, base_url="https://api.acme.invalid", progress=False)
    with pytest.raises(cnb.UnreachableError, match="no such file of certificates"):
        client.fetch_bulk("s", ID)


def test_a_key_in_the_query_of_a_base_url_is_not_shown():
    with pytest.raises(cnb.SettingsError) as caught:
        cnb.Client(base_url=f"https://h.example?key={KEY}", api_key="k")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("bulk_id", ["bk_\ud800", "bk_", "bk_\x85x"])
def test_ids_that_no_text_or_task_can_have_are_refused(client_of, bulk_id):
    with pytest.raises(cnb.InvalidIdError):
        client_of(NOWHERE).fetch_bulk("s", bulk_id)


@pytest.mark.parametrize("progress", [True, False])
def test_the_error_says_how_much_of_a_cut_answer_came(serve, client_of, progress):
    server = serve(Step(body=b"x" * 30, claim=70))
    with pytest.raises(cnb.UnreadableAnswerError, match=r"30 of 70 bytes came"):
        client_of(server, progress=progress).fetch_bulk("s", ID)


def test_retries_end_with_the_time_to_wait(serve, client_of, watch):
    server = serve(PENDING, Step(503, b"{}", {"Retry-After": "60"}), PENDING)
    with pytest.raises(cnb.ServerError, match="asks to wait 60 s"):
        client_of(server).wait_for_bulk("s", ID, timeout=5)
    assert watch.seconds <= 5


def test_a_count_that_fails_does_not_end_the_wait(serve, client_of):
    server = serve(PENDING, Step(500, b"{}"), Step())
    assert client_of(server, progress=True).wait_for_bulk("s", ID).status == "SUCCESS"


def test_the_wait_asked_for_survives_a_pickle(serve, client_of):
    server = serve(Step(429, b"{}", {"Retry-After": "3600"}))
    with pytest.raises(cnb.RateLimitedError) as caught:
        client_of(server).fetch_bulk("s", ID)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (again.retry_after, again.status_code, str(again)) == (3600, 429, str(caught.value))


@pytest.mark.parametrize("escape", ["quotes", "unicode"])
def test_a_key_echoed_in_escaped_form_is_masked(serve, watch, escape):
    key = 'sk-a"b\\c'
    said = json.dumps(key) if escape == "quotes" else '"' + "".join(map(r"\u{:04x}".format, map(ord, key))) + '"'  # fmt: skip  # noqa: E501
    server = serve(Step(400, b'{"type": "X", "details": [{"message": %s}]}' % said.encode()))
    session = requests.Session()
    client = cnb.Client(base_url=server.url, api_key=key, session=session, pace=watch.pace)
    with session, pytest.raises(cnb.RequestRefusedError) as caught:
        client.fetch_bulk("s", ID)
    assert caught.value.body["details"] == [{"message": "***"}]


@pytest.mark.parametrize("safe", ["", "/", "/=!"])
@pytest.mark.parametrize("hexes", [str, str.lower])
def test_a_key_echoed_as_part_of_a_url_is_masked(serve, watch, safe, hexes):
    key = "Tk!live/8=xy=="
    said = re.sub(r"%..", lambda match: hexes(match[0]), quote(key, safe=safe))
    location = f"https://login.example/?next={said}"
    server = serve(
        Step(400, json.dumps({"type": "X", "message": f"no {said}", said: 1}).encode()),
        Step(302, b"", {"Location": location}),
    )
    session = requests.Session()
    client = cnb.Client(base_url=server.url, api_key=key, session=session, pace=watch.pace)
    with session, pytest.raises(cnb.RequestRefusedError) as caught:
        client.fetch_bulk("s", ID)
    assert caught.value.body == {"type": "X", "message": "no ***", "***": 1}
    with session, pytest.raises(cnb.RedirectedError) as caught:
        client.fetch_bulk("s", ID)
    assert said not in shown(caught.value)


def test_an_error_after_a_byte_order_mark_is_clinias(serve, client_of):
    server = serve(Step(403, b'\xef\xbb\xbf{"type": "PERMISSION_DENIED", "message": "no"}'))
    with pytest.raises(cnb.AccessDeniedError, match="HTTP 403 PERMISSION_DENIED") as caught:
        client_of(server).fetch_bulk("s", ID)
    assert caught.value.body["message"] == "no"


def test_a_very_long_wait_is_a_plain_number(serve, client_of):
    server = serve(Step(503, b"{}", {"Retry-After": "2300170000"}))
    with pytest.raises(cnb.ServerError, match="asks to wait 2300170000 s"):
        client_of(server).fetch_bulk("s", ID)


def test_what_clinia_says_is_in_no_local_variable_of_a_traceback(serve, client_of):
    server = serve(Step(400, b'{"type": "X", "message": "Mrs Miller"}'))
    with pytest.raises(cnb.RequestRefusedError) as caught:
        client_of(server).fetch_bulk("s", ID)
    assert "Miller" not in shown(caught.value)
    assert caught.value.body["message"] == "Mrs Miller"


@pytest.mark.parametrize("body", [b'{"message": "' + b"x" * 70_000 + b'"}', b"[1]", b"<html>"])
def test_an_error_body_that_is_not_clinias_is_left_out(serve, client_of, body):
    with pytest.raises(cnb.RequestRefusedError) as caught:
        client_of(serve(Step(400, body))).fetch_bulk("s", ID)
    assert caught.value.body == {}


def test_an_exit_keeps_its_code(client_of):
    session = raising(SystemExit(3), itertools.count())
    with pytest.raises(SystemExit) as caught:
        client_of(NOWHERE, session=session).fetch_bulk("s", ID)
    assert caught.value.code == 3


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), MemoryError),
        (requests.exceptions.SSLError("certificate"), cnb.UnreachableError),
        (RuntimeError("odd"), cnb.UnreachableError),
    ],
)
def test_what_does_not_pass_by_itself_is_not_asked_again(client_of, error, expected):
    count = itertools.count()
    with pytest.raises(expected):
        client_of(NOWHERE, session=raising(error, count)).fetch_bulk("s", ID)
    assert next(count) == 1


@pytest.mark.parametrize("progress", [True, False])
def test_an_interrupt_within_a_body_shows_no_key(serve, client_of, monkeypatch, progress):
    def interrupt(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("urllib3.response.HTTPResponse.stream", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        client_of(serve(), progress=progress).fetch_bulk("s", ID)
    assert KEY not in shown(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.slow
def test_more_pages_than_can_be_are_not_cut_off_in_silence(serve, client_of):
    server = serve(Step(body=b'{"meta": {"numPages": 1000000}, "data": []}'))
    with pytest.raises(cnb.UnreadableAnswerError, match="pages"):
        client_of(server).list_sources()


def test_who_watches_can_end_a_wait_between_requests(serve, client_of, watch):
    class EnoughError(Exception):
        pass

    def end_after_ten_seconds(*_):
        if watch.seconds > 10:
            raise EnoughError

    server = serve(Step(code=503, headers={"Retry-After": "60"}))
    with pytest.raises(EnoughError):
        client_of(server).fetch_bulk("s", ID, progress=end_after_ten_seconds)
    assert 10 < watch.seconds < 12
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("code", "error", "attempts"),
    [
        (401, cnb.InvalidKeyError, 1),
        (403, cnb.AccessDeniedError, 1),
        (404, cnb.BulkNotFoundError, 1),
        (429, cnb.RateLimitedError, 5),
        (500, cnb.ServerError, 1),
        (503, cnb.ServerError, 5),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        {"body": b'{"code": 1', "claim": 500},
        {"body": b'{"code": 1', "chunked_cut": True},
        {"body": '{"message": "déjà"}'.encode("latin-1")},
        {"body": b"<html>", "headers": {"Content-Type": "text/html"}},
        {"body": b"not gzip", "headers": {"Content-Encoding": "gzip"}},
        {"body": gzip.compress(b"{}" * 99)[:20], "headers": {"Content-Encoding": "gzip"}},
        {"body": b"[" * 50_000},
        {"body": b""},
        {"body": b"x" * 200_000},
        {"body": b"5"},
    ],
)
def test_the_status_decides_whatever_the_body_is(serve, client_of, code, error, attempts, body):
    server = serve(Step(code, **body))
    with pytest.raises(error) as caught:
        client_of(server).fetch_bulk("s", ID)
    assert type(caught.value) is error
    assert caught.value.status_code == code
    assert len(server.requests) == attempts


@pytest.mark.parametrize(
    ("code", "own", "foreign"),
    [
        (401, "Check the API key", "perhaps a proxy or firewall sent it. Check the API key"),
        (403, "lacks this right", "perhaps a proxy or firewall sent it. The API key lacks"),
        (404, "There is no such bulk", "perhaps a proxy or firewall sent it. There is no such"),
        (407, "the error's `body` says why", "perhaps a proxy or firewall sent it. Nothing says"),
        (409, "the error's `body` says why", "HTTP 409. Nothing says why. Check the workspace"),
    ],
)
def test_an_answer_that_is_not_clinias_is_not_read_as_its_word(
    serve, client_of, code, own, foreign
):
    told = []
    for body in (b'{"code": 1, "type": "X", "message": "no"}', b"<html>blocked</html>", b""):
        with pytest.raises(cnb.RequestError) as caught:
            client_of(serve(Step(code, body))).fetch_bulk("s", ID)
        told.append(str(caught.value).split(" at 127.")[1])
    assert own in told[0]
    assert "proxy or firewall" not in told[0]
    assert foreign in told[1]
    assert foreign in told[2]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step(drop=True), "the connection ended without an HTTP answer"),
        (
            Step(body=b"{}", headers={"Content-Encoding": "gzip"}),
            "cannot be decompressed as its Content-Encoding says",
        ),
        (Step(302, headers={"Location": "/sso"}), "another path of this host .* a login page"),
    ],
    ids=["drop", "gzip", "redirect"],
)
def test_what_came_back_is_said_in_words(serve, client_of, step, told):
    with pytest.raises(cnb.CliniaError, match=told):
        client_of(serve(step)).fetch_bulk("s", ID)


def test_a_port_without_a_server_is_said_in_words(client_of, serve):
    server = serve()
    client = client_of(server)
    server.close()
    with pytest.raises(cnb.UnreachableError, match="nobody answers there"):
        client.fetch_bulk("s", ID)


@pytest.mark.parametrize("size", [None, 40_000_000])
def test_an_answer_that_is_too_large_is_refused_and_not_asked_for_again(serve, client_of, size):
    bomb = gzip.compress(b'{"status": "SUCCESS", "receipts": []' + b" " * 40_000_000 + b"}")
    step = Step(body=bomb, headers={"Content-Encoding": "gzip"})
    if size:
        step = Step(body=b" ", claim=size)
    server = serve(step)
    came = [0]
    with pytest.raises(cnb.UnreadableAnswerError, match=r"larger than 1,000,000 bytes.*max_bytes"):
        client_of(server, max_bytes=1_000_000).fetch_bulk(
            "s", ID, progress=lambda bytes_, _total: came.append(bytes_)
        )
    assert len(server.requests) == 1
    assert max(came) <= 1_000_000  # the rest is not read
    if not size:
        assert client_of(server).fetch_bulk("s", ID).status == "SUCCESS"


def test_a_status_is_never_many_megabytes(serve, client_of):
    bomb = gzip.compress(b'{"status": "SUCCESS", "more": "' + b" " * 70_000_000 + b'"}')
    server = serve(Step(body=bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(cnb.UnreadableAnswerError, match="larger than"):
        client_of(server).bulk_status("s", ID)


@pytest.mark.parametrize("own_session", [True, False])
def test_the_body_of_a_redirect_is_not_read(serve, client_of, own_session):
    server = serve(Step(302, b"x", {"Location": "https://h.example/"}, claim=10, drip=30))
    session = None if own_session else requests.Session()
    begun = time.monotonic()
    with pytest.raises(cnb.RedirectedError, match=r"h\.example"):
        client_of(server, session=session, timeout=(2, 20)).fetch_bulk("s", ID)
    assert time.monotonic() - begun < 5
