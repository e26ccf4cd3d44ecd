"""Who does the work: what each resource does, how much of it, since when, and how long it takes them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from planner.domain.discovery.grouped import Floats, Ints, cases_of, first_seen, group_quantiles, known, where
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
    here, size = traces.resource != NOBODY, len(traces.resources)
    visits = np.bincount(traces.resource[here], minlength=size)
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
    first, last = _seen(traces)
    worked, measured = _worked(traces)
    pace, in_cases, done = _pace(traces), _cases(traces), _done(traces)
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


def _seen(traces: Traces) -> tuple[Ints, Ints]:
    """By resource: the first start and the last completion."""
    size, limits = len(traces.resources), np.iinfo(np.int64)
    who, begin, end = where(traces.resource != NOBODY, traces.resource, traces.begin, traces.end)
    first, last = np.full(size, limits.max), np.full(size, limits.min)
    np.minimum.at(first, who, begin)
    np.maximum.at(last, who, end)
    return first, last


def _worked(traces: Traces) -> tuple[Floats, Ints]:
    """By resource: hours of handling, and of how many instances it is known."""
    size = len(traces.resources)
    timed = (traces.resource != NOBODY) & ~np.isnan(traces.handling)
    who, handling = where(timed, traces.resource, traces.handling)
    return np.asarray(np.bincount(who, handling, size), dtype=np.float64), np.bincount(who, minlength=size)


def _cases(traces: Traces) -> Ints:
    """By resource: in how many cases it did something."""
    who, case = where(traces.resource != NOBODY, traces.resource, traces.case)
    return cases_of(who, case, len(traces.resources))


def _pace(traces: Traces) -> Floats:
    """By resource: the median of handling relative to what is usual for the activity; NaN where not known."""
    usual = traces.usual_handling[traces.activity]
    told = (traces.resource != NOBODY) & ~np.isnan(traces.handling) & (usual > 0)
    who, relative, usual = where(told, traces.resource, traces.handling, usual)
    relative = relative / usual
    del usual
    return np.asarray(group_quantiles(who, relative, len(traces.resources), (0.5,))[0])


def _done(traces: Traces) -> list[list[DoneFacts]]:
    """By resource: what they did, the most frequent first."""
    width, usual = len(traces.activities), traces.usual_handling
    who, did, handling = where(traces.resource != NOBODY, traces.resource, traces.activity, traces.handling)
    keys, pair = first_seen(who * width + did, width * len(traces.resources))
    counts = np.bincount(pair, minlength=len(keys))
    median = group_quantiles(pair, handling, len(keys), (0.5,))[0]
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
