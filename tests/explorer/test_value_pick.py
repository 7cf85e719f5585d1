from __future__ import annotations

import polars as pl
import pytest
from support.frames import at, frame

import clinia_nb as cnb
from clinia_nb.explorer.prepared import Study
from clinia_nb.explorer.selection import Selection
from clinia_nb.explorer.value_pick import ValueColumn

FIELDS = ["name.use", "period.end", "name.use", "telecom.rank"]
SIGNATURE = "<name> is not a date"


@pytest.fixture
def receipts():
    failures = [
        {
            "id": f"r{n}",
            "status": "FAILURE",
            "received_at": at(n),
            "error_type": "INVALID_ARGUMENT",
            "error_message": f"{field} is not a date",
            "error_details": f'[{{"field": "{field}"}}]',
        }
        for n, field in enumerate(FIELDS)
    ]
    other = {"id": "r9", "status": "FAILURE", "error_type": "INTERNAL", "error_message": "name.use"}
    return frame(*failures, other, {"id": "ok", "status": "SUCCESS"})


def study_of(receipts):
    return Study.of(cnb.BulkResult("ehr", "bk_1", "relationships", "FAILURE", receipts, b""))


@pytest.mark.parametrize("place", [0, "details[].field"])
def test_a_value_of_one_place_filters(receipts, place):
    study = study_of(receipts)
    column = ValueColumn(SIGNATURE, place).name
    selection = Selection().toggled(column, "name.use")
    assert study.selected(selection)["id"].to_list() == ["r0", "r2"]
    assert study.count(selection) == 2
    both = selection.toggled(column, "telecom.rank")
    assert study.selected(both)["id"].to_list() == ["r0", "r2", "r3"]
    assert study.selected(both).columns == study.table.drop("outcome").columns
    assert both.toggled(column, "telecom.rank") == selection
    assert selection.toggled(column, "name.use") == Selection()


@pytest.mark.parametrize("place", [0, "details[].field"])
def test_the_code_of_a_value_filter_makes_the_same_frame(receipts, place):
    selection = Selection().toggled(ValueColumn(SIGNATURE, place).name, "name.use")
    selection = selection.toggled("error_type", "INVALID_ARGUMENT")
    code = selection.code()
    scope = {"receipts": receipts}
    exec(code, scope)  # noqa: S102 - the code that is shown to people to run
    assert scope["selected"]["id"].to_list() == ["r0", "r2"]


def test_a_value_filter_is_named_by_its_values_and_place():
    chips = Selection().toggled(ValueColumn(SIGNATURE, 0).name, "name.use").chips()
    assert [chip.words for chip in chips] == ["value name.use in “<name> is not a date”"]
    chips = Selection().toggled(ValueColumn(SIGNATURE, "details[].field").name, "x").chips()
    assert [chip.words for chip in chips] == ["details[].field x in “<name> is not a date”"]


@pytest.mark.parametrize("name", ["value:", "value:[1, 2]", 'value:["a", true]', "value:{}", "v"])
def test_what_is_not_a_place_cannot_be_picked(name):
    with pytest.raises(cnb.CliniaError, match="Not to be picked"):
        Selection().toggled(name, "x")


def test_a_place_that_no_receipt_has_selects_nothing(receipts):
    study = study_of(receipts)
    assert study.count(Selection().toggled(ValueColumn("other", 0).name, "x")) == 0
    assert isinstance(study.table, pl.DataFrame)
