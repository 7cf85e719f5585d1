"""Where failures are over-represented: a frame of receipts in, ranked leads out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.receipts.columns import TIMESTAMP, aggregate, group_columns, lazy_with, timestamp
from clinia_nb.receipts.outcome import outcome
from clinia_nb.signatures.sign import with_signatures

from ._contrast_cells import ATTRIBUTES, DERIVED, FEWEST, GROUP, TIME, Cells, count_cells
from ._contrast_search import FOUND, Scale, find_leads

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_GROUPS = 50
_CONFIDENCE = 0.99
# An inner name, which no column of a receipt has.
_FAILED = "__failed"

_LEADS = pl.Schema(
    {
        "rank": pl.UInt32(),
        "condition": pl.String(),
        "attribute_1": pl.String(),
        "value_1": pl.String(),
        "attribute_2": pl.String(),
        "value_2": pl.String(),
        "begins": TIMESTAMP,
        "ends": TIMESTAMP,
        "receipts": pl.UInt32(),
        "failures": pl.UInt32(),
        "failure_rate": pl.Float64(),
        "receipts_outside": pl.UInt32(),
        "failures_outside": pl.UInt32(),
        "failure_rate_outside": pl.Float64(),
        "excess": pl.Float64(),
        "share": pl.Float64(),
        "p_value": pl.Float64(),
        "evidence": pl.Float64(),
        "comparisons": pl.UInt32(),
    }
)


def contrast_failures(
    receipts: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] | None = None,
    attributes: Sequence[str] | None = None,
    confidence: float = _CONFIDENCE,
) -> pl.DataFrame:
    """Find where failures are over-represented, the best lead first.

    Tested are the values of every attribute, stretches of time, pairs of values, and values within
    stretches of time. Receipts that are pending or cancelled say nothing, and are left out.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` gives it. `status` is needed; error columns are
        heeded where they are there.
    by
        Column or columns that part the failures, such as ``"error_type"`` or ``"signature"``
        (which is added where it is not there). What sets the failures of each value apart is then
        searched for on its own, among these failures and the receipts that did not fail: what
        failed in another way had no chance to fail in this one. The 50 most frequent values with
        at least 5 failures are looked at.
    attributes
        Columns to test, for example one that was joined to the frame; by default those there are of
        ``type``, ``target_type``, ``action``, ``pipeline_definition_id``, ``source_key``,
        ``bulk_id``, ``id`` and ``received_at``. They must not be consequences of failing. Columns
        of `by` are not tested. Of pipelines the name without version is tested too; of ids that the
        caller chose the prefix (up to the first of ``-_:./|#@~+`` or blank, or letters before
        digits), the stem (up to the last of these) and the shape (``x-x`` for ``clinic-12``).
        ``received_at`` stands for stretches of time, of one or more of 64 intervals that hold
        equally many receipts; the ends of one that is a lead are then put to the nearest of 4,096.
    confidence
        How sure a lead must be; between 0 and 1.

    Returns
    -------
    pl.DataFrame, shape (leads, …)
        The `by` columns in their own dtypes, then

        - ``rank`` (UInt32): 1 for the best lead, at most 10, per value of `by`;
        - ``condition`` (String): what to tell people, such as
          ``type = clinic and pipeline_definition_id = clinic.2``;
        - ``attribute_1``, ``value_1``, ``attribute_2``, ``value_2`` (String): the same for
          programs. A null value is a null in the column, except for ``received_at``, where
          ``begins`` and ``ends`` (Datetime, µs, UTC, both inclusive) say what is meant. A single
          attribute leaves the second null. `lead_filter` gives the receipts;
        - ``receipts``, ``failures`` (UInt32) and ``failure_rate`` (Float64, 0 to 1): those that
          meet the condition, and no condition of a better rank;
        - ``receipts_outside``, ``failures_outside`` and ``failure_rate_outside``: the others that
          meet no condition of a better rank. So for rank 1 inside and outside add up to all;
        - ``excess`` (Float64): ``failures - receipts * failure_rate_outside``;
        - ``share`` (Float64, 0 to 1): of all failures (of this value of `by`); shares add up;
        - ``p_value`` (Float64) and ``evidence`` (Float64, ``-log10(p_value)``, which is also there
          where ``p_value`` is too small to be told from 0): how likely anything as striking would
          come up by chance;
        - ``comparisons`` (UInt32): what ``p_value`` was multiplied by, for all that was tested.

        Sorted by failures of the `by` value, most first, then ``rank``. No lead is an answer: there
        is nothing that failures have in common beyond chance.

    Raises
    ------
    MissingColumnError
        A needed column, or one of `by` or `attributes`, is not in the frame.
    ColumnClashError
        A column of `by` has the name of a column of the answer.
    ValueError
        `confidence` is not between 0 and 1.

    Notes
    -----
    Promised is this: where failures are dealt out at random among the receipts, any lead at all
    comes back in at most 1 of 100 frames (``1 - confidence``), whatever the numbers of receipts,
    failures and attributes. For that, ``p_value`` is an upper bound of the exact hypergeometric
    tail, times the number of conditions tested (Bonferroni). The doubt is parted evenly among the
    four kinds of conditions, then among those of a kind; which are tested does not depend on what
    failed. Of an attribute the 1,000 commonest values with at least 5 receipts are tested alone, 50
    in pairs and 12 in stretches; a prefix of ids only where one receipt in 1,000 has it.

    A lead has 5 failures or more, and odds of failing at least 1.2 times those outside. A pair is
    one only where each part is over-represented among the receipts of the other, and where it has
    more evidence than any single attribute. The evidence of a stretch is that of its intervals,
    before its ends were moved.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "type": ["clinic"] * 10 + ["patient"] * 10,
    ...     "status": ["FAILURE"] * 9 + ["SUCCESS"] * 11,
    ... })
    >>> leads = contrast_failures(receipts)
    >>> leads.select("condition", "receipts", "failures", "failure_rate_outside", "excess").rows()
    [('type = clinic', 10, 9, 0.0, 9.0)]
    >>> receipts.filter(lead_filter(leads)).height
    10
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence={confidence!r} must lie between 0 and 1, such as 0.99.")
    counted = _Counted.of(receipts, group_columns(by, outputs=_LEADS), attributes)
    return counted.leads(counted.scale(confidence))


def contrast_overall_and_by(
    receipts: pl.DataFrame | pl.LazyFrame, by: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give `contrast_failures` over all failures and by a column, reading the receipts once."""
    counted = _Counted.of(receipts, group_columns(by, outputs=_LEADS), None)
    scale, overall = counted.scale(_CONFIDENCE), counted.overall()
    # What is tested does not depend on what failed.
    return overall.leads(replace(scale, groups=overall.groups.height)), counted.leads(scale)


@dataclass(frozen=True)
class _Counted:
    """Receipts counted in cells, and the groups of failures whose leads are looked for."""

    cells: Cells
    groups: pl.DataFrame

    @classmethod
    def of(
        cls,
        receipts: pl.DataFrame | pl.LazyFrame,
        keys: list[str],
        attributes: Sequence[str] | None,
    ) -> _Counted:
        frame = with_signatures(receipts) if "signature" in keys else receipts
        lazy, available = lazy_with(frame, ["status", *keys, *(attributes or ())])
        wanted = dict.fromkeys(ATTRIBUTES if attributes is None else attributes)
        tested = [name for name in wanted if name in available and name not in keys]
        rows = _ended(lazy, available, keys, tested)
        groups = _groups(rows, keys)
        return cls(count_cells(_with_group(rows, groups, keys), tested), groups)

    def overall(self) -> _Counted:
        """Take all failures as one group."""
        group = pl.when(pl.col("group").is_not_null()).then(pl.lit(0, pl.UInt32)).alias("group")
        counts, coarse = (
            cells.with_columns(group) for cells in (self.cells.counts, self.cells.coarse)
        )
        failed = coarse.filter(pl.col("group").is_not_null())["receipts"].sum()
        one = pl.DataFrame({GROUP: [0]}, schema={GROUP: pl.UInt32})
        cells = replace(self.cells, counts=counts, coarse=coarse)
        return _Counted(cells, one.head(int(failed >= FEWEST)))

    def scale(self, confidence: float) -> Scale:
        return Scale.of(self.cells, groups=self.groups.height, confidence=confidence)

    def leads(self, scale: Scale) -> pl.DataFrame:
        numbers = range(self.groups.height)
        found = [lead for group in numbers for lead in find_leads(self.cells, group, scale)]
        leads = _told(pl.DataFrame(found, schema=FOUND), self.cells)
        keys = self.groups.drop(GROUP, _FAILED, strict=False)
        return pl.concat([keys[leads["group"]], leads.select(_LEADS.names())], how="horizontal")


def lead_filter(leads: pl.DataFrame, row: int = 0) -> pl.Expr:
    """Give the expression that filters receipts to those of a lead.

    Parameters
    ----------
    leads
        As `contrast_failures` gives them, with the leads of better rank.
    row
        Which of its rows.

    Returns
    -------
    pl.Expr
        True for receipts that meet the condition, and none of a better rank of the same `by` value;
        never null. Whether they failed is not asked: pending and cancelled ones, and those that
        failed in other ways, are not in the counts of the lead, but meet its condition.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "action": ["CREATE"] * 6 + ["DELETE"] * 20,
    ...     "status": ["FAILURE"] * 6 + ["SUCCESS"] * 20,
    ... })
    >>> receipts.filter(lead_filter(contrast_failures(receipts)))["action"].unique().to_list()
    ['CREATE']
    """
    lead = leads.row(row, named=True)
    keys = leads.columns[: leads.columns.index("rank")]
    same = [pl.col(key).eq_missing(pl.lit(lead[key], leads.schema[key])) for key in keys]
    above = leads.filter(pl.col("rank") < lead["rank"], *same).iter_rows(named=True)
    return pl.all_horizontal(_meets(lead), *(~_meets(other) for other in above))


def _meets(lead: dict[str, Any]) -> pl.Expr:
    tests: list[pl.Expr] = []
    for number in (1, 2):
        name, value = lead[f"attribute_{number}"], lead[f"value_{number}"]
        if name == TIME:
            inside = timestamp(TIME).is_between(pl.lit(lead["begins"]), pl.lit(lead["ends"]))
            tests.append(inside.fill_null(value=False))
        elif name is not None:
            text = DERIVED.get(name, pl.col(name).cast(pl.String))
            tests.append(text.eq_missing(pl.lit(value, pl.String)))
    return pl.all_horizontal(tests)


def _ended(
    lazy: pl.LazyFrame, available: list[str], keys: list[str], tested: list[str]
) -> pl.DataFrame:
    """Give the receipts that are neither pending nor cancelled, with the columns that matter."""
    columns = [timestamp(name) if name == TIME else pl.col(name) for name in tested]
    became = outcome(available)
    ended = lazy.filter(~became.is_in(["pending", "cancelled"]))
    return ended.select(*keys, *columns, (became == "failed").alias(_FAILED)).collect()


def _groups(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Give the groups of failures that are looked at, in the order of their numbers."""
    return (
        aggregate(rows.filter(_FAILED), keys, [pl.len().alias(_FAILED)])
        .filter(pl.col(_FAILED) >= FEWEST)
        .sort(_FAILED, *keys, descending=[True, *(False for _ in keys)], nulls_last=True)
        .head(_MOST_GROUPS)
        .with_row_index(GROUP)
    )


def _with_group(rows: pl.DataFrame, groups: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Give failures the number of their group, which for the rare ones is that of no group."""
    if keys:
        numbers = groups.select(*keys, GROUP)
        rows = rows.join(numbers, on=keys, how="left", nulls_equal=True)
    else:
        rows = rows.with_columns(pl.lit(0, pl.UInt32).alias(GROUP))
    group = pl.col(GROUP).fill_null(groups.height).cast(pl.UInt32)
    return rows.with_columns(pl.when(_FAILED).then(group).alias(GROUP))


def _told(found: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Turn codes, slices and counts into what is told of them."""
    for number in (1, 2):
        values = cells.values.rename({name: f"{name}_{number}" for name in cells.values.columns})
        keys = [f"part_{number}", f"code_{number}"]
        found = found.join(values, on=keys, how="left", nulls_equal=True, maintain_order="left")
    for end, place in (("begins", "first"), ("ends", "last")):
        times = cells.slices.select(pl.col("slice").alias(place), end)
        found = found.join(times, on=place, how="left", maintain_order="left")
    rate_outside = pl.col("failures_outside") / pl.col("receipts_outside")
    texts = pl.concat_str(_text(1), _text(2), separator=" and ", ignore_nulls=True)
    return found.with_columns(
        condition=texts,
        failure_rate=pl.col("failures") / pl.col("receipts"),
        failure_rate_outside=rate_outside,
        excess=pl.col("failures") - pl.col("receipts") * rate_outside,
        share=pl.col("failures") / pl.col("failures_of_group"),
        p_value=(-pl.col("nats")).exp(),
        evidence=pl.col("nats") / math.log(10),
    ).select("group", *(pl.col(name).cast(dtype) for name, dtype in _LEADS.items()))


def _text(number: int) -> pl.Expr:
    name, value = pl.col(f"attribute_{number}"), pl.col(f"value_{number}")
    begins, ends = (pl.col(end).dt.strftime("%Y-%m-%d %H:%M:%S") for end in ("begins", "ends"))
    return (
        pl.when(name == TIME)
        .then(pl.format("received from {} to {} UTC", begins, ends))
        .when(value.is_null())
        .then(pl.format("no {}", name))
        .otherwise(pl.format("{} = {}", name, value))
    )
