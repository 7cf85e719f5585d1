from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinia_nb.display.times import Zone

ZONES = ["UTC", "America/Toronto", "Asia/Kathmandu", "America/Sao_Paulo"]
NOON = datetime(2025, 7, 1, 12, 0, 0, 250_000, UTC)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("UTC", "2025-07-01 12:00:00 UTC"),
        ("America/Toronto", "2025-07-01 08:00:00 EDT"),
        ("Asia/Kathmandu", "2025-07-01 17:45:00 UTC+05:45"),
    ],
)
def test_a_moment_says_its_zone(name, said):
    assert Zone(name).moment(NOON) == said
    assert Zone(name).moment(NOON, milliseconds=True) == said.replace(":00 ", ":00.250 ")


def test_a_stretch_says_the_day_twice_where_it_changes_and_fractions_where_there_are_any():
    ends = NOON + timedelta(hours=14)
    assert Zone().stretch(NOON, ends) == "2025-07-01 12:00:00.250 to 2025-07-02 02:00:00.250 UTC"
    assert (
        Zone("America/Toronto").stretch(NOON, ends) == "2025-07-01 08:00:00.250 to 22:00:00.250 EDT"
    )


@given(
    st.sampled_from(ZONES),
    st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_what_a_field_shows_is_read_back_but_for_the_hour_that_comes_twice(name, moment):
    zone = Zone(name)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    read = zone.read(zone.field(moment))
    assert zone.field(read) == zone.field(moment)
    assert moment - read in {timedelta(), timedelta(hours=1)}
    assert name != "UTC" or read == moment


def test_the_ends_of_the_calendar_are_shown_as_they_are():
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert Zone("America/Toronto").moment(first) == "0001-01-01 00:00:00 UTC"


@pytest.mark.parametrize(
    ("given", "name", "hours"),
    [
        ("utc", "UTC", 0),
        ("Z", "UTC", 0),
        ("+00:00", "UTC", 0),
        ("+02:00", "+02:00", 2),
        ("-0330", "-03:30", -3.5),
        ("UTC+5:45", "+05:45", 5.75),
        ("america/toronto", "America/Toronto", -4),
    ],
)
def test_a_zone_is_known_by_its_name_in_any_case_or_by_its_offset(given, name, hours):
    zone = Zone(given)
    assert zone.name == name
    assert zone.offset(NOON) == timedelta(hours=hours)
    assert zone.read(zone.field(NOON)) == NOON
    assert zone == Zone(name)


@pytest.mark.parametrize(
    "given", ["Mars/Olympus", "", "America", "+15:00", "+02:75", "../UTC", None, 2]
)
def test_an_unknown_zone_is_refused_at_once(given):
    with pytest.raises(ValueError, match=r"is not a known time zone.*such as '\+02:00'"):
        Zone(given)


def test_a_near_miss_is_named():
    with pytest.raises(ValueError, match="Did you mean 'America/Toronto'"):
        Zone("America/Torento")
