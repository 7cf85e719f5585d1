"""Invented systems' log and error messages, each labelled with the statement that printed it.

A system is a text of one template a line, the commonest first. In a template ``<maker:argument>``
stands for a value; the choices, lists and so on may hold values in turn. Lines starting with ``@name =``
name a piece to be used as ``<name>``; ``!`` marks a statement that printed once, ``~`` a rare one.
"""

# ruff: noqa: E501

from __future__ import annotations

import base64
import re
import string
import uuid
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ONSETS = "b br c ch d dr f g gr h j k l m n p pr r s st t tr v w z".split()
NUCLEI = "a e i o u ai ea io ou".split()
CODAS = "n r l s t m x ck nd rt".split() + [""] * 8
FIRST = (
    "anna ben carla david elin farid greta hugo ines jonas kofi lena marc nadia omar petra "
    "quentin rosa sven tara ugo vera wei xenia yann zoe"
).split()
SERVICES = (
    "backup deploy nagios postgres www-data root admin guest monitor build ldap oracle".split()
)
NOUNS = (
    "index order segment report cache ledger socket cursor batch record queue session token image "
    "invoice schema partition snapshot bucket channel profile window buffer shard worker catalog "
    "policy device sensor route volume cluster stage pipeline journal archive replica payload"
).split()
VERBS = "load merge flush check resolve write open parse sync copy release bind update send".split()
ADJECTIVES = (
    "stale empty invalid remote local primary pending partial unknown closed large missing shared "
    "temporary obsolete active expired incomplete"
).split()
GLUE = "the a in of for to from with after before while not was is no by on".split()
TLDS = "example.com example.net example.org corp.internal svc.cluster.local lan int.example".split()
FOLDERS = (
    "var lib data opt srv home usr share spool cache tmp log etc run mnt export scratch store "
    "current archive shared"
).split()
EXTENSIONS = "log json xml csv db tmp conf parquet gz dat so yaml txt png html".split()
PACKAGES = "io net core util storage query server client rpc exec state metrics web sched".split()
SUFFIXES = "Manager Handler Service Factory Worker Listener Task Client Reader Writer Impl".split()
EXCEPTIONS = (
    "IOException TimeoutException IllegalStateException NullPointerException ConnectException "
    "EOFException FileNotFoundException AccessDeniedException SocketTimeoutException "
    "ConcurrentModificationException OutOfMemoryError InterruptedException"
).split()
START = datetime(2024, 3, 1, tzinfo=UTC)


def syllables(rng: Random, count: int) -> str:
    return "".join(
        rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(count)
    )


def word(rng: Random, argument: str = "") -> str:
    return syllables(rng, rng.randint(1, 3)) if rng.random() < 0.7 else rng.choice(NOUNS)


def user(rng: Random, argument: str = "") -> str:
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(SERVICES)
    if kind < 0.5:
        return rng.choice(FIRST)
    if kind < 0.8:
        return rng.choice(string.ascii_lowercase) + syllables(rng, 2)
    if kind < 0.9:
        return f"{rng.choice(FIRST)}.{syllables(rng, 2)}"
    return f"{rng.choice(['svc_', 'u', 'ext-'])}{syllables(rng, 1)}{rng.randint(1, 99)}"


def person(rng: Random, argument: str = "") -> str:
    return f"{rng.choice(FIRST).title()} {syllables(rng, 2).title()}"


def text(rng: Random, argument: str) -> str:
    low, _, high = (argument or "3..7").partition("..")
    pools = [ADJECTIVES, NOUNS, GLUE, NOUNS, VERBS, GLUE]
    start = rng.randrange(len(pools))
    count = rng.randint(int(low), int(high))
    return " ".join(rng.choice(pools[(start + at) % len(pools)]) for at in range(count))


def integer(rng: Random, argument: str) -> str:
    low, _, high = (argument or "0..99").partition("..")
    return str(rng.randint(int(low), int(high)))


def count(rng: Random, argument: str) -> str:
    """A number of any magnitude up to the argument, small ones as common as large ones."""
    return str(int(float(argument or 100000) ** rng.random()) - (rng.random() < 0.1))


def decimal(rng: Random, argument: str) -> str:
    span, _, digits = (argument or "0..100,2").partition(",")
    low, _, high = span.partition("..")
    return f"{rng.uniform(float(low), float(high)):.{digits or 2}f}"


def digits(rng: Random, argument: str, alphabet: str = "0123456789abcdef") -> str:
    return "".join(rng.choice(alphabet) for _ in range(int(argument or 8)))


def duration(rng: Random, argument: str) -> str:
    amount = 10 ** rng.uniform(-1, 5)
    if amount < 1:
        return f"{amount * 1000:.0f}us"
    if amount < 1000:
        return f"{amount:.0f}ms"
    if amount < 60000:
        return f"{amount / 1000:.{rng.randint(1, 3)}f}s"
    return f"{amount // 60000:.0f}m{amount / 1000 % 60:.0f}s"


def size(rng: Random, argument: str) -> str:
    amount = 10 ** rng.uniform(0, 10)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            break
        amount /= 1024
    return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"


def clock(rng: Random, argument: str) -> str:
    return f"{int(24 ** rng.random()) - 1:02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"


def moment(rng: Random, argument: str) -> str:
    at = START + timedelta(seconds=rng.randrange(200 * 86400), milliseconds=rng.randrange(1000))
    pattern = argument or "%Y-%m-%dT%H:%M:%SZ"
    return at.strftime(pattern.replace("%L", f"{at.microsecond // 1000:03}"))


def ipv4(rng: Random, argument: str) -> str:
    net = rng.choice(["10.0", "10.20", "192.168", "172.16", "203.0"])
    return f"{net}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def ipv6(rng: Random, argument: str) -> str:
    if rng.random() < 0.15:
        return "::1"
    prefix = rng.choice(["fe80::", "2001:db8::", "2001:db8:4f:", "fd00:12:"])
    return prefix + ":".join(f"{rng.randrange(65536):x}" for _ in range(rng.randint(2, 4)))


def short_host(rng: Random, argument: str) -> str:
    role = rng.choice("web db cache node worker gw mx store edge proxy".split())
    return f"{role}{rng.choice(['', '-'])}{rng.randint(1, 48):{rng.choice(['', '02'])}}"


def host(rng: Random, argument: str) -> str:
    first = short_host(rng, "") if rng.random() < 0.5 else syllables(rng, 2)
    return f"{first}.{rng.choice(TLDS)}"


def file_name(rng: Random, argument: str) -> str:
    stem = word(rng)
    if rng.random() < 0.4:
        stem += rng.choice(["-", "_", ""]) + str(rng.randint(0, 999))
    return f"{stem}.{rng.choice(EXTENSIONS)}"


def folder(rng: Random, argument: str) -> str:
    parts = [rng.choice(FOLDERS) for _ in range(rng.randint(1, 3))]
    return "/" + "/".join([*parts, word(rng)])


def path(rng: Random, argument: str) -> str:
    return f"{folder(rng, '')}/{file_name(rng, '')}"


def windows_path(rng: Random, argument: str) -> str:
    top = rng.choice([r"C:\Windows", r"C:\Program Files", r"D:\Data", r"C:\ProgramData"])
    inner = "\\".join(word(rng).title() for _ in range(rng.randint(1, 3)))
    return f"{top}\\{inner}\\{file_name(rng, '')}"


def uri(rng: Random, argument: str) -> str:
    """The path of a request, with or without a query."""
    parts = [rng.choice(["api", "v1", "v2", "static", "users", "items"]), rng.choice(NOUNS)]
    if rng.random() < 0.4:
        parts.append(str(rng.randint(1, 99999)))
    query = ""
    if rng.random() < 0.3:
        query = "?" + "&".join(f"{word(rng)}={word(rng)}" for _ in range(rng.randint(1, 3)))
    return "/" + "/".join(parts) + query


def url(rng: Random, argument: str) -> str:
    port = f":{rng.randint(1000, 9999)}" if rng.random() < 0.3 else ""
    return f"{rng.choice(['http', 'https'])}://{host(rng, '')}{port}{uri(rng, '')}"


def email(rng: Random, argument: str) -> str:
    return f"{user(rng)}@{rng.choice(TLDS[:3])}"


def version(rng: Random, argument: str) -> str:
    numbers = [rng.randint(0, 12) for _ in range(rng.choice([2, 3, 3, 3, 4]))]
    tail = rng.choice(["", "", "", "-rc1", "-SNAPSHOT", "+build7", "~beta2"])
    return ".".join(map(str, numbers)) + tail


def camel(rng: Random, argument: str = "") -> str:
    return rng.choice(VERBS) + rng.choice(ADJECTIVES).title() + rng.choice(NOUNS).title()


def class_name(rng: Random, argument: str) -> str:
    name = rng.choice(NOUNS).title() + rng.choice(SUFFIXES)
    inner = rng.choice(["", "", "", f"${rng.choice(NOUNS).title()}", f"${rng.randint(1, 4)}"])
    packages = ".".join(rng.choice(PACKAGES) for _ in range(rng.randint(1, 3)))
    return f"org.{argument or 'acme'}.{packages}.{name}{inner}"


def exception(rng: Random, argument: str) -> str:
    kind = rng.choice(EXCEPTIONS)
    package = rng.choice(["java.io", "java.util", "java.lang", "org.acme.rpc"])
    return f"{package}.{kind}" if argument == "full" or rng.random() < 0.3 else kind


def thread(rng: Random, argument: str) -> str:
    number = rng.randint(1, 64)
    return rng.choice([f"pool-{number % 4}-thread-{number}", f"worker-{number}", "main", "reaper"])


def blob(rng: Random, argument: str) -> str:
    return base64.b64encode(rng.randbytes(int(argument or 18))).decode()


def value(rng: Random, argument: str) -> str:
    """What may stand to the right of an equals sign."""
    kinds: list[Callable[[Random, str], str]] = [word, count, path, ipv4, camel, version]
    made = rng.choice(kinds)(rng, "")
    return rng.choice([made, made, made, f'"{made}"', "", "null", "true"])


def pairs(rng: Random, argument: str) -> str:
    keys = rng.sample(NOUNS, rng.randint(1, 4))
    return ", ".join(f"{key}={value(rng, '')}" for key in keys)


def json_object(rng: Random, argument: str) -> str:
    kinds = [lambda: f'"{word(rng)}"', lambda: str(rng.randint(0, 999)), lambda: "null"]
    keys = rng.sample(NOUNS, rng.randint(1, 4))
    return "{" + ",".join(f'"{key}":{rng.choice(kinds)()}' for key in keys) + "}"


MAKERS: dict[str, Callable[[Random, str], str]] = {
    "word": word,
    "user": user,
    "person": person,
    "text": text,
    "int": integer,
    "n": count,
    "thousands": lambda rng, arg: f"{int(count(rng, arg or '9e7')):,}",
    "float": decimal,
    "pct": lambda rng, arg: f"{decimal(rng, arg or '0..100,1')}%",
    "hex": digits,
    "HEX": lambda rng, arg: digits(rng, arg).upper(),
    "0x": lambda rng, arg: "0x" + digits(rng, arg),
    "digits": lambda rng, arg: digits(rng, arg, string.digits),
    "alnum": lambda rng, arg: digits(rng, arg, string.ascii_letters + string.digits),
    "ALNUM": lambda rng, arg: digits(rng, arg, string.ascii_uppercase + string.digits),
    "uuid": lambda rng, _: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "ip": ipv4,
    "ip6": ipv6,
    "mac": lambda rng, arg: (arg or ":").join(digits(rng, "2") for _ in range(6)),
    "port": lambda rng, _: str(rng.choice([rng.randint(1024, 65535), 22, 80, 443, 8080])),
    "node": short_host,
    "host": host,
    "file": file_name,
    "dir": folder,
    "path": path,
    "wpath": windows_path,
    "uri": uri,
    "url": url,
    "email": email,
    "ver": version,
    "camel": camel,
    "class": class_name,
    "exc": exception,
    "thread": thread,
    "b64": blob,
    "ts": moment,
    "dur": duration,
    "size": size,
    "hms": clock,
    "bool": lambda rng, _: rng.choice(["true", "false"]),
    "noun": lambda rng, _: rng.choice(NOUNS),
    "Noun": lambda rng, _: rng.choice(NOUNS).title(),
    "NOUN": lambda rng, _: rng.choice(NOUNS).upper(),
    "val": value,
    "pairs": pairs,
    "json": json_object,
    "sp": lambda _, arg: " " * int(arg or 1),
    "gt": lambda _, __: ">",
}

MARKS = re.compile(r"<(?:([A-Za-z0]\w*)([:>]))|[>|]")


def closing(template: str, at: int) -> int:
    """Where the value ends whose argument begins here."""
    depth = 1
    for mark in MARKS.finditer(template, at):
        if mark[0] == ">":
            depth -= 1
        elif mark[2] == ":":
            depth += 1
        if depth == 0:
            return mark.start()
    raise ValueError(f"a value without end: {template}")


def split(argument: str, most: int = -1) -> list[str]:
    """Part an argument at those bars that are not within a value of its own."""
    parts, start, at = [], 0, 0
    while most != 0 and (mark := MARKS.search(argument, at)):
        at = mark.end()
        if mark[2] == ":":
            at = closing(argument, at) + 1
        elif mark[0] == "|":
            parts.append(argument[start : mark.start()])
            start = at
            most -= 1
    return [*parts, argument[start:]]


class System:
    """The templates of one system and the values that keep coming back in its messages."""

    def __init__(self, rng: Random, source: str):
        self.rng = rng
        self.pieces: dict[str, str] = {}
        self.pools: dict[str, list[str]] = {}
        self.templates: list[tuple[str, str]] = []
        for line in filter(None, source.splitlines()):
            if line[0] == "@":
                name, _, piece = line[1:].partition(" = ")
                self.pieces[name] = piece
            else:
                mark = line[0] if line[0] in "!~" else ""
                self.templates.append((mark, line[len(mark) :]))

    def fill(self, template: str) -> str:
        made, at = "", 0
        while mark := MARKS.search(template, at):
            if not mark[1]:
                made += template[at : mark.end()]
                at = mark.end()
                continue
            end = closing(template, mark.end()) if mark[2] == ":" else mark.end()
            made += template[at : mark.start()] + self.make(mark[1], template[mark.end() : end])
            at = end + (mark[2] == ":")
        return made + template[at:]

    def make(self, name: str, argument: str) -> str:
        rng = self.rng
        match name:
            case "w":  # one of the choices, the earlier the likelier
                options = split(argument)
                odds = [1 / (at + 1) for at in range(len(options))]
                return self.fill(rng.choices(options, odds)[0])
            case "opt":  # percentage|text
                chance, content = split(argument, 1)
                return self.fill(content) if rng.randrange(100) < int(chance) else ""
            case "list":  # separator|fewest|most|maker
                separator, low, high, maker = split(argument, 3)
                many = rng.randint(int(low), int(high))
                return self.fill(separator).join(self.fill(f"<{maker}>") for _ in range(many))
            case "pool":  # number of values that keep coming back|maker
                if (known := self.pools.get(argument)) is None:
                    number, maker = split(argument, 1)
                    known = [self.fill(f"<{maker}>") for _ in range(int(number))]
                    self.pools[argument] = known
                return known[int(len(known) ** rng.random()) - 1]
            case "lit":  # angle brackets that the message itself has
                return f"<{self.fill(argument)}>"
        piece = self.pieces.get(name)
        return MAKERS[name](rng, argument) if piece is None else self.fill(piece)

    def frequencies(self, total: int) -> list[int]:
        """How often each statement printed: by Zipf in about the order of the text."""
        rng = self.rng
        often = [{"!": 1, "~": rng.randint(2, 6)}.get(mark, 1) for mark, _ in self.templates]
        common = [at for at, (mark, _) in enumerate(self.templates) if not mark]
        common.sort(key=lambda at: (at + 1) * rng.uniform(0.4, 1.6))
        exponent = rng.uniform(1.0, 1.7)
        weights = [1 / (rank + 1.5) ** exponent for rank in range(len(common))]
        for at in rng.choices(common, weights, k=max(0, total - sum(often))):
            often[at] += 1
        return often

    def messages(self, name: str, total: int) -> list[tuple[str, str]]:
        made = [
            (self.fill(template), f"{name}-{at:03}")
            for at, ((_, template), often) in enumerate(
                zip(self.templates, self.frequencies(total), strict=True)
            )
            for _ in range(often)
        ]
        self.rng.shuffle(made)
        return made[:total]


METHOD = re.compile(r"[\"'](GET|HEAD|POST|PUT|PATCH|DELETE) /")


def by_method(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Add the method of a quoted request line to the label: each makes an event of its own."""
    found = ((text, label, METHOD.search(text)) for text, label in rows)
    return [(text, f"{label} {method[1]}" if method else label) for text, label, method in found]


def corpora(
    seed: int = 0, size: int = 2000, systems: Iterable[str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """Return each system's messages, each with the identifier of its template."""
    return {
        name: by_method(System(Random(f"{seed}/{name}"), SYSTEMS[name]).messages(name, size))
        for name in systems or SYSTEMS
    }


SYSTEMS: dict[str, str] = {}

SYSTEMS["health_registry"] = r"""
@res = <w:Patient|Observation|Encounter|Condition|MedicationRequest|Practitioner|Immunization|DiagnosticReport>
@field = <w:birthDate|identifier|name.family|telecom.value|effectiveDateTime|valueQuantity.unit|code.coding.system|subject.reference|period.start>
@idx = <field>[<int:0..6>]
@ref = <res>/<pool:600|uuid>
@code = <w:http://loinc.example/<digits:5>-<int:0..9>|http://snomed.example/sct/<digits:8>|urn:oid:2.16.840.1.<digits:6>.<int:1..9>>
<res>.<field>: value '<w:<ts:%d/%m/%Y>|<ts:%Y-13-%d>|unknown|<word>|N/A|<digits:8>>' is not a valid date
<res>.<field>: required property is missing
<res>.<field>: property is not allowed here
Reference '<ref>' could not be resolved
Reference '<ref>' points to a resource of type <res>, expected <res>
Unknown code '<w:<digits:5>-<int:0..9>|<ALNUM:4>|<word>>' in system '<code>'
Inactive code '<w:<digits:5>-<int:0..9>|<ALNUM:4>|<word>>' in system '<code>'
<res>.<idx>.system must be an absolute URI, got "<w:|loinc|<word>|<word> codes|<host>>"
expected string, received <w:number|null|array|object|boolean> at path $.entry[<n:500>].resource.<field>
Duplicate identifier <digits:10> for organisation "<pool:30|w:Clinique <word>|CHU <word>|St. <word> Hospital|<word>>"
Resource <ref> created
Resource <ref> updated, version <int:1..40>
Resource <ref> deleted
Cardinality violation: <res>.<field> has <int:2..9> elements, maximum is 1
Cardinality violation: <res>.<field> has 0 elements, minimum is 1
identifier check digit mismatch for <digits:10>: expected <int:0..9>, computed <int:0..9>
Bundle <uuid> accepted with <n:800> entries (<n:30> warning(s))
Bundle <uuid> rejected with <n:800> entries (<n:30> error(s))
Value <float:-40..900,1> <w:mmol/L|kg|mg/dL|beats/min|°C> for '<w:Glucose|Body weight|Heart rate|Serum potassium|Body temperature>' is outside the plausible range [<int:0..20>, <int:30..400>]
Invalid e-mail "<w:<user>.example.com|<user>@|@<host>|<user> @<host>>" for <ref>
Invalid phone number "<w:+1 <digits:3> <digits:3>-<digits:3>|<digits:6>|none|see notes>" for <ref>
postalCode '<w:<ALNUM:3> <ALNUM:3>|<digits:4>|>' does not match pattern '^[A-Z]\d[A-Z] \d[A-Z]\d$'
Patient <digits:9> merged into <digits:9>
Patient <digits:9> split from <digits:9>
Consent for <ref> granted by <user>
Consent for <ref> withdrawn by <user>
Object has missing required properties (<list:, |1|5|w:"active"|"status"|"code"|"subject"|"id"|"intent">)
instance failed to match exactly one schema (matched <int:0..5> out of <int:2..5>)
Extension <url> is not registered for profile <camel>
Profile http://profiles.example/StructureDefinition/<w:core-patient|lab-result|vital-signs|birth-record> not found
Deceased Patient/<uuid> has encounter starting <ts:%Y-%m-%d> after death on <ts:%Y-%m-%d>
Field "<w:language|maritalStatus|gender>" has value "<w:F|homme|X|unkown|1|f>" which is not in value set
Field "<w:language|maritalStatus|gender>" has no value
HL7 v2 segment PID-<int:1..30> truncated to <int:10..250> characters
Could not parse HL7 v2 message <ALNUM:12>: <text:3..8>
Terminology service answered <int:500..504> in <dur>
~Terminology service answered too late, <res> left unvalidated
~NHI number <w:<ALNUM:7>|null> belongs to a test range
!Free-text narrative of <ref> contains a script element
!Year 0000 found
"""

SYSTEMS["object_store"] = r"""
@ext = ext-<hex:16>
@sn = <pool:40|w:10.<int:0..9>.<int:0..255>.<int:1..250>:7411|sn<int:1..60>.<w:fra|ams|yul>.store.int>
@obj = <w:/b/<pool:30|word>/<file>|/b/<pool:30|word>/<int:2020..2024>/<int:1..12>/<uuid>.bin|/b/sys/.manifest>
<ext> ingest ok peer=<sn> bytes=<n:9e8> t=<dur>
<ext> egress ok peer=<sn> bytes=<n:9e8> t=<dur>
<ext> placed: [<list:, |1|3|sn>]
<ext> tombstoned on <sn>
<ext> purged on <sn>
put <obj> size=<n:9e8> etag=<hex:32> owner=<user>
get <obj> range=<w:-|<n:1e6>-<n:9e7>|0-> owner=<user>
list prefix=<w:|<word>/|<word>/<int:2020..2024>/> max=<w:1000|100|50> owner=<user>
Checksum of <ext> verified (crc32c <hex:8>)
Checksum of <ext> differs: stored crc32c <hex:8>, computed crc32c <hex:8>
Writer for <ext> opened by <sn>
Writer for <ext> closed by <sn>
Read <ext> failed on <sn>: <exc:full>: <w:Connection reset by peer|No space left on device|Input/output error|Stream is closed>
Write <ext> failed on <sn>: <exc:full>: <w:Connection reset by peer|No space left on device|Input/output error|Broken pipe>
Storage node <sn> joined zone <w:a|b|c>
Storage node <sn> left zone <w:a|b|c>
Heartbeat of <sn> late by <int:3..900> s
<int:2..4000> extents under-replicated, <n:60> queued for repair
Rebalance: moving <n:900> extents (<size>) from <sn> to <sn>
Rebalance pass finished in <hms>, moved <size>
Disk /dev/sd<w:a|b|c|d|e> on <sn> is <pct> full
Disk /dev/sd<w:a|b|c|d|e> on <sn> marked read-only
Lease on <obj> renewed for client <ip>:<port>
Lease on <obj> expired for client <ip>:<port>
Lease on <obj> revoked for client <ip>:<port>
Compaction of volume <int:1..512> started
Compaction of volume <int:1..512> done: <thousands> live, <thousands> dead needles
slow op: <w:stat|open|rename|unlink|mkdir> <obj> took <dur> (queue <dur>, disk <dur>)
Erasure group <int:1..9000> degraded: missing fragments <list:,|1|4|int:0..13>
Erasure group <int:1..9000> healthy
Bucket <word> created with policy {"replicas":<int:1..5>,"class":"<w:hot|cold|archive>"}
Bucket <word> removed
Quota for <user> exceeded: <size> used of <size>
Multipart upload <b64:18> completed, <int:2..900> parts
Multipart upload <b64:18> aborted, <int:2..900> parts
Starting checkpoint of namespace at txn <n:9e8>
Loaded namespace image /srv/store/meta/image.<digits:12> (<n:9e6> inodes) in <float:0..90,2> seconds
Gateway listening on 0.0.0.0:7480
~Unexpected reply 0x<hex:2> from <sn>, dropping session
~Namespace is in safe mode: <pct> of extents reported, threshold 99.90%
!Clock skew with time source is <int:-900..900> ms; refusing writes
!<exc:full>
"""

SYSTEMS["batch_scheduler"] = r"""
@nd = <pool:90|w:cn<int:1000..1400>|gpu-<int:1..32>|fat<int:1..8>>
@job = <int:400000..499999>
job <job><opt:25|[<int:0..400>]> submitted by <user> to queue <w:batch|short|gpu|debug|long>
job <job><opt:25|[<int:0..400>]> started on <list:,|1|5|nd>
job <job><opt:25|[<int:0..400>]> ended on <nd> with exit status <w:0|1|137|139|-11|271>
<nd> goes <w:idle|allocated|draining|down|reserved> -> <w:idle|allocated|draining|down|reserved>
sched: cycle <n:900000> considered <n:5000> jobs, started <n:50>, <float:0..9,3>s
<nd>: memory used <int:1..512>gb of <int:64..512>gb, swap <int:0..16>gb
<nd>: ping timeout
<nd>: clock offset <float:-4..4,6> s
prolog on <nd> succeeded for job <job>
prolog on <nd> failed for job <job>
epilog on <nd> succeeded for job <job>
epilog on <nd> failed for job <job>
hold placed on job <job> by <user>
hold released on job <job> by <user>
walltime <int:1..72>:<int:10..59>:00 exceeded by job <job> (limit <int:1..48>:00:00)
mem limit exceeded by job <job> (limit <int:1..500>gb)
EDAC mc<int:0..3>: <int:1..200> corrected error(s) on DIMM_<w:A|B|C|D><int:0..7> of <nd>
EDAC mc<int:0..3>: <int:1..4> uncorrected error(s) on DIMM_<w:A|B|C|D><int:0..7> of <nd>
GPU <int:0..7> on <nd> fell off the bus (pci <hex:4>:<hex:2>:00.0)
GPU <int:0..7> on <nd> temperature <int:60..104>C above threshold <w:85|90>C
fabric link <w:ib0|ib1|hsn0|hsn1> up on <nd> at <w:100|200|400> Gb/s
fabric link <w:ib0|ib1|hsn0|hsn1> down on <nd>
fan <int:1..12> speed <int:0..14000> rpm on chassis c<int:0..3>-<int:0..7>
psu <int:1..4> lost input power on chassis c<int:0..3>-<int:0..7>
psu <int:1..4> regained input power on chassis c<int:0..3>-<int:0..7>
inlet air <float:16..41,1> °C at chassis c<int:0..3>-<int:0..7>
reservation <w:maint|<word>_<int:1..9>|course> starts in <hms>
account <pool:40|word> has <thousands:9e5> core-hours left
account <pool:40|word> is over its share, priority <int:-9000..-1>
<user>
fairshare recalculated for <n:900> accounts
requeue job <job>: reason=<w:NodeFail|Preempted|"launch failed"|AdminRequest|>
array job <job>[] has <n:9000> subjobs remaining
license <w:matlab|fluent|<word>> <n:40>/<int:40..80> in use
mom on <nd> version <ver> registered with <int:16..256> ncpus
accounting record E;<job>;user=<user> group=<word> queue=<w:batch|short|gpu> ctime=<digits:10> exec_host=<list:+|1|6|nd> Exit_status=<w:0|1|271>
cpuset for job <job>: <list:,|1|6|int:0..127>
nodes in maintenance: <list: |0|12|nd>
~watchdog: scheduling thread stuck for <int:61..900> s at <0x:12>
~HOOK <w:submit|modify|begin> rejected job <job>: <text:4..9>
!power cap of 2400 kW activated
!Shutdown requested by operator, goodbye
"""

SYSTEMS["access_gateway"] = r"""
@from = <pool:300|w:<ip>|<ip>|<ip6>> port <int:1024..65535>
@sess = sid=<hex:8>
User <pool:120|user> authenticated from <from> using <w:publickey|password|otp|certificate>
User <pool:120|user> denied from <from> using <w:publickey|password|otp|certificate>
login session <hex:8> of <pool:120|user> opened
login session <hex:8> of <pool:120|user> closed
unknown account '<w:admin|test|oracle|<word>|<word><int:1..99>|>' requested by <from>
locked account '<pool:120|user>' requested by <from>
peer <from> hung up during key exchange
peer <from> hung up before sending a banner
peer <from> sent banner "<w:SSH-2.0-Go|SSH-2.0-paramiko_<ver>|SSH-2.0-libssh_<ver>|GET / HTTP/1.1>"
no shared cipher with <from>: they offered <list:,|1|6|w:aes128-cbc|3des-cbc|arcfour|aes256-cbc|blowfish-cbc>
no shared mac with <from>: they offered <list:,|1|6|w:hmac-md5|hmac-sha1|hmac-ripemd160|umac-64>
key accepted: <w:ED25519|RSA|ECDSA> SHA256:<alnum:43> for <pool:120|user>
key rejected: <w:ED25519|RSA|ECDSA> SHA256:<alnum:43> for <pool:120|user>
<int:3..60> consecutive failures from <ip>, blocking for <w:600|3600|86400> seconds
block on <ip> lifted
tunnel <w:tun0|tun1|wg0> up: local <ip> remote <ip> mtu <w:1420|1500|1380>
tunnel <w:tun0|tun1|wg0> down: local <ip> remote <ip> mtu <w:1420|1500|1380>
IKE phase 1 established with <host>[<ip>]
IKE phase 2 established with <host>[<ip>]
IKE phase 1 lifetime expired with <host>[<ip>]
rekey of <host>[<ip>] done in <int:8..900>ms
dead peer <ip>:4500 detected after <int:3..9> probes
radius <ip>:1812 accepts <user>
radius <ip>:1812 rejects <user>
radius <ip>:1812 does not answer
sudo: <user> ran `<w:systemctl restart <word>|cat <path>|apt-get update|less <path>|id>` as <w:root|postgres|www-data> on <w:pts/0|pts/3|tty1>
sudo: <user> may not run `<w:systemctl restart <word>|cat <path>|bash|less <path>|vi <path>>` as <w:root|postgres|www-data>
sftp: <user> downloads "<path>" (<n:9e6> bytes)
sftp: <user> uploads "<path>" (<n:9e6> bytes)
sftp: <user> removes "<path>"
forwarding <w:127.0.0.1|localhost|*>:<port> to <host>:<port> for <user>
password of <user> expires in <int:1..14> day(s)
password of <user> changed by <user>
gate ready at tcp4/0.0.0.0:22
gate ready at tcp6/[::]:22
idle for <hms>, disconnecting <user> (<sess>)
kerberos: ticket for <user>@CORP.EXAMPLE from <ip> <w:ok|expired|not yet valid|forged>
pid <int:300..32000> exited with status <w:0|255|1>
pid <int:300..32000> killed by signal <w:15|9|11>
~config <path> line <int:1..200>: keyword <camel> is deprecated
~config <path> line <int:1..200>: keyword <camel> is unknown
!host key /etc/gated/host_rsa has mode 0644, ignoring it
!Received reload
"""

SYSTEMS["kernel"] = r"""
@pci = <hex:4>:<hex:2>:<hex:2>.<int:0..7>
@eth = <w:en0|en1|en2|wl0>
[<float:0..90000,6>] <eth>: link up, <w:1000|100|10000> Mbps, full duplex
[<float:0..90000,6>] <eth>: link down
usb <int:1..6>-<int:1..9><opt:40|.<int:1..4>>: device attached, vendor <hex:4> product <hex:4>
usb <int:1..6>-<int:1..9><opt:40|.<int:1..4>>: device detached
usb <int:1..6>-<int:1..9><opt:40|.<int:1..4>>: control transfer stalled (ep <int:0..15>, status <int:-110..-1>)
<w:nvd0|nvd1|sdk0|sdk1>: read error at sector <n:9e8>, <int:1..5> retries
<w:nvd0|nvd1|sdk0|sdk1>: write error at sector <n:9e8>, <int:1..5> retries
<w:nvd0|nvd1|sdk0|sdk1>: <thousands:4e9> 512-byte sectors (<float:1..9,2> TB)
oomd: killing <w:java|node|python3|chrome|<word>>(<int:200..65000>) score <int:100..1000>, rss <thousands:9e7> kB
page fault at <0x:16> in <word>[<int:200..65000>], ip <0x:12> sp <0x:12>
irq <int:0..255>: nobody claimed it
irq <int:0..255>: claimed by <w:ahcd|nvd|xhcd|e1kd|<word>>
cpu<int:0..127>: stalled for <int:10..60> s, last seen in <camel>+<0x:3>/<0x:3>
cpu<int:0..127> online
cpu<int:0..127> offline
cpu<int:0..127>: throttled, package at <int:90..105> degrees
thermal zone <int:0..9>: trip point <int:0..3> crossed at <int:40000..110000> mC
mem: zone <w:DMA|Normal|High>: <n:9e6> pages, <n:9e4> reserved
mem: range [<0x:16>-<0x:16>] <w:usable|reserved|acpi data|unmapped>
fs-k4: mounted /dev/<w:nvd0p1|nvd0p2|sdk0p1|lv_<word>> on <dir> (<w:rw|ro>)
fs-k4: unmounted /dev/<w:nvd0p1|nvd0p2|sdk0p1|lv_<word>>
fs-k4: inode <n:9e6> has bad checksum <0x:8>, want <0x:8>
pci <pci>: bar <int:0..5> = [mem <0x:8>-<0x:8>]
pci <pci>: bar <int:0..5> = [io <0x:4>-<0x:4>]
pci <pci>: enabling device (<hex:4> -> <hex:4>)
pci <pci>: correctable bus error, layer=<w:physical|link|transaction>
pkt: dropped IN=<eth> OUT=<w:|<eth>> MAC=<mac> SRC=<ip> DST=<ip> LEN=<int:40..1500> PROTO=<w:TCP|UDP|ICMP> <opt:70|SPT=<port> DPT=<port>>
pkt: table full (<int:65536..262144> entries), dropping
IPv4 stack registered
IPv6 stack registered
loaded module <pool:40|word> (<n:9e6> bytes)
unloaded module <pool:40|word>
command line: root=/dev/<w:nvd0p2|lv_root> console=ttyK<int:0..1> <opt:50|quiet >loglevel=<int:0..7>
Call trace:
 <camel>+<0x:3>/<0x:3><opt:30| [<word>]>
 ? <camel>+<0x:2>/<0x:3>
r0: <hex:16> r1: <hex:16> r2: <hex:16> r3: <hex:16>
timer: using source <w:tsc|hpet|acpi_pm>
random: entropy pool ready
audit: type=<int:1100..1400> uid=<int:0..1100> auid=<w:4294967295|<int:1000..1100>> comm="<w:bash|cron|<word>>" res=<w:success|failed>
raid<w:1|5|6>: array md<int:0..4> resync <pct>, <int:1..600>min left
raid<w:1|5|6>: array md<int:0..4> degraded, <int:1..3> of <int:3..8> disks
battery <int:0..1>: <int:0..100>% <w:discharging|charging|full>
~BUG: scheduling while atomic: <word>/<int:1..65000>/<0x:8>
~tainted flags now '<w:P|PO|W|GOE>'
!Kestrel 6.2.0-rc4 #1 SMP booting on physical cpu 0
!acpd: firmware table DSDT has an error in line 4411, continuing
"""

SYSTEMS["mobile_framework"] = r"""
@pkg = <pool:50|w:com.<word>.<word>|com.example.<word>|net.<word>.app.<noun>>
@act = <pkg>/.<pool:20|w:MainActivity|SettingsActivity|<Noun>Activity|<Noun>Screen>
@tok = Surface#<int:1..900>(<hex:7>/<act>)
Screen start: <act> pid=<int:1000..32000> uid=u0a<int:10..300>
Screen pause: <act> pid=<int:1000..32000> uid=u0a<int:10..300>
Screen stop: <act> pid=<int:1000..32000> uid=u0a<int:10..300>
+stayawake <w:job/<pkg>|audio out|<word>|gnss:<int:1..9>> by <w:null|chain(<int:1000..10300>)> mask=<0x:1> now <int:0..9> held
-stayawake <w:job/<pkg>|audio out|<word>|gnss:<int:1..9>> by <w:null|chain(<int:1000..10300>)> mask=<0x:1> now <int:0..9> held
compose(<tok>, dirty=<bool>)
recents asked by <int:1000..10300>, <int:0..30> of <int:0..30> cards shown
measure <tok>: rect=(<int:0..200>,<int:0..200>)-(<int:400..1440>,<int:600..3040>) pad=(0,<int:0..132>)
brightness: lux=<float:0..12000,2> target=<float:0..1,4> animating=<bool>
haptic effect <int:0..21> played for <pkg>
haptic effect <int:0..21> ignored for <pkg>
audio focus gained by <pkg> (stream <int:0..10>)
audio focus lost by <pkg> (stream <int:0..10>)
volume of stream <int:0..10> set to <int:0..15>, device=<w:speaker|headset|bt_a2dp>
Notification posted: id=<int:-2147483648..2147483647> tag=<w:null|null|<word>> channel=<w:default|alerts|<word>> from <pkg>
Notification canceled: id=<int:-2147483648..2147483647> tag=<w:null|null|<word>> channel=<w:default|alerts|<word>> from <pkg>
broadcast <w:SCREEN_ON|SCREEN_OFF|TIME_TICK|BATTERY_CHANGED|<NOUN>_CHANGED> to <int:0..60> receivers took <int:0..900>ms
ANR in <pkg>: <w:input dispatch|broadcast|service start> timed out after <int:5000..20000>ms
Killing <int:1000..32000>:<pkg>/u0a<int:10..300> (adj <int:-900..999>): <w:cached #<int:1..40>|empty for <int:1..60>s|too many cpu|user request>
Process <pkg> (pid <int:1000..32000>) has died: <w:fg|bg|cch|svc>
Process <pkg> (pid <int:1000..32000>) has started: <w:fg|bg|cch|svc>
dexopt of <pkg> done, filter=<w:speed|verify|speed-profile>, <int:20..90000>ms
sensor <w:accel|gyro|light|proximity> enabled, rate <int:5..200>Hz
sensor <w:accel|gyro|light|proximity> disabled
wifi: state <w:IDLE|SCANNING|ASSOCIATING|CONNECTED|ROAMING> -> <w:IDLE|SCANNING|ASSOCIATING|CONNECTED|ROAMING> rssi=<int:-95..-30>
wifi: scan found <int:0..60> networks
cell: signal <int:-140..-60> dBm, rat=<w:LTE|NR|UMTS>, roaming=<bool>
alarm set: type <int:0..3> when <digits:13> tag=*walarm*:<pkg>.<NOUN>
alarm fired: type <int:0..3> when <digits:13> tag=*walarm*:<pkg>.<NOUN>
binder: <int:100..32000>:<int:100..32000> transaction to <int:100..32000> failed <int:-32..-1>, size <int:0..9000>-<int:0..200>
Permission <w:CAMERA|LOCATION|CONTACTS> granted to <pkg>
Permission <w:CAMERA|LOCATION|CONTACTS> revoked from <pkg>
GC freed <thousands:9e4>(<n:9000>KB) objects, <int:1..60>% free, <int:3..90>MB/<int:91..256>MB, paused <int:40..900>us total <float:3..200,3>ms
updateOrientation: rotation=<int:0..3> last=<int:0..3> fixed=<bool><sp>
keyguard shown
keyguard hidden
call state <w:RINGING|OFFHOOK|IDLE> number=<w:|***|+<digits:11>>
bg start of service {<pkg>/.<Noun>Service} not allowed from uid <int:10000..10300>
<camel>
input: key <int:3..280> <w:down|up> dev=<int:0..9> flags=<0x:2>
input: touch at (<float:0..1440,1>, <float:0..3040,1>) pointers=<int:1..5>
loadLabel: no resource <0x:8> in <pkg>, using "<w:App|<word>|<Noun> <Noun>>"
~strict policy hit by <pkg>: <w:DiskRead|DiskWrite|Network> duration <int:1..4000> ms
~watchdog: monitor <w:display|power|window> blocked for <int:30..60> s
!trim storage finished: 4096 MB in 118 s
!boot completed in 23871 ms
"""

SYSTEMS["wearable"] = r"""
@day = <ts:%Y-%m-%d>
pulse <int:40..190> bpm, quality <int:0..3>
walked +<int:0..40>, <int:0..30000> of <w:8000|10000|6000> for <day>
phone link: begin round <n:9000>, from <digits:10>
phone link: end round <n:9000>, <n:900> items
stored <int:1..300> <w:pulse|step|sleep|spo2> sample(s)
lost <int:1..300> <w:pulse|step|sleep|spo2> sample(s)
day=<day> walk=<n:30000> stairs=<int:0..40> stand=<int:0..16>/12 kcal=<float:0..900,1>
band <mac> connected
band <mac> disconnected
band <mac> out of range for <dur>
band at <int:1..100>%
goal read for <w:steps|sleep|weight>: <w:8000|10000|7.5|null>
goal written for <w:steps|sleep|weight>: <w:8000|10000|7.5|null>
sleep stage <w:light|deep|rem|awake> from <ts:%H:%M> to <ts:%H:%M>
workout <w:run|ride|walk|swim|row> started
workout <w:run|ride|walk|swim|row> paused at <hms>
workout <w:run|ride|walk|swim|row> resumed at <hms>
workout <w:run|ride|walk|swim|row> saved: <float:0..42,2> km, <int:10..2400> kcal, avg <int:80..180> bpm
lap <int:1..40> <hms> pace <int:3..9>'<int:10..59>"
gps fix lost
gps fix acquired, <int:4..22> satellites, hdop <float:0..5,1>
elevation <float:-20..3000,1> m from <w:baro|gps|map>
energy(<int:140..205> cm, <float:40..120,1> kg, <int:16..90> y) = <float:0..900,2>
new day, yesterday had <int:0..30000>
reminder shown: "<w:Time to move!|Drink some water|Wind down soon|<text:2..5>>"
reminder dismissed
upload <url> <w:200|200|200|401|503> <dur>
token refreshed, expires <ts>
token expired
wrist raised
wrist lowered
tile <w:weather|pulse|rings|<word>> drawn in <int:3..90> ms
row <n:90000> inserted
row <n:90000> updated
row <n:90000> deleted
chart cache hit, <day>
chart cache miss, <day>
firmware <ver> available, installed <ver>
air <float:960..1040,2> hPa
reset
~characteristic <uuid> write rc=<int:1..140>
~rr intervals [<list:, |0|8|int:400..1400>]
!first run after migration from schema 11 to 12
!double tap calibrated
"""

SYSTEMS["desktop"] = r"""
@proc = <pool:40|w:<Noun>Helper|<word>d|<Noun>Agent|com.example.<word>|Browser>[<int:100..60000>]
@intf = <w:wlp0|wlp0|eth1>
wake reason: <w:lid|keyboard|rtc|network (magic packet)|usb>
sleep reason: <w:idle|lid|user menu|low power>
confine: refused read to <proc>: <path>
confine: refused write to <proc>: <path>
confine: refused bus name <pool:20|w:com.example.<word>.<word>|org.<word>> to <proc>
confine: refused socket <w:<ip>:<port>|*:53|[<ip6>]:443> to <proc>
<intf>: roamed from <mac> to <mac>, rssi <int:-90..-30>
<intf>: joined '<w:Home|Guest Network|Cafe <word>|<word>-5G|iPhone of <word>>' channel <int:1..161>
<intf>: left '<w:Home|Guest Network|Cafe <word>|<word>-5G|iPhone of <word>>' reason <int:1..36>
<intf>: regulatory domain <w:CA|US|00|DE> (<w:user|beacon|boot>)
<intf>: beacon lost
bluetooth: <mac:-> (<w:Mouse|WH-<int:100..999>|<person>'s Keyboard|>) connected
bluetooth: <mac:-> (<w:Mouse|WH-<int:100..999>|<person>'s Keyboard|>) disconnected, reason 0x<hex:2>
power source changed to <w:AC|Battery>
battery at <int:1..100>%, <int:0..9>:<int:10..59> remaining
battery at <int:1..100>%, no estimate
assertion created by <proc> "<w:Playing audio|prevent display sleep|<text:2..4>>" id:<0x:8>
assertion released by <proc> "<w:Playing audio|prevent display sleep|<text:2..4>>" id:<0x:8>
unit main process <proc> ended, status=<w:0|1|78|255>
unit main process <proc> ended, signal=<w:9|15|11|6>
unit <pool:30|w:com.example.<word>|org.<word>.agent> restarts too often, next try at <ts:%H:%M:%S>
dns: configuration changed, servers [<list:, |1|3|ip>]
dhcp: lease <ip> obtained from <ip>, <w:3600|86400|7200> s
dhcp: lease <ip> released
clock: stepped by <float:-9..9,6> s
clock: slewing by <float:-0.9..0.9,6> s
theme: no icon '<camel>' for scale <w:1|2|3>x in <path>
Could not create directory ‘<dir>’: <w:Permission denied|File exists|Read-only file system>
Could not remove directory ‘<dir>’: <w:Permission denied|Directory not empty|Read-only file system>
window <0x:6> of <proc> not responding for <float:2..60,1> s
display <int:0..2> attached: <int:1024..5120>x<int:768..2880>@<w:60|120|75>
display <int:0..2> detached
print job <n:900> for <user> queued on "<w:Office|Laser 2nd floor|<word>>"
print job <n:900> for <user> finished on "<w:Office|Laser 2nd floor|<word>>"
backup: copied <thousands:9e5> files (<size>) to "<w:Backup|Time Vault|<word>>"
backup: not enough space on "<w:Backup|Time Vault|<word>>", need <size>
spotlight: indexing paused
spotlight: indexing resumed
<class:desk>: <lit:<Noun>View 0x<hex:12>> destroyed with <int:1..9> listener(s) attached
keychain item "<w:<host>|<word>>" read by <proc>
thermal pressure <w:nominal|moderate|heavy>
gpu reset <n:40>, channel <int:0..20>, <w:timeout|fault>
<int:2..60> identical line(s) left out
<float:100..900000,6> <intf>: arp offload <w:enabled|disabled> for: <list:, |0|4|ip>
~hid: device <0x:9> sent report of <int:1..64> bytes, expected <int:1..64>
~bus: dropped <int:2..40> message(s) from (null)
!user switched to French keyboard
!fsck of volume 2 skipped, clean
"""

SYSTEMS["reverse_proxy"] = r"""
@cl = <pool:200|ip>
@req = <w:GET|POST|PUT|DELETE|HEAD> <uri> HTTP/1.1
@up = <pool:12|w:10.4.<int:0..9>.<int:1..99>:<int:8000..8100>|unix:/run/<word>.sock>
<cl> - <w:-|-|<user>> "<req>" <w:200|304|404|302|500|403> <n:900000> <float:0..4,3>
upstream <up> timed out while reading header, client <cl>, request "<req>"
upstream <up> timed out while connecting, client <cl>, request "<req>"
upstream <up> closed connection early, client <cl>, request "<req>"
upstream <up> refused connection, client <cl>, request "<req>"
no such file <path>, client <cl>
permission denied on <path>, client <cl>
autoindex is off for <dir>, client <cl>
worker <int:100..32000> started
worker <int:100..32000> exited with code <w:0|1|139>
worker <int:100..32000> exited on signal <w:9|11|15>
tls handshake with <cl>:<port> failed: <w:unknown ca|no shared cipher|wrong version number|certificate expired>
request body of <n:9e8> bytes exceeds limit of <w:1048576|10485760>, client <cl>
client <cl> sent malformed request line "<w:\x16\x03\x01\x02|GET|<b64:12>|CONNECT <host>:443 HTTP/1.0>"
client <cl> sent invalid host header "<w:|<ip>:<port>|<host>,<host>|_>"
rate limit hit by <cl>, zone "<w:login|api|search>", excess <float:0..20,3>
cache HIT key=<hex:32>
cache MISS key=<hex:32>
cache EXPIRED key=<hex:32>
backend <up> is up again after <dur>
backend <up> is down after <int:3..9> failed checks
health check <uri> on <up>: expected 200, got <int:400..504>
reloading configuration <path>
configuration <path> ok
configuration <path> has errors: line <int:1..900>: unexpected "<w:;|}|<word>>"
certificate for <host> expires in <int:-3..30> days
certificate for <host> renewed, serial <HEX:16>
using <int:100..65000> of <w:65536|1024> file descriptors
redirect loop on <uri> after <w:10|20> hops
rewrite "<w:^/old/(.*)$|/<word>/|\.php$>" turned <uri> into <uri>
websocket upgraded for <cl> on <uri>
websocket closed by <cl> after <hms>, code <w:1000|1001|1006>
basic auth: user "<user>" not found, client <cl>
basic auth: user "<user>" gave a wrong password, client <cl>
listen on [::]:443 with HTTP/2
listen on 0.0.0.0:80
geo: <cl> is in <w:CA|US|FR|CN|??>
waf rule <int:900000..980000> matched "<w:' or 1=1|../../etc/passwd|<word>>" in <w:ARGS:<word>|COOKIE|BODY>, client <cl>, id <alnum:16>
resolver: <host> could not be resolved (<int:2..3>: <w:Host not found|Server failure>)
resolver: <host> changed to [<list:, |1|5|ip>]
~invalid header "<camel>" from <cl> ignored
~script <path> printed to stderr: <text:4..10>
!graceful shutdown, 17 connections left
!accept4() failed (24: Too many open files)
"""

SYSTEMS["tunnel_client"] = r"""
@app = <w:browser.exe|mailer.exe|chat.exe|sync64.exe|update_<word>.exe>
@dst = <pool:120|w:<host>:443|<host>:80|<ip>:<port>|[<ip6>]:443>
@hop = <w:hop1.relay.example:1080|hop2.relay.example:1080>
@b = <w:nothing|<n:900> B|<size>>
(<app>) <dst> => <hop>
(<app>) <dst> done after <w:<ts:%M:%S>|<dur>|<hms>>; <b> up; <b> down
<dst> failed: <w:refused|unreachable|name not found> by <hop>
<dst> failed: <hop> wants authentication
<dst> direct, no rule matched
<dst> blocked by rule '<w:ads|Block telemetry|<word>>'
(<app>) <dst> => (direct)
<dst> queued behind <int:1..64> other(s)
name <host> is <ip>, asked <hop> in <int:1..900> ms
name <host> is unknown, asked <hop> <int:1..9> times
rule set "<w:default|office|travel>" loaded, <int:1..60> rule(s)
profile switched from <w:default|office|travel> to <w:default|office|travel>
latency to <hop> is <int:8..900> ms
latency to <hop> is unknown
reconnecting in <int:1..60> s (attempt <int:1..20> of 20)
~certificate of <hop> changed: sha256 <hex:64>
!Welcome to Burrow 3.2
!license valid until 2026-01-01
"""

SYSTEMS["cloud_control"] = r"""
@rid = req-<hex:12>
@vm = <pool:150|uuid>
@ten = <pool:15|hex:32>
@api = <w:/compute/v3/<ten>/machines|/compute/v3/<ten>/machines/<vm>|/image/v2/<uuid>|/net/v2/ports?device=<vm>|/compute/v3/flavours>
<ip> "<w:GET|POST|DELETE> <api> HTTP/1.1" -> <w:200|201|204|404|409> in <float:0..3,6> (<n:9000> B) <rid>
machine <vm>: boot requested, flavour <w:m1.small|m1.large|c2.xlarge|g1.gpu>, image <uuid>
machine <vm>: reachable at <ip>, <float:2..60,2> s since request
machine <vm>: powered on
machine <vm>: powered off
machine <vm>: paused
machine <vm>: resumed
machine <vm>: terminated
machine <vm>: boot failed: <w:NoHostAvailable|PortBindingError|QuotaExceeded|<exc>>: <text:4..9>
machine <vm>: disk /srv/machines/<vm>/root.img grown from <int:1..40> GB to <int:41..400> GB
machine <vm>: volume <uuid> attached as /dev/vd<w:b|c|d>
machine <vm>: volume <uuid> detached from /dev/vd<w:b|c|d>
placement of <vm>: <node> accepted with weight <float:-2..9,3>
placement of <vm>: <node> rejected, <w:memory|cpu|disk> free <int:-200..4000>, wanted <int:1..65536>
inventory of <node>: vcpus=<int:8..256> used=<int:0..256> ram=<int:16000..900000>MB free_ram=<int:-2000..900000>MB pci=[<list:, |0|2|w:<hex:4>:<hex:2>:00.0>]
image <uuid> downloaded, <size> in <dur>
image <uuid> evicted, <size> in <dur>
port <uuid> bound to <node>, mac <mac>, addresses [<list:, |1|3|w:'<ip>'|'<ip6>'>]
port <uuid> unbound from <node>
security group "<w:default|web|<word>>" of tenant <ten> has <int:1..60> rules
token for tenant <ten> issued (<w:password|application credential|ec2>)
token for tenant <ten> revoked (<w:password|application credential|ec2>)
scheduler: <int:0..90> of <int:90..120> hosts pass filter <w:Ram|Zone|Image|Affinity>Filter
callback nic.<w:ready|gone|moved> for <vm> matched
callback nic.<w:ready|gone|moved> for <vm> matched nothing
agent <node> alive
agent <node> silent since <ts:%Y-%m-%d %H:%M:%S>
rpc cast `<camel>` to topic <w:compute|network|volume>.<node>
rpc call `<camel>` to topic <w:compute|network|volume>.<node> timed out after <w:60|30> s
migration <n:9000> of <vm>: <w:queued|preparing|running|post|done|error> -> <w:queued|preparing|running|post|done|error>
quota of tenant <ten> for <w:cores|ram|machines>: <n:900>/<w:100|1000|unlimited>
periodic task <class:cloud>.<camel> ran for <float:0..90,3> s
unhandled <exc:full> in request <rid>
bad request: <w:"flavour"|"name"|"image_ref"> <w:is required|must be a string|is too long>
metadata asked by <ip>: /2024-01/<w:hostname|id||keys/0/ssh>
~console of <vm>: token <uuid> expires at <ts>
~DB connection lost, <int:1..10> attempt(s) left
!Starting compute node (version 27.1.0)
!hypervisor answered: no domain of that name
"""

SYSTEMS["stream_engine"] = r"""
@op = <w:Source: orders|KeyedMap|Window(Tumbling <w:5|60> s)|Sink: lake|Join[<word>]> (<int:1..64>/64)
@chk = <n:90000>
Checkpoint <chk> triggered for pipeline <hex:16>
Checkpoint <chk> completed for pipeline <hex:16> (<n:9e8> bytes in <n:90000> ms)
Checkpoint <chk> declined by <op>: <w:buffer timeout|<exc:full>|task not running>
Checkpoint <chk> expired before completing
<op> acknowledged checkpoint <chk>
<op> state from <w:CREATED|DEPLOYING|RUNNING|CANCELING|FINISHED> to <w:DEPLOYING|RUNNING|FAILED|CANCELED|FINISHED>
<op> emitted watermark <ts:%Y-%m-%d %H:%M:%S.%L>
<op> dropped <n:9000> late record(s), allowed lateness <w:0 ms|5000 ms>
Slice <word>#<int:0..400> kept on heap: <size>, <int:1..900> slices there now
Slice <word>#<int:0..400> kept on disk: <size>, <int:1..900> slices there now
Slice <word>#<int:0..400> let go
Slot <hex:32> allocated on taskhost <node>:<port>
Slot <hex:32> freed on taskhost <node>:<port>
Backpressure of <op>: <w:OK|LOW|HIGH> (<pct>)
Consumer group '<pool:9|w:<word>-<word>|billing|fraud detection>' assigned partitions [<list:, |0|8|w:orders-<int:0..31>|clicks-<int:0..63>>]
Consumer group '<pool:9|w:<word>-<word>|billing|fraud detection>' revoked partitions [<list:, |0|8|w:orders-<int:0..31>|clicks-<int:0..63>>]
Offset <n:9e9> committed for <w:orders|clicks>-<int:0..63>
Offset <n:9e9> out of range for <w:orders|clicks>-<int:0..63>, resetting to <w:earliest|latest>
Lag of <w:orders|clicks>-<int:0..63> is <thousands> records
Shuffle: opened <int:1..400> remote channels in <int:0..90> ms
Shuffle: closed <int:1..400> remote channels in <int:0..90> ms
Restoring state of <op> from <url>
No state to restore for <op>
State backend <w:heap|lsm> flushed <int:1..40> column families: <list:,|1|5|noun>
Compiled query plan in <dur>: <w:SELECT|INSERT INTO <word> SELECT> ... (<n:9000> chars)
Unable to deserialize record at <w:orders|clicks>-<int:0..63>@<n:9e9>: <b64:24>
Taskhost <node> registered with <int:1..32> slots
Taskhost <node> lost: heartbeat timed out after <w:50000|10000> ms
Restart <int:1..10> of 10 in <float:1..120,1> seconds due to <exc:full>
<exc:full>: <text:3..8>
	at <class>.<camel>(<Noun><w:Manager|Client>.java:<int:10..2000>)
Metric reporter <w:prometheus|statsd> started on port <port>
Parameter `<camel>` is not set, using <w:false|10|hash|<word>>
Parameter `<camel>` is deprecated, use `<camel>`
User code loaded from <path> (sha256 <hex:64>)
Leader is http://<node>:8081 with session <uuid>
~Savepoint stored in <url>
~Unaligned buffers: {<list:, |0|6|w:ch<int:0..63>=<int:1..900>>}
!Job graph is empty
!Time zone of the cluster is Etc/UTC; table functions follow it
"""

SYSTEMS["map_reduce"] = r"""
@att = attempt_<pool:5|w:1722_<digits:4>>_<w:m|r>_<digits:6>_<int:0..3>
@unit = <w:<att>|<att>|shard-<int:0..900>/try<int:0..3>>
@st = <w:QUEUED|LAUNCHING|RUNNING|COMMITTING|DONE|KILLED|BROKEN>
<att> <int:0..100>% read <n:9e8> wrote <n:9e8>
<att> moves <st> => <st>
<att> placed on <node>.rack<int:1..12> slot <int:0..31>
<att> broke: <exc:full>: <w:Java heap space|<path> is a directory|peer reset|null|<text:3..6>>
<att> killed for <w:preemption|user <user>|a faster twin>
<att> done
<att> cleaned
sort buffer spilled to <path>, <n:9e6> rows, <size>
sort buffer fits, <n:9e6> rows, <size>
merge round <int:1..9>: <int:2..90> runs -> <int:1..9>, <n:9e8> bytes
puller-<int:1..10> asks <node> for <int:1..20> piece(s)
puller-<int:1..10> took <n:9e7> bytes from <node> in <dur>
puller-<int:1..10> skips <node> after <int:1..9> bad piece(s)
input <url> [<n:9e9>..<n:9e9>) near <list:,|1|3|node>
rpc <camel>@<node>:<port> -> <exc> (try <int:0..9> of 10)
rpc <camel>@<node>:<port> -> ok (<int:2..90000>ms)
wanted <int:0..90> slots (mem=<w:1024|2048|4096> cpu=<int:1..8> class=<w:map|reduce|am>), granted <int:0..90>
node <node> benched: <int:3..9> broken attempts
node <node> no longer benched
reducers may start: <int:1..90> of <int:100..900> maps done
reducers must wait: <int:1..90> of <int:100..900> maps done
tally {<list:, |1|6|w:rows_in=<n:9e6>|spilled=<n:9e5>|gc_ms=<n:90000>|cpu_ms=<n:9e6>>}
output of job <digits:4> published at <dir>/_final
output of job <digits:4> thrown away at <dir>/_temp
credential #<n:9000> for <w:fs|timeline|store> good until <ts>
localised <path> as <dir>/files/<int:10..99>/<file> (<w:PUBLIC|PRIVATE|APPLICATION>)
<thread> interrupted in <class>.<camel>
<thread> blocked in <class>.<camel> for <int:30..900> s
Exception in thread "<thread>" <exc:full>: <w:stream is closed|null|<text:3..7>>
Caused by: <exc:full>: <w:stream is closed|null|<text:3..7>>
	at <class>.<camel>(<Noun><w:Manager|Client|Worker>.java:<int:10..2000>)
	at <class>.<lit:init>(Unknown Source)
	... <int:3..40> more
scratch disks usable: [<list:, |0|4|w:/data<int:1..12>/local>]
user function <class> loaded from <file>
user function <class> printed: <text:2..9>
combiner is off
job <digits:4> (<w:wordcount|"daily <noun> <noun>"|<camel>|null>) submitted by <user>
job <digits:4> finished in <hms>: <n:900> maps, <n:90> reduces
~twin started for <att>: mean <float:20..900,1> s, this one <float:900..9000,1> s
~history of job <digits:4> moved from <path> to <path>
!single-process mode refused: input too large
!JVM exit code 143, not retrying
"""

SYSTEMS["consensus"] = r"""
@id = <w:n1|n2|n3|n4|n5>
@s = s-<hex:15>
@cli = <pool:80|ip>:<int:32000..61000>
heartbeat from <id> in term <n:900>
heartbeat to <id> unanswered for <int:150..9000>ms
lease <s> granted to <cli> for <w:30000|10000|40000> ms
lease <s> renewed by <cli>
lease <s> given back by <cli>
lease <s> ran out, holder <cli> silent for <int:10..90000>ms
<cli> connected
<cli> disconnected: <w:EOF|<exc>|idle|broken pipe>
<cli> not allowed to <w:read|write|watch> /<word>/<noun>
<cli> token <w:expired|malformed|unknown>
timer fired, standing for term <n:900>
vote granted to <id> in term <n:900>
vote refused to <id> in term <n:900>
role <w:follower|candidate|leader|learner> -> <w:follower|candidate|leader|learner> in term <n:900>
following <id> since term <n:900>
append of <int:1..900> entries at <n:9e8> to <id> accepted
append of <int:1..900> entries at <n:9e8> to <id> rejected, it ends at <n:9e8>
image <hex:9> written to <path> (<size>)
image <hex:9> read from <path> (<size>)
image <hex:9> sent to <id> in <dur>
wal segment <path> opened
wal segment <path> sealed at <n:9e8>
wal segment <path> removed
slow fsync: <int:100..9000>ms
watch fired on /<word>/<noun>/<w:lock-<digits:10>|leader|<word>>
watch set on /<word>/<noun>/<w:lock-<digits:10>|leader|<word>>
put /<word>/<noun>/<w:lock-<digits:10>|<word>> rev=<n:9e8> prev=<w:null|<n:9e8>> <w:ok|ok|conflict|too large>
del /<word>/<noun>/<w:lock-<digits:10>|<word>> rev=<n:9e8> prev=<w:null|<n:9e8>> <w:ok|ok|conflict|absent>
quorum lost: <int:1..2> of <w:5|3> voters reachable
quorum back: <int:3..5> of 5 voters reachable
member <id> (<ip>:2380,<w:voter|learner>) added
member <id> (<ip>:2380,<w:voter|learner>) removed
members: <list:, |1|5|w:<id>=http://<ip>:2380>
compacted up to <n:9e8>, kept <w:1000|5000>
compaction skipped
backlog <pct>
proposal <0x:9> committed
proposal <0x:9> dropped
peer port 2380 bound
client port 2379 bound
tick late by <int:-90..900>ms
option <w:--data-dir=<dir>|--snapshot-count=10000|--name=<id>|--initial-cluster-state=<w:new|existing>|--auto-tls=false>
<id>
~state hash differs at <0x:9>: <HEX:16> != <HEX:16>
~member <id> speaks protocol 2, we speak protocol 3: error =<sp>
!Bye
!membership changes are frozen by --strict
"""

SYSTEMS["ras"] = r"""
@loc = <pool:120|w:cab<digits:2>.sl<int:0..15>.b<int:0..3>|cab<digits:2>.sl<int:0..15>.b<int:0..3>.v<int:0..7>|cab<digits:2>.sw<int:0..5>|R<digits:2>-M<int:0..1>-N<HEX:1>>
blade <loc> up
blade <loc> down
[<loc>] sram: <int:1..900> flipped bit(s) fixed, line 0x<hex:8> way <int:0..7>
[<loc>] sram: <int:1..900> flipped bit(s) fatal, line 0x<hex:8> way <int:0..7>
[<loc>] hbm stack <int:0..5> channel <int:0..15>: syndrome <HEX:4>, row <int:0..65535>, <w:retired|watched>
[<loc>] vpu regs v<int:0..31>: <list: |4|4|w:0x<hex:8>>
[<loc>] scalar regs pc=<hex:16> sp=<hex:16> flags=<w:--ZC|N-ZC|----|NV-->
[<loc>] <list: |8|8|hex:8>  |<alnum:16>|
[<loc>] trap <int:0..31> (<w:bad address|unaligned|illegal opcode|fp inexact>) in rank <int:0..4095>
[<loc>] microcode 0x<hex:6> kept
[<loc>] microcode 0x<hex:6> replaced by 0x<hex:6>
mesh port <loc>/<w:n|e|s|w> lane <int:0..7> retrained <int:1..900> time(s)
mesh port <loc>/<w:n|e|s|w> lane <int:0..7> disabled
mesh port <loc>/<w:n|e|s|w> lane <int:0..7> enabled
mesh route table <HEX:8> pushed to <int:1..96> switch(es)
packet <HEX:16> from <loc> has crc <HEX:4>, want <HEX:4>
barrier <int:0..63> reached by <int:1..4096>/4096 after <dur>
launch <n:90000>: <path> on <int:32..4096> blades, ranks per blade <w:8|4|1>
launch <n:90000>: ended by itself, rc <int:0..3>
launch <n:90000>: ended by <w:SIGKILL|SIGSEGV|SIGTERM|SIGBUS> at <loc>
launch <n:90000>: stuck, <int:1..90> blade(s) silent: <list: |1|6|loc>
io gateway <loc> attached <host>:<dir>
io gateway <loc> detached <host>:<dir>
io gateway <loc> errno <int:-110..-1> on <host>:<dir>
rail <w:0V9|1V8|12V> of <loc> reads <float:0..13,3> V, ok
rail <w:0V9|1V8|12V> of <loc> reads <float:0..13,3> V, not ok
coolant loop <int:1..4>: in <float:14..30,1> °C, out <float:20..60,1> °C, flow <float:0..90,1> l/min
coolant loop <int:1..4>: leak rope wet at <int:1..40> m
ticket <n:9000> opened for <loc> by <user>
ticket <n:9000> closed for <loc> by <user>
reference clock lost, holdover on <w:A|B>
reference clock found, phase <int:-900..900> ps
monitor hit <exc:full>: <text:3..8>
fw console <loc>> <w:boot|ver|peek 0x<hex:8>|poke 0x<hex:8> 0x<hex:2>>
idcode <loc> 0x<hex:8>
0x<hex:8>
~rectifier <int:1..12> status word 0b<list:|8|8|w:0|1> temp <int:20..90>
~spare blade <loc> swapped in for <loc>
!golden image digest changed to sha256:77ab31
!** emergency power off, key switch **
"""

SYSTEMS["servicing"] = r"""
@pk = <pool:60|w:contoso.<noun>.<noun>_<int:1..9>.<int:0..9>.<int:10000..26000>.<int:1..4000>_<w:x64|x86|arm64>__<alnum:13>|Runtime.<Noun>_<ver>_x64>
@hr = <w:0x00000000|0x00000000|0x8a15<hex:4>|0x8007<hex:4>>
(<hex:4>) resolve <pk>: present
(<hex:4>) resolve <pk>: absent
(<hex:4>) depends <pk> << <pk>
stage <pk> to C:\Program Files\Contoso\Stage\<hex:8>: <hr>
unstage <pk> from C:\Program Files\Contoso\Stage\<hex:8>: <hr>
Transaction {<uuid>} begun by <w:UpdaterHost|CORP\<user>|NT AUTHORITY\SYSTEM|<word>.exe> (pid <int:4..32000>)
Transaction {<uuid>} committed, restart <w:not needed|needed>
Transaction {<uuid>} rolled back, restart <w:not needed|needed>
mutex Global\Contoso<Noun> taken after <int:0..9000> ms
mutex Global\Contoso<Noun> dropped after <int:0..9000> ms
verify <wpath> SHA256 match
verify <wpath> SHA256 mismatch: <b64:32> vs. <b64:32>
<wpath> held open by <word>.exe (<int:4..32000>), replacing at next boot
health scan: <int:0..900> damaged, <int:0..9> unrepairable, <dur>
bind <camel>, Version=<int:6..10>.0.<int:6000..26000>.<int:1..9000>, Culture=<w:neutral|en-US|fr-CA>, PublicKeyToken=<w:<hex:16>|null>
reg add HKLM\SOFTWARE\Contoso\<Noun> /v <camel> = "<w:|1|<wpath>|<ver>>"
reg delete HKLM\SOFTWARE\Contoso\<Noun> /v <camel>
service '<w:Print Spooler|Search Indexer|<Noun> Host|<word>>' paused while files are replaced
service '<w:Print Spooler|Search Indexer|<Noun> Host|<word>>' resumed
GET <url> <w:200|206|404|0> <n:9e8>/<n:9e8>
bits job {<uuid>} suspended (<w:metered network|battery saver|user>)
bits job {<uuid>} finished
need <thousands:9e9> bytes on <w:C:|D:|\\?\Volume{<uuid>}>, have <thousands:9e9>
phase 1 of 3: inventory
phase 2 of 3: apply
phase 3 of 3: clean up
engine <ver> from <wpath>
"<wpath>" renamed to "<wpath>"
"<wpath>" could not be renamed to "<wpath>" (<w:5|32|183>)
pending: <n:90> file(s), <n:90> key(s), owner (null)
driver <word>.inf signed by <w:Contoso Ltd.|Fabrikam, Inc.|<word>>, date <ts:%m/%d/%Y>, version <ver>
driver <word>.inf unsigned
manifest <pk> line <int:1..900>: element '<camel>' unexpected, <hr>
manifest <pk> line <int:1..900>: attribute '<camel>' unexpected, <hr>
superseded payloads: <n:9000> found, <size> reclaimed in <hms>
font cache rebuilt
boot entry {<w:current|default|<uuid>>} set to <wpath>
policy '<w:DeferFeature|TargetRelease|<camel>>' = <w:not configured|enabled|<int:0..365>>
<pk>
~report queued: {"id":"<uuid>","hr":<int:-2147483648..0>,"kb":<w:null|"<digits:7>">}
!journal C:\ProgramData\Contoso\0000.jrn replayed: nothing to do
!leaving: no client for 15 minutes
"""

SYSTEMS["database"] = r"""
@tab = <pool:30|w:public.<noun>s|<noun>_<int:2019..2024>|audit.<word>>
@pid = <int:300..65000>
connection received: host=<w:<ip>|[local]|<host>> port=<port>
connection authorized: user=<user> database=<w:app|postgres|billing|<word>> <opt:50|SSL enabled (protocol=TLSv1.3)>
disconnect after <hms>.<digits:3> user=<user> database=<w:app|postgres|billing|<word>>
statement took <float:0..90000,3> ms: <w:SELECT * FROM <tab> WHERE id = <int:1..90000>|UPDATE <tab> SET <noun> = $1 WHERE id = $2|COMMIT|DELETE FROM <tab>|BEGIN>
duplicate key value in unique index "<noun>s_<word>_key": (<noun>)=(<w:<n:9e6>|<email>|<uuid>|<person>>)
null value in column "<noun>" of table "<tab>"
column "<word>" does not exist in table "<tab>"
table "<word>" does not exist
syntax error at or near "<w:FROM|;|)|<word>>" at character <int:1..900>
deadlock: process <pid> waits for <w:ShareLock|ExclusiveLock> on transaction <n:9e8>; blocked by <pid>
lock on <tab> granted to <pid> after <float:1..9000,3> ms
lock on <tab> still awaited by <pid> after <float:1..9000,3> ms
checkpoint starting: <w:time|wal|immediate force wait>
checkpoint complete: <n:90000> buffers (<pct>), write=<float:0..300,3> s, sync=<float:0..9,3> s
vacuum of "<tab>": <thousands> dead rows removed, <thousands> remain
analyze of "<tab>": <thousands> rows sampled
temporary file <path>.<int:0..9> of <n:9e9> bytes
replica <node> caught up at <HEX:1>/<HEX:8>
replica <node> lags by <size> at <HEX:1>/<HEX:8>
replica <node> disconnected
log file <HEX:24> archived
log file <HEX:24> could not be archived: exit <w:1|2|127>
out of shared memory<opt:40|; hint: raise max_locks>
too many connections (<int:100..500>), <w:3|5> reserved
transaction <n:9e8> committed
transaction <n:9e8> rolled back
role "<user>" granted to "<user>" by "<user>"
role "<user>" revoked from "<user>" by "<user>"
permission denied for <w:table|schema|sequence> <word>
password for user "<user>" is wrong
password for user "<user>" has expired
parameter "<word>_<noun>" changed to "<w:on|off|<n:9000>MB|<word>|>"
parameter "<word>_<noun>" cannot be changed without restart
value too long for type varchar(<w:32|255|10>)
invalid input for type <w:integer|date|uuid|json>: “<w:|abc|<word> <word>|2024-02-30|NaN>”
division by zero
canceling statement: <w:timeout|user request|conflict with recovery>
page <n:900000> of "<tab>" fails its checksum: <int:0..65535> instead of <int:0..65535>
<json>
~index "<noun>s_<word>_idx" has <int:1..40> wasted pages; plan: (<list: -<gt> |1|4|w:Scan|Sort|Hash|Limit>)
!database system is ready
!invalid record length at 0/16B3D50: wanted 24, got 0
"""

SYSTEMS["mail_server"] = r"""
@q = <HEX:10>
<q>: from=<lit:<email>>, size=<n:9e6>, nrcpt=<int:1..40>
<q>: to=<lit:<email>>, relay=<host>[<ip>]:25, delay=<float:0..90,2>, status=<w:sent (250 2.0.0 Ok: queued as <HEX:9>)|deferred (451 4.7.1 try again)|bounced (550 5.1.1 unknown user)|deferred (connection timed out)>
<q>: to=<lit:<email>>, orig_to=<lit:<user>>, relay=local, delay=<float:0..90,2>, status=<w:sent (delivered to mailbox)|bounced (mailbox over quota)>
<q>: message-id=<lit:<w:<alnum:16>@<host>|<uuid>@<host>|>>
<q>: removed
<q>: held: <w:suspicious attachment|<text:2..4>>
<q>: expired after <w:5d|4h>, returned to sender
<q>: subject: "<w:|Invoice <int:1000..9999>|Re: <text:2..6>|=?utf-8?B?<b64:15>?=>"<sp>
peer connected: <w:unknown|<host>>[<ip>]
peer disconnected: <w:unknown|<host>>[<ip>] ehlo=<int:0..2> mail=<int:0..3> rcpt=<int:0..9> quit=<int:0..1>
peer lost during <w:DATA|EHLO|RCPT|end of data>: <w:unknown|<host>>[<ip>]
rejected <w:unknown|<host>>[<ip>]: 554 5.7.1 <lit:<email>>: relay denied
rejected <w:unknown|<host>>[<ip>]: 450 4.7.25 no reverse name
rejected <w:unknown|<host>>[<ip>]: 503 5.5.1 command out of order
greylisted <w:unknown|<host>>[<ip>] for <int:60..900> s
imap login: user=<lit:<email>>, method=<w:PLAIN|CRAM-MD5|XOAUTH2>, rip=<ip>, lip=<ip>, TLS, session=<lit:<b64:12>>
imap logout: user=<lit:<email>>, in=<n:9000> out=<n:9e6>
imap login failed (<int:1..9> attempts in <int:2..90> secs): user=<lit:<w:|<email>|<word>>>, method=<w:PLAIN|CRAM-MD5|XOAUTH2>, rip=<ip>
pop3 login: user=<lit:<email>>, method=<w:PLAIN|APOP>, rip=<ip>
spf pass for <host> from <ip>
spf fail for <host> from <ip>
dkim signature of <host> good (s=<w:mail|s1|<word>>, rsa-sha256)
dkim signature of <host> bad (s=<w:mail|s1|<word>>, rsa-sha256): body hash differs
spam score <float:-9..30,1>/<w:5.0|6.3> for <lit:<alnum:14>@<host>>: [<list:,|0|8|w:BAYES_<w:99|50|00>|HTML_ONLY|URI_<NOUN>|NO_RDNS>]
virus <w:Eicar-Test|Win.<Noun>.<word>-<int:1..99>|Js.<Noun>> found in <q>, part <int:1..9>
virus scanner unreachable at /run/scan.sock, <int:1..9> retries left
sieve: stored mail into mailbox '<w:INBOX|Junk|Lists/<word>|Archive <int:2019..2024>>'
sieve: forwarded to <lit:<email>>
sieve: discarded
quota of <email> is <size> of <size> (<int:0..130>%)
mailbox <path>: index rebuilt, <n:90000> messages
mailbox <path>: index corrupt at offset <n:9e6>
dns: MX of <host> are <list:, |0|4|host>
dns: MX of <host> unknown (<w:NXDOMAIN|SERVFAIL|timeout>)
queue: <n:900> active, <n:9000> deferred, <n:9> hold
alias <user> expands to <list:, |1|7|email>
tls: <host>[<ip>]:25 trusted, TLSv1.3 with cipher <w:AES_256_GCM|CHACHA20>
tls: <host>[<ip>]:25 untrusted, TLSv1.2 with cipher <w:AES_256_GCM|CHACHA20>
<email>
~fatal: open <path>: <w:No such file or directory|Permission denied>
~throttling destination <host>, <int:1..20> parallel deliveries
!refreshing the DH parameters, 2048 bits
"""

SYSTEMS["gestion_fr"] = r"""
@cli = <pool:300|w:C-<digits:6>>
@mt = <int:1..999> <digits:3>,<digits:2> €
@ag = <pool:12|w:Lyon-Part-Dieu|Nantes|Aix-en-Provence|Montréal Est|Saint-Étienne>
Commande n° <int:100000..999999> créée par <user> pour le client <cli>
Commande n° <int:100000..999999> annulée par <user> pour le client <cli>
Commande n° <int:100000..999999> expédiée depuis l’entrepôt de <ag>
Facture FA-<int:2021..2024>-<digits:5> émise : <mt> TTC
Facture FA-<int:2021..2024>-<digits:5> réglée : <mt> TTC
Facture FA-<int:2021..2024>-<digits:5> impayée depuis <int:2..190> jours
Le client <cli> n’existe pas
Le client <cli> existe déjà
Adresse électronique « <w:<email>|<word>|<user>@@<host>|> » invalide
Le champ « <w:code postal|date de naissance|n° de sécurité sociale|raison sociale> » est obligatoire
Le champ « <w:code postal|date de naissance|n° de sécurité sociale|raison sociale> » dépasse <w:5|50|255> caractères
Date <w:<ts:%d/%m/%Y>|31/02/2024|00/00/0000> hors de la période comptable ouverte
Début de l’import du fichier <file> (<n:9e6> octets)
Fin de l’import du fichier <file> : <n:90000> ligne(s) lue(s), <n:90> rejetée(s)
Ligne <n:90000> rejetée : <w:colonne manquante|montant négatif|doublon|<word> inconnu>
Ouverture de session de <user> depuis <ip>
Fermeture de session de <user> depuis <ip>
Échec de connexion de <user> (tentative <int:1..5> sur 5)
Compte de <user> verrouillé jusqu’au <ts:%d/%m/%Y à %Hh%M>
Stock insuffisant pour l’article <ALNUM:8> : demandé <int:2..900>, disponible <int:0..900>
Stock de l’article <ALNUM:8> réapprovisionné de <int:1..900> unité(s)
Traitement « <w:relances|clôture mensuelle|export comptable|purge> » démarré
Traitement « <w:relances|clôture mensuelle|export comptable|purge> » terminé en <int:0..59> min <int:0..59> s
Traitement « <w:relances|clôture mensuelle|export comptable|purge> » interrompu : <w:délai dépassé|<exc:full>|base indisponible>
Virement de <mt> vers FR76 <digits:4> <digits:4> <digits:4> accepté
Virement de <mt> vers FR76 <digits:4> <digits:4> <digits:4> refusé : <w:solde insuffisant|compte clos|IBAN erroné>
TVA à <w:20|5,5|10|2,1> % appliquée à <int:1..90> article(s)
Remise de <int:1..60> % accordée à <cli> par <person>
Impression de <int:1..40> étiquette(s) sur <w:Zebra-<int:1..9>|Quai nord|imprimante de <ag>>
Imprimante <w:Zebra-<int:1..9>|Quai nord> hors ligne
Aucun transporteur pour le code postal <digits:5>
Agence de <ag> : <n:900> dossier(s) en attente
Message envoyé à <email>, objet : <w:Votre commande|Relance n° <int:1..3>|<text:2..4>>
Taux de change EUR/<w:USD|CAD|CHF> : <int:0..1>,<digits:4>
Lettrage des comptes <list:, |1|5|w:411<digits:3>|401<digits:3>>
Valeur nulle pour <camel>
Droits insuffisants : <user> ne peut pas <w:supprimer|valider|consulter> <w:la facture|la commande|le dossier> <n:90000>
~L’exercice <int:2019..2024> est clos
~Échéancier recalculé : [<list: ; |0|5|w:<ts:%d/%m/%Y>>]
!Bascule à l’heure d’été effectuée
!Numéro SIRET 000 000 000 00000 ignoré
"""

SYSTEMS["lager_de"] = r"""
@art = <pool:200|w:<digits:3>.<digits:4>-<ALNUM:2>>
@platz = <w:Gang <int:1..40>, Fach <int:1..90>|Rampe <int:1..9>|Außenlager <word>>
@eur = <int:0..9>.<digits:3>,<digits:2> EUR
Artikel <art> auf <platz> eingelagert (<int:1..900> Stück)
Artikel <art> von <platz> ausgelagert (<int:1..900> Stück)
Artikel <art> nicht gefunden
Artikel <art> gesperrt durch <user>
Artikel <art> freigegeben durch <user>
Auftrag <int:4000000..4999999> angelegt
Auftrag <int:4000000..4999999> abgeschlossen
Auftrag <int:4000000..4999999> storniert: <w:Kundenwunsch|Ware nicht lieferbar|Doppelerfassung|<text:2..4>>
Benutzer „<user>“ hat sich an Terminal <int:1..60> angemeldet
Benutzer „<user>“ hat sich an Terminal <int:1..60> abgemeldet
Ungültiges Kennwort für Benutzer „<user>“
Lieferschein <int:2021..2024>/<digits:6> gedruckt auf <w:\\druck01\lager<int:1..4>|Büro EG>
Rechnung <int:2021..2024>/<digits:6> über <eur> gebucht
Rechnung <int:2021..2024>/<digits:6> über <eur> angemahnt (Stufe <int:1..3>)
Übertragung an <host> gestartet
Übertragung an <host> beendet: <n:9000> Sätze in <float:0..90,1> s
Übertragung an <host> abgebrochen nach <n:9000> Sätzen: <w:Zeitüberschreitung|Verbindung verweigert|<exc>>
Pflichtfeld »<w:Straße|PLZ|Gewicht|Zolltarifnummer>« ist leer
Wert »<w:|<word>|-<int:1..9>|1O0|<int:1000..9999> kg>« im Feld »<w:Straße|PLZ|Gewicht|Zolltarifnummer>« ist unzulässig
Bestand von <art> unterschreitet Mindestmenge: <int:-20..90> < <int:91..200>
Inventurdifferenz bei <art>: Soll <int:0..900>, Ist <int:0..900>
Förderband <int:1..12> läuft an
Förderband <int:1..12> steht: <w:Lichtschranke <int:1..9> belegt|Not-Aus|Motorschutz|unbekannt>
Regalbediengerät <int:1..6> in Störung, Code <w:E|F><digits:3>
Regalbediengerät <int:1..6> wieder bereit
Scanner <mac> verbunden
Scanner <mac> getrennt
Waage <int:1..4>: <float:0..900,2> kg
Etikett für Sendung <digits:20> erzeugt
Spediteur <w:Schnell & Söhne|<word> Logistik GmbH|Paketdienst Nord> holt um <ts:%H:%M> Uhr ab
Datensicherung nach <wpath> erfolgreich (<size>)
Datensicherung nach <wpath> fehlgeschlagen (<size>)
Schnittstelle <w:EDIFACT|SAP|WWS> meldet: <w:OK|<text:3..8>>
Zeile <n:900> in <file>: <int:2..40> Spalten erwartet, <int:0..40> gefunden
Kommissionierliste <n:9000>: <list:, |1|6|w:<int:1..40>-<int:1..90>>
Preis von <art> geändert von <eur> auf <eur>
Nachtlauf Phase 2 übersprungen
Lizenz läuft am <ts:%d.%m.%Y> ab
Null Positionen
~Temperatur im Kühlhaus <float:-24..9,1> °C, Grenzwert -18 °C
~Wartung von Tor <int:1..9> fällig seit <int:1..60> Tag(en)
!Umstellung auf Sommerzeit
!Schlüssel für den Gefahrgutschrank nicht zurückgegeben
"""

SYSTEMS["ryokan_ja"] = r"""
@yoyaku = R<digits:8>
@mei = <w:佐々森|野乃原|小鳥沢|月見里|四十物><w:美空|一歩|ひかり|蓮太>
予約<yoyaku>を登録しました
予約<yoyaku>を変更しました（宿泊日: <ts:%Y年%-m月%-d日>）
予約<yoyaku>を取り消しました
予約番号 <yoyaku> が見つかりません
ユーザー「<user>」がログインしました
ユーザー「<user>」がログアウトしました
ユーザー「<user>」の認証に失敗しました（<int:1..5>回目）
部屋<int:101..812>のチェックイン処理が完了: <mei>様
部屋<int:101..812>のチェックアウト処理が完了: <mei>様
部屋<int:101..812>は既に予約済みです
満室のため<ts:%Y/%m/%d>は予約できません
決済に成功しました。金額=<thousands:900000>円 承認番号=<digits:6>
決済に失敗しました。金額=<thousands:900000>円 エラーコード=<w:G|E><digits:2>
入力項目「<w:電話番号|メールアドレス|氏名（カナ）|人数>」が未入力です
入力項目「<w:電話番号|メールアドレス|氏名（カナ）|人数>」の値「<w:<word>|０９０|<int:-3..99>|>」が不正です
メールを <email> に送信しました
メールを <email> に送信できませんでした: <w:接続タイムアウト|宛先不明|550 User unknown>
バッチ処理[<w:日次集計|在庫連携|会員同期>]を開始します
バッチ処理[<w:日次集計|在庫連携|会員同期>]を終了します 件数=<n:90000> 所要時間=<hms>
外部サイト <w:旅楽ネット|ヤドナビ|<word>> との在庫連携で <exc> が発生
在庫数 <int:0..40> → <int:0..40> (プラン<ALNUM:5>)
データベース接続数が上限（<w:100|200>）に達しました
ファイル <path> を読み込み中
ファイル <path> の読み込みに失敗しました
朝食 <int:0..120> 名、夕食 <int:0..120> 名
温泉ポンプ<int:1..4>号機 温度 <float:38..90,1>℃ 正常
温泉ポンプ<int:1..4>号機 温度 <float:38..90,1>℃ 異常
客室清掃: <list:、|1|8|int:101..812>
会員ランクを<w:一般|銀|金>から<w:一般|銀|金>に更新 会員ID=<digits:7>
セッション <hex:32> の有効期限が切れました
キャッシュをクリアしました
ポイント<n:9000>ptを付与 会員ID=<digits:7>
ポイント<n:9000>ptを失効 会員ID=<digits:7>
印刷キューに <int:1..20> 件追加
設定値 <camel>=<w:true|false|<n:900>|（空）> を反映
~領収書No.<digits:6>を再発行（宛名: <w:上様|<mei>|株式会社<word>>）
!元号テーブルを更新しました
!停電を検知、UPS運転に切替
"""

SYSTEMS["gongchang_zh"] = r"""
@dev = <w:冲压机|注塑机|机械臂|传送带>-<int:1..36>
@gd = WO<int:2022..2024><digits:5>
设备 <dev> 已启动
设备 <dev> 已停止
设备 <dev> 报警，代码 <w:A|B><digits:3>，等级<w:一|二|三>级
设备 <dev> 报警解除
设备<dev>心跳超时，已等待<int:3..90>秒
工单 <gd> 下达到<w:一|二|三>车间，数量 <int:1..9000>
工单 <gd> 完工，合格 <int:1..9000> 件，不良 <int:0..90> 件
工单 <gd> 暂停，原因：<w:缺料|换模|停电|待检>
工单 <gd> 恢复
用户<user>登录成功，IP：<ip>
用户<user>登录失败，IP：<ip>，原因：<w:密码错误|账号锁定|验证码过期>
物料<ALNUM:9>入库<int:1..900>箱，库位<w:A|B|C>-<digits:2>-<digits:2>
物料<ALNUM:9>出库<int:1..900>箱，库位<w:A|B|C>-<digits:2>-<digits:2>
库存不足：物料<ALNUM:9>，需求<int:1..900>，现有<int:0..900>
字段“<w:批次号|生产日期|供应商|规格>”不能为空
字段“<w:批次号|生产日期|供应商|规格>”格式错误：“<w:<ts:%Y.%m.%d>|<word>|无|<digits:5>>”
温度 <float:-10..300,1>℃ 超过上限 <w:180.0|240.0>℃（测点 T<int:1..64>）
压力 <float:0..9,2>MPa 低于下限 <w:0.50|1.20>MPa（测点 P<int:1..64>）
采集到 <n:900> 条数据，耗时 <int:1..9000> 毫秒
写入数据库失败：<exc:full>: <w:连接被拒绝|Deadlock found|磁盘空间不足>
读取配置文件 <path> 成功
读取配置文件 <path> 失败
消息队列积压 <n:900000> 条
接口 <uri> 返回 <w:200|200|500|404>，用时<float:0..9,3>s
PLC连接断开（<ip>:502），第<int:1..20>次重连
PLC连接成功（<ip>:502）
质检不通过：批次<digits:10>，缺陷[<list:，|1|4|w:划痕|气泡|变形|色差|缺口>]
质检通过：批次<digits:10>
班次切换：<w:早班|中班|夜班>→<w:早班|中班|夜班>
开始同步<w:ERP|MES|WMS>数据
同步<w:ERP|MES|WMS>数据完成，新增<n:900>，更新<n:900>，跳过<n:90>
打印标签 <digits:13> 共 <int:1..40> 张
系统内存使用率<int:10..99>%，CPU使用率<int:1..99>%
任务[<camel>]执行异常: null
任务[<camel>]执行完毕
~证书将于<ts:%Y年%m月%d日>到期
~视觉相机<int:1..8>曝光参数调整为<float:0..9,2>
!消防演习通知已发送至全体员工
!急停按钮被按下
"""

SYSTEMS["payment_gateway"] = r"""
@tx = txn_<alnum:14>
@amt = <w:<float:1..900,2> EUR|$<float:1..900,2>|<thousands:9e6> JPY|CHF <float:1..9000,2>>
@mer = <pool:60|w:m_<digits:6>|"<Noun> & Co"|"Chez <word>">
[<tx>] authorised <amt> for merchant <mer> (<w:visa|mastercard|amex|interac>, ****<digits:4>)
[<tx>] declined <amt> for merchant <mer> (<w:insufficient funds|do not honour|expired card|suspected fraud|05>)
[<tx>] captured <amt>
[<tx>] refunded <amt>
[<tx>] voided
[<tx>] 3-D Secure 2 challenge started, acs=<url>
[<tx>] 3-D Secure 2 challenge passed in <dur>
[<tx>] 3-D Secure 2 challenge abandoned after <dur>
[<tx>] fraud score <int:0..100> (<w:allow|review|block>), rules=[<list:,|0|5|w:velocity|geo_mismatch|new_device|bin_<digits:6>>]
[<tx>] idempotency key "<w:<uuid>|<word>-<digits:5>|order <int:1..9000>>" already used
[<tx>] acquirer <w:north|atlas|<word>> answered <w:00|05|51|91> in <int:40..9000> ms
[<tx>] acquirer <w:north|atlas|<word>> timed out, reversal queued
[<tx>] state <w:created|pending|authorised|settled|failed> → <w:created|pending|authorised|settled|failed>
card number fails Luhn check (bin <digits:6>)
card expired <digits:2>/<digits:2>
cvc missing
cvc wrong
webhook <w:payment.succeeded|payment.failed|dispute.opened> delivered to <url> (HTTP <w:200|202|204>)
webhook <w:payment.succeeded|payment.failed|dispute.opened> undeliverable to <url> (<w:HTTP 500|HTTP 404|connect timeout>), retry <int:1..8> at <ts>
settlement batch <n:9000> for <mer> opened
settlement batch <n:9000> for <mer> closed: <n:900> transactions, net <amt>, fees <amt>
payout po_<alnum:12> of <amt> to iban CH<digits:2>****<digits:4> sent
payout po_<alnum:12> of <amt> to iban CH<digits:2>****<digits:4> returned: <w:account closed|name mismatch|R03>
dispute dp_<alnum:10> opened: reason="<w:fraudulent|product not received|duplicate|>" amount=<amt>
dispute dp_<alnum:10> won
dispute dp_<alnum:10> lost
api key pk_<w:live|test>_<alnum:8>… used from <ip>
api key pk_<w:live|test>_<alnum:8>… revoked by <email>
rate EUR/<w:USD|GBP|JPY|CHF> = <float:0..200,5> (source <w:ecb|cache>)
rate EUR/<w:USD|GBP|JPY|CHF> unavailable
merchant <mer> onboarding: <w:documents_required|in_review|active|suspended>
request missing parameter <w:amount|currency|source|return_url>
request has unknown parameter <word>
amount must be a positive integer, got <w:-<int:1..900>|0|"<float:0..90,2>"|null|true>
currency '<w:EURO|$|XXX|eur >' is not supported
HSM slot <int:0..7> signed with key <HEX:6>
HSM slot <int:0..7> busy
iso8583 mti=0<w:100|110|400|420> de39=<w:00|05|51|> stan=<digits:6> rrn=<digits:12>
iso8583 field 55 malformed: <HEX:24>
reconciliation: <n:900> matched, <n:40> unmatched, difference <amt>
pci scan 11.3.2 passed
pci scan 11.3.2 failed
~sanctions list hit: "<person>" ~ <float:0.8..1,3>
~ledger out of balance by <amt> on account <int:1000..9999>-<digits:4>
!leap day settlement calendar loaded
!simulator mode is on: no money moves
"""

SYSTEMS["ci_runner"] = r"""
@br = <pool:40|w:main|feature/<word>-<word>|fix/<digits:3>|release-<int:1..9>.<int:0..9>|renovate/<word>>
@jb = <pool:25|w:lint|unit tests|build (linux, <w:3.11|3.12>)|deploy:staging|e2e [shard <int:1..4>/4]|docs>
Job #<int:90000..999999> "<jb>" queued for <br>@<hex:7>
Job #<int:90000..999999> "<jb>" started on runner <node>
Job #<int:90000..999999> "<jb>" passed in <w:<int:1..59>s|<int:1..59>m <int:1..59>s>
Job #<int:90000..999999> "<jb>" failed with exit code <w:1|2|101|137>
Job #<int:90000..999999> "<jb>" canceled by <user>
$ <w:npm ci|make -j<int:2..16> <word>|pytest -q tests/<file>|cargo build --release|docker push <host>/<word>:<hex:7>|go test ./...>
Cache restored from key <word>-<w:linux|macos>-<hex:64>
Cache not found for key <word>-<w:linux|macos>-<hex:64>
Cache saved with key <word>-<w:linux|macos>-<hex:64>
Downloading <word> v<ver> (<size>)
Installing <word> v<ver>
   Compiling <word> v<ver><opt:30| (<dir>)>
   Checking <word> v<ver><opt:30| (<dir>)>
<path>:<int:1..900>:<int:1..120>: error: <w:expected ';' before '}' token|'<camel>' was not declared in this scope|no matching function for call to '<camel>(int)'>
<path>:<int:1..900>:<int:1..120>: warning: unused variable ‘<word>’
<path>:<int:1..900>:<int:1..120>: warning: comparison of integers of different signs
tests/<file>::test_<word>_<noun> PASSED [<int:1..100>%]
tests/<file>::test_<word>_<noun> FAILED [<int:1..100>%]
tests/<file>::test_<word>_<noun> SKIPPED (<w:needs network|flaky|requires <word>>)
E       AssertionError: assert <val> == <val>
E       assert <int:0..900> == <int:0..900>
===== <int:0..90> failed, <int:1..900> passed in <float:0..900,2>s =====
Coverage <pct> (<w:+|-><float:0..4,2>%)
Coverage below threshold of <w:80|90>%
Uploading artifact '<w:dist|coverage report|logs-<int:1..9>>' (<int:1..900> files, <size>)
Artifact '<w:dist|coverage report|logs-<int:1..9>>' expired
Step <int:1..30>/<int:30..40> : RUN <w:apt-get install -y <word>|pip install -r requirements.txt|chmod +x <path>>
Step <int:1..30>/<int:30..40> : COPY <w:. .|<dir> <dir>|<file> /app/>
 ---> <hex:12>
 ---> Using cache
Removing intermediate container <hex:12>
<hex:64>: Pushed
<hex:64>: Layer already exists
Fetching origin <br> with depth <w:1|50>
HEAD is now at <hex:7> <w:Fix|Add|Bump|Remove> <text:2..7>
Merge conflict in <path>
fatal: unable to access '<url>': Could not resolve host: <host>
Secret <NOUN>_<w:TOKEN|KEY> is masked
Variable <NOUN>_<w:URL|ENV> is empty
Matrix expanded to <int:1..60> jobs: <list:, |1|6|w:<w:linux|macos|windows>/<w:3.11|3.12|stable>>
Runner <node> online (labels: <list:,|1|4|w:x64|gpu|self-hosted|<word>>)
Runner <node> offline
Retrying in <int:1..90>s... (attempt <int:2..5>/5)
No space left on device
##[<w:group|group>]<w:Set up job|Run tests|Post <word>>
##[endgroup]
~Deploy of <hex:7> to <w:staging|production|preview-<int:1..900>> approved by <user>
~Deploy of <hex:7> to <w:staging|production|preview-<int:1..900>> rejected by <user>
!Node.js 16 actions are deprecated
!Process completed, nothing to report.
"""

SYSTEMS["search_ingest"] = r"""
@ix = <pool:20|w:patients|encounters-v<int:1..4>|.internal|logs-<ts:%Y.%m.%d>|<word>>
@doc = <w:<pool:400|uuid>|<n:9e6>|<ALNUM:10>>
[<ix>][<int:0..11>] document [<doc>] indexed, version <int:1..40>
[<ix>][<int:0..11>] document [<doc>] rejected: failed to parse field [<camel>] of type [<w:date|long|keyword|geo_point>], preview '<w:<text:1..5>|<word>|{...}|N/A|>'
[<ix>][<int:0..11>] document [<doc>] rejected: version conflict, required seqNo [<n:90000>], current seqNo [<n:90000>]
[<ix>][<int:0..11>] document [<doc>] rejected: mapping is strict, [<camel>] not allowed within [<w:_doc|<noun>>]
[<ix>][<int:0..11>] document [<doc>] missing
[<ix>] created, shards [<int:1..12>]/[<int:0..2>], mappings [<list:, |0|3|noun>]
[<ix>] deleted
[<ix>] opened
[<ix>] closed
[<ix>] alias [<word>] added
[<ix>] alias [<word>] removed
bulk of <int:1..5000> items took <int:2..90000>ms, errors: <bool>
bulk refused: queue full (<w:200|1000> slots), <thread>
query slower than <w:500ms|2s>: took[<dur>], hits[<w:0|<n:90000>|10000+>], source[<json>]
query failed: <w:too many clauses (1024)|field [<camel>] is not aggregatable|timed out|<exc>>
vector of <w:384|768|1536> dimensions expected, got <int:1..2000>
merge of <int:2..30> segments started (<size>)
merge of <int:2..30> segments done in <dur>
embedding model "<w:mini-<int:2..9>|e<int:1..5>-large|<word>>" loaded on <w:cpu|cuda:<int:0..7>>
embedding model "<w:mini-<int:2..9>|e<int:1..5>-large|<word>>" unloaded
shard [<ix>][<int:0..11>] moved <node> -> <node>
shard [<ix>][<int:0..11>] unassigned, reason=<w:NODE_LEFT|INDEX_CREATED|ALLOCATION_FAILED|REROUTE_CANCELLED>
cluster health <w:GREEN|YELLOW|RED> -> <w:GREEN|YELLOW|RED> (<w:shards started|node left|index deleted>)
node <node> joined {<b64:16>}{<ip>:9300}{<w:dm|d|m|di>}
node <node> left {<b64:16>}{<ip>:9300}{<w:dm|d|m|di>}
disk watermark [<w:85|90|95>%] exceeded on <node>, free: <size>[<pct>]
disk watermark [<w:85|90|95>%] no longer exceeded on <node>
translog of [<ix>][<int:0..11>] trimmed to generation <n:9000>
circuit breaker [<w:parent|request|fielddata>]: data would be <n:9e9> bytes, limit <n:9e9> bytes
pipeline [<word>] processor [<w:set|grok|rename|script>] failed: <w:field [<noun>] not present|<exc:full>|<text:3..7>>
synonym set '<word>' reloaded, <n:9000> rule(s)
stop words for [<w:fr|en|de>] loaded
token of <email> accepted, scopes=<list: |0|4|w:read|write|admin|ingest>
token of <email> refused, scopes=<list: |0|4|w:read|write|admin|ingest>
value must be one of: <list:, |2|5|w:'male'|'female'|'other'|'unknown'>
value <w:"<word>"|<int:0..900>|null|[]|{}> is not of type '<w:string|number|array|object>'
value <w:"<word>"|<int:0..900>|null|[]|{}> is too short
<noun>
~task <alnum:22>:<n:90000> cancelled by parent
~license <w:trial|basic> expires on <ts:%Y-%m-%d>
!GeoIP database is older than 30 days
!lucene 9.11.1 codec in use
"""

SYSTEMS["message_broker"] = r"""
@qq = '<pool:40|w:<noun>.<word>|<noun>s|dlx.<noun>|amq.gen-<alnum:22>|rpc reply <int:1..9>>'
@vh = '<w:/|prod|<word>>'
@cn = <lit:0.<int:100..90000>.<int:0..9>> (<ip>:<port> -> <ip>:5672)
connection <cn> accepted
connection <cn> closed
connection <cn> blocked: <w:memory|disk> alarm
connection <cn> unblocked
closing connection <cn>: missed heartbeats from client, timeout: <w:60|30>s
closing connection <cn>: {handshake_timeout,<w:header|frame_header>}
user '<user>' authenticated on vhost <vh>
user '<user>' refused on vhost <vh>
channel <int:1..2047> error on <cn>: no queue <qq> in vhost <vh>
channel <int:1..2047> error on <cn>: queue <qq> is exclusive
channel <int:1..2047> error on <cn>: delivery tag <n:90000> unknown
queue <qq> declared in vhost <vh>, args={<list:, |0|3|w:x-max-length=<n:9000>|x-message-ttl=<n:90000>|x-queue-type=<w:quorum|classic>>}
queue <qq> deleted from vhost <vh>, <n:9000> message(s) lost
queue <qq> purged of <n:9000> message(s)
queue <qq> has <thousands> ready, <n:900> unacked, <int:0..90> consumers
consumer <w:ctag<int:1..9>.<alnum:22>|<word>> registered on <qq>, prefetch <w:1|10|250>
consumer <w:ctag<int:1..9>.<alnum:22>|<word>> cancelled on <qq>, prefetch <w:1|10|250>
exchange '<w:|<word>.topic|events>' bound to <qq> with key '<w:#|<noun>.*|<word>.<word>|>'
exchange '<w:|<word>.topic|events>' unbound from <qq> with key '<w:#|<noun>.*|<word>.<word>|>'
message <uuid> dead-lettered: <w:rejected|expired|maxlen>
message <uuid> published to <qq>
message <uuid> returned: <w:NO_ROUTE|NO_CONSUMERS>
mirror <w:broker@<node>> of <qq> up
mirror <w:broker@<node>> of <qq> down
mirror <w:broker@<node>> of <qq> synchronising: <n:90000> messages (<int:0..100>%)
memory <size> above high watermark <size>
memory <size> below high watermark <size>
disk free <size> below limit <w:50 MB|2.0 GB>
partition detected: [<list:,|1|3|w:broker@<node>>]
partition healed
shovel '<word>' <w:starting|running|terminated>, source amqp://<host>/<w:|prod>
federation link to amqps://<user>:***@<host>:5671 failed: <w:econnrefused|timeout|{tls_alert,"unknown ca"}>
segment <digits:8>.idx rewritten (<n:9e6> bytes)
policy '<w:ha-all|ttl|<word>>' set: pattern "<w:^ha\.|.*|^<word>>" priority <int:-1..9>
plugin <w:management|mqtt|stomp|shovel> enabled
plugin <w:management|mqtt|stomp|shovel> disabled
mqtt client '<w:sensor-<int:1..900>|<mac>|<word>|>' connected with keepalive <w:60|0|300>
mqtt client '<w:sensor-<int:1..900>|<mac>|<word>|>' took over session
** Generic server <lit:0.<int:100..90000>.0> terminating
** Reason: {<w:noproc|timeout|shutdown>,[<list:,|1|3|w:{<word>,<word>,<int:0..5>}>]}
     Supervisor: {<lit:0.<int:100..90000>.0>,<word>_sup}
stats: in=<float:0..9000,1>/s out=<float:0..9000,1>/s ack=<float:0..9000,1>/s
~feature flag `<word>_<noun>` enabled
~raft: <qq> leader is broker@<node>, term <n:90>
!cookie file must be accessible by owner only
!AMQP 0-9-1 listener ready on [::]:5672
"""

SYSTEMS["building_plc"] = r"""
@tag = <pool:120|w:AHU<int:1..9>.<w:SAT|RAT|FanSpd|Flt>|B<int:1..4>-F<int:0..12>-VAV<int:1..40>|Chiller_<int:1..3>.<w:Run|Fault|kW>|Lift<int:1..6>.Pos>
<tag>=<float:-40..900,2><opt:60| <w:°C|%|Pa|kW|l/s>>
<tag>=<w:ON|OFF|AUTO|FAULT>
alarm raised <tag> prio=<int:1..5> "<w:High limit|Low limit|No response|Filter dirty|<text:2..4>>"
alarm cleared <tag> prio=<int:1..5> "<w:High limit|Low limit|No response|Filter dirty|<text:2..4>>"
alarm acknowledged <tag> by <user>
override set on <tag> to <float:0..100,1> by <user> for <w:2h|30min|ever>
override released on <tag> by <user>
poll <ip>:47808 dev <int:1..4194302> ok <int:1..900>ms
poll <ip>:47808 dev <int:1..4194302> no reply
modbus <int:1..247>: read <int:1..120> register(s) at 4<digits:4>
modbus <int:1..247>: write <int:1..120> register(s) at 4<digits:4>
modbus <int:1..247>: exception 0<int:1..6> (<w:illegal function|illegal address|slave busy>)
rx <list: |6|14|HEX:2>
tx <list: |6|14|HEX:2>
crc <HEX:4> bad
schedule '<w:Office hours|Weekend|Night setback|<word>>' on
schedule '<w:Office hours|Weekend|Night setback|<word>>' off
trend <tag> buffer full, <int:0..900> sample(s) overwritten
valve <int:1..40> open <int:0..100>%
damper <int:1..40> open <int:0..100>%
door <w:A|B|C><int:1..30> opened, badge <digits:8>
door <w:A|B|C><int:1..30> forced
door <w:A|B|C><int:1..30> held open for <int:31..900> s
door <w:A|B|C><int:1..30> denied, badge <w:<digits:8>|unknown>
lift <int:1..6> at floor <int:-3..24>
lift <int:1..6> stuck between <int:-3..10> and <int:-3..24>
meter <digits:8> <thousands:9e6> kWh
pump P-<int:101..120> duty swapped with P-<int:101..120>
pid <tag> kp=<float:0..9,2> ti=<int:10..900> out=<pct>
controller <int:1..60> restarted (cause <w:power|watchdog|user|>)
controller <int:1..60> clock set to <ts:%d-%b-%Y %H:%M:%S>
comm stats dev <int:1..60>: <list: |4|4|n:9000>
scene "<w:All off|Cinema|Meeting room <int:1..20>>" recalled from panel <int:1..90>
fire panel: zone <int:1..16> normal
fire panel: zone <int:1..16> in alarm
fire panel: zone <int:1..16> isolated by <person>
0x<HEX:2>
~weather: <float:-30..38,1>C <w:clear|overcast|light rain|snow>, wind <w:N|SW|E><opt:20| gusting> <int:0..110> km/h
~lamp hours <int:9000..60000> exceeded on DALI <int:0..63>
!legionella flush cycle 1 of 1 complete
!N2 bus terminator missing
"""

SYSTEMS["game_server"] = r"""
@pl = <pool:250|w:<word><int:1..99>|xX_<word>_Xx|<Noun><Noun>|[TAG] <word>|<word>>
@pos = (<float:-900..900,1>, <float:0..256,1>, <float:-900..900,1>)
<pl> joined the game
<pl> left the game
<pl> was slain by <w:<pl>|Cave Troll|Bandit>
<pl> drowned
<pl> fell from a high place
<pl> earned [<w:First Steps|Dragon Breath|Iron Age|<Noun> Hunter>]
<lit:<pl>> <text:1..9>
<pl> moved too quickly! <float:-90..90,3>,<float:-9..9,3>,<float:-90..90,3>
<pl>[/<ip>:<port>] logged in with entity id <n:90000> at ([<w:world|nether|arena_<int:1..4>>]<float:-900..900,6>, <float:0..256,1>, <float:-900..900,6>)
<pl> lost connection: <w:Disconnected|Timed out|Kicked: <text:2..5>|Internal <exc>>
<pl> issued command: /<w:home|tp <pl>|give <pl> <noun> <int:1..64>|msg <pl> <text:2..5>>
<pl> bought <int:1..64> x <w:arrow|iron sword|<noun>> for <n:9000> coins
<pl> sold <int:1..64> x <w:arrow|iron sword|<noun>> for <n:9000> coins
UUID of player <pl> is <uuid>
can't keep up! running <int:2000..60000>ms behind, skipping <int:40..900> tick(s)
saving chunks for level '<w:world|nether|arena_<int:1..4>>'
saved chunks for level '<w:world|nether|arena_<int:1..4>>' in <dur>
loaded chunk [<int:-900..900>, <int:-900..900>]
unloaded chunk [<int:-900..900>, <int:-900..900>]
match <hex:8> started: <w:duel|capture|royale>, <int:2..64> players
match <hex:8> ended: winner <w:red|blue|<pl>|none>, <ts:%M:%S>
matchmaking: <pl> waits, mmr <int:0..4000>±<int:20..300>
matchmaking: team [<list:, |2|5|pl>] formed
spawned <w:Cave Troll|Bandit|Spider> at <pos>
despawned <w:Cave Troll|Bandit|Spider> at <pos>
anticheat: <pl> flagged for <w:speed|reach|fly> (vl <float:0..40,1>)
anticheat: <pl> cleared
banned <pl>: <w:cheating|spam|<text:2..6>>
unbanned <pl>
packet <0x:2> of <int:0..9000> bytes from <ip> too large
rtt <pl> <int:5..900>ms loss <pct>
script <w:quest|shop|<word>>.lua:<int:1..900>: attempt to index a nil value (<w:field|local|global> '<word>')
script <w:quest|shop|<word>>.lua:<int:1..900>: attempt to call a nil value (<w:field|local|global> '<word>')
inventory of <pl>: {<list:, |0|6|w:<noun>=<int:1..64>>}
difficulty set to <w:easy|normal|hard>
weather set to <w:clear|rain|thunder>
time set to <int:0..24000>
there are <int:0..64> of a max of <w:64|20> players online: <list:, |0|6|pl>
unknown command. type "/help" for help.
server tick <float:0..20,2> tps, mem <int:100..4000>/4096 MB
>
~world border reached by <pl> at <pos>
~backup <file> uploaded to <url>
!generating keypair (1024 bits)
!eula accepted on line 3
"""

SYSTEMS["orchestrator_logfmt"] = r"""
@at = ts=<ts:%Y-%m-%dT%H:%M:%S.%LZ>
@pod = <pool:120|w:<noun>-<hex:9>-<alnum:5>|<noun>-<int:0..5>|job-<word>-<digits:8>>
@ns = <w:default|kube-infra|prod|team-<word>>
level=info <at> caller=sync.go:214 msg="pod synced" pod=<ns>/<pod> took=<dur>
level=info <at> caller=sync.go:219 msg="pod skipped" pod=<ns>/<pod> reason=<w:paused|"not owned"|deleted|>
level=error <at> caller=sync.go:231 msg="pod sync failed" pod=<ns>/<pod> err="<w:context deadline exceeded|image \"<word>:<ver>\" not found|dial tcp <ip>:<port>: connect: connection refused|<text:3..8>>"
level=warn <at> caller=probe.go:77 msg="liveness probe failed" pod=<ns>/<pod> code=<int:400..504> body=<w:""|null|"<text:1..4>"|{}>
level=warn <at> caller=probe.go:77 msg="readiness probe failed" pod=<ns>/<pod> code=<int:400..504> body=<w:""|null|"<text:1..4>"|{}>
level=debug <at> caller=cache.go:<w:40|41> msg="cache hit" key=<ns>/<word>
level=debug <at> caller=cache.go:<w:40|41> msg="cache miss" key=<ns>/<word>
Pulling image "<host>/<word>/<noun>:<w:latest|<ver>|<hex:7>>"
Pulled image "<host>/<word>/<noun>:<w:latest|<ver>|<hex:7>>" in <dur> (<n:9e8> bytes)
Back-off <w:10s|20s|5m0s> restarting failed container <noun> of pod <pod>_<ns>(<uuid>)
Created container <noun>
Started container <noun>
Stopping container <noun>
Scaled <w:up|down> replica set <noun>-<hex:9> from <int:0..9> to <int:0..9>
<int:0..4>/<int:5..40> nodes fit<opt:80|: <list:, |1|4|w:<int:1..9> Insufficient cpu|<int:1..9> Insufficient memory|<int:1..9> node(s) had taint {<word>: }|<int:1..9> unschedulable>>.
node <node> condition <w:MemoryPressure|DiskPressure|Ready|PIDPressure>=<w:True|False|Unknown>
node <node> cordoned by <email>
node <node> uncordoned by <email>
node <node> drained: <n:90> pods evicted
volume pvc-<uuid> bound to claim <ns>/<word>
volume pvc-<uuid> released by claim <ns>/<word>
endpoint slice <noun>-<alnum:5> now [<list: |0|7|ip>]
"<w:GET|LIST|WATCH|PATCH>" "/apis/<word>/v1/namespaces/<ns>/<noun>s<opt:30|?limit=500&resourceVersion=<n:90000>>" <w:200|201|404|409> <dur>
I<ts:%m%d %H:%M:%S.%f> <int:1..9> leader.go:<int:40..300>] lost lease <ns>/<word>
I<ts:%m%d %H:%M:%S.%f> <int:1..9> leader.go:<int:40..300>] acquired lease <ns>/<word>
W<ts:%m%d %H:%M:%S.%f> <int:1..9> reflector.go:<int:40..300>] watch of *v1.<Noun> ended with: too old resource version: <n:9e6> (<n:9e6>)
secret <ns>/<word> has no key "<w:tls.crt|password|<word>>"
secret <ns>/<word> rotated
quota <ns>/<word> used cpu=<int:1..90000>m/<w:16|64> memory=<int:1..900>Gi/<w:64Gi|256Gi> pods=<int:0..90>/<w:100|30>
webhook "<word>.<noun>.example.com" denied the request: <text:3..8>
webhook "<word>.<noun>.example.com" allowed the request
unknown field "spec.<camel>"
missing required field "spec.<camel>"
autoscaler target <ns>/<noun>: metric cpu at <int:1..400>%/<w:80|60>%, wants <int:1..40> replicas
http: TLS handshake error from <ip>:<port>: EOF
gc: freed <n:90> image(s), <size>
panic: runtime error: index out of range [<int:0..90>] with length <int:0..90>
goroutine <int:1..90000> [<w:running|select|IO wait, <int:1..90> minutes>]:
main.(*<Noun>).<camel>(0xc<hex:9>, {0x<hex:7>, 0x<hex:2>})
~priority class "<word>" preempts <list:,|1|3|pod>
!scheduler profile v1beta3 will go away in 1.29
!swap is on, giving up
"""

SYSTEMS["backup_script"] = r"""
<path>
copied <path>
skipped <path>
<size> <path>
cannot stat '<path>': <w:No such file or directory|Permission denied|Stale file handle>
cannot open '<path>': <w:Permission denied|Too many levels of symbolic links>
<int:0..100>%
<ts:%a %b %d %H:%M:%S UTC %Y>
starting backup of <w:home|etc|var|<word>> to <host>:<dir>
finished backup of <w:home|etc|var|<word>> to <host>:<dir>
sent <thousands:9e9> bytes  received <thousands:9e6> bytes  <float:1..9e6,2> bytes/sec
total size is <thousands:9e9>  speedup is <float:1..900,2>
done
failed
rotated <int:1..30> old archive(s): <list: |1|5|w:bk-<ts:%Y%m%d>.tar.gz>
~lock file held by pid <int:300..65000>, waiting
!tape 2 of 3 ejected
"""

SYSTEMS["interface_engine"] = r"""
@ch = <pool:25|w:ADT_<w:IN|OUT>|LAB_RESULTS|Pharmacy Orders|Radiology-<int:1..4>|<word>_to_<word>>
@mid = <w:<digits:9>|<ALNUM:12>|MSG<digits:6>>
@mrn = <w:MRN<digits:7>|<digits:8>>
@ev = <w:ADT^A01|ADT^A08|ORU^R01|ORM^O01|SIU^S12>
Channel '<ch>' received <ev> <mid> from <ip>:<port>
Channel '<ch>' sent <ev> <mid> to <host>:<port>
Channel '<ch>' filtered <ev> <mid>
Channel '<ch>' queued <ev> <mid> (<n:9000> waiting)
Channel '<ch>' started
Channel '<ch>' stopped
Channel '<ch>' paused
Channel '<ch>' resumed
Channel '<ch>' deployed, revision <int:1..300>
Channel '<ch>' undeployed
ACK AA for <mid> in <int:1..900> ms
ACK AE for <mid>: <w:patient unknown|segment missing|<text:3..7>>
ACK AR for <mid>: <w:unsupported event|bad version id>
No ACK for <mid> after <w:30|60> s, resending (<int:1..5>/5)
Patient <mrn> admitted to <w:ICU|Ward <int:1..9>B|ER|Maternity> bed <int:1..40>
Patient <mrn> discharged from <w:ICU|Ward <int:1..9>B|ER|Maternity>
Patient <mrn> transferred from <w:ICU|Ward <int:1..9>B|ER> to <w:ICU|Ward <int:1..9>B|Maternity>
Patient <mrn> registered
Patient <mrn> pre-registered
Patient <mrn> linked to <mrn>
Patient <mrn> unlinked from <mrn>
Patient <mrn> unknown to the master index
Patient <mrn> has <int:2..9> candidates in the master index, best score <float:0..1,3>
Visit <digits:10> opened
Visit <digits:10> closed
Visit <digits:10> cancelled
Order <digits:8> placed by <w:Dr. <w:Varn|Ostrel|Quill>|<user>|null>
Order <digits:8> signed by <w:Dr. <w:Varn|Ostrel|Quill>|<user>|null>
Order <digits:8> discontinued: <w:duplicate|patient refused|entered in error|<text:2..5>>
Order <digits:8> has no matching result
Result <digits:8> final: <w:Na|K|Hb|Glucose|CRP> <float:0..200,1> <w:mmol/L|g/dL|mg/L> [<w:N|H|L|HH|>]
Result <digits:8> corrected: <w:Na|K|Hb|Glucose|CRP> <float:0..200,1> -> <float:0..200,1>
Result <digits:8> preliminary
Critical result <digits:8> called to <person> at <ts:%H:%M>
Specimen <ALNUM:9> collected
Specimen <ALNUM:9> received
Specimen <ALNUM:9> rejected: <w:haemolysed|clotted|unlabelled|insufficient volume>
Study 1.2.840.<digits:6>.<digits:8> archived (<int:1..2000> images, <size>)
Study 1.2.840.<digits:6>.<digits:8> retrieved (<int:1..2000> images, <size>)
Study 1.2.840.<digits:6>.<digits:8> not found
C-STORE from <w:CT<int:1..4>|MR_<word>|US01> ok
C-STORE from <w:CT<int:1..4>|MR_<word>|US01> failed, status 0x<HEX:4>
C-FIND from <w:CT<int:1..4>|MR_<word>|US01> matched <n:900>
Association with <w:CT<int:1..4>|MR_<word>|US01>@<ip>:104 accepted
Association with <w:CT<int:1..4>|MR_<word>|US01>@<ip>:104 rejected: <w:called AE title unknown|no presentation context|busy>
Association with <w:CT<int:1..4>|MR_<word>|US01>@<ip>:104 aborted
Prescription <digits:7> verified by pharmacist <user>
Prescription <digits:7> rejected by pharmacist <user>
Dose <float:0..900,1> <w:mg|mL|IU> of <w:amoxicillin|insulin glargine|heparin|<word>> exceeds maximum <int:1..900>
Dose <float:0..900,1> <w:mg|mL|IU> of <w:amoxicillin|insulin glargine|heparin|<word>> given to <mrn>
Dose <float:0..900,1> <w:mg|mL|IU> of <w:amoxicillin|insulin glargine|heparin|<word>> withheld from <mrn>
Allergy to <w:penicillin|latex|<word>> recorded for <mrn>
Allergy to <w:penicillin|latex|<word>> removed for <mrn>
Interaction <w:minor|major|contraindicated>: <word> with <word>
Appointment <digits:8> booked for <ts:%d %b %Y %H:%M>
Appointment <digits:8> moved to <ts:%d %b %Y %H:%M>
Appointment <digits:8> missed
Segment <w:PID|PV1|OBX|OBR|NK1>|<int:1..9>| has <int:1..90> fields, <int:1..90> expected
Segment <w:PID|PV1|OBX|OBR|NK1> repeated
Segment <w:PID|PV1|OBX|OBR|NK1> missing
Segment Z<HEX:2> ignored
Field <w:PID|PV1|OBX|OBR>-<int:1..40>.<int:1..6> is empty
Field <w:PID|PV1|OBX|OBR>-<int:1..40>.<int:1..6> is too long: <int:20..900> > <w:20|80|250>
Field <w:PID|PV1|OBX|OBR>-<int:1..40>.<int:1..6> = "<w:|""|<word>|<digits:6>|^^^<word>>" not in table <w:0001|0004|0085>
Charset <w:UNICODE UTF-8|8859/1|ASCII|<word>> not supported
Character 0x<HEX:2> at <n:9000> not allowed
MLLP frame without start byte from <ip>
MLLP frame without end byte from <ip>
MLLP connection to <host>:<port> opened
MLLP connection to <host>:<port> closed
MLLP connection to <host>:<port> reset
Transformer '<w:map codes|set facility|<word>>' of '<ch>' line <int:1..400>: TypeError: <w:Cannot read property "<camel>" from undefined|<camel> is not a function>
Transformer '<w:map codes|set facility|<word>>' of '<ch>' line <int:1..400>: ReferenceError: "<camel>" is not defined
Code <w:<digits:5>-<int:0..9>|<ALNUM:5>> mapped to <w:<digits:5>-<int:0..9>|<ALNUM:5>>
Code <w:<digits:5>-<int:0..9>|<ALNUM:5>> not mapped
Map '<w:units|gender|wards|<word>>' loaded with <n:9000> rows
Map '<w:units|gender|wards|<word>>' reloaded
Document <uuid> (<w:Discharge summary|Operative note|Referral letter>) stored
Document <uuid> (<w:Discharge summary|Operative note|Referral letter>) superseded by <uuid>
Document <uuid> is not well-formed: line <int:1..900>, column <int:1..200>
Document <uuid> is not signed
FHIR <w:POST|PUT|GET> <w:Patient|Bundle|Observation>/<w:<uuid>|> <w:201 Created|200 OK|422 Unprocessable Entity|412 Precondition Failed>
Subscription <uuid> active
Subscription <uuid> in error: <w:HTTP 502|timeout|<text:2..5>>
Subscription <uuid> off
User <user> viewed the record of <mrn>
User <user> printed the record of <mrn>
User <user> exported the record of <mrn>
User <user> broke the glass on <mrn>: "<w:emergency|treating physician|<text:2..6>>"
Consent of <mrn> given for <w:research|sharing|portal>
Consent of <mrn> withdrawn for <w:research|sharing|portal>
Portal invitation sent to <email>
Portal invitation to <email> bounced
Insurance <ALNUM:10> eligible
Insurance <ALNUM:10> not eligible: <w:lapsed|unknown member|72>
Claim <digits:9> accepted, control number <digits:9>
Claim <digits:9> denied, codes <list:,|1|4|w:CO-<int:1..200>|PR-<int:1..3>>
Queue depth of '<ch>': <n:90000>
Purged <thousands> messages older than <w:30|90|365> days
Archive <file> written (<size>)
Archive <file> verified
Heap <int:100..4000> MB of 4096 MB
Thread <thread> stuck in <class>.<camel> for <int:60..900> s
Database <w:oracle|pg|<word>> reachable
Database <w:oracle|pg|<word>> unreachable: <exc:full>
Certificate of <host> expires <ts:%Y-%m-%d>
Clock of <node> differs by <int:-900..900> s
<ev>
<exc:full>: <text:2..6>
~Newborn <mrn> linked to mother <mrn>
~Downtime mode <w:on|off> by <user>
~Label for <mrn> printed on <w:ZD<int:1..9>|"Ward <int:1..9> printer">
~Batch <file>: <list:; |1|5|w:line <int:1..900> bad>
!HL7 version 2.1 is no longer accepted
!Master index rebuilt from 1204411 records
!Poison message 000000017 parked
!Bonjour de l'interface de secours
"""

SYSTEMS["edge_router"] = r"""
@if = <pool:40|w:ge-<int:0..3>/<int:0..1>/<int:0..47>|xe-<int:0..3>/0/<int:0..7>|Eth1/<int:1..48>|po<int:1..12>|Vlan<int:2..900>|lo0>
@nb = <pool:40|w:<ip>|<ip>|<ip6>>
@pre = <w:10.<int:0..99>.<int:0..255>.0/24|192.168.<int:0..255>.0/<int:24..30>|0.0.0.0/0|2001:db8:<hex:4>::/48>
@as = AS<int:64512..65534>
%LINK-3: <if> carrier up
%LINK-3: <if> carrier down
%LINK-5: <if> administratively up
%LINK-5: <if> administratively down
%LINK-4: <if> flapped <int:3..90> times in <w:60|300> s, damped
%LINK-4: <if> speed <w:1G|10G|100M>, duplex <w:full|half>
%LINK-4: <if> crc errors <n:9000>, giants <n:90>, runts <n:90>
%BGP-5: neighbor <nb> (<as>) established
%BGP-5: neighbor <nb> (<as>) down: <w:hold timer expired|peer closed|interface down|admin reset>
%BGP-4: neighbor <nb> (<as>) sent notification <int:1..6>/<int:0..11> (<w:cease|bad peer AS|hold time unacceptable>)
%BGP-4: neighbor <nb> reached <int:75..99>% of <w:1000|500000> prefixes
%BGP-3: neighbor <nb> exceeded <w:1000|500000> prefixes
%BGP-6: <pre> learned from <nb>, path [<list: |1|7|int:64512..65534>]
%BGP-6: <pre> withdrawn by <nb>
%BGP-6: <pre> rejected from <nb>: <w:AS loop|martian|policy <word>|rpki invalid>
%OSPF-5: neighbor <nb> on <if>: <w:FULL|INIT|2WAY|EXSTART|LOADING> from <w:FULL|INIT|2WAY|EXSTART|LOADING>
%OSPF-4: neighbor <nb> on <if>: area mismatch, theirs 0.0.0.<int:0..9>
%OSPF-4: neighbor <nb> on <if>: mtu mismatch, theirs <int:1280..9216>
%OSPF-4: neighbor <nb> on <if>: authentication mismatch
%OSPF-6: lsa type <int:1..7> id <ip> aged out
%OSPF-6: spf ran in <int:1..900> ms, <n:9000> nodes
%ISIS-5: adjacency <hex:4>.<hex:4>.<hex:4> on <if> up
%ISIS-5: adjacency <hex:4>.<hex:4>.<hex:4> on <if> down: <w:hold time|area|no 3-way>
%BFD-5: session <int:1..900> to <nb> up
%BFD-5: session <int:1..900> to <nb> down
%STP-6: vlan <int:1..4094> port <if> <w:blocking|listening|learning|forwarding>
%STP-5: vlan <int:1..4094> new root <hex:4>.<hex:4>.<hex:4>
%STP-4: vlan <int:1..4094> topology change from <if>
%STP-2: bpdu guard hit on <if>, shut down
%MAC-4: <hex:4>.<hex:4>.<hex:4> moved from <if> to <if> in vlan <int:1..4094>
%MAC-6: <hex:4>.<hex:4>.<hex:4> learned on <if>
%MAC-6: <hex:4>.<hex:4>.<hex:4> aged out
%MAC-3: table full (<w:32768|131072>)
%ARP-4: <ip> claimed by <mac> and <mac>
%ARP-6: <ip> is <mac> on <if>
%ND-4: <ip6> duplicated on <if>
%DHCP-6: offer <ip> to <mac>
%DHCP-6: ack <ip> to <mac> for <w:3600|86400> s
%DHCP-6: nak <ip> to <mac>
%DHCP-4: pool <w:guests|voice|<word>> has <int:0..9> addresses left
%DHCP-3: pool <w:guests|voice|<word>> exhausted
%NAT-6: <ip>:<port> -> <ip>:<port> made
%NAT-6: <ip>:<port> -> <ip>:<port> dropped
%NAT-3: no free ports on <ip>
%ACL-6: list <w:101|mgmt-in|<word>> permitted <w:tcp|udp|icmp> <ip>(<port>) -> <ip>(<port>), <n:900> packet(s)
%ACL-6: list <w:101|mgmt-in|<word>> denied <w:tcp|udp|icmp> <ip>(<port>) -> <ip>(<port>), <n:900> packet(s)
%ACL-4: list <w:101|mgmt-in|<word>> does not exist
%QOS-5: <if> queue <int:0..7> dropped <thousands> packets
%QOS-6: <if> shaped to <w:100M|1G|<int:1..900>k>
%LACP-5: <if> joined po<int:1..12>
%LACP-5: <if> left po<int:1..12>
%LACP-4: <if> partner <mac> differs from po<int:1..12>
%LLDP-6: <if> sees <w:<node>|"AP <word>"|<mac>> port <w:<if>|Gi0/<int:1..24>|<mac>> cap [<list:,|0|4|w:B|R|T|W>]
%LLDP-6: <if> lost <w:<node>|"AP <word>"|<mac>>
%POE-5: <if> granted <float:1..60,1> W, class <int:0..8>
%POE-5: <if> denied <float:1..60,1> W, class <int:0..8>
%POE-3: budget exceeded: <float:300..900,1> of <w:370.0|740.0> W
%SFP-5: <if> <w:10G-SR|10G-LR|1G-T|DAC 3m> sn <ALNUM:11> inserted
%SFP-5: <if> <w:10G-SR|10G-LR|1G-T|DAC 3m> sn <ALNUM:11> removed
%SFP-4: <if> rx power <float:-40..3,2> dBm below <float:-20..-9,1>
%SFP-4: <if> tx power <float:-40..3,2> dBm above <float:0..9,1>
%SFP-4: <if> module not supported
%ENV-4: fan <int:1..6> at <int:0..14000> rpm
%ENV-2: fan <int:1..6> stopped
%ENV-5: psu <int:1..2> inserted
%ENV-5: psu <int:1..2> removed
%ENV-3: psu <int:1..2> has no input
%ENV-4: sensor <w:inlet|outlet|asic|cpu> <int:-5..110>C, warning at <w:70|95>C
%ENV-1: sensor <w:inlet|outlet|asic|cpu> <int:-5..110>C, shutting down
%MEM-4: <int:1..99>% of <w:4096|16384> MB used
%CPU-4: <int:81..100>% for <w:5|60> s, top <w:bgpd|snmpd|ribd|<word>>
%PROC-3: <w:bgpd|snmpd|ribd|<word>>[<int:300..32000>] crashed, core <path>
%PROC-5: <w:bgpd|snmpd|ribd|<word>>[<int:300..32000>] restarted
%PROC-6: <w:bgpd|snmpd|ribd|<word>>[<int:300..32000>] ready
%SYS-5: configured from <w:console|vty<int:0..4>|netconf> by <user><opt:60| (<ip>)>
%SYS-5: configuration saved by <user>
%SYS-5: configuration rolled back by <user>
%SYS-5: restart requested by <user>: <w:|"<text:2..5>"|upgrade>
%SYS-6: cmd `<w:show ip route|show interfaces <if>|clear counters|ping <ip>|conf t>` by <user>
%SYS-3: commit failed at [edit <list: |1|4|noun>]
%AUTH-6: login <user> <w:console|ssh2|netconf> from <w:<ip>|->
%AUTH-6: logout <user> <w:console|ssh2|netconf> from <w:<ip>|->
%AUTH-4: wrong secret for <user> from <w:<ip>|->
%AUTH-4: server <ip>:49 unreachable
%SNMP-4: bad community from <ip>
%SNMP-6: trap <w:linkUp|linkDown|coldStart|1.3.6.1.4.1.<int:1..90000>.<int:1..9>> to <ip>:162
%SNMP-3: trap to <ip>:162 failed
%NTP-5: synced to <ip> stratum <int:1..15> offset <float:-90..90,3> ms
%NTP-4: no server reachable
%NTP-4: <ip> is a falseticker
%VRRP-5: group <int:1..255> on <if> <w:master|backup|init>
%VRRP-4: group <int:1..255> on <if> bad checksum from <ip>
%IGMP-6: <ip> joined 239.<int:0..255>.<int:0..255>.<int:0..255> on <if>
%IGMP-6: <ip> left 239.<int:0..255>.<int:0..255>.<int:0..255> on <if>
%PIM-5: dr on <if> is <ip>
%MPLS-6: lsp <w:to-<node>|<word>-<word>> up via <list: <gt> |1|4|ip>
%MPLS-6: lsp <w:to-<node>|<word>-<word>> down
%IPSEC-5: sa <0x:8> to <ip> installed (aes256-sha256, <w:3600|28800> s)
%IPSEC-5: sa <0x:8> to <ip> deleted
%IPSEC-4: replay from <ip>, seq <n:9e6>
%RIB-4: <n:900000> of <w:1048576|524288> hardware routes used
%RIB-3: <pre> does not fit in hardware
%ASIC-2: parity error in <w:L3_ENTRY|VLAN_XLATE|EGR_<NOUN>> index <n:90000>, corrected <w:yes|no>
%FLOW-6: export to <ip>:2055, <n:9000> records, template <int:256..300>
<if>
~%BOOT-5: image <file> sha256 verified
~%BOOT-2: image <file> sha256 differs
~%LIC-4: feature <w:bgp|mpls|<word>> unlicensed, <int:0..90> days grace
~%TRACE-7: <list: |8|16|hex:2>
!%STACK-1: member 2 split from stack, I am master now
!%USB-6: disk0 mounted at /usb
!Press RETURN to get started.
"""
