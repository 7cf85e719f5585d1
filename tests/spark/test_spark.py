"""Summaries on a real Spark cluster, whose workers are processes of their own."""

import shutil
import warnings

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.engines import (
    KEYS,
    MASKED,
    RECEIPTS,
    SUMMARIES,
    masked_by_polars,
    troubles,
    write_receipts,
)
from support.spark_cluster import cluster, session

import clinia_nb as cnb

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    pytest.importorskip("pyspark")
    if not shutil.which("java"):
        pytest.skip("needs Java, as CI has it: apt-get install openjdk-17-jre-headless")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark's own
        with cluster(tmp_path_factory.mktemp("cluster")) as address, session(address) as started:
            yield started


@pytest.fixture(scope="module")
def receipts(spark, tmp_path_factory):
    path = write_receipts(tmp_path_factory.mktemp("receipts"))
    return spark.read.parquet(str(path)).repartition(2)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("summary", SUMMARIES)
def test_a_summary_gives_the_same_rows_as_polars(summary, receipts):
    ours, theirs = SUMMARIES[summary](RECEIPTS), SUMMARIES[summary](receipts)
    as_text = dict.fromkeys((name for name in KEYS if name in ours.columns), pl.String)
    assert_frame_equal(theirs.cast(as_text), ours.cast(as_text))


@pytest.fixture(scope="module")
def in_trouble(spark, tmp_path_factory):
    path = write_receipts(tmp_path_factory.mktemp("troubles"), troubles())
    return spark.read.parquet(str(path)).repartition(3)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("summary", ["failure_signatures", "failure_values, most"])
def test_messages_are_masked_in_the_executors_with_the_same_result(summary, in_trouble):
    assert_frame_equal(MASKED[summary](in_trouble), masked_by_polars(summary))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("summary", ["failure_signatures", "failure_values, most"])
def test_of_the_messages_only_an_example_for_each_signature_is_loaded(
    summary, in_trouble, monkeypatch
):
    arrived, held = [], type(in_trouble)
    to_arrow = held.toArrow

    def noted(frame):
        arrived.append(pl.from_arrow(to_arrow(frame)))
        return arrived[-1].to_arrow()

    monkeypatch.setattr(held, "toArrow", noted)
    signatures = MASKED[summary](in_trouble)["signature"].n_unique()
    texts = {text for one in arrived for column in one.select(pl.col(pl.String)) for text in column}
    messages = set(troubles()["error_message"].drop_nulls())
    assert arrived
    assert len(texts & messages) <= signatures < len(messages) / 3


@pytest.mark.filterwarnings("ignore")
def test_codes_that_pandas_made_fractions_of_are_the_codes_they_were(in_trouble):
    from pyspark.sql import functions as f

    code = f.coalesce(f.col("error_code").cast("double"), f.lit(float("nan")))
    fractions = in_trouble.withColumn("error_code", code)
    assert fractions.filter("isnan(error_code)").count()
    for summary in (cnb.count_outcomes, cnb.failure_signatures):
        ours = summary(troubles())
        assert_frame_equal(summary(fractions), ours)


@pytest.mark.filterwarnings("ignore")
def test_leads_are_the_same_though_only_counts_leave_the_cluster(in_trouble):
    leads = cnb.contrast_failures(troubles(), by="signature")
    assert_frame_equal(cnb.contrast_failures(in_trouble, by="signature"), leads)
    assert leads.height


@pytest.mark.filterwarnings("ignore")
def test_both_workers_do_the_work(spark):
    hosts = spark.sparkContext.parallelize(range(400), 8)
    processes = hosts.mapPartitions(lambda _: [__import__("os").getppid()]).distinct().count()
    assert processes == 2
