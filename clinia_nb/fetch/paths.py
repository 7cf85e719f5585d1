"""Source keys, bulk ids and kinds: checked before a request is sent, and quoted for a path."""

from __future__ import annotations

import re
from urllib.parse import quote

from clinia_nb.errors import InvalidIdError
from clinia_nb.receipts.task_ids import OTHER_TASKS

KINDS = ("relationships", "resources", "tasks")

_SOURCE_KEY = re.compile(r"[a-zA-Z0-9-][\w-]{0,61}", re.ASCII)
# Spaces, separators of a URL, control characters and lone surrogates.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0/\\?#\ud800-\udfff]")
_LONGEST = 200


def bulk_path(source_key: str, bulk_id: str, kind: str) -> str:
    """Return the path to ask for, quoted.

    Parameters
    ----------
    source_key, bulk_id
        Surrounding spaces are ignored.
    kind
        ``relationships``, ``resources`` or ``tasks``.

    Raises
    ------
    InvalidIdError
        One of them is not valid; the message says why.

    Examples
    --------
    >>> bulk_path(" ehr-prod ", "bk_1", "relationships")
    '/sources/ehr-prod/v1/relationships/bulk/bk_1'
    >>> bulk_path("ehr-prod", "bd_1", "tasks")
    '/sources/ehr-prod/v1/tasks/bd_1'
    """
    if kind not in KINDS:
        raise InvalidIdError(f"{_shown(kind)} is not a kind. Available: {', '.join(KINDS)}.")
    source, task = quote(clean_source_key(source_key)), quote(clean_task_id(bulk_id, kind), safe="")
    return f"/sources/{source}/v1/" + (
        f"tasks/{task}" if kind == "tasks" else f"{kind}/bulk/{task}"
    )


def clean_source_key(source_key: str) -> str:
    """Check a source key; return it without surrounding spaces.

    Raises
    ------
    InvalidIdError
        It is not one that Clinia accepts.
    """
    key = _stripped("source key", source_key)
    if not _SOURCE_KEY.fullmatch(key):
        raise InvalidIdError(
            f"{_shown(key)} is not a source key: up to 62 letters, digits, '-' and '_', "
            "not beginning with '_'."
        )
    return key


def clean_task_id(bulk_id: str, kind: str) -> str:
    """Check a bulk id, or for the kind ``tasks`` any task id; return it without spaces around it.

    Raises
    ------
    InvalidIdError
        It is not one, or it is the id of a task that the endpoint does not serve.
    """
    task = _stripped("bulk id", bulk_id)
    if _FORBIDDEN.search(task) or task in {".", "..", "bk_"} or len(task) > _LONGEST:
        raise InvalidIdError(
            f"{_shown(task)} is not a bulk id. Use the id that the submission returned, such as "
            "'bk_2wil2vg5uqi08x1aet097gLW8DO'."
        )
    other = next((name for prefix, name in OTHER_TASKS.items() if task.startswith(prefix)), None)
    if kind != "tasks" and other:
        raise InvalidIdError(
            f"{_shown(task)} is the id of a {other}, not of a bulk of {kind}. "
            'Use kind="tasks", which serves every task.'
        )
    return task


def _stripped(name: str, value: object) -> str:
    if not isinstance(value, str):
        kind = type(value).__name__
        raise InvalidIdError(f"The {name} is of type {kind}. Pass it as text (str).")
    if not value.strip():
        raise InvalidIdError(f"The {name} is empty. Enter one.")
    return value.strip()


def _shown(value: object) -> str:
    return repr(value[:80] if isinstance(value, str) else value)
