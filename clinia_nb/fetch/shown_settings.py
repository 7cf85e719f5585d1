"""What is configured, and from where; never the key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import polars as pl

from clinia_nb.errors import SettingsError

from .settings import KEYS, WORKSPACE, HiddenKey, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN, _MISSING = "set, not shown", "not set"


def show_settings(environment: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Show which workspace and key `Client()` would use, and where they come from.

    Parameters
    ----------
    environment
        Variables to read instead of the process's own.

    Returns
    -------
    pl.DataFrame, shape (3 or 4, 3)
        ``setting`` (``workspace``, ``host``, ``API key``, and ``problem`` if `Client()` would
        fail), ``value`` and ``source``, the environment variable; all String. The key is never
        shown. A null ``source`` means that nothing is set.

    Examples
    --------
    >>> shown = show_settings({"CLINIA_WORKSPACE": "acme", "CLINIA_TOKEN": "…"})
    >>> shown["value"].to_list()[:3]
    ['acme', 'api.acme.clinia.cloud', 'set, not shown']
    >>> shown["source"].to_list()[:3]
    ['CLINIA_WORKSPACE', 'CLINIA_WORKSPACE', 'CLINIA_TOKEN']
    """
    given = os.environ if environment is None else environment
    place = WORKSPACE if given.get(WORKSPACE, "").strip() else None
    key = next((name for name in KEYS if given.get(name, "").strip()), None)
    workspace, host, problem = _MISSING, _MISSING, None
    if place:
        try:
            settings = read_settings(None, HiddenKey("any"), None, given)
            workspace, host = settings.workspace, urlsplit(settings.base_url).netloc
        except SettingsError:
            workspace = host = "not valid"  # not shown: it may hold a password
    try:
        read_settings(None, None, None, given)
    except SettingsError as exc:
        problem = str(exc)
    rows = [
        ("workspace", workspace, place),
        ("host", host, place),
        ("API key", _SHOWN if key else _MISSING, key),
        *([("problem", problem, None)] if problem else []),
    ]
    schema = {"setting": pl.String, "value": pl.String, "source": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
