"""The strongest of all conditions, one after another, and how sure each is.

The strongest condition is a lead; the receipts that meet it are set aside, and the rest is searched
again. So what merely echoes a stronger lead does not come up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from ._contrast_cells import CLOCK, FEWEST, PAIR, STRETCH, VALUE, Cells, coarsened, count_conditions

_MOST_LEADS = 10
# At a million receipts 2.5% against 2.3% is beyond doubt, and leads nowhere.
_LEAST_ODDS_RATIO = 1.2

FOUND = pl.Schema(
    {
        "group": pl.UInt32(),
        "rank": pl.UInt32(),
        "part_1": pl.Int32(),
        "code_1": pl.UInt32(),
        "part_2": pl.Int32(),
        "code_2": pl.UInt32(),
        "first": pl.Int64(),
        "last": pl.Int64(),
        "receipts": pl.Int64(),
        "failures": pl.Int64(),
        "receipts_outside": pl.Int64(),
        "failures_outside": pl.Int64(),
        "failures_of_group": pl.Int64(),
        "nats": pl.Float64(),
        "comparisons": pl.Int64(),
    }
)


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
        none_failed = cells.coarse.with_columns(failures=pl.lit(0, pl.Int64))
        kinds = count_conditions(none_failed, cells.parts)["kind"].value_counts()
        tested = dict(kinds.iter_rows())
        factorials = log_factorials(_total(cells.coarse, "receipts"))
        return cls(factorials, tested, groups, -math.log1p(-confidence))

    def comparisons(self, kind: pl.Expr) -> pl.Expr:
        """Give what a probability is multiplied by, for a condition of this kind."""
        return self.among(kind) * len(self.tested) * self.groups

    def among(self, kind: pl.Expr) -> pl.Expr:
        """Give how many conditions of this kind are tested."""
        kinds, counts = list(self.tested), list(self.tested.values())
        return kind.replace_strict(kinds, counts, default=1, return_dtype=pl.Int64)

    def nats(self, of: pl.Expr, failed_of: pl.Expr, comparisons: pl.Expr) -> pl.Expr:
        """Weigh ``failures`` in ``receipts`` against the rest of those that they are part of.

        It is the negative natural logarithm of a probability, corrected for `comparisons`; 0 where
        failures are not over-represented by as much as matters.
        """
        rest, failed_rest = of - pl.col("receipts"), failed_of - pl.col("failures")
        fine, fine_rest = pl.col("receipts") - pl.col("failures"), rest - failed_rest
        matters = pl.col("failures") * fine_rest >= _LEAST_ODDS_RATIO * failed_rest * fine
        tail = log_tail(of, failed_of, self.log_factorials)
        return pl.when(matters).then(-tail - comparisons.log()).otherwise(0.0)


def log_factorials(highest: int) -> pl.Series:
    """Give the natural logarithms of the factorials of 0 up to `highest`.

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


def find_leads(cells: Cells, group: int, scale: Scale) -> list[dict[str, Any]]:
    """Find the leads of one group of failures, the strongest first."""
    failures = pl.when(pl.col("group").is_not_null()).then("receipts").otherwise(0)
    mine = pl.col("group").is_null() | (pl.col("group") == group)
    rest, coarse = (
        counted.filter(mine).with_columns(failures=failures)
        for counted in (cells.counts, cells.coarse)
    )
    known = {"group": group, "failures_of_group": _total(rest, "failures")}
    found: list[dict[str, Any]] = []
    while len(found) < _MOST_LEADS and _total(rest, "failures") >= FEWEST:
        lead = _strongest(count_conditions(coarse, cells.parts), coarse, scale)
        if lead is None:
            break
        lead |= _sharpened(rest, lead)
        inside = _within(lead)
        sides = {"": rest.filter(inside), "_outside": rest.filter(~inside)}
        for where, side in sides.items():
            lead |= {count + where: _total(side, count) for count in ("receipts", "failures")}
        found.append(lead | known | {"rank": len(found) + 1})
        rest = sides["_outside"]
        # A stretch ends within an interval.
        by_slice = lead["first"] is not None
        coarse = coarsened(rest, cells.parts) if by_slice else coarse.filter(~inside)
    return found


def _strongest(conditions: pl.DataFrame, rest: pl.DataFrame, scale: Scale) -> dict[str, Any] | None:
    """Give the condition with the most evidence, if any has enough."""
    of, failed_of = (pl.lit(_total(rest, count)) for count in ("receipts", "failures"))
    comparisons = scale.comparisons(pl.col("kind"))
    likely = conditions.with_columns(
        nats=scale.nats(of, failed_of, comparisons), comparisons=comparisons
    ).filter(pl.col("failures") >= FEWEST, pl.col("nats") >= scale.needed)
    simple = likely.filter(pl.col("kind") < PAIR)
    stronger = pl.col("nats") > pl.lit(simple["nats"].max()).fill_null(0.0)
    pairs = _saying_more(likely.filter(pl.col("kind") >= PAIR, stronger), conditions, scale)
    ties = ["kind", "part_1", "code_1", "part_2", "code_2", "first", "last"]
    best = pl.concat([simple, pairs]).sort(
        "nats", *ties, descending=[True, *(False for _ in ties)], nulls_last=True
    )
    return next(best.iter_rows(named=True), None)


def _saying_more(pairs: pl.DataFrame, conditions: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """Keep pairs that say more than both their parts: each a lead among the other's receipts."""
    counts = {"of": pl.col("receipts"), "failed_of": pl.col("failures")}
    one = conditions.filter(pl.col("kind") == VALUE).select("part_1", "code_1", **counts)
    other = conditions.filter(pl.col("kind") < PAIR).select(
        "first", "last", part_2="part_1", code_2="code_1", **counts
    )
    kind_of_other = pl.when(pl.col("kind") == PAIR).then(VALUE).otherwise(STRETCH)
    for part, kind_within in ((one, kind_of_other), (other, pl.lit(VALUE))):
        keys = [name for name in part.columns if name not in counts]
        nats = scale.nats(pl.col("of"), pl.col("failed_of"), scale.among(kind_within))
        joined = pairs.join(part, on=keys, nulls_equal=True)
        pairs = joined.filter(nats >= scale.needed).drop("of", "failed_of")
    return pairs


def _total(cells: pl.DataFrame, count: str) -> int:
    return int(cells[count].sum())


def _within(condition: dict[str, Any], *, time: bool = True) -> pl.Expr:
    """Tell the cells that meet a condition; never null."""
    tests = [pl.lit(value=True)]
    for number in (1, 2):
        part, code = condition[f"part_{number}"], condition[f"code_{number}"]
        if part == CLOCK:
            stretch = pl.col("slice").is_between(condition["first"], condition["last"])
            tests += [stretch.fill_null(value=False)] if time else []
        elif part is not None:
            tests.append(pl.col(str(part)).eq_missing(pl.lit(code)))
    return pl.all_horizontal(tests)


def _sharpened(rest: pl.DataFrame, lead: dict[str, Any]) -> dict[str, int]:
    """Put the ends of a stretch from intervals to slices, where its failures set in and stop.

    An end stays in its interval or the one next to it, where slices speak most clearly for the rate
    inside on the one hand, and for the rate outside on the other.
    """
    first, last = lead["first"], lead["last"]
    if first is None:
        return {}
    cells = rest.filter(_within(lead, time=False), pl.col("interval").is_not_null())
    core = pl.col("interval").is_between(first, last)
    # Half a failure more keeps rates of 0 and 1 from being beyond doubt.
    inside, outside = (
        (_total(side, "failures") + 0.5) / (_total(side, "receipts") + 1)
        for side in (cells.filter(core), cells.filter(~core))
    )
    failed, fine = math.log(inside / outside), math.log((1 - inside) / (1 - outside))
    gain = pl.col("failures") * failed + (pl.col("receipts") - pl.col("failures")) * fine
    near = (
        cells.filter(pl.col("interval").is_between(first - 1, last + 1))
        .group_by("interval", "slice")
        .agg(pl.col("receipts", "failures").sum())
        .sort("slice")
        .with_columns(gain.cum_sum().alias("through"))
        .with_columns(before=pl.col("through").shift(1, fill_value=0.0))
    )
    begins: int = near.filter(pl.col("interval") <= first).sort("before", "slice")["slice"][0]
    ends = near.filter(pl.col("interval") >= last, pl.col("slice") >= begins)
    return {"first": begins, "last": ends.sort(-pl.col("through"), "slice")["slice"][0]}
