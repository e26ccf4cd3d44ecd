"""The days of a log are told by the clocks of those who did the work."""

from datetime import UTC, datetime
from typing import Any

import pytest

from planner.models import EventLog, Process, Source
from planner.selectors.process import cases_words

CHOICE = {"days": [["09:00", "17:00"]] * 5 + [None, None], "zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("statistics", "days"),
    [
        ({"cases": 7}, "between 31 December 2024 and 30 June 2025"),
        ({"cases": 7, "calendar": {"choice": CHOICE}}, "between 1 January 2025 and 1 July 2025"),
    ],
)
def test_a_day_begins_where_people_work(statistics: dict[str, Any], days: str) -> None:
    process = Process(name="Claims", cases_a_year=14, cases_source=Source.LOG)
    first, last = datetime(2024, 12, 31, 23, 30, tzinfo=UTC), datetime(2025, 6, 30, 22, 30, tzinfo=UTC)
    log = EventLog(statistics=statistics, first_start=first, last_start=last)
    assert days in cases_words(process, log)
