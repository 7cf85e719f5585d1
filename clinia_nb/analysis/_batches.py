"""Apply a function of polars frames where the rows are, batch by batch.

On Spark the executors run it, so this package must be installed there; DuckDB runs in this process,
and streams its rows through the function.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    import narwhals as nw

    Step = Callable[[pl.DataFrame], pl.DataFrame]

_ROWS = 100_000  # that a function gets at a time


@contextmanager
def map_batches(
    frame: nw.LazyFrame[Any], step: Step, texts: Sequence[str], numbers: Sequence[str] = ()
) -> Generator[nw.LazyFrame[Any]]:
    """Apply a function to batches of rows; hold the result while it is used.

    Parameters
    ----------
    frame
        Rows of DuckDB or Spark.
    step
        Takes some rows, and returns as many as it wants. It must not depend on how rows come
        together; Spark sends it to executors.
    texts, numbers
        The columns that it returns: of String, and of Int64.
    """
    import narwhals as nw

    columns = [pl.col(texts).cast(pl.String), pl.col(numbers).cast(pl.Int64)]
    if frame.implementation.is_duckdb():
        rows = [step(rows).select(columns) for rows in _read(frame.to_native())]
        empty = pl.DataFrame(schema=dict.fromkeys(texts, pl.String))
        empty = empty.with_columns(pl.lit(None, pl.Int64).alias(name) for name in numbers)
        yield nw.from_native(pl.concat([empty, *rows]).lazy())
        return
    schema = ", ".join(
        [*(f"`{name}` string" for name in texts), *(f"`{name}` bigint" for name in numbers)]
    )
    run = partial(_run, step, columns)
    mapped = frame.to_native().mapInArrow(run, schema).persist()
    try:
        yield nw.from_native(mapped)
    finally:
        mapped.unpersist()


def _read(relation: Any) -> Iterator[pl.DataFrame]:  # noqa: ANN401 - DuckDB is not a dependency
    read = getattr(relation, "to_arrow_reader", None)
    # DuckDB before 1.5 has the older name only.
    return _joined(read(_ROWS) if read else relation.fetch_record_batch(_ROWS))


def _run(step: Step, columns: Sequence[pl.Expr], batches: Iterator[Any]) -> Iterator[Any]:
    """Run a function in an executor, on batches of pyarrow."""
    pyarrow: Any = import_module("pyarrow")
    for rows in _joined(batches):
        table = cast("Any", step(rows).select(columns)).to_arrow()
        # Spark knows one of the types of text that polars may choose.
        fields = [
            (field.name, field.type if field.type == "int64" else pyarrow.string())
            for field in table.schema
        ]
        yield from table.cast(pyarrow.schema(fields)).to_batches()


def _joined(batches: Iterable[Any]) -> Iterator[pl.DataFrame]:
    """Join small batches: a function takes about as long for few rows as for many."""
    held: list[pl.DataFrame] = []
    for batch in batches:
        held.append(pl.DataFrame(batch))
        if sum(rows.height for rows in held) >= _ROWS:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)
