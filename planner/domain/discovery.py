"""From activity instances to the process as it runs: volumes, times, rework, resources and flows.

All counts are of the whole, unfiltered log. Handling time is completion minus start and known only where starts are
recorded. Waiting is start minus the previous completion in the case, never below zero; without starts only the time
from completion to completion is known, which contains the handling.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.domain import eventlog as log
from planner.domain.eventlog import Instances, codes, pair_counts, sequences
from planner.domain.graph import NodeKind, TaskFlow, TaskGraph, TaskNode

START_KEY, END_KEY = "start", "end"
DAYS_A_YEAR = 365.25
_SECOND = 1_000_000
_FEWEST_TO_CALL_AUTOMATIC = 20
_RESOURCES_KEPT = 10


@dataclass(frozen=True)
class ActivityFacts:
    """What the log says about one activity. Minutes and hours are on the calendar clock; shares lie in 0 to 1.

    `rework_share` is the share of its visits that repeat it within the case. `waiting_has_handling` says that the
    waiting time was measured from completion to completion.
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


def discover(instances: Instances) -> Discovery:
    """Measure a log of activity instances sorted by case and time (see `pair_instances`)."""
    frame = instances.frame
    case, activity, names = _ordinals(frame)
    first, last = _case_edges(case)
    begin = frame[log.START].fillna(frame[log.END])
    starts = begin[first]
    variants = Counter(sequences(case, activity))
    return Discovery(
        activities=_activities(frame, case, activity, names, first),
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


def graph_of(discovery: Discovery) -> TaskGraph:
    """The whole task graph: one task an activity, a start and an end, every flow with count and probability."""
    nodes = [
        TaskNode(START_KEY, "Start", NodeKind.START, visits_a_case=1.0, volume_a_year=discovery.cases_a_year),
        *(_node(place, facts, discovery) for place, facts in enumerate(discovery.activities)),
        TaskNode(END_KEY, "End", NodeKind.END, visits_a_case=1.0, volume_a_year=discovery.cases_a_year),
    ]
    keys: dict[str, str] = {facts.name: task_key(place) for place, facts in enumerate(discovery.activities)}
    total: Counter[str] = Counter()
    ends = []
    for flow in discovery.flows:
        source = START_KEY if flow.source is None else keys[flow.source]
        ends.append((source, END_KEY if flow.target is None else keys[flow.target], flow.count))
        total[source] += flow.count
    flows = tuple(TaskFlow(source, target, count, count / total[source]) for source, target, count in ends)
    return TaskGraph(tuple(nodes), flows, discovery.cases_a_year)


def task_key(place: int) -> str:
    """The key of the task at this place of the discovery.

    >>> task_key(3)
    't3'
    """
    return f"t{place}"


def _node(place: int, facts: ActivityFacts, discovery: Discovery) -> TaskNode:
    volume = None if discovery.cases_a_year is None else discovery.cases_a_year * facts.visits_a_case
    return TaskNode(
        task_key(place),
        facts.name,
        visits_a_case=facts.visits_a_case,
        volume_a_year=volume,
        handling_minutes=facts.handling_median_minutes,
        waiting_hours=facts.waiting_median_hours,
        rework_share=facts.rework_share,
    )


def _ordinals(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Case and activity as numbers, and the activities by number, in the order in which they usually come."""
    column = frame[log.ACTIVITY].astype("category")
    case, activity = codes(frame[log.CASE]).astype(np.int64), codes(column).astype(np.int64)
    first, _ = _case_edges(case)
    begun = np.flatnonzero(first)
    position = np.arange(len(case)) - begun[np.cumsum(first) - 1]
    seen = pd.Series(position).groupby(activity).median().sort_values(kind="stable").index.to_numpy()
    place = np.zeros(len(column.cat.categories), dtype=np.int64)
    place[seen] = np.arange(len(seen))
    return case, place[activity], [str(column.cat.categories[code]) for code in seen]


def _case_edges(case: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are the first and the last of their case."""
    change = case[1:] != case[:-1]
    return np.concatenate([[True], change]), np.concatenate([change, [True]])


def _activities(
    frame: pd.DataFrame, case: np.ndarray, activity: np.ndarray, names: list[str], first: np.ndarray
) -> tuple[ActivityFacts, ...]:
    times = pd.DataFrame({"handling": _handling(frame), "waiting": _waiting(frame, first)}).groupby(activity)
    median, mean = times.median(), times.mean()
    visits = np.bincount(activity, minlength=len(names))
    pairs = np.unique(case * len(names) + activity)
    in_cases = np.bincount(pairs % len(names), minlength=len(names))
    by_resource = _resources(frame, activity, len(names))
    total = int(first.sum())
    many = frame[log.RESOURCE].nunique() > 1
    return tuple(
        ActivityFacts(
            name=name,
            visits=int(visits[place]),
            cases=int(in_cases[place]),
            visits_a_case=float(visits[place] / total),
            handling_median_minutes=_known(median["handling"][place]),
            handling_mean_minutes=_known(mean["handling"][place]),
            waiting_median_hours=_known(median["waiting"][place]),
            waiting_mean_hours=_known(mean["waiting"][place]),
            waiting_has_handling=bool(np.isnan(median["handling"][place])),
            rework_share=float(1 - in_cases[place] / visits[place]),
            resources=tuple(by_resource[place].most_common(_RESOURCES_KEPT)),
            resource_count=len(by_resource[place]),
            automatic=many and _automatic(by_resource[place], int(visits[place]), median.loc[place]),
        )
        for place, name in enumerate(names)
    )


def _handling(frame: pd.DataFrame) -> np.ndarray:
    """Minutes from start to completion, missing without a start."""
    return np.asarray((frame[log.END] - frame[log.START]).dt.total_seconds() / 60)


def _waiting(frame: pd.DataFrame, first: np.ndarray) -> np.ndarray:
    """Hours from the previous completion in the case to the start (else completion); missing for the first."""
    begin = frame[log.START].fillna(frame[log.END])
    gap = np.array((begin - frame[log.END].shift()).dt.total_seconds() / 3600)
    gap[first] = np.nan
    return np.asarray(np.maximum(gap, 0.0))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _resources(frame: pd.DataFrame, activity: np.ndarray, size: int) -> list[Counter[str]]:
    """How often each resource did each activity."""
    found: list[Counter[str]] = [Counter() for _ in range(size)]
    known = frame[log.RESOURCE].notna().to_numpy()
    who = frame[log.RESOURCE][known].astype("category")
    if not len(who):
        return found
    width = len(who.cat.categories)
    pairs, counts = np.unique(activity[known] * width + who.cat.codes.to_numpy(), return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        found[pair // width][str(who.cat.categories[pair % width])] = count
    return found


def _automatic(resources: Counter[str], visits: int, median: Any) -> bool:
    """Almost one resource in almost no time: a minute of handling, else a minute since the step before it.

    An activity that only opens cases has no step before it; there one resource for all of them is enough.
    """
    if visits < _FEWEST_TO_CALL_AUTOMATIC or not resources:
        return False
    if resources.most_common(1)[0][1] / visits < 0.95:
        return False
    minutes = median["handling"] if not np.isnan(median["handling"]) else median["waiting"] * 60
    return bool(np.isnan(minutes) or minutes <= 1.0)


def _flows(
    case: np.ndarray, activity: np.ndarray, names: list[str], first: np.ndarray, last: np.ndarray
) -> tuple[FlowFacts, ...]:
    sources, targets, counts = pair_counts(case, activity)
    between = [FlowFacts(names[a], names[b], int(n)) for a, b, n in zip(sources, targets, counts, strict=True)]
    opened, closed = np.bincount(activity[first]), np.bincount(activity[last])
    begins = [FlowFacts(None, names[place], int(n)) for place, n in enumerate(opened) if n]
    ends = [FlowFacts(names[place], None, int(n)) for place, n in enumerate(closed) if n]
    return (*begins, *between, *ends)
