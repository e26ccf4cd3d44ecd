"""From valued tasks to a portfolio: what each is worth without its shared costs, and those costs by themselves.

A task alone bears its shared costs whole; a portfolio charges each once, as soon as one of its tasks is in it. The same
draws of a shared cost stand in every task that shares it, so taking them out of each and off the sum once is exact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from planner.domain.valuation.distributions import Array
from planner.domain.valuation.portfolio import Candidate, Portfolio, SharedCost
from planner.domain.valuation.portfolio_choice import chance_of_loss
from planner.domain.valuation.shared_costs import SharedLine
from planner.domain.valuation.simulation import Simulation

PERSON_DAYS = "person_days"


@dataclass(frozen=True)
class Choices:
    """What a portfolio is chosen from, with the draws of each task (without shared costs) and each shared cost."""

    candidates: tuple[Candidate, ...]
    shared: tuple[SharedCost, ...]
    draws: Mapping[str, Array] = field(repr=False)
    shared_draws: Mapping[str, Array] = field(repr=False)

    def total(self, portfolio: Portfolio) -> Array:
        """Draws of what the chosen tasks are worth together, each shared cost paid once. Nothing chosen: one zero."""
        if not portfolio.chosen:
            return np.zeros(1)
        worth = np.sum([self.draws[key] for key in portfolio.chosen], axis=0)
        paid = [self.shared_draws[key] for key in portfolio.shared]
        return np.asarray(worth - np.sum(paid, axis=0) if paid else worth, dtype=np.float64)

    def chance_of_loss(self, portfolio: Portfolio) -> float:
        """The chance that the chosen tasks together lose money, each shared cost paid once."""
        return chance_of_loss(self.draws, [self.shared_draws[key] for key in portfolio.shared], portfolio)


def choices_of(simulations: Mapping[str, Simulation], needs: Mapping[str, frozenset[str]] | None = None) -> Choices:
    """The candidates of simulated tasks by key, all drawn with the same common numbers; `needs` are prerequisites.

    Every mean is exact. A shared cost counts for those of its tasks that are here; each must stand in the case of
    each task it is shared by.
    """
    lines = _lines(simulations.values())
    candidates = (_candidate(key, found, (needs or {}).get(key, frozenset())) for key, found in simulations.items())
    return Choices(
        tuple(candidates),
        tuple(SharedCost(line.key, line.amount.mean, _sharing(line, simulations)) for line in lines.values()),
        {key: found.npv + _shared_draws(found) for key, found in simulations.items()},
        {key: _drawn(line, simulations) for key, line in lines.items()},
    )


def _lines(simulations: Iterable[Simulation]) -> dict[str, SharedLine]:
    return {line.key: line for found in simulations for line in found.case.shared}


def _sharing(line: SharedLine, simulations: Mapping[str, Simulation]) -> frozenset[str]:
    return frozenset(key for key, found in simulations.items() if line in found.case.shared)


def _candidate(key: str, found: Simulation, needs: frozenset[str]) -> Candidate:
    shared = sum(line.amount.mean for line in found.case.shared)
    days = found.case.means.get(PERSON_DAYS, 0.0)
    return Candidate(key, float(found.expected.npv) + shared, float(found.expected.once) - shared, days, needs)


def _shared_draws(found: Simulation) -> Array:
    amounts = [np.asarray(found.inputs[line.name], dtype=np.float64) for line in found.case.shared]
    return np.asarray(sum(amounts, np.zeros(found.draws)), dtype=np.float64)


def _drawn(line: SharedLine, simulations: Mapping[str, Simulation]) -> Array:
    found = next(found for found in simulations.values() if line in found.case.shared)
    return np.broadcast_to(np.asarray(found.inputs[line.name], dtype=np.float64), (found.draws,))
