"""Column checks and dtypes that every summary shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import polars as pl

from clinia_nb.errors import ColumnClashError, EngineError, MissingColumnError, check_type

from .fields import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from narwhals.typing import IntoFrame


class HasReceipts(Protocol):
    """Anything with a frame of receipts, such as a `BulkResult`."""

    @property
    def receipts(self) -> pl.DataFrame: ...  # noqa: D102 - the class says it


# What functions take as receipts: a polars frame, a bulk, or a frame that Narwhals knows.
Receipts: TypeAlias = "pl.DataFrame | pl.LazyFrame | HasReceipts | IntoFrame"

TIMESTAMP, DURATION = SCHEMA["received_at"], SCHEMA["duration"]
WHOLE_NUMBERS = tuple(name for name, dtype in SCHEMA.items() if dtype.is_integer())


def lazy_with(receipts: Receipts, needed: Iterable[str]) -> tuple[pl.LazyFrame, list[str]]:
    """Return the frame as a lazy one, and its column names, if all `needed` columns are there.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame.

    Examples
    --------
    >>> lazy_with(pl.DataFrame({"status": ["SUCCESS"]}), ["status"])[1]
    ['status']
    """
    lazy = as_polars(receipts).lazy()
    available = lazy.collect_schema().names()
    missing = [name for name in dict.fromkeys(needed) if name not in available]
    if missing:
        raise MissingColumnError(missing, available)
    return lazy, available


def check_bulk(value: object, function: str) -> None:
    """Check that a value is a bulk, for a function that needs one.

    Raises
    ------
    TypeError
        It is something else; the message says how to make a bulk of a frame.

    Examples
    --------
    >>> check_bulk(pl.DataFrame(), "explain")
    Traceback (most recent call last):
    ...
    TypeError: explain takes a BulkResult, not DataFrame; use BulkResult.from_receipts(frame).
    """
    if hasattr(value, "receipts") and hasattr(value, "summary"):
        return
    frame = hasattr(type(value), "columns")
    advice = (
        "BulkResult.from_receipts(frame)" if frame else "client.fetch_bulk(source_key, bulk_id)"
    )
    raise TypeError(f"{function} takes a BulkResult, not {type(value).__name__}; use {advice}.")


def as_polars(receipts: object) -> pl.DataFrame | pl.LazyFrame:
    """Return receipts as a polars frame: a bulk's own, or those of another library at hand.

    Whole numbers that are held otherwise, as pandas does where one is missing, get their own dtype,
    and a ``duration`` is made of an archive's ``duration_us``.

    Raises
    ------
    EngineError
        Another engine holds them, which this function cannot use where they are.
    TypeError
        They are not a frame.
    ValueError
        A column of receipts has values of another kind, such as texts for times.

    Examples
    --------
    >>> as_polars("bk_1")
    Traceback (most recent call last):
    ...
    TypeError: Receipts are a frame or a BulkResult, not str.
    """
    if isinstance(receipts, pl.DataFrame | pl.LazyFrame):
        return _typed(receipts)
    held = getattr(receipts, "receipts", None)
    if isinstance(held, pl.DataFrame | pl.LazyFrame):
        return _typed(held)
    import narwhals as nw

    frame: object = nw.from_native(cast("Any", receipts), pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        raise EngineError(
            f"This needs a polars frame, and {frame.implementation} holds the receipts. Load those "
            "that matter with `.pl()` (DuckDB) or `pl.from_arrow(frame.toArrow())` (Spark)."
        )
    if isinstance(frame, nw.DataFrame):
        return _typed(cast("nw.DataFrame[Any]", frame).to_polars())
    # Not shown: it may be the receipts themselves, in another form.
    raise TypeError(f"Receipts are a frame or a BulkResult, not {type(receipts).__name__}.")


def _typed(frame: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame | pl.LazyFrame:
    schema = frame.collect_schema()
    held = {name: dtype for name, dtype in schema.items() if name in SCHEMA}
    # Polars' own errors about them would quote values.
    for name, dtype in held.items():
        if not _fits(dtype, SCHEMA[name]):
            raise ValueError(
                f"{name}: {dtype} is not what receipts have there, {SCHEMA[name]}. "
                f"Convert this column{_how(name, dtype)}, or rename it if it is your own."
            )
    changed = [
        pl.col(name).cast(SCHEMA[name], strict=False)  # NaN and what is out of range become null
        for name in WHOLE_NUMBERS
        if name in held and held[name] != SCHEMA[name]
    ]
    if "duration_us" in schema and "duration" not in schema:
        changed.append(pl.duration(microseconds="duration_us").alias("duration"))
    return frame.with_columns(changed) if changed else frame


def _how(name: str, held: pl.DataType) -> str:
    """Say how to convert what was read from CSV, or times that are numbers."""
    if SCHEMA[name].is_integer():
        return f", as with pl.col({name!r}).cast(int)"
    if isinstance(SCHEMA[name], pl.Datetime):
        if held.is_numeric():
            epoch = f"pl.from_epoch({name!r}, time_unit='ms')"
            return f", as with {epoch}.dt.replace_time_zone('UTC') if it counts milliseconds"
        return f", as with pl.col({name!r}).str.to_datetime(time_zone='UTC')"
    return f", as with pl.duration(seconds={name!r})" if SCHEMA[name] == DURATION else ""


def _fits(dtype: pl.DataType, wanted: pl.DataType) -> bool:
    """Tell whether a column of a dtype can be read as one of another, whatever its values are."""
    if wanted.is_integer():
        return dtype.is_numeric() or dtype == pl.Null
    if isinstance(wanted, pl.String | pl.Categorical | pl.Enum):
        # Whole numbers are what engines make of a source key of digits.
        return not (dtype.is_nested() or isinstance(dtype, pl.Binary | pl.Boolean))
    if isinstance(wanted, pl.Datetime):
        return isinstance(dtype, pl.Datetime | pl.Date | pl.Null)
    return isinstance(dtype, pl.Duration | pl.Null) if isinstance(wanted, pl.Duration) else True


def group_columns(by: str | Sequence[str] | None, *, outputs: Collection[str]) -> list[str]:
    """Return the columns to group by as a list without repetitions.

    Parameters
    ----------
    by
        One column, several, or None for no groups.
    outputs
        The columns that the answer adds: none of them can be grouped by.

    Raises
    ------
    ColumnClashError
        A column of `by` has the name of a column of the answer.
    TypeError
        `by` is neither a name nor names.

    Examples
    --------
    >>> group_columns(["type", "action", "type"], outputs=["failures"])
    ['type', 'action']
    """
    names = list(dict.fromkeys(names_of(by)))
    clash = [name for name in names if name in outputs]
    if clash:
        raise ColumnClashError(
            f"Cannot group by {', '.join(map(repr, clash))}: the answer has a column of that name. "
            "Rename it first, with `receipts.rename({…})`."
        )
    return names


def names_of(by: object) -> list[str]:
    """Return one column's name, or several, as a list.

    >>> names_of(3)
    Traceback (most recent call last):
    ...
    TypeError: by is a column's name or a list of names, such as ['type'], not int.
    """
    if by is None:
        return []
    is_one = isinstance(by, str) or not isinstance(by, Iterable)
    names: list[object] = [by] if is_one else list(cast("Iterable[object]", by))
    for name in names:
        check_type(name, str, "by is a column's name or a list of names, such as ['type']")
    return cast("list[str]", names)


def aggregate(frame: pl.DataFrame, keys: Sequence[str], aggregates: list[pl.Expr]) -> pl.DataFrame:
    """Aggregate per group, or over everything, in one row, where there are no keys."""
    return frame.group_by(keys).agg(aggregates) if keys else frame.select(aggregates)


def timestamp(name: str) -> pl.Expr:
    """Return a column of times in UTC and microseconds. Times without a zone are taken as UTC."""
    return pl.col(name).cast(TIMESTAMP)
