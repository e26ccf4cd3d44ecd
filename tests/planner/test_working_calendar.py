"""Working time between two moments equals a count of it minute by minute, also on the days the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.event_log.working_calendar import MISSING, DayHours, WorkingCalendar

ZONES = ["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"]
#: days around which the clocks of some of these zones change
CHANGES = [datetime(2024, 3, 31), datetime(2024, 10, 27), datetime(2024, 11, 3), datetime(2024, 4, 7)]  # noqa: DTZ001


def micros(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def seconds(calendar: WorkingCalendar, start: datetime, end: datetime) -> float:
    return float(calendar.working_seconds(np.array([micros(start)]), np.array([micros(end)]))[0])


def counted(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Every minute on its own: what the clock on the wall shows, and whether work is done then."""
    zone, total, moment = ZoneInfo(calendar.zone), 0, start
    while moment < end:
        wall = moment.astimezone(zone)
        total += 60 * (_open(calendar, wall.date(), wall.hour * 60 + wall.minute) or _night(calendar, wall))
        moment += timedelta(minutes=1)
    return total


def _open(calendar: WorkingCalendar, day: date, minute: int) -> bool:
    hours = calendar.days[day.weekday()]
    return hours is not None and hours.opens <= minute < hours.closes and day not in calendar.holidays


def _night(calendar: WorkingCalendar, wall: datetime) -> bool:
    """Whether the hours of the day before go on over midnight until now."""
    return _open(calendar, wall.date() - timedelta(days=1), 1440 + wall.hour * 60 + wall.minute)


by_day = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])
by_night = st.tuples(st.integers(721, 1439), st.integers(1, 720)).map(
    lambda pair: (pair[0], max(1441, min(pair[0] + pair[1], 2159)))
)
hours_of_a_day = st.none() | (by_day | by_night).map(lambda pair: DayHours(*pair))
calendars = st.builds(
    WorkingCalendar,
    days=st.tuples(*[hours_of_a_day] * 7).filter(any),
    holidays=st.frozensets(st.sampled_from([date(2024, 3, 30), date(2024, 4, 1), date(2024, 10, 27)])),
    zone=st.sampled_from(ZONES),
)
moments = st.builds(
    lambda day, minutes: (day + timedelta(minutes=minutes)).replace(tzinfo=UTC),
    st.sampled_from(CHANGES),
    st.integers(-2 * 1440, 3 * 1440),
)


@given(calendars, moments, moments)
def test_working_time_equals_a_count_of_minutes(calendar: WorkingCalendar, one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    if end - start > timedelta(days=6):
        end = start + timedelta(days=6)
    assert seconds(calendar, start, end) == counted(calendar, start, end)


@given(calendars, moments, moments, moments)
def test_spans_add_up_and_turn_negative_backwards(
    calendar: WorkingCalendar, one: datetime, two: datetime, three: datetime
) -> None:
    assert seconds(calendar, one, two) + seconds(calendar, two, three) == seconds(calendar, one, three)
    assert seconds(calendar, one, two) == -seconds(calendar, two, one)


@given(calendars, moments)
def test_a_moment_is_outside_where_no_minute_beside_it_is_worked(calendar: WorkingCalendar, moment: datetime) -> None:
    beside = counted(calendar, moment - timedelta(minutes=1), moment + timedelta(minutes=1))
    assert calendar.outside(np.array([micros(moment), MISSING])).tolist() == [beside == 0, False]


def test_a_night_belongs_to_the_day_it_begins_on_and_counts_once_where_it_meets_the_next() -> None:
    monday, early = DayHours(22 * 60, 30 * 60), DayHours(4 * 60, 12 * 60)
    week = WorkingCalendar((monday, early, None, None, None, None, None))
    start, end = datetime(2024, 3, 4, tzinfo=UTC), datetime(2024, 3, 11, tzinfo=UTC)
    assert seconds(week, start, end) == 14 * 3600, "Monday 22 to Tuesday 12"
    tuesday_off = WorkingCalendar(week.days, frozenset([date(2024, 3, 5)]))
    assert seconds(tuesday_off, start, end) == 8 * 3600, "the night of Monday, to Tuesday 6"


def test_a_night_the_clocks_change_is_an_hour_shorter_or_longer_only_where_work_is_done() -> None:
    always = WorkingCalendar.weekly(range(7), 0, 1440, zone="Europe/Amsterdam")
    office = WorkingCalendar.weekly(range(7), 9 * 60, 17 * 60, zone="Europe/Amsterdam")
    zone = ZoneInfo("Europe/Amsterdam")
    for day, hours in ((31, 23), (30, 24)):
        start = datetime(2024, 3, day, tzinfo=zone)
        end = (start + timedelta(days=1)).replace(tzinfo=zone)
        assert seconds(always, start.astimezone(UTC), end.astimezone(UTC)) == hours * 3600
        assert seconds(office, start.astimezone(UTC), end.astimezone(UTC)) == 8 * 3600


def test_a_missing_time_gives_no_seconds_and_far_years_are_counted() -> None:
    office = WorkingCalendar.weekly(range(5), 9 * 60, 17 * 60, zone="Europe/Amsterdam")
    answer = office.working_seconds(np.array([MISSING, 0]), np.array([0, MISSING]))
    assert np.isnan(answer).all()
    week = seconds(office, datetime(2500, 1, 4, tzinfo=UTC), datetime(2500, 1, 11, tzinfo=UTC))
    assert week == 5 * 8 * 3600
    assert len(office.working_seconds(np.array([], dtype=np.int64), np.array([], dtype=np.int64))) == 0


def test_a_night_of_more_than_half_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="12 hours at most"):
        DayHours(17 * 60, 33 * 60)


@pytest.mark.parametrize("opens", [-1, 600, 1441])
def test_hours_that_cannot_be_are_refused(opens: int) -> None:
    with pytest.raises(ValueError, match="begin before they end"):
        DayHours(opens, 600)


def test_a_calendar_without_work_or_with_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        WorkingCalendar((None,) * 7)
    with pytest.raises(ValueError, match="no time zone “Mars/Olympus”"):
        WorkingCalendar.weekly(range(5), 540, 1020, zone="Mars/Olympus")
