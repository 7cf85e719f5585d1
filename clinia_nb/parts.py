"""What the explorer shows of a study, part by part: each is a piece of HTML, made in the kernel."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from . import charts, zones
from .drawing import to_figure
from .explain import ADVICE
from .failures import count_outcomes
from .frames import OUTCOMES
from .marks import Brush, Press, enliven, time_domain
from .markup import render, trusted
from .selection import Selection
from .signatures import failure_signatures
from .study import SORTABLE, Order, Study
from .timeline import Timeline

if TYPE_CHECKING:
    from datetime import datetime

    import altair as alt

TABS = {
    "overview": "Overview",
    "failures": "Failures",
    "timing": "Timing",
    "todo": "What to do",
    "receipts": "Receipts",
}
_SIGNATURES_SHOWN = 15
_SHOWN = (
    (("received_at", "Received"),),
    (("outcome", "Outcome"),),
    (("type", "Type"), ("action", "Action")),
    (("id", "Id"),),
    (("error_type", "Error type"), ("error_message", "Message")),
    (("duration", "Took"),),
)


@dataclass(frozen=True)
class Look:
    """What is looked at: the selection, the tab, and in the table the order, page and receipt.

    Without `live`, nothing of it can be pressed: for readers without a kernel. `zone` is the one
    that times are shown in, but for sentences and figures, which are in UTC. `client` is the code
    that makes a client like the one that was asked.
    """

    selection: Selection = field(default_factory=Selection)
    tab: str = "overview"
    order: Order = field(default_factory=Order)
    page: int = 0
    opened: int | None = None
    code: bool = False
    live: bool = True
    zone: str = zones.UTC
    client: str = "cnb.Client()"


def head(study: Study, look: Look) -> str:
    """Give the counts, what is filtered, what can be taken along, and the tabs."""
    counts = count_outcomes(study.lazy(look.selection).select("status", *_ERRORS)).row(
        0, named=True
    )
    chosen = look.selection
    times = study.bulk.summary
    return render(
        "explorer/head.html.jinja",
        look=look,
        tabs=TABS,
        selected=counts["receipts"],
        failed=counts["failed"],
        total=study.table.height,
        begins=_field(chosen.begins or times.first_received, look.zone),
        ends=_field(chosen.ends or times.last_completed, look.zone),
        code=code(study, chosen, look.client) if look.code else "",
    )


def _field(moment: datetime | None, zone: str) -> str:
    """Write a time as the field of a form takes it."""
    return zones.write(moment, zone, pattern="%Y-%m-%dT%H:%M:%S%.3f") if moment else ""


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


_ERRORS = ("error_type", "error_code", "error_message", "error_details")


def figures(study: Study, look: Look) -> str:
    """Give what became of the receipts, and the key figures of the bulk."""
    lazy = study.lazy(look.selection, without=("outcome",)).select("status", *_ERRORS)
    counts = count_outcomes(lazy).row(0, named=True)
    picked = look.selection.pick("outcome")
    return render(
        "explorer/figures.html.jinja",
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
        "explorer/problems.html.jinja",
        explanation=study.explanation,
        picked=picked.values if picked else (),
        look=look,
    )


def none_failed(_: Study, __: Look) -> str:
    """Say that there is nothing to show."""
    return render("explorer/none.html.jinja")


def types(study: Study, look: Look) -> str:
    """Draw the failures by error type; a bar picks it."""
    lazy = study.lazy(look.selection, without=("error_type",))
    chart = charts.summarize_failures(lazy, colours=_colours(study))
    groups = charts.leading_groups(lazy, most=10)
    return _figure(chart, "types", look, _presses(groups, "error_type", "Error type", look))


def signatures(study: Study, look: Look) -> str:
    """List the signatures; a row picks it."""
    narrowed = look.selection.without("signature")
    told = study.explanation.signatures
    found = failure_signatures(study.lazy(narrowed)) if narrowed else told
    picked = look.selection.pick("signature")
    return render(
        "explorer/signatures.html.jinja",
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
    for row in rows.iter_rows(named=True):
        for column in columns.iter_rows(named=True):
            picks = [_pick(rows, "error_type", row), _pick(columns, "type", column)]
            on = all(_is_on(look.selection, pick) for pick in picks)
            told = f"Error type: {row['group']}; Type: {column['group']}; Failed"
            presses[told] = Press("pick", picks, on)
    return _figure(chart, "heatmap", look, presses)


def over_time(study: Study, look: Look) -> str:
    """Draw failures over time; a stretch of it can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    drawn = charts.failures_over_time(lazy, colours=_colours(study), time_zone=look.zone)
    return _figure(drawn, "over-time", look, timeline=_timeline(lazy, look, "received_at"))


def onsets(study: Study, look: Look) -> str:
    """Draw since when each problem is there, of the whole bulk."""
    told = study.explanation.onsets
    drawn = charts.failure_onsets(study.table, onsets=told, time_zone=look.zone)
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
    drawn = charts.timing_over_time(lazy, time_zone=look.zone)
    return _figure(drawn, "timing", look, timeline=_timeline(lazy, look, "received_at"))


def flow(study: Study, look: Look) -> str:
    """Draw what came, went and was in flight; a stretch of time can be brushed."""
    lazy = study.lazy(look.selection, without=("time",))
    received = lazy.filter(pl.col("received_at").is_not_null())
    timeline = _timeline(received, look, "received_at", "completed_at")
    return _figure(charts.throughput(lazy, time_zone=look.zone), "flow", look, timeline=timeline)


def advice(study: Study, look: Look) -> str:
    """Draw how many records each recommendation covers, of those that are selected."""
    drawn = charts.retry_plan(study.table, records=study.records(look.selection))
    return _figure(drawn, "advice", look)


def plan(study: Study, look: Look) -> str:
    """List what to do about each problem that is selected."""
    told = study.explanation.plan
    if look.selection:
        there = study.lazy(look.selection).select("signature").drop_nulls().unique().collect()
        told = told.join(there, on="signature", how="semi", maintain_order="left")
    rows = told.drop("ids").with_columns(to_send=told["ids"].list.len()).to_dicts()
    return render("explorer/plan.html.jinja", rows=rows, advice=ADVICE, look=look)


def table(study: Study, look: Look) -> str:
    """Give a page of the receipts, and one of them in full."""
    pages = study.pages(look.selection)
    page = min(look.page, pages - 1)
    there = pl.col("received_at").dt.convert_time_zone(look.zone)
    shown = study.page(look.selection, look.order, page).with_columns(
        day=there.dt.strftime("%Y-%m-%d"), time=there.dt.strftime("%H:%M:%S%.3f")
    )
    return render(
        "explorer/table.html.jinja",
        rows=shown.to_dicts(),
        columns=_SHOWN,
        sortable=SORTABLE,
        detail=None if look.opened is None else study.detail(look.opened),
        page=page,
        pages=pages,
        count=study.count(look.selection),
        look=look,
    )


# What does not change with the selection.
WHOLE_BULK = frozenset({"onsets", "where"})
# What waits until the bulk is explained.
EXPLAINED = WHOLE_BULK | {"problems", "plan", "advice", "signatures"}
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


def _figure(
    chart: alt.LayerChart,
    name: str,
    look: Look,
    presses: dict[str, Press] | None = None,
    *,
    timeline: Timeline | None = None,
) -> str:
    spec = chart.to_dict(validate=False)  # Altair's checks take as long as all else
    # Ids are the page's: two explorers there are not to disturb each other.
    prefix = f"x{secrets.token_hex(4)}-{name}"
    if not look.live:
        return to_figure(spec, prefix=prefix)
    svg = charts.to_svg(spec, prefix=prefix)
    brush = None
    if timeline and (domain := time_domain(spec)):
        first, last = (end - timeline.shift for end in domain)
        brush = Brush(first, last, look.selection.begins, look.selection.ends)
    if presses or brush:
        svg = enliven(svg, presses or {}, brush)
    return render("explorer/figure.html.jinja", svg=trusted(svg), brush=brush)


def _timeline(lazy: pl.LazyFrame, look: Look, *names: str) -> Timeline:
    return Timeline.of(lazy, *names, every=None, time_zone=look.zone)


def _presses(groups: pl.DataFrame, column: str, name: str, look: Look) -> dict[str, Press]:
    presses: dict[str, Press] = {}
    for row in groups.iter_rows(named=True):
        pick = _pick(groups, column, row)
        told = f"{name}: {row['group']}; Failed"
        action = ("pick", [pick]) if pick[2] else ("toggle", [column, row[column]])
        presses[told] = Press(*action, _is_on(look.selection, pick))
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


def _colours(study: Study) -> dict[str | None, str]:
    """Give the colour of each error type of the whole bulk, which a part of it keeps."""
    return charts.group_colours(study.error_types)
