"""What the summaries share: column checks, what became of a receipt, groups and intervals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.errors import IntervalError

if TYPE_CHECKING:
    from datetime import datetime


_FIXED = {
    "us": 1,
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
_MONTHS = {"mo": 1, "q": 3, "y": 12}
_PART = re.compile(r"([0-9]{1,18})(us|ms|mo|s|m|h|d|w|q|y)")
_LADDER = (
    *("1ms", "2ms", "5ms", "10ms", "20ms", "50ms", "100ms", "200ms", "500ms"),
    *("1s", "2s", "5s", "10s", "15s", "30s", "1m", "2m", "5m", "10m", "15m", "30m"),
    *("1h", "2h", "3h", "6h", "12h", "1d", "2d", "7d", "30d", "90d", "365d"),
)
# The ladder goes on by 2, 5 and 10; nothing that polars can hold needs more than this.
_LONGEST = 10**18
_MOST_MONTHS = 12 * 10_000
_SHORTEST_MONTH = 28 * _FIXED["d"]
MOST_INTERVALS = 100_000


def choose_interval(first: datetime | None, last: datetime | None, *, target: int = 60) -> str:
    """Choose a round interval that divides a span into about `target` parts, and not many more.

    Parameters
    ----------
    first, last
        The ends of the span; None where there is none.
    target
        The number of intervals aimed at. There are at most ``target + 1``, from ``"1ms"`` up.

    Returns
    -------
    str
        A polars interval, such as ``"5s"`` or ``"1d"``.

    Examples
    --------
    >>> from datetime import datetime
    >>> choose_interval(datetime(2025, 5, 6, 11), datetime(2025, 5, 6, 12))
    '1m'
    """
    if first is None or last is None:
        return _LADDER[0]
    span = abs(last - first)
    microseconds = (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
    return _interval_for(microseconds, target)


def _interval_for(span: int, target: int = 60) -> str:
    """Return what `choose_interval` does, for a span in microseconds of any length."""
    parts = max(target, 1)
    for step in _LADDER:
        if span <= parse_interval(step)[1] * parts:
            return step
    days = 365
    while True:
        for factor in (2, 5, 10):
            if span <= factor * days * _FIXED["d"] * parts:
                return f"{factor * days}d"
        days *= 10


def parse_interval(every: str) -> tuple[str, int]:
    """Check an interval; return it as polars takes it, and the microseconds that it lasts at least.

    Raises
    ------
    IntervalError
        The interval is not valid, is zero, is too long, or mixes months with other units.

    Examples
    --------
    >>> parse_interval("1h30m")
    ('5400000000us', 5400000000)
    >>> parse_interval("1w")
    ('1w', 604800000000)
    """
    parts: list[tuple[str, str]] = _PART.findall(every) if isinstance(every, str) else []  # pyright: ignore[reportUnnecessaryIsInstance] -- callers are not all type-checked
    if not parts or "".join(number + unit for number, unit in parts) != every:
        raise _unusable(every, "is not a valid interval")
    months = sum(int(number) * _MONTHS.get(unit, 0) for number, unit in parts)
    fixed = sum(int(number) * _FIXED.get(unit, 0) for number, unit in parts)
    if months and fixed:
        raise _unusable(every, "mixes months with shorter units")
    if not months and not fixed:
        raise _unusable(every, "is zero")
    if months > _MOST_MONTHS or fixed > _LONGEST:
        raise _unusable(every, "is too long")
    if months:
        return f"{months}mo", months * _SHORTEST_MONTH
    if all(unit == "w" for _, unit in parts):  # weeks begin on Mondays, not where 1970 did
        return f"{fixed // _FIXED['w']}w", fixed
    return f"{fixed}us", fixed


def interval_of(every: str | None, *times: pl.Series) -> str:
    """Check the caller's interval, or choose one for the span of `times` (`TIMESTAMP` columns)."""
    if every is not None:
        return parse_interval(every)[0]
    return parse_interval(_interval_for(_span(*times)))[0]


def check_interval_count(every: str, *times: pl.Series) -> None:
    """Refuse an interval that would give more than `MOST_INTERVALS` between first and last time.

    Raises
    ------
    IntervalError
        There would be too many; the message names one that will do.
    """
    span = _span(*times)
    count = span // parse_interval(every)[1] + 2
    if count > MOST_INTERVALS:
        raise IntervalError(
            f"every={every!r} makes up to {count:,} intervals, more than {MOST_INTERVALS:,}. "
            f"Use a longer one, such as {_interval_for(span)!r}, or leave it out."
        )


def _span(*times: pl.Series) -> int:
    # Python's datetime ends in the year 9999, and polars' does not: so whole numbers.
    both = pl.concat([column.drop_nulls().to_physical() for column in times])
    low, high = both.min(), both.max()
    return high - low if isinstance(low, int) and isinstance(high, int) else 0


def _unusable(every: object, why: str) -> IntervalError:
    return IntervalError(
        f"every={every!r} {why}. Write a number and a unit, such as '500ms', '10s', '5m', '1h', "
        "'1d', '1w' or '1mo', or leave it out to have one chosen."
    )
