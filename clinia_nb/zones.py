"""Times of day in the zone that a reader asks for: written, and read again.

By polars, which brings its own table of zones: not every machine has one for Python.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

UTC = "UTC"


def write(moment: datetime, zone: str = UTC, *, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Write a time as it is in a zone.

    >>> from datetime import timezone
    >>> write(datetime(2025, 5, 6, 11, 47, 51, tzinfo=timezone.utc), "America/Toronto")
    '2025-05-06 07:47:51'
    """
    times = pl.Series([moment], dtype=pl.Datetime("us", UTC))
    return times.dt.convert_time_zone(zone).dt.strftime(pattern).item()


def read(text: str, zone: str = UTC) -> datetime:
    """Read a time of a zone, such as ``2025-05-06T07:47``, as UTC.

    Of an hour that is there twice, as clocks are set back, the first is meant.

    Raises
    ------
    ValueError
        It is no time, or one that clocks which are set forward leave out.

    Examples
    --------
    >>> read("2025-05-06T07:47:51", "America/Toronto").isoformat()
    '2025-05-06T11:47:51+00:00'
    """
    times = pl.Series([datetime.fromisoformat(text).replace(tzinfo=None)], dtype=pl.Datetime("us"))
    there = times.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    moment = there.dt.convert_time_zone(UTC).item()
    if moment is None:
        raise ValueError(f"There is no {text} in {zone}.")
    return moment


def stretch(begins: datetime, ends: datetime, zone: str = UTC) -> str:
    """Write a stretch of time; the day once where it is the same.

    >>> from datetime import timedelta, timezone
    >>> first = datetime(2025, 5, 6, 11, 47, 51, tzinfo=timezone.utc)
    >>> stretch(first, first + timedelta(minutes=5))
    '2025-05-06 11:47:51 to 11:52:51 UTC'
    """
    exact = begins.microsecond or ends.microsecond
    pattern = "%Y-%m-%d %H:%M:%S" + "%.3f" * bool(exact)
    first, last = (write(moment, zone, pattern=pattern) for moment in (begins, ends))
    return f"{first} to {last[11:] if first[:10] == last[:10] else last} {zone}"
