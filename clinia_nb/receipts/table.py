"""Structs of receipts become typed columns."""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
from msgspec.structs import astuple

from .fields import TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import msgspec

    from .fields import Field
    from .notes import Notes
    from .shapes import Shape

_ROWS = 8_000  # typed at a time
_AHEAD = 3
_FIRST_YEAR, _LAST_YEAR = 1971, 9998
_EMPTY_JSON = frozenset({b"", b"null", b"[]", b"{}", b'""'})
_EMPTY_SPACED = re.compile(rb"\[\s*\]|\{\s*\}")


class Columns:
    """The values of one JSON object of many receipts, member by member, as the wire has them."""

    def __init__(self, shape: Shape) -> None:
        self._members = list(shape.members.values())
        self._values: list[list[Any]] = [[] for _ in self._members]
        self._nested = [member.shape and Columns(member.shape) for member in self._members]
        self._there: list[bool] = []

    def __len__(self) -> int:
        return len(self._there)

    def extend(self, rows: Sequence[msgspec.Struct | None]) -> None:
        """Add rows. None is an object that is absent."""
        self._there += [row is not None for row in rows]
        present = [row for row in rows if row is not None]
        # Whole rows turned into columns at once cost half of an attribute at a time.
        columns: Iterable[Sequence[Any]] = zip(*map(astuple, present), strict=True)
        # Without a present row there are no columns; members that are ignored come last.
        for values, nested, column in zip(self._values, self._nested, columns, strict=False):
            if nested is None:
                values.extend(column)
            else:
                nested.extend(column)

    def frame(self) -> pl.DataFrame:
        """Return one row per row that was added and one column per field."""
        own = [
            _series(member.field, values)
            for member, values in zip(self._members, self._values, strict=True)
            if member.field
        ]
        inner = [
            _no_zeros(nested.frame()).get_columns() for nested in self._nested if nested is not None
        ]
        frame = pl.DataFrame([*own, *chain.from_iterable(inner)])
        there = pl.Series(self._there, dtype=pl.Boolean)
        return frame if there.all() else _spread(frame, there)


def _no_zeros(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty the rows whose values are all zero: Go sends an absent object so."""
    zero = pl.all_horizontal(_is_zero(name, dtype) for name, dtype in frame.schema.items())
    rows = frame.select(zero).to_series()
    return frame.with_columns(pl.when(~rows).then(pl.all())) if rows.any() else frame


def _spread(frame: pl.DataFrame, there: pl.Series) -> pl.DataFrame:
    """Move rows to the places where their object is present; all others are null."""
    if not frame.height:
        return frame.clear(len(there))
    places = pl.select(pl.when(there).then(there.cum_sum() - 1)).to_series()
    return frame.select(pl.all().gather(places))


def _is_zero(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String:
        return column.is_null() | (column == "")
    return column.is_null() | (~column if dtype == pl.Boolean else column == 0)


def _series(field: Field, values: list[Any]) -> pl.Series:
    if field.json:
        return pl.Series(field.name, list(map(_json_text, values)), dtype=pl.String)
    is_text = field.dtype in (pl.Categorical, TIME)
    dtype = pl.String if is_text else field.dtype
    return pl.Series(field.name, values, dtype=dtype)


def _json_text(raw: msgspec.Raw) -> str | None:
    """Return JSON as its text; None if it is absent or empty."""
    data = bytes(raw)
    if data in _EMPTY_JSON or _EMPTY_SPACED.fullmatch(data):
        return None
    return data.decode()


class Table:
    """Collects receipts and makes the frame of them; what is collected is typed in a thread."""

    def __init__(self, fields: tuple[Field, ...], shape: Shape) -> None:
        self._fields, self._shape = fields, shape
        self._columns = Columns(shape)
        self._typist = ThreadPoolExecutor(1)  # Polars lets other threads run
        self._typed: list[Future[_Typed]] = []
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def extend(self, rows: Sequence[msgspec.Struct]) -> None:
        """Add receipts."""
        self._columns.extend(rows)
        self._rows += len(rows)
        if len(self._columns) >= _ROWS:
            self._submit()

    def _submit(self) -> None:
        if len(self._typed) >= _AHEAD:
            self._typed[-_AHEAD].result()  # what is not typed yet takes memory
        self._typed.append(self._typist.submit(_typed, *self._collected()))
        self._columns = Columns(self._shape)

    def _collected(self) -> tuple[pl.DataFrame, tuple[Field, ...], int]:
        return self._columns.frame(), self._fields, self._rows - len(self._columns)

    def finish(self, keys: Mapping[str, str], notes: Notes) -> pl.DataFrame:
        """Return the frame; note the times that could not be read."""
        last = _typed(*self._collected())
        parts = [*(future.result() for future in self._typed), last]
        self._typist.shutdown()
        for part in parts:
            for why, (count, first) in part.unread.items():
                notes.unreadable(why, first, count)
        # Many chunks are kept: putting them together would need a second copy of the frame.
        receipts = pl.concat([part.columns for part in parts], rechunk=False)
        receipts = receipts.with_columns(
            *(
                _constant(receipts[field.name])
                for field in self._fields
                if field.dtype == pl.String
            ),
            *(pl.lit(key).alias(name) for name, key in keys.items()),
            duration=pl.col("completed_at") - pl.col("received_at"),
        )
        return receipts.select(pl.col(field.name).cast(field.dtype) for field in self._fields)


def _constant(column: pl.Series) -> pl.Series | pl.Expr:
    """Return a column without its copies of one text, such as the task of a bulk."""
    first = column.first() if len(column) else None
    if first is None:
        same = column.null_count() == len(column)
    else:
        same = column.null_count() == 0 and (column == first).all()
    return pl.lit(first, dtype=column.dtype).alias(column.name) if same else column


class _Typed(NamedTuple):
    """Typed columns; and how many values could not be read, and the first receipt of them."""

    columns: pl.DataFrame
    unread: dict[str, tuple[int, int]]


def _typed(texts: pl.DataFrame, fields: Iterable[Field], start: int) -> _Typed:
    """Convert texts to the dtypes of the fields."""
    sent = [field for field in fields if field.path]
    times = [field for field in sent if field.dtype == TIME]
    ids = {field.name: _no_blank(field.name) for field in sent if field.path == "id"}
    read = texts.with_columns(**{field.name: _time(pl.col(field.name)) for field in times}, **ids)
    unread: dict[str, tuple[int, int]] = {}
    for field in times:
        time = read[field.name]
        odd = ~time.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)
        if odd.any():
            read = read.with_columns(pl.when(~odd).then(pl.col(field.name)))
        for why, rows in (
            (field.path, texts[field.name].is_not_null() & time.is_null()),
            (f"{field.path} with a placeholder instead of a time", odd),
        ):
            if rows.any():
                unread[why] = (int(rows.sum()), start + int(rows.arg_true()[0]))
    return _Typed(read.select(pl.col(field.name).cast(field.dtype) for field in sent), unread)


def _time(text: pl.Expr) -> pl.Expr:
    return text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False, cache=False)


def _no_blank(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name))
