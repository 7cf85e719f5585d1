"""What the explorer shows of a study, part by part: each is a piece of HTML, made in the kernel."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from clinia_nb import charts
from clinia_nb.analysis.failure_signatures import failure_signatures
from clinia_nb.analysis.failures import count_outcomes
from clinia_nb.analysis.retry_rules import ADVICE
from clinia_nb.charts.svg import inked, to_figure
from clinia_nb.display.html import render, trusted
from clinia_nb.display.times import Zone
from clinia_nb.receipts.fields import ERROR_COLUMNS, JSON_COLUMNS
from clinia_nb.receipts.outcome import OUTCOMES

from .prepared import Order, Study
from .selection import Chip, Selection
from .svg_buttons import Brush, Press, enliven, time_domain
from .value_pick import ValueColumn

if TYPE_CHECKING:
    from datetime import datetime

    import altair as alt

    from clinia_nb.findings.explanation import Problem
    from clinia_nb.findings.values import Place

TABS = {
    "overview": "Overview",
    "failures": "Failures",
    "timing": "Timing",
    "todo": "What to do",
    "receipts": "Receipts",
}
_SIGNATURES_SHOWN = 15
# The columns of the table, and by what each can be sorted.
_SHOWN = {
    "time": {"received_at": "Received", "outcome": "Outcome"},
    "what": {"id": "Id", "type": "Type", "action": "Action"},
    "error": {"error_type": "Error type", "error_message": "Message"},
    "took": {"duration": "Took"},
}


@dataclass(frozen=True)
class Look:
    """What is looked at: the selection, the tab, and in the table the order, page and receipt.

    Without `live`, nothing of it can be pressed: for readers without a kernel. `client` is the
    code that makes a client like the one that was asked. Times are shown in `zone`.
    """

    selection: Selection = field(default_factory=Selection)
    tab: str = "overview"
    order: Order = field(default_factory=Order)
    page: int = 0
    opened: int | None = None
    code: bool = False
    live: bool = True
    client: str = "cnb.Client()"
    zone: Zone = field(default_factory=Zone)

    @property
    def chips(self) -> list[Chip]:
        """What is filtered, in words."""
        return self.selection.chips(self.zone)


def head(study: Study, look: Look) -> str:
    """Give the counts, what is filtered, what can be taken along, and the tabs."""
    counts = count_outcomes(study.lazy(look.selection).select("status", *ERROR_COLUMNS)).row(
        0, named=True
    )
    chosen = look.selection
    begins, ends = ends_of(study, chosen)
    return render(
        "explorer/templates/head.html.jinja",
        look=look,
        tabs=TABS,
        selected=counts["receipts"],
        failed=counts["failed"],
        total=study.table.height,
        begins=look.zone.field(begins),
        ends=look.zone.field(ends),
        called=look.zone.called(*(moment for moment in (begins, ends) if moment)),
        code=code(study, chosen, look.client) if look.code else "",
    )


def ends_of(study: Study, selection: Selection) -> tuple[datetime | None, datetime | None]:
    """Give the stretch of time that is selected, or that of the whole bulk."""
    first, last = study.span
    return selection.begins or first, selection.ends or last


def code(study: Study, selection: Selection, client: str = "cnb.Client()") -> str:
    """Write the code that makes the same frame without the explorer."""
    bulk = study.bulk
    kind = "" if bulk.kind == "relationships" else f", kind={bulk.kind!r}"
    return selection.code(
        receipts=[
            f"client = {client}",
            f"receipts = client.fetch_bulk({bulk.source_key!r}, {bulk.bulk_id!r}{kind}).receipts",
        ]
    )


def figures(study: Study, look: Look) -> str:
    """Give what became of the receipts, and the key figures of the bulk."""
    lazy = study.lazy(look.selection, without=("outcome",)).select("status", *ERROR_COLUMNS)
    counts = count_outcomes(lazy).row(0, named=True)
    picked = look.selection.pick("outcome")
    return render(
        "explorer/templates/figures.html.jinja",
        overview=study.bulk.summary,
        outcomes={name: counts[name] for name in OUTCOMES if counts[name]},
        total=counts["receipts"],
        picked=picked.values if picked else (),
        look=look,
    )


def problems(study: Study, look: Look) -> str:
    """Give the leading problems in words."""
    picked = look.selection.pick("signature")
    return render(
        "explorer/templates/problems.html.jinja",
        explanation=study.explanation,
        picked=picked.values if picked else (),
        ask=_value_buttons(look.selection) if look.live else None,
        look=look,
    )


def _value_buttons(selection: Selection) -> Callable[[Problem, Place, int], tuple[str, bool]]:
    """Return what a value's button sends, and whether it is pressed."""

    def ask(problem: Problem, place: Place, number: int) -> tuple[str, bool]:
        where = place.placeholder if place.position is None else place.position
        column = ValueColumn(problem.signature, where).name
        value = place.values[number][0]
        pick = selection.pick(column)
        message = {"act": "toggle", "column": column, "value": value}
        return json.dumps(message), bool(pick and value in pick.values)

    return ask


def none_failed(_: Study, __: Look) -> str:
    """Say that there is nothing to show."""
    return render("explorer/templates/none.html.jinja")


def types(study: Study, look: Look) -> str:
    """Draw the failures by error type; a bar picks it."""
    lazy = study.lazy(look.selection, without=("error_type",))
    chart = charts.summarize_failures(lazy, colors=_colors(study))
    groups = charts.leading_groups(lazy, most=10)
    return _figure(chart, "types", look, _presses(groups, "error_type", look))


def signatures(study: Study, look: Look) -> str:
    """List the signatures; a row picks it."""
    narrowed = look.selection.without("signature")
    told = study.explanation.signatures
    found = failure_signatures(study.lazy(narrowed)) if narrowed else told
    picked = look.selection.pick("signature")
    return render(
        "explorer/templates/signatures.html.jinja",
        rows=found.head(_SIGNATURES_SHOWN).to_dicts(),
        more=max(found.height - _SIGNATURES_SHOWN, 0),
        picked=picked.values if picked else (),
        look=look,
    )


def heatmap(study: Study, look: Look) -> str:
    """Draw failures by error type and type; a cell picks both."""
    lazy = study.lazy(look.selection, without=("error_type", "type"))
    chart = charts.failure_heatmap(lazy)
    rows = charts.leading_groups(lazy, by="error_type", most=8)
    columns = charts.leading_groups(lazy, by="type", most=8)
    presses: dict[str, Press] = {}
    for down, row in enumerate(rows.iter_rows(named=True)):
        for across, column in enumerate(columns.iter_rows(named=True)):
            picks = [_pick(rows, "error_type", row), _pick(columns, "type", column)]
            on = all(_is_on(look.selection, pick) for pick in picks)
            presses[f"{down},{across}"] = Press("pick", picks, on)
    return _figure(chart, "heatmap", look, presses)


def over_time(study: Study, look: Look) -> str:
    """Draw failures over time; a stretch of it can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    chart = charts.failures_over_time(lazy, colors=_colors(study), time_zone=look.zone.name)
    return _figure(chart, "over-time", look, ahead=_ahead(lazy, look, "received_at"))


def onsets(study: Study, look: Look) -> str:
    """Draw since when each problem is there, of the whole bulk."""
    drawn = charts.failure_onsets(
        study.table, onsets=study.explanation.onsets, time_zone=look.zone.name
    )
    return _figure(drawn, "onsets", look)


def where(study: Study, look: Look) -> str:
    """Draw where failures concentrate, of the whole bulk."""
    drawn = charts.contrast_failures(study.table, leads=study.explanation.leads)
    return _figure(drawn, "where", look)


def durations(study: Study, look: Look) -> str:
    """Draw how long receipts took."""
    return _figure(charts.duration_distribution(study.lazy(look.selection)), "durations", look)


def durations_by_type(study: Study, look: Look) -> str:
    """Draw how long receipts took, by error type."""
    return _figure(charts.summarize_timing(study.lazy(look.selection)), "by-type", look)


def timing(study: Study, look: Look) -> str:
    """Draw how long receipts took over time; a stretch of it can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    chart = charts.timing_over_time(lazy, time_zone=look.zone.name)
    return _figure(chart, "timing", look, ahead=_ahead(lazy, look, "received_at"))


def flow(study: Study, look: Look) -> str:
    """Draw what came, went and was in flight; a stretch of time can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    chart = charts.throughput(lazy, time_zone=look.zone.name)
    lazy = lazy.filter(pl.col("received_at").is_not_null())  # the others are not drawn
    return _figure(chart, "flow", look, ahead=_ahead(lazy, look, "received_at", "completed_at"))


def advice(study: Study, look: Look) -> str:
    """Draw what to do with the records that failed and are selected."""
    chart = charts.retry_plan(study.table, records=study.records(look.selection))
    return _figure(chart, "advice", look)


def plan(study: Study, look: Look) -> str:
    """List what to do about each problem that is selected."""
    told = study.explanation.plan
    if look.selection:
        there = study.lazy(look.selection).select("signature").drop_nulls().unique().collect()
        told = told.join(there, on="signature", how="semi", maintain_order="left")
    rows = told.drop("ids").with_columns(to_send=told["ids"].list.len()).to_dicts()
    return render("explorer/templates/plan.html.jinja", rows=rows, advice=ADVICE, look=look)


def table(study: Study, look: Look) -> str:
    """Give a page of the receipts, and one of them in full."""
    pages = study.pages(look.selection)
    page = min(look.page, pages - 1)
    rows = study.page(look.selection, look.order, page).to_dicts()
    return render(
        "explorer/templates/table.html.jinja",
        rows=rows,
        columns=_SHOWN,
        json_columns=JSON_COLUMNS,
        detail=None if look.opened is None else {"row": look.opened} | study.detail(look.opened),
        page=page,
        pages=pages,
        count=study.count(look.selection),
        look=look,
    )


# What does not change with the selection.
WHOLE_BULK = frozenset({"onsets", "where"})
# What waits until the bulk is explained.
EXPLAINED = WHOLE_BULK | {"problems", "advice", "plan", "signatures"}
Part: TypeAlias = Callable[[Study, Look], str]
PARTS: dict[str, tuple[tuple[str, Part], ...]] = {
    "overview": (("figures", figures), ("over-time", over_time), ("problems", problems)),
    "failures": (
        ("types", types),
        ("signatures", signatures),
        ("heatmap", heatmap),
        ("over-time", over_time),
        ("onsets", onsets),
        ("where", where),
    ),
    "timing": (
        ("durations", durations),
        ("timing", timing),
        ("flow", flow),
        ("by-type", durations_by_type),
    ),
    "todo": (("advice", advice), ("plan", plan)),
    "receipts": (("table", table),),
}


# What a bulk without failures has no use for.
_OF_FAILURES = {"types", "signatures", "heatmap", "over-time", "onsets", "where", "advice"}


def parts_of(study: Study, tab: str) -> tuple[tuple[str, Part], ...]:
    """Give the parts of a tab that say something of this bulk."""
    if study.bulk.summary.outcomes["failed"]:
        return PARTS[tab]
    rest = tuple((name, part) for name, part in PARTS[tab] if name not in _OF_FAILURES)
    return rest or (("none", none_failed),)


def _ahead(lazy: pl.LazyFrame, look: Look, *times: str) -> timedelta:
    """Give what the times of a chart are ahead of UTC: what its zone was when the load began."""
    if look.zone == Zone():
        return timedelta()
    first = lazy.select(pl.min_horizontal(pl.col(times).min())).collect().item()
    return charts.utc_offset(first, look.zone.name)


def _figure(
    chart: alt.LayerChart,
    name: str,
    look: Look,
    presses: dict[str, Press] | None = None,
    *,
    ahead: timedelta | None = None,
) -> str:
    """Draw a chart; where it is told what its times are `ahead` of UTC, they can be brushed."""
    spec = chart.to_dict(validate=False)  # Altair's checks take as long as all else
    # Ids are the page's: two explorers there are not to disturb each other.
    prefix = f"x{secrets.token_hex(4)}-{name}"
    if not look.live:
        return to_figure(spec, prefix=prefix)
    svg = charts.to_svg(spec, prefix=prefix)
    brush = None
    if ahead is not None and (domain := time_domain(spec)):
        brush = Brush(*domain, look.selection.begins, look.selection.ends, ahead)
    if presses or brush:
        svg = enliven(svg, presses or {}, brush)
    return render("explorer/templates/figure.html.jinja", svg=trusted(inked(svg)), brush=brush)


def _presses(groups: pl.DataFrame, column: str, look: Look) -> dict[str, Press]:
    presses: dict[str, Press] = {}
    for number, row in enumerate(groups.iter_rows(named=True)):
        pick = _pick(groups, column, row)
        action = ("pick", [pick]) if pick[2] else ("toggle", [column, row[column]])
        presses[str(number)] = Press(*action, _is_on(look.selection, pick))
    return presses


def _pick(groups: pl.DataFrame, column: str, row: dict[str, Any]) -> list[Any]:
    """Give what a group stands for: its value, or for the folded one all but the others."""
    if row["folded"] == 1:
        return [column, [row[column]], False]
    return [column, groups.head(-1)[column].cast(pl.String).to_list(), True]


def _is_on(selection: Selection, pick: list[Any]) -> bool:
    column, values, others = pick
    there = selection.pick(column)
    if there is None or there.others != others:
        return False
    return set(values) <= set(there.values)


def _colors(study: Study) -> dict[str | None, str]:
    """Give the color of each error type of the whole bulk, which a part of it keeps."""
    return charts.group_colors(study.error_types)
