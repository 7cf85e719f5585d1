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
from .compare import compare_bulks
from .comparison import Comparison
from .contrast import contrast_failures, lead_filter
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
from .explain import Explanation, explain
from .failures import count_outcomes, failures_over_time, summarize_failures
from .fetch import Client, fetch_receipts
from .onset import failure_onsets
from .receipts import parse_receipts
from .redact import redact
from .retry import retry_plan, retry_records
from .signatures import failure_signatures, message_signatures, with_signatures
from .timing import summarize_timing, throughput, timing_over_time

if TYPE_CHECKING:
    from . import charts
    from .explorer import Explorer
    from .report import write_report

__all__ = [
    "AccessDeniedError",
    "BulkNotFoundError",
    "BulkResult",
    "Client",
    "CliniaError",
    "ColumnClashError",
    "Comparison",
    "Explanation",
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
    "compare_bulks",
    "contrast_failures",
    "count_outcomes",
    "explain",
    "failure_onsets",
    "failure_signatures",
    "failures_over_time",
    "fetch_receipts",
    "lead_filter",
    "message_signatures",
    "parse_receipts",
    "redact",
    "retry_plan",
    "retry_records",
    "summarize_failures",
    "summarize_timing",
    "throughput",
    "timing_over_time",
    "with_signatures",
    "write_report",
]


def __getattr__(name: str) -> object:
    if name == "charts":
        return import_module(".charts", __name__)
    if name == "Explorer":
        return import_module(".explorer", __name__).Explorer
    if name == "write_report":
        return import_module(".report", __name__).write_report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
