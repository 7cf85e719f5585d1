"""How many failures come together: 1 if they are independent, more if they come in runs."""

from __future__ import annotations

import polars as pl

GROUP = "__group"
NO_CLUMPS = pl.DataFrame(schema={GROUP: pl.UInt32, "clump": pl.Float64})

# How many windows of equally many receipts are compared with their neighbors.
_WINDOWS = (16, 64, 256, 1_024, 4_096)
_SURELY = 4.0  # standard deviations


def is_spread() -> pl.Expr:
    """Whether no instant has more than a few of the receipts: what shares a time has no order."""
    return _longest() * _WINDOWS[0] <= pl.col("receipts")


def _longest() -> pl.Expr:
    return (pl.col("until") - pl.col("before")).max().over(GROUP)


def clumping(points: pl.DataFrame) -> pl.DataFrame:
    """Return how many failures of a group come together, about: `GROUP` and ``clump``.

    It is how much more the counts of neighboring windows differ than those of independent failures
    would; neighbors, so that a slow change of the rate does not count.
    """
    now = pl.col("hits_until") - pl.col("hits_before")
    counted = points.filter((pl.col("hits") < pl.col("receipts")) & is_spread()).select(
        GROUP, "before", "until", "hits", "receipts", now.alias("count"), longest=_longest()
    )
    found = [NO_CLUMPS, *(_clumping(counted, windows) for windows in _WINDOWS)]
    return pl.concat(found).group_by(GROUP, maintain_order=True).agg(pl.col("clump").max())


def _clumping(counted: pl.DataFrame, windows: int) -> pl.DataFrame:
    count, window = pl.col("count"), pl.col("window")
    length = pl.col("receipts") // windows  # the same for all, so some receipts are left over
    last = pl.col("receipts") // length - 1
    mean, rate = pl.col("hits") / (last + 1), pl.col("hits") / pl.col("receipts")
    neighbor = (
        pl.when((window.shift() + 1 == window) & (pl.col(GROUP) == pl.col(GROUP).shift()))
        .then(count.shift())
        .otherwise(0)
    )
    squares = (
        2 * (count**2).sum()
        - (count**2).filter((window == 0) | (window == last)).sum()
        - 2 * (count * pl.col("neighbor")).sum()
    )
    spread = pl.col("squares") / (2 * last) / mean / (1 - rate)
    rarer = pl.min_horizontal("hits", pl.col("receipts") - pl.col("hits"))
    noise = (3 / last + 1 / rarer).sqrt()
    # In windows shorter than an instant, its failures would seem to come together.
    ordered = counted.filter(
        (pl.col("receipts") >= 2 * windows) & (pl.col("longest") * windows <= pl.col("receipts"))
    )
    return (
        _in_windows(ordered, length)
        .group_by(GROUP, "window", maintain_order=True)
        .agg(count.sum(), pl.col("hits", "receipts").first())
        .filter(window <= last)
        .with_columns(neighbor=neighbor)
        .group_by(GROUP, maintain_order=True)
        .agg(squares.alias("squares"), pl.col("hits", "receipts").first())
        .select(GROUP, clump=pl.when(spread > 1 + _SURELY * noise).then(spread).otherwise(1.0))
    )


def _in_windows(counted: pl.DataFrame, length: pl.Expr) -> pl.DataFrame:
    """Return the failures of each instant by window; those of one on an edge are in both."""
    window, count = pl.col("window"), pl.col("count")
    before = (window + 1) * length - pl.col("before")
    share = (before / (pl.col("until") - pl.col("before"))).clip(None, 1)
    first = counted.with_columns(window=pl.col("before") // length).with_columns(share=share)
    behind = first.filter(pl.col("share") < 1)
    if behind.is_empty():
        return first
    rest = behind.with_columns(window + 1, count * (1 - pl.col("share")))
    parts = pl.concat([first.with_columns(count * pl.col("share")), rest])
    return parts.sort(GROUP, "window", maintain_order=True)


def clumps_within(ordered: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Return how many failures come together within the stretches: runs are no burst."""
    if stretches.is_empty():
        return NO_CLUMPS
    point = pl.col("point")
    numbered = stretches.select(GROUP, "begin", "end").with_row_index("stretch")
    inside = ordered.join(numbered, on=GROUP).filter(point.is_between("begin", "end"))
    start = [pl.col(name).min().over("stretch") for name in ("before", "hits_before")]
    moved = inside.sort("stretch", "point").with_columns(
        (pl.col("before") - start[0]).alias("before"),
        (pl.col("until") - start[0]).alias("until"),
        (pl.col("hits_before") - start[1]).alias("hits_before"),
        (pl.col("hits_until") - start[1]).alias("hits_until"),
    )
    own = moved.with_columns(
        pl.col("until").max().over("stretch").alias("receipts"),
        pl.col("hits_until").max().over("stretch").alias("hits"),
        pl.col(GROUP).alias("owner"),
        pl.col("stretch").alias(GROUP),
    )
    owners = own.select(GROUP, "owner").unique()
    found = clumping(own).join(owners, on=GROUP).select(pl.col("owner").alias(GROUP), "clump")
    return found.group_by(GROUP).agg(pl.col("clump").max())
