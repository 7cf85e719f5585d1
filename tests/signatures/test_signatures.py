from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.examples import examples
from support.frames import at, frame, receipts, shuffled
from support.grouping import mean_accuracy, rows_of, stability, unstable
from support.message_corpora import corpora
from support.message_fresh import fresh
from support.message_halves import halves
from support.message_holdout import holdout
from support.message_unseen import unseen

from clinia_nb import parse_receipts
from clinia_nb.analysis.failure_signatures import failure_signatures
from clinia_nb.errors import MissingColumnError
from clinia_nb.sandbox.generator import generate_bulk
from clinia_nb.signatures import by_form
from clinia_nb.signatures.by_form import mask, show_placeholders
from clinia_nb.signatures.sign import message_signatures, with_signatures
from clinia_nb.signatures.steps import applied, chained, needed

SCHEMA = {
    "signature": pl.String, "failures": pl.UInt32, "share": pl.Float64, "records": pl.UInt32,
    "error_types": pl.List(pl.String), "error_codes": pl.List(pl.Int32),
    "types": pl.List(pl.String), "first_seen": pl.Datetime("us", "UTC"),
    "last_seen": pl.Datetime("us", "UTC"), "concentration": pl.Float64,
    "example_id": pl.String, "example_message": pl.String,
}  # fmt: skip


def signed(*messages):
    return message_signatures(pl.Series(messages, dtype=pl.String)).to_list()


MASKED = {
    "no clinic 2wil2zeXT0V0wAw25pb9Xqha5qw": "no clinic <id>",
    "no clinic 7f9c24e8-3b1a-4c5d-9e8f-1a2b3c4d5e6f here": "no clinic <id> here",
    "took 12ms, then 1.5 s, then 00:01:22": "took <duration>, then <duration>, then <time>",
    "read 1,024 bytes of 3 MB": "read <size> of <size>",
    "at 2025-05-06T11:47:51.654Z it ended": "at <time> it ended",
    "since Mon Mar  9 21:04:17 2026 down": "since <time> down",
    "from 10.0.0.7:443 to fe80::1ff:fe23:4567:890a%eth2": "from <ip> to <ip>",
    "from [::1]:443 and fd00:12:abfd:f9d7 now": "from <ip> and <ip> now",
    "link xe-1/0/4 is 95 % used": "link <id> is <number> used",
    "sum IbNqG9KwEVGMNF1l0EkthQ== differs": "sum <id> differs",
    "sum +bNqG9KwEVGM/F1l0EkthQ== differs": "sum <id> differs",
    "mac 00:1A:2B:3C:4D:5E seen": "mac <id> seen",
    "mail to ann.lee@clinic.example bounced": "mail to <email> bounced",
    "see https://docs.example/a?b=c#d now": "see <url> now",
    "cannot open /var/lib/x/7.json today": "cannot open <path> today",
    r"cannot open C:\Data\x.json today": "cannot open <path> today",
    "field 'given name' of \"St. Mary's\" is empty": "field <name> of <name> is empty",
    "le patient «Anne Roy» est absent": "le patient <name> est absent",
    "client's request can't be read": "client's request can't be read",
    "user=ann host= code=(null) done": "user=<value> host=<value> code=<value> done",
    "host db-1.acme.example:5432 is down": "host <id> is down",
    "org.acme.io.BrokenPipe: it is gone": "org.acme.io.BrokenPipe: it is gone",
    "loading org.acme.io.Pipe from north.acme": "loading <name> from <name>",
    "delete [a, b, c] failed": "delete <list> failed",
    "state moved RUNNING -> FAILED at last": "state moved <value> at last",
    "em2: link up, em3: link down": "<id>: link up, <id>: link down",
    "error 0xDEADBEEF in module": "error <id> in module",
    "retry 3 of 5 sample(s)": "retry <number> of <number> samples",
    'level=warn msg="probe failed" pod=a/b': "level=<value> msg probe failed pod=<value>",
    '{"code": 7, "with": "so"}': "{code: <number>, with: <name>}",
    "予約R72309525を登録しました": "予約<id>を登録しました",
    "due on March 7th, 2026 at 3:04 PM": "due on <time> at <time>",
    "due 2nd of May 2026, it came Sat 2026-03-07 15:04:03 CET": "due <time>, it came <time>",
    "open since 3rd of June, until 5 of April, 2026": "open since <time>, until <time>",
    "order 9 of May Field is void": "order <number> of May Field is void",  # names, and no days
    "order 12 of Jan van Dijk is void": "order <number> of Jan van Dijk is void",
}


@pytest.fixture(scope="module")
def masked():
    """Mask all at once, and again what came out: the rules are compiled for each frame."""
    once = pl.DataFrame({"before": list(MASKED)}).with_columns(
        after=show_placeholders(mask(pl.col("before")))
    )
    twice = once.select("before", "after", again=show_placeholders(mask(pl.col("after"))))
    return {before: (after, again) for before, after, again in twice.iter_rows()}


@pytest.mark.parametrize(("message", "signature"), MASKED.items())
def test_values_are_told_by_their_form(message, signature, masked):
    assert masked[message] == (signature, signature)


def test_words_that_vary_are_values_and_words_that_recur_are_not():
    users = ["ann", "bob", "cho", "dee", "eve", "fay", "gus", "hal"]
    opened = [f"session opened for {user} by gate" for user in users]
    closed = [f"session closed for {user} by gate" for user in users]
    signatures = signed(*opened, *closed)
    assert set(signatures[:8]) == {"session opened for <value> by gate"}
    assert set(signatures[8:]) == {"session closed for <value> by gate"}


def test_four_words_that_recur_are_values_unless_they_say_what_happened():
    def each(template, *words):
        return [template.format(word, number) for word in words for number in range(5)]

    kinds = each("rack {1} takes {0} tubes", "serum", "plasma", "saliva", "urine")
    verbs = each("claim {1} {0} today", "accepted", "held", "returned", "settled")
    first = each("{0} {1} is lost", "Marker", "Decoder", "Sampler", "Printer")
    assert set(signed(*kinds)) == {"rack <number> takes <value> tubes"}
    assert len(set(signed(*kinds[:15]))) == 3  # three may be three events
    assert len(set(signed(*verbs))) == len(set(signed(*first))) == 4


@pytest.mark.parametrize("before", ["claim {} rejected", "Auftrag {} storniert", "halt {}, reason"])
def test_what_follows_a_failure_and_a_colon_is_a_cause_if_it_recurs(before):
    causes, names = ["overload", "duplicate", "shutdown", "timeout"], ["ann", "bob", "cho", "dee"]
    recurring = [f"{before.format(n)}: {cause}" for cause in causes for n in range(5)]
    assert len(set(signed(*recurring, f"{before.format(9)}: closed"))) == 5
    assert len(set(signed(*(f"{before.format(7)}: {name}" for name in names)))) == 1


def test_the_same_few_words_in_two_templates_are_values():
    kinds = ["visa", "amex", "interac", "debit"]
    signatures = signed(
        *(f"{kind} payment was refused" for kind in kinds * 3),
        *(f"{kind} refund came too late today" for kind in kinds * 3),
    )
    assert set(signatures) == {
        "<value> payment was refused", "<value> refund came too late today"
    }  # fmt: skip


def test_most_of_the_same_few_words_in_two_templates_are_values():
    kinds = ["visa", "amex", "interac", "debit", "giro"]
    signatures = signed(
        *(f"group {kind}: payment was refused" for kind in kinds[:4] * 3),
        *(f"group {kind}: refund came too late today" for kind in kinds * 3),
    )
    assert set(signatures) == {
        "group <value>: payment was refused", "group <value>: refund came too late today"
    }  # fmt: skip
    unlike = [f"group {kind}: payment was refused" for kind in ["fees", "tips", "visa"] * 3]
    assert len(set(signed(*unlike, *(f"the {kind} came too late" for kind in kinds * 3)))) > 3


def test_a_word_is_known_as_a_value_whatever_follows_it():
    kinds = ["claims", "labs", "letters", "notes", "orders", "vitals"]
    users = ["okafor", "lindqvist", "tremblay", "haddad"]
    signatures = signed(
        *(f"queue {kind} opened by {user}" for kind in kinds for user in users),
        *(f"capacity {kind}: {number} of 9 taken" for kind in kinds for number in range(4)),
    )
    assert set(signatures) == {
        "queue <value> opened by <value>", "capacity <value>: <number> of <number> taken"
    }  # fmt: skip


def test_values_that_are_equally_often_are_not_the_core_of_a_template():
    kinds = ["claims", "labs", "letters", "notes", "orders", "vitals"]
    users = ["okafor", "lindqvist", "tremblay", "haddad"]
    rare = "queue scans opened by petrova"
    signatures = signed(
        rare,
        *(f"queue {kind} opened by {user}" for kind in kinds for user in users),
        *(f"queue {kind} closed by {user}" for kind in kinds[:3] for user in users * 2),
        *(f"ward {number} taken by {user}" for number in range(30) for user in users),
        *["queue scans closed by okafor", "queue labs opened by petrova"] * 3,
    )
    assert set(signatures) == {
        "queue <value> opened by <value>",
        "queue <value> closed by <value>",
        "ward <number> taken by <value>",
    }


def test_methods_of_requests_stay_apart_in_every_statement():
    ends = ("timed out", "refused connection", "closed early", "sent nothing")
    methods = ("GET", "POST", "PUT", "DELETE")
    messages = [
        f'gate {end}, request "{method} /fhir/Claim/{number} HTTP/1.1"'
        for number in range(6) for end in ends for method in methods
    ]  # fmt: skip
    assert len(set(signed(*messages))) == 16


def test_one_word_that_is_a_method_too_is_a_value_among_many_others():
    commands = ["RCPT", "EHLO", "DATA", "AUTH", "QUIT", "RSET", "CONNECT"]
    assert set(signed(*(f"relay lost after {word} from 10.0.0.7" for word in commands * 3))) == {
        "relay lost after <value> from <ip>"
    }
    assert len(set(signed(*(f"relay {word} was slow" for word in ["GET", "GET", "DELETE"])))) > 1


def test_a_rare_number_among_ids_does_not_rename_them():
    ids = ["4f65", "5c21", "7afb", "9b4c", "1d0e", "e53a"] * 20
    assert set(signed(*(f"bus {one} halted now" for one in ids))) == {"bus <id> halted now"}
    assert set(signed(*(f"bus {one} halted now" for one in [*ids, "5188"]))) == {
        "bus <id> halted now"
    }


def test_a_few_values_of_another_look_do_not_rename_a_placeholder():
    usual = [f"[{number:03x}a1] ring {number} stalled" for number in range(40)]
    assert set(signed(*usual)) == {"[<id>] ring <number> stalled"}
    assert set(signed(*usual, "[cafe] ring 7 stalled", "[dead] ring 9 stalled")) == {
        "[<id>] ring <number> stalled"
    }


def test_values_of_two_looks_have_a_name_that_no_share_decides():
    hosts = [f"link to 10.0.0.{number} is down" for number in range(20)]
    for others in (2, 20, 60):
        names = [f"link to db-{number}.acme.example is down" for number in range(others)]
        assert set(signed(*hosts, *names)) == {"link to <value> is down"}


def test_a_few_words_among_ids_are_ids():
    ids = [f"slot {number:02x}b{number} is free again" for number in range(30)]
    assert set(signed(*ids, *["slot decaf is free again"] * 3)) == {"slot <id> is free again"}
    words = [f"slot {word} is free again" for word in ("amber", "onyx", "ruby", "jade") * 4]
    assert set(signed(*ids, *words)) == {"slot <value> is free again"}


def test_a_colon_behind_a_value_stays_whatever_the_value_looks_like():
    fields = ["birthDate", "name", "Patient.name[3].value", "gender", "photo", "link", "contact"]
    assert set(signed(*(f"{field}: it is missing" for field in fields * 2))) == {
        "<value>: it is missing"
    }


def test_a_colon_or_brackets_stay_whichever_look_most_values_have():
    places = [f"bed {bed} of 10.0.0.{bed}: torn" for bed in range(9)]
    names = [f"bed 7 of {name}: torn" for name in ("mira", "tobias", "lea", "omar", "jon") * 2]
    assert set(signed(*places, *names, *places)) == {"bed <number> of <value>: torn"}
    assert set(signed(*places, *names, *names)) == {"bed <number> of <value>: torn"}
    threads = [f"{thread} lost its bed" for thread in ("[main]", "[pool-1]", "[io-7]", "[init]")]
    assert set(signed(*threads)) == {"[<value>] lost its bed"}


def test_a_bracket_is_closed_where_more_values_follow_it():
    assert set(signed(*(f"fault in drain({n}) 0x7ffe{n} now" for n in range(9)))) == {
        "fault in drain(<number>) now"
    }
    assert set(signed(*(f"[{n}] <7f{n}> halted" for n in range(9)))) == {"[<number>] halted"}


def test_the_text_of_a_signature_is_that_of_most_messages_piece_by_piece():
    users = ["ann", "bob", "cho", "dee", "eve", "fay", "gus", "hal", "ida"]
    plain = [f"bed {user} lost its lamp" for user in users]
    assert set(signed(*plain, "bed (joe) lost its lamp")) == {"bed <value> lost its lamp"}


def test_a_quoted_sentence_that_is_seen_once_is_a_value_among_quoted_values():
    values = [f"row {row} rejected, preview 'x{row}'" for row in range(12)]
    assert set(signed(*values, "row 5 rejected, preview 'the old bed is gone'")) == {
        "row <number> rejected, preview <name>"
    }


def test_a_quoted_sentence_that_recurs_is_text_among_quoted_values():
    values = [f"refused: 'x{number}'" for number in range(30)]
    sentences = [f"refused: 'bed {number} was never made'" for number in range(12)]
    assert set(signed(*values, *sentences)) == {
        "refused: <name>", "refused: bed <number> was never made"
    }  # fmt: skip


def test_names_with_and_without_a_digit_are_alike_in_messages_without_words():
    readings = ["pump7.flow=4.2", "Pump.flow=11", "Boiler_2.temp=80"]
    assert set(signed(*readings)) == {"<id>=<number>"}
    assert set(signed("[bed7] 0x1f", "[bed.east] 0x2c")) == {"[<id>] <id>"}
    assert signed("'Ward East'", "17") == ["<name>", "<number>"]


def test_messages_without_words_and_without_anything():
    assert signed(None, "", "  ", "42", "...") == [None, None, None, "<number>", "..."]
    assert message_signatures(pl.Series([], dtype=pl.String)).to_list() == []
    assert message_signatures(pl.Series("m", [None], dtype=pl.Null)).to_list() == [None]


def test_a_long_message_counts_by_its_beginning():
    first, second = signed("lost " + "word " * 3_000 + "a", "lost " + "word " * 3_000 + "b")
    assert first == second


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["no clinic 7", "no clinic 'x'", "a=b", "<id>", "(x y)", "a -> b", "k: v", "\ue003", "[a, b]"]
)
# Which characters count as those of words, of spaces and of digits, with and without Unicode.
PLAIN_TEXTS = st.text(
    st.characters(max_codepoint=0x7F) | st.sampled_from("aA_0 -.:=()[]{}\"'\ue003\ue005\ue01c"),
    max_size=60,
)


@pytest.fixture(scope="module")
def written():
    return [message for rows in corpora(size=60).values() for message, _ in rows]


@examples(10)
@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
def test_a_step_changes_no_text_without_a_piece_it_needs(written, texts):
    odd = ["it is undefined", "'x'.name is gone"]
    rows = pl.DataFrame({"text": [*MASKED, *written, *odd, *texts]})
    for step in by_form.STEPS:
        after = rows.with_columns(pl.col("text").str.replace_all(step.pattern, step.replacement))
        changed = rows.filter(rows["text"] != after["text"])["text"]
        assert not step.needs or changed.str.contains_any(list(step.needs)).all(), step
        rows = after


@examples(10)
@given(texts=st.lists(TEXTS, min_size=1, max_size=20), plain=st.lists(PLAIN_TEXTS, max_size=20))
def test_few_texts_are_read_as_many_are(written, texts, plain):
    real = [message for message in (*MASKED, *written) if message.isascii()]
    for some in (texts, [*real[:300], *plain]):
        rows = pl.DataFrame({"text": some})
        expected = rows.select(chained(pl.col("text"), by_form.STEPS)).to_series()
        assert applied(rows["text"], by_form.STEPS).equals(expected)
    for step in by_form.STEPS:
        (few,) = needed((step._replace(needs=""),), rows["text"])
        first, second = (chained(pl.col("text"), (each,)) for each in (step, few))
        assert rows.select((first == second).all()).item(), step


@examples(10)
@given(st.lists(st.none() | TEXTS, max_size=20), st.randoms(use_true_random=False))
def test_a_signature_is_its_own_signature_and_order_does_not_matter(messages, chance):
    signatures = signed(*messages)
    assert signed(*signatures) == signatures
    order = list(range(len(messages)))
    chance.shuffle(order)
    assert signed(*(messages[i] for i in order)) == [signatures[i] for i in order]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "grouped", "stable"),
    [
        (corpora, 0.88, 0.92),
        (holdout, 0.92, 0.96),
        (fresh, 0.99, 0.995),
        (halves, 0.97, 0.96),
        (unseen, 0.92, 0.965),
    ],
)
def test_labelled_messages_of_many_systems_fall_into_their_groups(made, grouped, stable):
    rows = rows_of(dict(list(made(size=150).items())[:12]))
    assert mean_accuracy(rows) > grouped
    alone, known = stability(rows)
    assert alone > stable
    assert known > 0.995  # all but messages of unknown words only


@pytest.mark.slow
@pytest.mark.parametrize(("made", "most"), [(corpora, 0.01), (holdout, 0.01), (unseen, 0.006)])
def test_few_signatures_differ_between_a_half_of_many_messages_and_all(made, most):
    rows = rows_of(made())
    assert unstable(rows)["messages"].sum() / rows.height < most


def test_nested_errors_say_what_a_message_does_not():
    details = [
        [{"message": "period.start: '03/04' is no date"}],
        [{"code": 400, "details": [{"message": 'name "x\\u00e9" is too long'}]}],
        "<array>",
        None,
    ]
    rows = [
        {"status": "FAILURE", "id": str(i), "error_message": "validation failed",
         "error_details": None if given is None else json.dumps(given)}
        for i, given in enumerate(details)
    ]  # fmt: skip
    assert with_signatures(frame(*rows))["signature"].to_list() == [
        "validation failed: <name>: <name> is no date",
        "validation failed: name <name> is too long",
        "validation failed",
        "validation failed",
    ]


@pytest.mark.parametrize("details", ['[{"message":"a \x01"}]', r'[{"message":"a \q"}]', "no JSON"])
def test_details_that_are_no_json_cost_nothing_else(details):
    bulk = frame(
        {"status": "FAILURE", "error_message": "odd", "error_details": details},
        {"status": "FAILURE", "error_message": "bad", "error_details": '[{"message":"so it is"}]'},
    )
    assert with_signatures(bulk)["signature"].to_list() == ["odd", "bad: so it is"]


def test_many_nested_errors_are_told_once_each_and_not_all():
    texts = ("no begin", "an end that is too late", "too many names", "years are off", "no begin")
    inner = [{"message": text} for text in texts]
    row = {"status": "FAILURE", "error_message": "bad", "error_details": json.dumps(inner)}
    signature = with_signatures(frame(row))["signature"].item()
    assert signature == "bad: an end that is too late; no begin; too many names; …"


def test_failures_without_a_message_are_told_by_type_and_code():
    signatures = with_signatures(
        frame(
            {"status": "FAILURE"},
            {"status": "FAILURE", "error_type": "INTERNAL", "error_code": 500},
            {"status": "SUCCESS"},
            {"status": "SUCCESS", "error_message": "odd"},
        )
    )["signature"]
    assert signatures.to_list() == ["no message", "no message INTERNAL 500", None, "odd"]


def test_signatures_that_are_there_are_kept():
    given_ = pl.DataFrame({"status": ["FAILURE"], "signature": ["mine"]})
    assert_frame_equal(with_signatures(given_.lazy()), given_)
    with pytest.raises(MissingColumnError, match="error_message"):
        with_signatures(pl.DataFrame({"status": ["FAILURE"]}))


def test_the_summary_of_a_small_bulk():
    missing = {"status": "FAILURE", "error_type": "NOT_FOUND", "error_code": 404}
    bulk = frame(
        {**missing, "id": "a", "type": "x", "received_at": at(0), "error_message": "no '1'"},
        {**missing, "id": "b", "type": "y", "received_at": at(0), "error_message": "no '2'"},
        {**missing, "id": "b", "type": "y", "received_at": at(0), "error_message": "no '2'"},
        {"status": "FAILURE", "id": "c", "received_at": at(10), "error_message": "boom"},
        {"status": "SUCCESS", "id": "d", "received_at": at(20)},
    )
    expected = pl.DataFrame(
        [
            ("no <name>", 3, 0.75, 2, ["NOT_FOUND"], [404], ["x", "y"], at(0), at(0), 1.0,
             "a", "no '1'"),
            ("boom", 1, 0.25, 1, [], [], [], at(10), at(10), 1.0, "c", "boom"),
        ],
        schema=SCHEMA,
        orient="row",
    )  # fmt: skip
    assert_frame_equal(failure_signatures(bulk), expected)
    assert_frame_equal(failure_signatures(bulk.lazy()), expected)


def test_no_failures_give_no_rows_of_the_same_columns():
    for bulk in (frame(), frame({"status": "SUCCESS", "received_at": at(0)})):
        assert_frame_equal(failure_signatures(bulk), pl.DataFrame(schema=SCHEMA))


@examples(10)
@given(receipts(), st.integers(0, 99))
def test_failures_add_up_in_any_order(bulk, seed):
    marked = with_signatures(bulk)
    summary = failure_signatures(marked)
    assert summary.schema == pl.Schema(SCHEMA)
    assert summary["failures"].sum() == marked["signature"].count()
    assert summary["share"].sum() == pytest.approx(1.0 if summary.height else 0.0)
    assert summary["concentration"].drop_nulls().is_between(0, 1).all()
    assert_frame_equal(failure_signatures(shuffled(bulk, seed)), summary)


@pytest.mark.parametrize("scenario", ["mixed", "outage", "retry", "pending"])
def test_the_planted_causes_are_found_each_as_one(scenario):
    bulk = generate_bulk(scenario, receipts=3_000)
    found = failure_signatures(
        parse_receipts(bulk.body, source_key=bulk.source_key, bulk_id=bulk.bulk_id)
    )
    planted = {}
    for cause in bulk.causes:  # the outage's timeouts read like those before and after it
        planted[cause.template] = planted.get(cause.template, 0) + cause.failures
    assert sorted(planted.values(), reverse=True) == found["failures"].to_list()
    leading = max(bulk.causes, key=lambda cause: cause.failures)
    assert found["error_types"][0].to_list() == [leading.error_type]


def test_ids_and_numbers_have_one_signature_whatever_their_digits():
    ids = [
        f"{number:08x}-12ab-4c0d-9e{number % 90 + 10}-{number * 7919:012x}" for number in range(40)
    ]
    traces = [f"{0x9E3779B97F4A7C15 * (number + 1) % 2**64:016x}" for number in range(40)]
    messages = pl.Series(
        [
            f"no bed {one} for SHA-256 of {two} at f+0x{two[:4]}"
            for one, two in zip(ids, traces, strict=True)
        ]
        + ["waited 1234567890123456 ms", "waited 9876543210987654 ms"]
    )
    assert set(message_signatures(messages)) == {
        "no bed <id> for SHA-256 of <id> at f <id>",
        "waited <duration>",
    }


@pytest.mark.parametrize("messages", [pl.Series([["a"]]), pl.Series([b"a"]), pl.Series([7])])
def test_messages_are_texts(messages):
    with pytest.raises(TypeError, match=r"messages is a Series of texts, such as .*, not of "):
        message_signatures(messages)
