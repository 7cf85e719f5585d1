from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from support.examples import examples
from support.frames import at, frame, receipts

import clinia_nb as cnb
from clinia_nb.analysis.values import leading_values
from clinia_nb.sandbox.generator import generate_bulk

SCHEMA = {
    "signature": pl.String,
    "error_type": pl.String,
    "position": pl.UInt32,
    "placeholder": pl.String,
    "context": pl.String,
    "value": pl.String,
    "failures": pl.UInt32,
    "share": pl.Float64,
    "distinct": pl.UInt32,
}
FIELDS = ["name.use", "period.end", "name.use", "telecom.rank", "name.use"]


def failing(messages, *, details=None, **columns):
    """Return a frame of failures with these messages, the same for the other columns."""
    details = details or [None] * len(messages)
    return frame(
        *(
            {
                "id": f"r{n}",
                "type": "patient",
                "action": "CREATE",
                "status": "FAILURE",
                "received_at": at(n),
                "error_type": "INVALID_ARGUMENT",
                "error_code": 400,
                "error_message": message,
                "error_details": None if detail is None else json.dumps(detail),
            }
            | {name: values[n] for name, values in columns.items()}
            for n, (message, detail) in enumerate(zip(messages, details, strict=True))
        )
    )


def at_places(values):
    """Return for each place its values with their failures."""
    places = {}
    for row in values.iter_rows(named=True):
        place = places.setdefault((row["placeholder"], row["position"]), {})
        place[row["value"]] = row["failures"]
    return places


def test_each_value_of_each_placeholder_is_counted_most_frequent_first():
    messages = [
        f"field '{field}' of ward '{n}' is wrong in \"ehr-prod\"" for n, field in enumerate(FIELDS)
    ]
    values = cnb.failure_values(failing(messages))
    assert dict(values.schema) == SCHEMA
    assert at_places(values) == {
        ("<name>", 0): {"name.use": 3, "period.end": 1, "telecom.rank": 1},
        ("<name>", 1): {str(n): 1 for n in range(5)},
        ("<name>", 2): {"ehr-prod": 5},
    }
    assert values["distinct"].to_list() == [3] * 3 + [5] * 5 + [1]
    assert values["share"].to_list() == pytest.approx([0.6, 0.2, 0.2, *[0.2] * 5, 1.0])
    contexts = values["context"].unique(maintain_order=True).to_list()
    assert contexts == ["field <name> of ward", "of ward <name> is wrong", "wrong in <name>"]
    assert values["signature"].unique().to_list() == [
        cnb.failure_signatures(failing(messages))["signature"].item()
    ]


@pytest.mark.parametrize("most", ["a", 1.5])
def test_how_many_values_to_list_is_a_whole_number(most):
    with pytest.raises(TypeError, match="most is how many values to list, such as 10"):
        cnb.failure_values(failing(["no clinic 'a'"]), most=most)


@pytest.mark.parametrize(
    "text",
    ["postal code '{}' is malformed", 'unit="{}" rejected', "no unit “{}” in 2 bed(s)"],
)
def test_an_empty_value_counts_as_any_other(text):
    values = cnb.failure_values(failing([text.format(value) for value in ["", "", "k-7", ""]]))
    assert at_places(values)["<name>", 0] == {"": 3, "k-7": 1}
    assert values["distinct"].to_list()[:2] == [2, 2]


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ("'bed', 'lift'", "bed, lift"),
        ('"bed","St. Ann\'s","lift"', "bed, St. Ann's, lift"),
        ("['bed', 'lift']", "[bed, lift]"),
    ],
)
def test_the_items_of_a_list_are_shown_without_quotes(items, shown):
    values = cnb.failure_values(failing([f"ward lacks {items} today"] * 3))
    assert values["value"].str.replace_all(r",(\S)", ", ${1}").to_list() == [shown]


def test_a_colon_behind_a_path_is_no_part_of_it():
    messages = [f"sheet {path}: row 4 is torn" for path in ("in/a.csv", r"D:\in\b.csv")]
    values = set(cnb.failure_values(failing(messages))["value"])
    assert {"in/a.csv", r"D:\in\b.csv"} <= values


def test_signed_receipts_joined_with_others_are_all_signed():
    whole = failing(["no clinic 'a'", "no clinic 'b'", "shard 3 is down"])
    signed = cnb.with_signatures(whole)
    joined = pl.concat([signed.head(1), whole.tail(2)], how="diagonal")
    assert cnb.with_signatures(joined)["signature"].equals(signed["signature"])
    assert cnb.failure_values(joined).equals(cnb.failure_values(whole))
    assert cnb.records_to_fix(joined).equals(cnb.records_to_fix(whole))
    bulk = cnb.BulkResult.from_receipts(joined, source_key="ehr-prod", bulk_id="bk_1")
    assert len(cnb.explain(bulk).problems) == 2


def test_error_types_are_counted_apart():
    messages = ["no ward '7'", "no ward '7'", "no ward '8'"]
    rows = failing(messages, error_type=["NOT_FOUND", "INTERNAL", "NOT_FOUND"])
    values = cnb.failure_values(rows).select("error_type", "value", "failures", "share")
    assert values.rows() == [
        ("NOT_FOUND", "7", 1, 0.5),
        ("NOT_FOUND", "8", 1, 0.5),
        ("INTERNAL", "7", 1, 1.0),
    ]
    contexts = cnb.failure_values(rows)["context"].unique().to_list()
    assert contexts == ["no ward <name>"]
    assert leading_values(rows).select("value", "failures").rows() == [("7", 1), ("8", 1), ("7", 1)]


def test_nested_scalars_count_by_their_path_whatever_the_schema():
    details = [
        [{"field": "birthDate", "context": {"profile": "patient", "ok": False}, "code": 400}],
        [{"field": "gender", "context": {"profile": "patient", "line": 7}}, {"field": "gender"}],
        [{"field": "birthDate", "tags": ["a", "b"], "none": None}],
    ]
    values = cnb.failure_values(failing(["refused"] * 3, details=details))
    assert values["position"].null_count() == values.height
    assert values["context"].equals(values["placeholder"])
    assert {path: found for (path, _), found in at_places(values).items()} == {
        "details[].code": {"400": 1},
        "details[].context.line": {"7": 1},
        "details[].context.ok": {"false": 1},
        "details[].context.profile": {"patient": 2},
        "details[].field": {"birthDate": 2, "gender": 1},
        "details[].tags[]": {"a": 1, "b": 1},
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('["p",":","q"]', {"details[]": ["p", ":", "q"]}),
        ('{"a b":"x\\"y\\\\"}', {"details.a b": ['x"y\\']}),
        ('{"a":"\\u00e9","a":"twice"}', {"details.a": ["é", "twice"]}),
        ('"<array>"', {"details": ["<array>"]}),
        ("[[1.5e-3,[true]],{}]", {"details[][]": ["1.5e-3"], "details[][][]": ["true"]}),
        ('{"pat-100234":{"field":"x"}}', {"details.*.field": ["x"]}),
        ('[null,""]', {"details[]": [""]}),
        ("not JSON: 'x'", {}),
        ('[{"a": 1]', {}),
        ("[" * 50_000, {}),
    ],
)  # fmt: skip
def test_json_of_any_shape_is_read(text, found):
    rows = failing(["refused", "refused"]).with_columns(error_details=pl.lit(text))
    values = cnb.failure_values(rows)
    assert {path: set(counts) for (path, _), counts in at_places(values).items()} == {
        path: set(expected) for path, expected in found.items()
    }


def test_newer_error_contexts_count_too():
    context = [json.dumps({"profile": name}) for name in ("ward", "ward", "bed")]
    rows = failing(["refused"] * 3).with_columns(error_context=pl.Series(context))
    values = cnb.failure_values(rows)
    assert at_places(values) == {("context.profile", None): {"ward": 2, "bed": 1}}


def test_messages_of_nested_errors_have_their_values_at_the_placeholders_of_the_signature():
    details = [
        [{"message": f"{field}: '{n:02}/13/2025' is not a date"}] for n, field in enumerate(FIELDS)
    ]
    values = cnb.failure_values(failing(["validation failed"] * 5, details=details))
    places = at_places(values)
    assert places["<name>", 0] == {"name.use": 3, "period.end": 1, "telecom.rank": 1}
    assert set(places["<name>", 1]) == {f"{n:02}/13/2025" for n in range(5)}


def test_several_nested_messages_of_one_receipt_are_told_apart():
    def error(n):
        return [
            {"message": f"field '{FIELDS[n % 5]}' is too long"},
            {"message": f"profile 'ward-{n % 2}' is closed; ask 'desk'"},
        ]

    rows = failing([f"batch '{n}' refused" for n in range(20)], details=map(error, range(20)))
    values = cnb.failure_values(rows)
    by_context = {}
    for row in values.iter_rows(named=True):
        by_context.setdefault(row["context"], {})[row["value"]] = row["failures"]
    fields = next(found for context, found in by_context.items() if "field <name>" in context)
    wards = next(found for context, found in by_context.items() if "profile <name>" in context)
    assert fields == {"name.use": 12, "period.end": 4, "telecom.rank": 4}
    assert wards == {"ward-0": 10, "ward-1": 10}
    assert values.filter(context="batch <name> refused: field").height == 20


def test_nested_errors_that_repeat_count_once_for_their_receipt():
    twice = [{"message": "no ward '7'"}, {"message": "no ward '7'"}]
    values = cnb.failure_values(failing(["refused"] * 2, details=[twice, twice[:1]]))
    assert values.select("value", "failures", "share").rows() == [("7", 2, 1.0)]


def test_a_failure_without_a_message_still_shows_its_nested_values():
    details = [[{"message": "no ward '7'"}], [{"message": "no ward '8'"}]]
    values = cnb.failure_values(failing([None, " "], details=details))
    assert sorted(values["value"]) == ["7", "8"]


def test_a_signature_column_is_used_and_kept():
    rows = failing(["no ward '7'", "no ward '8'", "odd"])
    signed = rows.with_columns(signature=pl.lit("no ward <id>"))
    values = cnb.failure_values(signed)
    assert values.select("signature", "value", "share").rows() == [
        ("no ward <id>", "7", 1 / 3),
        ("no ward <id>", "8", 1 / 3),
    ]
    assert signed["signature"].unique().to_list() == ["no ward <id>"]


def test_without_failures_there_are_no_rows():
    calm = frame({"id": "a", "status": "SUCCESS"})
    assert dict(cnb.failure_values(calm).schema) == SCHEMA
    assert cnb.failure_values(calm).is_empty()
    assert cnb.records_to_fix(calm).is_empty()


def test_missing_columns_are_named():
    with pytest.raises(cnb.MissingColumnError, match="error_message"):
        cnb.failure_values(pl.DataFrame({"status": ["FAILURE"]}))
    with pytest.raises(cnb.MissingColumnError, match="action"):
        cnb.records_to_fix(failing(["odd"]).drop("action"))


@examples(10)
@given(receipts())
def test_values_never_outnumber_the_failures(bulk):
    signed = cnb.with_signatures(bulk)
    values = cnb.failure_values(signed)
    failures = cnb.count_outcomes(bulk)["failed"].item()
    assert (values["failures"] <= failures).all()
    assert (values["share"] <= 1).all()
    assert values.equals(cnb.failure_values(signed.lazy()))


def test_the_mixed_sample_names_what_is_wrong():
    made = generate_bulk("mixed", receipts=2_000)
    bulk = cnb.BulkResult.from_json(made.body, source_key=made.source_key, bulk_id=made.bulk_id)
    values = cnb.failure_values(bulk.receipts)

    def of(error_type, context):
        found = values.filter(pl.col("context").str.contains(context), error_type=error_type)
        return dict(found.select("value", "failures").rows())

    failures = dict(cnb.summarize_failures(bulk.receipts).select("error_type", "failures").rows())
    assert of("NOT_FOUND", "resource <name>") == {"clinic": failures["NOT_FOUND"]}
    assert of("NOT_FOUND", "in source <name>") == {"ehr-prod": failures["NOT_FOUND"]}
    assert set(of("INVALID_ARGUMENT", "^validation failed: <value>")) == {
        "period.end", "period.start", "validFrom",
    }  # fmt: skip
    assert set(of("FAILED_PRECONDITION", "definition <name>")) == {"clinic-offers-service"}
    assert set(of("FAILED_PRECONDITION", "profile <name>")) == {"clinic", "practitioner", "service"}
    assert set(of("PERMISSION_DENIED", "write <name>")) == {"location-part-of-organization"}


def test_records_to_fix_join_a_load_file():
    messages = [f"field '{field}' is not a date" for field in FIELDS]
    fixes = cnb.records_to_fix(failing(messages))
    assert fixes.columns == [
        "id", "type", "action", "recommendation", "signature", "item", "position", "placeholder",
        "context", "value",
    ]  # fmt: skip
    load_file = pl.DataFrame({"id": ["r1", "r3", "other"], "line": [11, 13, 14]})
    joined = load_file.join(fixes, on="id")
    assert joined.select("line", "type", "action", "placeholder", "value").rows() == [
        (11, "patient", "CREATE", "<name>", "period.end"),
        (13, "patient", "CREATE", "<name>", "telecom.rank"),
    ]


def test_records_to_fix_are_in_the_order_of_the_bulk_with_nested_fields_by_path():
    details = [[{"field": f"f{n}", "code": 400, "type": "INVALID_ARGUMENT"}] for n in range(3)]
    fixes = cnb.records_to_fix(failing(["refused"] * 3, details=details))
    assert fixes.select("id", "placeholder", "value").rows() == [
        (f"r{n}", "details[].field", f"f{n}") for n in range(3)
    ]


def test_what_one_nested_error_says_stands_together():
    details = [
        {"field": "period", "got": "31/12", "rule": 7, "message": "'zulu' is not a date"},
        {"field": "active", "got": "1", "rule": 7, "message": "'alfa' is not a date"},
    ]
    failed = failing(["record 'k9' refused"], details=[details], error_context=['{"shard": 4}'])
    values = cnb.records_to_fix(failed).select("item", "placeholder", "value")
    assert values.rows() == [
        (None, "<name>", "k9"), (None, "context.shard", "4"), (None, "details[].rule", "7"),
        (0, "<name>", "zulu"), (0, "details[].field", "period"), (0, "details[].got", "31/12"),
        (1, "<name>", "alfa"), (1, "details[].field", "active"), (1, "details[].got", "1"),
    ]  # fmt: skip


def test_records_that_need_no_change_are_not_to_be_fixed():
    failed = failing(
        ["no ward '7'", "timed out after 30 s", "exists: '9'", "may not write 'x'", "refused"],
        error_type=[
            "INVALID_ARGUMENT", "UNAVAILABLE", "ALREADY_EXISTS", "PERMISSION_DENIED",
            "INVALID_ARGUMENT",
        ],
        error_code=[400, 503, 409, 403, 400],
    )  # fmt: skip
    settled = failing(["no ward '8'"], id=["late"])
    later = {"id": "late", "type": "patient", "action": "CREATE", "status": "SUCCESS"}
    rows = pl.concat([failed, settled, frame(later | {"received_at": at(99)})])
    fixes = cnb.records_to_fix(rows)
    assert fixes.select("id", "value").rows() == [("r0", "7"), ("r4", None)]


def test_each_failure_of_a_record_has_its_own_recommendation():
    failed = failing(
        ["registry 'north' timed out", "date 'x' is not valid", "no ward '7'", "timed out"],
        id=["r0", "r0", "r0", "r1"],
        error_type=["UNAVAILABLE", "INVALID_ARGUMENT", "NOT_FOUND", "UNAVAILABLE"],
        error_code=[503, 400, 404, 503],
    )
    fixes = cnb.records_to_fix(failed)
    assert fixes.select("id", "value", "recommendation").rows() == [
        ("r0", "x", "fix_data"), ("r0", "7", "load_first"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("messages", "details", "named"),
    [
        (["period.end is not a date", "validFrom is not a date"], None,
         "Fix period.end and validFrom."),
        (["field 'gender' is not valid", "field 'email' is not valid"], None,
         "Fix email and gender."),
        (["refused"] * 3, [[{"field": "gender"}]] * 2 + [[{"field": "email"}]],
         "Fix gender and email."),
        (["refused"] * 6, [[{"property": f"line.{name}"}] for name in "abcdef"],
         "Fix line.a, line.b, line.c, line.d and 2 more."),
        (["'Anna Roy' is not active", "'Bea Cho' is not active"], None, None),
        (["ward 'gender' is full", "ward 'email' is full"], None, None),
        (["refused"] * 2, [[{"patient": "annaRoy"}]] * 2, None),
        (["refused"] * 2, [[{"location": "Rotterdam"}]] * 2, None),
        (["Attribut 'nachname' fehlt"] * 2, None, "Fix nachname."),
        (["le champ « sexe » manque", "le champ « ville » manque"], None, "Fix sexe and ville."),
        (["in/beds.ndjson: torn", "wards.csv: torn", "in/c.gz: torn"], None, None),
        (["ward.bed is full", "ward.lift is full"], [[{"property": "size"}]] * 2, "Fix size."),
        (["refused"] * 2, [[{"location": "line.postalCode"}]] * 2, "Fix line.postalCode."),
        (["refused"] * 4, [[{"field": "gender"}], None, None, None], None),
    ],
)  # fmt: skip
def test_what_is_to_be_fixed_is_named_if_it_is_a_field(messages, details, named):
    reasons = cnb.retry_plan(failing(messages, details=details))["reason"].to_list()
    said = [reason for reason in reasons if "Fix " in reason]
    assert all(named in reason for reason in said) if named else not said
    assert bool(said) == bool(named)


def test_values_of_one_place_become_a_column():
    details = [
        [{"field": "gender"}, {"field": "email"}],
        [{"field": "gender"}],
        [{"line": 7}],
    ]
    rows = pl.concat([failing(["no ward '7'"]), failing([f"bed '{n}' of ward 'x'" for n in "abc"],
                                                       details=details)])  # fmt: skip
    signature = "bed <name> of ward <name>"
    beds = cnb.with_values(rows, signature=signature, place=0, name="bed")
    assert beds["bed"].to_list() == [None, ["a"], ["b"], ["c"]]
    assert beds.columns == [*rows.columns, "signature", "bed"]
    fields = cnb.with_values(beds.lazy(), signature=signature, place="details[].field")
    assert fields["values"].to_list() == [None, ["email", "gender"], ["gender"], None]
    assert cnb.with_values(rows, signature="other", place=0)["values"].null_count() == 4
