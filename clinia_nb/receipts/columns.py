"""Column checks and dtypes that every summary shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.errors import ColumnClashError, MissingColumnError

from .fields import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


TIMESTAMP, DURATION = SCHEMA["received_at"], SCHEMA["duration"]


def lazy_with(
    receipts: pl.DataFrame | pl.LazyFrame, needed: Iterable[str]
) -> tuple[pl.LazyFrame, list[str]]:
    """Give the frame as a lazy one, and its column names, once all `needed` columns are there.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame.

    Examples
    --------
    >>> lazy_with(pl.DataFrame({"status": ["SUCCESS"]}), ["status"])[1]
    ['status']
    """
    lazy = receipts.lazy()
    available = lazy.collect_schema().names()
    missing = [name for name in dict.fromkeys(needed) if name not in available]
    if missing:
        raise MissingColumnError(missing, available)
    return lazy, available


def group_columns(by: str | Sequence[str] | None, *, outputs: Collection[str]) -> list[str]:
    """Give the columns to group by as a list without repetitions.

    Parameters
    ----------
    by
        One column, several, or None for no groups.
    outputs
        The columns that the answer adds: none of them can be grouped by.

    Raises
    ------
    ColumnClashError
        A column of `by` has the name of a column of the answer.

    Examples
    --------
    >>> group_columns(["type", "action", "type"], outputs=["failures"])
    ['type', 'action']
    """
    names = [by] if isinstance(by, str) else list(dict.fromkeys(by or ()))
    clash = [name for name in names if name in outputs]
    if clash:
        raise ColumnClashError(
            f"Cannot group by {', '.join(map(repr, clash))}: the answer has a column of that name. "
            "Rename it first, with `receipts.rename({…})`."
        )
    return names


def aggregate(frame: pl.DataFrame, keys: Sequence[str], aggregates: list[pl.Expr]) -> pl.DataFrame:
    """Aggregate per group, or over everything, in one row, where there are no keys."""
    return frame.group_by(keys).agg(aggregates) if keys else frame.select(aggregates)


def timestamp(name: str) -> pl.Expr:
    """Give a column of times in UTC and microseconds. Times without a zone are taken as UTC."""
    return pl.col(name).cast(TIMESTAMP)
