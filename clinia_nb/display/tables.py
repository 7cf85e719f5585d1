"""Frames as CSV and Parquet."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.files import write_file

if TYPE_CHECKING:
    from pathlib import Path

# What spreadsheets take for the beginning of a formula, also after a blank.
_FORMULA = r"^[\s]*[=+\-@\t\r]"


def to_csv(frame: pl.DataFrame) -> bytes:
    r"""Write a frame as CSV that no spreadsheet runs as formulas.

    A text that begins as a formula does gets an apostrophe before it, as spreadsheets write a
    text that is one. Durations are seconds, lists are joined by blanks, times are UTC. A byte order
    mark at the beginning tells Excel that it is UTF-8.

    Examples
    --------
    >>> to_csv(pl.DataFrame({"message": ["=1+1", "well"]})).decode("utf-8-sig")
    "message\n'=1+1\nwell\n"
    """
    columns: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        column = pl.col(name)
        if isinstance(dtype, pl.Duration):
            columns.append((column.dt.total_microseconds() / 1_000_000).alias(name))
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


def write_csv(frame: pl.DataFrame, path: str | Path) -> None:
    """Write any summary or receipts as a CSV file that spreadsheets open safely.

    Text that a spreadsheet would run as a formula gets an apostrophe before it. Durations are
    seconds, lists are joined by blanks, times are UTC.

    Parameters
    ----------
    frame
        The frame.
    path
        The file. It is written whole or not at all; a new one is readable by you alone.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_csv(pl.DataFrame({"ids": [["a", "b"]]}), Path(folder) / "ids.csv")
    ...     print((Path(folder) / "ids.csv").read_text("utf-8-sig"))
    ids
    a b
    <BLANKLINE>
    """
    write_file(path, to_csv(frame), private=True)
