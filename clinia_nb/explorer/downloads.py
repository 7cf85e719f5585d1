"""Frames as files for a browser to save: made in memory, never written to this machine."""

from __future__ import annotations

import io

import polars as pl

# What spreadsheets take for the beginning of a formula, also after a blank.
_FORMULA = r"^[\s]*[=+\-@\t\r]"


def to_csv(frame: pl.DataFrame) -> bytes:
    r"""Write a frame as CSV that no spreadsheet runs as formulas.

    A text that begins as a formula does gets an apostrophe before it, as spreadsheets write a
    text that is one. Durations are whole microseconds, lists are joined by blanks, times are UTC.
    With a mark of UTF-8 at the beginning, by which Excel knows.

    Examples
    --------
    >>> to_csv(pl.DataFrame({"message": ["=1+1", "well"]})).decode("utf-8-sig")
    "message\n'=1+1\nwell\n"
    """
    columns: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        column = pl.col(name)
        if isinstance(dtype, pl.Duration):
            columns.append(column.dt.total_microseconds().alias(name))
            continue
        if isinstance(dtype, pl.List):
            column = column.cast(pl.List(pl.String)).list.join(" ")
            dtype = pl.String()  # noqa: PLW2901 - from here on it is one
        if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
            text = column.cast(pl.String)
            defused = pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text)
            column = defused.alias(name)
        columns.append(column)
    file = io.BytesIO()
    frame.select(columns).write_csv(
        file, include_bom=True, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ"
    )
    return file.getvalue()


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Write a frame as Parquet, its dtypes as they are."""
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()
