import polars as pl
import pytest

from clinia_nb.receipts import failed, outcome
from clinia_nb.receipts.fields import ERROR_COLUMNS


@pytest.mark.parametrize("column", ERROR_COLUMNS)
def test_any_error_column_makes_a_failure_and_the_others_may_be_missing(column):
    value = 404 if column == "error_code" else "x"
    frame = pl.DataFrame({"status": ["SUCCESS", "SUCCESS", None], column: [value, None, None]})
    assert frame.select(failed()).to_series().to_list() == [True, False, False]
    assert frame.lazy().select(outcome()).collect().to_series().to_list() == [
        "failed", "succeeded", "other",
    ]  # fmt: skip


def test_the_status_alone_is_enough():
    frame = pl.DataFrame({"status": ["FAILURE", "PENDING"]})
    assert frame.filter(failed()).height == 1
    assert frame.filter(failed([])).height == 1


def test_columns_that_are_not_available_do_not_count():
    frame = pl.DataFrame({"status": ["SUCCESS"], "error_code": [404]})
    assert frame.select(failed(["status"])).item() is False
