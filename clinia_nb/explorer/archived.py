"""What the explorer takes from an archive: the bulks in it, and which problems are new."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from clinia_nb.display import formats, tokens
from clinia_nb.errors import CliniaError

from .choosing import Offer

if TYPE_CHECKING:
    import polars as pl

    from clinia_nb.archive import Archive
    from clinia_nb.bulk import BulkResult


def archived_offers(archive: Archive) -> list[Offer]:
    """Return the bulks of an archive, the latest first."""
    latest = archive.bulks().sort("day", "submitted_at", "bulk_id", descending=True)
    return [
        Offer(
            row["source_key"],
            row["kind"],
            row["bulk_id"],
            outcome=f"{row['status']}, {formats.count(row['failed'])} of "
            f"{formats.count(row['receipts'])} failed",
            tone=tokens.STATUS_OUTCOMES.get(row["status"], "other"),
            day=row["day"].isoformat() if row["day"] else "",
            archived=True,
        )
        for row in latest.iter_rows(named=True)
    ]


async def save(archive: Archive, bulk: BulkResult) -> str:
    """Write a bulk to an archive; return in words what became of that."""
    try:
        await asyncio.to_thread(archive.save, bulk)
    except (CliniaError, OSError) as exc:
        return f"The bulk was not saved: {exc}"
    return f"Saved {bulk.bulk_id} to the archive."


def history_of(archive: Archive, bulk: BulkResult, signed: pl.DataFrame) -> pl.DataFrame | None:
    """Compare the problems of a bulk, saved or not, with the bulks of its source in an archive.

    Parameters
    ----------
    signed
        Its receipts, with the signatures of the archive's catalog. They replace saved ones.

    Returns
    -------
    pl.DataFrame or None
        As `signature_history` returns it; None if the bulk has no receipts.
    """
    if signed.is_empty():
        return None
    return archive.history(source_key=bulk.source_key, bulk_id=bulk.bulk_id, receipts=signed)
