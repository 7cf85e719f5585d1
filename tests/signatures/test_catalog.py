from __future__ import annotations

import json
import stat

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.examples import examples
from support.frames import frame
from support.message_fresh import fresh

import clinia_nb as cnb
from clinia_nb import SignatureCatalog, message_signatures, with_signatures

NAMES = ["ann", "bob", "cho", "dee", "eve", "fay", "gus", "hal"]


def failing(messages, error_types=None):
    rows = zip(messages, error_types or ["INTERNAL"] * len(messages), strict=True)
    return frame(*(
        {"status": "FAILURE", "id": f"r{at}", "error_message": message, "error_type": kind}
        for at, (message, kind) in enumerate(rows)
    ))  # fmt: skip


def signed(messages, known=None):
    return with_signatures(failing(messages), known=known)["signature"].to_list()


MONDAY = [f"no bed for {name} in ward {ward}" for ward, name in enumerate(NAMES)] + [
    "access is denied"
]
TUESDAY = ["no bed for zoe in ward 7", "access is denied", "request is invalid"]


def test_a_known_problem_keeps_its_signature_and_a_new_one_is_new():
    catalog = SignatureCatalog.from_receipts(failing(MONDAY))
    assert signed(TUESDAY) == [
        "no bed for zoe in ward <number>",
        "access is denied",
        "request is invalid",
    ]
    assert signed(TUESDAY, catalog) == [
        "no bed for <value> in ward <number>", "access is denied", "request is invalid"
    ]  # fmt: skip
    later = SignatureCatalog.from_receipts(failing(TUESDAY), known=catalog)
    assert later.signatures == (*catalog.signatures, "request is invalid")
    assert (len(catalog), len(later)) == (2, 3)


def test_a_catalog_keeps_words_with_digits_that_tell_problems_apart():
    catalog = SignatureCatalog.from_receipts(failing(["no HL7v2 converter for event A01"]))
    other = "no FHIR4 converter for event A00"
    assert signed([other], catalog) == signed([other]) == ["no FHIR4 converter for event <id>"]


def test_two_days_joined_by_signature_lose_no_failure():
    monday = failing(MONDAY)
    catalog = SignatureCatalog.from_receipts(monday)
    days = [cnb.failure_signatures(day, known=catalog) for day in (monday, failing(TUESDAY))]
    both = days[0].join(days[1], on="signature", how="full", coalesce=True)
    assert both["signature"].n_unique() == both.height == 3
    assert both.filter(pl.col("signature").str.starts_with("no bed"))["failures_right"].item() == 1


PRIVATE = [
    "Amara Abadi cancelled visit 3",  # words seen once, wherever they stand
    "visit of Chiara Rossi was moved",
    "consent of May Field expired",  # such words are names if they are capitalized
    "bed lost: gustavsson",
    "DMITRI IVANOV is locked",
    "xeniaYusuf's session was closed",
    "田中様 が見つかりません",
    "name 'Okafor' is too long",  # masked here, and a plain word elsewhere
    *["okafor is locked"] * 5,
    *[f"no right for {name} to write" for name in NAMES],
    *["hal: connection closed"] * 5,
]


@pytest.mark.parametrize("place", ["message", "details"])
def test_a_saved_catalog_holds_no_value_and_no_word_that_may_name_somebody(place, tmp_path):
    bulk = failing(PRIVATE)
    if place == "details":
        inner = [json.dumps([{"message": text}], ensure_ascii=False) for text in PRIVATE]
        bulk = failing(["bad"] * len(PRIVATE)).with_columns(error_details=pl.Series(inner))
    catalog = SignatureCatalog.from_receipts(bulk)
    catalog.save_json(tmp_path / "catalog.json")
    saved = (tmp_path / "catalog.json").read_text(encoding="utf-8")
    names = "amara abadi chiara rossi gustavsson dmitri ivanov xenia yusuf 田中 okafor".split()
    names += ["may", "field"]
    assert not [name for name in (*names, *NAMES) if f"{name}" in saved.lower()]
    assert "connection closed" in saved
    assert stat.S_IMODE((tmp_path / "catalog.json").stat().st_mode) == 0o600
    shown = with_signatures(bulk, known=catalog)["signature"].unique()
    assert shown.str.contains("<value> cancelled visit <number>").any()


def test_words_of_one_system_stay_in_its_catalog():
    catalog = SignatureCatalog.from_receipts(failing(["kubelet: volume 7 lost"] * 2))
    assert catalog.signatures == ("kubelet: volume <number> lost",)


def test_a_message_of_nothing_but_names_is_in_no_catalog():
    catalog = SignatureCatalog.from_receipts(failing(["Amara Abadi", "access is denied"]))
    assert signed(["disk full", "Amara Abadi"], catalog) == ["disk full", "Amara Abadi"]


def test_an_error_type_that_comes_later_is_a_problem_of_its_own():
    catalog = SignatureCatalog.from_receipts(failing(["access is denied"] * 3, ["A"] * 3))
    later = failing(["access is denied"] * 2, ["B", "A"])
    assert with_signatures(later, known=catalog)["signature"].to_list() == [
        "access is denied (error type B)", "access is denied"
    ]  # fmt: skip
    both = SignatureCatalog.from_receipts(later, known=catalog)
    assert with_signatures(later.head(1), known=both)["signature"].to_list() == [
        "access is denied (error type B)"
    ]


def test_a_template_is_known_in_its_error_type_only():
    beds = [f"{bed} crashed" for bed in NAMES]
    catalog = SignatureCatalog.from_receipts(failing(beds, ["BED_LOST"] * 8))
    later = failing(["zoe crashed", "zoe crashed"], ["BED_LOST", "INTERNAL"])
    assert with_signatures(later, known=catalog)["signature"].to_list() == [
        "<value> crashed", "zoe crashed"
    ]  # fmt: skip
    assert message_signatures(pl.Series(["zoe crashed"]), known=catalog).item() == "<value> crashed"


def test_one_name_seen_once_is_no_template_of_all_that_crashed():
    catalog = SignatureCatalog.from_receipts(failing(["infusomat crashed"]))
    assert signed(["infusomat crashed", "patient crashed"], catalog) == [
        "infusomat crashed", "patient crashed"
    ]  # fmt: skip


def test_a_catalog_saved_without_error_types_of_templates_knows_them_in_any():
    saved = HEAD + b'1, "templates": [{"pattern": "<any> crashed", "signature": "<value> crashed"}]'
    catalog = SignatureCatalog.from_json(saved + b', "problems": []}')
    later = failing(["zoe crashed", "bed 7 crashed"], ["INTERNAL", None])
    assert with_signatures(later, known=catalog)["signature"].to_list() == [
        "<value> crashed", "bed <number> crashed"
    ]  # fmt: skip
    assert SignatureCatalog.from_receipts(later[:1], known=catalog).templates.height == 1


def test_nested_messages_are_known_too():
    details = [json.dumps([{"message": f"no right for {name} to write"}]) for name in NAMES]
    bulk = failing(["bad"] * 8).with_columns(error_details=pl.Series(details))
    catalog = SignatureCatalog.from_receipts(bulk)
    assert catalog.signatures == ("bad: no right for <value> to write",)
    assert_frame_equal(with_signatures(bulk[:1], known=catalog), with_signatures(bulk)[:1])


def test_a_catalog_survives_its_file(tmp_path):
    odd = "request is odd é \ue003 <any> 'x'"
    catalog = SignatureCatalog.from_receipts(failing([*MONDAY, odd]))
    catalog.save_json(tmp_path / "a.json")
    assert SignatureCatalog.from_json(tmp_path / "a.json") == catalog
    assert SignatureCatalog.from_json((tmp_path / "a.json").read_bytes()) == catalog
    assert repr(catalog) == "SignatureCatalog(3 signatures, 4 templates)"
    assert SignatureCatalog().merge(catalog) == catalog == catalog.merge(SignatureCatalog())


HEAD = b'{"format": "clinia-nb signature catalog", "version": '


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "is not a signature catalog, or is damaged"),
        (b'{"receipts": []}', "is not a signature catalog"),
        (b"\xff\xfe{", "is not a signature catalog"),
        (HEAD + b'0, "templates": [], "problems": []}', "is not a signature catalog"),
        (HEAD + b'1, "templates": [{"pattern": 7}], "problems": []}', "templates cannot be read"),
        (HEAD + b'2, "anything": 1}', r"format version 2; .* reads up to 1\. Update clinia-nb"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(body, error, tmp_path):
    (tmp_path / "c.json").write_bytes(body)
    with pytest.raises(cnb.CatalogError, match=error) as raised:
        SignatureCatalog.from_json(tmp_path / "c.json")
    assert "c.json" in str(raised.value)
    with pytest.raises(FileNotFoundError):
        SignatureCatalog.from_json(tmp_path / "none.json")


MESSAGES = st.lists(
    st.sampled_from([*MONDAY, *TUESDAY, "a=b", "(x y)", "a -> b", "7", "...", "x: y", "[a, b]"])
    | st.builds(
        "{} {} for {} {}".format,
        st.sampled_from(["read", "write"]), st.sampled_from(["failed", "ended"]),
        st.sampled_from(NAMES), st.integers(0, 9),
    )
    | st.builds(
        "the value is not valid: {}".format,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@examples(5)
@given(MESSAGES, MESSAGES)
def test_what_is_known_never_changes(first, second):
    bulk, later = failing(first), failing(second)
    catalog = SignatureCatalog.from_receipts(bulk)
    grown = SignatureCatalog.from_receipts(later, known=catalog)
    before = [*signed(first, catalog), *signed(second, grown)]
    assert signed(first + second, grown) == before
    assert SignatureCatalog.from_receipts(pl.concat([bulk, later]), known=grown) == grown


def test_two_halves_of_a_system_have_equal_signatures_with_a_catalog():
    made = [message for message, _ in fresh(size=300)["database"]]
    one, other = made[:60], made[60:]
    catalog = SignatureCatalog.from_receipts(failing(one))
    later = SignatureCatalog.from_receipts(failing(other), known=catalog)
    assert signed(one + other, later) == [*signed(one, catalog), *signed(other, later)]


@pytest.mark.parametrize("known", [{}, "signatures.json", pl.DataFrame()])
@pytest.mark.parametrize(
    "sign", [with_signatures, cnb.failure_signatures, SignatureCatalog.from_receipts]
)
def test_what_is_known_is_a_catalog_and_nothing_else(sign, known):
    with pytest.raises(TypeError, match=r"^known is a SignatureCatalog, not \w+\.$"):
        sign(failing(MONDAY), known=known)
