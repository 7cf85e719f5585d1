"""The chart of what to do about failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.analysis import retry
from clinia_nb.analysis.retry_rules import ADVICE
from clinia_nb.display import formats

from ._bars import ranked_bars
from ._palette import BLUE
from ._theme import nothing

if TYPE_CHECKING:
    import altair as alt

    from clinia_nb.receipts.columns import Receipts


def retry_plan(receipts: Receipts, *, records: pl.DataFrame | None = None) -> alt.LayerChart:
    """Draw what to do: how many records each recommendation covers.

    Parameters
    ----------
    receipts
        As for `clinia_nb.retry_plan`. The chart counts the records that `retry_records` lists, each
        once, although it may have failed in several ways.
    records
        What `retry_records` returned for these receipts, if you have it.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``recommendation`` (as `retry_plan` writes it), ``group`` (in
        words), ``records`` and ``share``.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> retry_plan(pl.DataFrame(schema=SCHEMA)).description
    'What to do about 0 failed records. No record needs to be acted on.'
    """
    counted = (
        (retry.retry_records(receipts) if records is None else records)
        .group_by("recommendation")
        .agg(records=pl.len().cast(pl.Int64))
        .with_columns(share=pl.col("records") / pl.col("records").sum())
        .sort("records", "recommendation", descending=[True, False])
    )
    total = int(counted["records"].sum())
    title = f"What to do about {formats.counted(total, 'failed record')}"
    if not total:
        return nothing(title, "No record needs to be acted on.")
    labels = [ADVICE[name] for name in counted["recommendation"]]
    return ranked_bars(
        counted.with_columns(pl.col("recommendation").cast(pl.String), group=pl.Series(labels)),
        title,
        ("What to do", "group"),
        ("Records", "records", ",d"),
        ("Of the failed records", "share", ".1%"),
        count="records",
        hue=BLUE,
        notes=["Each record once, without those that a later receipt settled"],
    )
