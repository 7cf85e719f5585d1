from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinia_nb import zones

RANGE = datetime(1980, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - the zone is added below
MOMENTS = st.datetimes(*RANGE, timezones=st.just(UTC))
NAMES = st.sampled_from(["UTC", "America/Toronto", "Asia/Kolkata", "Pacific/Auckland"])


@given(MOMENTS, NAMES)
def test_what_is_written_is_read_again_but_for_the_hour_that_is_there_twice(moment, zone):
    read = zones.read(zones.write(moment, zone, pattern="%Y-%m-%dT%H:%M:%S%.6f"), zone)
    assert read.utcoffset() == timedelta()
    assert moment - read in {timedelta(), timedelta(hours=1)}


def test_the_first_of_two_equal_hours_is_meant_and_an_hour_that_is_left_out_is_refused():
    first = zones.read("2026-11-01T01:30", "America/Toronto")
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="no 2026-03-08T02:30 in America/Toronto"):
        zones.read("2026-03-08T02:30", "America/Toronto")


def test_a_stretch_over_midnight_has_both_days_and_milliseconds_where_they_matter():
    begins = datetime(2026, 3, 10, 3, 59, 59, tzinfo=UTC)
    said = zones.stretch(begins, begins + timedelta(seconds=2), "America/Toronto")
    assert said == "2026-03-09 23:59:59 to 2026-03-10 00:00:01 America/Toronto"
    exact = zones.stretch(begins, begins + timedelta(milliseconds=1500))
    assert exact == "2026-03-10 03:59:59.000 to 04:00:00.500 UTC"
