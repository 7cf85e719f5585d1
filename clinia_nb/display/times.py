"""Times in the zone of the reader: as they are shown, typed and read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP


@dataclass(frozen=True)
class Zone:
    """A time zone by its name. Which names there are is checked where the reader says one.

    Examples
    --------
    >>> toronto = Zone("America/Toronto")
    >>> moment = datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC)
    >>> toronto.moment(moment)
    '2025-05-06 07:47:51 EDT'
    >>> toronto.read(toronto.field(moment)) == moment
    True
    """

    name: str = "UTC"

    @cached_property
    def _info(self) -> ZoneInfo:
        return ZoneInfo(self.name)

    def there(self, moment: datetime) -> datetime:
        """Give the same moment in this zone; at the ends of the calendar as it is."""
        try:
            return moment.astimezone(self._info)
        except OverflowError:
            return moment

    def field(self, moment: datetime | None) -> str:
        """Write a moment as the field of a form takes it: to the millisecond, without a zone."""
        if moment is None:
            return ""
        return self.there(moment).replace(tzinfo=None).isoformat(timespec="milliseconds")

    def read(self, field: str) -> datetime:
        """Read what `field` wrote, or a person typed. Of an hour that comes twice, the first.

        Raises
        ------
        ValueError
            It is no time.
        """
        return datetime.fromisoformat(field).replace(tzinfo=self._info).astimezone(UTC)

    def moment(self, moment: datetime, *, milliseconds: bool = False) -> str:
        """Write a moment to the second, or to the millisecond, with the name of the zone."""
        clock = self.clock(moment, milliseconds=milliseconds)
        return f"{self.day(moment)} {clock} {self.called(moment)}"

    def stretch(self, begins: datetime, ends: datetime) -> str:
        """Write a stretch of time; the day, and the zone's name, once where they are the same.

        >>> first, last = (datetime(2025, 11, 2, hour, 30, tzinfo=UTC) for hour in (5, 6))
        >>> Zone("America/Toronto").stretch(first, last)
        '2025-11-02 01:30:00 EDT to 01:30:00 EST'
        >>> Zone().stretch(first, last)
        '2025-11-02 05:30:00 to 06:30:00 UTC'
        """
        fine = bool(begins.microsecond or ends.microsecond)
        first = f"{self.day(begins)} {self.clock(begins, milliseconds=fine)}"
        last = f"{self.clock(ends, milliseconds=fine)} {self.called(ends)}"
        if self.day(begins) != self.day(ends):
            last = f"{self.day(ends)} {last}"
        changed = self.called(begins) != self.called(ends)
        return f"{first}{f' {self.called(begins)}' if changed else ''} to {last}"

    def day(self, moment: datetime) -> str:
        """Write the day."""
        return f"{self.there(moment):%Y-%m-%d}"

    def clock(self, moment: datetime, *, milliseconds: bool = False) -> str:
        """Write the time of the day."""
        return self.there(moment).time().isoformat("milliseconds" if milliseconds else "seconds")

    def called(self, *moments: datetime) -> str:
        """Give the short names of the zone at moments, each once; without any, its name.

        >>> Zone("America/Toronto").called(*(datetime(2025, n, 1, tzinfo=UTC) for n in (7, 12, 7)))
        'EDT, EST'
        """
        called = dict.fromkeys(f"{self.there(moment):%Z}" for moment in moments)
        # Zones without a name of their own are called by their offset.
        return ", ".join(f"UTC{name}" if name[:1] in "+-" else name for name in called) or self.name


def utc_offset(moment: datetime | None, time_zone: str) -> timedelta:
    """Give what a zone is ahead of UTC at a moment: what charts in that zone add to all times.

    Raises
    ------
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> utc_offset(datetime(2025, 5, 6, tzinfo=UTC), "America/Toronto")
    datetime.timedelta(days=-1, seconds=72000)
    """
    return first_offset(pl.Series([moment], dtype=TIMESTAMP), time_zone)


def first_offset(times: pl.Series, time_zone: str) -> timedelta:
    """Do what `utc_offset` does, for the first of these times: Python has no year 10,000."""
    first = pl.concat([times.drop_nulls(), pl.Series([0]).cast(TIMESTAMP)]).head(1)
    try:
        there = first.dt.convert_time_zone(time_zone or "none")
    except (pl.exceptions.PolarsError, TypeError):
        raise ValueError(
            f"time_zone={time_zone!r} is no time zone. "
            "Write one such as 'UTC' or 'America/Toronto'."
        ) from None
    return (there.dt.base_utc_offset() + there.dt.dst_offset()).item()


def offset_label(name: str, offset: timedelta) -> str:
    """Return a zone's name, with its offset from UTC unless it is UTC."""
    if name == "UTC":
        return name
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    return f"{name} (UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02})"
