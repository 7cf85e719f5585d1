"""When the failures of each group came, and the search for where they crowd.

Reading and searching take long, so leads and onsets of the same groups share them.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from clinia_nb.receipts.columns import DURATION, Receipts, lazy_with, timestamp
from clinia_nb.receipts.outcome import outcome
from clinia_nb.signatures.sign import with_signatures

from ._bursts import Search, points_of, search_bursts
from ._clumps import GROUP

# Inner names, which no column of a receipt has: a caller may group by any column that is used here.
AT = "__at"
_FAILED, _TIME, _DURATION, _RECORD = "__failed", "__time", "__duration", "__record"
_ROW = "__row"


class Crowding(NamedTuple):
    """The failures of each group in time.

    Attributes
    ----------
    groups
        A row per group with failures, most first: `GROUP`, its number, the keys, ``failures``,
        ``untimed``, ``first_seen``, ``last_seen``, `AT` (the places of its timed failures) and
        ``repeats`` (how often each record failed, on average).
    times, durations
        Of all timed receipts that ended, in order of time.
    points
        As `points_of` returns them.
    search
        As `search_bursts` returns it.
    places
        Of each receipt that ended, in the order of the bulk: how many were received before it.
    """

    groups: pl.DataFrame
    times: pl.Series
    durations: pl.Series
    points: pl.DataFrame
    search: Search
    places: pl.Series


def crowding_of(receipts: Receipts, keys: list[str]) -> Crowding:
    """Return when the failures of each group came; ``signature`` is added if missing."""
    made = [] if "signature" not in keys else ["signature"]
    needed = [*(key for key in keys if key not in made), "status", "received_at", "duration"]
    lazy, available = lazy_with(receipts, needed)
    became = outcome(available)
    record = pl.lit(None, pl.UInt64)
    if "id" in available:  # as a number: a million texts take long to move
        record = pl.when(pl.col("id").is_not_null()).then(pl.col("id").hash())
    rows = (
        (with_signatures(lazy).lazy() if made else lazy)
        .filter(~became.is_in(["pending", "cancelled"]))
        .select(
            *keys,
            timestamp("received_at").alias(_TIME),
            pl.col("duration").cast(DURATION).alias(_DURATION),
            (became == "failed").alias(_FAILED),
            record.alias(_RECORD),
        )
        .with_row_index(_ROW)
        .sort(_TIME, nulls_last=True)  # what has the same time is taken together, in any order
        .with_row_index(AT)
        .collect()
    )
    timed = rows.filter(pl.col(_TIME).is_not_null())
    places = places_in_time(timed[_TIME], timed[_ROW], rows.height)
    groups = _groups(rows, keys)
    hits = groups.select(GROUP, at=AT).explode("at").drop_nulls()
    points = points_of(hits, timed[_TIME], timed[_FAILED])
    return Crowding(groups, timed[_TIME], timed[_DURATION], points, search_bursts(points), places)


def places_in_time(times: pl.Series, rows: pl.Series, height: int) -> pl.Series:
    """Return how many times are before that of each row; null for a row without a time.

    Parameters
    ----------
    times
        The times that there are, sorted.
    rows
        Of which row each is.
    height
        How many rows there are.

    Examples
    --------
    >>> places_in_time(pl.Series([3, 7, 7, 9]), pl.Series([4, 0, 2, 1]), 5).to_list()
    [1, 3, 1, None, 0]
    """
    alike = times.rle().struct.field("len").cast(pl.Int64)
    places = (alike.cum_sum() - alike).gather(times.rle_id())
    return pl.repeat(None, height, dtype=pl.Int64, eager=True).scatter(rows, places)


def _groups(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    timed = pl.col(_TIME).is_not_null()
    return (
        rows.filter(_FAILED)
        .group_by(keys or _FAILED)
        .agg(
            pl.len().cast(pl.UInt32).alias("failures"),
            (~timed).sum().cast(pl.UInt32).alias("untimed"),
            pl.col(_TIME).min().alias("first_seen"),
            pl.col(_TIME).max().alias("last_seen"),
            pl.col(AT).filter(timed),
            repeats=pl.when(pl.col(_RECORD).count() > 0).then(
                pl.col(_RECORD).count() / pl.col(_RECORD).drop_nulls().n_unique()
            ),
        )
        .sort(
            "failures",
            "first_seen",
            *keys,
            descending=[True, False, *(False for _ in keys)],
            nulls_last=True,
        )
        .with_row_index(GROUP)
    )
