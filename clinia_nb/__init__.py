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

if TYPE_CHECKING:
    from . import charts
    from .analysis import (
        bulk_trends,
        contrast_failures,
        count_outcomes,
        failure_onsets,
        failure_signatures,
        failure_values,
        failures_over_time,
        lead_filter,
        records_to_fix,
        retry_plan,
        retry_records,
        signature_history,
        summarize_failures,
        summarize_timing,
        throughput,
        timing_over_time,
        trend_changes,
        with_values,
    )
    from .archive import Archive
    from .bulk import BulkResult
    from .display.tables import write_csv
    from .errors import (
        AccessDeniedError,
        ArchiveError,
        BodyNotKeptError,
        BulkNotFoundError,
        CatalogError,
        CliniaError,
        ColumnClashError,
        DamagedArchiveWarning,
        EngineError,
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
    from .explorer import Explorer
    from .fetch import Client, RetryPolicy, fetch_receipts, show_settings
    from .findings import Comparison, Explanation, compare_bulks, explain
    from .receipts import failed, outcome, parse_receipts
    from .redaction import redact, redact_bulk
    from .report import write_report
    from .signatures import SignatureCatalog, message_signatures, with_signatures

__all__ = [
    "AccessDeniedError",
    "Archive",
    "ArchiveError",
    "BodyNotKeptError",
    "BulkNotFoundError",
    "BulkResult",
    "CatalogError",
    "Client",
    "CliniaError",
    "ColumnClashError",
    "Comparison",
    "DamagedArchiveWarning",
    "EngineError",
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
    "RetryPolicy",
    "ServerError",
    "SettingsError",
    "SignatureCatalog",
    "StillPendingError",
    "UnknownFieldsWarning",
    "UnreachableError",
    "UnreadValuesWarning",
    "UnreadableAnswerError",
    "bulk_trends",
    "charts",
    "compare_bulks",
    "contrast_failures",
    "count_outcomes",
    "explain",
    "failed",
    "failure_onsets",
    "failure_signatures",
    "failure_values",
    "failures_over_time",
    "fetch_receipts",
    "lead_filter",
    "message_signatures",
    "outcome",
    "parse_receipts",
    "records_to_fix",
    "redact",
    "redact_bulk",
    "retry_plan",
    "retry_records",
    "show_settings",
    "signature_history",
    "summarize_failures",
    "summarize_timing",
    "throughput",
    "timing_over_time",
    "trend_changes",
    "with_signatures",
    "with_values",
    "write_csv",
    "write_report",
]


# Every name is loaded on first use, so that `import clinia_nb` loads only what is needed.
_NAMES = {
    ".analysis": (
        "bulk_trends",
        "contrast_failures",
        "count_outcomes",
        "failure_onsets",
        "failure_signatures",
        "failure_values",
        "failures_over_time",
        "lead_filter",
        "records_to_fix",
        "retry_plan",
        "retry_records",
        "signature_history",
        "summarize_failures",
        "summarize_timing",
        "throughput",
        "timing_over_time",
        "trend_changes",
        "with_values",
    ),
    ".archive": ("Archive",),
    ".bulk": ("BulkResult",),
    ".display.tables": ("write_csv",),
    ".errors": (
        "AccessDeniedError",
        "ArchiveError",
        "BodyNotKeptError",
        "BulkNotFoundError",
        "CatalogError",
        "CliniaError",
        "ColumnClashError",
        "DamagedArchiveWarning",
        "EngineError",
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
    ),
    ".explorer": ("Explorer",),
    ".fetch": ("Client", "RetryPolicy", "fetch_receipts", "show_settings"),
    ".findings": ("Comparison", "Explanation", "compare_bulks", "explain"),
    ".receipts": ("failed", "outcome", "parse_receipts"),
    ".redaction": ("redact", "redact_bulk"),
    ".report": ("write_report",),
    ".signatures": ("SignatureCatalog", "message_signatures", "with_signatures"),
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}
_FOLDERS = frozenset(
    {
        "analysis",
        "archive",
        "bulk",
        "charts",
        "display",
        "errors",
        "explorer",
        "fetch",
        "findings",
        "receipts",
        "redaction",
        "report",
        "sandbox",
        "signatures",
    }
)


def __getattr__(name: str) -> object:
    if name in _MODULE_OF:
        value = getattr(import_module(_MODULE_OF[name], __name__), name)
        globals()[name] = value
        return value
    if name in _FOLDERS:
        return import_module(f".{name}", __name__)
    from clinia_nb.text import nearest

    hint = nearest(name, __all__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}.{hint}")


def __dir__() -> list[str]:
    return sorted(__all__)
