"""Rework: an activity repeated within a case. At once (a self-loop) or after others (a return), and ping-pong."""

from dataclasses import dataclass

import numpy as np

from planner.domain.discovery.grouped import Floats, Ints, cases_of, changes, first_seen, group_order
from planner.domain.discovery.traces import NOBODY, Mask, Traces

PAIRS_KEPT = 200


@dataclass(frozen=True)
class RepeatFacts:
    """The repeats of one activity. Visits that repeat it = `self_loops` + `returns`.

    A self-loop follows the activity at once; a return has other activities in between. `handling_hours` is the work
    in the repeats: measured where starts are recorded, at the activity's mean for the other repeats, None where no
    start of it is recorded.
    """

    activity: str
    visits: int
    self_loops: int
    returns: int
    cases: int
    cases_repeating: int
    most_in_a_case: int
    handling_hours: float | None

    @property
    def repeats(self) -> int:
        return self.self_loops + self.returns


@dataclass(frozen=True)
class PingPong:
    """A, then B, then A again: how often, and in how many cases. Overlapping ones count each (A B A B is two)."""

    first: str
    second: str
    count: int
    cases: int


@dataclass(frozen=True)
class Rework:
    """All repeats of a log. `cases_repeating` are cases in which any activity is repeated."""

    activities: tuple[RepeatFacts, ...]
    cases_repeating: int
    ping_pong: tuple[PingPong, ...]
    ping_pong_cases: int

    @property
    def repeats(self) -> int:
        return sum(each.repeats for each in self.activities)

    @property
    def handling_hours(self) -> float | None:
        """Hours of work in all repeats of which the work is known; None when it is known of none."""
        known = [each.handling_hours for each in self.activities if each.handling_hours is not None]
        return sum(known) if known else None


def rework(traces: Traces) -> Rework:
    """Repeats by activity, the most repeated first; activities never repeated are left out."""
    size = len(traces.activities)
    order = group_order(traces.activity, size)
    opens = changes(traces.activity[order]) | changes(traces.case[order])
    again = np.zeros(len(traces), dtype=bool)
    again[order] = ~opens
    opening = np.flatnonzero(opens)
    did, times = traces.activity[order[opening]], np.diff(np.append(opening, len(traces)))
    most = np.zeros(size, dtype=np.int64)
    np.maximum.at(most, did, times)
    after = traces.follows
    at_once = traces.activity[after[traces.activity[after] == traces.activity[after - 1]]]
    handling = _repeat_hours(traces, again)
    visits, looped, repeated, in_cases, in_repeating = (
        np.bincount(each, minlength=size)
        for each in (traces.activity, at_once, traces.activity[again], did, did[times > 1])
    )
    found = [
        RepeatFacts(
            activity=name,
            visits=int(visits[n]),
            self_loops=int(looped[n]),
            returns=int(repeated[n] - looped[n]),
            cases=int(in_cases[n]),
            cases_repeating=int(in_repeating[n]),
            most_in_a_case=int(most[n]),
            handling_hours=None if np.isnan(handling[n]) else round(float(handling[n]), 6),
        )
        for n, name in enumerate(traces.activities)
        if repeated[n]
    ]
    to_and_fro, affected = ping_pong(traces.case, traces.activity, traces.activities)
    return Rework(
        activities=tuple(sorted(found, key=lambda facts: (-facts.repeats, facts.activity))),
        cases_repeating=int(changes(traces.case[again]).sum()),
        ping_pong=to_and_fro,
        ping_pong_cases=affected,
    )


def ping_pong(case: Ints, what: Ints, names: tuple[str, ...]) -> tuple[tuple[PingPong, ...], int]:
    """Triples A, B, A with A other than B of rows sorted by case and time, the most frequent first; cases with any.

    Rows of which `what` is NOBODY belong to no triple.

    >>> found, cases = ping_pong(np.array([0, 0, 0, 0]), np.array([0, 1, 0, 1]), ("A", "B"))
    >>> [(each.first, each.second, each.count) for each in found], cases
    ([('A', 'B', 1), ('B', 'A', 1)], 1)
    """
    if len(case) < 3:
        return (), 0
    turns = (case[:-2] == case[2:]) & (what[:-2] == what[2:]) & (what[:-2] != what[1:-1])
    at = np.flatnonzero(turns & (what[:-2] != NOBODY) & (what[1:-1] != NOBODY))
    width = max(len(names), 1)
    keys, pair = first_seen(what[at] * width + what[at + 1], width**2)
    counts, in_cases = np.bincount(pair, minlength=len(keys)), cases_of(pair, case[at], len(keys))
    found = [
        PingPong(names[key // width], names[key % width], int(counts[n]), int(in_cases[n]))
        for n, key in enumerate(keys.tolist())
    ]
    ordered = sorted(found, key=lambda each: (-each.count, each.first, each.second))
    return tuple(ordered[:PAIRS_KEPT]), int(changes(case[at]).sum())


def _repeat_hours(traces: Traces, again: Mask) -> Floats:
    """By activity: hours of work in its repeats; repeats without a start are taken at the activity's mean."""
    size, hours = len(traces.activities), traces.handling
    timed = ~np.isnan(hours)
    known = np.bincount(traces.activity[timed], minlength=size)
    mean = np.bincount(traces.activity[timed], hours[timed], size) / np.where(known, known, np.nan)
    measured = np.bincount(traces.activity[timed & again], hours[timed & again], size)
    unmeasured = np.bincount(traces.activity[~timed & again], minlength=size)
    return measured + unmeasured * mean
