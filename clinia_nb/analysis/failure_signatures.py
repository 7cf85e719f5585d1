"""The distinct problems of a bulk: failures summarized by signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import lazy_with, timestamp
from clinia_nb.receipts.outcome import failed
from clinia_nb.signatures.sign import with_signatures

from ._engines import ONE, elsewhere, loaded
from ._signed_elsewhere import signed_failures
from .failures import ranked, summarize_failures, summarized_elsewhere

if TYPE_CHECKING:
    from clinia_nb.receipts.columns import Receipts
    from clinia_nb.signatures.catalog import SignatureCatalog

    from ._engines import Elsewhere

_SUMMARY = (
    *("signature", "failures", "share", "records", "error_types", "error_codes", "types"),
    *("first_seen", "last_seen", "concentration", "example_id", "example_message"),
)


def failure_signatures(
    receipts: Receipts, *, known: SignatureCatalog | None = None
) -> pl.DataFrame:
    """Summarize failures per signature, most frequent first: the distinct problems of a bulk.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `received_at`, `id`, `type`,
        `error_type`, `error_code` and `error_message` are needed; `error_details` is
        used if present. DuckDB and Spark mask messages where they are, and load only distinct
        masked texts and counts; Spark's executors need this package for it.
    known
        Templates of earlier bulks, so that the same problem has the same signature; not used for a
        frame that has a `signature` column.

    Returns
    -------
    pl.DataFrame, shape (signatures, 12)
        - ``signature`` (String): the message with placeholders for its variable
          parts, see `message_signatures` and `with_signatures`;
        - ``failures`` (UInt32), ``share`` (Float64, 0 to 1, of all failures) and ``records``
          (UInt32): the distinct ids among them, null ids not counted;
        - ``error_types`` (List of String), ``error_codes`` (List of Int32) and ``types`` (List of
          String): those that occur, in ascending order;
        - ``first_seen`` and ``last_seen`` (Datetime, µs, UTC) of the failed receipts, and
          ``concentration`` (Float64, 0 to 1): 1 minus the time span of the middle 80% of them,
          divided by the same span of all receipts. 1 is a single moment, 0 is spread as widely
          as the load; null if times are unknown;
        - ``example_id`` and ``example_message`` (String): of the earliest failure with a message.

        Sorted by ``failures``, most first, then ``first_seen``, then ``signature``. Failures add up
        to all failed receipts.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.

    Examples
    --------
    >>> from datetime import datetime
    >>> receipts = pl.DataFrame({
    ...     "id": ["r1", "r2", "r3"], "type": "clinic", "status": "FAILURE",
    ...     "received_at": [datetime(2025, 5, 6, 11, 47, second) for second in (51, 52, 53)],
    ...     "error_type": ["NOT_FOUND", "INTERNAL", "NOT_FOUND"], "error_code": [404, 500, 404],
    ...     "error_message": ["no profile '7'", "shard 3 is down", "no profile '9'"],
    ... })
    >>> failure_signatures(receipts).select("signature", "failures", "error_types").rows()
    [('no profile <name>', 2, ['NOT_FOUND']), ('shard <number> is down', 1, ['INTERNAL'])]
    """
    needed = ("status", "received_at", "id", "type", "error_type", "error_code")
    remote = elsewhere(receipts, needed=[*needed, "error_message"])
    if remote is not None:
        return _elsewhere(remote, known)
    lazy, available = lazy_with(receipts, needed)
    frame = with_signatures(lazy, known=known)
    time = timestamp("received_at").to_physical().sort()  # once for both
    spread = time.quantile(0.9, "nearest") - time.quantile(0.1, "nearest")
    details = (
        frame.lazy()  # so that only the columns below are read
        .filter(failed(available))
        .group_by("signature")
        .agg(
            records=pl.col("id").drop_nulls().n_unique().cast(pl.UInt32),
            error_types=_distinct("error_type"),
            types=_distinct("type"),
            spread=spread,
        )
        .collect()
    )
    summary = summarize_failures(frame, by="signature")
    return _with_details(summary, details, frame.select(spread).item())


def _elsewhere(remote: Elsewhere, known: SignatureCatalog | None) -> pl.DataFrame:
    import narwhals as nw

    keys = ["signature"]
    with signed_failures(remote, known) as failures:
        summary = ranked(summarized_elsewhere(failures, keys), keys)
        distinct = failures.frame.group_by("signature", "id").agg(nw.len().alias("failures"))
        records = loaded(
            distinct.filter(~nw.col("id").is_null())
            .group_by("signature")
            .agg(nw.len().alias("records"))
        )
        found = failures.count("signature", "error_type", "type")
        spread = failures.spread()
    details = found.group_by("signature").agg(
        error_types=_distinct("error_type"), types=_distinct("type")
    )
    for more in (records, spread):
        details = details.join(more, on="signature", how="left", nulls_equal=True)
    whole = remote.of(remote.frame, [ONE]).spread()["spread"]
    details = details.with_columns(pl.col("records").fill_null(0).cast(pl.UInt32))
    return _with_details(summary, details, whole.item() if len(whole) else None)


def _distinct(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).drop_nulls().unique().sort()


def _with_details(
    summary: pl.DataFrame, details: pl.DataFrame, whole: float | None
) -> pl.DataFrame:
    """Add to a summary by signature what only failures have; `whole` is the spread of receipts."""
    concentration = (1 - pl.col("spread") / whole).fill_nan(1.0).clip(0, 1)
    details = details.with_columns(
        concentration=pl.when(pl.col("spread").is_not_null()).then(concentration)
    )
    return summary.join(details, on="signature", how="left", maintain_order="left").select(_SUMMARY)
