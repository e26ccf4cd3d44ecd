"""Which activity follows which, how often, in how many cases, and how long it takes to get there."""

from dataclasses import dataclass

import numpy as np

from planner.domain.discovery.grouped import cases_of, first_seen, known, spreads
from planner.domain.discovery.traces import Traces


@dataclass(frozen=True)
class FollowsFacts:
    """One activity directly followed by another (or itself) within a case.

    The gap runs from the completion of `source` to the start of `target` (its completion where no start is recorded);
    `handling_median_hours` is that of `target` on this way, None where no start is recorded.
    """

    source: str
    target: str
    count: int
    cases: int
    gap_total_hours: float | None
    gap_mean_hours: float | None
    gap_p10_hours: float | None
    gap_median_hours: float | None
    gap_p90_hours: float | None
    handling_median_hours: float | None


@dataclass(frozen=True)
class EndFacts:
    """How many cases begin and end with an activity, as a count and a share of all cases."""

    activity: str
    begins: int
    begins_share: float
    ends: int
    ends_share: float


def directly_follows(traces: Traces) -> tuple[FollowsFacts, ...]:
    """Every pair that occurs, the most frequent first, then by name."""
    after = traces.follows
    width = len(traces.activities)
    keys, pair = first_seen(traces.activity[after - 1] * width + traces.activity[after], width**2)
    size = len(keys)
    gap = spreads(pair, traces.waiting[after], size)
    handling = spreads(pair, traces.handling[after], size)
    in_cases = cases_of(pair, traces.case[after], size)
    found = [
        FollowsFacts(
            source=traces.activities[key // width],
            target=traces.activities[key % width],
            count=int(gap.known[place]),
            cases=int(in_cases[place]),
            gap_total_hours=round(float(gap.total[place]), 6),
            gap_mean_hours=round(float(gap.mean[place]), 6),
            gap_p10_hours=round(float(gap.p10[place]), 6),
            gap_median_hours=round(float(gap.median[place]), 6),
            gap_p90_hours=round(float(gap.p90[place]), 6),
            handling_median_hours=known(handling.median[place]),
        )
        for place, key in enumerate(keys.tolist())
    ]
    return tuple(sorted(found, key=lambda facts: (-facts.count, facts.source, facts.target)))


def case_ends(traces: Traces) -> tuple[EndFacts, ...]:
    """The activities with which cases begin or end, those that begin most first."""
    size = len(traces.activities)
    begins = np.bincount(traces.activity[traces.first], minlength=size)
    ends = np.bincount(traces.activity[traces.last], minlength=size)
    found = [
        EndFacts(name, int(begins[n]), begins[n] / traces.cases, int(ends[n]), ends[n] / traces.cases)
        for n, name in enumerate(traces.activities)
        if begins[n] or ends[n]
    ]
    return tuple(sorted(found, key=lambda facts: (-facts.begins, -facts.ends, facts.activity)))
