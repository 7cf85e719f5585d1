import io
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from clinia_nb.display.tables import to_csv, to_parquet

RUN_BY_SPREADSHEETS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    " =1",
    "\n=1",
    '=cmd|"/C x"!A0',
]


def read(body):
    return pl.read_csv(io.BytesIO(body), infer_schema=False)


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical])
def test_what_a_spreadsheet_would_run_is_a_text_in_csv(dtype):
    texts = [*RUN_BY_SPREADSHEETS, "plain", "a=1", "", None, 'say "x", y']
    told = read(to_csv(pl.DataFrame({"message": texts}, schema={"message": dtype})))
    expected = [f"'{text}" for text in RUN_BY_SPREADSHEETS] + ["plain", "a=1", "", None]
    assert told["message"].to_list() == [*expected, 'say "x", y']


def test_csv_writes_times_durations_and_lists_plainly():
    frame = pl.DataFrame(
        {
            "at": [datetime(2025, 5, 6, 11, 47, 51, 654_000, UTC)],
            "took": [timedelta(seconds=1.5)],
            "ids": [["a", "b"]],
            "codes": [[404]],
            "code": [404],
        }
    )
    body = to_csv(frame)
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.decode("utf-8-sig").splitlines() == [
        "at,took,ids,codes,code",
        "2025-05-06T11:47:51.654000Z,1.5,a b,404,404",
    ]


def test_parquet_is_the_frame_itself():
    frame = pl.DataFrame({"a": ["=1", None], "took": [timedelta(1), None]})
    assert_frame_equal(pl.read_parquet(io.BytesIO(to_parquet(frame))), frame)
