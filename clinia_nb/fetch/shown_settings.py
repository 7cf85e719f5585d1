"""What is configured, and from where; never the key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.errors import SettingsError

from .settings import KEYS, WORKSPACE, HiddenKey, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN, _MISSING, _INVALID = "set, not shown", "not set", "not valid"


def show_settings(environment: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Show which workspace and key `Client()` would use, and where they come from.

    Parameters
    ----------
    environment
        Variables to read instead of the process's own.

    Returns
    -------
    pl.DataFrame, shape (3, 3)
        ``setting`` (``workspace``, ``host``, ``API key``), ``value`` and ``variable``, all String.
        The variable is the one that the value comes from, or the one to set. The value is
        ``not set`` or ``not valid`` where `Client()` would raise; that of the key is never shown.

    Examples
    --------
    >>> shown = show_settings({"CLINIA_WORKSPACE": "acme", "CLINIA_TOKEN": "sk-1"})
    >>> for row in shown.rows():
    ...     print(*row, sep=" | ")
    workspace | acme | CLINIA_WORKSPACE
    host | api.acme.clinia.cloud | CLINIA_WORKSPACE
    API key | set, not shown | CLINIA_TOKEN
    """
    given = os.environ if environment is None else environment
    workspace = host = _MISSING
    if given.get(WORKSPACE, "").strip():
        try:
            settings = read_settings(None, HiddenKey("any"), None, given)
            workspace, host = settings.workspace, settings.host
        except SettingsError:
            workspace = host = _INVALID  # not shown: it may hold a password
    variable = next((name for name in KEYS if given.get(name, "").strip()), KEYS[0])
    key = HiddenKey(given.get(variable, ""))
    rows = [
        ("workspace", workspace, WORKSPACE),
        ("host", host, WORKSPACE),
        ("API key", _INVALID if key.problem else _SHOWN if key else _MISSING, variable),
    ]
    schema = {"setting": pl.String, "value": pl.String, "variable": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
