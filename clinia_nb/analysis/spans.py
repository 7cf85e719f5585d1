"""A stretch of time in words: the same in every sentence."""

from __future__ import annotations

from datetime import UTC, datetime


def span(begins: datetime, ends: datetime) -> str:
    """Format a stretch of time, in UTC, without repeating the day.

    Times are to the second; if the ends would look the same, to the millisecond or microsecond.

    >>> from datetime import timedelta
    >>> first = datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC)
    >>> span(first, first + timedelta(minutes=5)), span(first, first)
    ('2025-05-06 11:47:51 to 11:52:51 UTC', '2025-05-06 11:47:51 UTC')
    >>> span(first, first + timedelta(milliseconds=340))
    '2025-05-06 11:47:51.000 to 11:47:51.340 UTC'
    """
    if begins == ends:
        return f"{_written(begins, 0)} UTC"
    digits = next((d for d in (0, 3) if _written(begins, d) != _written(ends, d)), 6)
    first, last = _written(begins, digits), _written(ends, digits)
    same_day = first[:10] == last[:10]
    return f"{first} to {last[11:] if same_day else last} UTC"


def moment(time: datetime) -> str:
    """Format a time to the second, in UTC.

    >>> moment(datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC))
    '2025-05-06 11:47:51 UTC'
    """
    return f"{_written(time, 0)} UTC"


def _written(time: datetime, digits: int) -> str:
    text = f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return text[: 19 + digits + bool(digits)]
