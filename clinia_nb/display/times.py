"""Time zones: which exist, and how times are shown, typed and read in one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from difflib import get_close_matches
from functools import cache, cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from datetime import tzinfo

_OFFSET = re.compile(r"(?:UTC|GMT)?([+\-−])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_FARTHEST = timedelta(hours=14)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Zone:
    """A time zone: a name such as ``"America/Toronto"`` or ``"utc"``, or an offset as ``"+02:00"``.

    Raises
    ------
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> toronto = Zone("America/Toronto")
    >>> moment = datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC)
    >>> toronto.moment(moment)
    '2025-05-06 07:47:51 EDT'
    >>> toronto.read(toronto.field(moment)) == moment
    True
    >>> Zone("utc").name, Zone("+2").name, Zone("+2").moment(moment)
    ('UTC', '+02:00', '2025-05-06 13:47:51 UTC+02:00')
    """

    name: str = "UTC"

    def __post_init__(self) -> None:
        """Replace the name by the one that the zone is listed under."""
        object.__setattr__(self, "name", _known_name(self.name))

    @cached_property
    def _info(self) -> tzinfo:
        offset = _fixed_offset(self.name)
        return ZoneInfo(self.name) if offset is None else timezone(offset)

    def there(self, moment: datetime) -> datetime:
        """Return the same moment in this zone; unchanged at the ends of the calendar."""
        try:
            return moment.astimezone(self._info)
        except OverflowError:
            return moment

    def offset(self, moment: datetime | None) -> timedelta:
        """Return how far the zone is ahead of UTC at a moment; without one, in 1970."""
        return self.there(moment or _EPOCH).utcoffset() or timedelta()

    def field(self, moment: datetime | None) -> str:
        """Write a moment as a form field takes it: to the millisecond, without a zone."""
        if moment is None:
            return ""
        return self.there(moment).replace(tzinfo=None).isoformat(" ", timespec="milliseconds")

    def read(self, field: str) -> datetime:
        """Read what `field` wrote, or a person typed. If an hour occurs twice, the first is meant.

        A time with an offset of its own, such as ``2025-05-06T11:47:51Z``, means that moment.

        Raises
        ------
        ValueError
            The text is not a valid time.
        """
        typed = datetime.fromisoformat(field.strip())
        return (typed if typed.tzinfo else typed.replace(tzinfo=self._info)).astimezone(UTC)

    def moment(self, moment: datetime, *, milliseconds: bool = False) -> str:
        """Write a moment to the second, or to the millisecond, with the name of the zone."""
        clock = self.clock(moment, milliseconds=milliseconds)
        return f"{self.day(moment)} {clock} {self.called(moment)}"

    def stretch(self, begins: datetime, ends: datetime) -> str:
        """Write a time range; the day, and the zone's name, once if they are the same.

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
        return self.there(moment).date().isoformat()

    def clock(self, moment: datetime, *, milliseconds: bool = False) -> str:
        """Write the time of day, with 24 hours."""
        return self.there(moment).time().isoformat("milliseconds" if milliseconds else "seconds")

    def called(self, *moments: datetime) -> str:
        """Return the short names of the zone at moments, each once; without moments, its name.

        >>> Zone("America/Toronto").called(*(datetime(2025, n, 1, tzinfo=UTC) for n in (7, 12, 7)))
        'EDT, EST'
        >>> Zone("Asia/Kathmandu").called(datetime(2025, 7, 1, tzinfo=UTC))
        'UTC+05:45'
        """
        return ", ".join(dict.fromkeys(map(self._short_name, moments))) or self.name

    def _short_name(self, moment: datetime) -> str:
        name = f"{self.there(moment):%Z}"
        # Zones without a short name of their own have their offset in its place.
        return _offset_name(self.offset(moment)) if name[:1] in {"+", "-"} else name

    def label(self, moment: datetime | None) -> str:
        """Return the short name at a moment with the offset from UTC, for the axis of a chart.

        >>> moment = datetime(2025, 7, 1, tzinfo=UTC)
        >>> Zone("Europe/Paris").label(moment), Zone("+02:00").label(moment), Zone().label(None)
        ('CEST (UTC+02:00)', 'UTC+02:00', 'UTC')
        """
        moment = moment or _EPOCH
        name = self.called(moment)
        return name if name.startswith("UTC") else f"{name} ({_offset_name(self.offset(moment))})"


def utc_offset(moment: datetime | None, time_zone: str) -> timedelta:
    """Return how far a zone is ahead of UTC at a moment: what charts in it add to all times.

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
    return Zone(time_zone).offset(moment)


def _offset_name(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"UTC{'−' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _fixed_offset(name: str) -> timedelta | None:
    found = _OFFSET.fullmatch(name)
    if not found:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return offset if found[1] == "+" else -offset


@cache
def _known_name(name: str) -> str:
    """Check the name of a zone, whatever its case, and return it as it is listed."""
    given = name.strip() if isinstance(name, str) else ""  # pyright: ignore[reportUnnecessaryIsInstance]
    offset = _fixed_offset(given)
    if given.casefold() in {"utc", "z"} or offset == timedelta():
        return "UTC"
    if offset is not None and abs(offset) <= _FARTHEST:
        return _offset_name(offset).removeprefix("UTC").replace("−", "-")
    listed = _listed_zones()
    if given.casefold() in listed:
        return listed[given.casefold()]
    near = get_close_matches(given.casefold(), listed, n=1)
    meant = f" Did you mean {listed[near[0]]!r}?" if near else ""
    raise ValueError(
        f"time_zone={name!r} is not a known time zone.{meant} "
        "Use a name such as 'UTC' or 'America/Toronto', or an offset such as '+02:00'."
    )


@cache
def _listed_zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
