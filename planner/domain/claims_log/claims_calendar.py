"""Office time of the synthetic claims log: Monday to Friday, 08:00 to 17:00 UTC.

Cases are walked on a clock that only runs in office hours (`Floats` are its minutes), which maps
to calendar time without changing any order.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

OPENS_AT_HOUR = 8
DAY_MINUTES = 9 * 60


@dataclass(frozen=True)
class Calendar:
    """Translates between office minutes and calendar time; `first_day` is a Monday, UTC."""

    first_day: pd.Timestamp

    def __post_init__(self) -> None:
        if self.first_day.weekday() != 0:
            raise ValueError("The first day of the log has to be a Monday.")

    def arrivals(self, *, cases: int, days: int, rng: np.random.Generator) -> pd.Series:
        """Calendar times at which claims come in, ascending, evenly spread, whole seconds."""
        seconds = np.sort(rng.integers(0, days * 86400, cases))
        return self.first_day + pd.Series(pd.to_timedelta(seconds, unit="s"))

    def office_minutes(self, moments: pd.Series) -> Floats:
        """Office minutes at each calendar time; outside office hours the next opening.

        >>> calendar = Calendar(pd.Timestamp("2024-01-01", tz="UTC"))
        >>> evening_and_sunday = pd.to_datetime(["2024-01-01 20:00Z", "2024-01-07 12:00Z"])
        >>> calendar.office_minutes(pd.Series(evening_and_sunday)).tolist()
        [540.0, 2700.0]
        """
        minutes = (moments - self.first_day).dt.total_seconds().to_numpy(np.float64) / 60.0
        days = np.floor(minutes / 1440.0)
        within = np.clip(minutes - days * 1440.0 - OPENS_AT_HOUR * 60, 0.0, DAY_MINUTES)
        weeks, weekday = np.divmod(days, 7)
        working_day = weeks * 5 + np.minimum(weekday, 5)
        return np.asarray(working_day * DAY_MINUTES + np.where(weekday < 5, within, 0.0))

    def fit(self, ready: Floats, minutes: Floats) -> Floats:
        """First moment from `ready` on at which work of that length ends the same day."""
        day, into = np.divmod(ready, DAY_MINUTES)
        too_late = into + minutes > DAY_MINUTES
        return np.asarray(np.where(too_late, (day + 1) * DAY_MINUTES, ready))

    def time(self, minutes: Floats) -> pd.Series:
        """Calendar time of office minutes, to the second."""
        day, into = np.divmod(np.rint(minutes * 60.0), DAY_MINUTES * 60)
        weeks, weekday = np.divmod(day, 5)
        seconds = (weeks * 7 + weekday) * 86400 + OPENS_AT_HOUR * 3600 + into
        return self.first_day + pd.Series(pd.to_timedelta(seconds.astype(np.int64), unit="s"))
