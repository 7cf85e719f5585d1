"""The time axis of a chart: round intervals, in the reader's time zone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import altair as alt
import polars as pl

from clinia_nb.analysis.intervals import choose_interval, interval_of, parse_interval
from clinia_nb.display.times import Zone
from clinia_nb.errors import IntervalError
from clinia_nb.receipts.columns import Receipts, lazy_with, timestamp

from ._theme import FEW_TICKS, data, described, round_step

MOST_DRAWN = 200
_FEWEST = 24
_MS = 1_000
_SECOND, _MINUTE, _DAY = 1_000, 60_000, 86_400_000
_FINE = 5 * _SECOND  # a shorter axis shows milliseconds


@dataclass(frozen=True)
class Timeline:
    """The times of a chart: from when to when, in which intervals, and in which zone.

    A chart holds times in milliseconds. In a zone other than UTC, all are shifted by the offset of
    that zone when the load began, so that no hour is shown twice or left out.
    """

    every: str
    step: float
    first: float | None
    last: float | None
    shift: float
    zone: str

    @classmethod
    def of(
        cls,
        receipts: Receipts,
        *names: str,
        every: str | None,
        time_zone: str,
    ) -> Timeline:
        """Read the first and the last of the named times, and choose or check the interval.

        Raises
        ------
        IntervalError
            `every` is not a valid interval, or gives more intervals than can be drawn.
        ValueError
            There is no such time zone.
        """
        lazy, _ = lazy_with(receipts, names)
        ends = lazy.select(
            pl.concat_list(timestamp(name).min(), timestamp(name).max()).alias(name)
            for name in names
        ).collect()
        known = pl.concat([ends[name].explode() for name in names]).drop_nulls().sort()
        chosen = interval_of(every, known)
        step = parse_interval(chosen)[1] / _MS
        begin = known.head(1)
        reader = Zone(time_zone)
        moment = _moment(begin)
        if begin.is_empty():
            return cls(chosen, step, None, None, 0, reader.label(moment))
        first = begin.dt.truncate(chosen).dt.epoch("us").item() / _MS
        last = known.tail(1).dt.truncate(chosen).dt.epoch("us").item() / _MS + step
        if every is not None and last - first > MOST_DRAWN * step:
            raise IntervalError(
                f"every={every!r} makes {(last - first) / step:,.0f} intervals, more than the "
                f"{MOST_DRAWN} that a chart can show. Use a longer one, such as "
                f"{choose_interval(known[0], known[-1])!r}, or leave it out."
            )
        return cls(
            chosen,
            step,
            first,
            last,
            reader.offset(moment).total_seconds() * _MS,
            reader.label(moment),
        )

    def ms(self, name: str) -> pl.Expr:
        """Return a column of times as the chart holds them."""
        return (pl.col(name).dt.epoch("us") / _MS + self.shift).alias(name)

    def axis(self, field: str = "begins") -> alt.X:
        """Return the axis: the same in every chart of the same receipts."""
        if self.first is None or self.last is None:
            return alt.X(f"{field}:T", title=self.zone, scale=alt.Scale(type="utc"))
        # A single moment is not drawn as wide as the chart.
        more = max(0.0, _FEWEST - (self.last - self.first) / self.step) // 2 * self.step
        first, last = self.first + self.shift - more, self.last + self.shift + more
        title, pattern = self._title_and_format(first, last)
        return alt.X(
            f"{field}:T",
            title=title,
            scale=alt.Scale(type="utc", domain=[first, last], nice=False, padding=0),
            axis=alt.Axis(
                format=pattern,
                **_ticks(first, last),
                labelOverlap=True,
                labelSeparation=16,  # room for a wider font than the one it is laid out with
                ticks=True,
            ),
        )

    def _title_and_format(self, first: float, last: float) -> tuple[str, str]:
        days = [
            pl.Series([ms * _MS]).cast(pl.Int64).cast(pl.Datetime("us")) for ms in (first, last - 1)
        ]
        one, other = (day.dt.strftime("%Y-%m-%d").item() for day in days)
        if one != other:
            return self.zone, "%Y-%m-%d" if last - first > 5 * _DAY else "%m-%d %H:%M"
        span = last - first
        short = "%H:%M:%S.%L" if span < _FINE else "%H:%M:%S"
        return f"{one}, {self.zone}", short if span < 10 * _MINUTE else "%H:%M"

    def with_moments(self, chart: alt.Chart) -> alt.Chart:
        """Add when an interval begins and ends, as text; for a frame with ``begins``."""
        pattern = "%Y-%m-%d %H:%M:%S" + (".%L" if self.step < _SECOND else "")
        return chart.transform_calculate(
            ends=f"datum.begins + {self.step!r}", moment=f"utcFormat(datum.begins, '{pattern}')"
        )

    def hover(
        self, shown: pl.DataFrame, *facts: tuple[str, str] | tuple[str, str, str]
    ) -> alt.Chart:
        """Describe each interval where the pointer is over it, whatever is drawn there."""
        unseen = self.with_moments(alt.Chart(data(shown))).mark_bar(opacity=0, orient="vertical")
        return described(unseen, self.moment, *facts).encode(
            x=self.axis(), x2=alt.X2("ends:Q"), y=alt.YValue(0), y2=alt.Y2Value("height")
        )

    def words(self, begins: float) -> str:
        """Write a time of the chart in words."""
        moment = pl.Series([round(begins * _MS)]).cast(pl.Datetime("us"))
        return f"{moment.dt.strftime('%Y-%m-%d %H:%M:%S').item()} {self.zone}"

    @property
    def moment(self) -> tuple[str, str]:
        """When an interval begins, for `_theme.described`."""
        return f"From ({self.zone})", "moment"

    @property
    def length(self) -> str:
        """How long an interval is, in words."""
        for size, unit in ((_DAY, "d"), (60 * _MINUTE, "h"), (_MINUTE, "min"), (_SECOND, "s")):
            if self.step >= size:
                return f"{self.step / size:,.4g} {unit}"
        return f"{self.step:,.4g} ms"


def _ticks(first: float, last: float) -> dict[str, Any]:
    """Return where an axis has ticks."""
    if last - first >= _FINE:
        return {"tickCount": 8}
    step = int(round_step(max((last - first) / FEW_TICKS, 1)))
    # Numbers: Vega tells dates apart by their text, which ends with the seconds.
    begin = math.ceil(first / step) * step
    return {"values": alt.ExprRef(f"sequence({begin}, {math.floor(last) + 1}, {step})")}


def _moment(times: pl.Series) -> datetime | None:
    """Return the first time, within what Python's calendar holds."""
    if times.is_empty():
        return None
    latest = datetime(9999, 12, 30, tzinfo=UTC)
    return times.head(1).clip(None, latest).item()
