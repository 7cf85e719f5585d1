"""Values of failures that another engine holds: read and counted there, the commonest loaded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from ._batches import map_batches
from ._engines import ONE, Elsewhere, loaded
from ._signed_elsewhere import signer
from .values import CASE, PROBLEM, WHERE, case_values, ranked_problems

if TYPE_CHECKING:
    from ._batches import Step

_PLACE = (*PROBLEM, *WHERE)
_TEXTS = (*PROBLEM, "placeholder", "context", "value")


def count_values_elsewhere(remote: Elsewhere, most: int) -> pl.DataFrame:
    """Count values as `failure_values` does, and load the most frequent of each place."""
    import narwhals as nw

    sign, read = signer(remote, None)
    rows = remote.failures().texts(*dict.fromkeys([*CASE[1:], *read]))
    failures, one = nw.col("failures"), nw.col(ONE)
    with map_batches(rows, partial(_count_values, sign), _TEXTS, ("position", "failures")) as found:
        counted = found.group_by(*_PLACE, "value").agg(failures.sum())
        counted = counted.with_columns(nw.lit(1).alias(ONE), (0 - failures).alias("__fewer"))
        order = one.cum_sum().over(*_PLACE, order_by=["__fewer", "value"])
        frequent = loaded(
            counted.with_columns(
                order.alias("__order"),
                one.sum().over(*_PLACE).alias("distinct"),
                failures.sum().over(*_PLACE).alias("of_place"),
            )
            .filter(nw.col("__order") <= most)
            .select(*_PLACE, "value", "failures", "distinct", "of_place")
        )
    frequent = frequent.with_columns(pl.col("failures", "distinct", "of_place").cast(pl.Int64))
    is_problem = pl.col("placeholder").is_null()
    problems = ranked_problems(frequent.filter(is_problem).select(*PROBLEM, total="failures"))
    values = frequent.filter(~is_problem)
    places = values.select("signature", *WHERE).unique()
    places = places.sort(pl.col("position").is_null(), "signature", "position", "placeholder")
    return (
        values.join(places.with_row_index("place"), on=["signature", *WHERE], nulls_equal=True)
        .join(problems, on=PROBLEM, nulls_equal=True)
        .with_columns(share=pl.col("failures") / pl.col("total"))
    )


def _count_values(sign: Step, failures: pl.DataFrame) -> pl.DataFrame:
    """Count values, and, in rows without a placeholder, the failures of each problem."""
    cases = sign(failures).group_by(CASE).len("failures").with_row_index("case")
    values, places = case_values(cases)
    placed = values.join(cases.select("case", *PROBLEM, "failures"), on="case")
    total = pl.col("failures").sum()
    counted = placed.join(places, on="place").group_by(*_PLACE, "value").agg(total)
    return pl.concat([counted, cases.group_by(PROBLEM).agg(total)], how="diagonal")
