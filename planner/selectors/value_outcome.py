"""Valuing a case with the product's own random numbers, remembered, since the same inputs give the same numbers."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.outcome import Outcome, outcome_of_draws
from planner.domain.valuation.ranking import RankBy, scores_of_each
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.uncertainty import Simulation, simulate

SEED = 2026
REMEMBERED = 2048
"""Tasks whose figures are kept: about 20 kB each, and as much again for an order's draws."""


@lru_cache(maxsize=1)
def common_numbers() -> CommonNumbers:
    """The numbers all workspaces share."""
    return CommonNumbers(np.random.default_rng(SEED))


@lru_cache(maxsize=8)
def simulated(case: Case, identity: str) -> Simulation:
    """The draws of one case. `identity` tells tasks apart: their draws are independent of each other."""
    return simulate(case, common_numbers().of(identity))


@lru_cache(maxsize=REMEMBERED)
def outcome_of(case: Case, identity: str) -> Outcome:
    """The outcome of one case; the same for the same case and identity, on any machine."""
    return outcome_of_draws(simulated(case, identity))


@lru_cache(maxsize=REMEMBERED)
def drawn_scores(case: Case, identity: str, by: RankBy) -> NDArray[np.float64]:
    """The score of every draw, for the chance of being first."""
    return scores_of_each(simulated(case, identity), by)
