"""The bulks that the arguments name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from clinia_nb.bulk import BulkResult
from clinia_nb.fetch.client import Client
from clinia_nb.fetch.paths import KINDS
from clinia_nb.sandbox.samples import list_samples

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_SHOWN_FIRST = "mixed"


def find_bulks(options: argparse.Namespace, parser: argparse.ArgumentParser) -> list[BulkResult]:
    """Return the bulks that the arguments name: saved, or fetched; a sample if they name none."""
    return [read() for _, read in bulk_readers(options, parser)]


def bulk_readers(
    options: argparse.Namespace, parser: argparse.ArgumentParser
) -> list[tuple[str, Callable[[], BulkResult]]]:
    """Return the id of each bulk that the arguments name, and what reads or fetches it."""
    source_key, bulk_ids, kind = options.source_key, options.bulk_id, options.kind
    files = options.from_json
    names = "FOLDER, SOURCE_KEY" if "folder" in options else "SOURCE_KEY"
    if files and len(files) != len(bulk_ids):
        parser.error(f"{options.command} needs {names}, and one BULK_ID for each --from-json")
    if not bulk_ids:
        if not options.sandbox or source_key is not None:
            parser.error(f"{options.command} needs {names} and BULK_ID; a sample: --sandbox")
        sample = next(s for s in list_samples() if s.name == _SHOWN_FIRST)
        source_key, bulk_ids, kind = sample.source_key, [sample.bulk_id], sample.kind
    kind = kind or KINDS[0]
    if files:
        read = partial(BulkResult.from_json, source_key=source_key, kind=kind)
        pairs = zip(files, bulk_ids, strict=True)
        return [(bulk_id, partial(read, file, bulk_id=bulk_id)) for file, bulk_id in pairs]
    # A bulk compared with itself would read as an attempt that fixed nothing.
    twice = next((bulk_id for bulk_id in bulk_ids if bulk_ids.count(bulk_id) > 1), None)
    if twice is not None:
        parser.error(f"{twice} is named twice; name each bulk once")
    client = Client.sandbox() if options.sandbox else Client()
    fetch = partial(client.fetch_bulk, source_key, kind=kind)
    if options.wait:
        fetch = partial(client.wait_for_bulk, source_key, kind=kind, timeout=options.timeout)
    return [(bulk_id, partial(fetch, bulk_id)) for bulk_id in bulk_ids]
