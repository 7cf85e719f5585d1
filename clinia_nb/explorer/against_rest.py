"""What sets selected receipts apart from the rest of their bulk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.analysis.contrast import contrast_failures, lead_filter
from clinia_nb.display import formats
from clinia_nb.receipts.fields import SCHEMA

if TYPE_CHECKING:
    from .selection import Selection

_MOST = 4
_MEMBER = "__member"
# What says how receipts failed, and its name in words: an error would make a receipt a failed one.
_ERRORS = {"error_type": "error type", "signature": "signature"}
_ATTRIBUTES = ("type", "target_type", "action", "pipeline_definition_id", "id", "received_at")
_FEWEST = 5


@dataclass(frozen=True)
class Difference:
    """A condition that the selected receipts meet more often than the rest."""

    condition: str
    inside: int
    outside: int
    selected: int
    rest: int

    @property
    def words(self) -> str:
        """The condition with its counts on both sides."""
        return (
            f"{formats.clip(self.condition, 160)}: {formats.count(self.inside)} of "
            f"{formats.count(self.selected)} selected receipts "
            f"({formats.percent(self.inside / self.selected)}), "
            f"{formats.percent(self.outside / self.rest)} of the rest"
        )


@dataclass(frozen=True)
class Against:
    """The selected receipts against the rest of the bulk.

    `selected` and `rest` are numbers of receipts, `failed` and `failed_rest` those that failed.
    """

    selected: int
    failed: int
    rest: int
    failed_rest: int
    differences: tuple[Difference, ...]

    @property
    def rates(self) -> str:
        """The failure rates of both sides, in words; empty if a side has no receipts."""
        if not self.selected or not self.rest:
            return ""
        return (
            f"{formats.percent(self.failed / self.selected)} of the selected receipts failed, "
            f"{formats.percent(self.failed_rest / self.rest)} of the other "
            f"{formats.count(self.rest)}."
        )


def compare_with_rest(table: pl.DataFrame, selection: Selection, member: pl.Series) -> Against:
    """Compare the rows of a table that are members of a selection with the others.

    Searched are the attributes that `contrast_failures` tests, columns of the caller's own among
    them, and how receipts failed, among those that failed; columns that the selection is made by
    are left out, because they differ by its definition.
    """
    marked = table.with_columns(member.alias(_MEMBER))
    failed = pl.col("outcome") == "failed"
    counts = marked.select(
        selected=pl.col(_MEMBER).sum(),
        failed=(pl.col(_MEMBER) & failed).sum(),
        rest=(~pl.col(_MEMBER)).sum(),
        failed_rest=(~pl.col(_MEMBER) & failed).sum(),
    ).row(0, named=True)
    found: tuple[Difference, ...] = ()
    if counts["selected"] >= _FEWEST and counts["rest"]:
        found = _differences(marked, _tested(table, selection), counts)
    return Against(**counts, differences=found)


def _tested(table: pl.DataFrame, selection: Selection) -> list[str]:
    by = {pick.column for pick in selection.picks}
    if selection.begins:
        by.add("received_at")
    if selection.text:
        by.add("id")
    if selection.parts_of_failures:
        by |= set(_ERRORS)
    own = [name for name in table.columns if name not in {*SCHEMA, *_ERRORS, "outcome"}]
    names = [name for name in (*_ATTRIBUTES, *_ERRORS) if name in table.columns]
    return [name for name in (*names, *own) if name not in by]


def _differences(
    marked: pl.DataFrame, tested: list[str], counts: dict[str, int]
) -> tuple[Difference, ...]:
    """Return what sets members apart, the best evidence first.

    How receipts failed is compared among those that failed: that more of them failed at all is the
    rate, which is known.
    """
    attributes = [name for name in tested if name not in _ERRORS]
    errors = [words for name, words in _ERRORS.items() if name in tested]
    marked = marked.with_columns(
        pl.col(name).alias(_ERRORS[name]) for name in tested if name in _ERRORS
    )
    failed = marked.filter(pl.col("outcome") == "failed")
    leads = pl.concat([_leads(marked, attributes), _leads(failed, errors, attributes=errors)])
    if leads.is_empty():
        return ()
    leads = leads.sort("evidence", descending=True, maintain_order=True)
    meets = [lead_filter(leads[number : number + 1]) for number in range(leads.height)]
    member = pl.col(_MEMBER)
    inside = marked.select((meet & member).sum().alias(str(n)) for n, meet in enumerate(meets))
    outside = marked.select((meet & ~member).sum().alias(str(n)) for n, meet in enumerate(meets))
    found = (
        Difference(condition, here, there, counts["selected"], counts["rest"])
        for condition, here, there in zip(
            leads["condition"], inside.row(0), outside.row(0), strict=True
        )
    )
    more = [one for one in found if one.inside * one.rest > one.outside * one.selected]
    return tuple(more[:_MOST])


def _leads(
    marked: pl.DataFrame, columns: list[str], *, attributes: list[str] | None = None
) -> pl.DataFrame:
    # Members of the selection take the place of failures.
    status = pl.when(_MEMBER).then(pl.lit("FAILURE")).otherwise(pl.lit("SUCCESS"))
    frame = marked.select(*columns, status=status)
    return contrast_failures(frame, attributes=attributes).head(_MOST)
