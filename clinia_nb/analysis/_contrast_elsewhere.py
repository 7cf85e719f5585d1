"""A contrast of receipts that another engine holds: they are counted there, batch by batch.

What is loaded are counts: of groups of failures, of values, of steps of time and of cells. The rest
is done as for receipts at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from clinia_nb.errors import MissingColumnError
from clinia_nb.receipts.fields import SCHEMA

from ._batches import map_batches
from ._contrast_attributes import (
    ATTRIBUTES,
    CHOSEN_BY_CALLER,
    REPEATED,
    TIME,
    tested_columns,
    with_pipeline_names,
)
from ._contrast_cells import (
    GROUP,
    INTERVALS,
    SLICES,
    Cells,
    cells_of,
    encoded,
    slice_of,
)
from ._contrast_rows import (
    RECORD,
    Crowds,
    crowds_at,
    edges_of,
    few_values,
    numbered_groups,
    own_columns,
)
from ._contrast_steps import STEP, places_of_steps, points_of_steps
from ._engines import FAILED, ONE, OUTCOME, RECEIVED, Elsewhere, loaded
from ._signed_elsewhere import TEXTS, signer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw

    from ._batches import Step

_STEPS = INTERVALS * SLICES * 16  # of time: as fine as bursts are seen
_TIMES = "__times"


class CountedElsewhere(NamedTuple):
    """As in `contrast`: the cells, the groups of failures, and where these crowd."""

    cells: Cells
    groups: pl.DataFrame
    edges: pl.Series
    receipts: int
    crowds: Crowds


@dataclass(frozen=True)
class _Reader:
    """How a batch is read, where the receipts are."""

    keys: tuple[str, ...]
    groups: pl.DataFrame
    sign: Step | None
    times: pl.Series

    def read(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the group of each failure and the step of time."""
        step = pl.lit(self.times).search_sorted(pl.col(RECEIVED), "left").cast(pl.Int64)
        failures = _signed(self.sign, rows.filter(pl.col(FAILED) == 1))
        if self.keys:
            failures = failures.join(self.groups, on=self.keys, how="left", nulls_equal=True)
            number = pl.col(GROUP).fill_null(self.groups.height)
        else:
            number = pl.lit(0)
        failures = failures.with_columns(number.cast(pl.Int64).alias(GROUP))
        fine = rows.filter(pl.col(FAILED) != 1)
        return pl.concat(
            [failures.select(*rows.columns, GROUP), fine], how="diagonal"
        ).with_columns(pl.when(pl.col(RECEIVED).is_not_null()).then(step).alias(STEP))


def count_elsewhere(
    remote: Elsewhere, keys: Sequence[str], attributes: Sequence[str] | None
) -> CountedElsewhere:
    """Count receipts in cells, as `contrast_failures` needs them."""
    import narwhals as nw

    sign = _signer(remote, keys)
    ended, tested = _ended(remote, keys, attributes)
    held = remote.of(ended, [])
    texts = list(dict.fromkeys([*keys, *tested, *(TEXTS if sign else ())]))
    if sign:
        texts.remove("signature")
    times = nw.col(RECEIVED) if TIME in tested else nw.lit(None).cast(nw.Int64()).alias(RECEIVED)
    rows = held.texts(*(t for t in texts if t != TIME), also=[times, FAILED, _TIMES])
    groups = _groups(held, rows, keys, sign)
    receipts = int(loaded(ended.select(nw.len().alias("receipts"))).item())
    as_text = groups.select(pl.col(keys).cast(pl.String), GROUP)
    reader = _Reader(tuple(keys), as_text, sign, _edges_of_steps(rows, receipts))
    steps = _sums(rows, partial(_count_steps, reader), [STEP, GROUP, "begins", "ends", "chosen"])
    at = places_of_steps(steps)
    crowds = crowds_at(points_of_steps(steps, at, groups.height))
    edges = edges_of(crowds)
    at = at.with_columns(slice=slice_of(pl.col("at_before"), edges, receipts))
    derived = with_pipeline_names(tested_columns(tested, chosen=bool(steps["chosen"].max())))
    values = _values(rows, derived, receipts)
    slices = pl.DataFrame({STEP: pl.int_range(len(reader.times) + 1, eager=True)}).join(
        at, on=STEP, how="left", maintain_order="left"
    )["slice"]
    found = _sums(
        rows,
        partial(_count_cells, reader, slices, derived, values),
        [*map(str, range(len(values))), "slice", "group", _TIMES],
    )
    spans = at.group_by("slice").agg(pl.col("begins").min(), pl.col("ends").max())
    weight = pl.col("receipts") / pl.col(_TIMES)
    counts = found.group_by(pl.exclude("receipts", _TIMES)).agg(
        pl.col("receipts").sum(), weight=weight.sum()
    )
    cells = cells_of(counts, values, spans, edges)
    return CountedElsewhere(cells, groups, edges, receipts, crowds)


def _signer(remote: Elsewhere, keys: Sequence[str]) -> Step | None:
    if "signature" not in keys or "signature" in remote.names:
        return None
    if "error_message" not in remote.names:
        raise MissingColumnError(["error_message"], remote.names)
    return signer(remote, None)[0]


def _signed(sign: Step | None, failures: pl.DataFrame) -> pl.DataFrame:
    return failures if sign is None else sign(failures)


def _ended(
    remote: Elsewhere, keys: Sequence[str], attributes: Sequence[str] | None
) -> tuple[nw.LazyFrame[Any], list[str]]:
    """Return the receipts that are neither pending nor cancelled, and the attributes to test."""
    import narwhals as nw

    frame, ended = remote.frame, ~nw.col(OUTCOME).is_in(["pending", "cancelled"])
    own: list[str] = []
    if attributes is None:
        other = [name for name in remote.names if name not in SCHEMA]
        own = own_columns(loaded(frame.select(*other).head(0)).lazy(), [*keys]) if other else []
        own = [name for name in own if _is_few(frame.filter(ended), name)]
    wanted = dict.fromkeys([*ATTRIBUTES, *own] if attributes is None else attributes)
    tested = [name for name in wanted if name in remote.names and name not in keys]
    record = [name for name in RECORD if name in remote.names]
    one = nw.lit(1)
    if "id" not in record or not _has_repeats(frame):
        return frame.filter(ended).with_columns(one.alias(_TIMES)), tested
    if "id" in tested and TIME in remote.names:
        later = nw.col(RECEIVED) > nw.col(RECEIVED).min().over("id")
        known = ~nw.col("id").is_null()
        seen = nw.when((later & known).fill_null(value=False)).then(nw.lit("yes"))
        frame = frame.with_columns(seen.otherwise(nw.lit("no")).alias(REPEATED))
        tested.append(REPEATED)
    often = nw.when(nw.col("id").is_null()).then(one).otherwise(nw.col(ONE).sum().over(*record))
    return frame.filter(ended).with_columns(often.alias(_TIMES)), tested


def _is_few(ended: nw.LazyFrame[Any], name: str) -> bool:
    """Whether a column has few values, and not only where receipts failed."""
    import narwhals as nw

    values = ended.group_by(name, FAILED).agg(nw.len().alias("receipts"))
    some = loaded(values.select(name, FAILED).head(1_000)).with_columns(pl.col(FAILED) == 1)
    return few_values(some, [name])[0] == [name]


def _has_repeats(frame: nw.LazyFrame[Any]) -> bool:
    import narwhals as nw

    sent = frame.filter(~nw.col("id").is_null()).group_by("id").agg(nw.len().alias("times"))
    return not loaded(sent.filter(nw.col("times") > 1).select("times").head(1)).is_empty()


def _sums(
    rows: nw.LazyFrame[Any], step: Step, numbers: Sequence[str], texts: Sequence[str] = ()
) -> pl.DataFrame:
    """Count ``receipts`` per batch, add up where they are, and load the sums."""
    import narwhals as nw

    extremes = {"begins": nw.col("begins").min(), "ends": nw.col("ends").max()}
    extremes["chosen"] = nw.col("chosen").max()
    found = {name: agg for name, agg in extremes.items() if name in numbers}
    keys = [*texts, *(name for name in numbers if name not in found)]
    with map_batches(rows, step, texts, [*numbers, "receipts"]) as counted:
        sums = loaded(counted.group_by(*keys).agg(nw.col("receipts").sum(), **found))
    return sums.with_columns(pl.col(*numbers, "receipts").cast(pl.Int64))


def _groups(
    held: Elsewhere, rows: nw.LazyFrame[Any], keys: Sequence[str], sign: Step | None
) -> pl.DataFrame:
    """Return the groups of failures, by keys in their own dtypes."""
    if sign is None:
        counted = held.failures().count(*keys)
    else:
        counted = _sums(rows, partial(_count_groups, sign, [*keys]), [], keys)
    return numbered_groups(counted.select(*keys, pl.col("receipts").alias(FAILED)), [*keys])


def _count_groups(sign: Step, keys: list[str], rows: pl.DataFrame) -> pl.DataFrame:
    failures = sign(rows.filter(pl.col(FAILED) == 1))
    return failures.group_by(keys).agg(receipts=pl.len())


def _edges_of_steps(rows: nw.LazyFrame[Any], receipts: int) -> pl.Series:
    """Return the times at which steps of equally many receipts end."""
    import narwhals as nw

    row = nw.col("__row")
    numbered = rows.filter(~nw.col(RECEIVED).is_null()).with_columns(nw.lit(1).alias(ONE))
    numbered = numbered.with_columns(
        nw.col(ONE).cum_sum().over(ONE, order_by=RECEIVED).alias("__row")
    )
    is_last = row * _STEPS // max(receipts, 1) > (row - 1) * _STEPS // max(receipts, 1)
    times = loaded(numbered.filter(is_last).select(RECEIVED))[RECEIVED]
    return times.cast(pl.Int64).unique().sort()


def _count_steps(reader: _Reader, rows: pl.DataFrame) -> pl.DataFrame:
    chosen = pl.lit(0)
    if "id" in rows.columns:
        chosen = pl.col("id").str.contains(CHOSEN_BY_CALLER).any().fill_null(value=False)
    return (
        reader.read(rows)
        .group_by(STEP, GROUP)
        .agg(
            begins=pl.col(RECEIVED).min(),
            ends=pl.col(RECEIVED).max(),
            chosen=chosen.cast(pl.Int64),
            receipts=pl.len(),
        )
    )


def _values(
    rows: nw.LazyFrame[Any], derived: dict[str, pl.Expr], receipts: int
) -> list[tuple[str, pl.DataFrame]]:
    """Return the values that are tested of each attribute that has any, with their codes."""
    counted = _sums(rows, partial(_count_values, derived), [], ["attribute", "value"])
    found: list[tuple[str, pl.DataFrame]] = []
    for name in derived:
        column = counted.filter(attribute=name).select("receipts", raw="value")
        _, values = encoded(name, column, receipts)
        if values.height:
            found.append((name, values))
    return found


def _count_values(derived: dict[str, pl.Expr], rows: pl.DataFrame) -> pl.DataFrame:
    counted = [
        rows.group_by(value=text)
        .agg(receipts=pl.len())
        .select(pl.lit(name).alias("attribute"), "value", "receipts")
        for name, text in derived.items()
    ]
    empty = pl.DataFrame(schema={"attribute": pl.String, "value": pl.String, "receipts": pl.UInt32})
    return pl.concat([empty, *counted])


def _count_cells(
    reader: _Reader,
    slices: pl.Series,
    derived: dict[str, pl.Expr],
    values: list[tuple[str, pl.DataFrame]],
    rows: pl.DataFrame,
) -> pl.DataFrame:
    read = reader.read(rows)
    for part, (name, known) in enumerate(values):
        codes = known.select(pl.col("raw").alias("__raw"), pl.col("code").alias(f"__{part}"))
        read = read.with_columns(derived[name].alias("__raw")).join(
            codes, on="__raw", how="left", nulls_equal=True
        )
    keys = [str(part) for part in range(len(values))]
    return (
        read.select(
            *(pl.col(f"__{key}").alias(key) for key in keys),
            pl.lit(slices).gather(pl.col(STEP)).alias("slice"),
            pl.col(GROUP).alias("group"),
            _TIMES,
        )
        .group_by(pl.all())
        .agg(receipts=pl.len())
    )
