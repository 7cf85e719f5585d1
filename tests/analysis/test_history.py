from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from clinia_nb import CliniaError, MissingColumnError, signature_history

NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)
SCHEMA = {
    "source_key": pl.String, "bulk_id": pl.String, "status": pl.String,
    "received_at": pl.Datetime("us", "UTC"), "error_type": pl.String,
    "error_message": pl.String, "signature": pl.String,
}  # fmt: skip


def nights(*problems_per_night, source="ehr"):
    """Make bulks, night after night, each with some problems by name and a success."""
    rows = []
    for number, problems in enumerate(problems_per_night):
        bulk = {"source_key": source, "bulk_id": f"{source}-{number}"}
        begins = {"received_at": NIGHT + timedelta(days=number)}
        rows.append(bulk | begins | {"status": "SUCCESS"})
        rows += [
            bulk | begins | {"status": "FAILURE", "error_type": "INTERNAL", "signature": problem}
            for problem in problems
        ]
    return pl.DataFrame(rows, schema=SCHEMA)


def states(history):
    return dict(history.select("signature", "state").rows())


def test_a_problem_is_new_known_back_again_or_gone():
    history = signature_history(nights("acd", "ad", "ad", "ad", "ad", "abc"))
    assert states(history) == {"a": "known", "b": "new", "c": "back again", "d": "gone"}


def test_a_problem_that_comes_and_goes_is_known_not_back_again():
    assert states(signature_history(nights("a", "", "a", "", "", "a"))) == {"a": "known"}


def test_the_whole_frame():
    history = signature_history(nights("a", "aab"))
    expected = pl.DataFrame(
        {
            "signature": ["b", "a"],
            "error_type": "INTERNAL",
            "state": ["new", "known"],
            "bulks": [1, 2],
            "failures": [1, 3],
            "failures_per_bulk": [[0, 1], [1, 2]],
            "first_bulk": ["ehr-1", "ehr-0"],
            "last_bulk": ["ehr-1", "ehr-1"],
            "first_seen": [NIGHT + timedelta(days=1), NIGHT],
            "last_seen": [NIGHT + timedelta(days=1)] * 2,
            "note": None,
        },
        schema_overrides={
            "state": pl.Enum(["new", "back again", "known", "gone"]),
            "bulks": pl.UInt32, "failures": pl.UInt32, "failures_per_bulk": pl.List(pl.UInt32),
            "first_seen": SCHEMA["received_at"], "last_seen": SCHEMA["received_at"],
            "note": pl.String,
        },
    )  # fmt: skip
    assert_frame_equal(history, expected)


def test_an_earlier_bulk_is_compared_with_those_before_it_only():
    receipts = nights("a", "ab", "abc")
    assert states(signature_history(receipts, bulk_id="ehr-1")) == {"a": "known", "b": "new"}
    assert states(signature_history(receipts, bulk_id="ehr-0")) == {"a": "new"}


def test_other_sources_do_not_make_a_problem_known():
    receipts = pl.concat([nights("b", "b", source="lab"), nights("a", "ab")])
    assert states(signature_history(receipts, bulk_id="ehr-1")) == {"a": "known", "b": "new"}


def test_the_same_words_of_another_error_type_are_another_problem():
    receipts = nights("a", "a")
    last = pl.col("bulk_id") == "ehr-1"
    changed = receipts.with_columns(
        error_type=pl.when(last & pl.col("error_type").is_not_null())
        .then(pl.lit("NOT_FOUND"))
        .otherwise("error_type")
    )
    history = signature_history(changed)
    assert history.select("error_type", "state").rows() == [
        ("NOT_FOUND", "new"),
        ("INTERNAL", "gone"),
    ]


def test_an_acknowledged_problem_carries_its_note_and_is_not_new():
    notes = pl.DataFrame({"signature": ["b"], "error_type": ["INTERNAL"], "note": ["EHR-42"]})
    history = signature_history(nights("a", "ab"), notes=notes)
    assert history.select("signature", "state", "note").rows() == [
        ("a", "known", None),
        ("b", "known", "EHR-42"),
    ]


def test_frames_without_signatures_are_signed_together():
    receipts = nights("x", "x").drop("signature")
    messages = pl.when(pl.col("status") == "FAILURE").then(
        pl.format("no clinic '{}'", pl.int_range(pl.len()))
    )
    history = signature_history(receipts.with_columns(error_message=messages))
    assert history.select("signature", "state").rows() == [("no clinic <name>", "known")]


def test_a_bulk_that_is_not_there_and_a_missing_column_are_named():
    with pytest.raises(CliniaError, match="No receipts of bulk 'other'"):
        signature_history(nights("a"), bulk_id="other")
    with pytest.raises(MissingColumnError, match="source_key"):
        signature_history(nights("a").drop("source_key"))


def test_bulks_whose_ids_are_not_known_are_one_bulk():
    receipts = nights("a").with_columns(source_key=pl.lit(None, pl.String))
    history = signature_history(receipts)
    assert history.select("signature", "state", "failures").rows() == [("a", "new", 1)]
    with pytest.raises(MissingColumnError, match="error_type"):
        signature_history(nights("a").drop("error_type"))


def test_nothing_is_an_empty_frame():
    empty = signature_history(nights())
    assert empty.is_empty()
    assert empty.columns == signature_history(nights("a")).columns
    assert signature_history(nights("", "")).is_empty()


def test_duckdb_gives_the_same_rows(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    receipts = nights("acd", "ad", "ad", "ad", "ad", "abc")
    receipts.with_columns(duration_us=pl.lit(0)).write_parquet(tmp_path / "r.parquet")
    relation = duckdb.read_parquet(str(tmp_path / "r.parquet"))
    assert_frame_equal(signature_history(relation), signature_history(receipts))
