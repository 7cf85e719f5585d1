"""Bulks side by side: every one is described, and a named change is drawn with its levels."""

import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from clinia_nb import charts
from clinia_nb.analysis.trends import bulk_trends, trend_changes
from clinia_nb.errors import MissingColumnError


def trends(rates, **columns):
    count = len(rates)
    return pl.DataFrame(
        {
            "bulk_id": [f"night {number}" for number in range(count)],
            "begins": [
                datetime(2026, 1, 1, 2, tzinfo=UTC) + timedelta(days=n) for n in range(count)
            ],
            "receipts": 100,
            "failed": [round(100 * (rate or 0)) for rate in rates],
            "failure_rate": rates,
            "p50": timedelta(seconds=2),
            "p95": timedelta(seconds=8),
            "throughput": 4.0,
        }
        | columns
    )


def receipts(nights):
    begins = [
        datetime(2026, 3, 1, 2, tzinfo=UTC) + timedelta(days=night) for night in range(nights)
    ]
    return pl.DataFrame(
        {
            "bulk_id": [f"bk_{night}" for night in range(nights)],
            "status": ["FAILURE" if night % 3 == 0 else "SUCCESS" for night in range(nights)],
            "received_at": begins,
            "completed_at": [time + timedelta(seconds=3) for time in begins],
            "duration": timedelta(seconds=3),
        }
    )


def data_with(chart, *fields):
    return [
        rows
        for rows in chart.to_dict()["datasets"].values()
        if rows and set(fields) <= set(rows[0])
    ]


def described(chart):
    words = re.findall(r"<title>(Bulk: [^<]*)</title>", charts.to_svg(chart, prefix="a"))
    return [text.split("\n") for text in words]


RISEN = [0.01, 0.02] * 8 + [0.05, 0.06] * 8


@pytest.mark.parametrize("count", [1, 2, 30, 400])
def test_each_bulk_is_described_once_in_lines(count):
    found = described(charts.bulk_trends(trends([0.01] * count)))
    assert sorted(lines[0] for lines in found) == sorted(f"Bulk: night {n}" for n in range(count))
    assert found[0][1:] == [
        "From (UTC): 2026-01-01 02:00:00", "Receipts: 100", "Failed: 1", "Failure rate: 1.0%",
        "Median: 2 s", "95th percentile: 8 s", "Completed per second: 4",
    ]  # fmt: skip


def test_a_change_is_a_rule_between_its_levels_and_a_sentence():
    chart = charts.bulk_trends(trends(RISEN))
    (rules,) = data_with(chart, "from", "to", "until")
    before, after, rule = rules
    assert before["to"] == after["from"] == rule["from"] == rule["to"]
    assert before["height"] == before["until"] > after["height"] == after["until"] > rule["height"]
    assert datetime.fromtimestamp(rule["from"] / 1000, UTC).day == 17
    sentence = "Failure rate: 1.5% before, 5.5% since night 16 (2026-01-17)"
    assert sentence in chart.description


def test_changes_that_are_given_are_drawn_and_no_others():
    shown = trends(RISEN)
    without = charts.bulk_trends(shown, changes=trend_changes(shown).clear())
    assert not data_with(without, "from", "to", "until")
    assert "before" not in without.description
    slower = trend_changes(shown).with_columns(
        metric=pl.lit("p95"), before=pl.lit(4.0), after=pl.lit(8.0)
    )
    chart = charts.bulk_trends(shown, changes=slower)
    assert "95th percentile of time to completion: 4.00 s before, 8.00 s" in chart.description
    assert len(data_with(chart, "from", "to", "until")) == 1


def test_receipts_are_drawn_as_their_summary_is():
    nights = receipts(20)
    drawn = charts.bulk_trends(nights).to_dict()
    assert drawn == charts.bulk_trends(bulk_trends(nights)).to_dict()


def test_days_are_drawn_like_bulks():
    nights = receipts(12).with_columns(day=pl.col("received_at").dt.date())
    found = described(charts.bulk_trends(nights, by="day"))
    assert [lines[0] for lines in found][:2] == ["Bulk: 2026-03-01", "Bulk: 2026-03-02"]


def test_only_the_latest_400_are_drawn_and_a_note_says_so():
    chart = charts.bulk_trends(trends([0.01] * 1_200))
    (rows,) = data_with(chart, "bulk", "failure_rate")
    assert [rows[0]["bulk"], rows[-1]["bulk"], len(rows)] == ["night 800", "night 1199", 400]
    assert "The latest 400 of 1,200" in chart.description
    assert len(chart.to_json(indent=None)) < 100_000


def test_bulks_without_a_time_are_counted_and_those_without_figures_are_still_described():
    known = trends([0.01, None, 0.02], p50=[timedelta(seconds=1), None, None])
    untimed = known.head(1).with_columns(pl.lit(None).cast(known.schema["begins"]).alias("begins"))
    chart = charts.bulk_trends(pl.concat([known, untimed]))
    assert "Without a time, and left out: 1" in chart.description
    assert len(described(chart)) == 3
    assert charts.bulk_trends(untimed).description.endswith("No receipts have a time.")


def test_all_nights_alike_negative_and_endless_figures_are_drawn():
    odd = trends(
        [0.0, 0.0], p50=timedelta(seconds=-5), p95=timedelta(0), throughput=[float("inf"), 1e9]
    )
    assert len(described(charts.bulk_trends(odd))) == 2


def test_a_time_zone_shifts_the_times_that_are_shown():
    (lines,) = described(charts.bulk_trends(trends([0.01]), time_zone="America/Toronto"))
    assert lines[1].endswith("2025-12-31 21:00:00")


def test_changes_of_another_frame_are_refused():
    with pytest.raises(MissingColumnError, match="metric"):
        charts.bulk_trends(trends(RISEN), changes=pl.DataFrame({"a": [1]}))
