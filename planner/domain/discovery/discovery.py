"""From activity instances to the process as it runs: volumes, times, rework, resources and flows.

All counts are of the whole, unfiltered log. Handling time is completion minus start and known only where starts are
recorded. Waiting is start minus the previous completion in the case, never below zero; without starts only the time
from completion to completion is known, which contains the handling. Durations count the time of a working calendar
where one is given, else all time, nights and weekends included.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.eventlog import Instances, TimeMeaning, codes
from planner.domain.event_log.log_counts import cases_with, pair_counts, sequences
from planner.domain.event_log.working_calendar import WorkingCalendar, micros

DAYS_A_YEAR = 365.25
_SECOND = 1_000_000
_FEWEST_TO_CALL_AUTOMATIC = 20
_RESOURCES_KEPT = 10


@dataclass(frozen=True)
class ActivityFacts:
    """What the log says about one activity. Minutes and hours are working time where a calendar was given.

    Shares lie in 0 to 1; `rework_share` is the share of its visits that repeat it within the case.
    `waiting_has_handling` says that the waiting time was measured from completion to completion.
    """

    name: str
    visits: int
    cases: int
    visits_a_case: float
    handling_median_minutes: float | None
    handling_mean_minutes: float | None
    waiting_median_hours: float | None
    waiting_mean_hours: float | None
    waiting_has_handling: bool
    rework_share: float
    resources: tuple[tuple[str, int], ...]
    resource_count: int
    automatic: bool


@dataclass(frozen=True)
class FlowFacts:
    """Cases that went from one activity straight to another; None is the start or the end of the case."""

    source: str | None
    target: str | None
    count: int


@dataclass(frozen=True)
class Discovery:
    """A whole log, measured."""

    activities: tuple[ActivityFacts, ...]
    flows: tuple[FlowFacts, ...]
    cases: int
    instances: int
    first_start: str
    last_start: str
    cases_a_year: float | None
    variants: int
    commonest_variant_share: float


def discover(instances: Instances, calendar: WorkingCalendar | None = None) -> Discovery:
    """Measure a log of activity instances sorted by case and time (see `pair_instances`), durations by the calendar."""
    frame = instances.frame
    case, activity, names = _ordinals(frame)
    first, last = _case_edges(case)
    opening = frame.loc[first, [log.START, log.END]]
    starts = opening[log.START].fillna(opening[log.END])
    variants = Counter(sequences(case, activity))
    spans = _Spans(_handling(frame, calendar), _waiting(frame, first, calendar))
    if instances.meaning is TimeMeaning.SCHEDULED:
        spans = _Spans.unknown(len(frame))
    return Discovery(
        activities=_activities(frame, case, activity, names, spans),
        flows=_flows(case, activity, names, first, last),
        cases=int(first.sum()),
        instances=len(frame),
        first_start=starts.min().isoformat(),
        last_start=starts.max().isoformat(),
        cases_a_year=cases_a_year(int(first.sum()), (starts.max() - starts.min()).total_seconds() / 86_400),
        variants=len(variants),
        commonest_variant_share=variants.most_common(1)[0][1] / max(int(first.sum()), 1),
    )


def cases_a_year(cases: int, span_days: float) -> float | None:
    """Cases a year from the span between the first and the last start; None for less than a day or one case.

    >>> round(cases_a_year(1000, 100))
    3652
    """
    if cases < 2 or span_days < 1:
        return None
    return cases / span_days * DAYS_A_YEAR


def _ordinals(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Case and activity as numbers, and the activities by number, in the order in which they usually come."""
    column = frame[log.ACTIVITY].astype("category")
    case, activity = codes(frame[log.CASE]), codes(column)
    begun = np.flatnonzero(_case_edges(case)[0])
    position = np.arange(len(case), dtype=np.int32)
    position -= np.repeat(begun, np.diff(begun, append=len(case))).astype(np.int32)
    size = len(column.cat.categories)
    usual = np.array([_median(position[rows]) for rows in _rows_by(activity, size)])
    seen = np.argsort(usual, kind="stable")[: np.count_nonzero(~np.isnan(usual))]
    place = np.zeros(size, dtype=np.int32)
    place[seen] = np.arange(len(seen))
    return case, place[activity], [str(column.cat.categories[code]) for code in seen]


def _rows_by(group: np.ndarray, size: int) -> list[np.ndarray]:
    """The rows of each of `size` groups; a frame's groups are many rows and few, so what is done one by one is lean."""
    order = np.argsort(group.astype(np.min_scalar_type(size)), kind="stable")
    return np.split(order, np.cumsum(np.bincount(group, minlength=size))[:-1])


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _case_edges(case: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are the first and the last of their case."""
    change = case[1:] != case[:-1]
    return np.concatenate([[True], change]), np.concatenate([change, [True]])


def _activities(
    frame: pd.DataFrame,
    case: np.ndarray,
    activity: np.ndarray,
    names: list[str],
    spans: "_Spans",
) -> tuple[ActivityFacts, ...]:
    rows = _rows_by(activity, len(names))
    handling, waiting = (_usual(values, rows) for values in (spans.handling, spans.waiting))
    visits = np.array([len(here) for here in rows])
    in_cases = cases_with(case, activity, len(names))
    by_resource = _resources(frame, rows)
    total = len(np.unique(case))
    many = frame[log.RESOURCE].nunique() > 1
    return tuple(
        ActivityFacts(
            name=name,
            visits=int(visits[place]),
            cases=int(in_cases[place]),
            visits_a_case=float(visits[place] / total),
            handling_median_minutes=_known(handling[place].median),
            handling_mean_minutes=_known(handling[place].mean),
            waiting_median_hours=_known(waiting[place].median),
            waiting_mean_hours=_known(waiting[place].mean),
            waiting_has_handling=bool(np.isnan(handling[place].median)),
            rework_share=float(1 - in_cases[place] / visits[place]),
            resources=tuple(by_resource[place].most_common(_RESOURCES_KEPT)),
            resource_count=len(by_resource[place]),
            automatic=many and _automatic(by_resource[place], int(visits[place]), handling[place], waiting[place]),
        )
        for place, name in enumerate(names)
    )


@dataclass(frozen=True)
class _Spans:
    """Of each instance: minutes of handling and hours of waiting, NaN where they are not known."""

    handling: np.ndarray
    waiting: np.ndarray

    @classmethod
    def unknown(cls, rows: int) -> "_Spans":
        """Of a log of plans: they say in which order, not how long."""
        nothing = np.full(rows, np.nan)
        return cls(nothing, nothing)


@dataclass(frozen=True)
class _Usual:
    """Median and mean of the values that are known; NaN where none is."""

    median: float
    mean: float


def _usual(values: np.ndarray, rows: Sequence[np.ndarray]) -> list[_Usual]:
    """What is usual in each group of rows."""
    groups = (values[here] for here in rows)
    known = (group[~np.isnan(group)] for group in groups)
    return [_Usual(_median(group), float(group.mean()) if len(group) else np.nan) for group in known]


def _handling(frame: pd.DataFrame, calendar: WorkingCalendar | None) -> np.ndarray:
    """Minutes from start to completion, missing without a start."""
    begin, end = micros(frame[log.START]), micros(frame[log.END])
    if calendar is not None:
        return calendar.working_seconds(begin, end) / 60
    spent: np.ndarray = (end - begin).astype(np.float64)
    spent[frame[log.START].isna().to_numpy()] = np.nan
    spent /= _SECOND
    spent /= 60
    return spent


def _waiting(frame: pd.DataFrame, first: np.ndarray, calendar: WorkingCalendar | None) -> np.ndarray:
    """Hours from the previous completion in the case to the start (else completion); missing for the first."""
    gap = np.full(len(frame), np.nan)
    begin, end = micros(frame[log.START].fillna(frame[log.END])), micros(frame[log.END])
    if calendar is not None:
        gap[1:] = calendar.working_seconds(end[:-1], begin[1:])
    else:
        gap[1:] = begin[1:] - end[:-1]
        gap /= _SECOND
    gap /= 3600
    gap[first] = np.nan
    np.maximum(gap, 0.0, out=gap)
    return gap


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _resources(frame: pd.DataFrame, rows: Sequence[np.ndarray]) -> list[Counter[str]]:
    """How often each resource did each activity, given the rows of each."""
    who = frame[log.RESOURCE].astype("category").cat
    number = who.codes.to_numpy()
    found: list[Counter[str]] = []
    for here in rows:
        times = np.bincount(number[here] + 1, minlength=1)[1:]
        did = np.flatnonzero(times)
        found.append(Counter({str(who.categories[one]): int(times[one]) for one in did.tolist()}))
    return found


def _automatic(resources: Counter[str], visits: int, handling: _Usual, waiting: _Usual) -> bool:
    """Almost one resource in almost no time: a minute of handling, else a minute since the step before it.

    Where neither is known, as of the first step of a log without starts, nothing is said of it.
    """
    if visits < _FEWEST_TO_CALL_AUTOMATIC or not resources:
        return False
    if resources.most_common(1)[0][1] / visits < 0.95:
        return False
    minutes = handling.median if not np.isnan(handling.median) else waiting.median * 60
    return bool(minutes <= 1.0)


def _flows(
    case: np.ndarray, activity: np.ndarray, names: list[str], first: np.ndarray, last: np.ndarray
) -> tuple[FlowFacts, ...]:
    sources, targets, counts = pair_counts(case, activity)
    between = [FlowFacts(names[a], names[b], int(n)) for a, b, n in zip(sources, targets, counts, strict=True)]
    opened, closed = np.bincount(activity[first]), np.bincount(activity[last])
    begins = [FlowFacts(None, names[place], int(n)) for place, n in enumerate(opened) if n]
    ends = [FlowFacts(names[place], None, int(n)) for place, n in enumerate(closed) if n]
    return (*begins, *between, *ends)
