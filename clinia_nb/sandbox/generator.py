"""A seeded generator of realistic answers of any size.

``python -m clinia_nb.sandbox.samples FOLDER`` writes the generated samples and their index again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from clinia_nb.receipts.ksuid import make_ksuid

SCENARIOS = ("mixed", "outage", "retry", "all_well", "all_cancelled", "in_review", "pending")

_DAY_ONE = datetime(2026, 3, 9, 21, 4, 17, tzinfo=UTC)
_BURST = (0.45, 0.60)  # of the time span: when the outage is
_RELATIONSHIPS = (
    "practitioner-works-at-clinic",
    "clinic-offers-service",
    "practitioner-has-specialty",
    "location-part-of-organization",
)
_RESOURCES = ("practitioner", "clinic", "service")
_NAMES = ("Clinique du Parc", "St. Mary's Hospital", "Centre Santé Nord", "Harbour Dental")


@dataclass(frozen=True)
class PlantedCause:
    """A cause of failures that the generator planted: the truth that an analysis should find.

    Attributes
    ----------
    name, error_type, error_code
        Its name, and the error that it causes.
    template
        Its message, with placeholders for what varies.
    remedy
        What would help: ``retry``, ``upsert``, ``load_first``, ``fix_data``, ``fix_model``,
        ``access``.
    share
        Share of the receipts that it can hit, 0 to 1.
    where
        Wire fields of the only receipts that it can hit.
    failures
        How many receipts it hit.
    begins, ends
        The first and last time it hit; None if it did not.
    """

    name: str
    error_type: str
    error_code: int
    template: str
    remedy: str
    share: float = 0.0
    where: tuple[tuple[str, str], ...] = ()
    failures: int = 0
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class SampleBulk:
    """A generated bulk: what to ask for, the bytes of its answer, and the planted causes."""

    name: str
    title: str
    source_key: str
    bulk_id: str
    kind: str
    status: str
    body: bytes
    causes: tuple[PlantedCause, ...]


_MISSING = PlantedCause(
    "missing_clinic", "NOT_FOUND", 404,
    "resource 'clinic' with id '{id}' does not exist in source '{source}'", "load_first",
    0.9, (("type", _RELATIONSHIPS[0]), ("pipelineDefinitionId", "clinic.2")),
)  # fmt: skip
_DUPLICATE = PlantedCause(
    "duplicate", "ALREADY_EXISTS", 409,
    "relationship between '{id}' and '{id}' already exists (version {number})", "upsert",
    0.05, (("action", "CREATE"),),
)  # fmt: skip
_SCHEMA = PlantedCause("bad_date", "INVALID_ARGUMENT", 400, "validation failed", "fix_data", 0.025)
_MODEL = PlantedCause(
    "definition_mismatch", "FAILED_PRECONDITION", 412,
    "definition '{type}' does not allow a target of profile '{profile}' (model revision {number})",
    "fix_model", 0.06, (("type", _RELATIONSHIPS[1]),),
)  # fmt: skip
_TIMEOUT = PlantedCause(
    "upstream_timeout", "INTERNAL", 504,
    "upstream registry-{shard} timed out after {millis} ms (request {hex})", "retry", 0.012,
)  # fmt: skip
_BURST_TIMEOUT = replace(_TIMEOUT, name="outage", share=0.0)  # hits within _BURST only
_DENIED = PlantedCause(
    "no_right", "PERMISSION_DENIED", 403,
    "key ending '…{hex4}' may not write '{type}' of \"{name}\"", "access",
    0.03, (("type", _RELATIONSHIPS[3]),),
)  # fmt: skip

_PLANS: dict[str, tuple[str, str, str, tuple[PlantedCause, ...]]] = {
    "mixed": ("A mix of failures, most of them in one pipeline", "ehr-prod", "relationships",
              (_MISSING, _DUPLICATE, _SCHEMA, _MODEL, _TIMEOUT, _DENIED)),
    "outage": ("An outage in the middle of the load", "ehr-prod", "relationships",
               (_BURST_TIMEOUT, _TIMEOUT, _SCHEMA)),
    "retry": ("The outage's failures, retried a day later", "ehr-prod", "relationships",
              (_SCHEMA, _DUPLICATE)),
    "all_well": ("All went well", "clinic-registry", "resources", ()),
    "all_cancelled": ("All was cancelled", "ehr-staging", "relationships", ()),
    "in_review": ("The rest waits for human review", "clinic-registry", "resources", ()),
    "pending": ("Pending when first asked, done seconds later", "ehr-staging", "relationships",
                (_DUPLICATE, _SCHEMA)),
}  # fmt: skip


def generate_bulk(scenario: str, *, receipts: int = 2_000, seed: int = 0) -> SampleBulk:
    """Make a realistic answer; the same arguments make the same answer.

    Parameters
    ----------
    scenario
        One of `SCENARIOS`.
    receipts
        How many operations; for ``retry``, those of the first attempt, whose failures it
        sends again.
    seed
        For another bulk of the same kind.

    Raises
    ------
    ValueError
        The scenario does not exist.

    Examples
    --------
    >>> bulk = generate_bulk("mixed", receipts=500)
    >>> bulk.status, bulk.causes[0].name, bulk.causes[0].remedy
    ('FAILURE', 'missing_clinic', 'load_first')
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"No scenario {scenario!r}. Available: {', '.join(SCENARIOS)}.")
    return _Maker(scenario, receipts, seed).make()


class _Maker:
    """Makes one bulk, receipt by receipt, from one stream of random numbers."""

    def __init__(self, scenario: str, receipts: int, seed: int) -> None:
        self.scenario, self.count, self.seed = scenario, receipts, seed
        self.title, self.source, self.kind, self.plan = _PLANS[scenario]
        self.chance = random.Random(f"{scenario}-{seed}")  # noqa: S311 - samples, not secrets
        self.start = _DAY_ONE + timedelta(days=SCENARIOS.index(scenario))
        self.bulk_id = f"bk_{self.ksuid(self.start)}"
        self.hits: dict[str, list[datetime]] = {cause.name: [] for cause in self.plan}

    def make(self) -> SampleBulk:
        sent: list[dict[str, Any]] = []
        if self.scenario == "retry":
            sent = _failed_before(self.count, self.seed)
            self.count = len(sent)
        lines = bytearray()  # grows in place: a list of a million rows would take twice as much
        for index in range(self.count):
            lines += b",\n" if index else b""
            lines += msgspec.json.encode(self.receipt(index, sent[index] if sent else None))
        status = self.status()
        body = b"".join((b'{"status":"', status.encode(), b'","receipts":[\n', lines, b"\n]}\n"))
        causes = tuple(self.found(cause) for cause in self.plan)
        return SampleBulk(
            self.scenario, self.title, self.source, self.bulk_id, self.kind, status, body, causes
        )

    def status(self) -> str:
        if self.scenario == "all_cancelled":
            return "CANCELLED"
        if self.scenario == "in_review":
            return "PENDING"
        return "FAILURE" if any(self.hits.values()) else "SUCCESS"

    def found(self, cause: PlantedCause) -> PlantedCause:
        times = self.hits[cause.name]
        return replace(
            cause,
            failures=len(times),
            begins=min(times, default=None),
            ends=max(times, default=None),
        )

    def receipt(self, index: int, sent: dict[str, Any] | None) -> dict[str, Any]:
        chance = self.chance
        place = index / max(self.count, 1)
        digits = chance.choice((0, 1, 3, 3, 3, 6, 9))
        fraction = int(f"{chance.randrange(600_000):06d}"[:digits].ljust(6, "0"))
        received = self.start + timedelta(seconds=2 + int(1_500 * place), microseconds=fraction)
        receipt: dict[str, Any] = {
            "receivedAt": self.written(received, digits),
            "taskId": self.bulk_id,
            "action": chance.choices(("CREATE", "UPSERT", "DELETE"), (60, 35, 5))[0],
            "status": "SUCCESS",
            "targetType": "RESOURCE" if self.kind == "resources" else "RELATIONSHIP",
            "id": self.ksuid(self.start),
            "type": chance.choice(_RESOURCES if self.kind == "resources" else _RELATIONSHIPS),
        }
        pipeline = f"clinic.{chance.choice((1, 2))}" if chance.random() < 0.8 else None  # noqa: PLR2004
        if sent is not None:
            receipt |= {name: sent[name] for name in ("id", "type", "action")}
        if pipeline:
            receipt["pipelineExecution"] = {
                "id": self.ksuid(received),
                "pipelineDefinitionId": pipeline,
                "status": "SUCCESSFUL",
            }
        self.settle(receipt, received, place, sent, pipeline)
        return receipt

    def settle(
        self,
        receipt: dict[str, Any],
        received: datetime,
        place: float,
        sent: dict[str, Any] | None,
        pipeline: str | None,
    ) -> None:
        """Decide how an operation ends, and when."""
        chance = self.chance
        if self.scenario == "all_cancelled":
            receipt["status"] = "CANCELLED"
        if self.scenario == "in_review" and chance.random() < 0.12:  # noqa: PLR2004
            receipt["status"] = "PENDING"
            receipt["pipelineExecution"] = {
                "id": self.ksuid(received), "pipelineDefinitionId": "clinic.1",
                "status": "IN_REVIEW",
            }  # fmt: skip
            return
        cause = self.cause(receipt, place, sent, pipeline)
        seconds = chance.lognormvariate(-2.2, 0.7)
        if cause in {_TIMEOUT, _BURST_TIMEOUT}:
            seconds = 30 + chance.random()
        elif self.in_burst(place):
            seconds *= 25
        elif self.scenario == "mixed" and chance.random() < 0.002:  # noqa: PLR2004
            seconds = -0.014  # two of the server's clocks disagree a little
        receipt["completedAt"] = self.written(
            received + timedelta(seconds=seconds), chance.choice((3, 3, 6, 9))
        )
        if cause is not None:
            self.hits[cause.name].append(received)
            receipt["status"] = "FAILURE"
            receipt["error"] = self.error(cause, receipt)

    def in_burst(self, place: float) -> bool:
        return self.scenario == "outage" and _BURST[0] <= place < _BURST[1]

    def cause(
        self,
        receipt: dict[str, Any],
        place: float,
        sent: dict[str, Any] | None,
        pipeline: str | None,
    ) -> PlantedCause | None:
        chance = self.chance
        if sent is not None:  # what was wrong with the data still is
            if sent["error"]["type"] == _SCHEMA.error_type:
                return _SCHEMA
            created = receipt["action"] == "CREATE"
            return _DUPLICATE if created and chance.random() < 0.03 else None  # noqa: PLR2004
        if self.in_burst(place) and chance.random() < 0.8:  # noqa: PLR2004
            return _BURST_TIMEOUT
        fields = {**receipt, "pipelineDefinitionId": pipeline}
        for cause in self.plan:
            confined = all(fields[name] == value for name, value in cause.where)
            if confined and cause.share and chance.random() < cause.share:
                return cause
        return None

    def error(self, cause: PlantedCause, receipt: dict[str, Any]) -> dict[str, Any]:
        chance = self.chance
        message = cause.template
        for mark, value in {
            "id": lambda: self.ksuid(self.start),
            "source": lambda: self.source,
            "type": lambda: receipt["type"],
            "number": lambda: str(chance.randrange(2, 400)),
            "profile": lambda: chance.choice(_RESOURCES),
            "shard": lambda: str(chance.randrange(1, 9)),
            "millis": lambda: str(chance.randrange(30_000, 31_000)),
            "hex": lambda: f"{chance.getrandbits(64):016x}",
            "hex4": lambda: f"{chance.getrandbits(16):04x}",
            "name": lambda: chance.choice(_NAMES),
        }.items():
            while "{" + mark + "}" in message:
                message = message.replace("{" + mark + "}", value(), 1)
        error: dict[str, Any] = {
            "code": cause.error_code,
            "message": message,
            "type": cause.error_type,
        }
        if cause is _SCHEMA:
            field = chance.choice(("period.start", "period.end", "validFrom"))
            day = f"{chance.randrange(1, 29):02d}/{chance.randrange(1, 13):02d}/2025"
            inner = f"{field}: '{day}' is no date (expected YYYY-MM-DD)"
            error["details"] = [{"code": 400, "message": inner, "type": cause.error_type}]
        return error

    def ksuid(self, time: datetime) -> str:
        return make_ksuid(time, self.chance.getrandbits(128))

    def written(self, time: datetime, digits: int) -> str:
        """Write a time as Go does: at most nine fractional digits, trailing zeros dropped."""
        nanos = f"{time.microsecond * 1_000 + self.chance.randrange(1_000):09d}"
        fraction = nanos[:digits].rstrip("0")
        return f"{time:%Y-%m-%dT%H:%M:%S}{'.' if fraction else ''}{fraction}Z"


def _failed_before(count: int, seed: int) -> list[dict[str, Any]]:
    outage = generate_bulk("outage", receipts=count, seed=seed)
    receipts = msgspec.json.decode(outage.body)["receipts"]
    return [receipt for receipt in receipts if receipt["status"] == "FAILURE"]
