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
    "＝1+1",
    "－1",
    "\u200b=1",
    "\ufeff\u00a0@x",
    '"=1',
]


def read(body):
    return pl.read_csv(io.BytesIO(body), infer_schema=False)


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical])
def test_what_a_spreadsheet_would_run_is_a_text_in_csv(dtype):
    texts = [*RUN_BY_SPREADSHEETS, "plain", "a=1", "", None, 'say "x", y']
    told = read(to_csv(pl.DataFrame({"message": texts}, schema={"message": dtype})))
    expected = [f"'{text}" for text in RUN_BY_SPREADSHEETS] + ["plain", "a=1", "", None]
    assert told["message"].to_list() == [*expected, 'say "x", y']


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r"])
def test_what_would_run_where_a_spreadsheet_makes_another_cell_of_it_is_a_text(separator):
    frame = pl.DataFrame({"message": [f"a{separator} =1", f"a{separator}b"], f"x{separator}=1": 1})
    told = read(to_csv(frame))
    assert told["message"].to_list() == [f"a{separator}' =1", f"a{separator}b"]
    assert told.columns == ["message", f"x{separator}'=1"]


def test_every_text_and_every_heading_is_quoted():
    lines = to_csv(pl.DataFrame({"a;b": ["x;y", None, ""], "n": [1, None, -2]})).decode("utf-8-sig")
    assert lines.splitlines() == ['"a;b","n"', '"x;y",1', ",", '"",-2']


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
        '"at","took","ids","codes","code"',
        '"2025-05-06T11:47:51.654000Z",1.5,"a b","404",404',
    ]


def test_csv_writes_times_of_every_zone_in_utc():
    at = pl.Series([datetime(2025, 5, 6, 11, 47, tzinfo=UTC)])
    frame = pl.DataFrame({"at": at.dt.convert_time_zone("Europe/Zurich")})
    assert b"2025-05-06T11:47:00.000000Z" in to_csv(frame)


def test_parquet_is_the_frame_itself():
    frame = pl.DataFrame({"a": ["=1", None], "took": [timedelta(1), None]})
    assert_frame_equal(pl.read_parquet(io.BytesIO(to_parquet(frame))), frame)
