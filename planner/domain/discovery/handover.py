"""Hand-overs: who passes cases to whom, and how long a case lies in between."""

from dataclasses import dataclass

import numpy as np

from planner.domain.discovery.grouped import cases_of, changes, first_seen, known, spreads
from planner.domain.discovery.rework import PingPong, ping_pong
from planner.domain.discovery.traces import NOBODY, Traces

PAIRS_KEPT = 1000
"""Pairs of people kept; the rest is summed up."""


@dataclass(frozen=True)
class HandOverFacts:
    """One resource directly followed by another within a case, and the waiting in between."""

    source: str
    target: str
    count: int
    cases: int
    waiting_total_hours: float | None
    waiting_median_hours: float | None


@dataclass(frozen=True)
class HandOvers:
    """Who passes work to whom. A step is an instance with one before it, both done by somebody the log names.

    `steps` = `passed` (another resource goes on) + `kept` (the same does). Waiting medians are in hours.
    """

    pairs: tuple[HandOverFacts, ...]
    pairs_total: int
    steps: int
    passed: int
    cases_passing: int
    waiting_passed_median_hours: float | None
    waiting_kept_median_hours: float | None
    waiting_passed_total_hours: float | None
    ping_pong: tuple[PingPong, ...]
    ping_pong_cases: int

    @property
    def kept(self) -> int:
        return self.steps - self.passed

    @property
    def rest(self) -> int:
        """Hand-overs of the pairs that are not kept."""
        return self.passed - sum(pair.count for pair in self.pairs)


def hand_overs(traces: Traces, most: int = PAIRS_KEPT) -> HandOvers:
    """Hand-overs between different resources, the most frequent first."""
    after = traces.follows
    source, target = traces.resource[after - 1], traces.resource[after]
    named = (source != NOBODY) & (target != NOBODY)
    moved = named & (source != target)
    waiting, width = traces.waiting[after], max(len(traces.resources), 1)
    keys, pair = first_seen(source[moved] * width + target[moved], width**2)
    spread, in_cases = spreads(pair, waiting[moved], len(keys)), cases_of(pair, traces.case[after][moved], len(keys))
    order = np.argsort(-spread.known, kind="stable")[:most]
    found = tuple(
        HandOverFacts(
            source=traces.resources[int(keys[n]) // width],
            target=traces.resources[int(keys[n]) % width],
            count=int(spread.known[n]),
            cases=int(in_cases[n]),
            waiting_total_hours=round(float(spread.total[n]), 6),
            waiting_median_hours=round(float(spread.median[n]), 6),
        )
        for n in order.tolist()
    )
    to_and_fro, affected = people_ping_pong(traces)
    return HandOvers(
        pairs=found,
        pairs_total=len(keys),
        steps=int(named.sum()),
        passed=int(moved.sum()),
        cases_passing=int(changes(traces.case[after][moved]).sum()),
        waiting_passed_median_hours=_median(waiting[moved]),
        waiting_kept_median_hours=_median(waiting[named & ~moved]),
        waiting_passed_total_hours=round(float(waiting[moved].sum()), 6),
        ping_pong=to_and_fro,
        ping_pong_cases=affected,
    )


def people_ping_pong(traces: Traces) -> tuple[tuple[PingPong, ...], int]:
    """A case that goes from one resource to another and back. Steps of the same resource in a row are one stay."""
    same_case = traces.case[1:] == traces.case[:-1]
    stays = np.concatenate([[True], ~(same_case & (traces.resource[1:] == traces.resource[:-1]))])
    return ping_pong(traces.case[stays], traces.resource[stays], traces.resources)


def _median(values: np.ndarray) -> float | None:
    return known(float(np.median(values))) if len(values) else None
