"""How sure a condition is: exact tails, corrected for everything that was tested."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ._contrast_conditions import BURST, STRETCH, count_conditions, weights

if TYPE_CHECKING:
    from ._contrast_cells import Cells

# At a million receipts 2.5% against 2.3% is beyond doubt, but of no use.
_LEAST_ODDS_RATIO = 1.2


@dataclass(frozen=True)
class Scale:
    """What conditions are weighed with: how many were tested, and how sure a lead must be.

    Every group of failures has the same part of the doubt that is allowed, every kind of condition
    the same part of that, and every condition of the kind the same part of that again. So single
    values need not make up for thousands of stretches.

    Attributes
    ----------
    log_factorials
        Of 0 up to the number of receipts.
    tested
        How many conditions there are of each kind.
    groups
        How many groups of failures are looked at.
    needed
        What `nats` must be for a lead: 4.6 for a confidence of 0.99.
    """

    log_factorials: pl.Series
    tested: dict[int, int]
    groups: int
    needed: float

    @classmethod
    def of(cls, cells: Cells, *, groups: int, confidence: float) -> Scale:
        """Count what is tested, whatever failed."""
        receipts, _ = weights(cells.coarse)
        kinds = count_conditions(cells.tally, cells.ranges, (receipts, 0.0))["kind"].value_counts()
        tested = dict(kinds.iter_rows())
        if STRETCH in tested:
            tested[BURST] = 1  # the search for bursts has its own correction
        factorials = log_factorials(int(cells.coarse["receipts"].sum()) + 1)
        return cls(factorials, tested, groups, -math.log1p(-confidence))

    def comparisons(self, kind: pl.Expr) -> pl.Expr:
        """Return what a probability is multiplied by, for a condition of this kind."""
        return self.among(kind) * len(self.tested) * self.groups

    def among(self, kind: pl.Expr) -> pl.Expr:
        """Return how many conditions of this kind are tested."""
        kinds, counts = list(self.tested), list(self.tested.values())
        return kind.replace_strict(kinds, counts, default=1, return_dtype=pl.Int64)

    def nats(
        self, of: pl.Expr, failed_of: pl.Expr, comparisons: pl.Expr, clump: pl.Expr
    ) -> pl.Expr:
        """Weigh ``failures`` in ``receipts`` against the rest of those that they are part of.

        It is the negative natural logarithm of a probability, corrected for `comparisons`. The
        evidence is divided by `clump`: how many failures come together.
        """
        return -log_tail(of, failed_of, self.log_factorials) / clump - comparisons.log()


def matters(of: pl.Expr, failed_of: pl.Expr) -> pl.Expr:
    """Tell whether ``failures`` are over-represented in ``receipts`` by as much as is of use."""
    rest, failed_rest = of - pl.col("receipts"), failed_of - pl.col("failures")
    fine, fine_rest = pl.col("receipts") - pl.col("failures"), rest - failed_rest
    return pl.col("failures") * fine_rest >= _LEAST_ODDS_RATIO * failed_rest * fine


def log_factorials(highest: int) -> pl.Series:
    """Return the natural logarithms of the factorials of 0 up to `highest`.

    >>> log_factorials(4).exp().round().to_list()
    [1.0, 1.0, 2.0, 6.0, 24.0]
    """
    return pl.int_range(highest + 1, eager=True).clip(1).log().cum_sum()


def log_tail(of: pl.Expr, failed_of: pl.Expr, factorials: pl.Series) -> pl.Expr:
    """Bound how likely ``receipts``, drawn blindly, hold so many ``failures`` or more.

    Parameters
    ----------
    of, failed_of
        All receipts to draw from, and the failures among them.
    factorials
        As `log_factorials` gives them, of 0 up to `of` at least.

    Returns
    -------
    pl.Expr
        The natural logarithm of an upper bound of the hypergeometric tail: its first term, times a
        geometric series. The terms of the tail fall ever faster, so that the bound holds, and is
        close where it matters.

    Examples
    --------
    >>> drawn = pl.DataFrame({"receipts": [1], "failures": [1]})
    >>> tail = log_tail(pl.lit(3), pl.lit(1), log_factorials(3))
    >>> drawn.select(tail.exp().round(3)).item()
    0.333
    """

    def log_factorial(number: pl.Expr) -> pl.Expr:
        return pl.lit(factorials).gather(number)

    def log_choices(number: pl.Expr, taken: pl.Expr) -> pl.Expr:
        return log_factorial(number) - log_factorial(taken) - log_factorial(number - taken)

    inside, failed_inside = pl.col("receipts"), pl.col("failures")
    fine_of, fine_inside = of - failed_of, inside - failed_inside
    first = (
        log_choices(failed_of, failed_inside)
        + log_choices(fine_of, fine_inside)
        - log_choices(of, inside)
    )
    more = (failed_of - failed_inside) * fine_inside
    fewer = (failed_inside + 1) * (fine_of - fine_inside + 1)
    return pl.when(more < fewer).then(first - (-more / fewer).log1p()).otherwise(0.0).clip(None, 0)
