"""When the chosen tasks are built: quarter by quarter, within the person-days there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from planner.domain.valuation.portfolio import Candidate, InvalidPortfolio


@dataclass(frozen=True)
class Slot:
    """When a task is worked on: the quarters of its first and last day, from 1, and the days in each of them."""

    key: str
    first: int
    last: int
    days: tuple[float, ...]


def quarters_planned(candidates: Sequence[Candidate], chosen: Iterable[str], days_a_quarter: float) -> tuple[Slot, ...]:
    """One task after another, prerequisites first, otherwise the most NPV a person-day first.

    Raises InvalidPortfolio where the days a quarter are not above zero.

    >>> tasks = [Candidate("a", 9.0, 0.0, 50.0, frozenset("b")), Candidate("b", 1.0, 0.0, 40.0)]
    >>> [(slot.key, slot.first, slot.last, slot.days) for slot in quarters_planned(tasks, "ab", 60.0)]
    [('b', 1, 1, (40.0,)), ('a', 1, 2, (20.0, 30.0))]
    """
    if not days_a_quarter > 0:
        raise InvalidPortfolio("days_a_quarter", "The person-days a quarter must be above zero.")
    slots, done = [], 0.0
    for candidate in _in_order(candidates, frozenset(chosen)):
        first = int(done // days_a_quarter)
        edges = [done]
        done += candidate.person_days
        last = max(first, int(np.ceil(done / days_a_quarter - 1e-9)) - 1)
        edges += [days_a_quarter * (quarter + 1) for quarter in range(first, last)]
        spent = tuple(round(float(days), 9) for days in np.diff([*edges, done]))
        slots.append(Slot(candidate.key, first + 1, last + 1, spent))
    return tuple(slots)


def _in_order(candidates: Sequence[Candidate], chosen: frozenset[str]) -> list[Candidate]:
    """The chosen, each after what it needs; a circle of prerequisites is broken at the task given first."""
    left = sorted(
        (candidate for candidate in candidates if candidate.key in chosen),
        key=lambda candidate: -candidate.npv / max(candidate.person_days, 1e-9),
    )
    done: list[Candidate] = []
    keys: set[str] = set()
    while left:
        ready = next((one for one in left if (one.needs & chosen) - {one.key} <= keys), left[0])
        left.remove(ready)
        done.append(ready)
        keys.add(ready.key)
    return done
