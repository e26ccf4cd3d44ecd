"""Who does the work: what each resource does, how much of it, since when, and how long it takes them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from planner.domain.discovery.grouped import Floats, Ints, cases_of, first_seen, group_quantiles, known
from planner.domain.discovery.traces import NOBODY, Traces

RESOURCES_KEPT = 1000
"""Resources kept one by one; the rest is summed up."""
ACTIVITIES_KEPT = 6
"""Activities told of each resource; `activities` is always the whole number."""


@dataclass(frozen=True)
class DoneFacts:
    """How often a resource did an activity, and the median handling in hours: theirs, and everybody's."""

    activity: str
    visits: int
    handling_median_hours: float | None
    usual_median_hours: float | None


@dataclass(frozen=True)
class ResourceFacts:
    """One resource. `share` is of all instances that name a resource; times are ISO 8601 in UTC.

    `pace` compares handling like with like: the median, over their instances, of the handling divided by the median
    handling of the same activity. 1.2 takes a fifth longer than is usual for the same work. None without starts.
    """

    name: str
    instances: int
    share: float
    cases: int
    activities: int
    first_seen: str
    last_seen: str
    handling_total_hours: float | None
    pace: float | None
    done: tuple[DoneFacts, ...]


@dataclass(frozen=True)
class Resources:
    """The busiest resources and what the others add up to. `unnamed` are instances that name nobody."""

    kept: tuple[ResourceFacts, ...]
    total: int
    rest_resources: int
    rest_instances: int
    named: int
    unnamed: int


def resources(traces: Traces, most: int = RESOURCES_KEPT) -> Resources:
    """Resources by how many instances they did, the busiest first."""
    here = traces.resource != NOBODY
    who, size = traces.resource[here], len(traces.resources)
    visits = np.bincount(who, minlength=size)
    order = np.argsort(-visits, kind="stable")[:most].tolist()
    kept = _facts(traces, order, visits) if size else ()
    return Resources(
        kept=kept,
        total=size,
        rest_resources=size - len(kept),
        rest_instances=int(visits.sum()) - sum(each.instances for each in kept),
        named=int(visits.sum()),
        unnamed=int((~here).sum()),
    )


def _facts(traces: Traces, order: list[int], visits: Ints) -> tuple[ResourceFacts, ...]:
    here = traces.resource != NOBODY
    who, size = traces.resource[here], len(visits)
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(first, who, traces.begin[here])
    np.maximum.at(last, who, traces.end[here])
    handling = traces.handling[here]
    timed = ~np.isnan(handling)
    worked, measured = np.bincount(who[timed], handling[timed], size), np.bincount(who[timed], minlength=size)
    pace, in_cases, done = _pace(traces), cases_of(who, traces.case[here], size), _done(traces)
    total = int(visits.sum())
    return tuple(
        ResourceFacts(
            name=traces.resources[n],
            instances=int(visits[n]),
            share=float(visits[n] / total),
            cases=int(in_cases[n]),
            activities=len(done[n]),
            first_seen=_iso(first[n]),
            last_seen=_iso(last[n]),
            handling_total_hours=round(float(worked[n]), 6) if measured[n] else None,
            pace=known(pace[n]),
            done=tuple(done[n][:ACTIVITIES_KEPT]),
        )
        for n in order
    )


def _usual(traces: Traces) -> Floats:
    """By activity: the median handling in hours, NaN where no start is recorded."""
    timed = ~np.isnan(traces.handling)
    size = len(traces.activities)
    return np.asarray(group_quantiles(traces.activity[timed], traces.handling[timed], size, (0.5,))[0])


def _pace(traces: Traces) -> Floats:
    """By resource: the median of handling relative to what is usual for the activity; NaN where not known."""
    usual = _usual(traces)[traces.activity]
    told = (traces.resource != NOBODY) & ~np.isnan(traces.handling) & (usual > 0)
    relative = traces.handling[told] / usual[told]
    return np.asarray(group_quantiles(traces.resource[told], relative, len(traces.resources), (0.5,))[0])


def _done(traces: Traces) -> list[list[DoneFacts]]:
    """By resource: what they did, the most frequent first."""
    here = traces.resource != NOBODY
    width = len(traces.activities)
    keys, pair = first_seen(traces.resource[here] * width + traces.activity[here], width * len(traces.resources))
    counts, handling = np.bincount(pair, minlength=len(keys)), traces.handling[here]
    timed = ~np.isnan(handling)
    median = group_quantiles(pair[timed], handling[timed], len(keys), (0.5,))[0]
    usual = _usual(traces)
    found: list[list[DoneFacts]] = [[] for _ in traces.resources]
    for n in np.argsort(-counts, kind="stable").tolist():
        resource, activity = divmod(int(keys[n]), width)
        name = traces.activities[activity]
        found[resource].append(DoneFacts(name, int(counts[n]), known(median[n]), known(usual[activity])))
    return found


def _iso(micros: int) -> str:
    """
    >>> _iso(0)
    '1970-01-01T00:00:00+00:00'
    """
    return datetime.fromtimestamp(int(micros) // 1_000_000, UTC).isoformat()
