"""Filters by a value of a problem: the column that stands for one place of a signature."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.analysis.values import with_values
from clinia_nb.display import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGINS = "value:"


@dataclass(frozen=True)
class ValueColumn:
    """One place of a signature, as the name of a column that a selection can pick from.

    Examples
    --------
    >>> column = ValueColumn("no ward <name>", 0)
    >>> ValueColumn.read(column.name) == column
    True
    >>> ValueColumn.read("error_type")
    """

    signature: str
    place: int | str

    @property
    def name(self) -> str:
        """The column's name in a selection."""
        return _BEGINS + json.dumps([self.signature, self.place], ensure_ascii=False)

    @classmethod
    def read(cls, name: str) -> ValueColumn | None:
        """Return what a column's name stands for; None if it is another column."""
        if not name.startswith(_BEGINS):
            return None
        try:
            signature, place = json.loads(name.removeprefix(_BEGINS))
        except (ValueError, TypeError, RecursionError):
            return None
        valid = isinstance(signature, str) and type(place) in {int, str}
        return cls(signature, place) if valid else None

    def values_of(self, receipts: pl.DataFrame) -> pl.Series:
        """Return what each receipt has at the place (List of String), named as the column."""
        added = with_values(receipts, signature=self.signature, place=self.place, name=self.name)
        return added[self.name]

    def test(self, values: Sequence[str], name: str | None = None) -> pl.Expr:
        """Return the filter for receipts that have one of these values. Never null."""
        column = pl.col(name or self.name)
        hits = [column.list.contains(pl.lit(value)) for value in values]
        return pl.any_horizontal(pl.lit(value=False), *hits).fill_null(value=False)

    def code(self, values: Sequence[str], name: str) -> tuple[str, str]:
        """Return the line of code that adds the column to ``selected``, and the filter."""
        adding = (
            f"selected = cnb.with_values(selected, signature={self.signature!r}, "
            f"place={self.place!r}, name={name!r})"
        )
        hits = [f"pl.col({name!r}).list.contains({value!r})" for value in values]
        return adding, f"pl.any_horizontal({', '.join(hits)}).fill_null(False)"

    def words(self, values: Sequence[str]) -> str:
        """Return the filter as a person would say it."""
        place = self.place if isinstance(self.place, str) else "value"
        named = " or ".join(formats.clip(value, 80) or "(empty)" for value in values)
        return f"{place} {named} in “{formats.clip(self.signature, 60)}”"
