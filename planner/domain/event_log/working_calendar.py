"""When people work: weekdays, hours of the day, holidays and the time zone they are meant in.

A span of time counts only as far as it lies within working time. Hours that end after midnight belong to the day they
begin on, also where that or the next is a holiday; where they meet those of the next day, time counts once. The hours
are those of the wall clock of the zone, so that the day the clocks change is an hour shorter or longer where the change
falls into working time, and no other is.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from planner.domain.event_log.time_zones import zone_named

Micros = np.ndarray[tuple[int], np.dtype[np.int64]]
Seconds = np.ndarray[tuple[int], np.dtype[np.float64]]

DAY_MINUTES = 24 * 60
LONGEST_NIGHT = 12 * 60
"""Minutes of hours over midnight at most: what is longer is rather a day whose ends were mixed up."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MISSING = np.iinfo(np.int64).min
"""A missing time among microseconds: what NaT is as a whole number."""

_SECOND, _MINUTE, _DAY = 1_000_000, 60_000_000, 86_400_000_000
_EPOCH = date(1970, 1, 1)
#: outside these the offset of the zone is taken to stay what it is at the edge
_KNOWN_FROM, _KNOWN_TO = (date(1900, 1, 1) - _EPOCH).days, (date(2200, 1, 1) - _EPOCH).days


@dataclass(frozen=True)
class DayHours:
    """From when to when work is done on a day: minutes after midnight, `opens` included, `closes` not.

    More than 24 hours after midnight is the next day: 22 to 30 o'clock is a night.

    >>> DayHours(9 * 60, 17 * 60).words
    '9–17'
    >>> DayHours(8 * 60 + 30, 24 * 60).words
    '8:30–24'
    >>> DayHours(22 * 60, 30 * 60).words
    '22–6'
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes or self.opens >= DAY_MINUTES:
            raise ValueError("Working hours of a day begin before they end, between 0:00 and 24:00.")
        if self.overnight and self.closes - self.opens > LONGEST_NIGHT:
            raise ValueError("Working hours over midnight last 12 hours at most.")

    @property
    def overnight(self) -> bool:
        return self.closes > DAY_MINUTES

    @property
    def words(self) -> str:
        return f"{_clock(self.opens)}–{_clock(self.closes - DAY_MINUTES if self.overnight else self.closes)}"


@dataclass(frozen=True)
class WorkingCalendar:
    """Working time. `days` has one entry a weekday from Monday, None where no work is done; `zone` is an IANA name.

    >>> calendar = WorkingCalendar.weekly(range(5), 9 * 60, 17 * 60)
    >>> friday, monday = (np.datetime64(text, "us").view("int64") for text in ("2024-03-01T16", "2024-03-04T10"))
    >>> calendar.working_seconds(np.array([friday]), np.array([monday])).tolist()
    [7200.0]
    """

    days: tuple[DayHours | None, ...]
    holidays: frozenset[date] = frozenset()
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if len(self.days) != len(WEEKDAYS) or not any(self.days):
            raise ValueError("A working calendar has seven weekdays, and work is done on at least one.")
        zone_named(self.zone)

    @classmethod
    def weekly(
        cls, weekdays: "range | tuple[int, ...]", opens: int, closes: int, *, zone: str = "UTC"
    ) -> "WorkingCalendar":
        """The same hours (minutes after midnight) on each of these weekdays, Monday being 0."""
        hours = DayHours(opens, closes)
        return cls(tuple(hours if day in weekdays else None for day in range(7)), zone=zone)

    def working_seconds(self, start: Micros, end: Micros) -> Seconds:
        """Seconds of working time from `start` to `end`, both microseconds since 1970 in UTC, element by element.

        Negative where the end lies before the start; NaN where one is `MISSING`.
        """
        start, end = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
        known = (start != MISSING) & (end != MISSING)
        seconds = np.full(len(start), np.nan)
        if not known.any():
            return seconds
        begun, done = start[known], end[known]
        low, high = min(begun.min(), done.min()), max(begun.max(), done.max())
        opens, closes = self.openings(int(low), int(high))
        worked = _worked(opens, closes, done) - _worked(opens, closes, begun)
        seconds[known] = worked / _SECOND
        return seconds

    def outside(self, times: Micros) -> np.ndarray:
        """Which of these moments (microseconds since 1970 in UTC) lie outside working time; `MISSING` does not.

        The end of a span lies inside: who ends work at five does so within nine to five.

        >>> calendar = WorkingCalendar.weekly(range(5), 9 * 60, 17 * 60)
        >>> texts = ("2024-03-01T17:00", "2024-03-01T17:01", "2024-03-02T10:00")
        >>> calendar.outside(np.array(texts, "M8[us]").view("int64")).tolist()
        [False, True, True]
        """
        times = np.asarray(times, dtype=np.int64)
        known = times != MISSING
        found = np.zeros(len(times), dtype=bool)
        if not known.any():
            return found
        opens, closes = self.openings(int(times[known].min()), int(times[known].max()))
        place = np.searchsorted(opens, times[known], side="right") - 1
        found[known] = (place < 0) | (times[known] > closes[np.maximum(place, 0)]) if len(opens) else True
        return found

    def openings(self, low: int, high: int) -> tuple[Micros, Micros]:
        """Every span of working time that touches `low` to `high`: beginnings and ends in UTC microseconds, sorted."""
        days = np.arange(low // _DAY - 2, high // _DAY + 2, dtype=np.int64)
        opens, closes = self._wall_clock(days)
        begins, ends = [], []
        for since, until, offset in self._offsets(int(days[0]), int(days[-1])):
            # What a change of the clocks cuts is cut here too; an hour shown twice counts twice.
            cut_opens, cut_closes = np.maximum(opens - offset, since), np.minimum(closes - offset, until)
            left = cut_opens < cut_closes
            begins.append(cut_opens[left])
            ends.append(cut_closes[left])
        return np.concatenate(begins), np.concatenate(ends)

    @cached_property
    def _closed(self) -> Micros:
        """Holidays as days since 1970."""
        return np.array(sorted((day - _EPOCH).days for day in self.holidays), dtype=np.int64)

    def _wall_clock(self, days: Micros) -> tuple[Micros, Micros]:
        """Opening and closing of the working days among these, as microseconds since 1970 of the wall clock.

        Sorted and apart: what a night takes of the hours of the next day is left out there.
        """
        weekday = (days + 3) % 7  # 1 January 1970 was a Thursday
        opens = np.array([hours.opens if hours else 0 for hours in self.days], dtype=np.int64)[weekday]
        closes = np.array([hours.closes if hours else 0 for hours in self.days], dtype=np.int64)[weekday]
        worked = (opens < closes) & ~np.isin(days, self._closed)
        midnight = days[worked] * _DAY
        begins, ends = midnight + opens[worked] * _MINUTE, midnight + closes[worked] * _MINUTE
        begins[1:] = np.maximum(begins[1:], np.maximum.accumulate(ends)[:-1])
        apart = begins < ends
        return begins[apart], ends[apart]

    def _offsets(self, first: int, last: int) -> list[tuple[int, int, int]]:
        """Spans of UTC microseconds with the offset of the zone in each, from far before to far after these days."""
        zone = ZoneInfo(self.zone)
        low, high = (min(max(day, _KNOWN_FROM), _KNOWN_TO) for day in (first, last + 1))
        found, since, offset = [], -(2**62), _offset(zone, low * _DAY)
        for day in range(low, high):
            later = _offset(zone, (day + 1) * _DAY)
            if later != offset:
                change = _change(zone, day * _DAY, (day + 1) * _DAY)
                found.append((since, change, offset))
                since, offset = change, later
        return [*found, (since, 2**62, offset)]


def micros(times: pd.Series) -> Micros:
    """A column of times as microseconds since 1970 in UTC; `MISSING` where there is none."""
    plain = times.dt.tz_convert("UTC").dt.tz_localize(None) if times.dt.tz else times
    return np.asarray(plain, dtype="datetime64[us]").view(np.int64)


def _worked(opens: Micros, closes: Micros, times: Micros) -> Micros:
    """Microseconds of working time before each of the times, counted from the first opening."""
    if not len(opens):
        return np.zeros(len(times), dtype=np.int64)
    lengths = closes - opens
    before = np.concatenate([[0], np.cumsum(lengths)])
    place = np.searchsorted(opens, times, side="right") - 1
    within = np.minimum(times - opens[np.maximum(place, 0)], lengths[np.maximum(place, 0)])
    return np.where(place < 0, 0, before[np.maximum(place, 0)] + within)


def _offset(zone: ZoneInfo, micros: int) -> int:
    """What the wall clock of the zone is ahead of UTC at this moment, microseconds."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    ahead = moment.astimezone(zone).utcoffset() or timedelta()
    return int(ahead / timedelta(microseconds=1))


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The moment, to the second, from which on the offset is that of `high`; it is another one at `low`."""
    after = _offset(zone, high)
    low, high = low // _SECOND, high // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(zone, middle * _SECOND) == after else (middle, high)
    return high * _SECOND


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}" if minute else str(hour)
