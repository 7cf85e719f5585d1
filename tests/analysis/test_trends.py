from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.frames import at, frame

from clinia_nb import Archive, BulkResult, bulk_trends, trend_changes
from clinia_nb.sandbox import generate_bulk


def trends_of(**values):
    size = len(next(iter(values.values())))
    flat = {"failure_rate": [0.1] * size, "p50": [1.0] * size, "p95": [2.0] * size}
    flat |= {"throughput": [5.0] * size} | values
    begins = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(size)]
    table = pl.DataFrame({"bulk_id": [f"b{n}" for n in range(size)], "begins": begins} | flat)
    return table.with_columns(pl.duration(seconds=name).alias(name) for name in ("p50", "p95"))


def test_bulks_stand_side_by_side_in_order_of_time():
    receipts = frame(
        {"bulk_id": "late", "status": "SUCCESS", "received_at": at(100), "completed_at": at(104)},
        {"bulk_id": "early", "status": "SUCCESS", "received_at": at(0), "completed_at": at(1)},
        {"bulk_id": "early", "status": "FAILURE", "received_at": at(0), "completed_at": at(2)},
        {"bulk_id": "early", "status": "PENDING", "received_at": at(1)},
    )
    second = timedelta(seconds=1)
    expected = pl.DataFrame(
        {
            "bulk_id": ["early", "late"],
            "begins": [at(0), at(100)],
            "ends": [at(2), at(104)],
            "receipts": [3, 1],
            "failed": [1, 0],
            "failure_rate": [1 / 3, 0.0],
            "p50": [second, 4 * second],
            "p95": [2 * second, 4 * second],
            "throughput": [1.0, 0.25],
        },
        schema_overrides={"receipts": pl.UInt32, "failed": pl.UInt32},
    )
    assert_frame_equal(
        bulk_trends(receipts),
        expected.cast({pl.Datetime: pl.Datetime("us", "UTC"), pl.Duration: pl.Duration("us")}),
    )


def test_days_of_an_archive(tmp_path):
    archive = Archive(tmp_path / "a")
    for scenario in ("mixed", "outage"):
        made = generate_bulk(scenario, receipts=100)
        given = {"source_key": made.source_key, "bulk_id": made.bulk_id}
        archive.save(BulkResult.from_json(made.body, **given))
    days = bulk_trends(archive.scan(), by="day")
    assert days["day"].dtype == pl.Date
    assert days["receipts"].to_list() == [100, 100]


@pytest.mark.parametrize("metric", ["failure_rate", "p50", "throughput"])
@pytest.mark.parametrize("factor", [3.0, 0.2])
def test_a_change_of_level_is_named_where_it_begins(metric, factor):
    values = [1.0 + 0.1 * (n % 3) for n in range(20)]
    changed = [v * (factor if n >= 12 else 1) for n, v in enumerate(values)]
    (row,) = trend_changes(trends_of(**{metric: changed})).rows(named=True)
    assert (row["metric"], row["since"]) == (metric, "b12")
    assert row["after"] / row["before"] == pytest.approx(factor)
    assert row["p_value"] < 0.01


@pytest.mark.parametrize(
    "values",
    [
        [1.0] * 40,
        [1.0 + 0.1 * (n % 7) for n in range(40)],
        [9.0 if n == 20 else 1.0 + 0.1 * (n % 3) for n in range(40)],
        [1.0] * 5 + [9.0] * 5,
        [None] * 40,
        [],
    ],
    ids=["flat", "weeks", "one odd night", "too few", "unknown", "none"],
)
def test_what_is_not_a_change_of_level_is_not_named(values):
    column = pl.Series(values, dtype=pl.Float64)
    table = trends_of(failure_rate=column) if len(column) else trends_of(failure_rate=[1.0]).clear()
    assert trend_changes(table).is_empty()
    assert trend_changes(table).columns[:3] == ["metric", "since", "begins"]


@pytest.mark.parametrize(("factor", "named"), [(1.02, 0), (0.97, 0), (1.1, 1), (0.9, 1)])
def test_levels_that_hardly_differ_are_no_change(factor, named):
    levels = [(1 + n % 3 / 1000) * (factor if n >= 9 else 1) for n in range(18)]
    for metric in ("failure_rate", "p95", "throughput"):
        assert trend_changes(trends_of(**{metric: levels})).height == named
