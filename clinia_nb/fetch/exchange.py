"""One HTTP exchange in a thread of its own, so that it can be left at any moment.

Only that thread's frames hold the signed request: no exception of it gets out with its traceback,
and no interrupt meets it. Whoever leaves shuts the connection down, which ends the thread.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import IncompleteRead, ProtocolError, ProxySchemeUnknown

from clinia_nb.errors import bare

from .error_body import read_error

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from .settings import HiddenKey

_TICK = 0.1
_CHUNK = 1 << 18
_HEADERS_KEPT = ("Retry-After", "Location")
_OK, _REDIRECT, _ERROR = 200, 300, 400

_NOT_A_PROXY = (
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.InvalidSchema,  # SOCKS without what it needs
    ProxySchemeUnknown,
)

_here = threading.local()


@dataclass(frozen=True)
class Head:
    """The beginning of an answer: its status, what its headers say, and Clinia's own error."""

    status_code: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    total: int | None = None
    # Not in the repr: it can name records.
    error: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)


@dataclass(frozen=True)
class Failure:
    """Why there is no complete answer."""

    problem: str
    cut: bool = False
    too_large: bool = False
    transient: bool = False


@dataclass(frozen=True)
class _Raised:
    """An exception that is not about HTTP, such as an interrupt, to be raised by who asked."""

    exception: BaseException


Event: TypeAlias = Head | bytes | Failure


@dataclass(frozen=True)
class Request:
    """What is asked, of whom, and within which limits.

    `timeout` are the seconds to wait for a connection and for the next bytes, and `most_bytes` is
    the largest body to read, decompressed.
    """

    session: requests.Session
    key: HiddenKey
    url: str
    params: Mapping[str, str] | None
    timeout: tuple[float, float]
    most_bytes: int
    plain: bool  # HTTP without TLS
    keep_alive: bool


class Exchange:
    """Sends a request and yields what comes back: a `Head`, pieces of the body, perhaps a failure.

    Parameters
    ----------
    request
        What to ask.
    seconds
        The time for all of it: connection, headers and body; None for no limit.
    tick
        Called several times a second while nothing comes; what it raises ends the exchange.
    """

    def __init__(
        self, request: Request, *, seconds: float | None, tick: Callable[[], object]
    ) -> None:
        self._request, self._seconds, self._tick = request, seconds, tick
        self._events: SimpleQueue[Event | _Raised | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._socket: Any = None
        self._left = False

    def events(self) -> Generator[Event]:
        """Yield the events; closing the generator shuts the connection down."""
        deadline = None if self._seconds is None else time.monotonic() + self._seconds
        run = copy_context().run
        threading.Thread(target=run, args=(self._work,), name="clinia-nb", daemon=True).start()
        try:
            while (event := self._next(deadline)) is not None:
                if isinstance(event, _Raised):
                    raise event.exception
                yield event
        finally:
            self._leave()

    def hold(self, socket: object) -> None:
        """Remember the socket in use; shut it down if nobody waits anymore."""
        with self._lock:
            self._socket = socket
        if self._left:
            self._leave()

    def _next(self, deadline: float | None) -> Event | _Raised | None:
        while True:
            left = _TICK if deadline is None else deadline - time.monotonic()
            if left <= 0:
                return Failure(f"no complete answer within {self._seconds:.3g} s")
            with suppress(Empty):
                return self._events.get(timeout=min(left, _TICK))
            self._tick()

    def _leave(self) -> None:
        with self._lock:
            self._left = True
            if self._socket is not None:
                with suppress(OSError, AttributeError, ValueError):
                    self._socket.shutdown(SHUT_RDWR)
                self._socket = None

    def _work(self) -> None:
        _here.exchange = self
        last: Failure | _Raised | None = None
        try:
            for event in _talk(self._request):
                if self._left:
                    break
                self._events.put(event)
        except MemoryError:
            last = _Raised(MemoryError("The answer does not fit into memory."))
        except Exception as exc:  # noqa: BLE001 - whatever it is, its frames hold the key
            last = _failure(exc, self._request.timeout)
        except BaseException as exc:  # noqa: BLE001 - as above
            last = _Raised(bare(exc))
        finally:
            _here.exchange = None
            with self._lock:
                self._socket = None  # from here on another request may use it
        if last is not None:
            self._events.put(last)
        self._events.put(None)


def _talk(request: Request) -> Iterator[Event]:
    response, location = _send(request)
    try:
        with response:
            yield from _read(request, response, location)
    finally:
        if not request.keep_alive:
            # A late answer to this request can never be taken for the answer to another one.
            request.session.get_adapter(request.url).close()


def _send(request: Request) -> tuple[requests.Response, str]:
    """Send the request; return the response, its body unread, and where it redirects to."""
    session, found = request.session, [""]

    def keep_location(response: requests.Response, **_: object) -> None:
        # With a Location in place, requests reads the body of a redirect that is not followed.
        found[0] = response.headers.pop("Location", "")

    signed = session.prepare_request(
        requests.Request(
            "GET",
            request.url,
            params=request.params,
            auth=request.key,
            headers={"Accept": "application/json"},
        )
    )
    signed.register_hook("response", keep_location)
    options = session.merge_environment_settings(
        request.url, _no_proxy(request), stream=True, verify=None, cert=None
    )
    _guard(session.get_adapter(request.url), signed, options)
    response = session.send(signed, timeout=request.timeout, allow_redirects=False, **options)
    return response, found[0]


def _no_proxy(request: Request) -> dict[str, Any]:
    """Switch proxies off where TLS does not hide the key from them."""
    if not request.plain:
        return {}
    host = urlsplit(request.url).hostname
    return dict.fromkeys(("http", "all", f"http://{host}", f"all://{host}"))


def _guard(adapter: object, signed: requests.PreparedRequest, options: Mapping[str, Any]) -> None:
    """Let the connections to come be shut down from outside, and print no debug output."""
    if isinstance(adapter, HTTPAdapter):
        pool = adapter.get_connection_with_tls_context(
            signed, options["verify"], proxies=options["proxies"], cert=options["cert"]
        )
        pool.ConnectionCls = _guarded(pool.ConnectionCls)


@cache
def _guarded(connection: type[Any]) -> type[Any]:
    if issubclass(connection, _Guarded):
        return connection
    return type(f"Guarded{connection.__name__}", (_Guarded, connection), {})


class _Guarded:
    debuglevel = 0  # what http.client prints holds the key
    sock: Any

    def send(self, data: object) -> None:
        super().send(data)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] -- of the connection it is mixed into
        exchange = getattr(_here, "exchange", None)
        if exchange is not None:
            exchange.hold(self.sock)


def _read(request: Request, response: requests.Response, location: str) -> Iterator[Event]:
    masked = request.key.masked  # a server may echo the key
    headers = {name: masked(response.headers.get(name, "")) for name in _HEADERS_KEPT}
    code = response.status_code
    if code >= _ERROR:
        yield Head(code, headers)  # it stands, however long the body takes
        error = read_error(response, masked, seconds=request.timeout[1])
        yield Head(code, headers, error=error)
        return
    if not _OK <= code < _REDIRECT:
        yield Head(code, headers | {"Location": masked(location)})
        return
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() and length.isascii() else None
    if "Content-Encoding" in response.headers:
        total = None
    yield Head(code, headers, total)
    came = total or 0
    if came <= request.most_bytes:
        came = 0
        for chunk in response.iter_content(_CHUNK):
            came += len(chunk)
            if came > request.most_bytes:
                break
            yield chunk
    if came > request.most_bytes:
        yield Failure("", too_large=True)


def _failure(exc: Exception, timeout: tuple[float, float]) -> Failure:
    errors = requests.exceptions
    if isinstance(exc, errors.ContentDecodingError):
        problem = "the answer cannot be decompressed as its Content-Encoding says"
        return Failure(problem, cut=True, transient=True)
    if isinstance(exc, errors.ChunkedEncodingError):
        return Failure(f"the answer was cut short{_received(exc)}", cut=True, transient=True)
    if isinstance(exc, errors.ConnectTimeout):
        problem = f"no connection within {timeout[0]:g} s"
    elif isinstance(exc, errors.Timeout) or "timed out" in str(exc).lower():
        problem = f"nothing came for {timeout[1]:g} s"
    else:
        problem = _unconnected(exc)
    # An invalid certificate, or a fault of ours, does not pass by itself.
    lost = isinstance(exc, errors.ConnectionError | errors.Timeout)
    return Failure(problem, transient=lost and not isinstance(exc, errors.SSLError))


def _received(exc: Exception) -> str:
    """Return how much of an answer came, if that is known."""
    inner = exc.args[0] if exc.args else None
    details: tuple[Any, ...] = inner.args if isinstance(inner, ProtocolError) else ()
    for detail in details:
        if isinstance(detail, IncompleteRead):
            came, missing = detail.partial, detail.expected
            return f": {came:,} of {came + missing:,} bytes came"
    return ""


def _unconnected(exc: Exception) -> str:
    """Return why there is no connection, or the name of an exception that is not known here."""
    inner = exc.args[0] if exc.args else None
    reason = getattr(inner, "reason", None)
    if type(reason).__name__ == "NameResolutionError":  # urllib3 1 has no such class
        return "no host of this name was found"
    if isinstance(exc, requests.exceptions.SSLError):
        return "its certificate is not accepted (SSLError)"
    if isinstance(exc, requests.exceptions.ProxyError):
        return "the proxy gave no connection (ProxyError)"
    if isinstance(inner, ProtocolError):
        return "the connection ended without an HTTP answer"
    if _is_refused(reason):
        return "nobody answers there"
    return _misconfigured(exc) or type(exc).__name__


def _misconfigured(exc: Exception) -> str:
    """Return which setting of the environment is wrong, if one is."""
    if isinstance(exc, _NOT_A_PROXY):
        return "the proxy that the environment or the session names cannot be used"
    if type(exc) is OSError and "certificate" in str(exc):
        return "there is no such file of certificates as the environment names"
    return ""


def _is_refused(reason: object) -> bool:
    inner = getattr(reason, "__cause__", None) or getattr(reason, "__context__", None)
    return isinstance(inner, ConnectionRefusedError)
