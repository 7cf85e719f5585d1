"""Messages of twelve invented systems, written after the rules they test.

A system is a text of one template a line; ``{maker}`` stands for a value. The label of a message is
its line. Early lines are printed more often.
"""

from __future__ import annotations

import random
import uuid

from support.fill_template import filled

USERS = "mira tobias lea jonas.k svc-scan root admin nurse12 k.meyer guest omar backup".split()
HOSTS = "vault relay edge-3 mx1.clinic.example 10.4.0.17 bay7 pacs.lan node12 172.16.9.2".split()
LISTS = ["read", "read write", "read write append", "getattr", "open lock"]
MAKERS = {
    "n": lambda r: str(r.randrange(1, 9_000)),
    "small": lambda r: str(r.randrange(1, 9)),
    "user": lambda r: r.choice(USERS),
    "host": lambda r: r.choice(HOSTS),
    "ip": lambda r: f"10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}",
    "port": lambda r: str(r.randrange(1024, 65_535)),
    "hex": lambda r: f"{r.getrandbits(40):010x}",
    "addr": lambda r: f"0x{r.getrandbits(44):x}",
    "uuid": lambda r: str(uuid.UUID(int=r.getrandbits(128))),
    "path": lambda r: f"/srv/{r.choice(['in', 'out', 'tmp'])}/{r.getrandbits(24):x}.hl7",
    "date": lambda r: (
        f"{r.choice(['Mon Jun', 'Tue Jul'])} {r.randrange(1, 29):2d} 0{r.randrange(10)}"
        f":{r.randrange(10, 60)}:{r.randrange(10, 60)} {r.choice(['', 'PDT ', 'CEST '])}2026"
    ),
    "iso": lambda r: f"2026-0{r.randrange(1, 10)}-1{r.randrange(10)}T1{r.randrange(10)}:20:30.5Z",
    "ms": lambda r: f"{r.randrange(1, 4_000)} ms",
    "size": lambda r: f"{r.randrange(1, 900)}.{r.randrange(10)} {r.choice(['KB', 'MB', 'GB'])}",
    "set": lambda r: r.choice(LISTS),
    "owner": lambda r: r.choice(["", "CRON", "KIOSK", "batch"]),
    "name": lambda r: r.choice(["Anna Roy", "Dr. Weiss", "J. Côté", "Bo", "Li Na", "Per Öst"]),
    "res": lambda r: f"{r.choice(['Patient', 'Claim'])}/{r.randrange(9_000)}",
}
SYSTEMS = {
    "syslog": """
sshd[{n}]: accepted key for {user} from {ip} port {port}
sshd[{n}]: rejected key for {user} from {ip} port {port}
sshd[{n}]: session of {user} closed
cron[{n}]: job started by {owner}(uid={small})
su[{n}]: {user} became root on pts/{small}
audit[{n}]: denied {{ {set} }} for pid={n} comm="scan"
ntpd[{n}]: clock stepped by {ms} at {date}
ntpd[{n}]: no server reachable since {date}
""",
    "kernel": """
[{n}.{n}] eth{small}: link is up, {n} Mbps
[{n}.{n}] eth{small}: link is down
[{n}.{n}] [<{hex}>] queue_claim+{addr}/0x90
[{n}.{n}] [<{hex}>] drop_claim+{addr}/0x50
[{n}.{n}] EXT4-fs (sda{small}): mounted with ordered mode
[{n}.{n}] CPU{small}: temperature above threshold
[{n}.{n}] CPU{small}: temperature normal
[{n}.{n}] usb {small}-{small}: new high-speed device number {n}
""",
    "jvm": """
Loaded {n} codes from {path} in {ms}
Loaded no codes from {path}
java.io.IOException: stream of {host} reset
Pool bed-{small} exhausted, {n} threads waiting
Pool bed-{small} resized to {n} threads
Object com.acme.Chart@{hex} leaked
GC pause {ms}, heap {size} of {size}
Bean dose-{small} created by factory {name}Factory
""",
    "http": """
{ip} "GET /fhir/{res} HTTP/1.1" status: 200 time: {ms}
{ip} "POST /fhir/{res} HTTP/1.1" status: 201 time: {ms}
{ip} "DELETE /fhir/{res} HTTP/1.1" status: 204 time: {ms}
upstream {host}:{port} did not answer within {ms}
upstream {host}:{port} answered late
TLS handshake with {ip} failed: certificate expired
cache miss for {path} ({size})
cache hit for {path} ({size})
""",
    "database": """
checkpoint complete: wrote {n} buffers in {ms}
connection from host={ip} user={user} accepted
deadlock between {n} and {n} detected
duplicate key value violates constraint "{user}_pkey"
null value in column "{user}" violates constraint
table {user}.visits vacuumed: {n} pages removed
table {user}.visits analyzed: {n} pages read
statement took {ms}: "SELECT * FROM visits WHERE id = {n}"
""",
    "auth": """
login of {user} from {ip} succeeded
login of {user} from {ip} failed: password expired
login of {user} from {ip} failed: account locked
token {uuid} issued to {user}
token {uuid} revoked by {user}
token {uuid} expired at {date}
role stored as draft by {user}
role stored as final by {user}
""",
    "storage": """
block blk_{n} replicated to {host}({small}), version {n}
block blk_{n} deleted from {host}
volume {uuid} attached to {host} at {iso}
volume {uuid} detached from {host} at {iso}
disk {small} of {host} is {n}% full
scrub of pool {small} found {n} errors
scrub of pool {small} started
snapshot {hex} kept for {n} days
""",
    "hpc": """
job {n} started on nodes [{small}, {small}, {small}]
job {n} ended on nodes [{small}, {small}, {small}]
node bay{n} unreachable: heartbeat lost
node bay{n} drained by {user}
fan {small} speed {n} rpm
ECC error at {addr}, bank {small}
power cap of rack {small} set to {n} W
MPI rank {n} aborted with code {small}
""",
    "mobile": """
screen on after {ms}
screen off after {ms}
sync of account {user} finished: {n} records
sync of account {user} postponed
wakelock {hex} acquired by uid {n}
wakelock {hex} released by uid {n}
Bluetooth device {hex} ({name}) connected
battery at {n}%, {small} hours left
""",
    "german": """
Patient {n} nicht gefunden
Befund {uuid} gespeichert am {date}
Befund {uuid} gesperrt durch {user}
Verbindung zu {host}:{port} abgelehnt
Station {small} hat keine Betten
Import von {path} abgebrochen nach {ms}
Import von {path} beendet nach {ms}
Kennung „{name}“ ist ungültig
""",
    "french": """
patient {n} introuvable dans {path}
dossier {uuid} enregistré par {user}
dossier {uuid} verrouillé par {user}
délai de {ms} dépassé pour {host}
lit {small} occupé jusqu'au {small} juin 2026
le champ « {name} » est vide
le service {host}:{port} ne répond pas
le service {host}:{port} est arrêté
""",
    "clinical": """
{{"resourceType": "OperationOutcome", "issue": [{{"diagnostics": "{res} was not found"}}]}}
{{"resourceType": "OperationOutcome", "issue": [{{"diagnostics": "{res} is locked"}}]}}
{{"type": "about:blank", "status": 409, "detail": "Slot {n} already taken"}}
no HL7v2 mapping for segment {small}
no FHIR4 mapping for segment {small}
no ICD10 mapping for segment {small}
import stopped reason="page {n} is torn"
import stopped reason="page {n} was empty"
"chart {n} is closed"
name '{name}' of {res} is too long
""",
}


def fresh(seed: int = 0, size: int = 2000) -> dict[str, list[tuple[str, str]]]:
    """Return each system's messages, each with its template as the label."""
    made: dict[str, list[tuple[str, str]]] = {}
    for system, text in SYSTEMS.items():
        chance = random.Random(f"{system} {seed}")
        templates = text.strip("\n").split("\n")
        weights = [1 / (rank + 1) ** 0.8 for rank in range(len(templates))]
        chosen = chance.choices(templates, weights, k=size)
        made[system] = [(filled(template, MAKERS, chance), template) for template in chosen]
    return made
