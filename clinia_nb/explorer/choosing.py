"""The form to choose a bulk: which bulks are offered, and its sections of HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clinia_nb.display import formats, tokens
from clinia_nb.display.html import render
from clinia_nb.fetch.paths import KINDS
from clinia_nb.receipts.ksuid import ksuid_time
from clinia_nb.sandbox.samples import list_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.bulk import BulkResult
    from clinia_nb.fetch.client import Client

    from .history import Entry, History
    from .loader import State

_EARLIEST = datetime(2017, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Offer:
    """A bulk to choose, with what is known of it: title, time of submission, outcome.

    `day` (UTC) is where an archive holds it.
    """

    source_key: str
    kind: str
    bulk_id: str
    title: str = ""
    outcome: str = ""
    tone: str = "other"
    day: str = ""
    archived: bool = False

    @property
    def submitted(self) -> datetime | None:
        """When it was submitted, decoded from its id; None if the id has no time."""
        submitted = ksuid_time(self.bulk_id.removeprefix("bk_"))
        # Ids may be chosen freely: one that decodes to another age was not generated.
        return submitted if submitted is not None and submitted > _EARLIEST else None


def offers(
    client: Client | None, history: History, source_key: str, archived: Sequence[Offer] = ()
) -> list[Offer]:
    """Return the bulks to choose from: loaded ones, those of an archive, then samples.

    Those of the source come first. A bulk that an archive holds is offered from there.
    """
    if client is None:
        return _of_source_first(archived, source_key)
    samples = {s.bulk_id: s for s in list_samples()} if client.is_sandbox else {}
    known = [
        _loaded(entry, samples[entry.bulk_id].title if entry.bulk_id in samples else "")
        for entry in history.of(client.workspace)
    ]
    kept = {(offer.source_key, offer.bulk_id) for offer in archived}
    known = [offer for offer in known if (offer.source_key, offer.bulk_id) not in kept]
    known += archived
    seen = {offer.bulk_id for offer in known}
    known += [
        Offer(s.source_key, s.kind, s.bulk_id, s.title)
        for s in samples.values()
        if s.bulk_id not in seen
    ]
    return _of_source_first(known, source_key)


def _of_source_first(found: Sequence[Offer], source_key: str) -> list[Offer]:
    return sorted(found, key=lambda offer: offer.source_key != source_key)


def _loaded(entry: Entry, title: str) -> Offer:
    outcome = ""
    if entry.status:
        failed = f"{formats.count(entry.failed)} of {formats.count(entry.receipts)} failed"
        outcome = f"{entry.status}, {failed}"
    tone = tokens.STATUS_OUTCOMES.get(entry.status, "other")
    return Offer(entry.source_key, entry.kind, entry.bulk_id, title, outcome, tone)


def _is_foreign(client: Client | None, bulk: BulkResult | None) -> bool:
    """Whether a bulk was passed to an explorer that can only ask for samples."""
    if client is None or not client.is_sandbox or bulk is None:
        return False
    return (bulk.source_key, bulk.bulk_id) not in {
        (s.source_key, s.bulk_id) for s in list_samples()
    }


def form_sections(  # noqa: PLR0913 - all but the first three by name
    client: Client | None,
    state: State,
    offered: list[Offer],
    *,
    prefix: str,
    loaded: BulkResult | None,
    stale: bool,
    archive: bool = False,
) -> dict[str, str]:
    """Render the sections of the form, by name."""
    given = {
        "prefix": prefix,
        "kinds": KINDS,
        "connected": client is not None,
        "workspace": client.workspace if client else None,
        "sandbox": client is not None and client.is_sandbox,
        "foreign": not stale and _is_foreign(client, loaded),
        "sources": state.sources,
        "offers": offered,
        "chosen": state,
        "busy": state.busy,
        "progress": state.progress,
        "fraction": state.fraction,
        "error": state.error,
        "loaded": loaded is not None,
        "loaded_id": loaded.bulk_id if loaded else "",
        "current": loaded is not None and not stale,
        "stale": stale,
        "archive": archive,
        "pending": loaded is not None and loaded.status == "PENDING",
    }
    return {
        name: render(f"explorer/templates/{name}.html.jinja", **given)
        for name in ("banner", "choose", "lists", "progress")
    }
