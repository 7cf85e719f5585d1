"""Charts of why: what sets failures apart, when each problem came, and what to do about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt  # noqa: TID253 - loaded with `charts`, on first use
import polars as pl

from . import contrast, failures, formats, onset, retry
from .inks import DIM, INK, LINE, PAPER
from .labels import clean, leading_groups, named, spoken, unlike, with_error_types, wrap
from .palette import BLUE, GREY, VERMILLION
from .signatures import with_signatures
from .theme import (
    LABEL_COLUMNS,
    WIDTH,
    axis,
    bar_text,
    colour,
    finish,
    name_axis,
    nothing,
    row_height,
    text,
    told,
)
from .timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_RATE_WIDTH = 420
_BASE = 0.86  # where in a lane its bars stand
_INSIDE, _OUTSIDE = "failure rate there", "failure rate elsewhere"
_ADVICE = {
    "retry": "retry as it is",
    "retry_later": "retry later",
    "already_there": "already there: nothing, or UPSERT",
    "split": "split the request",
    "load_first": "load what is missing first",
    "mend_data": "mend the data",
    "mend_model": "mend the model or definition",
    "ask_access": "ask for access",
    "ask_support": "ask support",
    "unknown": "unknown",
}


def contrast_failures(
    receipts: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] | None = None,
    most: int = 10,
) -> alt.LayerChart:
    """Draw what sets failures apart: for each lead, how often receipts fail there and elsewhere.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.contrast_failures`, whose leads are drawn.
    most
        How many leads are shown, of the best ranks.

    Returns
    -------
    alt.LayerChart
        The marks have the fields ``lead`` (the row of the leads, from 0), ``group``, ``inside``
        and ``outside`` (0 to 1), ``failures``, ``receipts`` and ``excess``. Where there is no lead
        the chart is the text "Nothing sets the failures apart".

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "type": ["clinic"] * 10 + ["patient"] * 10,
    ...     "status": ["FAILURE"] * 9 + ["SUCCESS"] * 11,
    ... })
    >>> contrast_failures(receipts).description
    'What sets the failures apart. type = clinic: 90.0 % failed there, 0 % elsewhere.'
    """
    leads = contrast.contrast_failures(receipts, by=by)
    title = "What sets the failures apart"
    if leads.is_empty():
        return nothing(title, "Nothing sets the failures apart.")
    shown = leads.head(most)
    keys = leads.columns[: leads.columns.index("rank")]
    labels = unlike(
        clean("".join(f"{named(key, row[key])}: " for key in keys) + row["condition"])
        for row in shown.with_columns(pl.col(keys).cast(pl.String)).iter_rows(named=True)
    )
    rows = shown.select(
        pl.int_range(pl.len()).alias("lead"),
        pl.Series("group", labels),
        inside="failure_rate",
        outside=pl.col("failure_rate_outside").fill_nan(0.0).fill_null(0.0),
        failures=pl.col("failures").cast(pl.Int64),
        receipts=pl.col("receipts").cast(pl.Int64),
        excess="excess",
    )
    notes = []
    if leads.height > shown.height:
        notes = [f"The {shown.height} best of {formats.count(leads.height)} leads"]
    return _dumbbells(rows, labels, title, notes)


def _dumbbells(
    rows: pl.DataFrame, labels: list[str], title: str, notes: list[str]
) -> alt.LayerChart:
    figures = [
        f"{formats.count(row['failures'])} of {formats.count(row['receipts'])} failed · "
        f"{formats.count(round(row['excess']))} in excess"
        for row in rows.iter_rows(named=True)
    ]
    shown = rows.with_columns(pl.Series("figures", figures))
    scale = alt.Scale(domain=[0, 1], nice=False)
    rate = axis(format=".0%", tickCount=5, domain=False, ticks=False)
    facts = [
        ("Where", "group"),
        ("Failed there", "inside", ".1%"),
        ("Failed elsewhere", "outside", ".1%"),
        ("Failed receipts there", "failures", ",d"),
        ("Receipts there", "receipts", ",d"),
        ("In excess of the rate elsewhere", "excess", ",.0f"),
    ]
    base = told(
        alt.Chart(shown).encode(
            y=alt.Y("group:N", sort=labels, axis=name_axis(labels)),
            x=alt.X("inside:Q", scale=scale, axis=rate, title="Failed of the receipts that ended"),
        ),
        *facts,
    )
    colours = {_INSIDE: VERMILLION, _OUTSIDE: GREY}
    stems = base.mark_rule(strokeWidth=3, color=VERMILLION, opacity=0.35).encode(x2="outside:Q")
    dots = [
        base.transform_calculate(what=f"'{what}'")
        .mark_point(size=size, filled=True, opacity=1)
        .encode(x=f"{field}:Q", color=colour("what", colours, symbolType="circle"))
        for what, field, size in ((_OUTSIDE, "outside", 70), (_INSIDE, "inside", 150))
    ]
    ends = base.mark_text(**text(align="left", color=INK)).encode(
        text="figures:N", x=alt.value(_RATE_WIDTH + 14)
    )
    said = "; ".join(
        f"{row['group']}: {formats.percent(row['inside'])} failed there, "
        f"{formats.percent(row['outside'])} elsewhere"
        for row in rows.head(3).iter_rows(named=True)
    )
    height = row_height(labels, least=36) * len(labels)
    chart = finish([stems, *dots, ends], title, notes, description=said, height=height)
    return chart.properties(width=_RATE_WIDTH)


def failure_onsets(  # noqa: PLR0913 - all but the first by name
    receipts: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] = "signature",
    every: str | None = None,
    time_zone: str = "UTC",
    most: int = 8,
    colours: Mapping[str | None, str] | None = None,
) -> alt.LayerChart:
    """Draw each problem as a lane over time: how many failures per interval, and its burst.

    Parameters
    ----------
    receipts, by
        As for `clinia_nb.failure_onsets`, whose bursts are drawn.
    every
        The interval, as for `clinia_nb.failures_over_time`, whose counts are drawn: each lane by a
        scale of its own.
    time_zone
        In which times are shown.
    most
        How many groups have a lane, those with most failures.
    colours
        Colours by name: see `leading_groups`.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``begins`` and ``ends`` (milliseconds, see `utc_offset`),
        ``group`` and ``failures``.

    Raises
    ------
    IntervalError
        `every` is no interval, or gives more than 200 of them.
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> failure_onsets(pl.DataFrame(schema=SCHEMA)).description
    'When each signature came. No receipt failed.'
    """
    keys = [by] if isinstance(by, str) else list(by)
    title = f"When each {' and '.join(map(spoken, keys))} came"
    frame = with_signatures(receipts) if "signature" in keys else receipts
    groups = leading_groups(frame, by=keys, most=most, colours=colours)
    if groups.is_empty():
        return nothing(title, "No receipt failed.")
    timeline = Timeline.of(frame, "received_at", every=every, time_zone=time_zone)
    groups = with_error_types(groups, frame, keys, colours)
    single = groups.filter(pl.col("folded") == 1).with_row_index("lane")
    onsets = onset.failure_onsets(frame, by=keys)
    lanes = single.select(*keys, "lane", "group", "kind", "colour").join(
        onsets, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    counted = failures.failures_over_time(frame, every=timeline.every, by=keys)
    counts = (
        counted.join(lanes.select(*keys, "lane"), on=keys, nulls_equal=True)
        .drop_nulls("interval_start")
        .sort("lane", "interval_start")
        .select(
            "lane", timeline.ms("interval_start").alias("begins"),
            pl.col("failures").cast(pl.Int64),
            high=0.74 * pl.col("failures") / pl.col("failures").max().over("lane"),
        )
    )  # fmt: skip
    rest = int(groups.filter(pl.col("folded") > 1)["folded"].sum())
    notes = ["Height: failures per interval, each lane by its own scale. Line below: the burst"]
    notes += [
        f"The {lanes.height} with most failures; {formats.count(rest)} more not shown"
    ] * bool(rest)
    untimed = int(onsets["untimed"].sum())
    notes += [f"{formats.count(untimed)} failed receipts without a time are left out"] * bool(
        untimed
    )
    return _swim(counts, lanes, timeline, title, notes)


def _swim(
    counts: pl.DataFrame, lanes: pl.DataFrame, timeline: Timeline, title: str, notes: list[str]
) -> alt.LayerChart:
    labels = lanes["group"].to_list()
    high = row_height(labels, least=48)
    y = _lanes(labels)
    told_lanes = lanes.select(
        "lane", "group", "kind", "colour",
        shape=pl.Series([_shape(row) for row in lanes.iter_rows(named=True)]),
        middle=pl.col("lane") + 0.5,
        base=pl.col("lane") + _BASE,
        burst=timeline.ms("burst_begins"),
        burst_ends=timeline.ms("burst_ends"),
    )  # fmt: skip
    lookup = alt.LookupData(told_lanes.select("lane", "group", "kind"), "lane", ["group", "kind"])
    colours = dict(told_lanes.select("kind", "colour").iter_rows())
    hue = colour("kind", colours, shown=len(colours) > 1)
    counts = counts.with_columns(
        base=pl.col("lane") + _BASE, top=pl.col("lane") + _BASE - pl.col("high")
    )
    bars = told(
        timeline.with_moments(
            alt.Chart(counts.drop("high")).transform_lookup("lane", from_=lookup)
        ).mark_bar(orient="vertical", stroke=PAPER, strokeWidth=0.5),
        ("Problem", "group"),
        timeline.moment,
        ("Failed receipts", "failures", ",d"),
    ).encode(x=timeline.axis(), x2="ends:Q", y=y("top"), y2="base:Q", color=hue)
    base = alt.Chart(told_lanes).encode(y=y("base"))
    floors = base.mark_rule(color=LINE).encode(x=alt.value(0), x2=alt.value(WIDTH))
    # A burst of a moment has a line too: its ends are round.
    bursts = (
        told(
            base.transform_filter("isValid(datum.burst)").mark_rule(strokeWidth=5, strokeCap="round", yOffset=5),
            ("Problem", "group"),
            ("Shape", "shape"),
        )
        .encode(x="burst:T", x2="burst_ends:Q", color=hue)
    )  # fmt: skip
    words = base.mark_text(**text(align="left", color=DIM)).encode(
        y=y("middle"), x=alt.value(WIDTH + 14), text="shape:N"
    )
    said = "; ".join(
        f"{row['group']}: {row['shape']}" for row in told_lanes.head(3).iter_rows(named=True)
    )
    layers = [floors, bars, bursts, words]
    return finish(layers, title, notes, description=said, height=high * len(labels))


def _lanes(labels: list[str]) -> Any:
    lines = json.dumps([wrap(label, LABEL_COLUMNS).split("\n") for label in labels])
    names = axis(
        values=[lane + 0.5 for lane in range(len(labels))],
        labelExpr=f"{lines}[floor(datum.value)]",
        **{"labelLineHeight": 15, "labelPadding": 8, "labelOffset": -7, "domain": False},
        **{"ticks": False, "grid": False},
    )
    scale = alt.Scale(domain=[0, len(labels)], nice=False, reverse=True, zero=False)
    return lambda field: alt.Y(f"{field}:Q", scale=scale, axis=names, title=None)


def _shape(row: dict[str, Any]) -> str:
    goes_on = {True: ", goes on", False: ", ended", None: ""}[row["goes_on"]]
    shape = {
        "burst": "a burst",
        "from_then_on": "from then on",
        "until_then": "until then",
        "steady": "steady",
        "too_few": "too few to tell",
    }.get(row["pattern"], "no time known")
    return shape if row["pattern"] == "too_few" else shape + goes_on


def retry_plan(receipts: pl.DataFrame | pl.LazyFrame) -> alt.LayerChart:
    """Draw what to do: how many records each recommendation covers.

    Parameters
    ----------
    receipts
        As for `clinia_nb.retry_plan`. Drawn are the records that `retry_records` lists, each once,
        though it may have failed in several ways.

    Returns
    -------
    alt.LayerChart
        The bars have the fields ``recommendation`` (as `retry_plan` writes it), ``group`` (in
        words), ``records`` and ``share``.

    Examples
    --------
    >>> from clinia_nb.receipts import SCHEMA
    >>> retry_plan(pl.DataFrame(schema=SCHEMA)).description
    'What to do about 0 failed records. No record is left to see to.'
    """
    counted = (
        retry.retry_records(receipts)
        .group_by("recommendation")
        .agg(records=pl.len().cast(pl.Int64))
        .with_columns(share=pl.col("records") / pl.col("records").sum())
        .sort("records", "recommendation", descending=[True, False])
    )
    total = int(counted["records"].sum())
    title = f"What to do about {formats.count(total)} failed record{'s' * (total != 1)}"
    if not total:
        return nothing(title, "No record is left to see to.")
    labels = [_ADVICE[name] for name in counted["recommendation"]]
    figures = [bar_text(*row) for row in counted.select("records", "share").iter_rows()]
    shown = counted.with_columns(
        pl.col("recommendation").cast(pl.String),
        pl.Series("group", labels),
        pl.Series("figures", figures),
    )
    room = alt.Scale(domain=[0, 1.25 * shown["records"].to_list()[0]], nice=False)
    base = alt.Chart(shown).encode(
        y=alt.Y("group:N", sort=labels, axis=name_axis(labels)),
        x=alt.X("records:Q", axis=None, scale=room),
    )
    bars = told(
        base.mark_bar(cornerRadiusEnd=2, color=BLUE, height={"band": 0.68}),
        ("What to do", "group"),
        ("Records", "records", ",d"),
        ("Of the failed records", "share", ".1%"),
    )
    ends = base.mark_text(**text(align="left", dx=6)).encode(text="figures:N")
    said = "; ".join(f"{label}: {figure}" for label, figure in zip(labels, figures, strict=True))
    notes = ["Each record once, without those that a later receipt settled"]
    height = row_height(labels) * len(labels)
    return finish([bars, ends], title, notes, description=said, height=height)
