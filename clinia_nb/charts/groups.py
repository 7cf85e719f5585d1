"""Groups of a chart: texts from the API made safe to draw, and the long tail folded into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.display import formats
from clinia_nb.receipts.columns import (
    aggregate,
    as_polars,
    group_columns,
    lazy_with,
    timestamp,
)
from clinia_nb.receipts.outcome import failed
from clinia_nb.signatures.sign import with_signatures

from ._palette import GRAY, group_colors
from ._text import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from clinia_nb.receipts.columns import Receipts

OTHER = "other"
_GROUPS = ("group", "folded", "failures", "share", "first_seen", "color")
_MOST_KINDS = 4


def distinct_texts(texts: Iterable[str]) -> list[str]:
    """Make texts distinct: those that occurred before get a number.

    >>> distinct_texts(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    seen: set[str] = set()
    labels: list[str] = []
    for text in texts:
        number, label = 1, text
        while label in seen:
            number += 1
            label = f"{text} ({number})"
        seen.add(label)
        labels.append(label)
    return labels


def group_labels(groups: pl.DataFrame, keys: Sequence[str]) -> list[str]:
    """Return a distinct text for each group of a summary, from its key columns."""
    names = [
        [clip(named(column, value)) for value in groups[column].cast(pl.String)] for column in keys
    ]
    return distinct_texts(" · ".join(parts) for parts in zip(*names, strict=True)) if names else []


def named(column: str, value: str | None) -> str:
    """Name a value of a column; null and blank ones by the column they are missing in.

    >>> named("error_type", None)
    'no error type'
    """
    if value is None:
        return f"no {in_words(column)}"
    return value if value.strip() else f"blank {in_words(column)}"


def in_words(column: str) -> str:
    """Write the name of a column, or of several, as words.

    >>> in_words("pipeline_definition_id")
    'pipeline definition id'
    """
    return clip(column.replace("_", " "), 40)


def signed_for(receipts: Receipts, keys: Sequence[str]) -> Receipts:
    """Add signatures to receipts if they are to be grouped by them."""
    return with_signatures(as_polars(receipts)) if "signature" in keys else receipts


def leading_groups(
    receipts: Receipts,
    *,
    by: str | Sequence[str] = "error_type",
    most: int = 8,
    colors: Mapping[str | None, str] | None = None,
) -> pl.DataFrame:
    """Count failures per group as charts show them: the leading ones, and the others as one.

    Find here what was clicked in a chart, by ``group``, which the marks of the chart hold.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status`, `received_at` and the columns
        of `by` are needed; ``signature`` is added if missing.
    by
        Column or columns to group failures by.
    most
        How many groups have a row of their own.
    colors
        Colors by name, such as those of the whole bulk if `receipts` is a part of it. By default,
        and for other names, those that `group_colors` returns.

    Returns
    -------
    pl.DataFrame, shape (at most most + 1, …)
        The `by` columns in their own dtypes (null in the folded row), then ``group`` (String),
        the distinct text by which charts name it; ``folded`` (UInt32), how many groups
        the row stands for: above 1 only in the last row, ``other (N)``; ``failures`` (UInt32);
        ``share`` (Float64, 0 to 1, of all failures); ``first_seen`` (Datetime, µs, UTC) and
        ``color`` (String). Most failures first, then as `summarize_failures` sorts.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "status": "FAILURE", "received_at": None, "error_type": ["INTERNAL", None, "A", "B"],
    ... })
    >>> leading_groups(receipts, most=2).select("group", "failures", "color").rows()
    [('A', 1, '#814bbe'), ('B', 1, '#a7490c'), ('other (2)', 2, '#8b95a1')]
    """
    keys = group_columns(by, outputs=_GROUPS)
    frame = signed_for(receipts, keys)
    lazy, available = lazy_with(frame, ["status", "received_at", *keys])
    rows = lazy.filter(failed(available)).select(*keys, first_seen=timestamp("received_at"))
    counted = (
        aggregate(
            rows.collect(),
            keys,
            [pl.len().cast(pl.UInt32).alias("failures"), pl.col("first_seen").min()],
        )
        .sort(
            ["failures", "first_seen", *keys],
            descending=[True, False, *(False for _ in keys)],
            nulls_last=True,
        )
        .with_columns(share=pl.col("failures") / pl.col("failures").sum(), folded=1)
    )  # fmt: skip
    return _colored(_folded(counted, most), keys, colors).select(*keys, *_GROUPS)


def _folded(counted: pl.DataFrame, most: int) -> pl.DataFrame:
    """Fold all but the leading rows into one, unless that would be a single row."""
    if counted.height <= most + 1:
        return counted
    rest = counted.slice(most).select(
        pl.col("failures", "share", "folded").sum(), pl.col("first_seen").min()
    )
    return pl.concat([counted.head(most), rest.cast({"failures": pl.UInt32})], how="diagonal")


def _colored(
    shown: pl.DataFrame, keys: Sequence[str], colors: Mapping[str | None, str] | None
) -> pl.DataFrame:
    single = shown.filter(pl.col("folded") == 1)
    labels = group_labels(single, keys)
    names: list[Any] = labels if len(keys) != 1 else single[keys[0]].cast(pl.String).to_list()
    # Names that are not drawn may be long; only those of the caller's need to be found again.
    given = dict(group_colors(names)) | dict(colors or {})
    inks = [given[name] for name in names]
    for number in shown.filter(pl.col("folded") > 1)["folded"]:
        labels, inks = [*labels, f"{OTHER} ({formats.count(number)})"], [*inks, GRAY]
    return shown.with_columns(
        pl.Series("group", distinct_texts(labels), pl.String),
        pl.Series("color", inks, pl.String),
        pl.col("folded").cast(pl.UInt32),
    )


def with_error_types(
    groups: pl.DataFrame,
    receipts: Receipts,
    by: Sequence[str],
    colors: Mapping[str | None, str] | None = None,
) -> pl.DataFrame:
    """Add the error types of each of the `leading_groups`, and give it the color of the first.

    Returns
    -------
    pl.DataFrame
        The groups with ``kind`` (String): the error types that occur in it, as one text.
    """
    if "error_type" in by:
        return groups.with_columns(kind="group")
    lazy, available = lazy_with(receipts, [*by, "error_type"])
    kind = pl.col("error_type").cast(pl.String)
    occur = (
        lazy.filter(failed(available))
        .group_by(by)
        .agg(kinds=kind.unique().sort(nulls_last=True).head(_MOST_KINDS))
        .collect()
    )
    kinds = groups.join(occur, on=by, how="left", nulls_equal=True, maintain_order="left")["kinds"]
    folded = (groups["folded"] > 1).to_list()
    leading = [row[0] for row, other in zip(kinds, folded, strict=True) if not other]
    hues: dict[str | None, str] = group_colors(leading) | dict(colors or {})
    return groups.with_columns(
        pl.Series(
            "kind",
            [
                OTHER if other else clip(", ".join(named("error_type", name) for name in row))
                for row, other in zip(kinds, folded, strict=True)
            ],
            pl.String,
        ),
        pl.Series(
            "color",
            [GRAY if other else hues[row[0]] for row, other in zip(kinds, folded, strict=True)],
            pl.String,
        ),
    )
