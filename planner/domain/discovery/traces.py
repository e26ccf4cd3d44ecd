"""The cases of a log as traces: the activity instances of each, one after another, as numbers.

Waiting is the time from the completion of the instance before to the start of this one (its completion, where no
start is recorded), never below zero, none for the first of a case. Handling is the time from start to completion and
known only with a start. Both are hours, counted by the working calendar when there is one.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planner.domain.discovery.elapsed import Calendar, Hours, elapsed
from planner.domain.discovery.grouped import Ints, group_quantiles
from planner.domain.event_log import eventlog as log
from planner.domain.event_log.eventlog import codes

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
NOBODY = -1

SILENCE_SHARE = 0.99
"""A case is over when it is silent for longer than this share of all gaps between two steps of a case."""
LAST_SHARE = 0.5
"""... or when its last activity ends at least this share of its occurrences in cases that are over."""


@dataclass(frozen=True)
class Traces:
    """Activity instances sorted by case and time. One entry an instance, unless said otherwise.

    `case` counts from 0 without gaps; `resource` is NOBODY where the log names none; `begin` and `end` are
    microseconds since 1970 in UTC, `begin` the completion where no start is recorded (`started` is then false).
    """

    case: Ints
    activity: Ints
    resource: Ints
    begin: Ints
    end: Ints
    started: Mask
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    case_names: "pd.Series[str]"
    calendar: Calendar | None = None

    def __len__(self) -> int:
        return len(self.case)

    @cached_property
    def first(self) -> Ints:
        """By case: the position of its first instance."""
        return np.flatnonzero(np.concatenate([[True], self.case[1:] != self.case[:-1]]))

    @cached_property
    def last(self) -> Ints:
        """By case: the position of its last instance."""
        return np.append(self.first[1:], len(self)) - 1

    @property
    def cases(self) -> int:
        return len(self.first)

    @cached_property
    def follows(self) -> Ints:
        """Positions of the instances that have one before them in their case."""
        rest = np.ones(len(self), dtype=bool)
        rest[self.first] = False
        return np.flatnonzero(rest)

    @cached_property
    def handling(self) -> Hours:
        """Hours of work, NaN without a start."""
        hours = elapsed(self.begin, self.end, self.calendar)
        hours[~self.started] = np.nan
        return hours

    @cached_property
    def usual_handling(self) -> Hours:
        """By activity: the median of its handling in hours, NaN where no start is recorded."""
        return np.asarray(group_quantiles(self.activity, self.handling, len(self.activities), (0.5,))[0])

    @cached_property
    def waiting(self) -> Hours:
        """Hours since the instance before in the case, NaN for the first."""
        hours = np.full(len(self), np.nan)
        after = self.follows
        hours[after] = elapsed(self.end[after - 1], self.begin[after], self.calendar)
        return hours

    @cached_property
    def begun(self) -> Ints:
        """By case: when it began."""
        return np.asarray(np.minimum.reduceat(self.begin, self.first))

    @cached_property
    def completed(self) -> Ints:
        """By case: its latest completion."""
        return np.asarray(np.maximum.reduceat(self.end, self.first))

    @cached_property
    def duration(self) -> Hours:
        """By case: hours from its beginning to its latest completion."""
        return elapsed(self.begun, self.completed, self.calendar)

    @cached_property
    def idle(self) -> Hours:
        """By case: hours in which no instance of it is under way. Equal to the waiting where none overlap."""
        latest = _latest_before(self.end, self.case, self.first)
        after = self.follows
        gaps = np.zeros(len(self))
        gaps[after] = elapsed(latest[after], self.begin[after], self.calendar)
        return np.asarray(np.add.reduceat(gaps, self.first))

    @cached_property
    def is_open(self) -> Mask:
        """By case: it looks as if the log ended before it did.

        Its last step lies less far before the end of the log than nearly all gaps within cases (SILENCE_SHARE), and
        its last activity is not one that usually is the last (LAST_SHARE, among cases that fell silent).
        """
        after = self.follows
        gaps = self.end[after] - self.end[after - 1]
        usual = np.quantile(gaps, SILENCE_SHARE) if len(gaps) else 0.0
        silent = self.completed.max() - self.completed > usual
        occurs = np.bincount(self.activity[silent[self.case]], minlength=len(self.activities))
        ends = np.bincount(self.activity[self.last[silent]], minlength=len(self.activities))
        usually_last = (ends > 0) & (ends >= LAST_SHARE * occurs)
        return np.asarray(~(silent | usually_last[self.activity[self.last]]))


def traces_of(frame: pd.DataFrame, calendar: Calendar | None = None) -> Traces:
    """Arrange the instances of a log (see `Instances.frame`: sorted by case and time)."""
    case = codes(frame[log.CASE])
    change = np.concatenate([[0], np.cumsum(case[1:] != case[:-1])])
    activity, activities = _numbered(frame[log.ACTIVITY])
    resource, resources = _numbered(frame[log.RESOURCE])
    end, begin = _micros(frame[log.END]), _micros(frame[log.START])
    started = np.asarray(frame[log.START].notna())
    return Traces(
        case=change.astype(np.int64),
        activity=activity,
        resource=resource,
        begin=np.where(started, begin, end),
        end=end,
        started=started,
        activities=activities,
        resources=resources,
        case_names=frame[log.CASE],
        calendar=calendar,
    )


def _numbered(column: pd.Series) -> tuple[Ints, tuple[str, ...]]:
    """Codes of a column and the name of each; NOBODY where it is missing. Names that never occur are left out."""
    as_category = column.astype("category").cat.remove_unused_categories()
    return codes(as_category).astype(np.int64), tuple(str(name) for name in as_category.cat.categories)


def _micros(column: pd.Series) -> Ints:
    times = column.dt.tz_localize(None) if column.dt.tz else column
    return np.asarray(times, dtype="datetime64[us]").view("int64")


def _latest_before(end: Ints, case: Ints, first: Ints) -> Ints:
    """By instance: the latest completion in its case before it; its own for the first of a case."""
    before = np.roll(pd.Series(end).groupby(case).cummax().to_numpy(), 1)
    before[first] = end[first]
    return np.asarray(before)
