"""One GET request, sent again where that is safe: its answer, or a clear error."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from .exchange import Exchange, Failure, Head, Request
from .pace import check_pair, check_seconds
from .refusals import error_of
from .retry_policy import RetryPolicy, is_transient, next_wait, read_retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from .pace import Pace
    from .settings import Settings

# Called with the bytes that came so far, and how many there will be if that is known: for every
# piece, and several times a second while nothing comes. What it raises ends the request.
Watch: TypeAlias = "Callable[[int, int | None], object]"

# Called at the beginning of each body; what it returns is called with every piece of that body.
OnBody: TypeAlias = "Callable[[], Callable[[bytes], object]]"

_REDIRECT = 300
_STEP = 0.25
_BAR_AFTER = 1.0


@dataclass(frozen=True)
class Limits:
    """What one request may take.

    Attributes
    ----------
    timeout
        Seconds to wait for a connection, and for the next bytes.
    seconds
        Seconds for all of it, retries included; None for no limit.
    most_bytes
        The largest body to read, decompressed.
    """

    timeout: tuple[float, float] = (10, 60)
    seconds: float | None = None
    most_bytes: int = 16 << 30

    def __post_init__(self) -> None:
        check_pair("timeout", self.timeout)
        check_seconds("time_limit", self.seconds)


@dataclass
class Reply:
    """What one attempt brought: an HTTP answer, or the failure that there was instead."""

    on_body: OnBody | None = None
    keep_body: bool = True
    head: Head | None = None
    failure: Failure | None = None
    # Not in the repr: it holds health data, and a traceback may show local variables.
    body: BytesIO = field(default_factory=BytesIO, repr=False)
    _read: Callable[[bytes], object] | None = field(default=None, repr=False)

    def take(self, piece: bytes) -> None:
        """Keep a piece of the body, and pass it to who reads it."""
        if self.keep_body:
            self.body.write(piece)
        if self.on_body is not None and self._read is None:
            self._read = self.on_body()
        if self._read is not None:
            self._read(piece)

    @property
    def transient(self) -> bool:
        """Whether asking again may help. A status decides, whatever is wrong with its body."""
        if self.head is not None and is_transient(self.head.status_code):
            return True
        return self.failure is not None and self.failure.transient


@dataclass(frozen=True)
class Transport:
    """Asks one host, with one key. Redirects are never followed: the key would go along."""

    settings: Settings
    session: requests.Session
    retry: RetryPolicy
    pace: Pace
    limits: Limits
    keep_alive: bool = False

    def get(  # noqa: PLR0913 - what one request can be asked for
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        progress: bool | Watch = False,
        within: float | None = None,
        most_bytes: int | None = None,
        on_body: OnBody | None = None,
        keep_body: bool = True,
    ) -> bytes:
        """Ask for a path; return the body of the answer, or nothing without `keep_body`.

        With `within`, it takes no more than so many seconds, retries included. `on_body` reads the
        body while it arrives; a retry begins a new one.

        Raises
        ------
        RequestError
            There is no answer, or a refusal; one subclass per thing to do about it.
        UnreadableAnswerError
            The answer was cut short, again and again, or is too large.
        """
        limit = min((s for s in (within, self.limits.seconds) if s is not None), default=None)
        started = self.pace.monotonic()
        request = self._request(path, params, most_bytes)
        attempt = 0
        with _Watching(progress) as watch:
            while True:
                attempt += 1
                elapsed = self.pace.monotonic() - started
                left = None if limit is None else max(limit - elapsed, 0.0)
                reply = Reply(on_body, keep_body)
                _attempt(request, left, watch, reply)
                asked = read_retry_after(reply.head.headers if reply.head else {}, self.pace.now)
                wait = next_wait(
                    self.retry.within(limit),
                    attempt=attempt,
                    elapsed=self.pace.monotonic() - started,
                    retry_after=asked,
                    chance=self.pace.chance(),
                )
                if not reply.transient or wait is None:
                    break
                self._rest(wait, watch)
        if reply.failure is None and reply.head and reply.head.status_code < _REDIRECT:
            return reply.body.getvalue()
        raise error_of(
            self.asked(path), reply.head, reply.failure, attempt, asked, request.most_bytes
        )

    def asked(self, path: str) -> str:
        """Return what is asked, and where, for messages."""
        return f"GET {path} at {self.settings.host}"

    def start_over(self) -> None:
        """Close the connections that are kept open, so that the next request has a fresh one."""
        self.session.get_adapter(self.settings.base_url).close()

    def _request(self, path: str, params: Mapping[str, str] | None, most: int | None) -> Request:
        return Request(
            session=self.session,
            key=self.settings.key,
            url=self.settings.base_url + path,
            params=params,
            timeout=self.limits.timeout,
            most_bytes=self.limits.most_bytes if most is None else most,
            plain=self.settings.base_url.startswith("http:"),
            keep_alive=self.keep_alive,
        )

    def _rest(self, wait: float, watch: Watch | None) -> None:
        """Wait; who watches can end it by raising."""
        while watch is not None and wait > _STEP:
            self.pace.sleep(_STEP)
            wait -= _STEP
            watch(0, None)
        self.pace.sleep(wait)


def _attempt(request: Request, seconds: float | None, watch: Watch | None, reply: Reply) -> None:
    came, total = 0, None

    def tick() -> None:
        if watch is not None:
            watch(came, total)

    exchange = Exchange(request, seconds=seconds, tick=tick)
    events = exchange.events()
    try:
        for event in events:
            match event:
                case Head():
                    reply.head, total = event, event.total
                    tick()
                case Failure():
                    reply.failure = event
                    break
                case bytes():
                    reply.take(event)
                    came += len(event)
                    del event  # health data, and a traceback may show local variables
                    tick()
    finally:
        events.close()


class _Watching:
    """The function that watches a request: the caller's own, a progress bar's, or none."""

    def __init__(self, progress: bool | Watch) -> None:  # noqa: FBT001 - as the caller passed it
        self._progress = progress
        self._begun = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Watch | None:
        if callable(self._progress):
            return self._progress
        return self._show if self._progress else None

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _show(self, came: int, total: int | None) -> None:
        if self._bar is None:
            if not came or time.monotonic() - self._begun < _BAR_AFTER:
                return
            from tqdm.auto import tqdm

            self._bar = tqdm(desc="Downloading receipts", unit="B", unit_scale=True, leave=False)
        self._bar.total = total
        self._bar.update(came - self._bar.n)
