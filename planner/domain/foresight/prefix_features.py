"""What the prefix of a case tells: its events complete before the moment, in their order, with their times and people.

The encodings are those of predictive process monitoring (Teinemaa, Dumas, La Rosa and Maggi, "Outcome-oriented
predictive process monitoring", 2019): how often each activity occurred (aggregation), and the last few activities in
their order (index-based, counted back from the moment). Their number is bounded whatever the log holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import (
    MICROSECONDS_AN_HOUR,
    ArrangedLog,
    Ints,
    Mask,
    Moments,
    earlier_rows,
    timestamps,
)
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType

MOST_COUNTED = 30
"""Activities whose number of times before is a feature of its own: those that most cases had."""

ORDER, CLOCK, PEOPLE = "order of events", "times of events", "resource of events"
BACK = (("last_activity", "activity just before"), ("second_last_activity", "activity before the one just before"),
        ("third_last_activity", "third activity back"))  # fmt: skip
Found = Iterator[tuple[pd.Series, Feature]]


@dataclass(frozen=True)
class Prefix:
    """The rows complete before each case's moment: positions `first` to `last`, `last` -1 where there is none.

    `earlier` marks them among all rows of the log. In a log sorted by completion they follow each other.
    """

    log: ArrangedLog
    moments: Moments
    earlier: Mask
    first: Ints
    last: Ints

    @property
    def any(self) -> Mask:
        return np.asarray(self.last >= 0)

    def back(self, steps: int) -> Ints:
        """The row so many before the last one, -1 where the case has none."""
        at = self.last - steps
        return np.where(self.any & (at >= self.first), at, -1)

    def total(self, values: Ints) -> Ints:
        """The sum of a row's values over each prefix."""
        running = np.append(0, np.cumsum(values))
        return np.where(self.any, running[self.last + 1] - running[self.first], 0)


def prefix_of(log: ArrangedLog, moments: Moments) -> Prefix:
    """The prefix of every case that reached the task."""
    earlier = earlier_rows(log, moments)
    last = np.full(len(log.cases), -1, dtype=np.int64)
    rows = np.flatnonzero(earlier)
    last[log.case[rows]] = rows
    return Prefix(log, moments, earlier, log.first_row[moments.case], last[moments.case])


def activity_counts(log: ArrangedLog, moments: Moments, rows: Mask) -> pd.DataFrame:
    """How often each activity occurs in these rows of each case; activities in none of them are left out."""
    width = len(log.activities)
    cell = log.case[rows] * width + log.activity[rows]
    table = np.bincount(cell, minlength=len(log.cases) * width).reshape(-1, width)[moments.case]
    seen = np.flatnonzero(table.any(axis=0))
    return pd.DataFrame({log.activities[i]: table[:, i] for i in seen}, index=pd.RangeIndex(len(moments.case)))


def prefix_features(prefix: Prefix) -> Found:
    """Every feature of the order, the times and the people of the events before. Those of one value only are left out,
    but for the plainest, which every table has.
    """
    yield from _order(prefix)
    yield from _clock(prefix)
    yield from _people(prefix)


def _order(prefix: Prefix) -> Found:
    log = prefix.log
    counts = activity_counts(log, prefix.moments, prefix.earlier)
    cases = (counts > 0).sum().sort_values(ascending=False, kind="stable")
    for activity in sorted(cases.index[:MOST_COUNTED]):
        yield counts[activity], _ordinal(f"done_{activity}", f"times “{activity}” was done before", "times")
    yield (
        pd.Series(prefix.total(np.ones(len(log.case), dtype=np.int64))),
        _ordinal("events_before", "events before", "events"),
    )
    again = pd.Series(log.case * len(log.activities) + log.activity).duplicated().to_numpy().astype(np.int64)
    yield from _telling(
        pd.Series(prefix.total(again)), _ordinal("repeats_before", "events before that did an activity again", "events")
    )
    names = np.array([*log.activities, None], dtype=object)
    for steps, (name, label) in enumerate(BACK):
        at = prefix.back(steps)
        values = pd.Series(names[np.where(at >= 0, log.activity[at], -1)], dtype="string")
        feature = Feature(name, label, FeatureType.CATEGORY, "", ORDER, FeatureGroup.ORDER)
        if steps == 0:
            yield values, feature
        else:
            yield from _telling(values, feature)


def _clock(prefix: Prefix) -> Found:
    log, time, last = prefix.log, prefix.moments.time, prefix.last
    elapsed = (time - log.begun[prefix.moments.case]) / MICROSECONDS_AN_HOUR
    since = np.where(prefix.any, (time - log.end[last]) / MICROSECONDS_AN_HOUR, np.nan)
    yield pd.Series(elapsed), _time("elapsed_hours", "time since the case began", "hours")
    yield pd.Series(since), _time("hours_since_last_event", "time since the event before", "hours")
    gaps = event_gaps(log)
    for at, name, label in (
        (gaps[last], "hours_between_last_events", "time between the two events before"),
        (_longest(log, gaps)[last], "longest_hours_between_events", "longest time between two events before"),
    ):
        hours = np.where(prefix.any & (at >= 0), at / MICROSECONDS_AN_HOUR, np.nan)
        yield from _telling(pd.Series(hours), _time(name, label, "hours"))
    when = timestamps(time).dt
    yield when.day_of_week, _time("weekday", "day of the week, Monday is 0 (UTC)", "day")
    yield when.hour, _time("hour", "hour of the day (UTC)", "hour")


def event_gaps(log: ArrangedLog) -> Ints:
    """By row: microseconds since the row before it in its case was complete, -1 for the first one."""
    gaps = np.diff(log.end, prepend=0)
    gaps[log.first_row] = -1
    return gaps


def _longest(log: ArrangedLog, gaps: Ints) -> Ints:
    """By row: the longest gap of its case up to it."""
    return pd.Series(gaps).groupby(log.case).cummax().to_numpy(np.int64)


def _people(prefix: Prefix) -> Found:
    log = prefix.log
    who = resource_codes(log)
    if not (who >= 0).any():
        return
    handed = np.append(0, ((who[1:] != who[:-1]) & (who[1:] >= 0) & (who[:-1] >= 0)).astype(np.int64))
    handed[log.first_row] = 0
    fresh = ~pd.Series(log.case * (who.max() + 2) + who + 1).duplicated().to_numpy() & (who >= 0)
    for values, name, label, unit in (
        (handed, "handovers_before", "how often the work passed from one person to another before", "times"),
        (fresh.astype(np.int64), "people_before", "people who did something before", "people"),
    ):
        feature = Feature(name, label, FeatureType.NUMBER, unit, PEOPLE, FeatureGroup.PEOPLE)
        yield from _telling(pd.Series(prefix.total(values)), feature)


def resource_codes(log: ArrangedLog) -> Ints:
    """By row: the number of who did it, -1 where it is not known."""
    if "resource" not in log.frame:
        return np.full(len(log.case), -1, dtype=np.int64)
    return pd.factorize(log.frame["resource"].astype("string"))[0].astype(np.int64)


def _telling(values: pd.Series, feature: Feature) -> Found:
    if values.nunique(dropna=False) > 1:
        yield values, feature


def _ordinal(name: str, label: str, unit: str) -> Feature:
    return Feature(name, label, FeatureType.NUMBER, unit, ORDER, FeatureGroup.ORDER)


def _time(name: str, label: str, unit: str) -> Feature:
    return Feature(name, label, FeatureType.NUMBER, unit, CLOCK, FeatureGroup.TIME)
