"""Problems by bulk: each lane says in words if the problem is new, and shows who works on it."""

import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from clinia_nb import charts
from clinia_nb.analysis.history import signature_history
from clinia_nb.errors import MissingColumnError


def receipts(*nights):
    """One bulk per argument, with a failed receipt for each of its messages."""
    rows = [
        {
            "source_key": "ehr",
            "bulk_id": f"bk_{night}",
            "status": "FAILURE" if message else "SUCCESS",
            "received_at": datetime(2026, 3, 1, 2, tzinfo=UTC) + timedelta(days=night),
            "error_type": "INTERNAL" if message else None,
            "error_message": message or None,
        }
        for night, messages in enumerate(nights)
        for message in (messages or [""])
    ]
    return pl.DataFrame(rows, schema_overrides={"error_type": pl.String})


EVERY_STATE = receipts(
    ["returns", "leaves", "stays"], ["stays"], ["stays"], ["stays"], ["stays", "returns", "comes"]
)


def texts(chart):
    return re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", charts.to_svg(chart, prefix="a"))


def described(chart):
    words = re.findall(r"<title>(Problem: [^<]*)</title>", charts.to_svg(chart, prefix="a"))
    return [text.split("\n") for text in words]


def test_each_state_is_written_in_its_lane():
    chart = charts.signature_history(EVERY_STATE)
    shown = texts(chart)
    lanes = {
        "comes": "New · 1 failure in 1 of 5 bulks · first in bk_4",
        "returns": "Back again · 2 failures in 2 of 5 bulks · first in bk_0",
        "stays": "Known · 5 failures in 5 of 5 bulks · first in bk_0",
        "leaves": "Gone · 1 failure in 1 of 5 bulks · first in bk_0",
    }
    places = [shown.index(text) for pair in lanes.items() for text in pair]
    assert sorted(places) == sorted(set(places))
    assert "1 new, 1 back again, 1 known, 1 gone" in chart.description


def test_each_bulk_with_failures_has_one_bar_in_words():
    found = described(charts.signature_history(EVERY_STATE))
    assert ["Problem: returns", "Error type: INTERNAL", "State: Back again", "Bulk: 1 of 5",
            "Failed receipts: 1"] in found  # fmt: skip
    assert len(found) == 1 + 2 + 5 + 1


def test_a_frame_of_the_summary_is_drawn_as_the_receipts_are():
    notes = pl.DataFrame({"signature": ["comes"], "error_type": ["INTERNAL"], "note": ["OPS-7"]})
    history = signature_history(EVERY_STATE, bulk_id="bk_4", notes=notes)
    chart = charts.signature_history(history)
    same = charts.signature_history(EVERY_STATE, bulk_id="bk_4", notes=notes)
    assert chart.to_dict() == same.to_dict()
    assert any(text.startswith("Known · 1 failure") and "OPS-7" in text for text in texts(chart))


def test_a_bulk_in_question_may_be_an_earlier_one():
    chart = charts.signature_history(EVERY_STATE, bulk_id="bk_0")
    assert "3 new" in chart.description
    assert not any("comes" in text for text in texts(chart))


def test_the_leading_problems_are_drawn_and_the_others_counted():
    # Names that no rule takes for values, so that each is a problem of its own.
    names = [f"{letter * 3} failed" for letter in "abcdefghijklmnopqrst"]
    history = signature_history(receipts(names).with_columns(signature=pl.col("error_message")))
    chart = charts.signature_history(history)
    assert len(described(chart)) == 12
    assert "8 more not shown" in chart.description
    assert len(described(charts.signature_history(history, most=3))) == 3


def test_many_bulks_keep_their_numbers_and_the_chart_stays_small():
    nights = receipts(*[["stays"]] * 900).with_columns(signature=pl.col("error_message"))
    chart = charts.signature_history(nights)
    numbers = [int(lines[3].split()[1]) for lines in described(chart)]
    assert numbers == list(range(501, 901))
    assert "The latest 400 of 900 bulks" in chart.description
    assert len(chart.to_json(indent=None)) < 30_000


def test_hostile_names_and_notes_stay_text():
    evil = "</svg><script>alert(1)</script>"
    history = signature_history(receipts(["a"], ["a"])).with_columns(
        signature=pl.lit(evil), note=pl.lit(evil), first_bulk=pl.lit(evil)
    )
    svg = charts.to_svg(charts.signature_history(history), prefix="a")
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_a_frame_that_is_only_alike_is_refused():
    history = signature_history(EVERY_STATE).drop("state")
    with pytest.raises(MissingColumnError, match="state"):
        charts.signature_history(history)
