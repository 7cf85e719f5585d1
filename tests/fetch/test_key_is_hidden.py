import copy
import io
import logging
import pickle
import traceback

import pytest
import requests
from support.clock import KEY
from support.scripted_server import Step

import clinia_nb as cnb

ID = "bk_1"


def whole_traceback(error):
    # From the package's first frame on: the test's own hold the key.
    ours = error.__traceback__.tb_next
    told = traceback.TracebackException(type(error), error, ours, capture_locals=True)
    return "".join(told.format()) + repr(error.__context__) + repr(error.__cause__)


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


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), RuntimeError("odd")])
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
