"""Which rows pass a selection: the same as its filters say, and each part tested once."""

from datetime import timedelta

import polars as pl
import pytest

from clinia_nb.explorer.masks import Masks
from clinia_nb.explorer.selection import Selection
from clinia_nb.explorer.value_pick import ValueColumn
from clinia_nb.receipts import parse_receipts
from clinia_nb.receipts.outcome import outcome
from clinia_nb.sandbox.generator import generate_bulk
from clinia_nb.signatures.sign import with_signatures


@pytest.fixture(scope="module")
def table():
    body = generate_bulk("mixed", receipts=300).body
    receipts = with_signatures(parse_receipts(body, source_key="ehr-prod", bulk_id="bk_1"))
    return receipts.with_columns(outcome(receipts.columns))


@pytest.fixture
def selections(table):
    begin = table["received_at"].min()
    by_type = Selection().toggled("error_type", "NOT_FOUND")
    return [
        by_type,
        by_type.searching("clinic"),
        by_type.searching("clinic").between(begin, begin + timedelta(minutes=9)),
        Selection().searching('"no such thing"'),
    ]


def test_the_rows_of_a_selection_are_those_that_its_filters_keep(table, selections):
    masks = Masks(table)
    for selection in selections:
        kept = table.with_row_index("row").filter(selection.tests)["row"]
        assert masks.of(selection).arg_true().equals(kept.alias("")), selection
    assert masks.of(Selection()).all()
    assert 0 < masks.of(selections[2]).sum() < masks.of(selections[0]).sum() < table.height


def test_the_rows_with_a_value_at_a_place_of_a_signature(table):
    message = table.filter(error_type="NOT_FOUND").row(0, named=True)
    named = message["error_message"].split("'")[1]
    place = ValueColumn(message["signature"], 0)
    found = table.filter(Masks(table).of(Selection().toggled(place.name, named)))
    assert found["signature"].unique().to_list() == [message["signature"]]
    assert found["error_message"].str.contains(f"'{named}'", literal=True).all()


def test_a_part_that_many_selections_share_is_tested_once(table, selections, monkeypatch):
    tested, untouched = [], Selection.tests

    def counted(selection):
        tested.append(selection)
        return untouched.__get__(selection)

    monkeypatch.setattr(Selection, "tests", property(counted))
    masks = Masks(table)
    for selection in selections:
        masks.of(selection)
    assert len(tested) == len(set(tested)) == 4
    masks.of(Selection().searching("clinic"))
    assert len(tested) == 4


def test_masks_of_an_empty_table(table):
    assert Masks(table.clear()).of(Selection().searching("x")).equals(pl.Series(dtype=pl.Boolean))
