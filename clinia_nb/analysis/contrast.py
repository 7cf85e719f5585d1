"""Where failures are over-represented: receipts in, ranked leads out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from clinia_nb.receipts.columns import aggregate, as_polars, group_columns, lazy_with, timestamp
from clinia_nb.signatures.sign import with_signatures

from ._clumps import GROUP as BURST_GROUP
from ._contrast_attributes import (
    DERIVED,
    TIME,
)
from ._contrast_cells import GROUP, Cells, count_cells, slice_of
from ._contrast_conditions import FEWEST
from ._contrast_elsewhere import count_elsewhere
from ._contrast_rows import (
    FAILED,
    Crowds,
    clump_of,
    crowds_and_places,
    edges_of,
    ended_rows,
    known_crowds,
    numbered_groups,
)
from ._contrast_scale import Scale
from ._contrast_search import FOUND, Group, find_leads
from ._contrast_versions import VERSIONED, within
from ._contrast_words import LEADS, described
from ._engines import elsewhere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

    from .crowding import Crowding

_CONFIDENCE = 0.99


def contrast_failures(
    receipts: Receipts,
    *,
    by: str | Sequence[str] | None = None,
    attributes: Sequence[str] | None = None,
    confidence: float = _CONFIDENCE,
) -> pl.DataFrame:
    """Find where failures are over-represented, the best lead first.

    Tested are the values of every attribute, all values but one, stretches of time, pairs of
    values, and values within stretches of time. Receipts that are pending or cancelled say nothing
    and are left out.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status` is needed; error columns are
        used if present.
    by
        Column or columns that divide the failures, such as ``"error_type"`` or ``"signature"``
        (which is added if missing). What sets the failures of each value apart is then searched
        for separately, among these failures and the receipts that did not fail: what failed in
        another way had no chance to fail in this one. Only the 50 most frequent values with
        at least 5 failures are used.
    attributes
        Columns to test. By default those present of ``type``, ``target_type``, ``action``,
        ``pipeline_definition_id``, ``source_key``, ``bulk_id``, ``id`` and ``received_at``, and
        columns of your own that you joined to the frame, if they have at most 50 values (text,
        categories, truth values or whole numbers) and are not null for everything that succeeded.
        They must not be consequences of failing. Columns of `by` are not tested. Of pipelines the
        name without version is tested too, and ranges of versions; of ids that the caller chose
        the prefix (up to the first of ``-_:./|#@~+`` or blank, or letters before digits), the stem
        (up to the last of these) and the shape (``x-x`` for ``clinic-12``); if ids repeat, whether
        the id came before in this bulk. ``received_at`` stands for stretches of time: one or more
        of 64 intervals that hold equally many receipts, whose ends are then moved to the nearest of
        4,096; and the bursts that `failure_onsets` finds, however short.
    confidence
        How sure a lead must be; between 0 and 1.

    Returns
    -------
    pl.DataFrame, shape (leads, …)
        The `by` columns in their own dtypes, then

        - ``rank`` (UInt32): 1 for the best lead, at most 10, per value of `by`;
        - ``condition`` (String): the condition in words, such as
          ``type = clinic and pipeline_definition_id = clinic.2``;
        - ``attribute_1``, ``value_1``, ``attribute_2``, ``value_2`` (String): the same for
          programs. A null value is a null in the column, except for ``received_at``, where
          ``begins`` and ``ends`` (Datetime, µs, UTC, both inclusive) define the stretch. With a
          single attribute the second is null; of a range of versions of a pipeline both are
          ``pipeline_definition_id``, with the first and the last. `lead_filter` returns the
          receipts;
        - ``all_but`` (Boolean): whether the condition is that the value is another one;
        - ``receipts``, ``failures`` (UInt32) and ``failure_rate`` (Float64, 0 to 1): those that
          meet the condition, and no condition of a better rank;
        - ``receipts_outside``, ``failures_outside`` and ``failure_rate_outside``: the others that
          meet no condition of a better rank. So for rank 1 inside and outside add up to all;
        - ``excess`` (Float64): ``failures - receipts * failure_rate_outside``;
        - ``share`` (Float64, 0 to 1): of all failures (of this value of `by`); shares add up;
        - ``p_value`` (Float64) and ``evidence`` (Float64, ``-log10(p_value)``, which is also there
          if ``p_value`` is too small to differ from 0): how likely anything as striking would
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
    If failures are dealt out at random among the records, any lead at all comes back in at most 1
    of 100 frames (``1 - confidence``), whatever the numbers of receipts, failures and attributes.
    For that, ``p_value`` is an upper bound of the exact hypergeometric tail, times the number of
    conditions tested (Bonferroni), divided evenly among the sorts of conditions, then among those
    of a sort; which are tested does not depend on what failed. Of an attribute the 1,000 commonest
    values with at least 5 receipts are tested alone, 50 in pairs and 12 in stretches; a prefix of
    ids only if one receipt in 1,000 has it.

    A record (same id, type and target type) that was sent several times counts as one: each of its
    receipts has that fraction of the evidence. If failures come in runs, the evidence of a stretch
    is divided by how many come together. The counts of a lead are of receipts.

    A lead has 5 failures or more, and odds of failing at least 1.2 times those outside. A pair is
    one only if each part is over-represented among the receipts of the other, and if it has
    more evidence than any single attribute. The evidence of a stretch is that of its intervals,
    before its ends were moved, among the receipts that have a time.

    DuckDB and Spark count where the receipts are; the leads are the same. Beyond 65,536 receipts
    they see time in that many steps of equally many: ends of stretches are ends of steps, and a
    burst within one step is not seen.

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
    if not isinstance(confidence, int | float) or not 0 < confidence < 1:  # pyright: ignore[reportUnnecessaryIsInstance] -- users may pass anything
        raise ValueError(f"confidence={confidence!r} must lie between 0 and 1, such as 0.99.")
    keys = group_columns(by, outputs=LEADS)
    own = [key for key in keys if key != "signature"]
    remote = elsewhere(receipts, needed=["status", *own, *(attributes or ())])
    if remote is None:
        counted = _Counted.of(as_polars(receipts), keys, attributes)
    else:
        counted = _Counted(*count_elsewhere(remote, keys, attributes), left_out=())
    return counted.leads(counted.scale(confidence))


class Contrasts(NamedTuple):
    """Leads over all failures and by a column, and the caller's columns that were not tested."""

    overall: pl.DataFrame
    by: pl.DataFrame
    left_out: tuple[str, ...]


def contrast_overall_and_by(
    receipts: pl.DataFrame | pl.LazyFrame, by: str, crowding: Crowding
) -> Contrasts:
    """Return `contrast_failures` over all failures and by a column, reading the receipts once.

    `crowding` is that of the same receipts by the same column.
    """
    counted = _Counted.of(receipts, group_columns(by, outputs=LEADS), None, crowding)
    scale, overall = counted.scale(_CONFIDENCE), counted.of_all()
    # What is tested does not depend on what failed.
    leads = overall.leads(replace(scale, groups=max(overall.groups.height, 1)))
    return Contrasts(leads, counted.leads(scale), counted.left_out)


@dataclass(frozen=True)
class _Counted:
    """Receipts counted in cells, and the groups of failures whose leads are searched for."""

    cells: Cells
    groups: pl.DataFrame
    edges: pl.Series
    receipts: int
    crowds: Crowds
    left_out: tuple[str, ...]

    @classmethod
    def of(
        cls,
        receipts: pl.DataFrame | pl.LazyFrame,
        keys: list[str],
        attributes: Sequence[str] | None,
        crowding: Crowding | None = None,
    ) -> _Counted:
        frame = with_signatures(receipts) if "signature" in keys else receipts
        lazy, available = lazy_with(frame, ["status", *keys, *(attributes or ())])
        rows, tested, left_out = ended_rows(lazy, available, keys, attributes)
        groups = _groups(rows, keys)
        rows = _with_group(rows, groups, keys)
        if crowding is None:
            timed = rows if TIME in tested else rows.drop(TIME, strict=False)
            crowds, places = crowds_and_places(timed, groups.height)
        else:
            crowds, places = known_crowds(crowding, groups, keys), crowding.places
        edges = edges_of(crowds)
        cells = count_cells(rows, tested, edges, places)
        return cls(cells, groups, edges, rows.height, crowds, left_out)

    def of_all(self) -> _Counted:
        """Return the same with all failures as one group."""
        group = pl.when(pl.col("group").is_not_null()).then(pl.lit(0, pl.UInt32)).alias("group")
        known = self.cells.counts, self.cells.coarse, self.cells.tally
        counts, coarse, tally = (cells.with_columns(group) for cells in known)
        failed = coarse.filter(pl.col("group").is_not_null())["receipts"].sum()
        one = pl.DataFrame({GROUP: [0]}, schema={GROUP: pl.UInt32})
        cells = replace(self.cells, counts=counts, coarse=coarse, tally=tally)
        groups = one.head(int(failed >= FEWEST))
        # Where one group crowds, all failures may: searching again would take as long again.
        bursts = self.crowds.bursts.with_columns(pl.lit(0, pl.UInt32).alias(BURST_GROUP))
        whole = replace(self, cells=cells, groups=groups, crowds=Crowds(bursts, {}))
        within = [self.crowds.clumps[group] for group in self.crowds.bursts[BURST_GROUP]]
        clump = max([clump_of(counts, whole.group_at(0).bursts), *within])
        return replace(whole, crowds=Crowds(bursts, {0: clump}))

    def scale(self, confidence: float) -> Scale:
        return Scale.of(self.cells, groups=self.groups.height, confidence=confidence)

    def leads(self, scale: Scale) -> pl.DataFrame:
        found = [
            lead
            for number in range(self.groups.height)
            for lead in find_leads(self.cells, self.group_at(number), scale)
        ]
        leads = described(pl.DataFrame(found, schema=FOUND), self.cells)
        keys = self.groups.drop(GROUP, FAILED, strict=False)
        return pl.concat([keys[leads["group"]], leads.select(LEADS.names())], how="horizontal")

    def group_at(self, number: int) -> Group:
        """Return a group with its bursts as slices."""
        bursts = self.crowds.bursts.filter(pl.col(BURST_GROUP) == number)
        ends = bursts.select(
            slice_of(pl.col(name), self.edges, self.receipts).alias(name)
            for name in ("at_before", "at_last")
        )
        return Group(number, ends.rows(), self.crowds.clumps.get(number, 1.0))


def lead_filter(leads: pl.DataFrame, row: int = 0) -> pl.Expr:
    """Return the expression that filters receipts to those of a lead.

    Parameters
    ----------
    leads
        As `contrast_failures` returns them, with the leads of better rank.
    row
        Which of its rows.

    Returns
    -------
    pl.Expr
        True for receipts that meet the condition, and none of a better rank of the same `by` value;
        never null. Pending and cancelled receipts, and those that failed in other ways, are not in
        the counts of the lead, but can meet its condition.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "action": ["CREATE"] * 6 + ["DELETE"] * 20,
    ...     "status": ["FAILURE"] * 6 + ["SUCCESS"] * 20,
    ... })
    >>> receipts.filter(lead_filter(contrast_failures(receipts)))["action"].unique().to_list()
    ['CREATE']
    """
    lazy_with(leads, LEADS)
    if not -leads.height <= row < leads.height:
        raise IndexError(f"There is no lead {row}: contrast_failures found {leads.height}.")
    lead = leads.row(row, named=True)
    keys = leads.columns[: leads.columns.index("rank")]
    same = [pl.col(key).eq_missing(pl.lit(lead[key], leads.schema[key])) for key in keys]
    above = leads.filter(pl.col("rank") < lead["rank"], *same).iter_rows(named=True)
    return pl.all_horizontal(_meets(lead), *(~_meets(other) for other in above))


def _meets(lead: dict[str, Any]) -> pl.Expr:
    tests: list[pl.Expr] = []
    if lead["attribute_1"] == lead["attribute_2"]:
        return within(pl.col(VERSIONED).cast(pl.String), lead["value_1"], lead["value_2"])
    for number in (1, 2):
        name, value = lead[f"attribute_{number}"], lead[f"value_{number}"]
        if name == TIME:
            inside = timestamp(TIME).is_between(pl.lit(lead["begins"]), pl.lit(lead["ends"]))
            tests.append(inside.fill_null(value=False))
        elif name is not None:
            text = DERIVED.get(name, pl.col(name).cast(pl.String))
            equal = text.eq_missing(pl.lit(value, pl.String))
            tests.append(~equal if lead["all_but"] else equal)
    return pl.all_horizontal(tests)


def _groups(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return numbered_groups(aggregate(rows.filter(FAILED), keys, [pl.len().alias(FAILED)]), keys)


def _with_group(rows: pl.DataFrame, groups: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Add to failures the number of their group; rare ones get a number that no group has."""
    if not keys:
        return rows.with_columns(pl.when(FAILED).then(pl.lit(0, pl.UInt32)).alias(GROUP))
    failures = rows.filter(FAILED).select(keys)
    numbers = failures.join(
        groups.select(*keys, GROUP), on=keys, how="left", nulls_equal=True, maintain_order="left"
    )[GROUP].fill_null(groups.height)
    none = pl.repeat(None, rows.height, dtype=pl.UInt32, eager=True)
    return rows.with_columns(none.scatter(rows[FAILED].arg_true(), numbers).alias(GROUP))
