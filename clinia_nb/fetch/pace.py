"""The clock, sleep and random numbers, which tests replace."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMEOUTS = 2  # to connect, and to read


@dataclass(frozen=True)
class Pace:
    """The clock, sleep and random numbers, so that tests can pass in their own."""

    sleep: Callable[[float], object] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def check_seconds(name: str, *values: object) -> None:
    """Raise if a time to wait is something other than seconds, or None for no limit."""
    for value in values:
        if value is not None and not (isinstance(value, int | float) and value >= 0):
            raise ValueError(f"{name}={value!r} must be seconds, such as 30, or None for no limit.")


def check_pair(name: str, value: object) -> None:
    """Raise if times to wait are something other than a pair: to connect, and to read."""
    pair = cast("tuple[object, ...]", value) if isinstance(value, tuple | list) else ()
    if len(pair) != _TIMEOUTS:
        raise ValueError(
            f"{name}={value!r} must be two numbers of seconds, to connect and to read, such as "
            "(10, 60); time_limit= is for all of it."
        )
    check_seconds(name, *pair)
