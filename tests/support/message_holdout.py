"""Held-out messages of sixteen made-up systems, each with the template it was printed from.

Nothing here follows a published collection: the systems, their parts and their wording are
invented, and each is written in the habit of another team. A message and its label are drawn
from one line of a system's text, so that a label says "the same print statement":

- a word that is a mere argument (a user, a state, a colour, a shard) does not split a template;
- a word that makes another event of it (opened, closed) does, for it stands on a line of its own;
- a cause wrapped at the end of an error is part of the event where the program knows it as one
  of a few, and an argument where it is text that came from elsewhere.

Between « and » stands what is filled in, by `Fill`:

    «host»       a value of the maker `host` in `MAKERS`
    «host~9»     the same, of nine values that the system keeps coming back to
    «host?.3»    the same, or nothing, in three cases of ten at hand
    «host*0-4*, »  nought to four of them, with a comma between
    «up|down»    one of these words, the first the most often
    «1..99»      a whole number; «0..1/2» one with two decimals
    «x8» «X8» «d8»  eight hexadecimal digits, small or capital; eight decimal ones
    «clock» «tick»  the time within the system, which only goes forward

A line break within a message is written ␤.
"""
# ruff: noqa: E501 - a template is one line

import itertools
import random
import re
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from support.message_corpora import by_method

HOLE = re.compile("«([^«»]*)»")
RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:/(\d))?")
LIST = re.compile(r"([^*]+)\*(\d+)-(\d+)\*(.*)", re.DOTALL)
DIGITS = re.compile(r"([xXd])(\d+)")

Maker = str | list[str] | Callable[[random.Random], str]

# fmt: off
MAKERS: dict[str, Maker] = {
    # Addresses and names
    "ip": ["10.«0..255».«0..255».«1..254»", "192.168.«0..9».«1..254»", "203.0.113.«1..254»"],
    "ip6": ["fe80::«x4»:«x4»:«x4»:«x4»", "2001:db8:«x3»::«x2»", "::1"],
    "ipport": "«ip»:«1024..65535»",
    "anyaddr": ["«ip»", "«ip6»", "«host»"],
    "mac": "«x2»:«x2»:«x2»:«x2»:«x2»:«x2»",
    "uuid": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "UUID": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)).upper(),
    "zone": ["«north|south|east|lab»", "dc«1..4»", "edge"],
    "host": ["«animal»", "«animal»-«1..40»", "«animal».«zone».example", "n«d3»", "db-«zone»-«d2»"],
    "fqdn": ["«animal».example.net", "mx«1..9».«animal».example", "«animal»-«1..9».«zone».example.org"],
    "animal": "«heron|badger|otter|lynx|marten|plover|ibex|gannet|shrike|vole|tern|stoat|curlew|newt|dace|wren»",
    "user": "«root|operator|fern|ines|backup|www|oskar|tamsin|guest|svc-report|juno|build|yusra|kiosk2|m.ortho|pavel9|daemon|lotte|test|admin»",
    "email": ["«user»@«fqdn»", "«word».«word»@«fqdn»", "no-reply@«fqdn»"],
    "url": ["https://«fqdn»/«word»/«1..9999»", "http://«fqdn»:«8000..9999»/«word»?«word»=«word»", "https://«fqdn»/"],
    "route": ["/«word»", "/«word»/«1..99999»", "/api/v«1..3»/«word»/«uuid»", "/«word»/«word»"],
    "path": ["/var/«word»/«file»", "/srv/«word»/«word»/«file»", "/opt/«animal»/etc/«file»", "/scratch/«x6»"],
    "file": ["«word».«conf|log|db|tmp|csv|gz»", "«word»-«d8».«csv|log|gz»", "«word»_«word».«json|xml»"],
    "wpath": [r"C:\ProgramData\«Word»\«file»", r"D:\Stage\«Word»\«X4»\«file»", r"\\?\Volume{«uuid»}\«Word»"],
    "word": "«orders|index|archive|invoice|stock|report|profile|cache|session|media|queue|label|audit|batch|price|route|sensor|draft|tariff|voucher|parcel|berth|ledger|notice|export»",
    "Word": "«Order|Index|Archive|Invoice|Stock|Report|Profile|Cache|Session|Media|Queue|Label|Audit|Batch|Price|Route|Sensor|Draft|Tariff|Voucher»",
    "class": ["«Word»«Service|Manager|Factory|Listener|Handler|Impl»", "com.ledgerhub.«word».«Word»«Service|Dao|Job»"],
    "city": "«Lorvik|Port Amel|Dunmarrow|Qesta|Upper Thane|Sollen|Mirabad|Eastry|Kolm|San Teodo|Vey|Harrowgate North|Brisco|Odde»",
    # Time, size, version
    "hms": "«hour»:«sixty»:«sixty»",
    "hour": lambda rng: f"{rng.randrange(24):02}",
    "sixty": lambda rng: f"{rng.randrange(60):02}",
    "date": lambda rng: (
        f"202{rng.randrange(4, 7)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    ),
    "iso": ["«date»T«hms»Z", "«date»T«hms».«d3»Z", "«date»T«hms»+02:00"],
    "stamp": "«date» «hms»",
    "dur": ["«1..900»ms", "«1..60».«d2»s", "«1..59»m«1..59»s", "«1..900»µs", "«2..30»h0m0s"],
    "spent": ["<1 sec", "«2..59» sec", "1 min «2..59» sec", "«2..9» h «2..59» min"],
    "size": ["«1..1023» B", "«1..900».«1..9» KB", "«1..900».«1..9» MB", "«1..4».«1..9» GB"],
    "ver": ["«1..9».«0..20».«0..9»", "«1..9».«0..20»", "«1..4».«0..9».«0..9»-rc«1..4»", "v«1..9».«0..20».«0..9»"],
    "bool": "«true|false»",
    "yesno": "«yes|no»",
    "pct": "«0..100»%",
    # Text that people or other programs wrote
    "adj": "«late|small|broken|spare|wet|north|second|old|blue|empty|urgent|left»",
    "noun": "«gate|pallet|driver|label|pump|door|customer|crate|valve|ramp|scanner|row|key|lamp»",
    "verb": "«is missing|was moved|needs a check|came back|will not open|leaks again|was swapped|is fine now»",
    "prose": ["«adj» «noun» «verb»", "«noun» «verb»", "«noun» «verb», «noun» too", "the «adj» «noun» in «city» «verb»", "ok", "see «noun» «1..99»", "«noun» «verb» since «hour»:«sixty»; asked «user»"],
    "title": ["«adj» «noun»", "«noun» of «city»", "«city»", "«adj» «adj» «noun» «1..99»", "«noun»s & «noun»s"],
    "kv": "«word»=«kvval»",
    "kvval": ["«1..999»", "«bool»", "«word»", "", "«uuid»", '"«prose»"'],
    "hex16": "«x2» «x2» «x2» «x2» «x2» «x2» «x2» «x2»  «x2» «x2» «x2» «x2» «x2» «x2» «x2» «x2»",
    "hexbyte": "«x2»",
    "int": "«0..9999»",
    # Kernel and hardware
    "bdf": "pci«0..2»:«0..31»:«0..7»",
    "comm": "«sh|cron|keyd|httpd|pg_worker|collectd|make|python|fetchmail|init»",
    "fn": "«vm_fault|kq_wait|em_intr|zio_done|tty_read|sched_pick|inode_get|page_free|mbuf_alloc|ipl_raise»",
    "frame": "«fn»+0x«x2»",
    "irqpair": "cpu«0..15»:«1..99999»",
    "regname": "«CTRL|STAT|IMASK|DMA_SRC|DMA_DST|ECC|PHY0|PHY1|TMR|FIFO»",
    "regval": "«regname»=«X8»",
    "errbits": "«CRC|OVF|UNF|PAR|TMO|SEQ»",
    # Java
    "thread": ["pool-«1..4»-thread-«1..32»", "scheduler-«1..4»", "http-«1..200»", "main"],
    "jobid": "JOB-«d6»",
    "iban": "XX«d2»«d4»«d4»«d4»",
    "ccy": "«EUR|SEK|USD|JPY|PLN|CHF»",
    "money": "«0..90000/2»",
    "jstate": "«NEW|PENDING|SETTLED|REJECTED|HELD|EXPIRED»",
    "jlist": "[«jobid*0-5*, »]",
    "jobj": "«Word»@«x7»",
    "jtext": ["null", "'«prose»'", "«Word»{id=«int», state=«jstate», owner=«user»}", "Optional.empty"],
    # Freight
    "box": "«MQNU|TRLU|HASU|OOKU»«d7»",
    "berth": "«A|B|C|N»«1..24»",
    "crane": "STS-«d2»",
    "vessel": ['"«Ostrea|Solveig Bay|Marlin IV|Northern Kestrel|Ceto|Brightwater»"', '"MV «city»"'],
    "cargo": "«reefer|dry|tank|flat|hazmat»",
    # Mail
    "qid": "«X10»",
    "addr": "<«email»>",
    "peer": ["«fqdn»[«ip»]", "unknown[«ip»]", "unknown[«ip6»]"],
    "oktext": ["ok", "2.0.0 queued as «qid»", "accepted, id «x8»", "ok «d10» «word»", "thanks"],
    "smtptext": ["4.7.1 try again later", "5.1.1 no such mailbox here", "greylisted, come back in «1..15» minutes", "mailbox of «user» is over quota (ref «x8»)", "5.7.26 message not accepted for policy reasons", "system busy", "4.2.0 «prose»"],
    # Events
    "seat": "«A|B|C|D|K»«1..44»",
    "jsonid": '"«uuid»"',
    "jsonopt": ["null", '"«word»"', '"«title»"', "«int»", "[]"],
    "evname": '"«title»"',
    # Car
    "screen": "«HomeView|RadioView|NavView|PhoneView|ClimateView|SetupView|ParkView»",
    "station": "«Kanal Fem|Radio Sollen|Wave 101|Coast FM|Klassik|P7»",
    "gear": "«D|P|R|N»",
    # Meters
    "meter": "M«d9»",
    "obis": "1-0:«1..32».«7..8».«0..2»",
    "kwh": "«0..99999/3»",
    # Windows
    "pkg": "«Word»«Pack|Runtime|Fonts|Shell»~«x8»~«x64|arm64|neutral»~«1..9».0.«1000..9999».«0..99»",
    "hres": "0x8«x7»",
    "wlen": "[l:«2..96»{«1..48»}]",
    "wref": "@0x«x8»",
    # Mac
    "ptr": "0x«x9»",
    "bundle": "«com.lumen|com.tessel|org.papyr».«Word».«agent|helper|ui»",
    "nserr": ['Error Domain=LMErrorDomain Code=«-20..-1» "«title»" UserInfo={NSDebug=«prose»}', "(null)", 'Error Domain=PosixDomain Code=«1..60» "(null)"'],
    "selector": "«open|close|apply|merge|reveal»«Word»:",
    # SQL
    "table": "«sales|ref|hr|stage|public».«word»«|_hist|_2025|_tmp»",
    "col": "«word»_«id|at|no|code»",
    "sqltext": ["SELECT «col» FROM «table» WHERE «col» = $1", "UPDATE «table» SET «col» = «int» WHERE «col» IN («int*1-6*, »)", "DELETE FROM «table»", "INSERT INTO «table» VALUES («int*2-5*,», '«prose»')", "SELECT count(*) FROM «table» t JOIN «table» u USING («col»)", "COMMIT"],
    "lsn": "«X2»/«X8»",
    "sqltype": "«integer|text|date|numeric(10,2)|boolean|uuid»",
    "lockmode": "«RowShare|RowExclusive|Share|AccessExclusive»",
    # Go
    "bucket": "«animal»-«word»",
    "shard": "«word»/«0..63»",
    "goval": ["<nil>", "map[]", "map[«word»:«int» «word»:«int»]", "[«word»]", "{«int» «bool»}", '""', "0"],
    "remote": ["rpc error: code = «Unavailable|Internal|NotFound» desc = «prose»", "unexpected status «400..503»", "EOF", "«word» store said: «prose»", "json: cannot unmarshal string into field .«word» of type int64"],
    # Python
    "pymod": "harrow.«load|clean|fit|plot|store».«word»",
    "pykey": "'«word»_«word»'",
    "shape": "(«1..9000», «1..300»)",
    "dtype": "«float64|int64|object|datetime64[ns]|category»",
    "pyval": ["None", "''", "'«prose»'", "«int»", "[]", "nan", "<«class» object at 0x7f«x10»>"],
    "pystep": "«dedupe|impute|scale|encode|split|join|pivot|rank»",
    # Health
    "res": "«Patient|Observation|Encounter|MedicationRequest|Condition|Practitioner|Specimen|Claim»",
    "element": ["«res».«status|code|subject|identifier|value[x]|period»", "«res».«name|telecom|contact|component»[«0..5»].«use|value|system|code»"],
    "resref": ["«res»/«1..99999»", "«res»/«uuid»", "urn:uuid:«uuid»"],
    "seg": "«PID|OBX|MSH|PV1|ORC|OBR|IN1|NK1»",
    "field": "«seg»-«1..40»",
    "vset": "http://fhirgate.example/ValueSet/«word»-«word»",
    "coding": ["http://codes.example/«word»#«d5»", "urn:oid:1.2.«1..900».«1..9000»#«X3»", "local#«word»"],
    # Unix daemons
    "tty": "«tty|pts/»«0..9»",
    "svc": "«login|su|ftp|cron|console|mail|print»",
    "unit": "«mountd|ntpsync|lpq|keyd|timerd|dhcpsrv|rsh-gate|quotad»",
    "cmdline": ["/usr/libexec/«word» -q", "run-parts /etc/«word».daily", "cd / && «comm» «path»", "/usr/bin/env «comm» -c '«word»'", "test -x «path» && «path» -f"],
}
# fmt: on

# Things have a life of several messages: what is newly drawn is often a thing of a while ago.
RECURRING = {
    "uuid", "UUID", "jobid", "qid", "box", "meter", "iban", "ip", "mac", "email", "fqdn", "path", "wpath",
    "file", "resref", "ptr", "pkg", "X12", "X16", "x12", "x16", "d4", "d5", "sqltext", "title", "table",
}  # fmt: skip

SYSTEMS: dict[str, str] = {}

# A small kernel: terse, device first, no full stops.
SYSTEMS["kestrel"] = """
em«0..3»: link up, «1000|100|10|10000» Mbps, «full|half» duplex
em«0..3»: link down
em«0..3»: tx ring stalled, head «0..1023» tail «0..1023»
em«0..3»: rx ring stalled, head «0..1023» tail «0..1023»
em«0..3»: «1..900» frames dropped, no mbufs
em«0..3»: address «mac»
em«0..3»: promiscuous mode «on|off» (pid «1..32000» «comm»)
arp: «mac» claims our address «ip» on em«0..3»
arp: «ip» moved from «mac» to «mac» on em«0..3»
nvd«0..7»: timeout op 0x«x2» lba «0..99999999» cnt «1..256»
nvd«0..7»: media error lba «0..99999999»
nvd«0..7»: reset ok
nvd«0..7»: reset failed, detaching
nvd«0..7»: «100..4000»GB <«Arken|Solvo|Teradisk» «X6»> fw «X4»
nvd«0..7»p«1..9»: bad magic 0x«x8» want 0x5a17c0de
vm: pid «2..32000» («comm») killed: out of swap
vm: pid «2..32000» («comm») fault at 0x«x16» ip 0x«x16» sp 0x«x16» err «0..7»
vm: reclaimed «1..90000» pages in «1..900» ms
vm: low water, free «1..4000» want «4096..9999»
swap: on /dev/nvd«0..3»p«1..4», «1..64»G
swap: off /dev/nvd«0..3»p«1..4»
cpu«0..15»: hot «90..110»C, throttled
cpu«0..15»: cool «50..80»C
cpu«0..15»: microrev 0x«x4»
cpu«0..15»: stuck «10..90»s in «fn» pid «1..32000»
cpu«0..15»: mce bank «0..8» stat «x16» addr «x16»
r0 «x16» r1 «x16» r2 «x16» r3 «x16»
ip «x16» sp «x16» fl «x8»
trace: «frame*2-7* »
code: «hexbyte*16-16* »
panic: «fn»: lock not held
panic: «fn»: bad refcount «-9..0»
panic: «fn»: freeing free page 0x«x8»
syncing disks... «0..40» «0..12» «0..3» done
syncing disks... giving up on «1..9» buffers
rebooting
«bdf»: bar«0..5» 0x«x8»-0x«x8»
«bdf»: no driver (vendor 0x«x4» device 0x«x4»)
«bdf»: irq «1..255» shared with «bdf»
irq «1..255»: storm, «1000..99999»/s, masking
irq counts: «irqpair*2-8* »
usb«0..3».«1..8»: attach «full|high|super» speed, vendor «x4» product «x4»
usb«0..3».«1..8»: detach
usb«0..3».«1..8»: descriptor read failed, err «1..19»
kbd0: unknown scancode 0x«x2»
clock: stepped «-900..900» ms
clock: source tsc unstable, using hpet
ffs: /«word»: «1..4000» inodes replayed
ffs: /«word»: not clean, check forced
ffs: /«word»: no space, uid «0..2000» comm «comm»
ffs: /«word»: read only remount after error «1..19»
pf: state limit «1000|10000|50000» reached
pf: drop in on em«0..3»: «ip».«1..65535» > «ip».«1..65535»: tcp «S|R|F|P»
pf: drop out on em«0..3»: «ip».«1..65535» > «ip».«53|123|67»: udp «8..1400»
root on nvd0p2
real mem «1024..65536»M, avail «900..65000»M
kestrel «ver» («animal») #«1..300»: «date»
wd: armed, 30 s
"""

# A bank's back office in Java: much talk, every object printed.
SYSTEMS["ledgerhub"] = """
Entering «class».«post|find|apply|merge»() with arguments [«jtext», «int»]
Leaving «class».«post|find|apply|merge»() after «0..4000» ms
Payment «jobid» of «money» «ccy» from «iban» to «iban» has been accepted
Payment «jobid» of «money» «ccy» from «iban» to «iban» has been rejected
Payment «jobid» changed its state from «jstate» to «jstate»
Received message with correlationId=«uuid» on queue «word».«in|out|dlq»
Successfully sent message with correlationId=«uuid» to queue «word».«in|out|dlq»
Could not send message with correlationId=«uuid» to queue «word».«in|out|dlq», will retry (attempt «1..5» of 5)
Starting scheduled task [«Word»«Job|Sweep»]
Finished scheduled task [«Word»«Job|Sweep»] in «0..90000» ms
Scheduled task [«Word»«Job|Sweep»] is still running since «stamp», skipping this execution
Found «0..500» payments to be settled: «jlist»
No payments to be settled
User «user~8» logged in from «ip»
User «user~8» logged out
User «user~8» is not allowed to «approve|view|export|cancel» account «iban»
Loaded «0..9000» exchange rates for «date», base currency «ccy»
Exchange rate «ccy»/«ccy» is missing for «date», using the one of «date»
Exchange rate «ccy»/«ccy» is older than «2..48» hours
Cache '«word»' statistics: hits=«int», misses=«int», ratio=«0..1/4»
Evicting «1..9000» entries from cache '«word»'
Connection pool '«main|replica|archive»': active=«0..50», idle=«0..50», waiting=«0..9»
Connection pool '«main|replica|archive»' exhausted, thread «thread» waited «100..30000» ms
java.lang.NullPointerException: Cannot invoke "«class».«getId|getState|size»()" because "«word»" is null
java.lang.IllegalStateException: Payment «jobid» is already «jstate»
com.ledgerhub.core.RateLimitException: client «user~8» exceeded «10|50|100» requests per second
com.ledgerhub.core.LedgerImbalanceException: debit «money» does not equal credit «money» in batch «jobid»
Caused by: java.net.SocketTimeoutException: Read timed out
Caused by: java.net.ConnectException: Connection refused: «host~9»/«ip»:«1024..9999»
\tat com.ledgerhub.«word».«Word»«Service|Dao|Job».«post|find|apply|merge»(«Word».java:«10..900»)
\t... «3..90» more
Bean '«word»«Service|Dao|Job»' of type [«class»] initialised
Property '«word».«timeout|size|url»' not set, default value '«kvval»' is used
HTTP «GET|POST|PUT» «route» -> «200|404|201|500|409» («1..4000» ms)
Batch «jobid» progress: «0..500»/«500..900» («pct»)
Batch «jobid» completed: «0..900» booked, «0..90» skipped, «0..9» failed
Batch «jobid» aborted by «user~8»
Audit record written: who=«user~8», what=«jtext», when=«iso»
Lock '«word»' acquired by node «host~4»
Lock '«word»' released by node «host~4»
Lock '«word»' is held by node «host~4», giving up
Node «host~4» joined the cluster, members are now [«host*1-5*, »]
Node «host~4» left the cluster, members are now [«host*1-5*, »]
Migrating schema from version «1..90» to version «1..90»
Schema is up to date
Report «file» generated for branch «city»
Unexpected element <«word»> in pain message line «1..900», ignoring it
Reconciliation of account «iban» done, difference is «money»
Reconciliation of account «iban» done, no difference
GC pause of «200..9000» ms detected
Feature toggle '«word»' is «ON|OFF»
Application started in «3..90».«d3» seconds
Shutting down
Ignoring duplicate «jobj»
Comment on payment «jobid»: «prose»
"""

# A container terminal in key=value lines.
SYSTEMS["quayside"] = """
msg="container discharged" box=«box» crane=«crane» vessel=«vessel» bay=«1..80» dur=«dur»
msg="container loaded" box=«box» crane=«crane» vessel=«vessel» bay=«1..80» dur=«dur»
msg="container gated in" box=«box» truck=«X6» lane=«1..12» kind=«cargo»
msg="container gated out" box=«box» truck=«X6» lane=«1..12» kind=«cargo»
msg="weight mismatch" box=«box» declared=«2000..30000» measured=«2000..30000» unit=kg
msg="reefer alarm" box=«box» set=«-25..12»C actual=«-25..30»C note="«prose»"
msg="reefer alarm cleared" box=«box»
msg="seal missing" box=«box» inspector=«user~6»
msg="berth assigned" vessel=«vessel» berth=«berth» eta=«iso»
msg="berth changed" vessel=«vessel» from=«berth» to=«berth» by=«user~6»
msg="vessel departed" vessel=«vessel» berth=«berth» moves=«20..4000»
msg="vessel delayed" vessel=«vessel» reason=«|weather|tide|pilot|customs|strike»
msg="crane idle" crane=«crane» since=«dur»
msg="crane fault" crane=«crane» code=E«d3» axis=«hoist|trolley|gantry»
msg="crane fault cleared" crane=«crane» code=E«d3»
level=debug caller=plan.go:214 msg="replanned" moves=«0..900» cost=«0..9000/1» improved=«bool»
level=debug caller=plan.go:231 msg="plan unchanged"
level=warn caller=edi.go:97 msg="segment skipped" seg=«BGM|LOC|EQD|TDT» line=«1..4000» err="«prose»"
level=error caller=edi.go:152 msg="parse failed" file=«file» err="unexpected «EOF|'+'|segment UNT»"
level=error caller=db.go:64 msg="query failed" query=«word» elapsed=«dur» err=«timeout|deadlock|closed»
level=info caller=http.go:61 method=«GET|POST|DELETE» path=«route» status=«200|404|500|302» bytes=«0..90000» remote=«ipport» user=«user?.5»
level=info caller=http.go:88 msg="listening" addr=:«8000..9000» tls=«bool»
event=heartbeat node=«host~6» seq=«1..99999» lag=«0..900»ms
event=heartbeat_lost node=«host~6» last=«iso»
event=leader node=«host~6» term=«1..90»
event=position truck=«X6» lat=«50..60/5» lon=«3..12/5» speed=«0..40/1»
event=yard block=«A|B|C|D|R» used=«0..900» free=«0..900» hazmat=«0..20»
event=customs box=«box» status=«released|hold|exam» ref=«d10» extra=«kv*0-4* »
event=config «kv*1-6* »
event=login user=«user~6» ok=true
event=login user=«user~6» ok=false why=«password|locked|expired»
event=stop signal=«TERM|INT»
event=start version=«ver» commit=«x7» pid=«1..32000»
"""

# A mail relay in C: the function or program first, then colons.
SYSTEMS["mailfan"] = """
mailfan/in[«d5»]: connect: «peer»
mailfan/in[«d5»]: disconnect: «peer»
mailfan/in[«d5»]: disconnect: «peer»: cmds «1..9» rejected «0..9»
mailfan/in[«d5»]: lost connection after «EHLO|DATA|RCPT|AUTH» from «fqdn»[«ip»]
mailfan/in[«d5»]: timeout after «EHLO|DATA|RCPT|AUTH» from «fqdn»[«ip»]
mailfan/in[«d5»]: «qid»: client=«fqdn»[«ip»], auth=«user?.3»
mailfan/in[«d5»]: reject: rcpt: «addr»: relaying denied
mailfan/in[«d5»]: reject: rcpt: «addr»: unknown user
mailfan/in[«d5»]: reject: client: [«ip»]: listed by «fqdn»
mailfan/in[«d5»]: reject: helo: «host»: not a full name
mailfan/in[«d5»]: tls: handshake failed: [«ip»]: «no shared cipher|unknown ca|wrong version number|eof»
mailfan/in[«d5»]: tls: «TLSv1.3|TLSv1.2» «128|256» bits: «fqdn»[«ip»]
mailfan/in[«d5»]: warning: «ip»: name «fqdn» does not resolve back
mailfan/q[«d5»]: «qid»: from=«addr», size=«200..9000000», nrcpt=«1..40»
mailfan/q[«d5»]: «qid»: removed
mailfan/q[«d5»]: «qid»: expired, returned to sender
mailfan/q[«d5»]: «qid»: held: «prose»
mailfan/q[«d5»]: «qid»: frozen by «user»
mailfan/q[«d5»]: active queue «0..900», deferred «0..9000», oldest «spent»
mailfan/out[«d5»]: «qid»: to=«addr», relay=«fqdn»[«ip»]:25, delay=«0..900/2», sent (250 «oktext»)
mailfan/out[«d5»]: «qid»: to=«addr», relay=«fqdn»[«ip»]:25, delay=«0..900/2», deferred («smtptext»)
mailfan/out[«d5»]: «qid»: to=«addr», relay=«fqdn»[«ip»]:25, delay=«0..900/2», bounced («smtptext»)
mailfan/out[«d5»]: «qid»: to=«addr», relay=none, delay=«0..9000/2», deferred (no route to host)
mailfan/out[«d5»]: connect to «fqdn»[«ip»]:25: connection timed out
mailfan/out[«d5»]: connect to «fqdn»[«ip6»]:25: network is unreachable
mailfan/out[«d5»]: dns: «fqdn»: MX: servfail
mailfan/out[«d5»]: dns: «fqdn»: MX: no such domain
mailfan/local[«d5»]: «qid»: to=«addr», maildir=/home/«user»/Mail, delivered
mailfan/local[«d5»]: «qid»: alias loop: «user» -> «user»
mailfan/local[«d5»]: cannot open «path»: Permission denied
mailfan/local[«d5»]: cannot open «path»: No such file or directory
mailfan/filt[«d5»]: «qid»: score=«-5..30/1» required=5.0 tests=«errbits*0-6*,»
mailfan/filt[«d5»]: «qid»: signature ok: d=«fqdn» s=«word»
mailfan/filt[«d5»]: «qid»: signature bad: d=«fqdn» s=«word»
mailfan/filt[«d5»]: «qid»: header Subject: «title»
mailfan/filt[«d5»]: «qid»: attachment «file» («size») stripped
mailfan/filt[«d5»]: worker «1..16» exited on signal «9|11|6»
mailfan/filt[«d5»]: worker «1..16» exited with status «0|1|75»
mailfan/master[«d5»]: reload: «path»
mailfan/master[«d5»]: fatal: bind 0.0.0.0:«25|587|465»: Address already in use
mailfan/master[«d5»]: mailfan «ver» up
mailfan/master[«d5»]: terminating on signal 15
"""

# Ticket sales: a short word, then something close to JSON.
SYSTEMS["tessera"] = """
{"t":"hold","seat":"«seat»","show":«jsonid»,"ttl":«30..900»}
{"t":"release","seat":"«seat»","show":«jsonid»,"why":"«timeout|user|admin»"}
{"t":"sale","order":«jsonid»,"seats":[«1..4»],"total":«money»,"ccy":"«ccy»","promo":«jsonopt»}
{"t":"refund","order":«jsonid»,"total":«money»,"ccy":"«ccy»","by":"«user~9»"}
{"t":"scan","gate":«1..40»,"ticket":"«X12»","ok":true}
{"t":"scan","gate":«1..40»,"ticket":"«X12»","ok":false,"reason":"«used|unknown|wrong day|void»"}
{"t":"queue","show":«jsonid»,"len":«0..90000»,"eta":"«spent»"}
{"t":"error","msg":"card declined","code":«1..99»,"order":«jsonid»}
{"t":"error","msg":"card expired","order":«jsonid»}
{"t":"error","msg":"seat «seat» already sold","order":«jsonid»}
{"t":"error","msg":"no such show","show":«jsonopt»}
{"t":"error","msg":"payment gateway timeout","gw":"«animal»pay","ms":«1000..60000»}
{"t":"mail","to":"«email»","tpl":"«receipt|reminder|refund|change»","ok":«bool»}
{"t":"show","name":«evname»,"venue":"«city»","from":"«iso»","cap":«100..90000»}
{"t":"show","name":«evname»,"cancelled":true}
{"t":"price","cat":"«A|B|C|VIP»","old":«money»,"new":«money»}
{"t":"fraud","score":«0..1/3»,"ip":"«ip»","rules":["«word*1-4*","»"]}
{"t":"stats","holds":«int»,"sales":«int»,"p99":«1..900»,"mem":"«size»"}
seatmap rendered: {"venue":"«city»","rows":«1..90»,"svg":«1000..900000»}
seatmap missing: {"venue":"«city»"}
webhook -> «url» «200|500|404|429» {"try":«1..8»}
webhook gave up: «url» {"tries":8,"last":"«smtptext»"}
websocket open {"sid":"«x16»","ua":"«Fern|Comet|Otterweb»/«ver»"}
websocket close {"sid":"«x16»","code":«1000|1001|1006|1011»}
websocket ping timeout {"sid":"«x16»"}
config: {debug: «bool», region: '«zone»', limits: {hold: «1..9», buy: «1..9»}}
unhandled rejection: TypeError: Cannot read properties of «undefined|null» (reading '«word»')
unhandled rejection: SyntaxError: Unexpected token «<|}|u|,» in JSON at position «0..9000»
listening on «8000..9000»
drained
"""

# The screen of a car: calls with their arguments, and a running number.
SYSTEMS["headunit"] = """
onKnob:turn(«0|1»,«-9..9»)#«1..99999»
onKnob:press(«0|1»)#«1..99999»
onKnob:longPress(«0|1»)#«1..99999»
onTouch:down(«0..1280»,«0..480»)#«1..99999»
onTouch:up(«0..1280»,«0..480»)#«1..99999»
onTouch:drag(«0..1280»,«0..480»,«0..1280»,«0..480»)#«1..99999»
viewDidShow:«screen»
viewDidHide:«screen»
viewStack:[«screen*1-5*,»] depth=«1..5»
switchView «screen»->«screen» «1..400»ms
frameDrop:«1..60» in «screen»
setVolume old=«0..40» new=«0..40» src=«media|phone|nav|chime»
muteOn
muteOff
tuneTo:freq(«87..108/1»)
tuneTo:station(«station»)
rdsText:«title»
signalLost:freq(«87..108/1»)
btConnect:«mac»,«title»
btDisconnect:«mac»,reason=«0..20»
btPairFailed:«mac»,reason=«0..20»
hfpState:«idle|ringing|active|held»
hfpCall:num(+«d11»)
contactsSync:begin(«mac»)
contactsSync:end(«mac»,«0..900»)
gpsFix:«50..60/5»,«3..12/5»,sats=«3..14»,hdop=«0..9/1»
gpsLost:last=«1..900»s
routeCalc:begin(dest=«city»)
routeCalc:done(dest=«city»,«1..900»km,«spent»)
routeCalc:failed(dest=«city»,err=«no_road|no_map|aborted»)
maneuver:«left|right|keepLeft|exit|uturn» in «10..2000»m
speedLimit:«30|50|70|90|120»
canRx:id=«X3»,dlc=8,[«hexbyte*8-8* »]
canTimeout:id=«X3»,«100..5000»ms
gearChanged:«gear»->«gear»
doorState:fl=«0|1»,fr=«0|1»,rl=«0|1»,rr=«0|1»
cameraOn gear=R latency=«50..900»
cameraOff
climateSet:zone=«L|R|rear»,temp=«16..28/1»
climateFan:«0..7»
climateAuto:«true|false»
mediaScan:begin(/media/usb«0|1»)
mediaScan:end(/media/usb«0|1»,«0..9000» tracks,«0..90» bad)
mediaPlay:track(«1..999»,"«title»")
mediaPause
codecErr:«mp3|aac|flac»,at=«0..900000»,skip=«0..90»
voiceStart
voiceResult:"«prose»",conf=«0..1/2»
voiceNoResult
updCheck:cur=«ver»,avail=«ver»
updCheck:cur=«ver»,avail=none
updDownload:«pct»
updApply:slot=«A|B»
powerState:«RUN|SLEEP|CRANK|OFF»
powerVolt:low(«9..11/2»)
wakeReason:«door|key|can|rtc|app»
tempWarn:soc=«80..105»
nvWrite:key=«word»,len=«1..4096»
nvCorrupt:key=«word»,crc=«X8»/«X8»
ANR:«screen»,main blocked «2000..20000»ms
lowMem:free=«1..60»M,kill=«Nav|Media|Phone|Store»
reset
"""

# The head end of electricity meters: fields between pipes.
SYSTEMS["gridmeter"] = """
«clock»|RD|«meter»|«obis»|«kwh»|kWh|OK
«clock»|RD|«meter»|«obis»|«kwh»|kWh|ESTIMATED
«clock»|RD|«meter»|«obis»||kWh|MISSING
«clock»|EV|«meter»|POWER_DOWN|phase=«L1|L2|L3|ALL»
«clock»|EV|«meter»|POWER_UP|after=«1..90000»s
«clock»|EV|«meter»|COVER_OPEN
«clock»|EV|«meter»|COVER_CLOSED
«clock»|CM|«meter»|RELAY_OFF|by=«user~5»|ticket=«d6»
«clock»|CM|«meter»|RELAY_ON|by=«user~5»|ticket=«d6»
«clock»|CM|«meter»|NAK|cmd=«RELAY_OFF|RELAY_ON|TARIFF|FIRMWARE»|rc=«1..20»
«clock»|GW|«ip»|CONNECT|meters=«1..400»|rssi=-«40..110»
«clock»|GW|«ip»|DISCONNECT|up=«spent»
«clock»|SY|IMPORT|«file»|rows=«0..90000»|bad=«0..90»
«clock»|SY|STOP
«clock»|SY|NOTE|«user~5»|«prose»
"""

# Firmware of an interface board: registers and dumps.
SYSTEMS["ringbus"] = """
[«tick»] REG «regname»=«X8»
[«tick»] REG «regname» wr «X8» rd «X8» mask «X8»
[«tick»] DUMP «regval*3-9* »
[«tick»] «x8»: «hex16»
[«tick»] LANE «0..15» UP gen«1..4» x«1|4|8|16»
[«tick»] LANE «0..15» DN
[«tick»] LANE «0..15» ERR «errbits*1-4*|» cnt=«1..65535»
[«tick»] ECC single @«X8» syn «X2»
[«tick»] ECC double @«X8» syn «X2»
[«tick»] DMA ch«0..7» done «1..65536» bytes in «1..9000» us
[«tick»] DMA ch«0..7» abort desc=«X8» st=«X2»
[«tick»] DMA ch«0..7» stall > 500 us
[«tick»] TMP «20..110».«0..9» C
[«tick»] TMP «20..110».«0..9» C over limit, fan=«pct»
[«tick»] VDD«0|1|IO» «700..3300» mV
[«tick»] VDD«0|1|IO» «700..3300» mV LOW
[«tick»] BOOT stage 1 crc «X8»
[«tick»] BOOT stage 2 crc «X8» slot «A|B»
[«tick»] BOOT stage 2 crc mismatch «X8» != «X8»
[«tick»] TOKEN lost, station «0..63» claims
[«tick»] TOKEN rotation «10..9000» us
[«tick»] STATION «0..63» joins
[«tick»] STATION «0..63» leaves
[«tick»] STATION map «X16»
[«tick»] FLASH erase sector «0..511»
[«tick»] FLASH write sector «0..511» off «X4» len «1..256»
[«tick»] FLASH verify failed sector «0..511»
[«tick»] TASK «idle|ring|dma|shell|mon» stack «0..4096» free
[«tick»] ASSERT «word».c:«10..900»
[«tick»] WDOG bite pc=«X8» lr=«X8» psr=«X8»
[«tick»] CFG «word»=«kvval»
[«tick»] > «help|reg|dump|reset|lane 3|cfg get all»
[«tick»] ?
[«tick»] OK
"""

# An orchard's watering: people wrote whole sentences.
SYSTEMS["orchard"] = """
Watering of plot «1..60» has started and will last «2..90» minutes.
Watering of plot «1..60» has finished; «1..900» litres were used.
Watering of plot «1..60» was skipped because rain of «1..40» mm is expected.
Watering of plot «1..60» was skipped because the soil is wet enough («20..60»%).
Watering of plot «1..60» was stopped by «user~6».
The valve at «berth» did not open within «5..60» seconds.
The valve at «berth» did not close within «5..60» seconds.
The pump in the «north|south|lower|old» shed is running dry.
The pump in the «north|south|lower|old» shed draws «1..40/1» A, which is more than the allowed «10|16» A.
The tank holds «100..9000» litres, enough for about «1..14» days.
The tank is nearly empty!
The tank is full.
Frost is expected in «city» tonight (down to «-9..0» °C), so the sprinklers will be started at «hour»:«sixty».
No frost is expected.
We could not fetch the forecast from «url»: the server answered «500|404|503».
We could not fetch the forecast from «url»: it took longer than «5|10|30» seconds.
The forecast for «city» was read: «sunny|light rain|cloudy|thunderstorms|fog», «-5..35» °C, wind «0..90» km/h.
Sensor «word»-«1..40» has not reported since «stamp».
Sensor «word»-«1..40» reports again after a silence of «spent».
Sensor «word»-«1..40» has «0..100»% of its battery left.
«user~6» has changed the schedule of plot «1..60» from «hour»:«sixty» to «hour»:«sixty».
«user~6» has added a note to plot «1..60»: "«prose»"
«user~6» has removed the note from plot «1..60».
«user~6» signed in.
«user~6» signed in from a new device («Fern|Comet|Otterweb» on «ip»).
«user~6» entered a wrong PIN «1..9» times.
A picker's badge «d6» was read at gate «1..6».
Badge «d6» is unknown.
The cold store is at «-2..9/1» °C, above the limit of 4 °C.
The cold store's door has been open for «5..90» minutes.
The cold store's door was closed.
«2..400» crates of «Elstar|Conference|plums|Rubens|quinces|sour cherries» were weighed in at «20..9000» kg.
There is nothing to do.
The daily summary was sent to «email*1-4*, ».
The daily summary could not be sent to «email»: «smtptext».
Please replace the filter of pump «1..6».
Backup written to «path» («size»).
Backup failed.
This is version «ver», built on «date».
Bye.
"""

# Servicing of an invented desktop system, half structured.
SYSTEMS["stagehand"] = r"""
StgCore: Job «1..900» opened for «wlen»"«Setup|Nightly|Tray|Upgrade»Caller"
StgCore: Job «1..900» closed, restart wanted: «yesno» (hr=«hres»)
StgCore: Job «1..900» closed, nothing to do
StgCore: Catalogue has «0..4000» items, «0..90» outdated
StgCore: Item «pkg» fits: «yesno», is «Staged|Absent|Live|Outdated»
StgCore: Item «pkg» goes «Absent|Staged|Live» -> «Live|Staged|Absent»
StgCore: Item «pkg» dropped
StgCore: Item «pkg» not opened (hr=0x80e70002, E_STG_MISSING)
StgCore: Item «pkg» not opened (hr=0x80e70005, E_STG_DENIED)
StgCore: Lookup of «wlen»"«pkg»" gave nothing (hr=«hres»)
StgCore: Lookup of «wlen»"«pkg»" gave [«pkg*1-3*; »]
StgCore: SleepTimer armed, «60..3600» s
StgCore: SleepTimer rang
StgStore: «x8» UnitOfWork «wref» begun, level «0..3»
StgStore: «x8» UnitOfWork «wref» kept («0..900» ops, «0..9000» ms)
StgStore: «x8» UnitOfWork «wref» undone («0..900» ops, «0..9000» ms)
StgStore: «x8» CreateFile «wlen»"«wpath»", flags «x8», disposition «1..5»
StgStore: «x8» DeleteFile «wlen»"«wpath»", flags «x8»
StgStore: «x8» MoveFile «wlen»"«wpath»" -> «wlen»"«wpath»"
StgStore: «x8» InUse «wlen»"«wpath»", left for the next start
StgStore: «x8» SetKey \Registry\Machine\«Word»\«Word» value «wlen»"«word»" type «1|3|4|7» data «x8»
StgStore: «x8» Hash mismatch on component «X16»: expected «x40», found «x40»
StgStore: «x8» Component «X16» repaired from «cache|peer|media|cloud»
StgStore: «x8» Component «X16» not repairable
StgStore: «x8» Sweep freed «size», «0..900» components
StgExec: Begin «Word»«Install|Config|Cleanup»Unit, phase «1..9», order «0..900»
StgExec: End «Word»«Install|Config|Cleanup»Unit, phase «1..9», result «hres»
StgExec: Launch «wlen»"«wpath»" args [0]"" pid «4..9000»
StgExec: Process «4..9000» exited, code «0|1|3010|-1073741819»
StgExec: Process «4..9000» timed out after «10..900» s
StgExec: Progress «0..100»
StgExec: Queue {«word*0-6*; »}
StgNet: Download of {«UUID»} started, «size» from «url»
StgNet: Download of {«UUID»} suspended, «Metered|Battery|UserActive|NoNetwork»
StgNet: Download of {«UUID»} completed, «spent»
StgNet: Scan found «0..40» updates
StgNet: Scan found no updates
StgNet: Proxy «none|auto|«fqdn»:8080»
WARNING: StgNet: clock skew «60..9000» s
Perf: «ParseManifest|VerifyCatalog|CommitPhase|LoadHive» «0..90000» ms
Perf: total «0..900» s, disk «0..900» MB, peak «0..900» MB
"""

# A desktop agent in Objective-C.
SYSTEMS["lumen"] = """
-[LMIndexer drainQueue]: done, «0..9000» items
-[LMIndexer drainQueue]: stopped early, «0..9000» items left
-[LMIndexer addVolume:]: nil «volume|token|path»
-[LMIndexer addVolume:withOptions:]: "/Volumes/«Word»" opts=«0..63»
-[LMIndexStore mergeShard:into:]: «0..400» -> «0..400», «dur»
-[LMSyncSession handleReply:]: «200..503» for «url»
-[LMSyncSession retryAfter:]: «1..900» s (attempt «1..9»)
-[LMSyncSession cancel]: «UUID»
+[LMDefaults load]: «0..90» keys
+[LMDefaults load]: migrated from «ver»
LMDisplay::setBrightness - «0..1/3», «ptr»
LMDisplay::wake - display «0..3», «ptr»
LMDisplay::sleep - display «0..3», «ptr»
LMDisplay::vsyncLost - «1..90» frames, «ptr»
LMAudioEngine::start - «44100|48000|96000» Hz, «1|2|6» ch, «ptr»
LMAudioEngine::stop - «ptr»
LMAudioEngine::overload - buffer «64|128|512», load «0..300/1»%, «ptr»
LMPort::send - mach error «ptr» (dead name)
LMPort::send - mach error «ptr» (timed out)
[«bundle»] launched, pid «100..9000», parent «1..9000»
[«bundle»] gone, status «0|1|9|15|-1»
[«bundle»] crashed («SIGSEGV|SIGKILL|SIGABRT|SIGBUS»), report at «path»
[«bundle»] comes back too fast, held for «1..60» s
[«bundle»] denied «file-read|file-write|mach-lookup|network» «path»
[«bundle»] assertion «ptr» taken: "«title»"
[«bundle»] assertion «ptr» released
[«bundle»] invalid signature, team «null|X10|none»
connection «1..900»: received event: <dictionary: «ptr»> { count = «0..9» }
connection «1..900»: interrupted
connection «1..900»: invalidated
<LMTask: «ptr»; id = «1..9000»; state = «ready|running|waiting|done»> enqueued
<LMTask: «ptr»; id = «1..9000»; state = «ready|running|waiting|done»> finished in «0..60/3»s with error «nserr»
<LMWindow: «ptr»> frame = {{«0..2000», «0..1200»}, {«0..2000», «0..1200»}}
LMKeychain: item "«title»" not found (-25300)
LMKeychain: user interaction is not allowed (-25308)
LMKeychain: unlocked by «user»
LMWiFi: associated with "«title»" bssid «mac» ch «1..165» rssi -«30..95»
LMWiFi: disassociated, reason «0..66»
LMWiFi: scan: «0..40» networks («spent»)
LMPower: «AC|Battery» «0..100»%; «charging|discharging|charged|not charging»; «0..9»:«sixty» remaining
LMPower: sleep cause '«Idle|Clamshell|Software|Low Battery»'
LMPower: wake cause '«Lid|Key|RTC|LAN|Mouse»' after «spent»
*** LMThumb: unsupported type .«psd|heic|tif|blend|dwg» at «path»
*** LMThumb: image too large («4000..90000» x «4000..90000»)
LMBackup: copied «0..900000» files («size») to /Volumes/«Word»
LMBackup: no space on /Volumes/«Word», need «size», have «size»
LMBackup: skipped, on battery
LMBackup: /Volumes/«Word» not mounted
ASSERTION FAILED: («count > 0|self.item != nil|idx < n|!locked») in «Word».m:«10..2000»
Deprecated call -«selector» will be removed; break on LMWarnDeprecated() to debug
Hot key «cmd|ctrl|alt»+«A|K|Space|F5» already taken by «bundle»
LMUpdater: channel «stable|beta|nightly», «ver» -> «ver»
LMUpdater: signature of «ver» is wrong
idle
"""

# A relational database of its own dialect.
SYSTEMS["granary"] = """
ERROR 1062-A: duplicate key «int» in index "«word»_«pk|uq|ix»" of table «table»
ERROR 1107-B: table «table» does not exist
ERROR 1108-B: column "«col»" does not exist in table «table»
ERROR 1109-B: view «table» does not exist
ERROR 1204-A: null value in column "«col»" of table «table»
ERROR 1205-A: value '«prose»' too long for column "«col»" varchar(«8|16|32|64|255»)
ERROR 1206-A: value «int» out of range for column "«col»" of type «sqltype»
ERROR 1301-C: syntax error at or near "«SELECT|FROM|,|)|WHERE|;|«word»»" (line «1..60», column «1..200»)
ERROR 1302-C: syntax error at end of input
ERROR 1310-C: cannot cast «sqltype» to «sqltype»
ERROR 1311-C: function «word»(«sqltype*0-4*, ») does not exist
ERROR 1401-D: permission denied on table «table» for role «user»
ERROR 1402-D: permission denied on schema «sales|ref|hr|stage|public» for role «user»
ERROR 1403-D: password authentication failed for role «user»
ERROR 1501-E: deadlock: session «1..9000» waits for «lockmode» on «table» held by session «1..9000»
ERROR 1502-E: lock timeout after «1..60» s on «table» («lockmode»)
ERROR 1503-E: could not serialise access, retry the transaction
ERROR 1601-F: division by zero
ERROR 1602-F: statement cancelled by user
ERROR 1603-F: statement cancelled after «1..900» s
ERROR 1701-G: too many sessions («50|100|200»)
ERROR 1702-G: out of work memory: wanted «size», limit «size»
FATAL 2001: cannot extend file "«path»": disk full
FATAL 2002: page «0..900000» of file "«path»" has checksum «x4», expected «x4»
FATAL 2003: redo log «lsn» not found
NOTICE 3001: index "«word»_«pk|uq|ix»" created in «dur»
NOTICE 3002: index "«word»_«pk|uq|ix»" dropped
NOTICE 3003: table «table» created
NOTICE 3004: table «table» truncated, «0..9000000» rows
NOTICE 3005: table «table» analysed: «0..9000000» rows, «1..90000» pages
NOTICE 3006: row counts differ for «table»
session «1..9000»: connected «user»@«ip»:«1024..65535» database=«word» app=«word?.6»
session «1..9000»: disconnected after «spent»
session «1..9000»: idle in transaction for «spent»
session «1..9000»: slow («500..90000» ms): «sqltext»
session «1..9000»: executing: «sqltext»
session «1..9000»: parameters: $1 = '«prose»', $2 = «NULL|'«int»'|''»
checkpoint begin («time|size|manual|shutdown»)
checkpoint end: «0..9000» pages, «0..90/3» s, redo at «lsn»
vacuum «table»: removed «0..90000», kept «0..9000000», skipped «0..90» pages
replica «host~5»: streaming from «lsn»
replica «host~5»: lag «size»
replica «host~5»: lost
archived log «X24»
plan cache: «0..9000» entries, «0..100».«0..9»% hits
SQLSTATE[«HY000|42S02|23000|08006»] bulk load of «file» stopped at row «1..900000»: «prose»
ready for connections
shutting down («smart|fast|immediate»)
"""

# A build and delivery system in Go: wrapped errors and %v.
SYSTEMS["conveyor"] = """
push layer sha256:«x12»: open blob: open «path»: no such file or directory
push layer sha256:«x12»: open blob: open «path»: permission denied
push layer sha256:«x12»: dial tcp «ipport»: connect: connection refused
push layer sha256:«x12»: dial tcp «ipport»: i/o timeout
push layer sha256:«x12»: write: broken pipe
pull layer sha256:«x12»: write: no space left on device
pull layer sha256:«x12»: digest mismatch: got sha256:«x12»
pull manifest «fqdn»/«word»:«ver»: not found
pull manifest «fqdn»/«word»:«ver»: unauthorised
pull manifest «fqdn»/«word»:«ver»: «remote»
run step «word» (#«1..40»): exit status «1|2|137|139»
run step «word» (#«1..40»): signal: killed
run step «word» (#«1..40»): context deadline exceeded
run step «word» (#«1..40»): context canceled
start worker «host~12»: lease «x8»: already held by «host~12»
start worker «host~12»: lease «x8»: expired «dur» ago
start worker «host~12»: lookup «fqdn» on «ip»:53: no such host
parse «word».toml: line «1..300»: unknown key "«word»"
parse «word».toml: line «1..300»: expected «string|int|bool», got «goval»
load secret «word»/«word»: vault: permission denied
load secret «word»/«word»: vault: sealed
load secret «word»/«word»: «remote»
notify «url»: «remote»
sync shard «shard»: merge: conflict at rev «1..90000»
sync shard «shard»: fetch: «remote»
sync shard «shard»: up to date
sync shard «shard»: applied «1..9000» revs in «dur»
reconcile: desired=«0..40» actual=«0..40» diff=«goval»
reconcile: nothing to do
scale pool «word» «0..40» -> «0..40» (queue=«0..900» util=«0..1/2»)
evict «bucket»: «0..900» objects, «size»
evict «bucket»: bucket is empty
«GET|POST|DELETE|HEAD» «route» «200|404|201|304» «dur»
«GET|POST|DELETE|HEAD» «route» «500|502|503» «dur»: «remote»
accept: too many open files; retrying in «dur»
accept tcp [::]:«8000..9000»: use of closed network connection
http: TLS handshake error from «ipport»: EOF
http: TLS handshake error from «ipport»: remote error: tls: bad certificate
http: panic serving «ipport»: runtime error: index out of range [«0..90»] with length «0..90»
http: panic serving «ipport»: runtime error: invalid memory address or nil pointer dereference
goroutine «1..90000» [«running|chan receive|select|IO wait, 3 minutes|semacquire»]:
gc «1..9000» @«0..900/3»s «0..9»%: «1..90»->«1..90»->«1..90» MB
job «x8» queued repo=«bucket» ref=«main|v«ver»|fix/«word»» by=«user»
job «x8» started on «host~12» after «dur»
job «x8» succeeded in «dur»
job «x8» failed in «dur»
job «x8» artifact «file» «size»
elected leader id=«x16» term=«1..90»
lost leadership id=«x16» term=«1..90»
heartbeat to [«host*1-6* »] missed «1..9» times
option -«word» is deprecated, use -«word»-«word»
"""

# Scientists' scripts in Python: exceptions, warnings and prints.
SYSTEMS["harrow"] = """
KeyError: «pykey»
KeyError: "[«pykey*1-4*, »] not in index"
ValueError: could not convert string to float: «pyval»
ValueError: operands could not be broadcast together with shapes «shape» «shape»
ValueError: found «1..9000» NaN values in column «pykey»
ValueError: unknown step '«pystep»', expected one of ['«pystep*2-6*', '»']
ValueError: empty frame
ValueError: invalid literal for int() with base 10: «pyval»
TypeError: «fit|plot|load|score»() got an unexpected keyword argument '«word»'
TypeError: «fit|plot|load|score»() missing «1..3» required positional argument: '«word»'
TypeError: unsupported operand type(s) for «+|-|*»: '«int|str|NoneType|list»' and '«int|str|NoneType|list»'
TypeError: '«NoneType|float|int»' object is not iterable
AttributeError: '«NoneType|DataFrame|str»' object has no attribute '«word»'
AttributeError: module '«pymod»' has no attribute '«word»'
IndexError: list index out of range
IndexError: index «1..900» is out of bounds for axis «0|1» with size «1..900»
FileNotFoundError: [Errno 2] No such file or directory: '«path»'
PermissionError: [Errno 13] Permission denied: '«path»'
OSError: [Errno 28] No space left on device
ModuleNotFoundError: No module named '«word»«|.«word»»'
ZeroDivisionError: division by zero
MemoryError: unable to allocate «size» for an array with shape «shape» and data type «dtype»
RuntimeError: worker «0..31» died with exit code «-15..-1»
AssertionError
AssertionError: «prose»
KeyboardInterrupt
RecursionError: maximum recursion depth exceeded
UnicodeDecodeError: 'utf-8' codec can't decode byte 0x«x2» in position «0..90000»: invalid «start|continuation» byte
json.decoder.JSONDecodeError: Expecting «value|',' delimiter|property name enclosed in double quotes»: line «1..90» column «1..90» (char «0..9000»)
requests.TooSlow: HTTPSConnection(host='«fqdn»', port=443): read timed out after «5|10|30» s
requests.BadStatus: «400..503» for «url»
harrow.errors.SchemaError: column «pykey» is «dtype», expected «dtype»
harrow.errors.SchemaError: columns missing: [«pykey*1-6*, »]
harrow.errors.RunError: run «x8» («word») failed at step '«pystep»': «prose»
Traceback (most recent call last):␤  File "«path»", line «1..900», in «fit|plot|load|score»␤KeyError: «pykey»
Traceback (most recent call last):␤  File "«path»", line «1..900», in <module>␤    main()␤SystemExit: «0..3»
  File "«path»", line «1..900», in «fit|plot|load|<module>|score»
UserWarning: column «pykey» is constant and will be dropped
UserWarning: only «1..40» samples in class «0..9»
DeprecationWarning: '«word»' is deprecated since «ver», use '«word»' instead
RuntimeWarning: overflow encountered in «exp|multiply|square»
RuntimeWarning: invalid value encountered in «log|divide|sqrt»
ConvergenceWarning: no convergence after «100|500|1000» iterations (loss=«0..9/4», tol=0.0001)
[«pymod»] loaded «0..900000» rows x «1..300» columns from «path» in «0..90/2»s
[«pymod»] «pystep»: «0..900000» -> «0..900000» rows
[«pymod»] epoch «1..200»/200 loss «0..9/4» acc «0..1/4» lr «1e-3|5e-4|1e-4»
[«pymod»] best so far: «0..1/4» (was «0..1/4»)
[«pymod»] early stop at epoch «1..200»
[«pymod»] params: {'«word»': «pyval», '«word»': «pyval»}
[«pymod»] saved model to «path»
[«pymod»] skipped «file»: «prose»
[«pymod»] cache hit «x16»
[«pymod»] cache miss «x16»
[«pymod»] seed = «0..9999»
[«pymod»] using device «cpu|cuda:0|cuda:1»
 «pct»|«###|#######|#|##########»| «0..900»/«900..999» [«sixty»:«sixty»<«sixty»:«sixty», «0..90/2»it/s]
done
done in «spent»
"""

# Validation of health messages: long, formal, full of names of elements.
SYSTEMS["fhirgate"] = """
«element»: minimum required = 1, but only found 0
«element»: maximum allowed = «1..3», but found «4..9»
«element»: the code '«word»' is not in the value set '«vset»'
«element»: the code '«word»' is unknown in the system 'http://codes.example/«word»'
«element»: the display '«title»' does not match '«title»' for «coding»
«element»: the system is missing, so the code '«word»' cannot be checked
«element»: not a valid date ('«1..31».«1..12».«1900..2030»')
«element»: not a valid id ('«prose»')
«element»: must not be empty
«element»: value «0..900/2» is above the maximum of «100..900»
«element»: value «0..900/2» is below the minimum of «1..99»
«element»: constraint «pat|obs|dom|ref|ext»-«1..9» failed: «contact.name.exists()|value or dataAbsentReason|text is present|contained has no meta»
«element»: unknown extension 'http://fhirgate.example/ext/«word»'
«element»: property '«word»' is not known here
«element»: reference '«resref»' could not be resolved
«element»: reference '«resref»' is of type «res», expected one of [«res*1-4*, »]
«element»: profile 'http://fhirgate.example/StructureDefinition/«word»' not found
«res» validated: «0..9» errors, «0..40» warnings, «0..40» hints
«res» validated: no issues
«res»/«1..99999» created, version 1
«res»/«1..99999» updated to version «2..40»
«res»/«1..99999» deleted by «user~7»
«res»/«1..99999» is gone (deleted on «date»)
«res»/«1..99999» is locked by transaction «uuid»
Bundle «uuid»: entry[«0..200»].request.method is «missing|'PATCH'|'HEAD'|empty»
Bundle «uuid»: «1..200» entries committed in «1..9000» ms
Bundle «uuid»: rolled back at entry[«0..200»]: «prose»
Search «res»?«kv*1-4*&»: «0..9000» matches, page «1..40»
Search «res»: unknown parameter '«word»'
Search «res»: modifier ':«exact|missing|not|text»' is not supported for '«word»'
«field»: required field is empty
«field»: '«title»' is longer than «5..250»
«field»: '«title»' is not of type «NM|DT|CX|TS|SI»
«field».«1..9»: component not expected
«field»: table «d4» has no value '«X2»'
«seg» segment is missing in «ADT^A01|ORU^R01|ADT^A08|ORM^O01|SIU^S12»
«seg» segment at line «1..40» is unexpected in «ADT^A01|ORU^R01|ADT^A08|ORM^O01|SIU^S12»
ACK «d10» AA
ACK «d10» AE: «field»
ACK «d10» AR: «prose»
MSH|^~\\&|«Word»|«city»|GATE|«city»|«d14»||«ADT^A01|ORU^R01|ADT^A08|ORM^O01»|«d10»|P|2.5
MLLP «ipport» connected
MLLP «ipport» closed
MLLP «ipport» sent «1..900» bytes without an end block
Consent «resref» forbids «read|write|export» for «Practitioner|Group|Device»/«1..999»
Token of client '«word»' lacks scope «patient|user|system»/«res».«read|write|*»
Token expired
Terminology server «url» unavailable, codes are not checked
Terminology cache: «int» entries, «int» hits
Merged «res»/«1..99999» into «res»/«1..99999»
Possible duplicate of «res»/«1..99999»: score «0..1/2» on [«word*1-5*, »]
Subscription «1..999» notified («rest-hook|websocket|email»)
Subscription «1..999» switched off after «3..30» errors
"""

# Daemons of an invented unix, as its system log has them.
SYSTEMS["corvix"] = """
login: «svc»: «user» is in (uid «0..2000», «tty»)
login: «svc»: «user» is out
login: «svc»: wrong secret for «user» on «tty» from «anyaddr»
login: «svc»: no account «user» on «tty» from «anyaddr»
login: «svc»: account of «user» expired «1..900» days ago
login: «svc»: «3..9» wrong secrets in «spent», «anyaddr» barred
login: root refused on «tty»
su: «user» to «user» on «tty»
su: BAD «user» to «user» on «tty»
keyd[«d4»]: peer «ip» port «1024..65535» opens
keyd[«d4»]: peer «ip» port «1024..65535» hangs up before a name was given
keyd[«d4»]: peer «ip» port «1024..65535» offers no common «cipher|mac|kex|hostkey» [«word*1-5*,»]
keyd[«d4»]: key of «user» accepted: «ed25519|rsa|ecdsa» «x2»:«x2»:«x2»:«x2»
keyd[«d4»]: key of «user» refused: «ed25519|rsa|ecdsa» «x2»:«x2»:«x2»:«x2»
keyd[«d4»]: no key file for «user»
keyd[«d4»]: bad modes 0«600|644|666|777» on /home/«user»/.keys
keyd[«d4»]: banner from «ip» is not ours: «GET / HTTP/1.1|\\x16\\x03\\x01|HELP|EHLO x»
keyd[«d4»]: idle «60..9000»s, bye
keyd[«d4»]: exec «user»: «cmdline»
timerd[«d4»]: («user») run «cmdline»
timerd[«d4»]: («user») done rc=«0|1|127» «0..900»s
timerd[«d4»]: («user») table reloaded
timerd[«d4»]: («user») table has an error in line «1..40»
timerd[«d4»]: («user») mail «1..9000» bytes
timerd[«d4»]: missed «1..90» runs while asleep
ftpsrv[«d4»]: «ip» («host») in
ftpsrv[«d4»]: «ip» («host») out, «spent»
ftpsrv[«d4»]: «ip» anonymous as «email»
ftpsrv[«d4»]: «ip» get «path» «0..90000000» bytes
ftpsrv[«d4»]: «ip» put «path» «0..90000000» bytes
ftpsrv[«d4»]: «ip» get «path» refused
ftpsrv[«d4»]: «ip» data channel: Connection reset
ftpsrv[«d4»]: limit of «10|20|50» clients
dhcpsrv: ask «mac» («host») via em«0..3»
dhcpsrv: ask «mac» via «ip»
dhcpsrv: give «ip» to «mac» for «3600|600|86400»
dhcpsrv: refuse «ip» to «mac»: «wrong net|taken|reserved»
dhcpsrv: free «ip» («mac»)
dhcpsrv: pool «ip»/«24|16|25» has none left
dhcpsrv: wrote «0..900» leases
ntpsync: peer «fqdn» stratum «1..5» offset «-900..900/3» ms
ntpsync: peer «fqdn» unreachable
ntpsync: step «-900..900/3» s
ntpsync: frequency «-90..90/3» ppm
nameres: «fqdn»: server «ip» lame
nameres: «fqdn»: server «ip» refused «A|AAAA|MX|PTR»
nameres: format error from «ip»#53 resolving «fqdn»/«A|AAAA|MX|PTR»
nameres: dumping cache to «path»
mountd: «host» mounts /«word» «ro|rw»
mountd: «host» unmounts /«word»
mountd: «host» may not mount /«word»
mountd: stale handle «x16» from «ip»
lpq: «word» on «lp0|lp1|plot»: «1..90» pages for «user»
lpq: lp«0|1»: out of paper
lpq: lp«0|1»: on fire?
quotad: «user» over soft limit on /«word»: «size» of «size»
quotad: «user» over hard limit on /«word»
mainit: «unit» up
mainit: «unit» down
mainit: «unit» died (signal «6|9|11»), again in «1..60»s
mainit: «unit» died too often, left alone
mainit: level «1..5» -> level «1..5»
syslog: (and again, «2..900» times)
syslog: restart
syslog: «path» rotated, kept «3..30»
inetx[«d4»]: «svc»/«tcp|udp» from «ip»
inetx[«d4»]: «svc»/«tcp|udp» looping, off for «60|600» s
inetx[«d4»]: unknown service «word»
savecore: no dump
savecore: dump of «size» to /var/crash/«0..9»
shutdown: by «user»: «prose»
shutdown: in «1..60» minutes
shutdown: called off
wlanmgr: ap «mac» joins "«title»" ch «1..13»
wlanmgr: ap «mac» leaves
wlanmgr: sta «mac» roams «mac» -> «mac»
rsh-gate[«d4»]: «user»@«host» as «user»: «cmdline»
rsh-gate[«d4»]: «user»@«host» as «user»: denied
httpd[«d4»]: [«hms»] child «d4» gone, «0..40» left
httpd[«d4»]: [«hms»] no such page «route» (from «url»)
httpd[«d4»]: [«hms»] page «route» forbidden to «ip»
httpd[«d4»]: [«hms»] «prose»
acct: «comm» «user» «tty» «0..90/2» secs
acct: off, disk «90..100»% full
acct: on, disk «10..90»% full
"""


class Fill:
    """Fills templates in for one system, which has favourites of its own and a clock."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.known: dict[str, list[str]] = {}
        self.ranked: dict[str, list[str]] = {}
        self.recent: dict[str, deque[str]] = {}
        self.now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(300_000))

    def text(self, template: str) -> str:
        self.now += timedelta(seconds=self.rng.choice([0, 0, 0, 1, 2, 9, 60]))
        return self.filled(template)

    def filled(self, template: str) -> str:
        # From within outwards, for a hole may stand in the choices of another.
        while HOLE.search(template):
            template = HOLE.sub(lambda hole: self.hole(hole[1]), template)
        return template

    def skewed(self, values: list[str]) -> str:
        if len(values) > 7:  # which of many are common differs from system to system
            key = "|".join(values)
            if key not in self.ranked:
                self.ranked[key] = self.rng.sample(values, len(values))
            values = self.ranked[key]
        weights = [1 / (rank + 1.5) for rank in range(len(values))]
        return self.rng.choices(values, weights)[0]

    def number(self, low: int, high: int, decimals: int) -> str:
        if decimals:
            return f"{self.rng.uniform(low, high):.{decimals}f}"
        if high - low > 100 and self.rng.random() < 0.5:  # small ones are the more common
            return str(low + int((high - low + 1) ** self.rng.random()) - 1)
        return str(self.rng.randint(low, high))

    def hole(self, spec: str) -> str:
        if found := LIST.fullmatch(spec):
            name, low, high, between = found.groups()
            count = self.rng.randint(int(low), int(high))
            return between.join(self.hole(name) for _ in range(count))
        if "|" in spec:
            return self.skewed(spec.split("|"))
        if "?" in spec:
            name, chance = spec.split("?")
            return self.hole(name) if self.rng.random() < float(chance) else ""
        if "~" in spec:
            name, count = spec.split("~")
            if spec not in self.known:
                self.known[spec] = [self.value(name) for _ in range(int(count))]
            return self.skewed(self.known[spec])
        return self.again(spec) if spec in RECURRING else self.value(spec)

    def again(self, spec: str) -> str:
        recent = self.recent.setdefault(spec, deque(maxlen=40))
        if recent and self.rng.random() < 0.5:
            return self.rng.choice(recent)
        recent.append(self.value(spec))
        return recent[-1]

    def value(self, spec: str) -> str:
        if found := RANGE.fullmatch(spec):
            return self.number(int(found[1]), int(found[2]), int(found[3] or 0))
        if found := DIGITS.fullmatch(spec):
            base = {"x": "0123456789abcdef", "X": "0123456789ABCDEF", "d": "0123456789"}[found[1]]
            return "".join(self.rng.choices(base, k=int(found[2])))
        if spec == "clock":
            return f"{self.now:%Y-%m-%d %H:%M:%S}"
        if spec == "tick":
            return f"{int(self.now.timestamp()) % 0x10000:04x}"
        maker = MAKERS[spec]
        if callable(maker):
            return maker(self.rng)
        return self.filled(maker if isinstance(maker, str) else self.skewed(maker))


def templates(name: str) -> list[str]:
    lines = SYSTEMS[name].strip("\n").split("\n")
    return [line.replace("␤", "\n") for line in lines]


def holdout(
    seed: int = 0, size: int = 2000, systems: Iterable[str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """Return, for each system, `size` messages in the order printed, each with its template's id.

    Each template is printed once at least, where `size` leaves room; the others follow Zipf's
    law, steeper in one system than in another, and a part of them in bursts.
    """
    corpora = {}
    for name in systems or SYSTEMS:
        rng = random.Random(f"{name} {seed}")
        fill = Fill(rng)
        lines = templates(name)
        # What stands early in the text is the more often printed, but far from strictly.
        order = sorted(range(len(lines)), key=lambda i: i / len(lines) + 1.5 * rng.random())
        steepness = rng.uniform(0.9, 1.7)
        once = max(1, len(lines) // rng.randint(4, 9))  # these are never seen again
        common = order[:-once]
        weights = list(itertools.accumulate((i + 1) ** -steepness for i in range(len(common))))
        seldom = order[:size]
        printed: list[int] = []
        while len(printed) < size - len(seldom):
            burst = rng.randint(2, 12) if rng.random() < 0.1 else 1
            printed += rng.choices(common, cum_weights=weights) * burst
        del printed[size - len(seldom) :]
        for index in seldom:
            printed.insert(rng.randint(0, len(printed)), index)
        rows = [(fill.text(lines[index]), f"{name}-{index:03}") for index in printed]
        corpora[name] = by_method(rows)
    return corpora


if __name__ == "__main__":
    for system, messages in holdout().items():
        print(f"\n{system}: {len(messages)} messages, {len(templates(system))} templates")
        seen: set[str] = set()
        for message, label in messages[:400]:
            if label not in seen or len(seen) < 5:
                print(f"  {label[-3:]} {message!r}")
            seen.add(label)
