"""Signatures of failures that another engine holds: masked there, named here, looked up there."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.signatures.cases import CASE, INNER, form_failures, form_inner, look_up, sign_cases
from clinia_nb.signatures.sign import CODES

from ._batches import map_batches
from ._engines import FAILED, ONE, RECEIVED, loaded

if TYPE_CHECKING:
    from collections.abc import Generator

    from clinia_nb.signatures.catalog import SignatureCatalog

    from ._batches import Step
    from ._engines import Elsewhere

TEXTS = (*CODES, "error_message", "error_details")
_SIGNED = ("signature", "id", "type", "error_type", "error_code", "error_message")


@contextmanager
def signed_failures(remote: Elsewhere, known: SignatureCatalog | None) -> Generator[Elsewhere]:
    """Return the failures with their ``signature`` as key, held where they are.

    Of each signature few rows have their ``error_message``: among them is the best example.
    """
    import narwhals as nw

    sign, read = signer(remote, known)
    rows = remote.failures().texts(*dict.fromkeys([*_SIGNED[1:], *read]), also=[RECEIVED])
    with map_batches(rows, partial(_signed, sign), _SIGNED, [RECEIVED]) as signed:
        ones = signed.with_columns(nw.lit(1).alias(ONE), nw.lit(1).alias(FAILED))
        yield remote.of(ones, ["signature"])


def signer(remote: Elsewhere, known: SignatureCatalog | None) -> tuple[Step, tuple[str, ...]]:
    """Return what adds signatures to some of the failures, and the columns that it reads."""
    if "signature" in remote.names:
        return _same, ("signature",)
    import narwhals as nw

    rows = remote.failures().texts(*TEXTS)
    count = nw.col("count").sum()
    with map_batches(rows, _count_cases, CASE, ["count"]) as counted:
        cases = loaded(counted.group_by(*CASE).agg(count))
    inner = pl.DataFrame(schema={"formed": pl.String, "count": pl.Int64})
    if cases["inner"].null_count() < cases.height:
        with map_batches(rows, _distinct_inner, INNER) as found:
            distinct = found.group_by(*INNER).agg(nw.len().alias("rows"))
            inner = loaded(distinct.group_by("formed").agg(nw.len().alias("count")))
    counts = pl.col("count").cast(pl.Int64)
    cases, inner = cases.with_columns(counts), inner.with_columns(counts)
    return partial(look_up, signed=sign_cases(cases, inner, known=known)), TEXTS


def _same(failures: pl.DataFrame) -> pl.DataFrame:
    return failures


def _count_cases(failures: pl.DataFrame) -> pl.DataFrame:
    return form_failures(failures).group_by(CASE).agg(count=pl.len())


def _distinct_inner(failures: pl.DataFrame) -> pl.DataFrame:
    return form_inner(failures).select(*INNER).unique()


def _signed(sign: Step, failures: pl.DataFrame) -> pl.DataFrame:
    signed = sign(failures).select(*_SIGNED, RECEIVED)
    message = pl.col("error_message")
    # The best example of all is the best of some: the others need not be kept.
    best_first = signed.sort(message.is_null(), RECEIVED, "id", message, nulls_last=True)
    is_best = pl.int_range(pl.len()).over("signature") == 0
    return best_first.with_columns(pl.when(is_best).then(message).alias("error_message"))
