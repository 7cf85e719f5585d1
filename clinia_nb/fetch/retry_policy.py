"""Whether to send a request again, and when: a pure decision, so that it can be tested as one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TRANSIENT = frozenset({429, 502, 503, 504})
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII)


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long a request is sent again. Times are in seconds.

    A request is sent again after a lost connection, an answer that was cut short, and HTTP 429,
    502, 503 and 504. A wait that the server asks for (``Retry-After``) is respected; one that
    does not fit into `total` raises at once, and the error's ``retry_after`` says how long it is.

    Attributes
    ----------
    attempts : int
        Requests in all, the first included; 1 for no retries.
    first_wait : float
        The wait before the second request. It doubles from one request to the next. Half of it is
        random, so that many clients do not come back at the same moment.
    longest_wait : float
        The longest wait that is not asked for by the server.
    total : float
        No wait begins that would end later than this after the first request.

    Raises
    ------
    ValueError
        `attempts` is below 1, or a time is negative or not a number.

    Examples
    --------
    >>> patient = RetryPolicy(attempts=10, total=600)  # then Client(retry=patient)
    >>> patient.first_wait
    0.5
    >>> RetryPolicy(attempts=0)
    Traceback (most recent call last):
        ...
    ValueError: attempts is 0; it must be 1 or more.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 20.0
    total: float = 120.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not isinstance(value, int | float):
                raise TypeError(f"{name} is {value!r}; it must be a number.")
        if self.attempts < 1:
            raise ValueError(f"attempts is {self.attempts}; it must be 1 or more.")
        for name in ("first_wait", "longest_wait", "total"):
            if not getattr(self, name) >= 0:  # also if it is NaN
                raise ValueError(f"{name} is {getattr(self, name)}; it must be 0 or more.")

    def within(self, seconds: float | None) -> Self:
        """Return the policy with a total of at most so many seconds.

        Examples
        --------
        >>> RetryPolicy().within(30).total
        30
        """
        return self if seconds is None else replace(self, total=min(self.total, seconds))


def is_transient(status_code: int) -> bool:
    """Return whether an HTTP status may pass by itself: 429, 502, 503, 504."""
    return status_code in _TRANSIENT


def read_retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Read ``Retry-After``, in seconds or as a date; None if it is missing or cannot be read.

    Of a header that was sent twice, and so holds two numbers, the longer wait counts.

    >>> read_retry_after({"Retry-After": "30.5"}, datetime.now)
    30.5
    >>> noon = lambda: datetime(2026, 4, 1, 12, tzinfo=UTC)
    >>> read_retry_after({"Retry-After": "Thu, 02 Apr 2026 12:00:00 GMT"}, noon)
    86400.0
    """
    value = headers.get("Retry-After", "").strip()
    numbers = [number.strip() for number in value.split(",")]
    if all(map(_SECONDS.fullmatch, numbers)):
        return max(map(float, numbers))
    try:
        date = parsedate_to_datetime(value)
        seconds = (date.replace(tzinfo=date.tzinfo or UTC) - now()).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return max(seconds, 0.0)


def next_wait(
    policy: RetryPolicy,
    *,
    attempt: int,
    elapsed: float,
    retry_after: float | None,
    chance: float,
) -> float | None:
    """Return how long to wait before the next request; None to give up.

    Parameters
    ----------
    policy
        The limits.
    attempt
        How many requests were sent.
    elapsed
        Seconds since the first one.
    retry_after
        Seconds that the server asked to wait; the wait is never shorter.
    chance
        A random number, 0 to 1.

    Examples
    --------
    >>> next_wait(RetryPolicy(), attempt=1, elapsed=0.1, retry_after=None, chance=1.0)
    0.5
    >>> next_wait(RetryPolicy(), attempt=1, elapsed=0.1, retry_after=3600.0, chance=1.0) is None
    True
    """
    if attempt >= policy.attempts:
        return None
    steps = min(attempt - 1, 60)
    backoff = min(policy.first_wait * 2**steps, policy.longest_wait) * (0.5 + chance / 2)
    wait = max(backoff, retry_after or 0.0)
    return wait if math.isfinite(wait) and elapsed + wait <= policy.total else None
