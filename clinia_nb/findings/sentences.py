"""Where and when failures came, and what to expect: sentences made from the figures of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import polars as pl

from clinia_nb.analysis.contrast import FEWEST
from clinia_nb.analysis.retry_rules import advice_of
from clinia_nb.analysis.spans import moment, span
from clinia_nb.display import formats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .overview import Overview

DONE = "Nothing left to do"
_MOST_LEADS = 2
_MOST_SPANS = 6
_CHANGED = 1.5
_INCOMPLETE = (
    "No receipt shows why: fetch the bulk again with its receipts; if it stays so, ask Clinia what "
    "is missing."
)


def contrasted(lead: dict[str, Any]) -> str:
    """Return how often receipts failed under the condition of a lead, and how often elsewhere."""
    inside = _rate(lead["failures"], lead["receipts"], "receipts failed")
    outside = _rate(lead["failures_outside"], lead["receipts_outside"], "elsewhere")
    return f"{lead['condition']}: {inside}, {outside}"


def _rate(failures: int, receipts: int, words: str) -> str:
    share = formats.percent(failures / receipts) if receipts else formats.UNKNOWN
    return f"{formats.count(failures)} of {formats.count(receipts)} {words} ({share})"


def where(
    failures: int, leads: pl.DataFrame, onset: dict[str, Any] | None, *, compared: bool = True
) -> str:
    """Return where the failures of a problem concentrate: its best leads.

    `compared` tells whether there are receipts to compare failures with.

    Several stretches of time are one statement; those of a ramp are left to the sentence about
    when.
    """
    if failures < FEWEST:
        return "Too few to tell where they concentrate."
    if leads.is_empty():
        return without_leads(compared=compared, timed=not onset or onset["first_seen"] is not None)
    rows = list(leads.iter_rows(named=True))
    pattern = onset["pattern"] if onset else ""
    timed = [row for row in rows if _is_stretch(row)]
    said: list[str] = []
    if pattern in {"ramp_up", "ramp_down"} and timed:
        late = "later" if pattern == "ramp_up" else "earlier"
        said.append(f"the {late} a receipt was received, the more often it failed")
        rows = [row for row in rows if not _is_stretch(row)]
    elif len(timed) > 1 and timed == rows[: len(timed)]:
        said.append(_in_stretches(timed))
        rows = rows[len(timed) :]
    said += [contrasted(row) for row in rows[: _MOST_LEADS - len(said)]]
    text = "; then ".join(said)
    return f"{text}."


def without_leads(*, compared: bool, timed: bool) -> str:
    """Return why there is no lead: what was compared, or why nothing was."""
    if not compared:
        return "Nothing to compare them with: every receipt that ended failed."
    if not timed:
        return "No pattern found: no attribute sets them apart. Their times are not known."
    return "No pattern found: no attribute and no stretch of time sets them apart."


def lead_of_all(overview: Overview, leads: pl.DataFrame, *, compared: bool) -> str:
    """Return where failures concentrate as a whole; empty where there are none."""
    failed = overview.outcomes["failed"]
    if not failed:
        return ""
    if not leads.is_empty():
        row = leads.row(0, named=True)
        return f"Best lead, {formats.percent(row['share'])} of all failures: {contrasted(row)}."
    if failed < FEWEST:
        return "Too few failures to tell where they concentrate."
    if not compared or overview.first_received is None:
        return without_leads(compared=compared, timed=False)
    return "No pattern in the failures as a whole: no attribute and no stretch of time."


def _is_stretch(lead: dict[str, Any]) -> bool:
    return lead["attribute_1"] == "received_at" and lead["attribute_2"] is None


def _in_stretches(leads: list[dict[str, Any]]) -> str:
    """Return one statement about several stretches of time, which are the best leads."""
    failures, receipts = (sum(lead[name] for lead in leads) for name in ("failures", "receipts"))
    last = leads[-1]
    inside = _rate(failures, receipts, "receipts failed")
    outside = _rate(last["failures_outside"], last["receipts_outside"], "elsewhere")
    ends = _united([(lead["begins"], lead["ends"]) for lead in leads])
    several = len(ends) > 1
    received = f"in {_listed(ends, 'stretches of time')}" if several else f"from {span(*ends[0])}"
    return f"received {received}: {inside}, {outside}"


def _united(ends: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return stretches in order of time, those that overlap as one.

    A lead may lie around a better one: its counts leave out those of the better one.
    """
    united: list[tuple[datetime, datetime]] = []
    for begins, until in sorted(ends):
        if united and begins <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], until)
        else:
            united.append((begins, until))
    return united


def _listed(ends: list[tuple[datetime, datetime]], noun: str) -> str:
    shown = "; ".join(span(*pair) for pair in ends[:_MOST_SPANS])
    more = len(ends) - _MOST_SPANS
    return f"{len(ends)} {noun} ({shown}{f'; and {more} more' if more > 0 else ''})"


def when(onset: dict[str, Any]) -> str:
    """Return when the failures of a problem came, and in which pattern."""
    if onset["first_seen"] is None:
        return "Unknown: none of their receipts has a time that could be read."
    seen = span(onset["first_seen"], onset["last_seen"])
    end = "may not be over" if onset["goes_on"] else "stopped before the end of the bulk"
    match onset["pattern"]:
        case "too_few":
            return f"{seen}; too few to show a pattern."
        case "steady" | "runs" if onset["first_seen"] == onset["last_seen"]:
            return f"All at {seen}."
        case "steady" | "runs" as pattern:
            runs = "In runs, one after another, but no burst stands out:"
            return f"{runs if pattern == 'runs' else 'Throughout,'} {seen}; {end}."
        case "ramp_up" | "ramp_down":
            first, last = (formats.percent(onset[name]) for name in ("start_rate", "end_rate"))
            return (
                f"A ramp, {seen}: from {first} of receipts in the first tenth of the bulk to "
                f"{last} in the last."
            )
        case pattern:
            return f"{_burst(pattern, onset)}: {_rates(onset)} {_changes(onset)}".strip()


def _burst(pattern: str, onset: dict[str, Any]) -> str:
    if pattern == "bursts":
        ends = list(zip(onset["all_begin"], onset["all_end"], strict=True))
        return _listed(ends, "bursts")
    if pattern == "from_then_on":
        return f"From {moment(onset['burst_begins'])} until the end"
    if pattern == "until_then":
        return f"From the start until {moment(onset['burst_ends'])}"
    return f"A burst, {span(onset['burst_begins'], onset['burst_ends'])}"


def _rates(onset: dict[str, Any]) -> str:
    share, inside = (formats.percent(onset[name]) for name in ("burst_share", "burst_rate"))
    which, rest = "these failures", "otherwise"
    if onset["untimed"]:
        timed = formats.count(onset["failures"] - onset["untimed"])
        which, rest = f"the {timed} failures with a time", "of the others with a time"
    outside = onset["other_rate"]
    other = "" if outside is None else f", {formats.percent(outside)} {rest}"
    return f"{share} of {which}; {inside} of receipts received then failed{other}."


def _changes(onset: dict[str, Any]) -> str:
    """Return whether throughput or latency changed within a burst."""
    said: list[str] = []
    latency, throughput = onset["latency_ratio"], onset["throughput_ratio"]
    if latency is not None and not 1 / _CHANGED < latency < _CHANGED:
        said.append(f"other receipts took {formats.times(latency)} as long")
    if throughput is not None and not 1 / _CHANGED < throughput < _CHANGED:
        said.append(f"{formats.times(throughput)} as many receipts came per second")
    if said:
        return f"Meanwhile {' and '.join(said)}."
    known = latency is not None and throughput is not None
    return "Latency and throughput did not change." if known else ""


def advice(plan: Mapping[str, Any], *, done: bool) -> str:
    """Return what to do about a problem in a few words; `done` if later receipts settled it."""
    return DONE if done else advice_of(plan)


def outlook(overview: Overview, signatures: pl.DataFrame, left: pl.DataFrame) -> str:
    """Return when failures came and whether the bulk shows that they pass.

    `left` is the plan without signatures of which every failure is settled.
    """
    if not overview.outcomes["failed"]:
        return _without_failures(overview)
    first, last = signatures["first_seen"].min(), signatures["last_seen"].max()
    seen = first is not None and last is not None
    when_seen = span(cast("datetime", first), cast("datetime", last)) if seen else ""
    what = "The failure" if overview.outcomes["failed"] == 1 else "Failures"
    came = f"{what} came {'at' if first == last else 'from'} {when_seen}." if seen else ""
    pending = overview.outcomes["pending"]
    are = "operation is" if pending == 1 else "operations are"
    wait = f"{formats.count(pending)} {are} still pending." if pending else ""
    return " ".join(filter(None, [came, _transience(overview.outcomes["failed"], left), wait]))


def _transience(failed: int, left: pl.DataFrame) -> str:
    """Return for how many failures a retry is enough, of those that are not settled."""
    if left.is_empty():
        return f"{DONE}: every record that failed succeeded later."
    settled = failed - int(left["failures"].sum())
    counted = formats.counted(settled, "failure is", "failures are")
    more = f" {counted} settled by a later receipt of the record." if settled else ""
    return _passing(left) + more


def _passing(plan: pl.DataFrame) -> str:
    remedies = plan.filter("transient").explode("remedies", "remedy_failures")
    transient = int(remedies.filter(pl.col("remedies") == "retry")["remedy_failures"].sum())
    failures = int(plan["failures"].sum())
    evidence = "comparable operations succeeded meanwhile or later"
    if transient == failures:
        look = "It looks" if failures == 1 else "All look"
        return f"{look} transient: {evidence}, so a retry may succeed."
    if failures == 1:
        return "It is not shown to be transient: it needs what is listed below."
    if not transient:
        return "None is shown to be transient: each needs what is listed below."
    share = formats.percent(transient / failures)
    return (
        f"{formats.count(transient)} of them ({share}) look transient: {evidence}, so a retry may "
        "succeed; the others need what is listed below."
    )


def _without_failures(overview: Overview) -> str:
    """Return what to make of a bulk in which nothing failed."""
    outcomes = overview.outcomes
    if overview.unsupported and overview.status != "PENDING":
        return _INCOMPLETE
    if not overview.receipts:
        return (
            "If operations were submitted, check the kind, and check again once the bulk is done."
        )
    if outcomes["pending"] or overview.unsupported:
        if overview.in_review and overview.in_review == outcomes["pending"]:
            return "They continue once somebody has reviewed them."
        return "Check again once the bulk is done: these figures are not final."
    if outcomes["cancelled"]:
        return "Cancelled operations were not loaded: submit them again if still wanted."
    return "" if outcomes["other"] else "There is nothing to do."


def and_more(signatures: pl.DataFrame) -> str:
    """Return how many problems these are that are not shown; empty if there are none."""
    if signatures.is_empty():
        return ""
    failures = formats.counted(int(signatures["failures"].sum()), "failure")
    return f"And {formats.count(signatures.height)} more, with {failures} in total"


def basis(overview: Overview, *, left_out: tuple[str, ...] = ()) -> str:
    """Return what the rates of a bulk leave out; empty if nothing."""
    names = {name: overview.outcomes[name] for name in ("pending", "cancelled")}
    counts = " and ".join(f"{formats.count(n)} {name}" for name, n in names.items() if n)
    noun = "operation" if sum(names.values()) == 1 else "operations"
    said = [f"Rates leave out {counts} {noun}."] if counts else []
    if left_out:
        said.append(f"Columns with many values were not compared: {', '.join(left_out)}.")
    return " ".join(said)
