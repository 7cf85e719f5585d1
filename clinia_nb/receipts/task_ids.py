"""Ids of tasks: those of bulks, and the bulk that receipts name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_BULK_ID = re.compile(r"(bk_)?[0-9a-zA-Z]{27}", re.ASCII)
# From Clinia's documentation of task ids.
OTHER_TASKS = {"s_": "single task", "bd_": "bundle", "pg_": "purge", "purge:": "purge"}


def same_bulk(one: str, other: str) -> bool:
    """Return whether two ids name the same bulk: the prefix ``bk_`` used to be optional.

    >>> same_bulk("bk_2wil2vg5uqi08x1aet097gLW8DO", "2wil2vg5uqi08x1aet097gLW8DO")
    True
    """
    return one.removeprefix("bk_") == other.removeprefix("bk_")


def is_bulk_id(text: str) -> bool:
    """Return whether a text has the form of a generated bulk id, with or without ``bk_``.

    >>> is_bulk_id("bk_2wil2vg5uqi08x1aet097gLW8DO"), is_bulk_id("<string>"), is_bulk_id("s_1")
    (True, False, False)
    """
    return _BULK_ID.fullmatch(text) is not None


def is_other_task(task_id: str) -> bool:
    """Return whether an id is that of a task which is not a bulk, such as a bundle."""
    return task_id.startswith(tuple(OTHER_TASKS))


def another_bulk(receipts: pl.DataFrame, bulk_id: str) -> str:
    """Return the id of another bulk that the receipts name; empty if there is none.

    Receipts whose ``taskId`` does not have the form of a bulk id, as in Clinia's documentation,
    prove nothing.
    """
    if is_other_task(bulk_id):
        return ""
    named = receipts["task_id"].drop_nulls().unique().to_list()
    return min((it for it in named if is_bulk_id(it) and not same_bulk(it, bulk_id)), default="")
