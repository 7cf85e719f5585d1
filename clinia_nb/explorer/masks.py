"""Which rows of a table pass a selection."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from .selection import Selection
    from .value_pick import ValueColumn

_MOST_KEPT = 100  # a bit per row each


class Masks:
    """The rows of a table that pass selections: what one part of them passes is tested once.

    All sections of a tab filter by the same parts, and a search reads every text. Safe to use from
    several threads.
    """

    def __init__(self, table: pl.DataFrame) -> None:
        self._table = table
        self._kept: dict[Selection, pl.Series] = {}
        self._values: dict[str, pl.Series] = {}
        self._lock = Lock()

    def of(self, selection: Selection) -> pl.Series:
        """Return for each row whether it is selected."""
        selected = pl.repeat(value=True, n=self._table.height, eager=True)
        for part in selection.parts:
            selected &= self._passing(part)
        return selected

    def _passing(self, part: Selection) -> pl.Series:
        with self._lock:
            if part not in self._kept:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                values = [self._values_at(pick.of_value) for pick in part.picks if pick.of_value]
                rows = self._table.with_columns(values)
                self._kept[part] = rows.select(pl.all_horizontal(part.tests)).to_series()
            return self._kept[part]

    def _values_at(self, place: ValueColumn) -> pl.Series:
        found = self._values.get(place.name)
        if found is None:
            found = self._values[place.name] = place.values_of(self._table)
        return found
