"""Is it new? What problems a bulk shares with the bulks before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.errors import CliniaError
from clinia_nb.receipts.columns import TIMESTAMP, lazy_with, timestamp
from clinia_nb.receipts.outcome import failed
from clinia_nb.signatures import with_signatures

from ._engines import RECEIVED, Elsewhere, elsewhere

if TYPE_CHECKING:
    from clinia_nb.receipts.columns import Receipts

STATES = ("new", "back again", "known", "gone")
_BULK = ("source_key", "bulk_id")
_PROBLEM = ("signature", "error_type")
_ABSENT = 3  # bulks in a row without a problem, after which it counts as back again
_COLUMNS = (
    *(*_PROBLEM, "state", "bulks", "failures", "failures_per_bulk"),
    *("first_bulk", "last_bulk", "first_seen", "last_seen", "note"),
)


def signature_history(
    receipts: Receipts, *, bulk_id: str | None = None, notes: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Follow each problem through the bulks of a source, and compare one bulk with those before it.

    Parameters
    ----------
    receipts
        Receipts of many bulks, such as `Archive.scan` returns; on any engine. `source_key`,
        `bulk_id`, `status`, `received_at` and `error_type` are needed, and `signature`, which
        polars frames get here if they have none: all bulks are then signed together.
    bulk_id
        The bulk in question; by default the one whose first receipt came last. Only bulks of its
        source count.
    notes
        Problems that somebody has acknowledged, as `Archive.notes` returns them: ``signature``,
        ``error_type`` and ``note``. They never count as new.

    Returns
    -------
    pl.DataFrame, shape (problems, 11)
        A problem is a ``signature`` with its ``error_type`` (String). Then

        - ``state`` (Enum): ``new``, in no bulk before; ``known``; ``back again``, known, but
          absent from the three bulks before or more; ``gone``, in a bulk before, but not in this
          one;
        - ``bulks`` (UInt32), that it was seen in; ``failures`` (UInt32), in all;
        - ``failures_per_bulk`` (List of UInt32), one number per bulk of the source in order of
          time, 0 where it did not occur;
        - ``first_bulk`` and ``last_bulk`` (String), ``first_seen`` and ``last_seen`` (Datetime, µs,
          UTC) of the failed receipts; null where times are not known;
        - ``note`` (String), null where nobody has acknowledged it.

        Sorted by state, then by failures, most first. Problems that began after the bulk in
        question are left out.

    Raises
    ------
    CliniaError
        There is no such bulk in the receipts.
    MissingColumnError
        A needed column is not in the frame.

    Examples
    --------
    >>> from datetime import datetime
    >>> nights = pl.DataFrame({
    ...     "source_key": "ehr", "bulk_id": ["monday", "tuesday", "tuesday"], "status": "FAILURE",
    ...     "received_at": [datetime(2026, 3, day, 2) for day in (2, 3, 3)],
    ...     "error_type": ["NOT_FOUND", "NOT_FOUND", "INTERNAL"],
    ...     "error_message": ["no clinic '7'", "no clinic '9'", "shard is down"],
    ... })
    >>> signature_history(nights).select("signature", "state", "failures_per_bulk").rows()
    [('shard is down', 'new', [0, 1]), ('no clinic <name>', 'known', [1, 1])]
    """
    needed = [*_BULK, "status", "received_at"]
    remote = elsewhere(receipts, keys=[*_BULK, *_PROBLEM], needed=needed)
    if remote is not None:
        bulks, problems = _counted_elsewhere(remote)
    else:
        bulks, problems = _counted(receipts)
    bulks, asked = _bulks_of_the_source(bulks, bulk_id)
    seen = problems.join(bulks, on=_BULK, nulls_equal=True)
    history = _per_problem(seen, bulks.height).with_columns(_state(asked))
    return (
        _with_notes(history, notes)
        .drop_nulls("state")
        .sort("state", "failures", *_PROBLEM, descending=[False, True, False, False])
        .select(_COLUMNS)
    )


def _counted(receipts: Receipts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Count receipts per bulk, and failures per bulk and problem."""
    lazy, available = lazy_with(receipts, [*_BULK, "status", "received_at", "error_type"])
    if "signature" not in available:
        lazy = with_signatures(lazy).lazy()
    texts = [pl.col(name).cast(pl.String) for name in (*_BULK, *_PROBLEM)]
    # One query: polars holds the rows that two of them share.
    counted = (
        lazy.select(*texts, failed(available), time=timestamp("received_at"))
        .group_by(*_BULK, *_PROBLEM, "failed")
        .agg(
            pl.len().alias("failures"),
            first_seen=pl.col("time").min(),
            last_seen=pl.col("time").max(),
        )
        .collect(engine="streaming")
    )
    bulks = counted.group_by(_BULK).agg(begins=pl.col("first_seen").min())
    return bulks, counted.filter("failed").drop("failed")


def _counted_elsewhere(remote: Elsewhere) -> tuple[pl.DataFrame, pl.DataFrame]:
    import narwhals as nw

    time = nw.col(RECEIVED)
    bulks = remote.count(*_BULK, begins=time.min())
    problems = remote.failures().count(first_seen=time.min(), last_seen=time.max())
    return (
        bulks.select(*_BULK, pl.col("begins").cast(pl.Int64).cast(TIMESTAMP)),
        problems.rename({"receipts": "failures"}).with_columns(
            pl.col("first_seen", "last_seen").cast(pl.Int64).cast(TIMESTAMP)
        ),
    )


def _bulks_of_the_source(bulks: pl.DataFrame, bulk_id: str | None) -> tuple[pl.DataFrame, int]:
    """Return the bulks of the source in order of time, and the place of the one in question."""
    ordered = bulks.sort("begins", *_BULK)
    asked = ordered if bulk_id is None else ordered.filter(pl.col("bulk_id") == bulk_id)
    if asked.is_empty():
        if bulk_id is None:
            return bulks.clear().with_columns(place=pl.lit(0, pl.UInt32)), 0
        raise CliniaError(
            f"No receipts of bulk {bulk_id!r}. There are {bulks.height:,} bulks; save this one "
            "first, or name one of them."
        )
    source, of_bulk = asked.select(_BULK).row(-1)
    same = ordered.filter(pl.col("source_key").eq_missing(source)).with_row_index("place")
    return same, same.filter(pl.col("bulk_id").eq_missing(of_bulk))["place"].item()


def _per_problem(seen: pl.DataFrame, bulks: int) -> pl.DataFrame:
    every_bulk = pl.DataFrame({"place": range(bulks)}, schema={"place": pl.UInt32})
    counted = (
        seen.select(_PROBLEM)
        .unique()
        .join(every_bulk, how="cross")
        .join(seen, on=[*_PROBLEM, "place"], how="left", nulls_equal=True)
        .sort("place")
        .group_by(_PROBLEM, maintain_order=True)
        .agg(
            pl.col("failures").fill_null(0).cast(pl.UInt32).alias("failures_per_bulk"),
            pl.col("bulk_id").drop_nulls().first().alias("first_bulk"),
            pl.col("bulk_id").drop_nulls().last().alias("last_bulk"),
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
            places=pl.col("place").filter(pl.col("failures") > 0),
        )
    )
    return counted.with_columns(
        bulks=pl.col("places").list.len().cast(pl.UInt32),
        failures=pl.col("failures_per_bulk").list.sum().cast(pl.UInt32),
    )


def _state(asked: int) -> pl.Expr:
    kind = pl.Enum(STATES)
    here = pl.col("places").list.contains(asked)
    before = pl.col("places").list.eval(pl.element().filter(pl.element() < asked)).list.max()
    absent = asked - before.cast(pl.Int64) - 1
    return (
        pl.when(here & before.is_null())
        .then(pl.lit("new", kind))
        .when(here & (absent >= _ABSENT))
        .then(pl.lit("back again", kind))
        .when(here)
        .then(pl.lit("known", kind))
        .when(before.is_not_null())
        .then(pl.lit("gone", kind))
        .alias("state")
    )


def _with_notes(history: pl.DataFrame, notes: pl.DataFrame | None) -> pl.DataFrame:
    if notes is None:
        return history.with_columns(note=pl.lit(None, pl.String))
    noted = history.join(notes.select(*_PROBLEM, "note"), on=_PROBLEM, how="left", nulls_equal=True)
    acknowledged = (pl.col("state") == "new") & pl.col("note").is_not_null()
    known = pl.when(acknowledged).then(pl.lit("known", pl.Enum(STATES))).otherwise("state")
    return noted.with_columns(known.alias("state"))
