"""Failures whose rate rises or falls steadily over a bulk, told apart from those of a burst."""

from __future__ import annotations

import math
from functools import cache
from itertools import product

import polars as pl

from ._clumps import GROUP, is_spread

_BINS = 128
_FEWEST = 20  # failures that can show a ramp
_BY_CHANCE = 1_000


def _shapes() -> dict[str, list[float]]:
    """Return the ramps that are tried: the density of failures in each of `_BINS` bins.

    From a start the density rises by a power of time, above a steady background; or mirrored.
    """
    shapes: dict[str, list[float]] = {}
    for start, power, background in product((0.0, 0.25, 0.5), (1, 2), (0.5, 0.1, 0.01)):
        times = [((at + 0.5) / _BINS - start) / (1 - start) for at in range(_BINS)]
        rising = [max(time, 0.0) ** power for time in times]
        mean = sum(rising) / _BINS
        density = [background + (1 - background) * value / mean for value in rising]
        shapes[f"rising {start} {power} {background}"] = density
        shapes[f"falling {start} {power} {background}"] = density[::-1]
    return shapes


_SHAPES = _shapes()
# What the ramp of a group reaches by chance once in `_BY_CHANCE` times, at most.
LEAST_RAMP = math.log(_BY_CHANCE * len(_SHAPES))


@cache
def _table() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "shape": list(_SHAPES),
            "log": [[math.log(density) for density in shape] for shape in _SHAPES.values()],
            "bin": [list(range(_BINS))] * len(_SHAPES),
            "peak": [max(shape) for shape in _SHAPES.values()],
        },
        schema_overrides={"bin": pl.List(pl.Int64)},
    ).explode("log", "bin")


def ramps(points: pl.DataFrame) -> pl.DataFrame:
    """Return how well the best ramp fits each group that may have one.

    Returns
    -------
    pl.DataFrame
        `GROUP`, ``rising`` (Boolean), and ``ramp`` (Float64): the log likelihood ratio of the ramp
        against a steady rate.
    """
    counted = (
        points.filter(pl.col("hits") >= _FEWEST, is_spread())
        .group_by(GROUP, bin=pl.col("before") * _BINS // pl.col("receipts"))
        .agg(
            (pl.col("hits_until") - pl.col("hits_before")).sum().alias("count"),
            rate=(pl.col("hits") / pl.col("receipts")).first(),
        )
    )
    return (
        counted.join(_table(), on="bin")
        .filter(pl.col("peak") * pl.col("rate") <= 1)  # never more failures than receipts
        .group_by(GROUP, "shape")
        .agg(ramp=(pl.col("count") * pl.col("log")).sum())
        .sort(GROUP, "ramp", "shape", descending=[False, True, False])
        .unique(GROUP, keep="first", maintain_order=True)
        .select(GROUP, "ramp", rising=pl.col("shape").str.starts_with("rising"))
    )


def stretches_fit(bursts: pl.DataFrame) -> pl.DataFrame:
    """Return the log likelihood ratio of the bursts of each group, to compare with a ramp's.

    Each burst has two ends and so costs more than a ramp: half the logarithm of the failures for
    each end.
    """
    inside = pl.col("hits_until") - pl.col("hits_before")
    length = pl.col("until") - pl.col("before")
    hits, receipts = pl.col("hits").first(), pl.col("receipts").first()

    def gain(count: pl.Expr, total: pl.Expr) -> pl.Expr:
        return pl.when(count > 0).then(count * (count * receipts / (total * hits)).log())

    rest = gain(hits - inside.sum(), receipts - length.sum()).fill_null(0.0)
    return bursts.group_by(GROUP, maintain_order=True).agg(
        stretches=gain(inside, length).sum() + rest - pl.len() * hits.log()
    )
