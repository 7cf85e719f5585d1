"""The records that must be fixed, with the values that their errors name."""

from __future__ import annotations

import polars as pl

from clinia_nb.receipts.columns import Receipts, lazy_with
from clinia_nb.signatures.sign import with_signatures

from ._retry_evidence import RECORD, ROW
from .onsets import failure_onsets
from .retry import CASE, unsettled_failures
from .values import case_values, failure_cases

_NEEDED = (
    *("id", "type", "target_type", "action", "status", "received_at", "duration"),
    *("error_type", "error_code", "error_message"),
)
# What these recommend is done without a change to the record.
_NOT_TO_FIX = ("retry", "retry_later", "already_there", "already_gone", "ask_access", "ask_support")
_FAILURE = (*RECORD, *CASE)
_FIXES = (
    *("id", "type", "action", "recommendation", "signature", "item", "position", "placeholder"),
    *("context", "value"),
)
_ORDER = ("order", "signature", "item", "position", "placeholder", "value")


def records_to_fix(receipts: Receipts) -> pl.DataFrame:
    """List each record that must be fixed with each value that its error names.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it, in the order of the bulk. The same
        columns are needed as for `retry_records`; `signature`, `error_details` and
        `error_context` are used if present.

    Returns
    -------
    pl.DataFrame, shape (values, 10)
        - ``id``, ``type`` and ``action`` (String) of the record: join your load file by ``id``;
        - ``recommendation`` (Enum) for the failure, by the rules of `retry_plan`: of a record that
          failed in several ways, each has its own;
        - ``signature`` (String) of the failure;
        - ``item`` (UInt32): which of the record's nested errors has the value, from 0: what one of
          them says of a field stands together. Null if several have it, or if it is of the error
          itself;
        - ``position`` (UInt32), ``placeholder`` and ``context`` (String): where the value stands,
          as in `failure_values`;
        - ``value`` (String).

        Records in the order of the bulk, values by item and place. A failure that names no value
        has one row, in which ``item`` and all after it are null.

        Left out are records without an ``id``, those that a later receipt of the record settled,
        and failures that need no change: to be retried, already there, or refused for lack of a
        right. Values that repeat the error's own type or code are left out too.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.

    Examples
    --------
    >>> from clinia_nb.receipts import parse_receipts
    >>> body = b'''{"status": "FAILURE", "receipts": [
    ...   {"id": "r1", "type": "contract", "action": "CREATE", "status": "FAILURE",
    ...    "error": {"code": 400, "type": "INVALID_ARGUMENT",
    ...              "message": "period.end: '31/12/2025' is not a date"}}]}'''
    >>> receipts = parse_receipts(body, source_key="ehr-prod", bulk_id="bk_1")
    >>> for row in records_to_fix(receipts).select("id", "placeholder", "value").rows():
    ...     print(row)
    ('r1', '<name>', 'period.end')
    ('r1', '<name>', '31/12/2025')
    """
    lazy, _ = lazy_with(receipts, _NEEDED)
    frame = with_signatures(lazy)
    return fixes_for(frame, unsettled_failures(frame, failure_onsets(frame)))


def fixes_for(receipts: pl.DataFrame, unsettled: pl.DataFrame) -> pl.DataFrame:
    """Do what `records_to_fix` does, for receipts with signatures, and `unsettled_failures`."""
    to_fix = (
        unsettled.filter(~pl.col("recommendation").cast(pl.String).is_in(_NOT_TO_FIX))
        .with_columns(
            order=pl.col(ROW).min().over(RECORD), error_code=pl.col("error_code").cast(pl.String)
        )
        .select(*_FAILURE, "recommendation", "order")
        .unique()
    )
    cases = failure_cases(receipts, also=(*RECORD, "action")).join(
        to_fix, on=_FAILURE, nulls_equal=True
    )
    values, places = case_values(cases, repeating=False)
    return (
        cases.select("case", *RECORD, "action", "signature", "recommendation", "order")
        .join(values.join(places, on="place"), on="case", how="left")
        .sort(*_ORDER, nulls_last=[name != "item" for name in _ORDER])
        .select(_FIXES)
        .unique(maintain_order=True)
    )
