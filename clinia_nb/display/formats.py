"""Counts, shares, durations, times and texts as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clinia_nb.text import clip, counted, harmless, one_line

__all__ = [
    "UNKNOWN",
    "clip",
    "count",
    "counted",
    "duration",
    "harmless",
    "moment",
    "one_line",
    "percent",
    "times",
]

UNKNOWN = "–"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TEN = 10


def count(number: int) -> str:
    """Write a whole number with thousands separators.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def percent(share: float) -> str:
    """Format a share of 0 to 1 so that only nothing is 0% and only everything is 100%.

    >>> percent(0.183), percent(0.00001), percent(0.99999), percent(1.0)
    ('18.3%', '< 0.1%', '> 99.9%', '100%')
    """
    if share in {0, 1}:
        return f"{share:.0%}"
    if share < 0.001:  # noqa: PLR2004 - what one decimal can show
        return "< 0.1%"
    return "> 99.9%" if share > 0.999 else f"{share:.1%}"  # noqa: PLR2004


def duration(value: timedelta | None) -> str:
    """Write a duration in its two leading units.

    >>> duration(timedelta(milliseconds=340)), duration(timedelta(minutes=3, seconds=5))
    ('340 ms', '3 min 5 s')
    """
    if value is None:
        return UNKNOWN
    seconds = abs(value.total_seconds())
    sign = "−" if value < timedelta() else ""
    if seconds < 1:
        milliseconds = seconds * 1_000
        return f"{sign}{milliseconds:.{0 if milliseconds >= _TEN or not milliseconds else 1}f} ms"
    if seconds < _MINUTE:
        return f"{sign}{seconds:.{1 if seconds >= _TEN else 2}f} s"
    for size, unit, next_size, smaller in (
        (_DAY, "d", _HOUR, "h"),
        (_HOUR, "h", _MINUTE, "min"),
        (_MINUTE, "min", 1, "s"),
    ):
        if seconds >= size:
            whole, rest = divmod(int(seconds), size)
            return f"{sign}{whole:,} {unit} {rest // next_size} {smaller}"
    raise AssertionError(seconds)


def moment(value: datetime | None) -> str:
    """Write a time to the second, in UTC.

    >>> moment(datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC))
    '2025-05-06 11:47:51 UTC'
    """
    return UNKNOWN if value is None else f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def times(ratio: float) -> str:
    """Write how many times as much something is.

    >>> times(27.67), times(1.5), times(0.4)
    ('28 times', '1.5 times', '0.4 times')
    """
    return f"{ratio:,.{0 if ratio >= _TEN else 1}f} times"
