"""Waiting until a bulk is final: cheap polls at growing intervals, and a count now and then."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from clinia_nb.errors import CliniaError, StillPendingError, UnreachableError

from .pace import check_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from clinia_nb.receipts.parse import Progress

    from .pace import Pace

_FIRST_INTERVAL, _LONGEST_INTERVAL, _GROWTH = 0.5, 30.0, 1.6
_SHORTEST_BETWEEN_COUNTS = 5.0
_LEAST_FOR_FIRST = 1.0
# Counting downloads all receipts: it may take a twentieth of the time.
_COUNT_SHARE = 1 / 20


@dataclass(frozen=True)
class Poll:
    """Ask for the status, and send it back."""


@dataclass(frozen=True)
class Count:
    """Find out how many operations are done, if that is wanted."""


@dataclass(frozen=True)
class Rest:
    """Sleep for so many seconds."""

    seconds: float


Step: TypeAlias = Poll | Count | Rest


def steps_until_final(
    monotonic: Callable[[], float],
    chance: Callable[[], float],
    *,
    timeout: float | None = None,
) -> Generator[Step, str | None, str | None]:
    """Decide what to do next while a bulk is pending; the caller does it, blocking or not.

    Parameters
    ----------
    monotonic, chance
        The clock, and random numbers of 0 to 1.
    timeout
        Seconds to wait at most; None for no limit.

    Yields
    ------
    Step
        What to do next. The answer to a `Poll` is sent back; otherwise None.

    Returns
    -------
    str or None
        The status as soon as it is not ``PENDING``; None if the time limit is reached first.

    Examples
    --------
    >>> steps = steps_until_final(lambda: 0.0, lambda: 0.5)
    >>> next(steps), steps.send("PENDING"), next(steps)
    (Poll(), Count(), Rest(seconds=0.5))
    """
    started = monotonic()
    interval, next_count = _FIRST_INTERVAL, started
    while True:
        status = yield Poll()
        if status != "PENDING":
            return status
        begun = monotonic()
        if begun >= next_count:
            yield Count()
            took = monotonic() - begun
            next_count = begun + took + max(took / _COUNT_SHARE, _SHORTEST_BETWEEN_COUNTS)
        left = interval if timeout is None else started + timeout - monotonic()
        if left <= 0:
            return None
        yield Rest(min(interval * (0.9 + 0.2 * chance()), left))
        interval = min(interval * _GROWTH, _LONGEST_INTERVAL)


def wait_until_final(
    read_status: Callable[[float | None], str],
    count: Callable[[float | None], Progress] | None,
    *,
    pace: Pace,
    timeout: float | None,
    name: str,
) -> None:
    """Poll until the status is no longer ``PENDING``.

    Parameters
    ----------
    read_status
        Asks for the status alone, within so many seconds.
    count
        Asks how many operations are done, within so many seconds; None to show nothing.
    pace
        The clock, sleep and random numbers.
    timeout
        Seconds to wait at most; None for no limit.
    name
        What is waited for, for messages.

    Raises
    ------
    StillPendingError
        The time limit was reached first.
    """
    check_seconds("timeout", timeout)
    deadline = None if timeout is None else pace.monotonic() + timeout

    def left() -> float | None:
        return None if deadline is None else max(deadline - pace.monotonic(), 0.0)

    steps = steps_until_final(pace.monotonic, pace.chance, timeout=timeout)
    board = _Board()
    try:
        final = _walk(
            steps, read_status, None if count is None else board.counted(count), left, pace
        )
    finally:
        board.close()
    if final is None:
        raise StillPendingError(
            f"After {timeout:g} s {name} is still pending{board.words()}. "
            "Wait longer, or fetch it as it is: fetch_bulk, or no --wait on the command line.",
            status="PENDING",
        )


def _walk(
    steps: Generator[Step, str | None, str | None],
    read_status: Callable[[float | None], str],
    count: Callable[[float | None], None] | None,
    left: Callable[[], float | None],
    pace: Pace,
) -> str | None:
    """Take the steps; return the final status, or None if the time limit is reached first."""
    status: str | None = None
    answer: str | None = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as done:
            return done.value
        answer = None
        match step:
            case Poll():
                seconds = left()
                if status is None and seconds is not None:  # the first one always has a second
                    seconds = max(seconds, _LEAST_FOR_FIRST)
                try:
                    answer = status = read_status(seconds)
                except UnreachableError:
                    if status is None or left() != 0:
                        raise
                    return None
            case Count():
                # Counting only feeds the progress bar: if it fails, the next poll says why.
                with suppress(CliniaError):
                    if count is not None:
                        count(left())
            case Rest(seconds):
                pace.sleep(seconds)


class _Board:
    """The bar that shows how many operations are done."""

    def __init__(self) -> None:
        self._seen: Progress | None = None
        self._bar: Any = None

    def counted(self, count: Callable[[float | None], Progress]) -> Callable[[float | None], None]:
        """Return a function that counts and shows the result."""
        return lambda left: self._show(count(left))

    def words(self) -> str:
        """Return how far it is, to follow "is still pending"."""
        seen = self._seen
        if seen is None:
            return ""
        done = f": {seen.done:,} of {seen.total:,} operations are done"
        if seen.in_review == 0:
            return done
        rest = seen.total - seen.done
        return f"{done}, and {seen.in_review:,} of the {rest:,} others wait for human review"

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()

    def _show(self, seen: Progress) -> None:
        self._seen = seen
        if self._bar is None:
            from tqdm.auto import tqdm

            self._bar = tqdm(desc="Waiting", unit=" operations", leave=False)
        self._bar.total, self._bar.n = seen.total, seen.done
        if seen.in_review:
            self._bar.set_postfix_str(f"{seen.in_review:,} wait for human review", refresh=False)
        self._bar.refresh()
