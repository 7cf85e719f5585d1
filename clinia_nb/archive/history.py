"""The problems of a bulk, saved or not, compared with the bulks of an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from clinia_nb.analysis import signature_history

from .bulk_file import scan_files
from .layout import SCANNED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .layout import Kept


class Asked(NamedTuple):
    """The bulk in question, by its ids if they are known, and its receipts if it is not saved."""

    source_key: str | None
    bulk_id: str | None
    receipts: pl.DataFrame | None


def history_of(
    folder: Path, kept: Sequence[Kept], asked: Asked, notes: pl.DataFrame
) -> pl.DataFrame:
    """Return what `Archive.history` returns."""
    source_key, bulk_id, receipts = asked
    same = [k for k in kept if k.footer.bulk_id == bulk_id]
    if source_key is None and len(sources := {k.footer.source_key for k in same}) == 1:
        (source_key,) = sources
    if source_key is not None:  # other sources need not be read
        kept = [k for k in kept if k.footer.source_key == source_key]
        same = [k for k in same if k.footer.source_key == source_key]
    if receipts is not None:
        kept = [k for k in kept if k not in same]
    elif same and not any(k.footer.receipts for k in same):
        return signature_history(pl.DataFrame(schema=SCANNED), notes=notes)
    scanned = scan_files(folder, [k.path for k in kept])
    if receipts is not None:
        columns = [
            pl.col(name).cast(dtype) for name, dtype in SCANNED.items() if name in receipts.columns
        ]
        # The ids of the answer may be missing in its receipts.
        ids = {"source_key": source_key, "bulk_id": bulk_id}
        here = (
            receipts.lazy()
            .select(columns)
            .with_columns(pl.lit(value, pl.String()).alias(name) for name, value in ids.items())
        )
        scanned = pl.concat([scanned, here], how="diagonal")
    return signature_history(scanned, bulk_id=bulk_id, notes=notes)
