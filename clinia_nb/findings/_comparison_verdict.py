"""What became of the records of a step, in a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinia_nb.analysis.attempts import ANOTHER, SAME, TRANSITIONS
from clinia_nb.display import formats

if TYPE_CHECKING:
    from collections.abc import Mapping


def step_verdict(counts: Mapping[str, int], when: str, bulks: str) -> str:
    """Return what became of the records of a step, as a clause."""
    gone, new = total(counts, after="absent"), total(counts, before="absent")
    if gone + new == total(counts):
        return (
            f"{bulks} share no record: {formats.count(gone)} only before "
            f"({formats.count(total(counts, before='failed'))} failed), {formats.count(new)} only "
            f"after ({formats.count(total(counts, after='failed'))} failing)"
        )
    return "; ".join(filter(None, [_of_failed(counts, when), _of_others(counts)]))


def _of_failed(counts: Mapping[str, int], when: str) -> str:
    failed, fixed = total(counts, before="failed"), counts["fixed"]
    if not failed:
        known = total(counts, before="fine") + total(counts, before="undecided")
        none = (
            "The one record did not fail"
            if known == 1
            else f"None of {formats.count(known)} records failed"
        )
        return f"{none} {when}"
    if fixed == failed:
        every = f"All {formats.count(failed)} records" if failed > 1 else "The one record"
        return f"{every} that failed {when} {'are' if failed > 1 else 'is'} fixed"
    share = f"({formats.percent(fixed / failed)})"
    reason = "for another" if counts[SAME] else "still {} for another reason"
    listed = _list(
        (fixed, f"{share} is fixed", f"{share} are fixed"),
        (counts[SAME], "still fails for the same reason", "still fail for the same reason"),
        (counts[ANOTHER], reason.format("fails"), reason.format("fail")),
        (counts["failed, now undecided"], "is undecided", "are undecided"),
        (counts["failed, not sent again"], "was not sent again", "were not sent again"),
    )
    none = "" if fixed else "none is fixed: "
    return f"Of {formats.counted(failed, 'record')} that failed {when}, {none}{listed}"


def _of_others(counts: Mapping[str, int]) -> str:
    newly = counts["newly failing"]
    spared = not newly and counts["still fine"] + counts["fine, now undecided"]
    undecided = total(counts, after="undecided") - counts["failed, now undecided"]
    other, others = ("other ", "others ") if total(counts, before="failed") else ("", "")
    listed = _list(
        (newly, "newly fails", "newly fail"),
        (counts["undecided, now failing"], "undecided one now fails", "undecided ones now fail"),
        (counts["only after, failing"], "new one fails", "new ones fail"),
        (undecided, f"{other}is undecided", f"{others}are undecided"),
    )
    return ", ".join(filter(None, ["no new failures" if spared else "", listed]))


def total(counts: Mapping[str, int], *, before: str | None = None, after: str | None = None) -> int:
    """Return the number of records that come from a state, or end in one."""
    return sum(
        counts[name]
        for name, (old, new) in TRANSITIONS.items()
        if before in {old, None} and after in {new, None}
    )


def _list(*parts: tuple[int, str, str]) -> str:
    return ", ".join(formats.counted(*part) for part in parts if part[0])
