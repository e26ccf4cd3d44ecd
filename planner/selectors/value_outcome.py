"""Valuing a case with the product's own random numbers, remembered, since the same inputs give the same numbers."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.outcome import Brief, Outcome, brief_of_draws, outcome_of_draws
from planner.domain.valuation.ranking import RankBy, scores_of_each
from planner.domain.valuation.results import Basis, fingerprint_of
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.slices import DRAWS
from planner.domain.valuation.uncertainty import Simulation, simulate
from planner.domain.valuation.valuation import FORMULA_VERSION

SEED = 2026
REMEMBERED = 2048
"""Tasks whose figures are kept: about 20 kB each, and as much again for an order's draws."""

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


def outcome_of(case: Case, identity: str) -> Outcome:
    """The outcome of one case; the same for the same case and identity, on any machine."""
    return _outcomes.get(fingerprint(case, identity), lambda: outcome_of_draws(simulated(case, identity)))


def brief_of(case: Case, identity: str) -> Brief:
    """The outcome of one case in brief, not remembered here."""
    return brief_of_draws(simulated(case, identity))


def drawn_scores(case: Case, identity: str, by: RankBy) -> NDArray[np.float64]:
    """The score of every draw, for the chance of being first."""
    key = fingerprint(case, identity), by
    return _scores.get(key, lambda: scores_of_each(simulated(case, identity), by))


def outcome_known(mark: str) -> Outcome | None:
    """The outcome of a fingerprint, None where it is not at hand."""
    return _outcomes.peek(mark)


def scores_known(mark: str, by: RankBy) -> bool:
    """Whether `drawn_scores` has those of a fingerprint at hand."""
    return (mark, by) in _scores


def forget_outcomes() -> None:
    """Have nothing at hand, as a process that has just started."""
    for memory in (_outcomes, _scores):
        memory.clear()
    simulated.cache_clear()


@lru_cache(maxsize=4 * REMEMBERED)
def fingerprint(case: Case, identity: str) -> str:
    """What tells a result of this product's formula and random numbers from every other."""
    return fingerprint_of(case, identity, Basis(FORMULA_VERSION, SEED, DRAWS))
