"""One GET request, asked again where that is safe, its answer or a clear error."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import urlsplit

import msgspec
import requests
from urllib3.exceptions import IncompleteRead, ProtocolError

from clinia_nb.errors import (
    AccessDeniedError,
    BulkNotFoundError,
    InvalidKeyError,
    RateLimitedError,
    RedirectedError,
    RequestError,
    RequestRefusedError,
    ServerError,
    UnreachableError,
    UnreadableAnswerError,
)

from .retry_policy import RetryPolicy, is_transient, next_wait, read_retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .pace import Pace
    from .settings import Settings

# Told of every part of an answer: the bytes that came, and how many there will be if that is known.
# It may raise an exception without arguments that is no `Exception`, which ends the download.
Watch: TypeAlias = "Callable[[int, int | None], object]"

_CHUNK = 1 << 20
_LONGEST_ERROR_BODY = 1 << 16
_HEADERS_KEPT = ("Retry-After", "Location")
_OK, _REDIRECT, _ERROR, _SERVER_ERROR = 200, 300, 400, 500
_BY_STATUS: dict[int, tuple[type[RequestError], str]] = {
    401: (InvalidKeyError, "Check the API key (CLINIA_API_KEY) and that it is of this workspace."),
    403: (AccessDeniedError, "The API key lacks this right: ask your Clinia administrator for it."),
    404: (BulkNotFoundError, "Check the source key, the bulk id, the kind and the workspace."),
    429: (RateLimitedError, "Wait, then ask again."),
}


@dataclass
class _Reply:
    """What one attempt gave: an HTTP answer, or the problem that there was instead."""

    status_code: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    # Not in the repr: they hold health data, and a traceback may show local variables.
    body: bytes = field(default=b"", repr=False)
    told: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)
    problem: str = ""
    detail: str = ""
    cut: bool = False
    passing: bool = False

    @property
    def transient(self) -> bool:
        return self.passing or (self.status_code is not None and is_transient(self.status_code))


@dataclass(frozen=True)
class Transport:
    """Asks one host, with one key. Redirects are never followed: the key would go along."""

    settings: Settings
    session: requests.Session
    timeout: tuple[float, float]
    retry: RetryPolicy
    pace: Pace

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        progress: bool | Watch = False,
        within: float | None = None,
    ) -> bytes:
        """Ask for a path; give the body of the answer.

        With `within`, no retry begins that many seconds after the first request.

        Raises
        ------
        RequestError
            The request was not answered as hoped; one subclass per thing to do about it.
        UnreadableAnswerError
            The answer was cut short, again and again.
        """
        policy = self.retry
        if within is not None:
            policy = replace(policy, total=min(policy.total, within))
        started = self.pace.monotonic()
        attempt = 0
        while True:
            attempt += 1
            reply = self._attempt(path, params, progress=progress)
            asked = read_retry_after(reply.headers)
            wait = next_wait(
                policy,
                attempt=attempt,
                elapsed=self.pace.monotonic() - started,
                retry_after=asked,
                chance=self.pace.chance(),
            )
            if not reply.transient or wait is None:
                break
            self._rest(wait, progress=progress)
        if reply.status_code is not None and not reply.problem and reply.status_code < _REDIRECT:
            return reply.body
        raise self._error(path, reply, attempt, asked)

    def _rest(self, wait: float, *, progress: bool | Watch) -> None:
        """Wait; who watches is asked every second, and ends it by raising."""
        while callable(progress) and wait > 1:
            self.pace.sleep(1)
            wait -= 1
            progress(0, None)
        self.pace.sleep(wait)

    def _attempt(
        self, path: str, params: Mapping[str, str] | None, *, progress: bool | Watch
    ) -> _Reply:
        # The frames of requests and urllib3 hold the signed headers. No exception that passed
        # through them gets out, or a traceback with local variables would show the key.
        try:
            return self._exchange(path, params, progress=progress)
        except MemoryError:
            stopped: BaseException = MemoryError("The answer does not fit into memory.")
        except SystemExit as exc:
            stopped = SystemExit(exc.code)
        except Exception as exc:  # noqa: BLE001 - whatever it is, its frames hold the key
            return self._failed(exc)
        except BaseException as exc:  # noqa: BLE001 - likewise
            stopped = type(exc)()
        raise stopped

    def _failed(self, exc: Exception) -> _Reply:
        kinds = requests.exceptions
        if isinstance(exc, kinds.ChunkedEncodingError | kinds.ContentDecodingError):
            detail = _received(exc)
            return _Reply(problem="the answer was cut short", detail=detail, cut=True, passing=True)
        if isinstance(exc, kinds.ConnectTimeout):
            problem = f"no connection within {self.timeout[0]:g} s"
        elif isinstance(exc, kinds.Timeout) or "timed out" in str(exc).lower():
            problem = f"nothing came for {self.timeout[1]:g} s"
        else:
            problem = type(exc).__name__
        # A certificate that does not hold, or a fault of ours, does not pass by itself.
        lost = isinstance(exc, kinds.ConnectionError | kinds.Timeout)
        return _Reply(problem=problem, passing=lost and not isinstance(exc, kinds.SSLError))

    def _exchange(
        self, path: str, params: Mapping[str, str] | None, *, progress: bool | Watch
    ) -> _Reply:
        with self.session.get(
            self.settings.base_url + path,
            params=params,
            auth=self.settings.key,
            headers={"Accept": "application/json"},
            timeout=self.timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            if _OK <= response.status_code < _REDIRECT:
                return _Reply(response.status_code, body=_read(response, progress=progress))
            # A server may echo the key: what it says is kept without it.
            masked = self.settings.key.masked
            headers = {name: masked(response.headers.get(name, "")) for name in _HEADERS_KEPT}
            told = _read_error(_read_start(response), masked)
            return _Reply(response.status_code, headers, told=told)

    def _error(
        self, path: str, reply: _Reply, attempts: int, retry_after: float | None
    ) -> RequestError | UnreadableAnswerError:
        asked = f"GET {path} at {urlsplit(self.settings.base_url).netloc}"
        tries = f" ({attempts} attempts)" if attempts > 1 else ""
        if reply.cut:
            return UnreadableAnswerError(
                f"{asked}: {reply.problem}{tries}{reply.detail}. Ask again; "
                "if it stays so, report it to Clinia."
            )
        code = reply.status_code
        if code is None:
            return UnreachableError(
                f"{asked}: {reply.problem}{tries}. Check the workspace, the network and its proxy."
            )
        if code < _ERROR:
            target = _host_of(reply.headers.get("Location", ""))
            return RedirectedError(
                f"{asked}: sent elsewhere, to {target} (HTTP {code}), which is not followed, as "
                "the API key would go along. If that host is right, set it as base_url.",
                status_code=code,
            )
        told = reply.told
        said = f" {told['type'][:60]}" if isinstance(told.get("type"), str) else ""
        waits = f" Clinia asks to wait {retry_after:g} s." if retry_after is not None else ""
        kind, advice = _BY_STATUS.get(code) or _by_class(code)
        error = kind(
            f"{asked}: HTTP {code}{said}{tries}.{waits} {advice}", status_code=code, body=told
        )
        if isinstance(error, RateLimitedError):
            error.retry_after = retry_after
        return error


def _by_class(code: int) -> tuple[type[RequestError], str]:
    if code >= _SERVER_ERROR:
        return (
            ServerError,
            "Clinia failed: wait and ask again; if it stays so, report it to Clinia.",
        )
    return RequestRefusedError, "Clinia refused it: the error's `body` says why."


def _read(response: requests.Response, *, progress: bool | Watch) -> bytes:
    if not progress:
        return response.content
    encoded = "Content-Encoding" in response.headers
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isdigit() and not encoded else None
    if callable(progress):
        return _read_watched(response, progress, total)
    from tqdm.auto import tqdm

    bar: Any = tqdm(
        total=total,
        desc="Downloading receipts",
        unit="B",
        unit_scale=True,
        delay=1,
        leave=False,
    )
    chunks: list[bytes] = []
    with bar:
        for chunk in response.iter_content(_CHUNK):
            chunks.append(chunk)
            bar.update(len(chunk))
    return b"".join(chunks)


def _read_watched(response: requests.Response, watch: Watch, total: int | None) -> bytes:
    chunks: list[bytes] = []
    came = 0
    watch(came, total)
    for chunk in response.iter_content(_CHUNK):
        chunks.append(chunk)
        came += len(chunk)
        watch(came, total)
    return b"".join(chunks)


def _read_start(response: requests.Response) -> bytes:
    """Read an error's body, or nothing where it is longer than an error of Clinia is."""
    body = b""
    for chunk in response.iter_content(_LONGEST_ERROR_BODY):
        body += chunk
        if len(body) > _LONGEST_ERROR_BODY:
            return b""
    return body


def _masked(value: Any, masked: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """Mask the texts of decoded JSON: in its bytes the key could stand escaped."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_masked(item, masked) for item in items]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {masked(name): _masked(item, masked) for name, item in pairs.items()}
    return value


def _received(exc: Exception) -> str:
    """Say how much of an answer came, where that is known."""
    inner = exc.args[0] if exc.args else None
    parts: tuple[Any, ...] = inner.args if isinstance(inner, ProtocolError) else ()
    for part in parts:
        if isinstance(part, IncompleteRead):
            came, missing = part.partial, part.expected
            return f": {came:,} of {came + missing:,} bytes came"
    return ""


def _read_error(body: bytes, masked: Callable[[str], str]) -> dict[str, Any]:
    try:
        return _masked(msgspec.json.decode(body, type=dict[str, Any]), masked)
    except (msgspec.MsgspecError, RecursionError):
        return {}


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or "another path of this host"
    except ValueError:
        return "an unreadable address"
