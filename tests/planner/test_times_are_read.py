"""Times written in many ways become the same moments."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.event_log.times import parse_times

MOMENT = datetime(2024, 3, 23, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-23T14:05:00Z",
        "2024-03-23T16:05:00.000+02:00",
        "2024-03-23 14:05",
        "2024-03-23 09:05:00-0500",
        "2024/03/23 14:05:00",
        "23.3.2024 14:05",
        "23.03.24 14:05:00",
        "23/03/2024 2:05 PM",
        "03/23/2024 14:05",
        "23-03-2024 14:05:00,000",
        "23 Mar 2024 14:05",
        "1711202700",
        "1711202700000",
    ],
)
def test_a_time_is_read(text: str) -> None:
    assert parse_times(pd.Series([text])).times[0] == MOMENT


def test_mixed_offsets_in_one_column_are_one_clock() -> None:
    parsed = parse_times(pd.Series(["2024-03-23T14:05:00+00:00", "2024-03-23T16:05:00+02:00"]))
    assert parsed.times.nunique() == 1
    assert not parsed.zone_missing


def test_dates_alone_and_blanks() -> None:
    parsed = parse_times(pd.Series(["2024-03-23", "", "nan", "later"]))
    assert parsed.times[0] == datetime(2024, 3, 23, tzinfo=UTC)
    assert (parsed.blank, parsed.unreadable) == (2, 1)


def test_an_impossible_date_is_unreadable_not_moved() -> None:
    assert parse_times(pd.Series(["31.2.2024 10:00"]), day_first=True).unreadable == 1


def test_a_column_stays_with_the_reading_it_decides() -> None:
    parsed = parse_times(pd.Series(["1/2/2024 10:00", "13/2/2024 10:00"]), day_first=False)
    assert parsed.day_first is True
    assert not parsed.ambiguous
    assert parsed.times[0].month == 2


@given(st.datetimes(MOMENT.replace(year=1971, tzinfo=None), MOMENT.replace(year=2069, tzinfo=None)), st.booleans())
def test_day_and_month_first_read_back_what_was_written(moment: datetime, day_first: bool) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    text = moment.strftime("%d.%m.%y %H:%M:%S" if day_first else "%m/%d/%y %H:%M:%S")
    assert parse_times(pd.Series([text]), day_first=day_first).times[0] == moment
