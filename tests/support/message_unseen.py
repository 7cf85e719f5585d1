"""Labelled messages of sixteen invented systems, held out: no rule was written with them in view.

File systems, schedulers, phones, servers of web, mail and secure shells, brokers, gateways and
databases, each in the habit of another team. A system is a text of one template a line, which is
also the label of its messages; ``{maker}`` stands for a value. Few templates make up the most.
"""

# ruff: noqa: E501

from __future__ import annotations

import random

from support.fill_template import filled
from support.message_corpora import by_method

LOGINS = "root admin mhale osei.k tbraun svc_sync deploy nobody julia.p xu42 backup postgres lmartin www-data guest oper pmoreau scanner hvogel ci-runner".split()
NODES = "atlas borea ceres dione elara fornax gaia helios".split()
SHORT = "atlas borea-2 ceres07 dione elara-data-3 fornax1 gaia helios-gw".split()
NOUNS = "orders ledger visits claims roster beds stock audit labels reports charts images consents tariffs payers devices".split()
VERBS = "sync verify import prune rebuild notify archive".split()
PEOPLE = "Hanna Osei;Marc Delon;Yuki Arai;Petra Kovac;Tom O'Hara;Aïcha Benali;Lars Holm;Mei Lin;Jan de Wit;Rui Costa".split(
    ";"
)
NOTES = "line two was skipped;retry it by hand;value was out of range;the disk is nearly full;try again later;peer went away;no space left on device;broken pipe;permission denied;operation timed out".split(
    ";"
)
APPS = "notes camera clock mail maps dialer music gallery wallet keyboard".split()
TAGS = "Layer Panel Dock Shade Sheet Badge Drawer Popup".split()


def skewed(values):
    """Draw the first values often and the last ones hardly ever."""
    return lambda r: values[min(int(r.expovariate(3 / len(values))), len(values) - 1)]


def joined(maker, least, most, by):
    return lambda r: by.join(MAKERS[maker](r) for _ in range(r.randint(least, most)))


def one(*values):
    return lambda r: r.choice(values)


def digits(r, count, alphabet="0123456789abcdef"):
    return "".join(r.choices(alphabet, k=count))


MAKERS = {
    "n": lambda r: str(int(10 ** r.uniform(0, 6))),
    "small": lambda r: str(r.randrange(16)),
    "pid": lambda r: str(r.randrange(300, 32_000)),
    "neg": lambda r: str(r.randrange(-120, 120)),
    "dec": lambda r: f"{r.uniform(0, 200):.{r.randint(1, 4)}f}",
    "pct": lambda r: f"{r.randrange(101)}%",
    "port": lambda r: str(r.randrange(1_024, 65_000)),
    "ip": lambda r: f"10.{r.randrange(4)}.{r.randrange(256)}.{r.randrange(1, 255)}",
    "ipport": lambda r: f"{MAKERS['ip'](r)}:{MAKERS['port'](r)}",
    "ip6": lambda r: f"fd00:{digits(r, 4)}:{digits(r, 3)}::{digits(r, 2)}",
    "mac": lambda r: ":".join(digits(r, 2) for _ in range(6)),
    "node": skewed(NODES),
    "host": skewed([*SHORT, "pacs.clinic.example", "10.3.0.9", "mx2.acme.example"]),
    "fqdn": lambda r: f"{r.choice(SHORT)}.{r.choice(['clinic', 'acme', 'lab'])}.example",
    "peer": lambda r: f"{MAKERS['host'](r)}:{MAKERS['port'](r)}",
    "login": skewed(LOGINS),
    "person": lambda r: r.choice(PEOPLE),
    "mail": lambda r: f"{r.choice(LOGINS)}@{r.choice(['clinic', 'acme'])}.example",
    "noun": skewed(NOUNS),
    "job": lambda r: f"{r.choice(VERBS)}-{r.choice(NOUNS)}",
    "id": lambda r: digits(r, 12),
    "hex": lambda r: f"0x{digits(r, r.choice([4, 8, 12]))}",
    "sha": lambda r: digits(r, 40),
    "uuid": lambda r: "-".join(digits(r, size) for size in (8, 4, 4, 4, 12)),
    "key": lambda r: digits(r, 9, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
    "blob": lambda r: digits(r, 43, "ABCDEFGHabcdefgh0123456789+/"),
    "path": lambda r: f"/{r.choice(['var', 'srv', 'data'])}/{r.choice(NOUNS)}/{r.choice(['', 'tmp/', 'in/'])}{r.choice(NOUNS)}{r.randrange(99)}.{r.choice(['db', 'log', 'csv'])}",
    "dir": lambda r: f"/{r.choice(['export', 'scratch', 'home'])}/{r.choice(LOGINS)}",
    "file": lambda r: f"{r.choice(NOUNS)}{r.choice(['', '_old', '-7'])}.{r.choice(['conf', 'xml', 'py'])}",
    "url": lambda r: f"https://{MAKERS['fqdn'](r)}/{r.choice(NOUNS)}/{r.randrange(9_999)}",
    "route": lambda r: f"/{r.choice(NOUNS)}/{r.choice(['', 'v2/'])}{r.randrange(999)}{r.choice(['', '?page=3', '.html'])}",
    "method": skewed(["GET", "POST", "HEAD"]),
    "ua": one("curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64)", "probe 1.2", "Go-http-client/1.1"),
    "ms": lambda r: f"{r.randrange(1, 9_000)}{r.choice(['ms', ' ms'])}",
    "dur": lambda r: r.choice([f"{r.randrange(1, 90)}s", f"{r.uniform(0, 9):.2f}s", f"{r.randrange(1, 9)}m{r.randrange(60)}s"]),
    "size": lambda r: f"{r.uniform(0, 900):.1f} {r.choice(['KB', 'MB', 'GiB'])}",
    "iso": lambda r: f"2026-0{r.randrange(1, 10)}-{r.randrange(10, 29)}T{r.randrange(10, 24)}:{r.randrange(10, 60)}:07Z",
    "stamp": lambda r: f"{r.choice(['Mon', 'Thu'])} {r.choice(['Feb', 'Aug'])} {r.randrange(1, 29):2d} {r.randrange(10, 24)}:{r.randrange(10, 60)}:31 2026",
    "ver": lambda r: f"{r.randrange(1, 9)}.{r.randrange(20)}.{r.randrange(9)}",
    "bool": one("true", "false"),
    "state": skewed(["RUNNING", "QUEUED", "DRAINING", "LOST", "DONE"]),
    "level": skewed(["low", "normal", "high", "critical"]),
    "note": lambda r: r.choice(NOTES),
    "app": lambda r: f"com.{r.choice(['vela', 'orin'])}.{r.choice(APPS)}",
    "window": lambda r: f"{r.choice(TAGS)}{{{digits(r, 7)} u0 {MAKERS['app'](r)}}}",
    "class": lambda r: f"{r.choice(NOUNS).title()}{r.choice(['Task', 'Worker', 'Store'])}",
    "object": lambda r: f"{r.choice(TAGS)}@{digits(r, 7)}",
    "thread": lambda r: f"{r.choice(['io', 'rpc', 'main'])}-{r.randrange(40)}",
    "hosts": joined("node", 1, 4, ","),
    "ids": joined("small", 1, 5, ", "),
    "ranks": lambda r: f"{r.choice(NODES)}[{r.randrange(9)}-{r.randrange(10, 99)}]",
    "seg": one("PID", "OBX", "MSH", "PV1", "ORC"),
    "res": one("Patient", "Encounter", "Observation", "Coverage", "Location"),
    "ref": lambda r: f"{MAKERS['res'](r)}/{r.randrange(1, 99_999)}",
    "elem": lambda r: f"{MAKERS['res'](r)}.{r.choice(['status', 'period.start', 'code', 'name[0].family'])}",
    "table": lambda r: f"{r.choice(['public', 'hr'])}.{r.choice(NOUNS)}",
    "col": lambda r: f"{r.choice(NOUNS)}_{r.choice(['id', 'at', 'no'])}",
    "queue": lambda r: f"{r.choice(NOUNS)}.{r.choice(['in', 'out', 'dead'])}",
    "dev": lambda r: f"sd{r.choice('abcd')}{r.choice(['', '1', '2'])}",
    "eth": lambda r: f"{r.choice(['eth', 'ib'])}{r.randrange(4)}",
    "flags": joined("flag", 1, 3, " "),
    "flag": one("ro", "rw", "noexec", "sync", "nodev"),
    "why": one("", " (forced)", " (by timer)"),
}  # fmt: skip

SYSTEMS = {
    "disk": """
{dev}: write of block {n} failed, status {hex}
{dev}: read of block {n} failed, status {hex}
{dev}: cache flushed in {ms}
inode {n} on {dev} has {small} links, expected {small}
journal of {dev} replayed: {n} transactions in {dur}
volume {noun} mounted on {dir} with options {flags}
volume {noun} unmounted{why}
quota of {login} on {dir} exceeded by {size}
quota of {login} on {dir} is back within limits
scrub of pool {noun} repaired {size} in {n} blocks with {small} errors
pool {noun} is degraded: device {dev} is gone
pool {noun} is healthy again
snapshot {noun}@{iso} destroyed
snapshot {noun}@{iso} kept: {note}
checksum mismatch at offset {n} of {path}: {hex} != {hex}
device {mac} removed without warning
allocation of {size} refused: {note}
extent tree of inode {n} rebuilt
superblock on {dev} is older than its copy
trim of {dev} skipped
""",
    "batch": """
job {n} of {login} started on {ranks}
job {n} of {login} ended with exit code {small} after {dur}
job {n} held: {note}
job {n} requeued because {node} failed
node {node} is down since {stamp}
node {node} is up
node {node} drained by {login}: {note}
partition {noun} set to {state}
reservation {noun} covers nodes {hosts} until {iso}
priority of job {n} raised from {n} to {n}
step {n}.{small} cancelled by signal {small}
no nodes match constraint {noun} for job {n}
fairshare of account {noun} recalculated in {ms}
prolog of job {n} on {node} took {dur}
epilog script {path} returned {small}
power of rack {small} capped at {n} W
scheduler loop finished: {n} jobs tested, {n} started
license {noun} exhausted: {small} of {small} in use
ECC errors on {node}: {n} corrected, {n} fatal
link {eth} of {node} flapped {small} times
array {n} throttled to {small} tasks
burst buffer of job {n} staged out {size}
""",
    "ssh": """
Connection from {ip} port {port} on {ip} port 22
Connection closed by {ip} port {port} [preauth]
Connection closed by authenticating user {login} {ip} port {port} [preauth]
Accepted publickey for {login} from {ip} port {port} ssh2: ED25519 SHA256:{blob}
Accepted password for {login} from {ip} port {port} ssh2
Rejected password for {login} from {ip} port {port} ssh2
Rejected password for illegal user {login} from {ip} port {port} ssh2
User child is on pid {pid}
Starting session: shell on pts/{small} for {login} from {ip} port {port} id {small}
Starting session: subsystem 'sftp' for {login} from {ip} port {port} id {small}
Close session: user {login} from {ip} port {port} id {small}
Too many attempts for {login} from {ip}, giving up
Bad protocol version identification '{key}' from {ip} port {port}
reverse lookup of {fqdn} [{ip}] does not map back to the address
Unable to negotiate with {ip} port {port}: no matching cipher found
kex exchange reset by peer {ip}
rekeyed outbound after {n} blocks
Server listening on {ip} port {small}.
Received signal {small}; terminating.
session of {login} idle for {dur}
""",
    "phone": """
startActivity {window} from pid {pid} uid {n}
finishActivity {window} result {neg}
{window} drawn in {ms}
{window} lost focus to {window}
wakelock {hex} taken by {app} flags={hex} tag="{noun}"
wakelock {hex} dropped by {app}
killing {pid}:{app}/u0a{small}: {note}
process {app} (pid {pid}) has died
alarm {id} for {app} fires in {dur}
battery level {pct} temperature {dec} plugged {bool}
screen turned on by {app}
screen turned off by timeout
sensor {small} sampling at {n} Hz for {object}
network changed: type={small} state={state} roaming={bool}
notification {n} posted by {app} importance {small}
notification {n} removed by {app} reason {small}
location fix from {level} provider: accuracy {dec} m
audio focus requested by {app} stream {small}
brightness {dec} -> {dec} over {ms}
volume key {small} ignored
database {file} of {app} vacuumed
jank: {n} frames skipped in {app}
""",
    "web": """
{ip} "{method} {route} HTTP/1.1" 200 {n} "{ua}" rt={dec}
upstream {peer} timed out after {ms} while reading header
upstream {peer} sent too big a header
upstream {peer} marked down after {small} failures
client {ip} closed connection while waiting for request
client {ip} sent invalid header "{key}: {noun}"
open() "{path}" failed (2: no such file), client: {ip}, host: "{fqdn}"
directory index of "{dir}" is forbidden, client: {ip}, host: "{fqdn}"
worker process {pid} exited with code {small}
worker process {pid} started
limiting requests, excess: {dec} by zone "{noun}", client: {ip}
certificate of {fqdn} expires in {small} days
configuration {path} reloaded in {ms}
cache {noun} purged: {n} keys, {size}
could not bind to {ip}:{port}: address in use
rewrite of {route} looped {small} times
body of {n} bytes exceeds limit of {size}
child {pid} still did not exit, sending SIGTERM
child {pid} init {n} {n}
mod_pool found {n} slot {small}
""",
    "mta": """
{id}: from=<{mail}>, size={n}, nrcpt={small}
{id}: to=<{mail}>, relay={fqdn}[{ip}]:25, delay={dec}, status=sent
{id}: to=<{mail}>, relay={fqdn}[{ip}]:25, delay={dec}, status=deferred ({note})
{id}: removed
connect from {fqdn}[{ip}]
connect from unknown[{ip}]
disconnect from {fqdn}[{ip}] after {small} commands
warning: hostname {fqdn} does not resolve to address {ip}
lost connection after DATA from {fqdn}[{ip}]
reject: RCPT from {fqdn}[{ip}]: mailbox <{mail}> unknown
queue {noun} holds {n} messages
table {path} has changed -- restarting
greylisted {mail} for {dur}
spam score {dec} of {id} exceeds {dec}
DKIM key {noun} of {fqdn} is too short
bounce {id} returned to <{mail}>
statistics: max rate {small}/60s for {ip} at {stamp}
""",
    "broker": """
[{thread}] partition {noun}-{small} led by broker {small} (epoch {n})
[{thread}] partition {noun}-{small} shrank replicas from {ids} to {ids}
[{thread}] consumer {uuid} joined group {noun}
[{thread}] consumer {uuid} left group {noun}
[{thread}] group {noun} rebalanced to generation {n}
[{thread}] segment {n} of {noun}-{small} rolled in {ms}
[{thread}] segment {n} of {noun}-{small} deleted
[{thread}] offset {n} is beyond the end {n} of {noun}-{small}
[{thread}] connection {ipport}-{ipport} idle, closing
[{thread}] connection {ipport}-{ipport} refused: {note}
queue {queue} bound to exchange {noun} with key {key}
queue {queue} has {n} ready and {n} unacknowledged messages
queue {queue} expired
message {uuid} dead-lettered from {queue} after {small} deliveries
memory alarm set on {node}
memory alarm cleared on {node}
leader election of {node} won with {small} votes
heartbeat from {node} missed, timeout: {dur}
producer {n} fenced by epoch {small}
throttling client {login} for {ms}
""",
    "hl7": """
ACK {key} from {host} in {ms}
NAK {key} from {host}: {note}
message {key} of type {seg} parsed: {n} segments
segment {seg} field {small} is longer than {n}
segment {seg} field {small} is required
no route for {seg} from facility {noun}
patient {n} merged into {n} by {login}
listener on port {port} accepted {ip}
listener on port {port} stopped
channel {noun} paused by {login}
channel {noun} resumed by {login}
charset of {file} is {level}, converting
batch {id} finished: {n} ok, {n} bad
timestamp '{iso}' lies in the future
observation '{note}' truncated to {n} characters
resend of {key} number {small}
mapping table {noun} reloaded ({n} rows)
visit {n} of {person} has no location
queue depth {n} over threshold {n}
""",
    "fhir": """
{ref} not found
{ref} was deleted at {iso}
reference {ref} in {elem} cannot be resolved
{elem}: value '{noun}' is not in the value set {url}
{elem}: minimum {small}, found {small}
search parameter '{noun}' is unknown for {res}
conditional update of {res} matched {small} resources
version conflict on {ref}: expected {small}, found {small}
bundle entry {small} failed: {note}
subscription {uuid} disabled after {small} errors
subscription {uuid} delivered to {url} in {ms}
export {uuid} finished: {n} resources in {dur}
export {uuid} cancelled by {login}
consent of {ref} denies access to {login}
token of {login} lacks scope {res}.read
profile {url} could not be loaded
identifier system {url} already used by {ref}
narrative of {ref} contains script
rate limit of client {login} exceeded: {n} per minute
""",
    "postgres": """
relation "{table}" does not exist at character {n}
column "{col}" of relation "{noun}" does not exist
duplicate key violates constraint "{noun}_pkey": ({col})=({n}) already exists
process {pid} waits for ShareLock on transaction {n} after {dec} ms
process {pid} acquired ShareLock on transaction {n} after {dec} ms
checkpoint finished: wrote {n} buffers ({pct}); sync={dec} s, total={dec} s
checkpoint begins: {level}
vacuum of "{table}": scans {small}, pages {n} removed, {n} remain
analyze of "{table}": {n} rows sampled
connection received: host={ip} port={port}
connection authorized: user={login} database={noun}
disconnect: session time {dur} user={login} database={noun} host={ip}
deadlock detected by process {pid}
statement cancelled because of user request
statement cancelled because of timeout
replication slot "{noun}" is inactive since {iso}
wal segment {sha} archived
wal segment {sha} already removed
temporary file: path "{path}", size {n}
password failed for user "{login}"
invalid input for type {noun}: "{note}"
autovacuum worker took too long to start; cancelled
""",
    "cluster": """
Container {id} of application {n} transitioned from {state} to {state}
Application {n} submitted by {login} to queue {noun}
Application {n} finished with state {state}
Allocated container {id} on {peer} with {size}
Released container {id} on {peer}
Task {n}.{small} in stage {small} finished in {ms} on {host} ({small}/{n})
Task {n}.{small} in stage {small} lost on {host}: {class} ({note})
Stage {small} of {class} completed in {dur}
Block blk_{n} stored as bytes in memory (size {size}, free {size})
Block blk_{n} dropped from memory on {peer}
Block blk_{n} has {small} replicas, wants {small}
Receiving block blk_{n} src: /{ipport} dest: /{ipport}
Served block blk_{n} to /{ip}
Registering {object} with {peer}
Executor {small} on {host} removed after {dur}
Executor {small} on {host} added with {small} cores
Shuffle {small} cleaned by {class}
Broadcast variable {small} read in {ms}
Safe mode left after {dur}
Lease of {path} held by {login} recovered
Retrying connect to {peer}. Already tried {small} times
Could not resolve rack of {fqdn}
""",
    "quorum": """
Got accept from /{ipport}
Closed socket for client /{ipport} (no session yet)
Closed socket for client /{ipport} which had session {hex}
Expiring session {hex}, timeout of {ms} passed
Session {hex} established with timeout {n} for client /{ipport}
Notification: {small} (leader), {hex} (zxid), {small} (round), {state} (state)
New election. My id = {small}, proposed zxid={hex}
Follower {small} synced with {n} proposals
Snapshot {hex} written to {path}
Snapshot {hex} read from {path}
Connection request from old client /{ipport}; will be dropped
Cannot open channel to {small} at election address /{ipport}
fsync took {ms}, which slows down everything
Interrupted while waiting for message on queue
Sending shutdown to {thread}
Exception while reading {path}: {note}
Truncating log to {hex}
Received {n} bytes from {small}
""",
    "kern": """
[{dec}] {eth}: carrier lost
[{dec}] {eth}: carrier found, {n} Mbps
[{dec}] {eth}: hw checksum error {hex}
[{dec}] usb {small}-{small}: new device {small} using xhci
[{dec}] usb {small}-{small}: device {small} unplugged
[{dec}] out of memory: kill process {pid} ({app}) score {n}
[{dec}] CPU{small}: core above threshold, throttled (events = {n})
[{dec}] CPU{small}: core back to normal
[{dec}] task {app}:{pid} blocked for more than {n} seconds
[{dec}] {app}[{pid}]: segfault at {hex} ip {hex} sp {hex} error {small}
[{dec}] audit: type={n} pid={pid} uid={n} op="{noun}" res={small}
[{dec}] IRQ {small}: nobody cared
[{dec}] thermal zone {small}: {neg} C
[{dec}] pci {small}:{small}: BAR {small}: assigned [mem {hex}-{hex}]
[{dec}] TCP: peer {ip}:{port} shrank window {n}:{n}. Repaired.
[{dec}] hid: unknown usage {hex}
[{dec}] systemd[1]: {noun}.service: main process exited, code=exited, status={small}
[{dec}] systemd[1]: started session {small} of user {login}.
[{dec}] systemd[1]: stopped session {small} of user {login}.
[{dec}] clocksource: switched to {noun}
""",
    "cloud": """
instance: {uuid} spawned on {host} in {dec} seconds
instance: {uuid} stopped (lifecycle event)
instance: {uuid} resumed (lifecycle event)
instance: {uuid} build aborted: {note}
{ip} "{method} /v2/{id}/servers/detail HTTP/1.1" status: 200 len: {n} time: {dec}
image {uuid} at ({path}): in use
image {uuid} at ({path}): checking
removing base file {path}
attempting claim: memory {n} MB, disk {n} GB, vcpus {small} CPU
claim accepted
total memory: {n} MB, used: {dec} MB
memory limit not given, taking unlimited
volume {uuid} attached to {uuid} as /dev/{dev}
volume {uuid} detached from {uuid}
port {uuid} bound to {host} with driver {noun}
token {key} for project {noun} rejected by {host}
quota {noun} of project {id} reached: {small} of {small}
migration of {uuid} from {host} to {host} is at {pct}
creating event network-plugged:{uuid} for instance {uuid}
hypervisor {host} disabled by {login}: "{note}"
""",
    "labor": """
Auftrag {n} von {login} angenommen
Auftrag {n} von {login} abgelehnt: {note}
Probe {key} nicht auffindbar
Probe {key} im Gerät {noun} verklemmt
Gerät {noun} meldet Fehler {hex}
Gerät {noun} ist wieder bereit
Befund {uuid} freigegeben durch {person}
Befund {uuid} gesperrt durch {person}
Verbindung zu {peer} abgebrochen nach {dur}
Datei {path} konnte nicht gelesen werden
Temperatur im Kühlschrank {small} beträgt {dec} Grad
Benutzer {login} hat sich von {ip} angemeldet
Benutzer {login} hat sich abgemeldet
Speicher fast voll: {pct} von {size}
""",
    "services": """
{{"level":"warn","ms":{n},"msg":"slow request","route":"{route}"}}
{{"level":"error","msg":"{note}","trace":"{id}","user":"{login}"}}
{{"level":"info","keys":{n},"msg":"cache warmed"}}
level=error ts={iso} caller={file}:{n} msg="push failed" err="{note}" tenant={noun}
level=info ts={iso} caller={file}:{n} msg="push done" took={dur} tenant={noun}
rpc error: code = Unavailable desc = dial tcp {ipport}: connect: refused
rpc error: code = DeadlineExceeded desc = context deadline exceeded
pod {noun}-{id}-{key} evicted from {node}: {note}
pod {noun}-{id}-{key} scheduled to {node}
pulled image "{fqdn}/{noun}:{ver}" in {dur}
failed to pull image "{fqdn}/{noun}:{ver}": {note}
probe of {noun} at {url} returned {n}
feature {noun} enabled for {pct} of tenants
feature {noun} disabled for tenant {noun}
secret "{noun}" rotated
retry {small} of {small} for {job} in {dur}
{job} succeeded after {dur}
{job} aborted by {login}
""",
}


def unseen(*, size: int = 2_000, seed: int = 0) -> dict[str, list[tuple[str, str]]]:
    """Return each system's messages, each with its template as the label."""
    made: dict[str, list[tuple[str, str]]] = {}
    for system, text in SYSTEMS.items():
        chance = random.Random(f"{seed} {system}")
        templates = text.strip("\n").split("\n")
        chance.shuffle(templates)
        weights = [1 / (rank + 1.5) ** 1.2 for rank in range(len(templates))]
        chosen = chance.choices(templates, weights, k=size)
        made[system] = by_method(
            [(filled(template, MAKERS, chance), template) for template in chosen]
        )
    return made
