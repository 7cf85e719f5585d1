"""Frames as CSV and Parquet."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import polars as pl

from clinia_nb.errors import check_type
from clinia_nb.files import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from clinia_nb.receipts.columns import HasReceipts

# Spreadsheets run what begins with one of these, also after blanks and invisible characters, and
# also after a semicolon, a tab or a line break, which some settings split cells at.
_FORMULA = r"(^|[;\t\r\n])([\s\p{Z}\p{C}\"]*)([=+\-@＝＋－＠﹢﹣﹦﹫−])"


def to_csv(frame: pl.DataFrame | HasReceipts) -> bytes:
    r"""Return a frame as CSV that no spreadsheet runs as formulas.

    Every text is quoted, and one that a spreadsheet would run as a formula gets an apostrophe.
    Durations are seconds, lists are joined by spaces, times are UTC. A byte order mark tells Excel
    that it is UTF-8. A program that needs ids exactly as they are gets polars' own ``write_csv``.

    Examples
    --------
    >>> to_csv(pl.DataFrame({"message": ["=1+1", "well"], "n": [1, 2]})).decode("utf-8-sig")
    '"message","n"\n"\'=1+1",1\n"well",2\n'
    """
    table = cast("pl.DataFrame", getattr(frame, "receipts", frame))  # a bulk has receipts
    check_type(table, pl.DataFrame, "CSV is written of a polars DataFrame")
    columns: list[pl.Expr] = []
    for name, dtype in table.schema.items():
        column = pl.col(name)
        if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
            column = column.dt.convert_time_zone("UTC")
        elif isinstance(dtype, pl.Duration):
            column = column.dt.total_microseconds() / 1_000_000
        elif isinstance(dtype, pl.List):
            column = _defused(column.cast(pl.List(pl.String)).list.join(" "))
        elif isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
            column = _defused(column.cast(pl.String))
        columns.append(column.alias(name))
    names = pl.Series(table.columns, dtype=pl.String)
    headings = pl.select(_defused(pl.lit(names))).to_series().to_list()
    rows = table.select(columns)
    rows.columns = headings
    file = io.BytesIO()
    rows.write_csv(
        file,
        include_bom=True,
        datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ",
        quote_style="non_numeric",
    )
    return file.getvalue()


def _defused(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_FORMULA, "${1}'${2}${3}").str.replace(r"^[\t\r]", "'${0}")


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Write a frame as Parquet, its dtypes as they are."""
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def write_csv(frame: pl.DataFrame | HasReceipts, path: str | Path) -> None:
    """Write any summary or receipts as a CSV file that spreadsheets open safely.

    Every text is quoted, and one that a spreadsheet would run as a formula gets an apostrophe.
    Durations are seconds, lists are joined by spaces, times are UTC. For a program that needs ids
    exactly as they are, use polars' own ``write_csv`` instead.

    Parameters
    ----------
    frame
        The frame, or a bulk for its receipts.
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
    "ids"
    "a b"
    <BLANKLINE>
    """
    write_file(path, to_csv(frame), private=True)
