"""Why no choice keeps to the limits: some that contradict each other, and what would make a choice possible.

Deletion filtering (Chinneck and Dravnieks, *Locating minimal infeasible constraint sets in linear programs*, 1991):
limits are given up, first many at once, then one by one, as long as no choice is possible without them. What is left
is irreducible: any one of them given up, the others can be kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from planner.domain.valuation.portfolio import Bounds, Candidate, Demand, Limit, SharedCost
from planner.domain.valuation.portfolio_program import Program

Problem = tuple[Sequence[Candidate], Bounds, Sequence[SharedCost], float | None]
"""What is chosen from, the limits, the shared costs, and the seconds a question may take."""


def conflict_of(
    candidates: Sequence[Candidate],
    bounds: Bounds,
    shared: Sequence[SharedCost] = (),
    *,
    seconds: float | None = None,
) -> tuple[Demand, ...]:
    """An irreducible set of limits that contradict each other; empty where none do. OutOfTime where a single question
    takes longer than `seconds`.

    One without budget and person-days is preferred: no money would resolve it.

    >>> tasks = [Candidate("a", 1.0, 50.0, needs=frozenset("b")), Candidate("b", 1.0, 20.0), Candidate("c", 1.0, 5.0)]
    >>> bounds = Bounds(budget=10.0, must=frozenset("ac"), must_not=frozenset("b"))
    >>> [(each.limit.value, each.tasks) for each in conflict_of(tasks, bounds)]
    [('prerequisites', ('a', 'b')), ('must be in it', ('a',)), ('must not be in it', ('b',))]
    """
    problem, every = (candidates, bounds, shared, seconds), demands_of(candidates, bounds)
    if _possible(problem, every):
        return ()
    left = irreducible(every, lambda kept: not _possible(problem, kept))
    return tuple(_told(problem, every, left, demand) for demand in left)


def demands_of(candidates: Sequence[Candidate], bounds: Bounds) -> list[Demand]:
    """Every limit by itself."""
    found = [Demand(Limit.BUDGET)] if bounds.budget is not None else []
    found += [Demand(Limit.PERSON_DAYS)] if bounds.person_days is not None else []
    found += [Demand(Limit.PREREQUISITES, (one.key, key)) for one in candidates for key in sorted(one.needs)]
    found += [Demand(Limit.EXCLUSIONS, group) for group in dict.fromkeys(map(_sorted, bounds.exclusions))]
    found += [Demand(Limit.MUST, (key,)) for key in sorted(bounds.must)]
    return found + [Demand(Limit.MUST_NOT, (key,)) for key in sorted(bounds.must_not)]


def irreducible(demands: Sequence[Demand], contradict: Callable[[Sequence[Demand]], bool]) -> list[Demand]:
    """Those of them that contradict each other, none of which is idle in it. All of them together must do so.

    Budget and person-days are given up first.
    """
    kept = list(demands)
    for demand in [one for one in demands if not one.tasks]:
        rest = [one for one in kept if one is not demand]
        kept = rest if contradict(rest) else kept
    block = max(1, len(kept) // 2)
    while True:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + block :]
            if contradict(rest):
                kept = rest
            else:
                at += block
        if block == 1:
            return kept
        block //= 2


def _told(problem: Problem, every: Sequence[Demand], left: Sequence[Demand], demand: Demand) -> Demand:
    """With what would do in its place, by all others if they are possible, else by these."""
    helps = _possible(problem, [one for one in every if one is not demand])
    others = [one for one in (every if helps else left) if one is not demand]
    program, budget = _program(problem, others)
    if demand.limit is Limit.BUDGET:
        found = program.cheapest()
        return replace(demand, helps=helps, enough=found.once if found else None)
    if demand.limit is Limit.PERSON_DAYS:
        found = program.quickest(budget)
        return replace(demand, helps=helps, enough=found.person_days if found else None)
    return replace(demand, helps=helps)


def _possible(problem: Problem, demands: Sequence[Demand]) -> bool:
    program, budget = _program(problem, demands)
    return program.is_possible(budget)


def _program(problem: Problem, demands: Sequence[Demand]) -> tuple[Program, float | None]:
    """The program with these limits alone, and the budget among them."""
    candidates, bounds, shared, seconds = problem
    named = partial(_named, demands)
    needs = named(Limit.PREREQUISITES)
    kept = [
        replace(one, needs=frozenset(key for key in one.needs if (one.key, key) in needs)) if one.needs else one
        for one in candidates
    ]
    some = Bounds(
        budget=bounds.budget if () in named(Limit.BUDGET) else None,
        person_days=bounds.person_days if () in named(Limit.PERSON_DAYS) else None,
        exclusions=tuple(frozenset(group) for group in sorted(named(Limit.EXCLUSIONS))),
        must=frozenset(key for (key,) in named(Limit.MUST)),
        must_not=frozenset(key for (key,) in named(Limit.MUST_NOT)),
    )
    return Program(kept, some, shared, seconds), some.budget


def _sorted(group: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(group))


def _named(demands: Sequence[Demand], limit: Limit) -> set[tuple[str, ...]]:
    return {demand.tasks for demand in demands if demand.limit is limit}
