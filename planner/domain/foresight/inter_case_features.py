"""What goes on around a case at the moment of prediction: how much comes in, is under way, and lies with whom.

Inter-case features of predictive process monitoring (Senderovich, Di Francescomarino, Ghidini, Jorbina and Maggi,
"Intra and inter-case features in predictive process monitoring", 2017). Counted are events of any case that were
complete before the moment. Whether a case was over is not asked, as it shows only later that an event was its last:
a case is under way here while its latest event is at most `WEEK` old.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import DAY, MICROSECONDS_AN_HOUR, ArrangedLog, Ints, task_moments
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType
from planner.domain.foresight.prefix_features import Prefix, event_gaps, prefix_of
from planner.domain.foresight.timeline import Floats, timeline_of

WEEK = 7 * DAY
WEEKS_BACK = 4
LAST_VISITS, LAST_EVENTS = 50, 20
SOURCE = "events of other cases"
Found = Iterator[tuple[pd.Series, Feature]]


def inter_case_features(prefix: Prefix, whole: ArrangedLog) -> Found:
    """The state of the process at each moment; `whole` holds all cases where the prefix's log holds a sample.

    Volumes are told as a multiple of the four weeks before: the level itself drifts with time, and a model would take
    it for a clock.
    """
    time = prefix.moments.time
    label = "cases begun in the 7 days before"
    yield _level(partial(_counted, np.sort(whole.end[whole.first_row])), time, "cases_begun_7d", label)
    yield _level(_under_way(whole), time, "cases_under_way", "cases with an event in the 7 days before")
    same = whole is prefix.log
    moments = prefix.moments if same else task_moments(whole, prefix.moments.task, kind=prefix.moments.kind)
    label = "cases that came to this task in the 7 days before"
    yield _level(partial(_counted, np.sort(moments.time)), time, "cases_here_7d", label)
    yield _waited_here(prefix if same else prefix_of(whole, moments), time)
    yield from _last_person(prefix, whole)


def _level(count: Callable[[Ints], Ints], asked: Ints, name: str, label: str) -> tuple[pd.Series, Feature]:
    """What is counted at the moment, as a multiple of its mean one to four weeks earlier; NaN where that is none."""
    usual = np.mean([count(asked - weeks * WEEK) for weeks in range(1, WEEKS_BACK + 1)], axis=0)
    ratio = np.where(usual > 0, count(asked) / np.where(usual > 0, usual, 1.0), np.nan)
    return pd.Series(ratio), _feature(name, f"{label}, of the mean of the {WEEKS_BACK} weeks before that", "times")


def _counted(times: Ints, asked: Ints) -> Ints:
    return np.asarray(np.searchsorted(times, asked) - np.searchsorted(times, asked - WEEK), dtype=np.int64)


def _under_way(whole: ArrangedLog) -> Callable[[Ints], Ints]:
    """A row holds its case under way until the next row of the case, or until a week has passed."""
    following = np.append(whole.end[1:], 0)
    following[whole.last_row] = np.iinfo(np.int64).max
    begun, over = np.sort(whole.end), np.sort(np.minimum(whole.end + WEEK, following))
    return lambda asked: np.asarray(np.searchsorted(begun, asked) - np.searchsorted(over, asked), dtype=np.int64)


def _waited_here(visits: Prefix, asked: Ints) -> tuple[pd.Series, Feature]:
    came = np.flatnonzero(visits.any)
    waited = visits.moments.time[came] - visits.log.end[visits.last[came]]
    everyone, all_asked = np.zeros(len(came), np.int64), np.zeros(len(asked), np.int64)
    line = timeline_of(everyone, visits.moments.time[came])
    mean = line.mean_of_last(waited, all_asked, asked, last=LAST_VISITS)
    label = f"mean time from the event before to this task, last {LAST_VISITS} cases"
    return pd.Series(mean / MICROSECONDS_AN_HOUR), _feature("usual_wait_here_hours", label, "hours")


def _last_person(prefix: Prefix, whole: ArrangedLog) -> Found:
    """How much the one who did the event just before did lately, and how long work takes to leave that desk."""
    if "resource" not in whole.frame:
        return
    who, people = pd.factorize(whole.frame["resource"].astype("string"))
    names = prefix.log.frame["resource"].astype("string").iloc[prefix.last].reset_index(drop=True)
    asked = np.where(prefix.any, pd.Index(people).get_indexer(pd.Index(names)), -1).astype(np.int64)
    if not len(people) or not (asked >= 0).any():
        return
    known, group, time = asked >= 0, np.maximum(asked, 0), prefix.moments.time
    rows = np.flatnonzero(who >= 0)
    line = timeline_of(who[rows].astype(np.int64), whole.end[rows])
    lately = (line.before(group, time) - line.before(group, time - WEEK)).astype(np.float64)
    label = "events in the 7 days before of who did the event just before"
    yield _of_known(lately, known), _feature("last_resource_events_7d", label, "events")
    gaps = event_gaps(whole)
    rows = np.flatnonzero((who >= 0) & (gaps >= 0))
    line = timeline_of(who[rows].astype(np.int64), whole.end[rows])
    hours = line.mean_of_last(gaps[rows], group, time, last=LAST_EVENTS) / MICROSECONDS_AN_HOUR
    label = f"mean time to an event of who did the event just before, last {LAST_EVENTS} of them"
    yield _of_known(hours, known), _feature("last_resource_usual_hours", label, "hours")


def _of_known(values: Floats, known: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pd.Series:
    return pd.Series(np.where(known, values, np.nan))


def _feature(name: str, label: str, unit: str) -> Feature:
    return Feature(name, label, FeatureType.NUMBER, unit, SOURCE, FeatureGroup.OTHER_CASES)
