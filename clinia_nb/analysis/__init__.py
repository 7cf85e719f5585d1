"""Summaries: receipts in, small frames out."""

from .contrast import contrast_failures, lead_filter
from .failure_signatures import failure_signatures
from .failures import count_outcomes, failures_over_time, summarize_failures
from .fixes import records_to_fix
from .history import signature_history
from .onsets import failure_onsets
from .retry import retry_plan, retry_records
from .timing import summarize_timing, throughput, timing_over_time
from .trends import bulk_trends, trend_changes
from .values import failure_values, with_values

__all__ = [
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
]
