"""Structs of receipts become typed columns."""

from __future__ import annotations

import re
from datetime import UTC, datetime
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

_ROWS = 16_000  # typed at a time
_AT_ONCE = 200  # more than a piece has errors: to begin a series takes as long as 200 texts
_TIMES = datetime(1971, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_EMPTY_JSON = frozenset({b"", b"null", b"[]", b"{}", b'""'})
_EMPTY_SPACED = re.compile(rb"\[\s*\]|\{\s*\}")


class Columns:
    """The values of one JSON object of many receipts, member by member, as the wire has them."""

    def __init__(self, shape: Shape) -> None:
        self._members = list(shape.members.values())
        self._rows: list[msgspec.Struct] = []
        self._series = [[_series(m.field, ())] if m.field else [] for m in self._members]
        self._nested = [member.shape and Columns(member.shape) for member in self._members]
        self._there: list[bool] = []

    def __len__(self) -> int:
        return len(self._there)

    def extend(self, rows: Sequence[msgspec.Struct | None]) -> None:
        """Add rows. None is an object that is absent."""
        self._there += [row is not None for row in rows]
        self._rows += [row for row in rows if row is not None]
        if len(self._rows) >= _AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        """Make series of the rows while they are in the processor's cache."""
        # Whole rows turned into columns at once cost half of an attribute at a time.
        columns: Iterable[Sequence[Any]] = zip(*map(astuple, self._rows), strict=True)
        # Without a row there are no columns; members that are ignored come last.
        for member, series, nested, column in zip(
            self._members, self._series, self._nested, columns, strict=False
        ):
            if member.field:
                series.append(_series(member.field, column))
            elif nested is not None:
                nested.extend(column)
        self._rows = []

    def frame(self) -> pl.DataFrame:
        """Return one row per row that was added and one column per field."""
        self._pack()
        own = [pl.concat(series, rechunk=True) for series in self._series if series]
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


def _series(field: Field, values: Sequence[Any]) -> pl.Series:
    if field.json:
        values = list(map(_json_text, values))
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
    """Collects receipts and makes the frame of them."""

    def __init__(self, fields: tuple[Field, ...], shape: Shape) -> None:
        self._fields, self._shape = fields, shape
        self._columns = Columns(shape)
        self._typed: list[_Typed] = []
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def extend(self, rows: Sequence[msgspec.Struct]) -> None:
        """Add receipts."""
        self._columns.extend(rows)
        self._rows += len(rows)
        if len(self._columns) >= _ROWS:
            self._type()

    def _type(self) -> None:
        start = self._rows - len(self._columns)
        self._typed.append(_typed(self._columns.frame(), self._fields, start))
        self._columns = Columns(self._shape)

    def finish(self, keys: Mapping[str, str], notes: Notes) -> pl.DataFrame:
        """Return the frame; note the times that could not be read."""
        if len(self._columns) or not self._typed:
            self._type()
        for part in self._typed:
            for why, (count, first) in part.unread.items():
                notes.unreadable(why, first, count)
        same = self._typed[0].constants
        for part in self._typed:
            same = dict(same.items() & part.constants.items())
        parts = [
            part.columns.with_columns(
                _repeated(name, text, part.columns.height)
                for name, text in part.constants.items()
                if name not in same
            )
            for part in self._typed
        ]
        # Many chunks are kept: putting them together would need a second copy of the frame.
        receipts = pl.concat(parts, how="diagonal", rechunk=False).with_columns(
            *(
                pl.lit(text, dtype=pl.String).alias(name)
                for name, text in (same | dict(keys)).items()
            ),
            duration=pl.col("completed_at") - pl.col("received_at"),
        )
        return receipts.select(pl.col(field.name).cast(field.dtype) for field in self._fields)


class _Typed(NamedTuple):
    """Typed columns; those that hold one text; how many values are unread, and the first's row."""

    columns: pl.DataFrame
    constants: dict[str, str | None]
    unread: dict[str, tuple[int, int]]


def _typed(texts: pl.DataFrame, fields: Iterable[Field], start: int) -> _Typed:
    """Convert texts to the dtypes of the fields."""
    sent = [field for field in fields if field.path]
    kept = [field.name for field in sent if field.dtype == pl.String and field.path != "id"]
    constants = _constants(texts.select(kept))
    columns = texts.select(_converted(field) for field in sent if field.name not in constants)
    # Within the expression that they come from, times would be read twice.
    times = pl.col(field.name for field in sent if field.dtype == TIME)
    columns = columns.with_columns(pl.when(_is_time(times)).then(times))
    unread: dict[str, tuple[int, int]] = {}
    for field in sent:
        lost = columns[field.name].null_count() if field.dtype == TIME else 0
        if lost > texts[field.name].null_count():
            unread |= _unread(texts[field.name], field.path, start)
    return _Typed(columns, constants, unread)


def _constants(texts: pl.DataFrame) -> dict[str, str | None]:
    """Return the columns that repeat one text, or null, such as the task of a bulk."""
    if not texts.height:
        return {}
    first = texts.row(0, named=True)
    is_same = texts.select(pl.all().eq_missing(pl.all().first()).all()).row(0, named=True)
    return {name: first[name] for name, same in is_same.items() if same}


def _repeated(name: str, text: str | None, rows: int) -> pl.Series:
    """Return a column of one text, which is there once, in one chunk as the other columns are."""
    once = pl.Series(name, [text], dtype=pl.String)
    return once.gather(pl.repeat(0, rows, dtype=pl.UInt32, eager=True))


def _converted(field: Field) -> pl.Expr:
    column = pl.col(field.name)
    if field.dtype == TIME:
        return _time(column)
    if field.path == "id":
        column = pl.when(column.str.strip_chars() != "").then(column)
    # To add nothing copies texts, out of buffers of many pieces that are half empty.
    return column + "" if field.dtype == pl.String else column.cast(field.dtype)


def _unread(texts: pl.Series, path: str, start: int) -> dict[str, tuple[int, int]]:
    """Count the texts of times that could not be read, by why."""
    text = pl.col(texts.name)
    time = _time(text)
    found = texts.to_frame().select(
        (text.is_not_null() & time.is_null()).alias(path),
        _is_time(time).not_().alias(f"{path} with a placeholder instead of a time"),
    )
    return {
        rows.name: (int(rows.sum()), start + int(rows.arg_true()[0]))
        for rows in found
        if rows.any()
    }


def _is_time(time: pl.Expr) -> pl.Expr:
    first, end = _TIMES
    return time.is_between(first, end, closed="left")


def _time(text: pl.Expr) -> pl.Expr:
    return text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False, cache=False)
