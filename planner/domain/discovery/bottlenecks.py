"""Where cases wait: before each activity and on each flow, and how many wait there at a time."""

from dataclasses import dataclass

import numpy as np

from planner.domain.discovery.directly_follows import FollowsFacts
from planner.domain.discovery.grouped import known, spreads
from planner.domain.discovery.traces import Traces


@dataclass(frozen=True)
class WaitFacts:
    """The waiting before one activity, in hours. `waits` are its instances with one before them in the case.

    `share` is of all waiting in the log; `share_of_duration` of the durations of all cases together.
    `has_handling` is the share of the waits measured from completion to completion, which contain the handling.
    """

    activity: str
    waits: int
    total_hours: float
    share: float
    share_of_duration: float
    median_hours: float
    mean_hours: float
    p90_hours: float
    has_handling: float


@dataclass(frozen=True)
class FlowWait:
    """The waiting between one activity and the next, in hours, and its share of all waiting in the log."""

    source: str
    target: str
    waits: int
    total_hours: float
    share: float
    share_of_duration: float
    median_hours: float
    p90_hours: float


@dataclass(frozen=True)
class ActivityTimes:
    """Handling of one activity in hours: how many instances have a start, total, median, mean, 90th percentile."""

    activity: str
    visits: int
    measured: int
    total_hours: float | None
    median_hours: float | None
    mean_hours: float | None
    p90_hours: float | None


@dataclass(frozen=True)
class Bottlenecks:
    """Waiting ranked by its total, before activities and on flows."""

    activities: tuple[WaitFacts, ...]
    flows: tuple[FlowWait, ...]
    handling: tuple[ActivityTimes, ...]
    total_hours: float


def bottlenecks(traces: Traces, follows: tuple[FollowsFacts, ...]) -> Bottlenecks:
    """Where most time is waited comes first. `follows` are the flows of the same log (`directly_follows`)."""
    lasted = float(traces.duration.sum())
    activities = _activities(traces, lasted)
    total = sum(each.total_hours for each in activities)
    flows = [
        FlowWait(
            source=each.source,
            target=each.target,
            waits=each.count,
            total_hours=each.gap_total_hours or 0.0,
            share=_part(each.gap_total_hours or 0.0, total),
            share_of_duration=_part(each.gap_total_hours or 0.0, lasted),
            median_hours=each.gap_median_hours or 0.0,
            p90_hours=each.gap_p90_hours or 0.0,
        )
        for each in follows
    ]
    ordered = sorted(flows, key=lambda each: (-each.total_hours, each.source, each.target))
    return Bottlenecks(activities, tuple(ordered), _handling(traces), round(total, 6))


def _activities(traces: Traces, lasted: float) -> tuple[WaitFacts, ...]:
    size, after = len(traces.activities), traces.follows
    activity = traces.activity[after]
    wait = spreads(activity, traces.waiting[after], size)
    without = np.bincount(activity[~traces.started[after]], minlength=size)
    total = float(wait.total.sum())
    found = [
        WaitFacts(
            activity=name,
            waits=int(wait.known[n]),
            total_hours=round(float(wait.total[n]), 6),
            share=_part(float(wait.total[n]), total),
            share_of_duration=_part(float(wait.total[n]), lasted),
            median_hours=round(float(wait.median[n]), 6),
            mean_hours=round(float(wait.mean[n]), 6),
            p90_hours=round(float(wait.p90[n]), 6),
            has_handling=float(without[n] / wait.known[n]),
        )
        for n, name in enumerate(traces.activities)
        if wait.known[n]
    ]
    return tuple(sorted(found, key=lambda each: (-each.total_hours, each.activity)))


def _handling(traces: Traces) -> tuple[ActivityTimes, ...]:
    """Handling of every activity, the most work first; without starts the figures are None."""
    size = len(traces.activities)
    work, visits = spreads(traces.activity, traces.handling, size), np.bincount(traces.activity, minlength=size)
    found = [
        ActivityTimes(
            activity=name,
            visits=int(visits[n]),
            measured=int(work.known[n]),
            total_hours=round(float(work.total[n]), 6) if work.known[n] else None,
            median_hours=known(work.median[n]),
            mean_hours=known(work.mean[n]),
            p90_hours=known(work.p90[n]),
        )
        for n, name in enumerate(traces.activities)
    ]
    return tuple(sorted(found, key=lambda each: (-(each.total_hours or 0.0), each.activity)))


def _part(value: float, whole: float) -> float:
    """A share, 0 of nothing."""
    return value / whole if whole else 0.0
