"""Names of standards with a digit, commands in quotes and functions beside addresses."""

from __future__ import annotations

import polars as pl
import pytest
from support.problems import repeated

from clinia_nb import message_signatures

ONE_PROBLEM = {
    "beds": [f"cot {name} is taken" for name in ("B12", "C3", "D14", "K2") for _ in range(9)],
    "a shop in quotes": [f'no stock at "DEPOT {number}" today' for number in range(20)],
    "beds named like terms": [f"cot {name} is free" for name in ("S3", "B7", "C32", "P12")] * 4,
    "numbers in angle brackets": [
        f"ring for {name} went on"
        for name in ("kiosk<7>", "desk<12>", "41", "108")
        for _ in range(9)
    ],
    "owners with and without a name": [
        f"tray shut by {owner}" for owner in ("(badge 7)", "KIOSK(badge 12)", "DESK(badge: 3)")
    ]
    * 9,
    "rooms": [f"no bell in {room} today" for room in ("R4", "R5", "R7", "L2", "L3", "L9")] * 3,
    "programs": [f"no right to run '{name} /mnt/7'" for name in ("less", "vim", "tail", "cp")] * 5,
    "fields in camel case": [
        f"unknown columns: {', '.join(names)}"
        for names in (["birthDate", "name.given"], ["period.end", "validFrom"], ["a.b", "ward.c"])
    ],
    "versions of one product": [f"NoSQL{number} driver is gone" for number in (3, 4, 5)],
}
TWO_PROBLEMS = {
    "databases": repeated("DB2 cursor {} broke", "PostgreSQL9 cursor {} broke"),
    "buses": repeated("NVMe1 lane {} broke", "SCSI2 lane {} broke"),
    "graphics": repeated("no WebGL2 for pane {}", "no Direct3D for pane {}"),
    "documents": repeated("tray {} is no C-CDA1 file", "tray {} is no C-CDA2 file"),
    "arrays": repeated("raid1 set {} broke", "raid10 set {} broke"),
    "viruses": repeated("no COVID19 swab on tray {}", "no H5N1 swab on tray {}"),
    "gases": repeated("CO2 valve {} shut", "N2O valve {} shut"),
    "runtimes": repeated("Java11 task {} broke", "Java17 task {} broke"),
    "factors": repeated("2FA of desk {} broke", "P12 of desk {} broke"),
    "attacks": repeated("Log4Shell probe at port {}", "Spring4Shell probe at port {}"),
    "verbs of DICOM": repeated('peer broke off "C-MOVE {}"', 'peer broke off "N-CREATE {}"'),
    "verbs of IMAP": repeated("peer broke off 'FETCH {} BODY'", "peer broke off 'APPEND {} x'"),
    "verbs of Redis": repeated('store broke off "ZADD rota:{}"', 'store broke off "LPOP rota:{}"'),
    "methods in brackets": repeated("[PUT] /desk/{} came twice", "[HEAD] /desk/{} came twice"),
    "methods in parentheses": repeated("call (DELETE) {} was late", "call (PATCH) {} was late"),
    "verbs in small letters": repeated("gave up on 'open /mnt/{}'", "gave up on 'append /mnt/{}'"),
    "verbs with a capital": repeated('too late: "Post /desk/{}"', 'too late: "Put /desk/{}"'),
    "frames with addresses": repeated("desk.Open(0x1f{}, 0x2)", "desk.Shut(0x1f{}, ...)"),
    "methods at an address": repeated("in Desk.open@0x1f2e3{}", "in Desk.shut@0x1f2e3{}"),
    "methods of packages at an address": repeated("acme.Desk.a@1f2e3{}", "acme.Desk.b@1f2e3{}"),
    "a function behind a colon": repeated("0x1f2:fill+{} fell", "0x1f2:drain+{} fell"),
    "numbers": repeated("INT32 shelf {} is full", "UINT8 shelf {} is full"),
    "handshakes": repeated("no TLS11 at desk {}", "no TLS12 at desk {}"),
    "a function behind its address": repeated("0x1f2e<fill+{}> fell", "0x1f2e<drain+{}> fell"),
    "releases of FHIR": repeated("gate {} speaks FHIR R4", "gate {} speaks FHIR R5"),
    "bundles of releases": repeated("tray {} is no R3 bundle", "tray {} is no R4 bundle"),
    "caches": repeated("L1 cache of core {} broke", "L2 cache of core {} broke"),
    "logins": repeated("NTLMv1 login at {} broke", "Krb5 login at {} broke"),
    "a term beside an id": repeated("ext4 sweep of {} broke", "zonkfs2 sweep of {} broke"),
    "claims": repeated("no EDI834 part on tray {}", "no EDI278 part on tray {}"),
    "a function in braces": repeated("<1f2e3d{0}>{{fill+{0}}}", "<1f2e3d{0}>{{drain+{0}}}"),
    "a function behind an equals sign": repeated("pc={} fn=fill+0x4", "pc={} fn=drain+0x1"),
    "a function behind a preposition": repeated("halt in fill_tray+{}", "halt in drain_tray+{}"),
    "two words under a key": repeated(
        '{{"note": "cannot dock", "n": {}}}', '{{"note": "already docked", "n": {}}}'
    ),
    "an object of one key": repeated('{{"note": "tray {} went dry"}}', '{{"note": "lid {} fell"}}'),
    "offsets in decimal": repeated("calls: [1a2b3c4d] fill+{}", "calls: [1a2b3c4d] drain+{}"),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_PROBLEM)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_values_make_one_problem(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 1


@pytest.mark.parametrize("case", TWO_PROBLEMS)
@pytest.mark.parametrize("output", ["plain", "redacted"])
def test_words_make_two_problems(case, output, counts):
    assert counts[output][case] == counts[output][f"{case}, often"] == 2


def test_ids_with_a_slash_are_ids_beside_others():
    ids = [f"tray-{number}a" for number in range(30)] + ["store/depot/tray", "store/annex/tray"]
    found = message_signatures(pl.Series([f"no lid on {each} today" for each in ids]))
    assert found.unique().to_list() == ["no lid on <id> today"]
