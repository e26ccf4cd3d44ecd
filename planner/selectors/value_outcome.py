"""Valuing a case with the product's own random numbers, remembered, since the same inputs give the same numbers."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.outcome import Brief, Outcome, brief_of_draws, outcome_of_draws
from planner.domain.valuation.ranking import RankBy, scores_of_each
from planner.domain.valuation.results import Basis, fingerprint_of
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.simulation import Simulation, simulate, simulations
from planner.domain.valuation.slices import DRAWS
from planner.domain.valuation.valuation import FORMULA_VERSION

SEED = 2026
_BASIS = Basis(FORMULA_VERSION, SEED, DRAWS)
REMEMBERED = 2048
"""Tasks whose figures are kept: about 20 kB each, and as much again for an order's draws."""

Wanted = tuple[Case, str]
"""A case with the identity of its task."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """The latest `size` things that were made, by key. It can be asked what it holds, so that nobody need wait."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def get(self, key: K, make: Callable[[], V]) -> V:
        """What is kept, else what `make` makes."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        return self.keep(key, make())

    def keep(self, key: K, made: V) -> V:
        """Keep this, and forget what was not asked for the longest where there is too much."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made

    def peek(self, key: K) -> V | None:
        """What is kept, None where nothing is."""
        return self._kept.get(key)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_outcomes: Memory[str, Outcome] = Memory(REMEMBERED)
_scores: Memory[tuple[str, RankBy], NDArray[np.float64]] = Memory(REMEMBERED)
"""By fingerprint: hashing a case takes longer than all else that is done with one that is known."""


@lru_cache(maxsize=1)
def common_numbers() -> CommonNumbers:
    """The numbers all workspaces share."""
    return CommonNumbers(np.random.default_rng(SEED))


@lru_cache(maxsize=8)
def simulated(case: Case, identity: str) -> Simulation:
    """The draws of one case. `identity` tells tasks apart: their draws are independent of each other."""
    return simulate(case, common_numbers().of(identity))


def simulated_together(
    wanted: Iterable[Wanted], is_known: Callable[[str], bool] = lambda mark: False
) -> Iterator[tuple[str, Simulation]]:
    """The draws of many cases by fingerprint, but of those that are known: each once, in no order to rely on."""
    every = {fingerprint(*each): each for each in wanted}
    missing = {mark: each for mark, each in every.items() if not is_known(mark)}
    if len(missing) == 1:
        yield from ((mark, simulated(*each)) for mark, each in missing.items())
        return
    marks = list(missing)
    drawn = simulations([(case, common_numbers().of(identity)) for case, identity in missing.values()])
    yield from ((marks[place], simulation) for place, simulation in drawn)


def outcome_of(case: Case, identity: str) -> Outcome:
    """The outcome of one case; the same for the same case and identity, on any machine."""
    return _outcomes.get(fingerprint(case, identity), lambda: outcome_of_draws(simulated(case, identity)))


def outcomes_ahead(wanted: Iterable[Wanted], by: RankBy | None = None) -> None:
    """Have many outcomes at hand, and where an order is named their scores: in half the time they take one by one."""
    for mark, simulation in simulated_together(wanted, lambda mark: mark in _outcomes and _is_scored(mark, by)):
        _outcomes.get(mark, partial(outcome_of_draws, simulation))
        if by is not None:
            _scores.keep((mark, by), np.array(scores_of_each(simulation, by)))


def briefs_together(wanted: Iterable[Wanted]) -> Iterator[tuple[str, Brief]]:
    """Outcomes of many cases in brief by fingerprint, not remembered here."""
    for mark, simulation in simulated_together(wanted):
        yield mark, brief_of_draws(simulation)


def scores_together(wanted: Sequence[Wanted], by: RankBy) -> list[NDArray[np.float64]]:
    """The score of every draw of each case, in their order, for the chances of places."""
    marks = [fingerprint(case, identity) for case, identity in wanted]
    known = {mark: scores for mark in marks if (scores := _scores.peek((mark, by))) is not None}
    for mark, simulation in simulated_together(wanted, known.__contains__):
        known[mark] = _scores.keep((mark, by), np.array(scores_of_each(simulation, by)))
    return [known[mark] for mark in marks]


def _is_scored(mark: str, by: RankBy | None) -> bool:
    return by is None or (mark, by) in _scores


def outcome_known(mark: str) -> Outcome | None:
    """The outcome of a fingerprint, None where it is not at hand."""
    return _outcomes.peek(mark)


def scores_known(mark: str, by: RankBy) -> bool:
    """Whether `scores_together` has those of a fingerprint at hand."""
    return (mark, by) in _scores


def forget_outcomes() -> None:
    """Have nothing at hand, as a process that has just started."""
    for memory in (_outcomes, _scores):
        memory.clear()
    simulated.cache_clear()


def fingerprint(case: Case, identity: str) -> str:
    """What tells a result of this product's formula and random numbers from every other."""
    return fingerprint_of(case, identity, _BASIS)
