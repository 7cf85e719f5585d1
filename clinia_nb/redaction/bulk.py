"""A bulk of which everything that is shown is redacted."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.notes import UNKNOWN_FIELDS

from .redact import mask_keys
from .redact import redact as redact_receipts

if TYPE_CHECKING:
    from clinia_nb.bulk import BulkResult


_UNNAMED_FIELDS = f"{UNKNOWN_FIELDS}: their names are masked."


def redact_bulk(bulk: BulkResult, *, key: bytes | None = None) -> BulkResult:
    """Give a bulk of which everything that shows is redacted, for notebooks that are shared.

    Parameters
    ----------
    bulk
        It stays as it is.
    key
        As in `clinia_nb.redact`.

    Returns
    -------
    BulkResult
        With redacted receipts, and without the bytes that it came in. `source_key`, `bulk_id` and
        `kind` stay; a status that does not read as a key, and the names of unknown fields, are
        masked.
    """
    key = key or secrets.token_bytes(32)
    receipts = redact_receipts(bulk.receipts, key=key)
    return replace(without_names(bulk, key), receipts=receipts, body=b"")


def without_names(bulk: BulkResult, key: bytes) -> BulkResult:
    """Mask what a bulk says beside its receipts, where it is not of known words."""
    status = mask_keys(pl.DataFrame({"status": [bulk.status]}), key=key).item()
    notes = tuple(
        # Others are of names of columns, and of figures.
        _UNNAMED_FIELDS if note.startswith(UNKNOWN_FIELDS) else note
        for note in bulk.notes
    )
    return replace(bulk, status=status, notes=notes)
