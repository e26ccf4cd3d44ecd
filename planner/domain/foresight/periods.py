"""Days or weeks as periods that are counted: which there are, in which a moment falls, and which is a season ago.

A day on which the working hours never open, and a week without any such day, is no period: what comes then counts on
the next open one, where it can be worked on. Every other period without a case is a zero.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from planner.domain.event_log.working_calendar import WEEKDAYS, WorkingCalendar
from planner.domain.foresight.arranged_log import Ints, Mask, timestamps
from planner.domain.foresight.targets import Period

EPOCH = date(1970, 1, 1)
_MONDAY = 3
"""Days from a Monday to 1 January 1970, a Thursday."""

YEARS_OF_WEEKS = 3
"""A season of weeks is a year where so many were seen, else four weeks."""


@dataclass(frozen=True)
class SeriesShape:
    """What a series of counts rests on besides its values.

    `season` is in periods; `zone` says where days begin; `origin` is the period of the first case; `closed` are the
    days the working hours close although their weekday is open, also of the years to come.
    """

    period: Period
    season: int
    zone: str
    origin: date
    open_weekdays: tuple[int, ...]
    closed: tuple[date, ...]

    @cached_property
    def _closed(self) -> Ints:
        return np.array([day_number(day) for day in self.closed], dtype=np.int64)

    def open_days(self, days: Ints) -> Mask:
        """Which of these days (since 1970) are worked on."""
        return np.asarray(np.isin((days + _MONDAY) % 7, self.open_weekdays) & ~np.isin(days, self._closed))

    def open_in(self, starts: Ints) -> Ints:
        """How many days of each period are worked on."""
        days = starts[:, None] + np.arange(self.period.days)
        opens = self.open_days(days.ravel()).reshape(days.shape)
        return np.asarray(opens.sum(axis=1), dtype=np.int64)

    def grid(self, first: int, last: int) -> Ints:
        """The beginning of every period from `first` to `last`, open or not, as days since 1970."""
        return np.arange(first, last + 1, self.period.days, dtype=np.int64)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


def beginnings(days: Ints, period: Period) -> Ints:
    """The day on which the period of each of these days begins; weeks begin on Monday."""
    return days if period is Period.DAY else days - (days + _MONDAY) % 7


def local_days(micros: Ints, zone: str) -> Ints:
    """The day of the wall clock of the zone at each moment, as days since 1970."""
    wall = timestamps(micros).dt.tz_convert(zone).dt.tz_localize(None)
    return np.asarray(wall.to_numpy("datetime64[D]").astype(np.int64))


def midnights(days: Ints, zone: str) -> pd.Series:
    """When each of these days begins in the zone, as UTC times."""
    wall = pd.Series(pd.to_datetime(days.astype("datetime64[D]"))).astype("datetime64[us]")
    local = wall.dt.tz_localize(zone, nonexistent="shift_forward", ambiguous=np.ones(len(days), dtype=bool))
    return local.dt.tz_convert("UTC")


def shape_of(period: Period, calendar: WorkingCalendar | None, *, first: int, last: int) -> SeriesShape:
    """The shape of a series from the period that begins on the day `first` to `last`; None: open around the clock."""
    seen = (last - first) // 7 + 1
    season = 7 if period is Period.DAY else 52 if seen >= YEARS_OF_WEEKS * 52 else 4
    if calendar is None:
        return SeriesShape(period, season, "UTC", day_of(first), tuple(range(len(WEEKDAYS))), ())
    open_weekdays = tuple(place for place, hours in enumerate(calendar.days) if hours is not None)
    closed = sorted(day for day in calendar.holidays if day >= day_of(first) and day.weekday() in open_weekdays)
    return SeriesShape(period, season, calendar.zone, day_of(first), open_weekdays, tuple(closed))
