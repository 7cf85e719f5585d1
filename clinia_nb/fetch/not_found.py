"""What to check first when Clinia does not find a bulk, judging by the request."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from clinia_nb.receipts.ksuid import ksuid_time
from clinia_nb.receipts.task_ids import is_bulk_id

if TYPE_CHECKING:
    from datetime import datetime

_SWAPPED = "The arguments look swapped: the source key comes first, then the bulk id."
_LENGTH = len("2wil2vg5uqi08x1aet097gLW8DO")


def likely_mistake(  # noqa: PLR0911, PLR0913 - one return per mistake; the request
    source_key: str, bulk_id: str, kind: str, *, workspace: str, message: str, now: datetime
) -> str:
    """Return a sentence on the most likely mistake in a request that was answered with 404.

    Parameters
    ----------
    source_key, bulk_id, kind, workspace
        What was asked for, and where.
    message
        Clinia's message; it is read for what it is about, and not repeated.
    now
        The time of the request, in UTC.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> likely_mistake(
    ...     "bk_2wil2vg5uqi08x1aet097gLW8DO", "ehr-prod", "tasks",
    ...     workspace="acme", message="", now=datetime(2026, 4, 1, tzinfo=UTC),
    ... )
    'The arguments look swapped: the source key comes first, then the bulk id.'
    """
    if _look_swapped(source_key, bulk_id):
        return _SWAPPED
    if "source" in message.lower() and "exist" in message.lower() and bulk_id not in message:
        return (
            f"Most likely the source key: workspace {workspace} seems to have no source "
            f"{source_key!r}. Client.list_sources() lists them. Or the bulk is in another "
            "workspace."
        )
    bare_id = bulk_id.removeprefix("bk_")
    if bulk_id.startswith("bk_") and len(bare_id) != _LENGTH:
        return (
            f"Most likely the bulk id: after bk_ there are usually {_LENGTH} characters, here "
            f"{len(bare_id)}. Copy it again."
        )
    submitted = ksuid_time(bare_id)
    if is_bulk_id(bulk_id) and submitted is not None and submitted > now:
        return (
            f"Most likely the bulk id: decoded, it was submitted on {submitted:%Y-%m-%d}, which is "
            "in the future. Copy it again."
        )
    if is_bulk_id(bulk_id) and kind != "tasks":
        other = "resources" if kind == "relationships" else "relationships"
        return (
            f"The bulk id looks right. Most likely the kind: try {other!r}, or 'tasks', which "
            "serves every bulk (kind=… in Python, --kind on the command line). Then check the "
            f"source key {source_key!r} and the workspace {workspace}."
        )
    if is_bulk_id(bulk_id):
        return (
            "The bulk id looks right. Most likely it belongs to another source or workspace than "
            f"{source_key!r} in {workspace}."
        )
    return (
        "Most likely the bulk id: it does not look like one that Clinia generates, such as "
        "'bk_2wil2vg5uqi08x1aet097gLW8DO'."
    )


def nearest_sample(source_key: str, bulk_id: str) -> str:
    """Return a sentence on the sample that was meant, for a request to the sandbox."""
    from clinia_nb.sandbox.samples import list_samples

    if _look_swapped(source_key, bulk_id):
        return _SWAPPED

    samples = {sample.bulk_id: sample for sample in list_samples()}
    # Ids of the same day begin alike, so only a nearly identical one is a typo.
    near = get_close_matches(bulk_id, samples, n=1, cutoff=0.85)
    of_source = [sample for sample in samples.values() if sample.source_key == source_key]
    if near:
        sample = samples[near[0]]
    elif of_source:
        sample = of_source[0]
    else:
        sample = next(iter(samples.values()))
    found = "The sandbox has" if not near else "Did you mean"
    end = "." if not near else "?"
    return (
        f"{found} bulk {sample.bulk_id} of source {sample.source_key!r}, "
        f'kind="{sample.kind}"{end} `clinia-nb show --list --sandbox` shows all samples.'
    )


def _look_swapped(source_key: str, bulk_id: str) -> bool:
    looks_like_one = is_bulk_id(source_key) or source_key.startswith("bk_")
    return looks_like_one and not is_bulk_id(bulk_id)
