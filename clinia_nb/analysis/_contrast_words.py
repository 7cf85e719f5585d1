"""The columns of a lead, and its condition in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP

from ._contrast_attributes import (
    REPEATED,
    TIME,
)
from ._contrast_conditions import ALL_BUT, VERSIONS
from .spans import span

if TYPE_CHECKING:
    from ._contrast_cells import Cells

LEADS = pl.Schema(
    {
        "rank": pl.UInt32(),
        "condition": pl.String(),
        "attribute_1": pl.String(),
        "value_1": pl.String(),
        "attribute_2": pl.String(),
        "value_2": pl.String(),
        "all_but": pl.Boolean(),
        "begins": TIMESTAMP,
        "ends": TIMESTAMP,
        "receipts": pl.UInt32(),
        "failures": pl.UInt32(),
        "failure_rate": pl.Float64(),
        "receipts_outside": pl.UInt32(),
        "failures_outside": pl.UInt32(),
        "failure_rate_outside": pl.Float64(),
        "excess": pl.Float64(),
        "share": pl.Float64(),
        "p_value": pl.Float64(),
        "evidence": pl.Float64(),
        "comparisons": pl.UInt32(),
    }
)


def described(found: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Turn codes, slices and counts into the columns of leads."""
    for number in (1, 2):
        values = cells.values.rename({name: f"{name}_{number}" for name in cells.values.columns})
        keys = [f"part_{number}", f"code_{number}"]
        found = found.join(values, on=keys, how="left", nulls_equal=True, maintain_order="left")
    for end, place in (("begins", "first"), ("ends", "last")):
        times = cells.slices.select(pl.col("slice").alias(place), end)
        found = found.join(times, on=place, how="left", maintain_order="left")
    rate_outside = pl.col("failures_outside") / pl.col("receipts_outside")
    found = found.with_columns(all_but=pl.col("kind") == ALL_BUT)
    conditions = [_condition(row) for row in found.iter_rows(named=True)]
    return found.with_columns(
        condition=pl.Series(conditions, dtype=pl.String),
        failure_rate=pl.col("failures") / pl.col("receipts"),
        failure_rate_outside=rate_outside,
        excess=pl.col("failures") - pl.col("receipts") * rate_outside,
        share=pl.col("failures") / pl.col("failures_of_group"),
        p_value=(-pl.col("nats")).exp(),
        evidence=pl.col("nats") / math.log(10),
    ).select("group", *(pl.col(name).cast(dtype) for name, dtype in LEADS.items()))


def _condition(row: dict[str, Any]) -> str:
    """Return the condition of a lead in words."""
    texts: list[str] = []
    if row["kind"] == VERSIONS:
        return f"{row['attribute_1']} from {row['value_1']} to {row['value_2']}"
    for number in (1, 2):
        name, value = row[f"attribute_{number}"], row[f"value_{number}"]
        if name == TIME:
            preposition = "at" if row["begins"] == row["ends"] else "from"
            texts.append(f"received {preposition} {span(row['begins'], row['ends'])}")
        elif name == REPEATED:
            texts.append(f"{'not ' if value == 'no' else ''}{name}")
        elif name is not None and value is None:
            texts.append(f"{'any' if row['all_but'] else 'no'} {name}")
        elif name is not None:
            texts.append(f"{name} {'≠' if row['all_but'] else '='} {value}")
    return " and ".join(texts)
