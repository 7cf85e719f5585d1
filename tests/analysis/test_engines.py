"""The same rows on every engine: whole frames are compared with what polars gives."""

import random
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal
from support.engines import (
    KEYS,
    MASKED,
    PLAIN,
    RECEIPTS,
    SUMMARIES,
    TEXTS,
    masked_by_polars,
    troubles,
    write_receipts,
)
from support.examples import examples
from support.frames import at, frame, receipts
from support.planted import CAUSES, outage

import clinia_nb as cnb
from clinia_nb.receipts.columns import as_polars


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_receipts(tmp_path_factory.mktemp("engines"))


def in_pandas(file):
    pytest.importorskip("pandas")
    return PLAIN.to_pandas()


def in_pyarrow(file):
    return pytest.importorskip("pyarrow.parquet").read_table(file).drop_columns(["duration_us"])


def in_duckdb(file):
    return pytest.importorskip("duckdb").read_parquet(str(file))


HERE = {
    "lazy": lambda file: RECEIPTS.lazy(),
    "pandas": in_pandas,
    "pyarrow": lambda file: PLAIN.to_arrow(),
    "duckdb": in_duckdb,
}


def check(summary, frame_of_engine):
    ours = SUMMARIES[summary](RECEIPTS)
    theirs = SUMMARIES[summary](frame_of_engine)
    as_text = [name for name in KEYS if name in ours.columns]
    assert_frame_equal(
        theirs.cast(dict.fromkeys(as_text, pl.String)),
        ours.cast(dict.fromkeys(as_text, pl.String)),
    )


@pytest.mark.parametrize("summary", SUMMARIES)
@pytest.mark.parametrize("engine", HERE)
def test_a_summary_gives_the_same_rows_on_every_engine(engine, summary, file):
    check(summary, HERE[engine](file))


@pytest.mark.parametrize("summary", SUMMARIES)
@examples(63)
@given(receipts=receipts())
def test_duckdb_gives_the_same_rows_of_whatever_receipts(summary, receipts):
    duckdb = pytest.importorskip("duckdb")
    plain = receipts.cast(TEXTS)
    table = plain.with_columns(duration_us=pl.col("duration").dt.total_microseconds())
    table = table.drop("duration").to_arrow()
    theirs = SUMMARIES[summary](duckdb.from_arrow(table))
    assert_frame_equal(theirs, SUMMARIES[summary](plain))


def test_codes_that_pandas_made_fractions_are_whole_again():
    pytest.importorskip("pandas")
    fractions = troubles().cast(TEXTS).to_pandas()
    assert str(fractions["error_code"].dtype) == "float64"
    assert_frame_equal(cnb.failure_signatures(fractions), masked_by_polars("failure_signatures"))
    by_code = cnb.summarize_failures(fractions, by="error_code")
    assert_frame_equal(by_code, cnb.summarize_failures(troubles(), by="error_code"))
    assert "no message INTERNAL 500" in set(cnb.with_signatures(fractions)["signature"])


def test_a_code_that_is_not_a_number_is_none():
    nan = pl.DataFrame({"status": ["SUCCESS", "SUCCESS"], "error_code": [float("nan"), 404.0]})
    assert cnb.count_outcomes(nan)["failed"].item() == 1
    duckdb = pytest.importorskip("duckdb")
    assert cnb.count_outcomes(duckdb.from_arrow(nan.to_arrow()))["failed"].item() == 1


@pytest.mark.parametrize("read", ["pandas", "pyarrow", "polars"])
def test_the_files_of_an_archive_are_timed_however_they_are_read(read, tmp_path):
    archive = cnb.Archive(tmp_path / "bulks")
    path = archive.save(
        cnb.Client.sandbox().fetch_bulk("ehr-prod", "bk_3AizcO5uCUjCb290GknW4qf0xAu")
    )
    readers = {
        "pandas": lambda: pytest.importorskip("pandas").read_parquet(path),
        "pyarrow": lambda: pytest.importorskip("pyarrow.parquet").read_table(path),
        "polars": lambda: pl.scan_parquet(path),
    }
    receipts = readers[read]()
    assert_frame_equal(cnb.summarize_timing(receipts), cnb.summarize_timing(archive.scan()))
    assert_frame_equal(cnb.bulk_trends(receipts), cnb.bulk_trends(archive.scan()))


def test_a_whole_archive_that_pandas_reads_has_its_days():
    pytest.importorskip("pandas")
    days = pl.Series("day", ["2026-03-09", "2026-03-10"] * 2, dtype=pl.Categorical())
    read = PLAIN.head(4).with_columns(days)
    typed = read.with_columns(pl.col("day").cast(pl.String).str.to_date())
    trends = cnb.bulk_trends(typed, by="day")
    assert trends["day"].dtype == pl.Date
    assert_frame_equal(cnb.bulk_trends(read.to_pandas(), by="day"), trends)
    assert_frame_equal(cnb.bulk_trends(typed.cast({"day": pl.Datetime("us")}), by="day"), trends)


@pytest.fixture(scope="module")
def in_trouble(tmp_path_factory):
    path = write_receipts(tmp_path_factory.mktemp("troubles"), troubles())
    return in_duckdb(path)


@pytest.mark.slow
@pytest.mark.parametrize("summary", MASKED)
def test_duckdb_has_the_same_signatures_and_values(summary, in_trouble):
    assert_frame_equal(MASKED[summary](in_trouble), masked_by_polars(summary))


@pytest.mark.slow
@pytest.mark.parametrize("summary", ["failure_signatures", "failure_values, most"])
def test_it_does_not_matter_in_which_batches_rows_come(summary, in_trouble, monkeypatch):
    monkeypatch.setattr("clinia_nb.analysis._batches._ROWS", 70)
    assert_frame_equal(MASKED[summary](in_trouble), masked_by_polars(summary))


def test_signatures_at_hand_are_used(tmp_path):
    archive = cnb.Archive(tmp_path / "bulks")
    bulk = cnb.Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    path = archive.save(bulk)
    signed = archive.scan().with_columns(signature=pl.lit("mine"))
    relation = in_duckdb(path).select("* replace ('mine' as signature)")
    for summary in (cnb.failure_signatures, cnb.failure_values):
        assert_frame_equal(summary(relation), summary(signed))
    assert cnb.failure_signatures(relation)["signature"].item() == "mine"


def in_duckdb_too(receipts, folder, **options):
    """Contrast receipts here and in DuckDB."""
    theirs = cnb.contrast_failures(in_duckdb(write_receipts(folder, receipts)), **options)
    ours = cnb.contrast_failures(receipts, **options)
    texts = {name: pl.String for name, dtype in ours.schema.items() if dtype == pl.Categorical}
    return theirs.cast(texts), ours.cast(texts)


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "signature", ["error_type", "error_code"]])
def test_duckdb_has_the_same_leads(by, tmp_path):
    theirs, ours = in_duckdb_too(troubles(), tmp_path, by=by)
    assert_frame_equal(theirs, ours)
    assert ours.height


@pytest.mark.slow
@pytest.mark.parametrize("make", CAUSES, ids=lambda make: make.__name__)
def test_duckdb_finds_the_same_planted_cause(make, tmp_path):
    planted = make(random.Random(make.__name__))
    theirs, ours = in_duckdb_too(planted.receipts, tmp_path)
    assert_frame_equal(theirs, ours)
    assert all(word in theirs["condition"][0] for word in planted.words)


def test_steps_of_time_may_hold_many_receipts(tmp_path, monkeypatch):
    monkeypatch.setattr("clinia_nb.analysis._contrast_elsewhere._STEPS", 4096)
    receipts = pl.concat([outage(random.Random(number)).receipts for number in range(3)])
    theirs, ours = in_duckdb_too(receipts, tmp_path)
    exact = ["attribute_1", "value_1", "attribute_2", "value_2"]
    assert_frame_equal(theirs.select(exact), ours.select(exact))
    assert (theirs["failures"] - ours["failures"].cast(pl.Int64)).abs().max() <= 3


def test_only_attributes_that_are_asked_for_are_compared(tmp_path):
    theirs, ours = in_duckdb_too(
        troubles(), tmp_path, attributes=["type", "error_application_code"]
    )
    assert_frame_equal(theirs, ours)
    assert set(theirs["attribute_1"]) <= {"type"}


def test_values_beyond_the_most_frequent_are_counted_together():
    rows = [
        {"status": "FAILURE", "error_message": f"no ward '{'abbccc'[n % 6]}'"} for n in range(6)
    ]
    values = cnb.failure_values(frame(*rows), most=1)
    assert values.select("value", "failures", "share", "distinct").rows() == [
        ("c", 3, 0.5, 3),
        (None, 3, 0.5, 3),
    ]
    with pytest.raises(ValueError, match="most=0"):
        cnb.failure_values(frame(*rows), most=0)


def test_a_relation_without_rows_gives_what_an_empty_frame_gives(file):
    none = in_duckdb(file).filter("1 = 0")
    assert_frame_equal(cnb.count_outcomes(none), cnb.count_outcomes(RECEIPTS.clear()))
    assert_frame_equal(cnb.throughput(none), cnb.throughput(RECEIPTS.clear()))
    assert cnb.summarize_failures(none).is_empty()
    for summary in (cnb.failure_signatures, cnb.failure_values, cnb.contrast_failures):
        assert_frame_equal(summary(none), summary(RECEIPTS.clear()))
    assert_frame_equal(cnb.summarize_timing(none), cnb.summarize_timing(RECEIPTS.clear()))


def test_durations_come_from_both_times_where_there_is_no_other(file):
    relation = in_duckdb(file).select("* exclude (duration_us)")
    assert_frame_equal(
        cnb.summarize_timing(relation).select("p50", "max", "negative"),
        cnb.summarize_timing(RECEIPTS).select("p50", "max", "negative"),
    )


def test_what_an_engine_cannot_do_says_how_to_load_the_receipts(file):
    with pytest.raises(cnb.EngineError, match=r"\.pl\(\)"):
        cnb.retry_plan(in_duckdb(file))
    with pytest.raises(cnb.IntervalError, match="months"):
        cnb.failures_over_time(in_duckdb(file), every="1mo")
    with pytest.raises(cnb.MissingColumnError, match="error_message"):
        cnb.contrast_failures(in_duckdb(file).select("status"), by="signature")
    with pytest.raises(cnb.MissingColumnError, match="statsu"):
        cnb.count_outcomes(in_duckdb(file).select("status as statsu"))


def test_a_bulk_works_as_its_receipts():
    bulk = cnb.Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    assert_frame_equal(cnb.count_outcomes(bulk), cnb.count_outcomes(bulk.receipts))
    assert as_polars(bulk) is bulk.receipts


def test_durations_of_a_million_years_do_not_overflow():
    far = frame({"status": "SUCCESS", "received_at": at(0), "completed_at": at(3e9)})
    assert cnb.summarize_timing(far)["max"].item() == timedelta(seconds=3e9)
