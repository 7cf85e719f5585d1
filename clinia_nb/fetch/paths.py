"""Source keys, bulk ids and kinds: checked before anything is asked, and quoted for a path."""

from __future__ import annotations

import re
from urllib.parse import quote

from clinia_nb.errors import InvalidIdError

KINDS = ("relationships", "resources", "tasks")

_SOURCE_KEY = re.compile(r"[a-zA-Z0-9-][\w-]{0,61}", re.ASCII)
# Blanks, what parts a path, and what no text holds: control characters, lone surrogates.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0/\\?#\ud800-\udfff]")
_LONGEST = 200
# From Clinia's documentation of task ids.
_OTHER_TASKS = {"s_": "single task", "bd_": "bundle", "pg_": "purge", "purge:": "purge"}


def bulk_path(source_key: str, bulk_id: str, kind: str) -> str:
    """Give the path of an answer, quoted.

    Parameters
    ----------
    source_key, bulk_id
        As the user gave them; surrounding blanks are dropped.
    kind
        ``relationships``, ``resources`` or ``tasks``.

    Raises
    ------
    InvalidIdError
        One of them cannot be right; the message says why.

    Examples
    --------
    >>> bulk_path(" ehr-prod ", "bk_1", "relationships")
    '/sources/ehr-prod/v1/relationships/bulk/bk_1'
    >>> bulk_path("ehr-prod", "bd_1", "tasks")
    '/sources/ehr-prod/v1/tasks/bd_1'
    """
    if kind not in KINDS:
        raise InvalidIdError(f"No kind {kind!r}. Available: {', '.join(KINDS)}.")
    source, task = quote(clean_source_key(source_key)), quote(clean_task_id(bulk_id, kind), safe="")
    return f"/sources/{source}/v1/" + (
        f"tasks/{task}" if kind == "tasks" else f"{kind}/bulk/{task}"
    )


def clean_source_key(source_key: str) -> str:
    """Check a source key; give it without surrounding blanks.

    Raises
    ------
    InvalidIdError
        It is none that Clinia would take.
    """
    key = _stripped("source key", source_key)
    if not _SOURCE_KEY.fullmatch(key):
        raise InvalidIdError(
            f"{key[:80]!r} is no source key: up to 62 letters, digits, '-' and '_', "
            "and no '_' first."
        )
    return key


def clean_task_id(bulk_id: str, kind: str) -> str:
    """Check a bulk id, or for the kind ``tasks`` any task id; give it without surrounding blanks.

    Raises
    ------
    InvalidIdError
        It cannot be one, or it is the id of a task that the endpoint does not serve.
    """
    task = _stripped("bulk id", bulk_id)
    if _FORBIDDEN.search(task) or task in {".", "..", "bk_"} or len(task) > _LONGEST:
        raise InvalidIdError(
            f"{task[:80]!r} is no bulk id: it is what the submission answered with, such as "
            "'bk_2wil2vg5uqi08x1aet097gLW8DO'."
        )
    other = next((name for prefix, name in _OTHER_TASKS.items() if task.startswith(prefix)), None)
    if kind != "tasks" and other:
        raise InvalidIdError(
            f"{task!r} is the id of a {other}, not of a bulk of {kind}. "
            'Ask with kind="tasks", which serves every task.'
        )
    return task


def _stripped(name: str, value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        given = "empty" if isinstance(value, str) else f"of type {type(value).__name__}"
        raise InvalidIdError(f"The {name} is {given}. Give it as text.")
    return text
