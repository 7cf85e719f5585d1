"""Codes, formats and sentences that say what happened; dates, lists and amounts that do not."""

from __future__ import annotations

import polars as pl
import pytest
from support.problems import repeated

from clinia_nb.signatures import message_signatures

TWO_PROBLEMS = {
    "sentences behind any key": repeated(
        'row {} left out hint="registry entry missing"',
        'row {} left out hint="birth date in future"'
    ),
    "sentences in single quotes behind any key": repeated(
        "sync {} stopped txt='bed linked to two wards'", "sync {} stopped txt='the chart is torn'"
    ),
    "sentences in an attribute": repeated(
        '<fault row="{}" text="code system not known here"/>',
        '<fault row="{}" text="reference points to nothing"/>',
    ),
    "sentences with a number": repeated(
        'pump {0} off note="Line 7 lost its pressure"',
        'pump {0} off note="Line 7 ran out of fluid"'
    ),
    "sentences of two words": repeated('bed {} says "not ready"', 'bed {} says "power lost"'),
    "sentences of two words behind any key": repeated(
        "ward {} idle hint='access denied'", "ward {} idle hint='lease expired'"
    ),
    "sentences in capitals": repeated('bed {} hint="Access Denied"', 'bed {} hint="LEASE EXPIRED"'),
    "sentences of three words in capitals": repeated(
        'bed {}: "Ward Is Locked"', 'bed {}: "Bed Not Found"'
    ),
    "exceptions": repeated(
        "java.util.MissingResourceException at row {}", "java.io.EOFException at row {}"
    ),
    "exceptions in brackets": repeated("row {} (KeyError)", "row {} (ZeroDivisionError)"),
    "exceptions in JSON": repeated(
        '{{"klasse": "java.io.EOFException", "row": {}}}',
        '{{"klasse": "java.lang.StackOverflowError", "row": {}}}',
    ),
    "exceptions behind an equals sign": repeated(
        "row {} out, cause=BindException", "row {} out, cause=EOFException"
    ),
    "German sentences of two words": repeated(
        'Bett {}: "Kissen fehlt"', 'Bett {}: "Lampe gesperrt"'
    ),
    "Spanish sentences in quotes": repeated(
        'fila {}: "falta la dosis"', 'fila {}: "la sala está cerrada"'
    ),
    "Italian sentences in quotes": repeated(
        'riga {}: "la dose è alta"', 'riga {}: "il letto non esiste"'
    ),
    "Portuguese sentences in quotes": repeated(
        'linha {}: "falta o soro"', 'linha {}: "o leito foi negado"'
    ),
    "French sentences behind any key": repeated(
        'envoi {} coupé info="lit lié à deux services"',
        'envoi {} coupé info="dossier resté ouvert"'
    ),
    "sentences with the names of people": [
        f'order {number} held info="{text} {name}"'
        for number, name in enumerate(["Amara", "Tobias", "Yuki", "Petrova", "Haddad"] * 3)
        for text in ("no bed kept for", "two charts open for")
    ],
    "formats of sound and video": repeated("no codec for h264 in {}", "no codec for mp3 in {}"),
    "ways to compress": repeated("cannot read lz4 block {}", "cannot read bz2 block {}"),
    "ciphers": repeated("peer {} wants rc4", "peer {} wants aes256"),
    "events of HL7": repeated("no route for ADT^A01 in {}", "no route for ADT^A03 in {}"),
    "structures of HL7": repeated("{} refused: ORU_R01 unread", "{} refused: ORU_R30 unread"),
    "events of HL7 behind other marks": repeated(
        "drop SIU-S12 in row {}", "drop SIU-S15 in row {}"
    ),
    "codes of a database": repeated(
        "load {} failed with ORA-00001", "load {} failed with ORA-01400"
    ),
    "codes of a server": repeated("HAPI-0389 at row {}", "HAPI-1091 at row {}"),
    "codes behind a word": repeated("upload {}: error E1001", "upload {}: error E1002"),
    "codes in brackets": repeated(
        "bed {} lost (error code X-204)", "bed {} lost (error code X-205)"
    ),
    "codes in quotes": repeated(
        "ward {} unsaved: 'ORA-00001'", "ward {} unsaved: 'ORA-01400'"
    ),
    "codes in JSON": repeated(
        '{{"bed": {}, "kode": "HAPI-0389"}}', '{{"bed": {}, "kode": "HAPI-1091"}}'
    ),
    "codes in a list": repeated(
        '{{"bed": {}, "why": ["DB2-0803"]}}', '{{"bed": {}, "why": ["DB2-0911"]}}'
    ),
    "codes alone in brackets": repeated("bed {} lost (PLS-00306)", "bed {} lost (PLS-00201)"),
    "codes behind an equals sign": repeated("x=TNS-12541, bed {}", "x=TNS-12170, bed {}"),
    "codes behind a key for errors": repeated(
        '{{"errorCode": "E1001", "bed": {}}}', '{{"errorCode": "E1002", "bed": {}}}'
    ),
    "events of HL7 in quotes": repeated('"ADT^A01" of {} unread', '"ADT^A08" of {} unread'),
    "states of SQL in JSON": repeated(
        '{{"sqlstate": "23505", "bed": {}}}', '{{"sqlstate": "42P01", "bed": {}}}'
    ),
    "statuses in JSON": repeated(
        '{{"status": "ABORTED", "bed": {}}}', '{{"status": "DATA_LOSS", "bed": {}}}'
    ),
    "statuses in brackets": repeated(
        "feed {} is down (ECONNREFUSED)", "feed {} is down (ETIMEDOUT)"
    ),
    "states of SQL": repeated("SQLSTATE[23505] in row {}", "SQLSTATE[42P01] in row {}"),
    "functions in a segment": repeated(
        "RIP: 0010:read_chart+0x7f/0x{}", "RIP: 0010:free_page+0x7f/0x{}"
    ),
    "libraries": repeated("fault in ledger.so[7f{}]", "fault in vault.so[7f{}]"),
    "codes with letters in them": repeated(
        "step {} ended, SQLSTATE 0A000", "step {} ended, SQLSTATE 2200L", times=9
    ),
    "codes with a letter between digits": repeated(
        "row {} kept, SQLSTATE 42P07", "row {} kept, SQLSTATE 42P16", times=9
    ),
    "words that begin like a month": repeated("Marker {} is lost", "Decoder {} is lost"),
    "words that begin like a day": repeated(
        "Monitor 2026-03-{} is lost", "Satellite 2026-03-{} is lost"
    ),
    "kinds in parentheses": repeated("Pause (young) {} ms in heap", "Pause (mixed) {} ms in heap"),
    "labels of a short text": [
        f"{label}: torn {number}" for label in ("bedFeed", "ledgerFeed") for number in range(12)
    ],
    "causes": [
        *(f"query {number} cancelled due to lock timeout" for number in range(12)),
        "query 7 cancelled due to statement timeout",
    ],
    "numbers behind several periods": [
        "trap: bad instruction....7", "trap: bad instruction....8", "trap: unit unavailable....9"
    ],
    "paths with an index": repeated(
        "entry[{}].request.method is gone", "entry[{}].resource is gone"
    ),
    "paths with two indexes": repeated(
        "odd item[{0}].detail[{0}].unit here", "odd item[{0}].detail[{0}].price.tax here"
    ),
}  # fmt: skip
ONE_PROBLEM = {
    "dates in Spanish": [
        "cita el 7 de febrero perdida", "cita el 12 de marzo de 2026 perdida",
        "cita el sábado, 3 de octubre perdida", "cita el 9/3/2026 perdida",
    ],
    "dates in Italian and Portuguese": [
        "visita il 7 marzo 2026 persa", "visita il lunedì 4 gennaio persa",
        "visita il 3 de março persa",
    ],
    "dates with short months in Spanish, Italian and Portuguese": [
        f"x {date} y"
        for date in ("7 ene 2026", "lun 12 mar 2026", "3 giu 2026", "9 dez. 2026", "4 sept. 2026")
    ],
    "the first of a month": [
        f"x {date} y" for date in ("1er mai 2026", "1º marzo 2026", "1.º de abril de 2026", "2 mai")
    ],
    "dates with a time of day in words": [
        f"x {date} y"
        for date in (
            "4. Mai 2026 um 07:15 Uhr", "4 mai 2026 à 7h15", "4 de mayo de 2026 a las 07:15",
            "4 maggio 2026 alle 07:15", "4 de maio de 2026 às 7h15",
            "04.05.2026 um 07:15",
        )
    ],
    "short German dates": [
        "Termin Sa., 7. Feb. belegt", "Termin Mo., 12. März belegt",
        "Termin Di, 3. Okt. 2026 belegt",
    ],
    "short French dates": ["vu le 3 févr. 2026 ici", "vu le lun. 7 avr. ici", "vu le 12 mai ici"],
    "quoted names that begin like a sentence": [
        f"chart of '{name}' is late" for name in ("May Lin Chen", "Do Van An") * 3
    ],
    "alternatives in angle brackets": [
        f"slot {number} is for <{roles}> only"
        for number, roles in enumerate(("nurse|clerk", "nurse|clerk|porter", "payer | auditor") * 2)
    ],
    "what is in parentheses at the end": [
        f"claim {number} sent back ({who})"
        for number, who in enumerate(["clerk", "payer", "auditor", "nurse", "robot", "desk"] * 2)
    ],
    "lists of ids": [
        "units A1 and B2 lost", "units A1, B2 and C3 lost", "units 7c, B2, C3, and D4 lost",
        "units A1 and B2 and C3 lost",
    ],
    "German lists": [
        "Betten 3 und 5 fehlen", "Betten 3, 4 und 5 fehlen", "Betten 3; 4, 6 und 5 fehlen"
    ],
    "amounts with a decimal comma": [
        "Dosis 1,5 g zu hoch", "Dosis 500 mg zu hoch", "Dosis 0,75 l zu hoch", "Dosis 12 IE zu hoch"
    ],
    "ids that look like codes": repeated("claim CLM-00{} is late", "claim CLM-014{} is late"),
    "ids that begin like a code": [
        f"wafer={serial} cut" for serial in ("DB20F4K7", "DB27C1M3", "7A11F0K2", "C03E9B5D", "DB2")
    ],
    "quoted names that begin like a statement": [
        *(f'sheet {number} of tray={number} "Roster {number}"' for number in range(9)),
        'sheet 4 of tray=2 "copy list"',
    ],
    "statements in small letters": repeated('no answer to "drop table bed_{} cascade"', times=4),
    "names that end like a format": [
        f"host {name} is late" for name in ("temp3", "temp31", "comp3", "camp4")
    ],
    "addresses behind a word for errors": [
        f"peer left, error:{address}:closed" for address in ("C023868F", "CE144184", "D899361B")
    ],
    "types of message with their ids": [
        f"queued {kind} {number}" for kind in ("ADT^A01", "ORU^R01", "SIU^S12")
        for number in ("7731", "MSG0012", "KDJFHGSMQPTV")
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_codes_and_sentences_tell_problems_apart(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_dates_lists_and_amounts_are_values(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


def test_many_sentences_that_are_seen_once_behind_a_key_are_values():
    items, events = ["gate", "lamp", "valve", "ramp", "driver"], ["was moved", "leaks", "is new"]
    notes = [f"the {item} {event}" for item in items for event in events]
    messages = [f'box {row} is late note="{note}"' for row, note in enumerate(notes)]
    assert set(message_signatures(pl.Series(messages))) == {"box <number> is late note=<name>"}


def test_codes_of_errors_are_never_values():
    codes = [f"ORA-{number:05}" for number in range(900, 940)]
    found = message_signatures(
        pl.Series(f"row {n} failed with {code}" for code in codes for n in "12")
    )
    assert set(found) == {f"row <number> failed with {code}" for code in codes}


def test_many_labels_of_one_sentence_are_values_and_few_are_not():
    feeds = [f"{name}Feed" for name in ("bed", "ward", "dose", "visit", "claim", "stock", "audit")]
    messages = [f"{feed}: copy of row {row} is too old" for feed in feeds for row in range(5)]
    assert set(message_signatures(pl.Series(messages))) == {
        "<value>: copy of row <number> is too old"
    }
    assert message_signatures(pl.Series(messages[:25])).n_unique() == 5
    short = pl.Series(f"{feed}: torn {row}" for feed in feeds for row in range(5))
    assert message_signatures(short).n_unique() == 7


def test_an_object_of_dotted_keys_reads_the_same_however_many_it_has():
    objects = ('{"bed.max": 7}', '{"ward.max": 3, "bed.max": 7}', '{"a.b": 1, "c.d": 2, "e.f": 3}')
    for given in objects:
        found = message_signatures(pl.Series([f"limits {given} not met"]))
        assert found.to_list() == ["limits {<name>: <number>} not met"]


def test_an_index_is_a_value_and_the_path_is_text():
    found = message_signatures(pl.Series(["entry[7].request.url is empty", "odd a[1].b[22].c now"]))
    assert found.to_list() == [
        "entry[<number>].request.url is empty", "odd a[<number>].b[<number>].c now"
    ]  # fmt: skip


def test_what_is_wrong_is_text_even_if_it_is_a_value_elsewhere():
    users = ["ann", "bob", "cho", "dee", "eve", "fay", "gus"]
    names = [f"bed of {name} lost" for name in ("empty", *users) * 3]
    states = ["slot 7 is empty", "slot 8 is broken", "slot 9 is 'x'"] * 3
    found = message_signatures(pl.Series(names + states))
    assert set(found.tail(9)) == {
        "slot <number> is empty", "slot <number> is broken", "slot <number> is <name>"
    }  # fmt: skip
