"""Unlike problems keep apart, and one problem stays one, whatever its values look like."""

from __future__ import annotations

import json

import polars as pl
import pytest
from support.frames import frame
from support.problems import repeated

import clinia_nb as cnb
from clinia_nb import with_signatures
from clinia_nb.signatures import message_values

WARDS = ["north", "south", "east", "west", "upper", "lower", "inner", "outer", "old", "new"]
DAYS = ("Mon Mar  2", "Mon Mar 12", "Tue Mar 31", "Wed Apr  1")


ONE_PROBLEM = {
    "days of one digit and of two": [f"token of {day} 08:05:59 2026 is stale" for day in DAYS],
    "zones by name": [
        f"token of Mon Mar 12 08:05:59 {zone} 2026 is stale"
        for zone in ("PDT", "EDT", "CET", "MESZ", "UTC", "HAE", "AKST")
    ],
    "dates in three languages": [
        "valable jusqu'au 3 février 2026 seulement", "valable jusqu'au 14 août 2026 seulement"
    ],
    "times with am and pm": [
        "seen 3/4/2026 9:01:02 AM here", "seen 13/4/2026 11:01:02 p.m. here"
    ],
    "a name with a value attached": [
        "shipped to NODE(7) as copy 4", "shipped to 192.168.0.9 as copy 5",
        "shipped to vault.acme.example as copy 6",
    ],
    "a name with an address in brackets": [
        "peer: unknown[10.1.2.3] left", "peer: gate[10.1.2.4] left", "peer: mx.acme.example left"
    ],
    "a host with a port": [
        "ledger:9042 timed out", "10.0.0.4:9042 timed out", "claims-db.acme.example:9042 timed out"
    ],
    "lists in braces": ["grant { select } on row 4", "grant { select insert delete } on row 9"],
    "lists in brackets": ["lost shards=[4] again", "lost shards=[4, 7, 9] again"],
    "an owner with and without a name": [
        "job started for (gid=12)", "job started for BATCH(gid=12)", "job started for cron(gid=3)"
    ],
    "amounts with the currency on either side": [
        "claim refused over 127.33 EUR today", "claim refused over CHF 98 today",
        "claim refused over $45.10 today",
    ],
    "statements of a database": [
        "query failed: SELECT a FROM b WHERE c = 7", "query failed: INSERT INTO b VALUES (7, 'x')",
        "query failed: COMMIT",
    ],
    "degrees and ranks": [
        f"archive tier {tier} is full" for tier in ("primary", "secondary", "standby")
    ],
    "elements that are named": [
        f"order {number} lacks field {field}"
        for number in range(12)
        for field in ("dose", "route", "unit", "strength")
    ],
    "names and ids before another value": [
        f"key accepted: {kind} {trace:016x} for ward"
        for trace in range(10**15, 10**15 + 12)
        for kind in ("RSA", "ECDSA", "ED25519")
    ],
    "spans of several units": [
        f"waited {span} for a lock" for span in ("55s", "1m5s", "2h0m1s", "4 min 10 sec", "PT1M30S")
    ],
    "German quotes": [f"Feld »{field}« ist leer" for field in ("PLZ", "Straße", "Ort")],
    "Japanese quotes": ["欄『氏名』が空です", "欄『住所』が空です"],
    "names between ideographs": [
        f"用户{user}登录成功" for user in ("amir", "zoe", "xu4", "kim", "svc_bo")
    ],
    "hosts with digits behind a dash and without": [
        "replica db-2.acme.example fell behind", "replica db.acme.example fell behind"
    ],
    "a name with a part in brackets": [
        f"member n{node} ({address},{role}) left"
        for node, address, role in ((1, "10.0.0.1:2380", "voter7"), (2, "10.0.0.2", "voter8"))
    ] + ["member n3 left"],
    "a list of one item behind a French colon": [
        f"champs absents : {fields}" for fields in ("nom", "nom, ville", "adresse", "ville, nom")
    ],
    "days of the week in French and German": [
        f"Termin {date} belegt"
        for date in ("lundi 3 mai 2026", "jeudi 4 juin 2026", "Di, 3. März 2026", "Freitag, 6. Mai")
    ],
    "lists in parentheses": [
        f"needs rights {rights} on row 4"
        for rights in ("(SELECT)", "(SELECT, INSERT)", "(INSERT, DELETE)", "(DELETE, SELECT, CALL)")
    ],
    "dotted names beside ideographs": ["用户zoe.lin登录成功", "用户amir7登录成功"],
    "a dash between ideographs and a number": ["设备冲压机-1心跳超时", "设备传送带-34心跳超时"],
    "lists without spaces": ["they offered aes128,arcfour,des3", "they offered aes256"],
    "hosts with numbers behind them": [
        f"nodes {host}[{number}] late again"
        for number, host in enumerate(("delta", "ember", "basil", "flint", "hazel", "jade", "onyx"))
    ],
    "names in front of a bracket, behind a preposition": [
        f"refused write to {name}[{number}]: at noon"
        for number, name in enumerate(("CursorHelper", "BucketHelper", "SnapshotAgent"))
    ],
    "lists of any length": [
        f"copied to {names} at last"
        for names in ("heron", "heron,kestrel,dunlin", "finch,kestrel,heron,alba", "dunlin", "alba")
    ],
    "names of one statement": [f"ward {ward} has no beds left" for ward in WARDS],
}  # fmt: skip
TWO_PROBLEMS = {
    "sentences in calls": repeated(
        "{} ValueError('registry entry missing')", "{} ValueError('birth date in future')"
    ),
    "sentences of scripts without small letters, under any key": [
        *['{"hinweis":"記録が見つかりません"}', '{"hinweis":"生年月日がありません"}'] * 6,
    ],
    "whole messages in quotes, in any script": ["'السجل غير موجود'", "'تاريخ الميلاد مفقود'"],
    "verbs that are in no list": [
        *(f"store {ward} evicted {number} beds" for ward in WARDS for number in range(3)),
        "store north loaded 7 beds",
    ],
    "methods of request lines": repeated(
        '"PUT /fhir/Claim/{} HTTP/1.1" returned 400', '"PATCH /fhir/Claim/{} HTTP/1.1" returned 400'
    ),
    "methods behind a word": repeated(
        'upstream {} late, request "GET /fhir/Claim/{} HTTP/1.1"'.replace("{}", "{0}"),
        'upstream {} late, request "PUT /fhir/Claim/{} HTTP/1.1"'.replace("{}", "{0}"),
    ),
    "words where others have values": repeated("band 7a{} joined", "band at {} percent"),
    "on and off": repeated("swap: on /dev/nvd{}, 57 GB", "swap: off /dev/nvd{}"),
    "values of unlike looks and no words": repeated("{} %", "/srv/in/{}.csv"),
    "inflected words": [
        f"sftp: {user} {verb} page 4"
        for user in ("tobias", "mhale", "lmartin", "oskar")
        for verb in ("uploads", "downloads")
    ],
    "Chinese": repeated("设备 冲压机-{} 已启动", "设备 冲压机-{} 已停止"),
    "methods in single quotes": repeated("'POST /Bed/{}' failed", "'PUT /Bed/{}' failed"),
    "methods under a key": repeated(
        'method="GET" path="/a/{}" denied', 'method="PUT" path="/a/{}" denied'
    ),
    "signs before a word": repeated("+hold on chart {}", "-hold on chart {}"),
    "verbs that are names too": repeated(
        "bed {}: read error at page 4", "bed {}: write error at page 4"
    ),
    "versions of a standard": repeated("no FHIR3 rule for row {}", "no FHIR4 rule for row {}"),
    "labels with a word attached": [
        f"{label}:{word}" for label in ("pumpState", "viewState") for word in WARDS
    ],
    "sentences in German quotes": repeated(
        "Fehler: »Bett {} nicht gefunden«", "Fehler: »Bett {} ist gesperrt«"
    ),
    "methods of other protocols": repeated(
        '"PROPFIND /dav/{} HTTP/1.1" denied', '"MKCOL /dav/{} HTTP/1.1" denied'
    ),
    "states behind a preposition": repeated(
        "saved as preliminary in chart {}", "saved as amended in chart {}"
    ),
    "directions behind a preposition": repeated(
        "moved claim {} from inbox at night", "moved claim {} from outbox at night"
    ),
    "one word in common": ["authd restart completed", "indexd rebuild completed"] * 20,
    "standards": repeated("no ICD10 code in row {}", "no X12 code in row {}"),
    "protocols that differ in a digit": repeated("IPv4 pool {} is full", "IPv6 pool {} is full"),
    "versions of a terminology": repeated(
        "no LOINC2 code in row {}", "no LOINC3 code in row {}"
    ),
    "acronyms that nobody listed": repeated("cannot map CDA2 set {}", "cannot map NCPDP6 set {}"),
    "functions with an offset": repeated(
        "fault in [<ffff0a1b{}>] read_chart+0x1c/0x90", "fault in [<ffff0a1b{}>] free_page+0x4/0x50"
    ),
    "functions with an address": repeated(
        "leak at open_claim@7ffe12ab{} seen", "leak at drop_table@7ffe12ab{} seen"
    ),
    "quoted sentences": repeated(
        "refused: 'coverage {} has ended'", "refused: 'coverage {} was never signed'"
    ),
    "reasons": repeated(
        'import stopped reason="page {} is torn"', 'import stopped reason="page {} is empty"'
    ),
    "whole messages in quotes": repeated('"bed {} taken"', '"bed {} broken"'),
    "JSON under any key": repeated('{{"foo": "Bett {} belegt"}}', '{{"foo": "Bett {} gesperrt"}}'),
    "JSON within JSON": [
        json.dumps({"fault": json.dumps({"hint": f"{what} {number} was not found"})})
        for number in range(12)
        for what in ("ward", "bed")
    ],
    "FHIR outcomes": [
        json.dumps({
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "code": "processing", "diagnostics": text}],
        })
        for number in range(12)
        for text in (f"Coverage {number} lapsed", f"Coverage {number} unsigned")
    ],
    "problem+json": [
        json.dumps({"type": "about:blank", "status": 409, "detail": text})
        for number in range(12)
        for text in (f"Slot {number} taken", f"Slot {number} closed")
    ],
    "requests in quotes with a space inside": repeated(
        "requête « GET /lits/{} HTTP/1.1 » refusée", "requête « PUT /lits/{} HTTP/1.1 » refusée"
    ),
    "sentences in quotes with a space inside": repeated(
        "arrêt : « lit {} introuvable »", "arrêt : « lit {} déjà occupé »"
    ),
    "two words in quotes": repeated('"no bed"', '"no ward"'),
    "two words in French quotes": repeated("« lit perdu »", "« carte perdue »"),
    "JSON lists of sentences": repeated(
        '{{"x-info": {{"y": ["Arzt {} fehlt"]}}}}', '{{"x-info": {{"y": ["Bett {} fehlt"]}}}}'
    ),
    "two words in JSON within JSON": [
        json.dumps({"body": json.dumps({"why": why})}) for why in ("Arzt fehlt", "Bett belegt")
    ] * 12,
    "standards in a compound": repeated(
        "keine ICD10-Zuordnung für Fall {}", "keine ICD11-Zuordnung für Fall {}"
    ),
    "acronyms in a compound": repeated("kein CDA2-Profil in {}", "kein NCPDP6-Profil in {}"),
    "functions of a library": repeated(
        "crash in libhl7.so!read_chart+0x1{}", "crash in libhl7.so!free_page+0x1{}"
    ),
    "functions in angle brackets": repeated(
        "halt at 0x7ffe12ab{} <read_chart+{}>".replace("{}", "{0}"),
        "halt at 0x7ffe12ab{} <free_page+{}>".replace("{}", "{0}"),
    ),
    "objects with an address": repeated(
        "leak of ChartCursor@7ffe12ab{} seen", "leak of LedgerLock@7ffe12ab{} seen"
    ),
    "versions with a dot": repeated("TLSv1.2 refused for {}", "TLSv1.3 refused for {}"),
    "calls with an offset": repeated(
        "fault at Ledger::commit()+0x1{}", "fault at Ledger::rollback()+0x1{}"
    ),
    "calls with an argument beside an address": repeated(
        "fault in commit({}) 0x7ffe12ab", "fault in rollback({}) 0x7ffe12ab"
    ),
    "names behind an address": repeated(
        "count of 0x7ffe12ab{}:bed_slot is zero", "count of 0x7ffe12ab{}:ward_map is zero"
    ),
    "functions at an address with a prefix": repeated(
        "halt in read_chart@0x7ffe12ab{}", "halt in free_page@0x7ffe12ab{}"
    ),
    "objects of a package": repeated(
        "object com.acme.Bed@7ffe12ab{} is locked", "object com.acme.Chart@7ffe12ab{} is locked"
    ),
    "French": repeated("patient {} introuvable", "patient {} décédé"),
    "German": repeated("Akte {} gesperrt", "Akte {} gelöscht"),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_values_of_any_look_make_one_problem(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_words_that_say_what_happened_make_two_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2


def failures(*cases, times=30):
    """Build failures of several error types: one message for each, with a number in it."""
    return frame(*(
        {
            "status": "FAILURE", "id": f"r{number}", "error_type": error_type,
            "error_message": message.replace("%", str(number)),
        }
        for number in range(times)
        for error_type, message in cases
    ))  # fmt: skip


PAIRS = {
    "equal": ("bed % is gone", "bed % is gone"),
    "values only": ("%", "%"),
    "a value in quotes": ("'Anna %'", "'Bert %'"),
    "JSON": ('{"errorMessage": "no bed %"}', '{"errorMessage": "bad date %"}'),
    "a single word in JSON": ('{"x": "gone"}', '{"x": "late"}'),
    "a reason": ('failed reason="gone"', 'failed reason="late"'),
    "German": ("Klinik nicht gefunden", "Geburtsdatum fehlt"),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("hide", [False, True], ids=["plain", "redacted"])
def test_failures_of_different_error_types_are_never_one_problem(pair, hide):
    bulk = failures(("NOT_FOUND", pair[0]), ("INVALID_ARGUMENT", pair[1]), (None, pair[0]))
    shown = cnb.redact(bulk) if hide else bulk
    signed = with_signatures(shown)
    types = signed.group_by("signature").agg(pl.col("error_type").n_unique())
    assert types["error_type"].to_list() == [1] * types.height
    assert types.height == 3
    summary = cnb.failure_signatures(signed)
    assert summary["failures"].to_list() == [30, 30, 30]
    assert sorted(summary["error_types"].to_list()) == [[], ["INVALID_ARGUMENT"], ["NOT_FOUND"]]


def test_an_error_type_is_shown_only_where_the_text_is_not_enough():
    bulk = failures(("NOT_FOUND", "bed % is gone"), ("INTERNAL", "bed % is gone"), ("ABORTED", "x"))
    assert set(with_signatures(bulk)["signature"]) == {
        "bed <number> is gone (error type INTERNAL)",
        "bed <number> is gone (error type NOT_FOUND)",
        "x",
    }


def test_error_types_with_brackets_are_never_one_problem():
    kinds = ("IO", "IO()", "IO (read)", "IO read", "IO)")
    signed = with_signatures(failures(*((kind, "bed % is gone") for kind in kinds)))
    assert signed["signature"].n_unique() == len(kinds)


def test_a_message_that_ends_with_an_error_type_is_not_of_that_type():
    ending = "bed % is gone (error type LOST)"
    plain = "bed % is gone"
    bulk = failures(("LOST", plain), ("LATE", plain), ("X", ending), (None, ending))
    signed = with_signatures(bulk)
    assert signed["signature"].n_unique() == 4
    found = message_values(signed["error_message"], signed["signature"])
    assert found["row"].n_unique() == signed.height


def test_a_word_that_is_text_in_one_error_type_is_a_value_in_another():
    late = [("LATE", f"unit {ward} is late in row %") for ward in WARDS]
    bulk = failures(*late, ("LOST", "unit north is late in row %"), times=3)
    assert set(with_signatures(bulk).select("error_type", "signature").iter_rows()) == {
        ("LATE", "unit <value> is late in row <number>"),
        ("LOST", "unit north is late in row <number>"),
    }


def test_words_of_another_error_type_do_not_make_a_word_a_value():
    kinds = ["denied", "aborted", "exhausted", "refused", "late", "lost", "torn", "void", "full"]
    bulk = failures(*((kind.upper(), f"request {kind}") for kind in kinds), times=3)
    assert set(with_signatures(bulk)["signature"]) == {f"request {kind}" for kind in kinds}
