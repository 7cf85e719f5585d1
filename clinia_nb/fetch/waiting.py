"""Waiting until a bulk is final: cheap polls, growing intervals, a bar that says how far it is."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from clinia_nb.errors import CliniaError, StillPendingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clinia_nb.receipts.parse import Progress

    from .transport import Pace

_FIRST_INTERVAL, _LONGEST_INTERVAL, _GROWTH = 0.5, 30.0, 1.6
_SHORTEST_BETWEEN_COUNTS = 5.0
# Counting downloads all receipts: it may take a twentieth of the time.
_COUNT_SHARE = 1 / 20


def wait_until_final(
    read_status: Callable[[float | None], str],
    count: Callable[[float | None], Progress] | None,
    *,
    pace: Pace,
    timeout: float | None,
    name: str,
) -> str:
    """Poll until the status is another than ``PENDING``; give it.

    Parameters
    ----------
    read_status
        Asks for the status alone, retrying for at most so many seconds.
    count
        Asks how many operations are done, likewise; None to show nothing.
    pace
        Time and chance.
    timeout
        Seconds to wait at the most; None for no bound.
    name
        What is waited for, for messages.

    Raises
    ------
    StillPendingError
        The time was over first.
    """
    started = pace.monotonic()
    deadline = None if timeout is None else started + timeout
    interval = _FIRST_INTERVAL
    board = _Board(count, pace)

    def left_over() -> float | None:
        return None if deadline is None else max(deadline - pace.monotonic(), 0.0)

    try:
        while (status := read_status(left_over())) == "PENDING":
            board.update(left_over())
            left = interval if deadline is None else deadline - pace.monotonic()
            if left <= 0:
                raise StillPendingError(
                    f"After {timeout:g} s {name} is still pending{board.said()}. "
                    "Wait longer, or fetch it as it is with fetch_bulk.",
                    status=status,
                )
            pace.sleep(min(interval * (0.9 + 0.2 * pace.chance()), left))
            interval = min(interval * _GROWTH, _LONGEST_INTERVAL)
    finally:
        board.close()
    return status


class _Board:
    """The bar that shows how many operations are done, counted now and then."""

    def __init__(self, count: Callable[[float | None], Progress] | None, pace: Pace) -> None:
        self._count, self._pace = count, pace
        self._next = pace.monotonic()
        self._progress: Progress | None = None
        self._bar: Any = None

    def update(self, left: float | None) -> None:
        """Count again, if that is due and does not take too much of the time."""
        before = self._pace.monotonic()
        if self._count is None or before < self._next:
            return
        # Counting is for show: where it fails, the wait goes on, and the next poll says why not.
        with suppress(CliniaError):
            self._progress = self._count(left)
        after = self._pace.monotonic()
        self._next = after + max((after - before) / _COUNT_SHARE, _SHORTEST_BETWEEN_COUNTS)
        if self._progress is not None:
            self._show(self._progress)

    def said(self) -> str:
        """Say how far it is, to follow "is still pending"."""
        seen = self._progress
        if seen is None:
            return ""
        remain = seen.total - seen.done
        said = f": {seen.done:,} of {seen.total:,} operations are done"
        if seen.in_review == 0:
            return said
        return f"{said}, and {seen.in_review:,} of the {remain:,} others wait for human review"

    def close(self) -> None:
        """Take the bar down."""
        if self._bar is not None:
            self._bar.close()

    def _show(self, seen: Progress) -> None:
        if self._bar is None:
            from tqdm.auto import tqdm

            self._bar = tqdm(desc="Waiting", unit=" operations", leave=False)
        self._bar.total, self._bar.n = seen.total, seen.done
        if seen.in_review:
            self._bar.set_postfix_str(f"{seen.in_review:,} wait for human review", refresh=False)
        self._bar.refresh()
