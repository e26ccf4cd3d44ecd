"""Valuing a case with the product's own random streams, remembered, since the same inputs give the same numbers."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.domain.assumptions import SHARED, Case
from planner.domain.cashflow import InternalRates, internal_rates, payback_years
from planner.domain.ranking import Figures, RankBy, figures_of, scores_of_each
from planner.domain.uncertainty import Simulation, Summary, simulate, summarise
from planner.domain.valuation import FORMULA_VERSION, Valuation, value_at_medians

SEED = "taskworth 1"
REMEMBERED = 512


@dataclass(frozen=True)
class Outcome:
    """A valued case: what the draws say, and what a controller finds by hand at the medians, in production."""

    summary: Summary
    at_medians: Valuation
    irr: InternalRates
    payback_years: float | None
    payback_discounted: float | None
    formula_version: int = FORMULA_VERSION

    @property
    def figures(self) -> Figures:
        """What a ranking orders by."""
        return figures_of(self.summary, irr=self.irr.only, payback_years=self.payback_years)

    @property
    def payback_months(self) -> float | None:
        return None if self.payback_years is None else 12 * self.payback_years


def streams_of(identity: str) -> Callable[[str], np.random.Generator]:
    """A stream of random numbers for each input of one task; inputs of the workspace have one stream for all tasks."""

    def stream(key: str) -> np.random.Generator:
        name = f"{SEED}/{key}" if key in SHARED else f"{SEED}/{identity}/{key}"
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))

    return stream


@lru_cache(maxsize=8)
def simulated(case: Case, identity: str) -> Simulation:
    """The draws of one case. `identity` tells tasks apart: their draws are independent of each other."""
    return simulate(case, streams_of(identity))


@lru_cache(maxsize=REMEMBERED)
def outcome_of(case: Case, identity: str) -> Outcome:
    """The outcome of one case; the same for the same case and identity, on any machine."""
    result = value_at_medians(case)
    flows = [float(flow) for flow in result.flows()]
    rate = float(result.rate)
    return Outcome(
        summary=summarise(simulated(case, identity)),
        at_medians=result,
        irr=internal_rates(flows),
        payback_years=payback_years(flows),
        payback_discounted=payback_years(flows, rate),
    )


@lru_cache(maxsize=REMEMBERED)
def drawn_scores(case: Case, identity: str, by: RankBy) -> NDArray[np.float64]:
    """The score of every draw, for the chance of being first."""
    return scores_of_each(simulated(case, identity), by)
