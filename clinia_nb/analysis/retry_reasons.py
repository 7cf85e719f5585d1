"""Why something helps against an error: a sentence in which every figure is one of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from clinia_nb.text import counted

from .retry_rules import ADVICE, RULES, UNKNOWN, Rule
from .spans import moment, span

if TYPE_CHECKING:
    from collections.abc import Iterable

_RETRY = "retry unchanged"
_SENTENCES = {
    "conflict": "the stored version is not the one {they} {were} based on. Read the current "
    "version, apply the change to it, then send it",
    "exists": "what {they} create{s} already exists. Leave it, or send it as UPSERT to update it",
    "gone": "what {they} delete{s} is already gone. There is nothing to send",
    "no_model": "{they} name{s} a part of the model that does not exist. Fix the model, then "
    + _RETRY,
    "missing": "the records {they} refer{s} to do not exist. Load {what} first, then " + _RETRY,
    "not_allowed": "the model or a definition does not allow {them}. Fix it, then " + _RETRY,
    "values": "{their} own values are rejected. {fix}Unchanged, {they} will fail again",
    "no_right": f"the key lacks a permission. Request access, then {_RETRY}",
    "no_key": f"the key was not accepted. Request a valid key, then {_RETRY}",
    "too_large": "{they} {are} larger than one request may be. Send {them} in smaller parts",
    "too_much": "more was sent than is accepted at a time. Retry later, fewer at a time",
    "interrupted": "{they} {were} interrupted, not rejected; " + _RETRY,
    "unsupported": "nothing you could send would fix this",
    "lasting": "{crowded} of them came from {begins} until the end of the bulk. Wait until this "
    f"is over, then {_RETRY}",
    "under_way": "{crowded} of them came in {stretches}, the last of which goes on until the end "
    f"of the bulk. Wait until this is over, then {_RETRY}",
    "rising": "they became more frequent until the end of the bulk. Wait until this is over, then "
    f"{_RETRY}",
    "half": "{all_failures} of {receipts} receipts failed this way, throughout. Wait until this is "
    f"fixed, then {_RETRY}",
    "no_evidence": "{compared}, so {doubt} shows that this passes",
    "not_back": "{compared}, so {doubt} shows that this is over. Retry {first}",
    "over": "{crowded} of them came in {stretches}, which ended before the bulk did, and "
    "{compared}",
    "again": "{records} failed this way {attempts} times in all",
    "scattered": "{spread}{compared}. Retry once, unchanged, and contact support {again}",
    "unknown": "what this means is not known. Look at an example before you retry",
}
_SEVERAL = {
    "they": "they",
    "their": "their",
    "them": "them",
    "are": "are",
    "were": "were",
    "s": "",
    "first": "one of them later, and the others once it succeeds",
    "again": "about those that fail again",
}
_ONE = {
    "they": "it",
    "their": "its",
    "them": "it",
    "are": "is",
    "were": "was",
    "s": "s",
    "first": "it later",
    "again": "if it fails again",
}
_SPREAD = {
    "steady": "they are spread over the bulk, and ",
    "runs": "they came in runs, and ",
    "ramp_down": "they became less frequent, and ",
    "too_few": "",
}
_MOST_SPANS = 3
_COUNTED = ("all_failures", "receipts", "attempts")
_RULES: tuple[Rule, ...] = (*RULES, UNKNOWN)


def add_reasons(leading: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Add `reason` to the leading case of each signature; it names the other cases too.

    `because` is the same beside a title that has the number of failures, error type and code.
    """
    others: dict[str | None, list[dict[str, Any]]] = {}
    for case in cases.iter_rows(named=True):
        others.setdefault(case["signature"], []).append(case)
    rows = [(row, others[row["signature"]]) for row in leading.iter_rows(named=True)]
    return leading.with_columns(
        reason=pl.Series([_reason(*row) for row in rows], dtype=pl.String),
        because=pl.Series([_because(*row) for row in rows], dtype=pl.String),
    )


def _reason(row: dict[str, Any], cases: list[dict[str, Any]]) -> str:
    here, there = row["failures"], row["all_failures"]
    sentence = _sentence(row)
    if there == 1:
        subject = "The only failure is"
    elif here == there:
        subject = f"All {here:,} failures are"
    else:
        subject = f"{here:,} of {there:,} failures {'is' if here == 1 else 'are'}"
    sentences = [f"{subject} {_named(row)}: {sentence}."]
    for case in cases:
        if case["rule"] != row["rule"]:
            advice = ADVICE[case["recommendation"]].lower()
            verb = "is" if case["failures"] == 1 else "are"
            sentences.append(f"{case['failures']:,} {verb} {_named(case)}: {advice}.")
    return " ".join([*sentences, *_settled(row)])


def _because(row: dict[str, Any], cases: list[dict[str, Any]]) -> str:
    """Return the reason without what all cases have in common."""
    if row["done"]:
        return " ".join(_settled(row))
    others = [case for case in cases if case["rule"] != row["rule"]]
    kinds = {(*case["types"], *map(str, case["codes"])) for case in cases}
    name = _actions if len(kinds) == 1 else _named
    if not others:
        return " ".join([f"{_capital(_before(name(row), _sentence(row)))}.", *_settled(row)])
    sentences = [f"{row['failures']:,} {_before(name(row), _sentence(row))}."]
    for case in others:
        advice = ADVICE[case["recommendation"]].lower()
        sentences.append(f"{case['failures']:,} {_before(name(case), advice)}.")
    return " ".join([*sentences, *_settled(row)])


def _sentence(row: dict[str, Any]) -> str:
    number: int = row["rule"]
    words = _ONE if row["failures"] == 1 else _SEVERAL
    return _SENTENCES[_RULES[number].because].format_map(_figures(row) | words)


def _before(name: str, sentence: str) -> str:
    return f"{name}: {sentence}" if name else sentence


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _settled(row: dict[str, Any]) -> list[str]:
    """Return how many records need nothing more, if there are some."""
    settled, records = row["settled"], row["records"]
    if not settled:
        return []
    if records == 1:
        return ["Its record needs nothing more: a later receipt of it succeeded."]
    need, which = ("needs", "it") if settled == 1 else ("need", "each")
    later = f"nothing more: a later receipt of {which} succeeded."
    return [f"{settled:,} of {records:,} records {need} {later}"]


def _named(case: dict[str, Any]) -> str:
    """Return the error types, codes and actions of a case."""
    types, codes = _listed(case["types"]), _listed(map(str, case["codes"]))
    name = types or "of no error type"
    return " ".join(filter(None, [name, f"({codes})" if codes else "", _actions(case)]))


def _actions(case: dict[str, Any]) -> str:
    actions = _listed(case["actions"])
    return f"on {actions}" if actions else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name for name in names if name.strip())


def _figures(row: dict[str, Any]) -> dict[str, str]:
    timed = row["all_failures"] - row["untimed"]
    crowded = round((row["burst_share"] or 0) * timed)
    begins = row["burst_begins"]
    return {
        "what": row["missing"] or "them",
        "fix": f"Fix {row['fields']}. " if row["fields"] else "",
        "crowded": "all" if crowded == row["all_failures"] else f"{crowded:,}",
        "begins": moment(begins) if begins else "",
        "stretches": _stretches(row),
        "compared": _compared(row),
        "spread": _spread(row, crowded),
        "doubt": "little" if row["passed"] else "nothing",
        "records": counted(row["records"], "record"),
        **{name: f"{row[name]:,}" for name in _COUNTED},
    }


def _spread(row: dict[str, Any], crowded: int) -> str:
    """Return how failures are spread over the bulk; nothing if their times do not show it."""
    if row["untimed"] or row["first_seen"] == row["last_seen"]:
        return ""
    most = (
        "" if crowded * 2 >= row["all_failures"] else "most of them are spread over the bulk, and "
    )
    return _SPREAD.get(row["pattern"], most)


def _stretches(row: dict[str, Any]) -> str:
    spans = [span(*ends) for ends in zip(row["all_begin"] or (), row["all_end"] or (), strict=True)]
    if len(spans) == 1:
        return f"a burst, {spans[0]}"
    shown = "; ".join(spans[:_MOST_SPANS])
    more = len(spans) - _MOST_SPANS
    return f"{len(spans)} bursts ({shown}{f'; and {more} more' if more > 0 else ''})"


def _compared(row: dict[str, Any]) -> str:
    """Return how many operations of the same types and actions succeeded since the first failure.

    This is the evidence that a failure passes.
    """
    passed = row["passed"]
    if row["first_seen"] is None:
        return "no failure has a known time"
    if not passed:
        return "no operation of the same type and action succeeded meanwhile or later"
    few = "" if row["transient"] else "only "
    return (
        f"{few}{counted(passed, 'operation')} of the same type and action succeeded meanwhile or "
        "later"
    )
