"""Charts of what failed: outcomes, error types, signatures, and where the two cross."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from clinia_nb.analysis import failures
from clinia_nb.display import formats
from clinia_nb.display.tokens import LINE, OUTCOME_COLORS, PAPER
from clinia_nb.receipts.columns import as_polars, group_columns, lazy_with
from clinia_nb.receipts.outcome import OUTCOMES, failed
from clinia_nb.signatures.sign import with_signatures

from ._bars import ranked_bars
from ._name_axes import LINE as LINE_HEIGHT
from ._name_axes import column_axis, name_axis
from ._palette import VERMILION
from ._text import wrap
from ._theme import color, data, described, finish, nothing
from .groups import in_words, leading_groups, signed_for, with_error_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clinia_nb.receipts.columns import Receipts

_NONE_FAILED = "No receipts failed."
_HEAT_WIDTH, _ROW_LETTERS = 620, 30
_LEAST_WIDTH = 0.006  # of the bar: the smallest outcome must be visible


def count_outcomes(receipts: Receipts) -> alt.LayerChart:
    """Draw the outcomes of the receipts as the segments of one bar.

    Parameters
    ----------
    receipts
        As for `clinia_nb.count_outcomes`, whose figures are drawn.

    Returns
    -------
    alt.LayerChart
        The segments have the fields ``outcome``, ``receipts`` and ``share``.

    Examples
    --------
    >>> chart = count_outcomes(pl.DataFrame({"status": ["SUCCESS", "FAILURE", "FAILURE"]}))
    >>> chart.description
    'Outcomes of 3 receipts. 1 succeeded (33.3%), 2 failed (66.7%).'
    """
    counts = failures.count_outcomes(receipts).row(0, named=True)
    total = counts["receipts"]
    title = f"Outcomes of {formats.counted(total, 'receipt')}"
    rows: list[dict[str, Any]] = [
        {"outcome": name, "receipts": counts[name], "share": counts[name] / total}
        for name in OUTCOMES
        if counts[name]
    ]
    if not rows:
        return nothing(title, "There are no receipts.")
    labels = {
        f"{formats.count(row['receipts'])} {row['outcome']} ({formats.percent(row['share'])})": (
            OUTCOME_COLORS[row["outcome"]]
        )
        for row in rows
    }
    begin = 0.0
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        row |= {"label": label, "place": place, "key": row["outcome"], "begin": begin}
        begin = row["end"] = begin + max(row["share"], _LEAST_WIDTH)
    bar = (
        described(
            alt.Chart(data(pl.DataFrame(rows))).mark_bar(
                stroke=PAPER, strokeWidth=1.5, height=26
            ),
            ("Receipts", "label"),
        )
        .encode(
            x=alt.X("begin:Q", axis=None, scale=alt.Scale(domain=[0, begin], nice=False)),
            x2=alt.X2("end:Q"),
            y=alt.YValue(13),
            color=color("place", labels),
        )
    )  # fmt: skip
    return finish([bar], title, description=", ".join(labels), height=26)


def summarize_failures(
    receipts: Receipts,
    *,
    by: str | Sequence[str] = "error_type",
    most: int = 10,
    colors: Mapping[str | None, str] | None = None,
) -> alt.LayerChart:
    """Draw the failures of each group as bars, most frequent first.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.summarize_failures`, whose counts are drawn.
    most
        How many groups have a bar of their own; the rest share one.
    colors
        Colors of error types by name, to match those of another chart: see `leading_groups`.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``group``, ``failures`` and ``share``; `leading_groups` lists which
        receipts a ``group`` stands for.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> summarize_failures(pl.DataFrame(schema=SCHEMA)).description
    '0 failed receipts by error type. No receipts failed.'
    """
    groups = leading_groups(receipts, by=by, most=most, colors=colors)
    # Colors stand for error types, so other groups share one.
    if by not in {"error_type", ("error_type",)}:
        plain = pl.when(pl.col("folded") == 1).then(pl.lit(VERMILION)).otherwise("color")
        groups = groups.with_columns(color=plain)
    name = " and ".join([in_words(by)] if isinstance(by, str) else map(in_words, by))
    title = f"{_failed_receipts(groups)} by {name}"
    return _counted(groups, title, name, "group")


def failure_signatures(
    receipts: Receipts,
    *,
    most: int = 10,
    colors: Mapping[str | None, str] | None = None,
) -> alt.LayerChart:
    """Draw the failures of each signature as bars, in the color of its error type.

    Parameters
    ----------
    receipts
        As for `clinia_nb.failure_signatures`, whose counts are drawn.
    most
        How many signatures have a bar of their own; the rest share one.
    colors
        As in `summarize_failures`.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``group``, ``failures``, ``share`` and ``kind`` (the error types);
        `leading_groups` with ``by="signature"`` lists which receipts a ``group`` stands for.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> failure_signatures(pl.DataFrame(schema=SCHEMA)).description
    '0 failed receipts by signature. No receipts failed.'
    """
    signed = with_signatures(as_polars(receipts))
    groups = with_error_types(
        leading_groups(signed, by="signature", most=most), signed, ["signature"], colors
    )
    several = groups.filter(pl.col("folded") == 1)["kind"].n_unique() > 1
    note = "A signature is a message whose variable words are placeholders"
    title = f"{_failed_receipts(groups)} by signature"
    return _counted(groups, title, "signature", "kind" if several else "group", note)


def failure_heatmap(
    receipts: Receipts,
    *,
    by: tuple[str, str] = ("error_type", "type"),
    most: int = 8,
) -> alt.LayerChart:
    """Draw failures by two attributes at once: rows by the first one, columns by the second.

    Parameters
    ----------
    receipts
        As for `clinia_nb.summarize_failures`, whose counts are drawn.
    by
        Two columns.
    most
        How many rows, and how many columns, are single values; the rest share one each.

    Returns
    -------
    alt.LayerChart
        The cells have the fields ``row``, ``column`` and ``failures``; `leading_groups` by either
        column, with the same `most`, lists which receipts they stand for.

    Raises
    ------
    ColumnClashError
        A column of `by` has the name of a field.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> failure_heatmap(pl.DataFrame(schema=SCHEMA)).description
    '0 failed receipts by error type and type. No receipts failed.'
    """
    group_columns(by, outputs=("row", "column"))
    first, second = by
    frame = signed_for(receipts, by)
    rows = leading_groups(frame, by=first, most=most)
    columns = leading_groups(frame, by=second, most=most)
    title = f"{_failed_receipts(rows)} by {in_words(first)} and {in_words(second)}"
    if rows.is_empty():
        return nothing(title, _NONE_FAILED)
    lazy, available = lazy_with(frame, ["status", *by])
    counted = lazy.filter(failed(available)).group_by(by).agg(failures=pl.len()).collect()
    cells = (
        _placed(_placed(counted, rows, first, "row"), columns, second, "column")
        .group_by("row", "column")
        .agg(pl.col("failures").sum().cast(pl.Int64))
        .with_columns(
            share=pl.col("failures") / pl.col("failures").sum(),
            row_place=_place("row", rows),
            column_place=_place("column", columns),
        )
        .with_columns(key=pl.format("{},{}", "row_place", "column_place"))
        .sort("failures", "row_place", "column_place", descending=[True, False, False])
    )
    return _heat(cells, rows["group"].to_list(), columns["group"].to_list(), title, by)


def _placed(counted: pl.DataFrame, groups: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    single = groups.filter(pl.col("folded") == 1).select(key, pl.col("group").alias(name))
    joined = counted.join(single, on=key, how="left", nulls_equal=True, maintain_order="left")
    rest = groups.filter(pl.col("folded") > 1)["group"]
    return joined.with_columns(pl.col(name).fill_null(rest[0] if len(rest) else ""))


def _place(name: str, groups: pl.DataFrame) -> pl.Expr:
    """Return the number of each name among the groups."""
    return pl.col(name).replace_strict(groups["group"], range(groups.height), return_dtype=pl.Int64)


def _heat(
    cells: pl.DataFrame, rows: list[str], columns: list[str], title: str, by: tuple[str, str]
) -> alt.LayerChart:
    cell = max(58, min(96, _HEAT_WIDTH // len(columns)))
    y = alt.Y(
        "row_place:O",
        axis=name_axis(rows, columns=_ROW_LETTERS),
        scale=alt.Scale(domain=list(range(len(rows)))),
    )
    x = alt.X(
        "column_place:O",
        axis=column_axis(columns, columns=cell // 6),
        scale=alt.Scale(domain=list(range(len(columns)))),
    )
    grid = [
        {"row_place": row, "column_place": column}
        for row in range(len(rows))
        for column in range(len(columns))
    ]
    blank = alt.Chart(data(pl.DataFrame(grid))).mark_rect(fill=LINE, opacity=0.35, stroke=PAPER)
    base = alt.Chart(data(cells)).encode(x=x, y=y)
    filled = described(
        base.mark_rect(fill=VERMILION, stroke=PAPER, strokeWidth=1.5),
        (in_words(by[0]).capitalize(), "row"),
        (in_words(by[1]).capitalize(), "column"),
        ("Failed receipts", "failures", ",d"),
        ("Of all failures", "share", ".1%"),
    ).encode(
        # By the square root, so that few are visible next to many.
        opacity=alt.Opacity(
            "failures:Q", scale=alt.Scale(type="sqrt", domainMin=0, range=[0.05, 0.8]), legend=None
        )
    )
    numbers = base.mark_text().encode(text=alt.Text("failures:Q", format=",d"))
    # For narrow columns; see `_fit`.
    numbers = numbers.transform_calculate(
        brief="format(datum.failures, datum.failures < 1000 ? 'd' : '.2~s')"
    )
    leader = cells.row(0, named=True)
    most = f"Most, {formats.count(leader['failures'])}, are {leader['row']} of {leader['column']}"
    lines = max(wrap(label, _ROW_LETTERS).count("\n") + 1 for label in rows)
    height = max(34, LINE_HEIGHT * lines + 12) * len(rows)
    layers = [blank.encode(x=x, y=y), filled, numbers]
    return finish(layers, title, description=most, height=height).properties(
        width=cell * len(columns)
    )


def _failed_receipts(groups: pl.DataFrame) -> str:
    return formats.counted(int(groups["failures"].sum()), "failed receipt")


def _counted(groups: pl.DataFrame, title: str, name: str, hue: str, *notes: str) -> alt.LayerChart:
    """Draw counted groups, colored by group, or by a column that a legend then explains."""
    if groups.is_empty():
        return nothing(title, _NONE_FAILED)
    hues = dict(groups.select(hue, "color").iter_rows())
    numbers = {label: number for number, label in enumerate(hues)}
    facts = [(name.capitalize(), "group"), *([("Error type", "kind")] if hue == "kind" else [])]
    return ranked_bars(
        groups.select(
            "group",
            "failures",
            "share",
            *({hue} - {"group"}),
            hue=pl.col(hue).replace_strict(numbers, return_dtype=pl.Int64),
        ),
        title,
        *facts,
        ("Failed receipts", "failures", ",d"),
        ("Of all failures", "share", ".1%"),
        count="failures",
        hue=color("hue", hues, shown=hue != "group"),
        notes=notes,
    )
