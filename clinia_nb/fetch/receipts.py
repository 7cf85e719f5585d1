"""The receipts of a bulk in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .client import Client

if TYPE_CHECKING:
    import polars as pl


def fetch_receipts(
    source_key: str,
    bulk_id: str,
    *,
    kind: str = "relationships",
    client: Client | None = None,
) -> pl.DataFrame:
    """Fetch the receipts of a bulk, with a client from the environment.

    Parameters and errors are those of `Client.fetch_bulk`; the frame is that of `parse_receipts`.

    Examples
    --------
    >>> task = "bk_2wil2vg5uqi08x1aet097gLW8DP"
    >>> receipts = fetch_receipts("docs-example", task, client=Client.sandbox())
    >>> receipts["error_type"].to_list()
    ['ALREADY_EXISTS']
    """
    return (client or Client()).fetch_bulk(source_key, bulk_id, kind=kind).receipts
