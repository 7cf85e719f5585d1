import copy
import io
import logging
import pickle
import traceback

import polars as pl
import pytest
import requests
from support.clock import KEY
from support.scripted_server import Step

import clinia_nb as cnb

ID = "bk_1"


def whole_traceback(error):
    # From the package's first frame on: the test's own hold the key.
    return whole_traceback_of(error.with_traceback(error.__traceback__.tb_next))


def echo(code):
    body = b'{"code": %d, "type": "X", "message": "key %s is bad"}' % (code, KEY.encode())
    return Step(code, body)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (echo(400), cnb.RequestRefusedError),
        (echo(401), cnb.InvalidKeyError),
        (echo(403), cnb.AccessDeniedError),
        (echo(404), cnb.BulkNotFoundError),
        (echo(429), cnb.RateLimitedError),
        (echo(500), cnb.ServerError),
        (Step(302, headers={"Location": f"https://x.example/{KEY}"}), cnb.RedirectedError),
        (Step(stall=True), cnb.UnreachableError),
        (Step(drop=True), cnb.UnreachableError),
        (Step(body=b"{", claim=9), cnb.UnreadableAnswerError),
        (Step(body=b"[]"), cnb.UnreadableAnswerError),
    ],
)
def test_no_error_shows_the_key_even_with_local_variables(serve, client_of, caplog, step, error):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(error) as caught:
        client_of(serve(step)).fetch_bulk("s", ID)
    assert KEY not in whole_traceback(caught.value)
    assert KEY not in repr(vars(caught.value))
    assert KEY not in caplog.text


class Interrupting(requests.adapters.HTTPAdapter):
    """Is interrupted while the signed request is in its hands."""

    def send(self, request, **kwargs):
        headers = dict(request.headers)
        assert KEY in headers.values()
        raise self.error


class Odd(BaseException):
    def __init__(self, one, two):
        super().__init__(one)
        self.two = two


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(3), RuntimeError("odd"), Odd("a", 2)]
)
def test_an_interrupt_shows_no_key_either(client_of, error):
    session = requests.Session()
    adapter = Interrupting()
    adapter.error = error
    session.mount("http://", adapter)
    client = client_of("http://127.0.0.1:9", session=session)
    expected = cnb.UnreachableError if isinstance(error, RuntimeError) else type(error)
    with pytest.raises(expected) as caught:
        client.fetch_bulk("s", ID)
    assert KEY not in whole_traceback(caught.value)


def public_values(thing):
    return [getattr(thing, name) for name in dir(thing) if not name.startswith("_")]


def test_no_repr_attribute_or_session_shows_the_key(serve, client_of):
    server = serve()
    client = client_of(server)
    client.fetch_bulk("s", ID)
    assert server.requests[0][1]["X-Clinia-API-Key"] == KEY
    seen = [client, vars(client), public_values(client), vars(client._transport)]
    seen += [client._transport.settings, public_values(client._transport.settings)]
    seen += [client._transport.session.headers, vars(client._transport.session)]
    assert KEY not in repr(seen) + str(seen) + str(client)


def test_a_client_is_not_pickled_or_copied(client_of):
    client = client_of("http://127.0.0.1:9")
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="API key"):
            attempt(client)
        with pytest.raises(TypeError, match="API key"):
            attempt(client._transport.settings.key)


def test_a_result_is_pickled_without_the_key(serve, client_of):
    bulk = client_of(serve()).fetch_bulk("s", ID)
    pickled = io.BytesIO()
    pickle.dump(bulk, pickled)
    assert KEY.encode() not in pickled.getvalue()
    assert pickle.loads(pickled.getvalue()).status == bulk.status  # noqa: S301


def test_errors_survive_a_pickle():
    error = cnb.ServerError("said", status_code=500, body={"type": "INTERNAL"})
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), str(again), again.status_code, again.body) == (
        cnb.ServerError, "said", 500, {"type": "INTERNAL"},
    )  # fmt: skip


@pytest.mark.parametrize("key", [KEY.encode(), bytearray(KEY.encode()), [KEY], 5])
def test_a_key_that_is_not_text_is_refused_and_in_no_frame(monkeypatch, key):
    monkeypatch.setenv("CLINIA_API_KEY", "another-one")
    with pytest.raises(cnb.SettingsError, match=f"of type {type(key).__name__}") as caught:
        cnb.Client("acme", api_key=key)
    assert KEY not in whole_traceback(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": f"https://user:{KEY}@api.x.example"},
        {"base_url": f"https://user:{KEY}:x@api.x.example"},
        {"base_url": f"https://api.x.example:{KEY}"},
        {"base_url": f"http://api.x.example/{KEY}"},
        {"base_url": f"ftp://{KEY}@127.0.0.1"},
        {"workspace": f"https://user:{KEY}@api.x.example"},
        {"workspace": f"{KEY}/x"},
        {"workspace": f"{KEY}:{KEY}"},
    ],
)
@pytest.mark.parametrize("from_environment", [True, False])
def test_a_password_in_an_address_is_in_no_frame(monkeypatch, given, from_environment):
    if from_environment and "workspace" in given:
        monkeypatch.setenv("CLINIA_WORKSPACE", given["workspace"])
        given = {}
    with pytest.raises(cnb.SettingsError) as caught:
        cnb.Client(api_key="k", **given)
    assert KEY not in whole_traceback(caught.value)


@pytest.mark.parametrize("where", ["environment", "all", "session", "session for the host"])
def test_over_plain_http_no_proxy_sees_the_key(serve, client_of, monkeypatch, where):
    server, proxy = serve(), serve()
    session = requests.Session()
    if where in {"environment", "all"}:
        monkeypatch.setenv("http_proxy" if where == "environment" else "all_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
    else:
        session.proxies["http" if where == "session" else "http://127.0.0.1"] = proxy.url
    assert client_of(server, session=session).fetch_bulk("s", ID).status == "SUCCESS"
    assert (len(server.requests), proxy.requests) == (1, [])


@pytest.mark.parametrize("own_session", [True, False])
def test_debug_output_of_the_standard_library_does_not_print_the_key(
    serve, client_of, monkeypatch, capsys, own_session
):
    monkeypatch.setattr("http.client.HTTPConnection.debuglevel", 1)
    monkeypatch.setattr("urllib3.connection.HTTPConnection.debuglevel", 1, raising=False)
    server = serve()
    client = client_of(server, session=None if own_session else requests.Session())
    client.fetch_bulk("s", ID)
    assert server.requests[0][1]["X-Clinia-API-Key"] == KEY
    printed = capsys.readouterr()
    assert KEY not in printed.out + printed.err


@pytest.mark.parametrize(
    "body", [b'{"status": "Miller', b"Mrs Miller", b'{"Miller": 1}', b"\xffMiller"]
)
def test_a_body_that_cannot_be_read_is_in_no_frame(serve, client_of, body):
    client = client_of(serve(Step(body=body)))
    for ask in (
        lambda: client.fetch_bulk("s", ID),
        lambda: client.bulk_status("s", ID),
        lambda: client.wait_for_bulk("s", ID),
        client.list_sources,
        lambda: cnb.BulkResult.from_json(body, source_key="s", bulk_id=ID),
        lambda: cnb.parse_receipts(body, source_key="s", bulk_id=ID),
    ):
        with pytest.raises(cnb.UnreadableAnswerError) as caught:
            ask()
        # The test's own frames hold the body.
        bare = caught.value.with_traceback(caught.value.__traceback__.tb_next.tb_next)
        assert "Miller" not in whole_traceback_of(bare)


def test_a_download_that_is_stopped_leaves_no_body_in_a_frame(serve, client_of):
    def stop(came, _total):
        if came:
            raise KeyboardInterrupt

    client = client_of(serve(Step(body=b'{"status": "S", "receipts": [{"id": "Miller"}]}')))
    with pytest.raises(KeyboardInterrupt) as caught:
        client.fetch_bulk("s", ID, progress=stop)
    assert "Miller" not in whole_traceback(caught.value)


def whole_traceback_of(error):
    told = traceback.TracebackException(
        type(error), error, error.__traceback__, capture_locals=True
    )
    return "".join(told.format()) + repr(error.__context__) + repr(error.__cause__)


def test_what_the_server_sends_is_cleaned_and_clipped_in_messages(serve, client_of):
    sent = "A\\nclinia-nb: all is well\\u001b[2J\\u202e\\u0085" + "W" * 5_000
    server = serve(Step(400, f'{{"type": "{sent}", "message": "x"}}'.encode()))
    with pytest.raises(cnb.RequestRefusedError) as caught:
        client_of(server).fetch_bulk("s", ID)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_names_of_columns_forge_no_line_in_an_error():
    with pytest.raises(cnb.MissingColumnError) as caught:
        cnb.count_outcomes(pl.DataFrame({"a\nclinia-nb: fine\x1b[2J": [1]}))
    assert str(caught.value).isprintable()
