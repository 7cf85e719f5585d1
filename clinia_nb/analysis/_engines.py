"""Summaries where the data is: counted by another engine, finished here in polars.

Only counts are loaded. The engine is whatever Narwhals knows and has no rows at hand:
DuckDB and Spark are tested. Times become whole microseconds there, so that neither a session's time
zone nor an engine's rounding matters; percentiles are by nearest rank, as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import polars as pl

from clinia_nb.errors import EngineError, IntervalError, MissingColumnError
from clinia_nb.receipts.columns import TIMESTAMP, WHOLE_NUMBERS
from clinia_nb.receipts.fields import DURATION, ERROR_COLUMNS

from .intervals import check_interval_count, interval_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import narwhals as nw

RECEIVED, COMPLETED, TOOK = "__received", "__completed", "__took"
OUTCOME, FAILED, ONE = "__outcome", "__failed", "__one"
_TIMES = {"received_at": RECEIVED, "completed_at": COMPLETED}
_UNKNOWN_TIME = 2**62  # sorts last


class Elsewhere:
    """Receipts that another engine holds.

    Parameters
    ----------
    frame
        They, as a lazy Narwhals frame.
    keys
        The columns that they are grouped by.
    needed
        The columns that must be there. A ``duration`` is made of both times, or of an archive's
        ``duration_us``.
    """

    def __init__(
        self, frame: nw.LazyFrame[Any], keys: Sequence[str], needed: Iterable[str]
    ) -> None:
        import narwhals as nw

        self.keys = [*keys] or [ONE]
        self.names = names = frame.collect_schema().names()
        timed = {"duration_us"} <= {*names} or {*_TIMES} <= {*names}
        have = {*names, *(["duration"] if timed else [])}
        missing = [name for name in dict.fromkeys([*keys, *needed]) if name not in have]
        if missing:
            raise MissingColumnError(missing, names)
        frame = _with_whole_numbers(frame)
        frame = _with_microseconds(frame, [name for name in _TIMES if name in names])
        errors = [~nw.col(name).is_null() for name in ERROR_COLUMNS if name in names]
        status = nw.col("status") if "status" in names else nw.lit(None, nw.String())
        is_failed = nw.any_horizontal(status == "FAILURE", *errors, ignore_nulls=True)
        columns = [nw.lit(1).alias(ONE)]
        if "duration_us" in names:
            columns.append(nw.col("duration_us").alias(TOOK))
        elif timed:
            columns.append((nw.col(COMPLETED) - nw.col(RECEIVED)).alias(TOOK))
        outcome = nw.lit("other")
        for value, name in (
            ("PENDING", "pending"),
            ("CANCELLED", "cancelled"),
            ("SUCCESS", "succeeded"),
        ):
            outcome = nw.when(status == value).then(nw.lit(name)).otherwise(outcome)
        outcome = nw.when(is_failed).then(nw.lit("failed")).otherwise(outcome)
        columns += [outcome.alias(OUTCOME), is_failed.cast(nw.Int64()).alias(FAILED)]
        self.frame = frame.with_columns(*columns)

    def count(self, *keys: str, **aggregates: nw.Expr) -> pl.DataFrame:
        """Count rows per group, with further aggregates, and load the groups."""
        import narwhals as nw

        counted = self.frame.group_by(*(keys or self.keys)).agg(
            nw.len().alias("receipts"), **aggregates
        )
        return loaded(counted)

    def failures(self) -> Elsewhere:
        """Keep what failed."""
        import narwhals as nw

        return self.of(self.frame.filter(nw.col(FAILED) == 1), self.keys)

    def texts(self, *names: str, also: Sequence[str | nw.Expr] = ()) -> nw.LazyFrame[Any]:
        """Return columns as text, null if the frame has none of that name; and others as is."""
        import narwhals as nw

        columns = [
            (nw.col(name) if name in self.names else nw.lit(None)).cast(nw.String()).alias(name)
            for name in names
        ]
        return self.frame.select(*columns, *also)

    def count_failures(self) -> pl.DataFrame:
        """Count receipts and failures per interval and group."""
        import narwhals as nw

        counted = self.count(failures=nw.col(FAILED).sum())
        return counted.with_columns(
            pl.col("failures", "receipts").cast(pl.UInt32),
            pl.col("interval_start").cast(pl.Int64).cast(TIMESTAMP),
        ).select("interval_start", *self.keys[1:], "failures", "receipts")

    def of(self, frame: nw.LazyFrame[Any], keys: list[str]) -> Elsewhere:
        """Return other rows, or other keys, with the columns that were added to all receipts."""
        same = object.__new__(Elsewhere)
        same.frame, same.keys, same.names = frame, keys, frame.collect_schema().names()
        return same

    def span(self, *names: str) -> pl.DataFrame:
        """Return the first and last of some times, in one row of `TIMESTAMP` columns."""
        import narwhals as nw

        ends = self.frame.select(
            *(nw.col(name).min().alias(f"{name}_first") for name in names),
            *(nw.col(name).max().alias(f"{name}_last") for name in names),
        )
        return loaded(ends).cast(pl.Int64).cast(TIMESTAMP)

    def durations(self, shares: dict[str, float]) -> pl.DataFrame:
        """Count receipts by how they are timed, and summarize their durations, per group."""
        import narwhals as nw

        took, pending = nw.col(TOOK), nw.col(OUTCOME) == "pending"
        counts = {
            "completed": ~took.is_null(),
            "pending": took.is_null() & pending,
            "untimed": took.is_null() & ~pending,
            "negative": (took < 0).fill_null(value=False),
        }
        sums = {name: is_one.cast(nw.Int64()).sum() for name, is_one in counts.items()}
        spread = {"min": took.min(), "max": took.max(), "mean": took.mean()}
        return (
            self.count(**sums, **spread)
            .join(self.percentiles(shares), on=self.keys, how="left", nulls_equal=True)
            .with_columns(
                pl.col("receipts", *counts).cast(pl.UInt32),
                pl.col([*spread]).cast(pl.Int64).cast(DURATION),
            )
        )

    def received_and_completed(self, every: str | None) -> tuple[pl.DataFrame, pl.DataFrame, str]:
        """Count receipts per interval, as received and as completed; also the interval's length."""
        import narwhals as nw

        known = self.of(self.frame.filter(~nw.col(RECEIVED).is_null()), self.keys)
        ends = known.span(RECEIVED, COMPLETED)
        times = [ends[name] for name in ends.columns]
        if every is not None:
            check_interval_count(every, *times)
        step = interval_of(every, *times)
        counted = [
            known.in_steps(step, ends, time=time)
            .count()
            .drop_nulls("interval_start")
            .select(
                pl.col("interval_start").cast(pl.Int64).cast(TIMESTAMP),
                pl.col("receipts").cast(pl.UInt32).alias(name),
            )
            for time, name in ((RECEIVED, "received"), (COMPLETED, "completed"))
        ]
        return counted[0], counted[1], step

    def percentiles(self, shares: dict[str, float]) -> pl.DataFrame:
        """Return durations by nearest rank per group, one column per percentile."""
        size = _size()
        ranks = {name: (size * round(share * 100) + 99) // 100 for name, share in shares.items()}
        return self._at_ranks(TOOK, ranks).with_columns(
            pl.col([*shares]).cast(pl.Int64).cast(DURATION)
        )

    def spread(self) -> pl.DataFrame:
        """Return ``spread`` per group: microseconds in which the middle 80% were received."""
        # The ranks that polars takes for the nearest, counted from 1.
        last = _size() - 1
        ranks = {"begins": (last + 5) // 10 + 1, "ends": (last * 9 + 5) // 10 + 1}
        spread = (pl.col("ends") - pl.col("begins")).cast(pl.Float64).alias("spread")
        return self._at_ranks(RECEIVED, ranks).select(*self.keys, spread)

    def _at_ranks(self, column: str, ranks: dict[str, nw.Expr]) -> pl.DataFrame:
        """Return the values of a column at ranks that depend on how many there are, per group."""
        import narwhals as nw

        rank = nw.col("__rank")
        ranked = (
            self.frame.filter(~nw.col(column).is_null())
            .with_columns(
                nw.col(ONE).cum_sum().over(*self.keys, order_by=column).alias("__rank"),
                nw.col(ONE).sum().over(*self.keys).alias("__size"),
            )
            .filter(
                nw.any_horizontal(*(rank == wanted for wanted in ranks.values()), ignore_nulls=True)
            )
        )
        return loaded(
            ranked.group_by(*self.keys).agg(
                **{
                    name: nw.when(rank == wanted).then(nw.col(column)).max()
                    for name, wanted in ranks.items()
                }
            )
        )

    def examples(self) -> pl.DataFrame:
        """Return the best example of each group: the earliest failure that has a message."""
        import narwhals as nw

        order = {
            "__no_message": nw.col("error_message").is_null().cast(nw.Int64()),
            "__when": nw.col(RECEIVED).fill_null(_UNKNOWN_TIME),
            "__no_id": nw.col("id").is_null().cast(nw.Int64()),
        }
        ordered = self.frame.filter(nw.col(FAILED) == 1).with_columns(**order)
        place = nw.col(ONE).cum_sum().over(*self.keys, order_by=[*order, "id", "error_message"])
        first = ordered.with_columns(place.alias("__place")).filter(nw.col("__place") == 1)
        return loaded(
            first.select(
                *self.keys,
                nw.col("error_message").alias("example_message"),
                nw.col("id").alias("example_id"),
            )
        )

    def by_interval(self, every: str | None) -> Elsewhere:
        """Group by the interval of receipt as well: the key ``interval_start``, in microseconds."""
        ends = self.span(RECEIVED)
        step = interval_of(every, *(ends[name] for name in ends.columns))
        if step.endswith("mo"):
            raise IntervalError(
                f"every={every!r}: months are not counted on this engine. Use days or weeks, or "
                "load the receipts into polars first."
            )
        return self.in_steps(step, ends, time=RECEIVED)

    def in_steps(self, step: str, ends: pl.DataFrame, *, time: str) -> Elsewhere:
        """Add ``interval_start``, of intervals that begin where polars begins them."""
        import narwhals as nw

        first = pl.concat([ends[name] for name in ends.columns]).min()
        begin = pl.Series([first], dtype=TIMESTAMP).dt.truncate(step)
        if begin.is_null().item():
            start = nw.lit(None, nw.Int64())
        else:
            size = (begin.dt.offset_by(step) - begin).dt.total_microseconds().item()
            zero = begin.to_physical().item()
            start = (nw.col(time) - zero) // size * size + zero
        keys = ["interval_start", *(key for key in self.keys if key != ONE)]
        return self.of(self.frame.with_columns(start.alias("interval_start")), keys)


def elsewhere(
    receipts: object, *, keys: Sequence[str] = (), needed: Iterable[str] = ()
) -> Elsewhere | None:
    """Return the receipts as those of another engine, or None if they are at hand."""
    if isinstance(receipts, pl.DataFrame | pl.LazyFrame) or hasattr(receipts, "receipts"):
        return None
    import narwhals as nw

    frame = nw.from_native(cast("Any", receipts), pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        return Elsewhere(frame, keys, needed)  # pyright: ignore[reportUnknownArgumentType]
    return None


def _size() -> nw.Expr:
    import narwhals as nw

    return nw.col("__size")


def _with_whole_numbers(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    # Pandas has made fractions of codes of which some are missing, and NaN of these.
    import narwhals as nw

    schema = frame.collect_schema()
    columns = [
        nw.when(~nw.col(name).is_nan()).then(nw.col(name)).cast(nw.Int32()).alias(name)
        for name in WHOLE_NUMBERS
        if name in schema and schema[name].is_float()
    ]
    return frame.with_columns(*columns) if columns else frame


def _with_microseconds(frame: nw.LazyFrame[Any], names: list[str]) -> nw.LazyFrame[Any]:
    # Narwhals has no expression for it that both engines know.
    import narwhals as nw

    native = frame.to_native()
    if frame.implementation.is_duckdb():
        import duckdb

        more = [
            duckdb.FunctionExpression("epoch_us", duckdb.ColumnExpression(name)).alias(_TIMES[name])
            for name in names
        ]
        return nw.from_native(native.select(duckdb.StarExpression(), *more))
    if frame.implementation.is_pyspark() or frame.implementation.is_pyspark_connect():
        from pyspark.sql import functions

        more = {_TIMES[name]: functions.unix_micros(functions.col(name)) for name in names}
        return nw.from_native(native.withColumns(more))
    raise EngineError(
        f"Receipts of {frame.implementation} cannot be counted where they are: DuckDB, Spark, "
        "polars, pandas and pyarrow can. Load them as one of these."
    )


def loaded(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Load a result into polars."""
    return cast("pl.DataFrame", frame.collect(backend="polars").to_native())
