from __future__ import annotations

import io
import json
import pickle
import re
import warnings
from functools import cache
from typing import get_args

import polars as pl
import polars.selectors as cs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support import message_corpora, message_holdout
from support.bulks import generated
from support.examples import examples
from support.frames import at, frame, receipts, shuffled
from support.message_corpora import corpora
from support.message_holdout import holdout

from clinia_nb import BulkResult, parse_receipts
from clinia_nb.analysis.failure_signatures import failure_signatures
from clinia_nb.receipts.fields import FIELDS, SCHEMA, Redaction
from clinia_nb.redaction.pseudonyms import Pseudonyms
from clinia_nb.redaction.redact import redact
from clinia_nb.redaction.vocabulary import Vocabulary
from clinia_nb.signatures.sign import message_signatures, with_signatures

KEY = bytes(range(32))
LETTERS = "[b-df-hjkmnp-tv]{14}"
PSEUDONYM = re.compile(rf"<(\w+):{LETTERS}>")
MASKED_WORD = re.compile(rf"(?:code)?[Ww]ord-{LETTERS}")


def written(redacted):
    """All that a reader of the frame could find, in the two ways of writing it as text."""
    csv, lines = io.BytesIO(), io.BytesIO()
    redacted.with_columns(cs.duration().to_physical()).write_csv(csv)
    redacted.write_ndjson(lines)
    decoded = json.dumps([json.loads(line) for line in lines.getvalue().splitlines()])
    return csv.getvalue().decode() + lines.getvalue().decode() + decoded


def masked_messages(*messages, **options):
    given_ = pl.DataFrame({"error_message": pl.Series(messages, dtype=pl.String)})
    return redact(given_, key=KEY, **options)["error_message"].to_list()


def bare(text):
    return None if text is None else MASKED_WORD.sub("_", PSEUDONYM.sub(r"<\1>", text))


def is_relabeling(one, other):
    """Tell whether equal values of one are where equal values of the other are."""
    pairs = set(zip(one, other, strict=True))
    return len(pairs) == len(set(one)) == len(set(other))


def pseudonyms_in(text):
    return re.findall(rf"\b{LETTERS}\b", text)


def sample(scenario, **options):
    bulk = generated(scenario, **options)
    return parse_receipts(bulk.body, source_key=bulk.source_key, bulk_id=bulk.bulk_id)


@cache
def sample_and_redacted(scenario):
    bulk = sample(scenario)
    return bulk, redact(bulk)


def planted_in(bulk):
    """Ids, and what in messages and details is quoted with a capital or digit, or a long number."""
    ids = {*bulk["id"], *bulk["pipeline_execution_id"].drop_nulls()}
    for text in pl.concat([bulk["error_message"], bulk["error_details"]]).drop_nulls().unique():
        quoted = re.findall(r"'([^']*)'|\\?\"([^\"\\]*)\\?\"", text)
        values = {one or other for one, other in quoted}
        ids |= {value for value in values if re.search("[A-Z].*[a-z]|[0-9]", value)}
        ids |= set(re.findall(r"[0-9a-f]{16}|[0-9]{4,}", text))
    return ids


@pytest.mark.parametrize("scenario", ["mixed", "outage", "retry", "pending", "in_review"])
def test_no_id_and_no_planted_value_of_a_sample_is_found(scenario):
    bulk, redacted = sample_and_redacted(scenario)
    planted = planted_in(bulk)
    text = written(redacted.drop("bulk_id", "received_at", "completed_at", "duration"))
    assert len(planted) > bulk.height
    assert [value for value in planted if value in text] == []
    assert bulk["task_id"][0] not in text


@pytest.mark.parametrize("form", ["parquet", "ipc", "pickle"])
def test_nothing_that_was_masked_is_in_the_bytes_of_a_saved_frame(form):
    rows = [
        {"id": f"mrn.{n}", "type": "Anna Roy 1931-04-05", "task_id": "Zask", "status": "FAILURE",
         "error_type": f"Wexnir {n}", "error_message": f"no bed for Quenzaff{n}"}
        for n in range(20)
    ]  # fmt: skip
    redacted, saved = redact(frame(*rows)), io.BytesIO()
    if form == "pickle":
        saved.write(pickle.dumps(redacted))
    else:
        getattr(redacted, f"write_{form}")(saved, compression="uncompressed")
    assert b"no bed for" in saved.getvalue()
    hidden = (b"mrn.", b"Anna", b"Zask", b"Wexnir", b"Quenzaff")
    assert [secret for secret in hidden if secret in saved.getvalue()] == []


@pytest.mark.parametrize("scenario", ["mixed", "outage", "retry", "pending", "all_well"])
def test_summaries_of_a_redacted_sample_are_those_of_the_original(scenario):
    bulk, redacted = sample_and_redacted(scenario)
    examples = ("example_id", "example_message")
    assert_frame_equal(
        failure_signatures(redacted).drop(examples), failure_signatures(bulk).drop(examples)
    )
    assert_frame_equal(
        with_signatures(redacted).select("signature"), with_signatures(bulk).select("signature")
    )
    assert redacted.schema == bulk.schema
    kept = ("source_key", "bulk_id", "type", "action", "status", "received_at", "completed_at")
    kept += ("duration", "error_type", "error_code", "pipeline_definition_id", "pipeline_status")
    assert_frame_equal(redacted.select(kept), bulk.select(kept))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "systems"),
    [(corpora, list(message_corpora.SYSTEMS)), (holdout, list(message_holdout.SYSTEMS))],
)
def test_nearly_all_messages_of_many_systems_keep_their_signatures(made, systems):
    certain = []
    for rows in made(systems=systems[::5][:2]).values():
        messages = pl.Series([message for message, _ in rows], dtype=pl.String)
        redacted = pl.Series(masked_messages(*messages))
        pairs = pl.DataFrame(
            {"one": message_signatures(redacted), "other": message_signatures(messages)}
        )
        by_one = pl.col("other").n_unique().over("one") == 1
        by_other = pl.col("one").n_unique().over("other") == 1
        assert pairs.select((by_one & by_other).mean()).item() > 0.9
        placeholders = redacted.str.count_matches(r"<\w+(?::\w+)?>").sum()
        certain.append(redacted.str.count_matches(PSEUDONYM.pattern).sum() / placeholders)
    assert sum(certain) / len(certain) > 0.95


def test_a_message_still_reads_as_a_sentence():
    (message,) = masked_messages("resource 'clinic' with id 'r-17' does not exist in 'ehr'")
    assert bare(message) == "resource 'clinic' with id <name> does not exist in 'ehr'"
    assert len(set(pseudonyms_in(message))) == 1


@pytest.mark.parametrize("name", ["Per Abioye", "My Phuong", "Can Ozdemir", "Le Quoc", "An Le"])
@pytest.mark.parametrize(
    "form", ["{} not found", "error: {} is unknown", "({}) is locked", "No match. {} is gone"]
)
def test_a_word_of_grammar_that_begins_a_name_is_masked_like_the_rest(name, form):
    (message,) = masked_messages(form.format(name))
    words = set(re.findall(r"\w+", re.sub(r"<\w+:\w+>", "", message)))
    assert words.isdisjoint(name.split()), message


@pytest.mark.parametrize("before", ["K.", "Dr.", "Mrs.", "Prof."])
@pytest.mark.parametrize("name", ["May", "Nur", "Son"])
def test_a_name_behind_an_abbreviation_begins_no_sentence(before, name):
    (message,) = masked_messages(f"owner {before} {name} is locked")
    assert name not in message


def test_words_of_grammar_that_begin_a_sentence_are_shown():
    (message,) = masked_messages("No permission. The clinic is closed. Is this your record?")
    assert message == "No permission. The clinic is closed. Is this your record?"


NAMES = st.text("bcdfgklmnprstvz", min_size=5, max_size=8).map(str.title)
IDS = st.from_regex("[0-9A-Za-z]{20}[0-9]{7}", fullmatch=True)
VALUES = {
    "'{}'": NAMES | IDS,
    '"{}"': st.tuples(NAMES, NAMES).map(" ".join),
    "{}": IDS
    | st.integers(1_000, 10**12).map(str)
    | NAMES.map(lambda name: f"{name.lower()}@clinic.example")
    | NAMES.map(lambda name: f"/home/{name}/scan.pdf")
    | st.dates().map(str),
}
PARTS = st.sampled_from(list(VALUES)).flatmap(
    lambda shape: VALUES[shape].map(lambda value: (shape.format(value), value))
)
TEMPLATES = [
    "no clinic {}",
    "record {} refers to {}",
    "field {} of {} is not {}",
    "{} is gone",
    "{}",
]


@st.composite
def planted(draw, templates):
    template = draw(st.sampled_from(templates))
    parts = [draw(PARTS) for _ in range(template.count("{}"))]
    return template.format(*(text for text, _ in parts)), {value for _, value in parts}


@st.composite
def planted_bulk(draw, templates):
    """Return a bulk with values planted in all places that can hold one, and these."""
    rows, values = [], set()
    for _ in range(draw(st.integers(1, 8))):
        message, outer = draw(planted(templates))
        inner, nested = draw(planted(templates))
        record, execution, name = draw(IDS), draw(IDS), draw(NAMES)
        details = {"errors": [{"message": inner, record: 1, "n": [name, {"who": execution}]}]}
        values |= {*outer, *nested, record, execution, name}
        ascii_only = draw(st.booleans())
        rows.append(
            {"status": "FAILURE", "id": record, "pipeline_execution_id": execution,
             "task_id": f"s_{record}", "error_message": message, "error_type": "NOT_FOUND",
             "error_details": json.dumps(details, ensure_ascii=ascii_only)}
        )  # fmt: skip
    return frame(*rows), values


@examples(20)
@given(planted_bulk([*TEMPLATES, "{}: {} is gone"]))
def test_nothing_planted_is_found_and_the_schema_stays(made):
    bulk, values = made
    copy = bulk.clone()
    redacted = redact(bulk)
    text = written(redacted)
    assert [value for value in values if value in text] == []
    assert_frame_equal(bulk, copy)
    assert redacted.schema == bulk.schema
    assert redacted.null_count().row(0) == bulk.null_count().row(0)
    for details in redacted["error_details"]:
        (error,) = json.loads(details)["errors"]
        assert len(error) == 3
        assert "message" in error


@examples(10)
@given(planted_bulk(TEMPLATES))
def test_signatures_stay_whatever_is_planted(made):
    bulk, _ = made
    signatures = with_signatures(redact(bulk))["signature"]
    assert is_relabeling(signatures, with_signatures(bulk)["signature"])


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        *("no clinic 7", "a=b", "<id>", "<id:bkfdmtrqvhcgnp>", "(x y)", "a -> b", "k: v", "\ue003"),
        *("\ue00f", "[a, b]", '{"message": "x 7"}', '"message": "\\x"', '{"a":', "null", '"', "\\"),
        *("</script><img onerror=x>", "\u202eabc 1", "a\0b 7 c", "x " * 3_000, "7 a " * 900),
        *("a 1 b a 1 b " * 20, "Anna", "ANNA", "١٢٣ مريض", "患者 7 が見つからない"),
    ]
)


@examples(20)
@given(st.lists(st.tuples(st.none() | HOSTILE, st.none() | HOSTILE), max_size=8))
def test_hostile_texts_stay_apart_and_become_no_others_when_masked_again(rows):
    bulk = frame(*({"error_message": one, "error_details": other} for one, other in rows))
    redacted = redact(bulk, key=KEY)
    assert redacted.schema == bulk.schema
    assert redacted.null_count().row(0) == bulk.null_count().row(0)
    messages = redacted["error_message"]
    signatures = message_signatures(messages)
    assert [text is None for text in signatures] == [not text for text in messages]
    again = redact(redacted, key=KEY)["error_message"]
    assert is_relabeling(message_signatures(again), signatures)


@examples(10)
@given(receipts(), st.integers(0, 99))
def test_rows_are_redacted_alike_in_any_order_and_lazily(bulk, seed):
    redacted = redact(bulk, key=KEY)
    mixed = shuffled(bulk.with_row_index("row"), seed)
    assert_frame_equal(redact(mixed.drop("row"), key=KEY), redacted[mixed["row"].to_list()])
    assert_frame_equal(redact(bulk.lazy(), key=KEY), redacted)
    assert is_relabeling(redacted["status"], bulk["status"])


def test_equal_values_are_equal_in_all_columns_and_frames_of_one_key():
    row = {"status": "FAILURE", "id": "r17", "task_id": "r17", "pipeline_execution_id": "r18"}
    details = [{"message": "record r17 refused", "value": "r17"}, {"limit": 17}, {"value": "17"}]
    bulk = frame(
        {**row, "error_message": "no record 'r17' for r18", "error_details": json.dumps(details)}
    )
    redacted = redact(bulk, key=KEY)
    (first,) = pseudonyms_in(redacted["id"][0])
    (second,) = pseudonyms_in(redacted["pipeline_execution_id"][0])
    assert redacted["id"][0] == redacted["task_id"][0] == f"id-{first}"
    assert redacted["error_message"][0] == f"no record <name:{first}> for <id:{second}>"
    message, limit, number = json.loads(redacted["error_details"][0])
    assert message == {"message": f"record <id:{first}> refused", "value": f"<value:{first}>"}
    assert pseudonyms_in(limit["limit"]) == pseudonyms_in(number["value"]) != [first]
    other = redact(frame({"id": "r18"}, {"id": "r17"}), key=KEY)["id"].to_list()
    assert other == [f"id-{second}", f"id-{first}"]


def test_other_keys_give_other_pseudonyms_and_by_default_each_key_is_new():
    bulk = frame({"id": "1", "error_message": "no record '1'"})
    results = [redact(bulk, key=KEY), redact(bulk, key=KEY[::-1]), redact(bulk), redact(bulk)]
    for column in ("id", "error_message"):
        assert len({redacted[column][0] for redacted in results}) == 4


def test_a_million_values_have_a_million_pseudonyms():
    values = pl.select(pl.format("{}", pl.int_range(1_000_000))).to_series()
    assert Pseudonyms(KEY).of(values).n_unique() == 1_000_000


@pytest.mark.parametrize("values", [["a", None, "b", "a"], [None, None], [], ["a"] * 9 + [None]])
def test_few_and_many_values_have_the_same_pseudonyms(values):
    given_ = pl.Series(values, dtype=pl.String)
    found = Pseudonyms(KEY).of(given_)
    alone = {value: Pseudonyms(KEY).of(pl.Series([value], dtype=pl.String))[0] for value in values}
    assert found.to_list() == [alone[value] for value in values]


@pytest.mark.parametrize("key", [b"", b"short", bytes(65)])
def test_keys_that_are_too_short_or_too_long_are_refused(key):
    with pytest.raises(ValueError, match="16 to 64"):
        redact(frame(), key=key)


def test_values_of_many_placeholders_are_masked_together(monkeypatch):
    """A call takes as long for one value as for a thousand."""
    calls, known = [], Vocabulary.names_nobody

    def counted(vocabulary, values):
        calls.append(values)
        return known(vocabulary, values)

    monkeypatch.setattr(Vocabulary, "names_nobody", counted)
    texts = [";".join(f"k{at}={at + 7}" for at in range(count)) for count in range(1, 90)]
    masked = redact(frame(*({"error_message": text} for text in texts)), key=KEY)["error_message"]
    assert masked.n_unique() == len(texts)
    assert len(calls) < 60


def test_values_that_cannot_be_told_apart_are_one():
    certain = "no access to 'Quen' of 'Zaff' today"
    ambiguous = "no access to 'head of unit' of 'Zaff' today"
    other = "no access to 'head of state' of 'Zaff' today"
    one, two, three = masked_messages(certain, ambiguous, other)
    assert len(pseudonyms_in(one)) == 2
    assert bare(two) == bare(three) == bare(one)
    assert len(pseudonyms_in(two)) == len(pseudonyms_in(three)) == 1
    assert two != three


def test_a_word_stays_only_if_it_is_known_however_many_records_share_it():
    message = "record Anna Müller is missing"
    for records in (1, 12, 300):
        masked = masked_messages(*[message] * records)
        assert {bare(text) for text in masked} == {"record _ _ is missing"}
    assert masked_messages(message, "record Anna is missing")[1].split()[1] in masked[0]


def test_a_word_of_a_shared_message_is_masked_in_a_rare_one_too():
    common = ["the quorum of Quenzaff is lost"] * 40
    assert bare(masked_messages(*common, "Quenzaff lost Anna")[-1]) == "_ lost _"


def test_words_that_are_names_too_stay_in_lower_case_only():
    assert bare(masked_messages("wait for Field to open")[0]) == "wait for _ to open"
    assert bare(masked_messages("wait for field to open")[0]) == "wait for field to open"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("card TREM 5001 0112 expired", "card _ <number> expired"),
        ("no account roy@host here", "no account _@host here"),
        ("HL7v2 mapping of segment is missing", "HL7v2 mapping of segment is missing"),
        ("Anna\u200bRoy is unknown", "_ is unknown"),
        ("\U000e0041\U000e006e is unknown", "_ is unknown"),
    ],
)
def test_words_of_every_form_are_masked(message, expected):
    assert bare(masked_messages(message)[0]).replace("<id>", "HL7v2") == expected


def test_what_the_user_keeps_stays():
    messages = ["Quenzaff refused record 'x.2' of Anna"]
    assert bare(masked_messages(*messages)[0]) == "_ refused record <name> of <value>"
    kept = masked_messages(*messages, keep=["Quenzaff", "x.2"])
    assert bare(kept[0]) == "Quenzaff refused record 'x.2' of <value>"
    bulk = pl.DataFrame({"type": ["quenzaff-import", "clinic.99999"]})
    assert redact(bulk, keep=["quenzaff", "clinic.99999"])["type"].to_list() == [
        "quenzaff-import",
        "clinic.99999",
    ]
    with pytest.raises(TypeError, match="list of words"):
        redact(bulk, keep=[3])


def test_different_problems_stay_apart():
    messages = ["Klinik nicht gefunden", "Geburtsdatum fehlt", "Zyrkel verquast", "Quabbel brotzt"]
    messages += ["no zyrkel", "no quabbel", "不明 行方", "取得 失敗"]
    assert message_signatures(pl.Series(masked_messages(*messages * 20))).n_unique() == 8


def test_ids_of_letters_only_and_digits_of_other_scripts_are_masked():
    bulk = pl.DataFrame({
        "id": ["anna-roy", "Ben Cho", "clinic"] + [f"r{at_}" for at_ in range(20)],
        "type": "clinic",
        "error_message": "clinic of anna-roy and not of Ben Cho has code ٣٤",
    })  # fmt: skip
    redacted = redact(bulk)
    (message,) = {bare(text) for text in redacted["error_message"]}
    assert message == "clinic of _-_ and not of <value> has code _"
    assert "anna" not in written(redacted)


def test_quoted_labels_are_masked_unless_they_are_known():
    labels = ['"Anna Roy": not found', '{"birthDate": "so", "given  name": 7}'] * 10
    assert [bare(text) for text in masked_messages(*labels)[:2]] == [
        "_ _: not found", '{birthDate: "so", given name: <number>}'
    ]  # fmt: skip


def test_details_keep_their_shape():
    details = {
        "code": 404, "type": "NOT_FOUND", "ok": True, "none": None, "list": [], "blank": "",
        "inner": [[{"message": "no clinic 'r\\u0031\\n'", "code": 9999, "type": "Anna Roy"}]],
        "r17": -1.5e3, "Anna Roy": {"message": ["Anna"]}, "anna": 'x"y\\z',
    }  # fmt: skip
    bulk = frame({"id": "anna", "error_details": json.dumps(details, indent=1)})
    redacted = redact(bulk, key=KEY)["error_details"].item()
    assert json.loads(PSEUDONYM.sub(r"<\1>", redacted), object_pairs_hook=list) == [
        ("code", 404), ("type", "NOT_FOUND"), ("ok", True), ("none", None), ("list", []),
        ("blank", ""),
        ("inner", [[[("message", "no clinic <name>"), ("code", "<number>"), ("type", "<value>")]]]),
        ("<value>", "<number>"), ("<value>", [("message", ["<value>"])]), ("<value>", "<value>"),
    ]  # fmt: skip
    assert not re.search("anna|roy|r17|9999", redacted, re.IGNORECASE)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ("Anna Roy, 12", '"<value>"'),
        ('"<Anna>"', '"<value>"'),
        ("[1, 2", '["<number>", "<number>"'),
        ("", ""),
        ("{}", "{}"),
        ('{"a": "open', '"<value>"'),
        ('Anna "message": "no clinic 7"', '"<value>" "message": "no clinic <number>"'),
        ('{"message": "\\ud800 7"}', '{"message": "? <number>"}'),
        ('{"message": "\\x 7"}', '{"message": "\\\\_ <number>"}'),
    ],
)
def test_details_that_are_no_json_show_nothing(details, expected):
    redacted = redact(pl.DataFrame({"error_details": [details]}))["error_details"].item()
    assert bare(redacted) == expected


def test_keys_that_read_as_text_are_masked():
    bulk = frame(
        {"type": "clinic.2", "error_type": "Anna Roy was refused", "pipeline_status": ""},
        {"type": "patient-1234", "error_type": "NOT_FOUND", "pipeline_status": "a@b.example"},
    )
    redacted = redact(bulk, key=KEY)
    assert redacted["type"][0] == "clinic.2"
    assert redacted["error_type"][1] == "NOT_FOUND"
    assert redacted["pipeline_status"][0] == ""
    for value in (redacted["error_type"][0], redacted["type"][1], redacted["pipeline_status"][1]):
        assert re.fullmatch(f"value-{LETTERS}", value)


def test_columns_that_are_not_known_show_nothing():
    bulk = pl.DataFrame({
        "id": [1, 2],
        "nurse": ["Anna", "Anna"],
        "ward": pl.Series(["A", "B"], dtype=pl.Categorical),
        "sex": pl.Series(["f", "m"], dtype=pl.Enum(["f", "m"])),
        "born": [at(0), at(1)],
        "tags": [["x"], []],
        "late": [True, None],
        "error_code": [404, None],
        "received_at": ["Anna's birthday", None],
    })  # fmt: skip
    with pytest.warns(UserWarning, match=r"id, sex, born, tags\."):
        redacted = redact(bulk, key=KEY)
    assert redacted.schema == bulk.schema
    empty = ["id", "sex", "born", "tags"]
    assert redacted.select(empty).null_count().row(0) == (2, 2, 2, 2)
    assert_frame_equal(redacted.select("late", "error_code"), bulk.select("late", "error_code"))
    assert redacted["nurse"].n_unique() == 1
    assert redacted["ward"].n_unique() == 2
    assert "Anna" not in written(redacted.drop("tags"))


def test_any_frame_and_a_bulk_are_redacted():
    bulk = BulkResult.from_receipts(
        frame({"error_message": "no bed for Anna Roy"}), source_key="s", bulk_id="b"
    )
    expected = redact(bulk.receipts, key=KEY)["error_message"].to_list()
    for same in (bulk, bulk.receipts.to_pandas(), bulk.receipts.to_arrow(), bulk.receipts.lazy()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of columns that pandas has no dtype for
            assert redact(same, key=KEY)["error_message"].to_list() == expected
    with pytest.raises(TypeError, match="not list") as caught:
        redact([{"id": "Anna"}])
    assert "Anna" not in str(caught.value)


@pytest.mark.parametrize("name", ["received_at", "completed_at", "duration", "error_code"])
@pytest.mark.parametrize("odd", [["Anna"], {"of": "Anna"}, b"Anna", 7.5, True])
def test_a_time_or_code_stays_only_if_it_can_be_one(name, odd):
    bulk = pl.DataFrame({name: [odd]})
    if isinstance(odd, float | bool):
        assert_frame_equal(redact(bulk), bulk)
        return
    with pytest.warns(UserWarning, match=name):
        assert redact(bulk)[name].to_list() == [None]


def test_signatures_that_are_there_are_made_anew():
    bulk = with_signatures(frame({"status": "FAILURE", "error_message": "no bed for Anna Roy"}))
    redacted = redact(bulk)
    assert [bare(text) for text in redacted["signature"]] == ["no bed for <value>"]
    assert redacted.schema == bulk.schema
    lone = redact(pl.DataFrame({"signature": ["no bed for Anna"]}))["signature"].item()
    assert re.fullmatch(f"value-{LETTERS}", lone)


def test_nothing_gives_nothing_of_the_same_columns():
    for bulk in (frame(), frame({}), frame({"error_message": "  ", "id": ""}), pl.DataFrame()):
        redacted = redact(bulk)
        assert redacted.schema == bulk.schema
        assert redacted.null_count().rows() == bulk.null_count().rows()


def test_every_column_has_a_class_and_each_class_hides_a_planted_name():
    assert {field.redaction for field in FIELDS} <= set(get_args(Redaction))
    texts = [f.name for f in FIELDS if f.redaction not in {"request", "value"}]
    assert texts
    for name in texts:
        dtype = SCHEMA[name]
        redacted = redact(pl.DataFrame({name: pl.Series(["Anna Roy"], dtype=dtype)}))[name].item()
        assert redacted
        assert "Anna" not in redacted
        assert "Roy" not in redacted
    kept = [f for f in FIELDS if f.redaction == "value"]
    assert not any(isinstance(field.dtype, pl.String | pl.Categorical) for field in kept)


@pytest.mark.parametrize("dtype", [pl.Int16, pl.Int32, pl.Int64, pl.UInt32, pl.Float64])
def test_error_codes_of_more_than_three_digits_become_null(dtype):
    codes = pl.Series([404, 0, 999, 1000, 5001, 20_931, None], dtype=dtype)
    redacted = redact(pl.DataFrame({"error_code": codes}))["error_code"]
    assert redacted.dtype == dtype
    assert redacted.to_list() == [404, 0, 999, None, None, None, None]
    if dtype.is_signed_integer():
        assert redact(pl.DataFrame({"error_code": -codes}))["error_code"].null_count() == 4


@pytest.mark.parametrize("code", ["5001", "20931044"])
def test_error_codes_that_are_text_are_masked_too(code):
    redacted = redact(pl.DataFrame({"error_code": ["404", code]}))["error_code"].to_list()
    assert code not in redacted
    assert None not in redacted


def test_a_column_that_must_be_emptied_is_named_in_a_warning():
    bulk = pl.DataFrame({"id": ["r1"], "born": [at(0)], "nurse": ["Anna"], "late": [True]})
    with pytest.warns(UserWarning, match=r"cannot be masked.*: born\.") as caught:
        redacted = redact(bulk)
    assert len(caught) == 1
    assert redacted["born"].item() is None
    assert re.fullmatch(f"value-{LETTERS}", redacted["nurse"].item())
    without = redact(bulk.with_columns(born=pl.lit(None, dtype=pl.Datetime("us", "UTC"))))
    assert without.schema["born"] == pl.Datetime("us", "UTC")
