"""The best choice within the limits, and what each limit costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.domain.valuation.distributions import Array
from planner.domain.valuation.portfolio import (
    Bounds,
    Candidate,
    Limit,
    NoPortfolio,
    Portfolio,
    SharedCost,
    portfolio_check,
)
from planner.domain.valuation.portfolio_conflict import conflict_of
from planner.domain.valuation.portfolio_program import Program


@dataclass(frozen=True)
class Binding:
    """A limit that costs something: what the best choice would be worth more without it, in currency."""

    limit: Limit
    worth: float
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def portfolio_choose(
    candidates: Sequence[Candidate],
    bounds: Bounds,
    shared: Sequence[SharedCost] = (),
    *,
    seconds: float | None = None,
) -> Portfolio | NoPortfolio:
    """The set of largest expected NPV within the bounds; equal sets are decided by the solver, always alike.

    After `seconds` it is the best that was found, with what it may fall `short` of the best there is; OutOfTime where
    none was. Raises InvalidPortfolio for unknown names, negative amounts or more than 1,000 tasks.

    >>> tasks = [Candidate("a", 50.0, 60.0), Candidate("b", 40.0, 50.0), Candidate("c", 30.0, 40.0)]
    >>> portfolio_choose(tasks, Bounds(budget=100.0)).chosen
    ('a', 'c')
    >>> nothing = portfolio_choose(tasks, Bounds(50.0, must=frozenset("a")))
    >>> [(each.limit.value, each.enough) for each in nothing.conflict]
    [('budget', 60.0), ('must be in it', None)]
    """
    portfolio_check(candidates, bounds, shared)
    found = Program(candidates, bounds, shared, seconds).best_found(bounds.budget)
    return found if found is not None else NoPortfolio(conflict_of(candidates, bounds, shared, seconds=seconds))


def portfolio_bindings(
    candidates: Sequence[Candidate],
    bounds: Bounds,
    shared: Sequence[SharedCost],
    best: Portfolio,
    *,
    seconds: float | None = None,
) -> tuple[Binding, ...]:
    """Which limits hold the choice back, the dearest first: the program is solved again without each of them.

    An integer program has no exact shadow prices; the difference between two optima is one. OutOfTime where one of
    them takes longer than `seconds`.
    """
    found = []
    for limit in _set(candidates, bounds):
        some, others = _relaxed(candidates, bounds, limit)
        without = Program(some, others, shared, seconds).best(others.budget)
        if without is not None and without.npv > best.npv + 1e-7 * max(1.0, abs(best.npv)):
            kept = set(best.chosen)
            added = tuple(key for key in without.chosen if key not in kept)
            dropped = tuple(key for key in best.chosen if key not in set(without.chosen))
            found.append(Binding(limit, without.npv - best.npv, added, dropped))
    return tuple(sorted(found, key=lambda binding: -binding.worth))


def chance_of_loss(draws: Mapping[str, Array], shared: Iterable[Array], portfolio: Portfolio) -> float:
    """Share of draws in which the chosen tasks together lose money. `draws` holds NPVs a task (without shared costs),
    `shared` the draws of each shared cost that is paid; all of one length and drawn with common random numbers.

    >>> chance_of_loss({"a": np.array([-3.0, 1.0]), "b": np.array([2.0, 2.0])}, [], Portfolio(("a", "b"), 1, 0, 0, ()))
    0.5
    """
    if not portfolio.chosen:
        return 0.0
    total = np.sum([draws[key] for key in portfolio.chosen], axis=0)
    for cost in shared:
        total = total - cost
    return float(np.mean(np.asarray(total) < 0))


def share_error(share: float, draws: int) -> float:
    """What a share of draws of a Latin hypercube may be off by: its standard error is at most √(p (1 − p) ÷ (n − 1)),
    that of plain draws (Owen, *Monte Carlo variance of scrambled net quadrature*, 1997).

    >>> round(share_error(0.2, 101), 4)
    0.04
    """
    return float(np.sqrt(share * (1 - share) / (draws - 1))) if draws > 1 else 0.0


def _set(candidates: Sequence[Candidate], bounds: Bounds) -> tuple[Limit, ...]:
    """The limits that are there at all."""
    there = {
        Limit.BUDGET: bounds.budget is not None,
        Limit.PERSON_DAYS: bounds.person_days is not None,
        Limit.PREREQUISITES: any(candidate.needs for candidate in candidates),
        Limit.EXCLUSIONS: bool(bounds.exclusions),
        Limit.MUST: bool(bounds.must),
        Limit.MUST_NOT: bool(bounds.must_not),
    }
    return tuple(limit for limit, present in there.items() if present)


def _relaxed(candidates: Sequence[Candidate], bounds: Bounds, limit: Limit) -> tuple[Sequence[Candidate], Bounds]:
    if limit is Limit.PREREQUISITES:
        return [replace(candidate, needs=frozenset()) for candidate in candidates], bounds
    return candidates, bounds.without(limit)
