"""Problems of choosing a portfolio, and what every possible set of tasks comes to, found by trying them all."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from planner.domain.valuation.distributions import Array
from planner.domain.valuation.portfolio import Bounds, Candidate, Limit, SharedCost

Problem = tuple[list[Candidate], Bounds, list[SharedCost]]
KEYS = "abcdefghijklmn"
AMOUNT = st.integers(0, 100).map(float)
MONEY = st.integers(0, 90_000_000).map(lambda cents: cents / 100)


@st.composite
def problems(draw: st.DrawFn, least: int = 1, most: int = 14) -> Problem:
    """Small whole amounts and every kind of limit; person-days are those of some quarters."""
    keys = KEYS[: draw(st.integers(least, most))]
    some = st.frozensets(st.sampled_from(keys), max_size=2)
    candidates = [
        Candidate(key, float(draw(st.integers(-50, 100))), draw(AMOUNT), draw(AMOUNT), draw(some) - {key})
        for key in keys
    ]
    shared = [
        SharedCost(f"s{place}", draw(AMOUNT), draw(st.frozensets(st.sampled_from(keys), min_size=1, max_size=4)))
        for place in range(draw(st.integers(0, 2)))
    ]
    budget = draw(st.none() | st.integers(0, 400).map(float))
    capacity = draw(st.none() | st.tuples(st.integers(0, 100), st.integers(1, 4)).map(lambda of: float(of[0] * of[1])))
    groups = draw(st.lists(st.frozensets(st.sampled_from(keys), min_size=1, max_size=3), max_size=2))
    few = st.frozensets(st.sampled_from(keys), max_size=2)
    return candidates, Bounds(budget, capacity, tuple(groups), draw(few), draw(few)), shared


@st.composite
def money_problems(draw: st.DrawFn, most: int = 10) -> Problem:
    """Amounts to the cent, up to a million, and a budget that just suffices for some set of tasks, or lacks a cent."""
    keys = KEYS[: draw(st.integers(1, most))]
    candidates = [Candidate(key, draw(MONEY) - 100_000, draw(MONEY), draw(AMOUNT)) for key in keys]
    shared = [SharedCost("s", draw(MONEY), draw(st.frozensets(st.sampled_from(keys), min_size=1)))]
    picked = draw(st.frozensets(st.sampled_from(keys), min_size=1))
    just = sum(one.once for one in candidates if one.key in picked)
    just += sum(cost.amount for cost in shared if cost.tasks & picked)
    budget = max(0.0, just - draw(st.sampled_from([0.0, 0.01])))
    return candidates, Bounds(budget=round(budget, 2)), shared


def every_set(count: int) -> Array:
    """Each set of so many tasks as a row of zeros and ones: shape (2 ** count, count)."""
    return (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(np.float64)


def spent(problem: Problem) -> tuple[Array, Array, Array]:
    """Worth, one-off cost and person-days of every set, whether it is allowed or not."""
    candidates, _, shared = problem
    inside = every_set(len(candidates))
    worth, once, days = (
        inside @ np.array([getattr(one, name) for one in candidates]) for name in ("npv", "once", "person_days")
    )
    for cost in shared:
        paid = inside[:, [one.key in cost.tasks for one in candidates]].any(axis=1) * cost.amount
        worth, once = worth - paid, once + paid
    return worth, once, days


def worths_of(problem: Problem) -> Array:
    """What every set is worth, minus infinity where a limit forbids it."""
    candidates, bounds, _ = problem
    inside = every_set(len(candidates)) > 0
    at = {one.key: place for place, one in enumerate(candidates)}
    worth, once, days = spent(problem)
    allowed = np.ones(len(inside), dtype=bool)
    for key in bounds.must:
        allowed &= inside[:, at[key]]
    for key in bounds.must_not:
        allowed &= ~inside[:, at[key]]
    for group in bounds.exclusions:
        allowed &= inside[:, [at[key] for key in group]].sum(axis=1) <= 1
    for one in candidates:
        for key in one.needs:
            allowed &= inside[:, at[key]] | ~inside[:, at[one.key]]
    if bounds.budget is not None:
        allowed &= once <= bounds.budget + 1e-6
    if bounds.person_days is not None:
        allowed &= days <= bounds.person_days
    return np.where(allowed, worth, -np.inf)


def without(problem: Problem, limit: Limit) -> Problem:
    """The same problem without one kind of limit."""
    candidates, bounds, shared = problem
    if limit is Limit.PREREQUISITES:
        candidates = [replace(one, needs=frozenset()) for one in candidates]
    return candidates, bounds.without(limit), shared
