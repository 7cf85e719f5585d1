"""Bulks with a planted cause, or with none: what leads and patterns are measured on.

Each maker returns a frame of receipts and what should be found: words of the best lead's condition,
or a pattern of `failure_onsets`; nothing for bulks without a cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from .frames import at, frame

if TYPE_CHECKING:
    import random

TYPES, ACTIONS = ("clinic", "patient", "service", "room"), ("CREATE", "UPSERT", "DELETE")


@dataclass(frozen=True)
class Planted:
    """A bulk, and what is planted in it: words of a condition, and patterns that are right."""

    receipts: pl.DataFrame
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


Rate = Callable[[dict[str, object], float], float]


def bulk(chance: random.Random, size: int, rate: Rate, **own: Callable[[int], object]):
    """Return receipts a second apart; each fails with the chance that `rate(row, place)` gives."""
    rows = [
        {
            "id": f"{chance.getrandbits(60):015x}",
            "type": chance.choice(TYPES),
            "target_type": "RESOURCE",
            "action": chance.choices(ACTIONS, (60, 30, 10))[0],
            "pipeline_definition_id": f"clinic.{chance.randrange(1, 5)}",
            "received_at": at(place),
            "completed_at": at(place + 0.5),
        }
        | {name: make(place) for name, make in own.items()}
        for place in range(size)
    ]
    return finished(rows, [chance.random() < rate(row, place / size)
                           for place, row in enumerate(rows)])  # fmt: skip


def finished(rows: list[dict[str, object]], failed: list[bool]) -> pl.DataFrame:
    """Return the receipts of rows, which failed or did not."""
    error = {"status": "FAILURE", "error_type": "INTERNAL", "error_code": 500,
             "error_message": "upstream is gone"}  # fmt: skip
    return frame(*(
        row | (error if hit else {"status": "SUCCESS"})
        for row, hit in zip(rows, failed, strict=True)
    ))  # fmt: skip


def by_chance(chance: random.Random) -> Planted:
    base = chance.choice((0.02, 0.1, 0.4, 0.9))
    return Planted(bulk(chance, chance.randrange(300, 1_500), lambda *_: base), (), ("steady",))


def repeats(chance: random.Random, *, passes: bool = False) -> Planted:
    """Return records that are sent four times and fail each time, in passes or one by one."""
    base, records = chance.choice((0.05, 0.2, 0.5)), chance.randrange(150, 400)
    once = bulk(chance, records, lambda *_: base).drop("completed_at", "duration")
    kept = once.with_columns(order=pl.Series(chance.sample(range(records), records)))
    again = [kept.with_columns(turn=pl.lit(turn)) for turn in range(4)]
    order = ("turn", "order") if passes else ("order", "turn")
    sent = pl.concat(again).sort(order).drop("turn", "order")
    times = pl.Series([at(place) for place in range(sent.height)])
    receipts = sent.with_columns(received_at=times, completed_at=times, duration=pl.duration())
    return Planted(receipts, (), ("steady", "runs"))


def repeats_in_passes(chance: random.Random) -> Planted:
    return repeats(chance, passes=True)


def runs(chance: random.Random) -> Planted:
    """Return steady failures that come in many short runs."""
    size, length = chance.randrange(1_500, 3_000), chance.randrange(5, 15)
    count = size // length // chance.randrange(6, 12)
    hit: set[int] = set()
    for _ in range(count):
        begin = chance.randrange(size - length)
        hit |= set(range(begin, begin + length))
    return Planted(_hit(chance, size, hit), (), ("runs", "steady"))


def _hit(chance: random.Random, size: int, hit: set[int], base: float = 0.0) -> pl.DataFrame:
    return bulk(chance, size, lambda _, place: 1.0 if round(place * size) in hit else base)


def value(chance: random.Random) -> Planted:
    broken, base = chance.choice(TYPES), chance.choice((0.0, 0.02, 0.1))
    high = min(1.0, base + chance.choice((0.15, 0.4, 0.9)))
    made = bulk(chance, 1_200, lambda row, _: high if row["type"] == broken else base)
    return Planted(made, (f"type = {broken}",))


def all_but_one(chance: random.Random) -> Planted:
    fine = chance.choice(TYPES)
    made = bulk(chance, 1_200, lambda row, _: 0.02 if row["type"] == fine else 0.5)
    return Planted(made, (f"type ≠ {fine}",))


def versions(chance: random.Random) -> Planted:
    first = chance.choice((1, 2))
    broken = {f"clinic.{first}", f"clinic.{first + 1}"}
    made = bulk(
        chance,
        1_500,
        lambda row, _: 0.3 if row["pipeline_definition_id"] in broken else 0.02,
    )
    return Planted(made, (f"pipeline_definition_id from clinic.{first} to clinic.{first + 1}",))


def pair(chance: random.Random) -> Planted:
    kind, action = chance.choice(TYPES), chance.choice(("CREATE", "UPSERT"))
    made = bulk(
        chance,
        2_000,
        lambda row, _: 0.7 if (row["type"], row["action"]) == (kind, action) else 0.02,
    )
    return Planted(made, (f"type = {kind}", f"action = {action}"))


def own_column(chance: random.Random) -> Planted:
    sites = ("north", "south", "east")
    broken = chance.choice(sites)
    made = bulk(chance, 1_200, lambda *_: 0.0)
    site = [chance.choice(sites) for _ in range(made.height)]
    failed = [chance.random() < (0.4 if name == broken else 0.03) for name in site]
    rows = made.drop("duration").to_dicts()
    receipts = finished(rows, failed).with_columns(site=pl.Series(site))
    return Planted(receipts, (f"site = {broken}",))


def outage(chance: random.Random) -> Planted:
    begin, length = chance.uniform(0.2, 0.6), chance.uniform(0.05, 0.2)
    made = bulk(chance, 1_500, lambda _, place: 0.8 if begin < place < begin + length else 0.01)
    return Planted(made, ("received from",), ("burst",))


def short_outage(chance: random.Random) -> Planted:
    """Return an outage shorter than a 64th of the bulk."""
    size, length = 6_000, chance.randrange(15, 60)
    begin = chance.randrange(1_000, 5_000)
    made = _hit(chance, size, set(range(begin, begin + length)), 0.01)
    return Planted(made, ("received from",), ("burst",))


def several_outages(chance: random.Random) -> Planted:
    size, count = 2_400, chance.randrange(2, 5)
    hit: set[int] = set()
    for number in range(count):
        begin = 200 + number * 2_000 // count + chance.randrange(80)
        hit |= set(range(begin, begin + chance.randrange(30, 70)))
    return Planted(_hit(chance, size, hit, 0.01), ("received from",), ("bursts",))


def ramp(chance: random.Random) -> Planted:
    top = chance.choice((0.3, 0.6, 1.0))
    made = bulk(chance, 1_500, lambda _, place: top * place)
    return Planted(made, ("received from",), ("ramp_up",))


def seen_before(chance: random.Random) -> Planted:
    """Return records of which some are sent again, which fails."""
    made = bulk(chance, 800, lambda *_: 0.02).drop("duration")
    rows = made.to_dicts()
    for place in chance.sample(range(400, 800), 120):
        rows[place]["id"] = rows[place - chance.randrange(50, 400)]["id"]
    known: set[object] = set()
    failed: list[bool] = []
    for row in rows:
        failed.append(row["id"] in known and chance.random() < 0.9)
        known.add(row["id"])
    return Planted(finished(rows, failed), ("id seen before",))


CAUSES = (
    *(value, all_but_one, versions, pair, own_column, seen_before),
    *(outage, short_outage, several_outages, ramp),
)
WITHOUT_CAUSE = (by_chance, repeats, repeats_in_passes, runs)
