"""How long something took: around the clock, or counting working time only."""

from typing import Protocol

import numpy as np

Micros = np.ndarray[tuple[int], np.dtype[np.int64]]
Hours = np.ndarray[tuple[int], np.dtype[np.float64]]

MICROSECONDS_AN_HOUR = 3_600_000_000


class Calendar(Protocol):
    """Whatever tells how much of a span is working time (see `working_calendar`)."""

    def working_seconds(self, start: Micros, end: Micros, /) -> Hours:
        """Seconds of working time from `start` to `end`, microseconds since 1970 in UTC, element by element."""


def elapsed(start: Micros, end: Micros, calendar: Calendar | None = None) -> Hours:
    """Hours from `start` to `end`, never below zero; working hours with a calendar, all hours without.

    >>> elapsed(np.array([0, 5]), np.array([MICROSECONDS_AN_HOUR // 2, 0])).tolist()
    [0.5, 0.0]
    """
    if calendar is None:
        hours: Hours = np.maximum(end - start, 0) / MICROSECONDS_AN_HOUR
    else:
        hours = np.maximum(calendar.working_seconds(start, end), 0.0) / 3600
    return hours
