"""From a bulk id to the cause: receipts of bulk loads into Clinia, as polars frames.

Examples
--------
>>> import clinia_nb as cnb
>>> client = cnb.Client.sandbox()
>>> bulk = client.fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
>>> cnb.summarize_failures(bulk.receipts)["error_type"].to_list()
['ALREADY_EXISTS']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .bulk import BulkResult
from .errors import (
    AccessDeniedError,
    BulkNotFoundError,
    CliniaError,
    ColumnClashError,
    IntervalError,
    InvalidIdError,
    InvalidKeyError,
    MissingColumnError,
    RateLimitedError,
    RedirectedError,
    RequestError,
    RequestRefusedError,
    ServerError,
    SettingsError,
    StillPendingError,
    UnknownFieldsWarning,
    UnreachableError,
    UnreadableAnswerError,
    UnreadValuesWarning,
)
from .failures import count_outcomes, failures_over_time, summarize_failures
from .fetch import Client, fetch_receipts
from .receipts import parse_receipts
from .timing import summarize_timing, throughput, timing_over_time

if TYPE_CHECKING:
    from . import charts
    from .explorer import Explorer

__all__ = [
    "AccessDeniedError",
    "BulkNotFoundError",
    "BulkResult",
    "Client",
    "CliniaError",
    "ColumnClashError",
    "Explorer",
    "IntervalError",
    "InvalidIdError",
    "InvalidKeyError",
    "MissingColumnError",
    "RateLimitedError",
    "RedirectedError",
    "RequestError",
    "RequestRefusedError",
    "ServerError",
    "SettingsError",
    "StillPendingError",
    "UnknownFieldsWarning",
    "UnreachableError",
    "UnreadValuesWarning",
    "UnreadableAnswerError",
    "charts",
    "count_outcomes",
    "failures_over_time",
    "fetch_receipts",
    "parse_receipts",
    "summarize_failures",
    "summarize_timing",
    "throughput",
    "timing_over_time",
]


def __getattr__(name: str) -> object:
    if name == "charts":
        return import_module(".charts", __name__)
    if name == "Explorer":
        return import_module(".explorer", __name__).Explorer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
