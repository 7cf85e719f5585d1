"""What became of a receipt: exactly one outcome each."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import polars.selectors as cs

from clinia_nb.errors import check_type

from .fields import ERROR_COLUMNS

OUTCOMES = ("succeeded", "failed", "cancelled", "pending", "other")


def failed(available: Collection[str] = ERROR_COLUMNS) -> pl.Expr:
    """Whether a receipt failed: its status is ``FAILURE``, or it has an error. Never null.

    Parameters
    ----------
    available
        The columns to look at; `status` is required. Error columns that the frame lacks are
        ignored.

    Examples
    --------
    >>> frame = pl.DataFrame({"status": ["FAILURE", "SUCCESS"], "error_code": [None, 404]})
    >>> frame.select(failed(frame.columns))["failed"].to_list()
    [True, True]
    """
    right = "available is a list of column names, as in receipts.filter(failed(receipts.columns))"
    check_type(available, Collection, right)
    tests = [_status("FAILURE")]
    errors = [name for name in ERROR_COLUMNS if name in available]
    tests.append(cs.by_name(errors, require_all=False).is_not_null())
    return pl.any_horizontal(tests).alias("failed")


def outcome(available: Collection[str] = ERROR_COLUMNS) -> pl.Expr:
    """Return what became of each receipt: exactly one of `OUTCOMES`, as an Enum. Never null.

    A failed receipt (see `failed`) is ``failed`` whatever its status. The others go by their
    status; one that is unknown or null is ``other``.

    Parameters
    ----------
    available
        The columns of the frame, as in `failed`.

    Examples
    --------
    >>> frame = pl.DataFrame({"status": ["SUCCESS", "FAILURE", "CANCELLED", "PENDING", "NEW"]})
    >>> frame.select(outcome(frame.columns))["outcome"].to_list()
    ['succeeded', 'failed', 'cancelled', 'pending', 'other']
    """
    kind = pl.Enum(OUTCOMES)
    return (
        pl.when(failed(available))
        .then(pl.lit("failed", dtype=kind))
        .when(_status("SUCCESS"))
        .then(pl.lit("succeeded", dtype=kind))
        .when(_status("CANCELLED"))
        .then(pl.lit("cancelled", dtype=kind))
        .when(_status("PENDING"))
        .then(pl.lit("pending", dtype=kind))
        .otherwise(pl.lit("other", dtype=kind))
        .alias("outcome")
    )


def _status(value: str) -> pl.Expr:
    status = cs.by_name("status")
    # As text, which takes ten times as long: an Enum of the caller's may not know the value.
    found = status & cs.categorical(), (status - cs.categorical()).cast(pl.String)
    return pl.any_horizontal(column.eq_missing(pl.lit(value)) for column in found)
