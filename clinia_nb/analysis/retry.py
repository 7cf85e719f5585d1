"""What to do about each failure, and which records to send again: frames in, frames out."""

from __future__ import annotations

import polars as pl

from clinia_nb.receipts.columns import Receipts, lazy_with, timestamp
from clinia_nb.receipts.outcome import outcome
from clinia_nb.signatures.sign import with_signatures

from ._missing import missing_types
from ._named import named_fields, named_types
from ._retry_evidence import RECORD, ROW, passed, settled
from .onsets import failure_onsets
from .retry_reasons import add_reasons
from .retry_rules import decide
from .values import leading_values

_TEXTS = ("id", "type", "target_type", "action", "error_type", "error_message")
_NEEDED = (*_TEXTS, "error_code", "status", "received_at", "duration")
CASE = ("signature", "error_type", "error_code", "action")
_PLAN = (
    *("signature", "error_types", "error_codes", "failures", "records", "settled"),
    *("recommendation", "remedies", "remedy_failures", "transient", "reason", "missing", "ids"),
)
WORDS = ("because", "done")
_RECORDS = ("id", "type", "target_type", "action", "recommendation", "signature", "failures")


def retry_plan(receipts: Receipts) -> pl.DataFrame:
    """Return for each signature what to do about its failures, and why.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it, in the order of the bulk. `id`, `type`,
        `target_type`, `action`, `status`, `received_at`, `duration`, `error_type`, `error_code`
        and `error_message` are needed. `signature` is added if missing.

    Returns
    -------
    pl.DataFrame, shape (signatures, 13)
        - ``signature`` (String);
        - ``error_types`` (List of String) and ``error_codes`` (List of Int32): distinct, sorted;
        - ``failures`` (UInt32), including those without an id;
        - ``records`` (UInt32): the distinct ids of these; ``settled`` (UInt32): how many of them
          need nothing more, because a later receipt of the record (same ``id`` and ``type``)
          succeeded: received later or, at equal or unknown times, further down the bulk;
        - ``recommendation`` (Enum): what helps most failures of the signature;
        - ``remedies`` (List of String): each recommendation for failures of the signature, and
          ``remedy_failures`` (List of UInt32): how many it helps, most first;
        - ``transient`` (Boolean): whether the bulk shows the failure passing: for most failures,
          operations of the same type and action succeeded after the signature first failed, at
          least one for every 20 failures;
        - ``reason`` (String): why, with the counts that show it. If the failures of a signature
          need different remedies, it counts each;
        - ``missing`` (String): for ``load_first``, up to three types of what is missing, as the
          messages name them, else the types of the records themselves unless these are
          relationships or a message names something else; otherwise null;
        - ``ids`` (List of String): the records without the settled ones, each once, in the order of
          the bulk. A record that failed under two signatures is in both lists.

        Sorted by ``failures``, most first, then by when they began, then ``signature``.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.

    Notes
    -----
    Cancelled and pending receipts did not fail, so they are not included. The first line of the
    table that fits decides: by error type, then code, then action, then timing (see
    `failure_onsets`).

    ======================================== ============================== ====================
    error type                               and                            ``recommendation``
    ======================================== ============================== ====================
    FAILED_PRECONDITION, ABORTED             a version that is not current  ``resolve_conflict``
    ALREADY_EXISTS                           on CREATE, or no action known  ``already_there``
    NOT_FOUND                                on DELETE                      ``already_gone``
    NOT_FOUND                                of a definition, profile, …    ``fix_model``
    NOT_FOUND                                                               ``load_first``
    FAILED_PRECONDITION                      something does not exist       ``load_first``
    FAILED_PRECONDITION                                                     ``fix_model``
    INVALID_ARGUMENT, OUT_OF_RANGE                                          ``fix_data``
    PERMISSION_DENIED                                                       ``ask_access``
    UNAUTHENTICATED                                                         ``ask_access``
    CONTENT_TOO_LARGE                                                       ``split``
    RESOURCE_EXHAUSTED                                                      ``retry_later``
    ABORTED, CANCELLED                                                      ``retry``
    UNIMPLEMENTED, DATA_LOSS                                                ``ask_support``
    INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED mostly in a burst to the end   ``retry_later``
    same                                     bursts, the last to the end    ``retry_later``
    same                                     a rate that rises to the end   ``retry_later``
    same                                     steady, half of all receipts   ``retry_later``
    INTERNAL                                 not ``transient``              ``ask_support``
    INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED not ``transient``              ``retry_later``
    same                                     mostly in bursts that ended    ``retry``
    same                                     records failed twice or more   ``ask_support``
    same                                                                    ``retry``
    any other                                                               ``unknown``
    ======================================== ============================== ====================

    The codes 413, 429, 503 and 504 count as CONTENT_TOO_LARGE, RESOURCE_EXHAUSTED, UNAVAILABLE
    and DEADLINE_EXCEEDED beside an INTERNAL, RESOURCE_EXHAUSTED or unknown error type. If there
    is no error type, or it is UNKNOWN, 400, 401, 403, 404, 408, 409, 410, 412, 416, 422, 499,
    500, 501 and 502 count as their usual gRPC equivalents; 409 on a version counts as ABORTED.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> receipts = pl.DataFrame({
    ...     "id": ["r1", "r2", "r3"],
    ...     "type": ["works-at"] * 3,
    ...     "target_type": ["RELATIONSHIP"] * 3,
    ...     "action": ["CREATE"] * 3,
    ...     "status": ["FAILURE", "FAILURE", "SUCCESS"],
    ...     "received_at": [datetime(2025, 5, 6, 11, 47, second) for second in (51, 52, 53)],
    ...     "duration": [timedelta(seconds=1)] * 3,
    ...     "error_type": ["NOT_FOUND", "NOT_FOUND", None],
    ...     "error_code": [404, 404, None],
    ...     "error_message": ["resource 'clinic' with id 'c1' does not exist"] * 2 + [None],
    ... })
    >>> plan = retry_plan(receipts)
    >>> plan.select("recommendation", "missing", "ids").row(0)
    ('load_first', 'clinic', ['r1', 'r2'])
    >>> print(plan["reason"].item())
    All 2 failures are NOT_FOUND (404) on CREATE: the records they refer to do not exist. Load
    clinic first, then retry unchanged.
    """
    frame = _signed(receipts)
    plan = plan_for(frame, failure_onsets(frame), leading_values(frame))
    return plan.drop(WORDS)


def plan_for(receipts: pl.DataFrame, onsets: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Do what `retry_plan` does, for receipts with signatures, their onsets and `leading_values`.

    What is to be loaded or fixed is named by the values, as far as they are known. `WORDS` are
    added: ``because``, the reason beside a title that has the number of failures, error type and
    code, and ``done`` (Boolean), whether later receipts settled every failure.
    """
    failures, cases = _cases(receipts, onsets)
    by_rule = (
        cases.group_by("signature", "rule")
        .agg(
            pl.col("failures").sum(),
            _distinct("error_type").alias("types"),
            _distinct("error_code").alias("codes"),
            _distinct("action").alias("actions"),
            pl.exclude(*CASE, "failures", "rule").first(),
        )
        .sort("failures", "rule", descending=[True, False])
    )
    remedies = (
        by_rule.group_by("signature", pl.col("recommendation").cast(pl.String), maintain_order=True)
        .agg(pl.col("failures").sum())
        .sort("failures", descending=True, maintain_order=True)
        .group_by("signature")
        .agg(remedies="recommendation", remedy_failures="failures")
    )
    leading = (
        by_rule.join(remedies, on="signature", nulls_equal=True, maintain_order="left")
        .filter(pl.col("recommendation").cast(pl.String) == pl.col("remedies").list.first())
        .unique("signature", keep="first", maintain_order=True)
    )
    lists = failures.group_by("signature").agg(
        _distinct("error_type").alias("error_types"),
        _distinct("error_code").alias("error_codes"),
        pl.col("id")
        .filter(~pl.col("settled"))
        .drop_nulls()
        .unique(maintain_order=True)
        .alias("ids"),
    )
    to_load = pl.col("recommendation") == "load_first"
    missing = missing_types(failures.filter(to_load))
    return (
        leading.join(lists, on="signature", nulls_equal=True)
        .join(missing, on="signature", how="left", nulls_equal=True)
        .join(named_types(values), on="signature", how="left")
        .join(named_fields(values), on="signature", how="left")
        .with_columns(missing=pl.when(to_load).then(pl.coalesce("missing", "types_named")))
        .pipe(add_reasons, by_rule)
        .with_columns(failures="all_failures")
        .sort(
            "failures", "first_seen", "signature", descending=[True, False, False], nulls_last=True
        )
        .select(*_PLAN, *WORDS)
    )


def retry_records(receipts: Receipts) -> pl.DataFrame:
    """Return the records that failed and are not settled, one row each, in the order of the bulk.

    Parameters
    ----------
    receipts
        As in `retry_plan`.

    Returns
    -------
    pl.DataFrame, shape (records, 7)
        - ``id`` and ``type`` (String), which identify a record; ``target_type`` and
          ``action`` (String), of the receipt that decides;
        - ``recommendation`` (Enum), by the rules of `retry_plan` for the record's own error type,
          code and action: if a signature has several, it can differ from the plan's. Of a
          record that failed in several ways, the last in this order: ``retry``, ``retry_later``,
          ``already_there``, ``already_gone``, ``split``, ``load_first``, ``resolve_conflict``,
          ``fix_data``, ``fix_model``, ``ask_access``, ``ask_support``, ``unknown``;
        - ``signature`` (String), of the receipt that decides; ``failures`` (UInt32), how often
          the record failed.

        In the order in which they first failed, without receipts that have no ``id`` and without
        records of which a later receipt succeeded. All columns are flat: `write_csv`,
        `write_ndjson` and `write_parquet` work as they are.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.

    Examples
    --------
    >>> from clinia_nb.receipts import parse_receipts
    >>> body = b'''{"status": "FAILURE", "receipts": [
    ...   {"id": "r1", "action": "CREATE", "status": "FAILURE",
    ...    "error": {"code": 409, "type": "ALREADY_EXISTS", "message": "already there"}},
    ...   {"id": "r2", "action": "CREATE", "status": "SUCCESS"}]}'''
    >>> receipts = parse_receipts(body, source_key="ehr-prod", bulk_id="bk_1")
    >>> retry_records(receipts).select("id", "action", "recommendation", "failures").rows()
    [('r1', 'CREATE', 'already_there', 1)]
    """
    frame = _signed(receipts)
    return records_for(unsettled_failures(frame, failure_onsets(frame)))


def records_for(unsettled: pl.DataFrame) -> pl.DataFrame:
    """Do what `retry_records` does, for the `unsettled_failures` of receipts."""
    decides = (pl.col("recommendation").to_physical(), pl.col(ROW))
    return (
        unsettled.group_by(RECORD)
        .agg(
            pl.col("target_type", "action", "recommendation", "signature").sort_by(*decides).last(),
            pl.len().cast(pl.UInt32).alias("failures"),
            pl.col(ROW).min(),
        )
        .sort(ROW)
        .select(_RECORDS)
    )


def unsettled_failures(receipts: pl.DataFrame, onsets: pl.DataFrame) -> pl.DataFrame:
    """Return the failures of records that no later receipt settled, and what each recommends.

    Parameters
    ----------
    receipts
        With signatures.
    onsets
        Their `failure_onsets`.

    Returns
    -------
    pl.DataFrame
        A row per failed receipt that has an ``id``, in the order of the bulk: `ROW`, `RECORD`,
        `CASE` and ``target_type``, and its ``recommendation``.
    """
    failures, _ = _cases(receipts, onsets)
    return failures.filter(pl.col("id").is_not_null(), ~pl.col("settled"))


def _signed(receipts: Receipts) -> pl.DataFrame:
    lazy, _ = lazy_with(receipts, _NEEDED)
    return with_signatures(lazy)


def _cases(frame: pl.DataFrame, onsets: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the failed receipts, and a row per case of them; both with what the rules decide."""
    # Held once for all that follows; what is selected costs nothing, what is filtered does.
    rows = frame.with_columns(outcome(frame.columns)).with_row_index(ROW)
    failures = (
        rows.select(ROW, "outcome", "signature", *_TEXTS, "error_code", "received_at")
        .filter(pl.col("outcome") == "failed")
        .select(
            ROW,
            pl.col("signature", *_TEXTS).cast(pl.String),
            pl.col("error_code").cast(pl.Int32),
            timestamp("received_at"),
        )
    )
    failures = failures.join(
        settled(failures, rows), on=RECORD, how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(pl.col("settled").fill_null(value=False))
    signatures = (
        failures.group_by("signature")
        .agg(
            pl.len().cast(pl.UInt32).alias("all_failures"),
            pl.col("id").count().alias("attempts"),
            pl.col("id").drop_nulls().n_unique().cast(pl.UInt32).alias("records"),
            pl.col("id").filter(~pl.col("settled")).drop_nulls().n_unique().alias("unsettled"),
            done=pl.col("settled").all(),
        )
        .join(onsets.cast({"signature": pl.String}), on="signature", nulls_equal=True)
        .join(passed(failures, rows), on="signature", nulls_equal=True)
        .with_columns(settled=pl.col("records") - pl.col("unsettled"))
        .drop("failures", "unsettled")
    )
    cases = (
        failures.group_by(CASE)
        .agg(pl.len().cast(pl.UInt32).alias("failures"))
        .join(signatures, on="signature", nulls_equal=True)
        .with_columns(receipts=pl.lit(frame.height))
        .pipe(decide)
    )
    decided = cases.select(*CASE, "rule", "recommendation")
    failures = failures.join(decided, on=CASE, how="left", nulls_equal=True, maintain_order="left")
    return failures, cases


def _distinct(name: str) -> pl.Expr:
    return pl.col(name).drop_nulls().unique().sort()
