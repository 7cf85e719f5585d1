"""Words, lists, frames of stacks, requests, terms and dates of many looks, plain and redacted."""

from __future__ import annotations

import pytest
from support.problems import repeated

ONE_PROBLEM = {
    "a word beside lists": [
        f"lacks grants ({grants}) on row {number}"
        for number in range(12)
        for grants in ("select, insert", "select")
    ],
    "a name beside another, seen once": [
        *(f"tray of Okafor left ward {number}" for number in range(40)),
        "tray of Abadi left ward 7",
    ],
    "names of one word to four": [
        f"tray {number} is held by {name}"
        for number in range(12)
        for name in ("Okafor", "Tomasz van den Heuvel", "Amara de Abadi", "Ines Kovač Lindqvist")
    ],
    "lists in a sentence": [
        f"lacks fields: {fields} in row {number}"
        for number in range(12)
        for fields in ("dose", "dose, route and unit", "unit, dose, route or note")
    ],
    "flags": [
        f"port flags <{flags}> in row {number}"
        for number in range(9)
        for flags in ("UP,RUN", "UP,RUN,LOOP")
    ],
    "days in short": [f"lease from {day} ended" for day in ("3 feb", "14 dec", "28 mar", "7 okt")],
    "days in capitals": [
        f"lease from {day} ended"
        for day in ("03-JAN-26 01.02.03.456000 PM", "14-SEP-26 11.12.13.000000 AM", "7-MAY-2026")
    ],
    "months of a year": [f"plan for {month} 2026 lacks a ward" for month in ("May", "October")],
    "places in one method": [f"at org.acme.Tray.fill(Tray.java:{line})" for line in (7, 42, 1007)],
    "places in one function": [f"at fillTray (/srv/{n}/tray.js:{n}:{n})" for n in (7, 42, 1007)],
    "arguments of one command": ['"RETR bed.csv" broke', '"RETR /in/7" broke'],
    "devices": [f"disk {name} spins down" for name in ("sda1", "sdb2", "nvme0n1")],
}
TWO_PROBLEMS = {
    "a state seen once behind a preposition": [
        *(f"valve {number} was set to open at last" for number in range(300)),
        "valve 7 was set to closed at last",
    ],
    "a function seen once": [
        *(f"stray write in free_tray+0x{number:x}/0x90" for number in range(300)),
        "stray write in load_tray+0x1c/0x40",
    ],
    "Dutch in quotes": repeated(
        "geweigerd: 'bed {} niet vrij'", "geweigerd: 'kaart {} werd gewist'"
    ),
    "Polish in quotes": repeated("wynik: 'nie ma karty {}'", "wynik: 'brak daty dla {}'"),
    "Russian in quotes": repeated("итог: 'карта {} не найдена'", "итог: 'срок {} истёк вчера'"),
    "Greek in quotes": repeated("λάθος: 'η κάρτα {} δεν βρέθηκε'", "λάθος: 'λείπει ο κωδικός {}'"),
    "Japanese in quotes": repeated("却下: '病床{}は使えません'", "却下: '期限{}が切れました'"),
    "methods of a Java stack": repeated(
        "halt at org.acme.Tray.fill(Tray.java:{})", "halt at org.acme.Shelf.sort(Shelf.java:{})"
    ),
    "constructors of a Java stack": repeated(
        "fault at org.acme.Tray.<init>(Tray.java:{})",
        "fault at org.acme.Shelf.<init>(Shelf.java:{})",
    ),
    "functions of a JavaScript stack": repeated(
        "at Tray.fill (tray.js:{}:7)", "at async Shelf.sort (/srv/shelf.ts:{}:7)"
    ),
    "functions of a class with a hexadecimal name": repeated(
        "halt in acme!Bed::fill+0x1{}", "halt in acme!Bed::sort+0x1{}"
    ),
    "functions with an argument": repeated(
        "halt in Tray::fill(int)+0x1{}", "halt in Tray::sort(int)+0x1{}"
    ),
    "requests in braces": repeated(
        "call {{GET /trays/{}}} refused", "call {{PUT /trays/{}}} refused"
    ),
    "statements in single quotes": repeated(
        "'MERGE INTO trays USING t ON n = {}' broke", "'TRUNCATE TABLE trays{}' broke"
    ),
    "statements of one word": repeated(
        'query "BEGIN" of tray {} waits', 'query "COMMIT" of tray {} waits'
    ),
    "commands with a value": repeated('"RETR tray{}.csv" broke', '"STOR tray{}.csv" broke'),
    "types": repeated("no int32 in row {}", "no float64 in row {}"),
    "certificates": repeated("x509 check of tray {} broke", "pkcs12 check of tray {} broke"),
    "keys": repeated("tray {} offers ed25519 only", "tray {} offers P256 only"),
    "parts of the cloud": repeated("s3 lost tray {} again", "ec2 lost tray {} again"),
    "versions of TLS": repeated("TLSv1.2 shut tray {} out", "SSLv3 shut tray {} out"),
}


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_values_make_one_problem(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_words_make_two_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2
