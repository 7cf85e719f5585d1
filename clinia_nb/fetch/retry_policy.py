"""Whether to ask again, and when: a pure decision, so that it can be tested as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRANSIENT = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long to ask again. Times are in seconds.

    Attributes
    ----------
    attempts : int
        Requests in all, the first included.
    first_wait : float
        The wait before the second request; it doubles from then on. Half of it is by chance.
    longest_wait : float
        No wait that we choose is longer.
    total : float
        No wait begins that would end later than this after the first request.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 20.0
    total: float = 120.0


def is_transient(status_code: int) -> bool:
    """Whether an HTTP status may pass by itself: 429, 502, 503, 504."""
    return status_code in _TRANSIENT


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Read ``Retry-After``, in seconds or as a date; None where there is none that can be read.

    >>> read_retry_after({"Retry-After": "7"})
    7.0
    """
    value = headers.get("Retry-After")
    if not value:
        return None
    try:
        return float(Retry().parse_retry_after(value.strip()))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def next_wait(
    policy: RetryPolicy,
    *,
    attempt: int,
    elapsed: float,
    retry_after: float | None,
    chance: float,
) -> float | None:
    """Say how long to wait before asking again; None to give up.

    Parameters
    ----------
    policy
        The bounds.
    attempt
        How many requests were made.
    elapsed
        Seconds since the first one.
    retry_after
        Seconds that the server asked to wait; never waited less than that.
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
    return wait if elapsed + wait <= policy.total else None
