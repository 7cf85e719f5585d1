"""Labelled messages of twelve invented systems, to compare what two halves of them show.

Values are drawn in the ways that make signatures differ between halves: few names, names with a
frequent one among them, words that occur once, enumerations, numbers that are often the same.
"""

from __future__ import annotations

import random
import re
import string

FIRST = """Amara Bilal Chiara Dmitri Esra Farid Greta Hiro Ines Jonas Kofi Leila Marek Nadia Olga
Pavel Quentin Rosa Sami Tara Umar Vera Wanda Xenia Yusuf Zora""".split()
LAST = """Abadi Brandt Castel Duarte Engel Fofana Grieco Haddad Ivanov Jansen Kimura Lindqvist
Moreau Novak Okafor Petit Quist Rossi Sato Tanaka Unger Vidal Weber Xu Yilmaz Zeman""".split()
DRUGS = """amoxivert belacitin cardoprin doxalene estramol fentarix glucovane heparvil
inderax ketophan lumazine metrosol naproxil oxytrin pravadol quinarex""".split()
WORDS = ["alpha", "bravo", "cedar", "delta", "ember", "flint", "grove", "heron", "ivory", "junco"]


def skewed(values):
    """Draw the first value about half of the time, the last hardly ever."""
    return lambda chance: values[min(int(chance.expovariate(0.7)), len(values) - 1)]


def even(*values):
    return lambda chance: chance.choice(values)


VALUES = {
    "int": lambda chance: str(chance.randrange(100_000)),
    "digit": lambda chance: str(chance.randrange(1, 6)),
    "const": lambda chance: "30" if chance.random() < 0.97 else str(chance.randrange(99)),
    "person": lambda chance: f"{chance.choice(FIRST)} {chance.choice(LAST)}",
    "first": lambda chance: chance.choice(FIRST),
    "login": skewed([name.lower() for name in FIRST]),
    "few": even("okafor", "brandt", "moreau"),
    "clerk": skewed(["vidal", "rossi", "engel", "sato", "unger", "petit"]),
    "last": lambda chance: chance.choice(LAST),
    "drug": lambda chance: chance.choice(DRUGS),
    "topdrug": skewed(DRUGS),
    "node": lambda chance: f"{chance.choice(WORDS)}-{chance.randrange(1, 5)}",
    "word": lambda chance: chance.choice(WORDS),
    "rare": lambda chance: "".join(chance.choices(string.ascii_lowercase, k=7)),
    "hex": lambda chance: f"{chance.getrandbits(48):012x}",
    "uuid": lambda chance: "-".join(
        f"{chance.getrandbits(4 * size):0{size}x}" for size in (8, 4, 4, 4, 12)
    ),
    "ip": lambda chance: ".".join(str(chance.randrange(1, 255)) for _ in range(4)),
    "level": even("low", "medium", "high"),
    "state": skewed(["pending", "active", "retired", "void"]),
    "mode": even("primary", "secondary"),
    "color": skewed(["red", "amber", "green", "gray"]),
    "unit": even("cardiology", "oncology", "radiology", "surgery", "geriatrics"),
    "file": lambda chance: f"{chance.choice(WORDS)}_{chance.randrange(999)}.csv",
    "dir": lambda chance: f"/mnt/{chance.choice(WORDS)}/{chance.getrandbits(20):x}",
    "time": lambda chance: f"{chance.randrange(24):02}:{chance.randrange(60):02}:07",
    "date": lambda chance: f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
    "ms": lambda chance: f"{chance.randrange(1, 9_000)} ms",
    "mb": lambda chance: f"{chance.randrange(1, 700)} MB",
    "bool": even("true", "false"),
    "class": lambda chance: f"{chance.choice(WORDS).title()}Service",
    "key": even("dose", "route", "unit", "strength"),
    "maybe": lambda chance: chance.choice(["", "", " again", " twice"]),
}

SYSTEMS = {
    "pharmacy": """
        dose of {drug} exceeds the daily limit by {int} mg
        interaction between {drug} and {drug} was not reviewed
        prescriber {last} has no license for {unit}
        label printer {node} is out of paper
        substitution for {topdrug} was rejected by {clerk}
        order {int} lacks field {key}
        stock of {topdrug} fell below {digit}
        refill {uuid} came {digit} days early
        pharmacist {person} signed no release
        no price is known for package {int}
        barcode {hex} cannot be scanned at counter {digit}
        allergy check skipped for {first}
        batch {int} was recalled on {date}
        controlled drug {drug} needs a second signature
        cabinet {word} stayed open for {ms}
        schedule {level} prescription sent without approval""",
    "laboratory": """
        sample {int} arrived clotted
        analyzer {word} reported flag {hex} at {time}
        result of {person} is implausible: {int}
        tube rack {digit} was never scanned
        calibration of {word} drifted to {level}
        delta check failed for analyte {rare}
        reference range missing for analyte {key}
        courier {login} dropped box {int}
        centrifuge stopped after {ms}
        reagent lot {hex} expires on {date}
        culture {int} shows growth in bottle {digit}
        panel {word} requested twice by {clerk}
        verification by {last} is pending
        cannot open worklist {file}
        priority {level} order waited {ms}""",
    "imaging": """
        study {uuid} has no series
        association from {ip} was rejected: called title {rare}
        modality {word} sent frame {int} out of order
        transfer syntax of image {int} is unsupported
        reading room {digit} lost its display
        radiologist {person} locked report {int}
        archive tier {mode} is full
        prefetch for {unit} ended after {ms}
        worklist query by {node} returned nothing
        compression of {dir} saved {mb}
        contrast note by {first} is unsigned
        patient {last} was merged into study {int}
        dose report for scanner {word} is empty
        hanging protocol {rare} does not exist
        viewer session of {login} timed out after {const} minutes""",
    "billing": """
        claim {int} was denied with reason {digit}
        payer {word} rejects batch {int}
        tariff {hex} is not valid on {date}
        invoice {int} has been paid twice
        guarantor {person} has moved
        coverage of {first} lapsed on {date}
        rounding difference of {int} cents
        export to {node} was refused
        remittance {uuid} does not match any claim
        clerk {clerk} reopened period {date}
        deductible for {few} is unknown
        account {int} is {state}
        discount {level} requires approval by {last}
        ledger {word} is closed for posting
        copay field {key} must not be negative
        statement run stopped at page {int}""",
    "scheduling": """
        slot {int} is already taken
        calendar of {person} cannot be read
        room {word} is closed on {date}
        reminder to {last} bounced
        recurrence rule {rare} is malformed
        appointment {uuid} starts before it was made
        waiting list for {unit} overflowed
        {first} cancelled visit {int}
        {login} moved visit {int} to {date}
        check-in kiosk {digit} is {state}
        interpreter for {level} priority visit was not found
        no-show of {few} was recorded
        template {word} overlaps template {word}
        sync with {node} took {ms}
        surgeon {last} is double booked at {time}
        resource color {color} has no meaning""",
    "orchestrator": """
        pod {word}-{hex} was evicted from {node}
        image {rare}:{digit} cannot be pulled
        volume {uuid} is attached to {node}
        probe of {word} failed with status {int}
        quota {mode} exceeded by {mb}
        secret {rare} does not exist in namespace {word}
        scale of {word} from {digit} to {digit} replicas
        node {node} went {state}
        admission by policy {rare} denied
        lease held by {node} expired {ms} ago
        job {int} reached its limit of {const} retries
        certificate for {word} ends on {date}
        taint {color} on {node} repels all
        config map {file} was too large: {mb}
        leader lost after {ms}""",
    "queue": """
        consumer {word} lags by {int} messages
        topic {rare} was deleted while in use
        partition {digit} has no leader
        offset {int} is out of range for group {word}
        rebalance of group {word} took {ms}
        producer {hex} was fenced
        record of {mb} exceeds the limit
        broker {ip} left the cluster
        dead letter {uuid} kept after {const} tries
        schema {digit} rejects field {key}
        acknowledgement mode {mode} is deprecated
        mirror to {node} is behind by {ms}
        user {login} may not write to topic {word}
        compaction of segment {int} failed
        snapshot in {dir} is torn""",
    "identity": """
        login of {login} failed from {ip}
        password for {login} ends in {digit} days
        token {hex} was revoked by {few}
        group {word} has no owner
        consent of {person} was withdrawn on {date}
        role {rare} grants nothing
        session of {first} is locked
        second factor for {clerk} was not enrolled
        directory server {node} answered {int}
        account {last} created by {few}
        client {word} sent a bad redirect
        signature of assertion {uuid} does not verify
        risk for {login} rose to {level}
        clock skew of {ms} from {ip}
        scope {key} was not granted to {word}
        impersonation of {last} by {clerk} ended""",
    "backup": """
        snapshot {hex} of {word} is incomplete
        restore of {file} stopped at {mb}
        tape {int} in drive {digit} is dirty
        catalog entry {uuid} has no copy
        job {word} missed its window by {ms}
        retention class {color} is unknown
        verify of {dir} found {int} bad blocks
        operator {few} ejected tape {int}
        agent on {node} is too old
        deduplication saved {mb} for {word}
        copy to {mode} site was skipped
        encryption key {rare} is lost
        throttle set to {level} by {login}
        chain of {word} is broken at link {int}
        nothing to do for {file}{maybe}""",
    "monitors": """
        bed {int} alarm {color} was silenced by {first}
        sensor {hex} battery is {level}
        pulse of patient {last} dropped to {int}
        gateway {ip} restarted {digit} times
        firmware {digit}.{digit} is blocked on {word}
        waveform {uuid} has gaps
        pump {int} infuses {topdrug} without order
        central station {digit} cannot reach {node}
        leads off on bed {int} for {ms}
        ward {unit} has {int} open alarms
        pairing with {rare} was refused
        nurse {person} acknowledged alarm {int}
        threshold {key} changed by {clerk}
        ventilator {word} reports mode {mode}
        clock of {node} is {ms} late""",
    "krankenhaus": """
        Fall {int} ist bereits abgeschlossen
        Station {word} hat kein freies Bett
        Rezept für {drug} wurde nicht freigegeben
        Benutzer {login} ist gesperrt
        Befund von {person} fehlt seit {date}
        Drucker {node} antwortet nicht
        Diagnose {rare} ist kein gültiger Code
        Aufnahme durch {last} wurde storniert
        Kostenträger {int} lehnt die Rechnung ab
        Verbindung zu {ip} nach {ms} getrennt
        Dringlichkeit {level} braucht eine Begründung
        Pflegekraft {few} hat keine Rechte
        Feld {key} darf nicht leer sein
        Export nach {dir} ist abgebrochen
        Termin {uuid} liegt in der Vergangenheit""",
    "registre": """
        le dossier {int} est déjà fermé
        la clinique {word} est introuvable
        ordonnance de {drug} refusée par {last}
        le compte de {login} est bloqué
        aucun résultat pour {person}
        le fichier {file} est vide
        délai de {ms} dépassé vers {node}
        le code {rare} est inconnu
        rendez-vous {uuid} annulé par {few}
        le champ {key} est obligatoire
        accès {level} refusé depuis {ip}
        consentement de {first} retiré
        assurance {int} expirée le {date}
        la salle {digit} est occupée
        copie vers {dir} interrompue""",
}


def halves(*, size=1_200, seed=11):
    """Return for each system its messages with their labels: few templates make up the most."""
    made = {}
    for name, text in SYSTEMS.items():
        chance = random.Random(f"{seed} {name}")
        templates = [line.strip() for line in text.strip().splitlines()]
        chance.shuffle(templates)
        weights = [1 / (rank + 2) for rank in range(len(templates))]
        chosen = chance.choices(templates, weights, k=size)
        made[name] = [(_filled(template, chance), template) for template in chosen]
    return made


def _filled(template, chance):
    return re.sub(r"\{(\w+)\}", lambda found: VALUES[found[1]](chance), template)
