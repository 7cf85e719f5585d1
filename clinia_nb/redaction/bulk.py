"""Redact a whole bulk."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import check_bulk
from clinia_nb.receipts.notes import UNKNOWN_FIELDS

from .redact import mask_keys
from .redact import redact as redact_receipts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinia_nb.bulk import BulkResult


_UNNAMED_FIELDS = f"{UNKNOWN_FIELDS}: their names are masked."


def redact_bulk(
    bulk: BulkResult, *, key: bytes | None = None, keep: Iterable[str] = ()
) -> BulkResult:
    """Redact everything of a bulk that is shown, for notebooks that are shared.

    Parameters
    ----------
    bulk
        It is not changed.
    key, keep
        As in `clinia_nb.redact`.

    Returns
    -------
    BulkResult
        With redacted receipts and without the body of the answer. `source_key`, `bulk_id` and
        `kind` stay; `status` is masked like the columns of keys, and so are the names of unknown
        fields.

    Raises
    ------
    ValueError, TypeError
        As in `clinia_nb.redact`.

    Examples
    --------
    >>> from clinia_nb import Client, redact_bulk
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> redact_bulk(bulk, key=bytes(16)).receipts["id"].to_list()
    ['id-qgvbtmhbnjgpqf']
    """
    check_bulk(bulk, "redact_bulk")
    key = key or secrets.token_bytes(32)
    keep = list(keep) if not isinstance(keep, str) else [keep]
    receipts = redact_receipts(bulk.receipts, key=key, keep=keep)
    return replace(without_names(bulk, key, keep), receipts=receipts, body=b"", redacted=True)


def without_names(bulk: BulkResult, key: bytes, keep: Iterable[str] = ()) -> BulkResult:
    """Mask what a bulk shows beside its receipts."""
    status = mask_keys(pl.DataFrame({"status": [bulk.status]}), key=key, keep=keep).item()
    notes = tuple(
        # Other notes hold names of columns and numbers only.
        _UNNAMED_FIELDS if note.startswith(UNKNOWN_FIELDS) else note
        for note in bulk.notes
    )
    return replace(bulk, status=status, notes=notes)
