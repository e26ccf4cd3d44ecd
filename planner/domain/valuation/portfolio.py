"""Which tasks to build together: the set worth most within a budget and the person-days there are.

An integer program, solved exactly (branch and bound of HiGHS, gap zero): maximise Σ NPV of the chosen − the shared
costs they need, subject to budget, person-days, prerequisites, exclusions, and what must or must not be in it. A
shared cost (one labelled data set, one integration) is paid once, as soon as one of its tasks is chosen. Knapsack with
setups: Kellerer, Pferschy, Pisinger, *Knapsack Problems*, 2004, ch. 13.

Money is in the workspace's currency, all of it the expected value; one-off costs are those paid at the start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are loaded when first used: the optimiser takes a second

from planner.domain.valuation.distributions import Array

if TYPE_CHECKING:
    import scipy.optimize
    import scipy.sparse

MOST_TASKS = 1_000
_ENOUGH = 0.5
"""A choice is zero or one up to the solver's tolerance."""
_SLACK = 1e-6


@dataclass(frozen=True)
class Candidate:
    """A task that may be built: expected NPV without its shared costs, what it costs once, person-days to build it.

    `needs` are keys of tasks that have to be chosen as well.
    """

    key: str
    npv: float
    once: float = 0.0
    person_days: float = 0.0
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SharedCost:
    """A one-off cost paid once when any of its tasks is chosen."""

    key: str
    amount: float
    tasks: frozenset[str]


class Limit(StrEnum):
    """What narrows the choice."""

    BUDGET = "budget"
    PERSON_DAYS = "person-days"
    PREREQUISITES = "prerequisites"
    EXCLUSIONS = "exclusions"
    MUST = "must be in it"
    MUST_NOT = "must not be in it"


@dataclass(frozen=True)
class Bounds:
    """The limits of a choice; None where there is none.

    `person_days` is the capacity over the whole time planned for: people work on one task after another and work may
    reach over the end of a quarter, so every set within the sum can be built in it. Each of `exclusions` is a group of
    which at most one is chosen.
    """

    budget: float | None = None
    person_days: float | None = None
    exclusions: tuple[frozenset[str], ...] = ()
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()

    def without(self, limit: Limit) -> "Bounds":
        """The same without one limit (prerequisites belong to the candidates and stay)."""
        empty: Mapping[Limit, dict[str, object]] = {
            Limit.BUDGET: {"budget": None},
            Limit.PERSON_DAYS: {"person_days": None},
            Limit.EXCLUSIONS: {"exclusions": ()},
            Limit.MUST: {"must": frozenset()},
            Limit.MUST_NOT: {"must_not": frozenset()},
        }
        return replace(self, **empty.get(limit, {}))  # type: ignore[arg-type]  # each value fits its own field


class InvalidPortfolio(ValueError):
    """Numbers or names that cannot be: the field, and a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Portfolio:
    """The best choice: keys in the order given, and what it comes to. `npv` has the shared costs taken off."""

    chosen: tuple[str, ...]
    npv: float
    once: float
    person_days: float
    shared: tuple[str, ...]


@dataclass(frozen=True)
class NoPortfolio:
    """No choice satisfies the limits; each of `because` alone, if dropped, would make one possible."""

    because: tuple[Limit, ...]


@dataclass(frozen=True)
class Binding:
    """A limit that costs something: what the best choice would be worth more without it, in currency."""

    limit: Limit
    worth: float
    added: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class BudgetStep:
    """From this budget on, the best choice is worth this much."""

    budget: float
    npv: float
    chosen: tuple[str, ...]


def portfolio_choose(
    candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost] = ()
) -> Portfolio | NoPortfolio:
    """The set of largest expected NPV within the bounds; equal sets are decided by the solver, always alike.

    Raises InvalidPortfolio for unknown names, negative amounts or more than 1,000 tasks.

    >>> tasks = [Candidate("a", 50.0, 60.0), Candidate("b", 40.0, 50.0), Candidate("c", 30.0, 40.0)]
    >>> portfolio_choose(tasks, Bounds(budget=100.0)).chosen
    ('a', 'c')
    >>> portfolio_choose(tasks, Bounds(budget=50.0, must=frozenset("a")))
    NoPortfolio(because=(<Limit.BUDGET: 'budget'>, <Limit.MUST: 'must be in it'>))
    """
    portfolio_check(candidates, bounds, shared)
    found = _solved(candidates, bounds, shared)
    return found if found is not None else NoPortfolio(_reasons(candidates, bounds, shared))


def portfolio_bindings(
    candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost], best: Portfolio
) -> tuple[Binding, ...]:
    """Which limits hold the choice back, the dearest first: the program is solved again without each of them.

    An integer program has no exact shadow prices; the difference between two optima is one.
    """
    found = []
    for limit in _set(candidates, bounds):
        without = _solved(*_relaxed(candidates, bounds, limit), shared)
        if without is not None and without.npv > best.npv + _tolerance(best.npv):
            kept = set(best.chosen)
            added = tuple(key for key in without.chosen if key not in kept)
            dropped = tuple(key for key in best.chosen if key not in set(without.chosen))
            found.append(Binding(limit, without.npv - best.npv, added, dropped))
    return tuple(sorted(found, key=lambda binding: -binding.worth))


def value_by_budget(
    candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost] = (), *, steps: int = 24
) -> tuple[BudgetStep, ...]:
    """The worth of the best choice for budgets from nothing to all that would be spent without one, evenly spaced.

    A budget under which nothing is possible is left out. The other limits hold.
    """
    whole = _solved(candidates, bounds.without(Limit.BUDGET), shared)
    if whole is None:
        return ()
    highest = max(whole.once, bounds.budget or 0.0)
    found = []
    for budget in sorted({*np.linspace(0.0, highest, steps).tolist(), bounds.budget or 0.0}):
        best = _solved(candidates, replace(bounds, budget=budget), shared)
        if best is not None:
            found.append(BudgetStep(budget, best.npv, best.chosen))
    return tuple(found)


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


def portfolio_check(candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost]) -> None:
    """Raise InvalidPortfolio for what cannot be: names nobody has, negative or infinite amounts, too many tasks."""
    if len(candidates) > MOST_TASKS:
        raise InvalidPortfolio(
            "tasks", f"A portfolio is chosen from at most {MOST_TASKS} tasks, not {len(candidates)}."
        )
    keys = {candidate.key for candidate in candidates}
    if len(keys) < len(candidates):
        raise InvalidPortfolio("tasks", "A task stands in the list twice.")
    named = [("must", bounds.must), ("must_not", bounds.must_not)]
    named += [("exclusions", group) for group in bounds.exclusions] + [("needs", one.needs) for one in candidates]
    named += [("shared", cost.tasks) for cost in shared]
    for field, names in named:
        if unknown := sorted(names - keys):
            raise InvalidPortfolio(field, f"“{unknown[0]}” is none of the tasks to choose from.")
    _check_amounts(candidates, bounds, shared)


def _check_amounts(candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost]) -> None:
    amounts = [("once", one.once) for one in candidates] + [("person_days", one.person_days) for one in candidates]
    amounts += [("shared", cost.amount) for cost in shared]
    amounts += [(name, limit) for name in ("budget", "person_days") if (limit := getattr(bounds, name)) is not None]
    for field, amount in amounts:
        if not np.isfinite(amount) or amount < 0:
            raise InvalidPortfolio(field, f"{amount:g} is not zero or more.")
    if not all(np.isfinite(one.npv) for one in candidates):
        raise InvalidPortfolio("npv", "A task has no finite net present value.")


def _solved(candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost]) -> Portfolio | None:
    """The optimum, None where nothing satisfies the limits."""
    if not candidates:
        return Portfolio((), 0.0, 0.0, 0.0, ())
    program = _Program(candidates, shared)
    answer = scipy.optimize.milp(
        -program.worth,
        integrality=np.ones(len(program.worth), dtype=np.int64),
        bounds=program.choices(bounds),
        constraints=program.constraints(bounds),
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return None
    return program.portfolio(np.asarray(answer.x))


class _Program:
    """The integer program: one column a task, then one a shared cost."""

    def __init__(self, candidates: Sequence[Candidate], shared: Sequence[SharedCost]) -> None:
        self.candidates, self.shared = candidates, shared
        self.column = {candidate.key: at for at, candidate in enumerate(candidates)}
        amounts = [cost.amount for cost in shared]
        self.worth = np.array([*(one.npv for one in candidates), *(-amount for amount in amounts)])
        self.once = np.array([*(one.once for one in candidates), *amounts])
        self.days = np.array([*(one.person_days for one in candidates), *(0.0 for _ in shared)])

    def choices(self, bounds: Bounds) -> "scipy.optimize.Bounds":
        low, high = np.zeros(len(self.worth)), np.ones(len(self.worth))
        low[[self.column[key] for key in bounds.must]] = 1.0
        high[[self.column[key] for key in bounds.must_not]] = 0.0
        return scipy.optimize.Bounds(low, high)

    def constraints(self, bounds: Bounds) -> "scipy.optimize.LinearConstraint":
        rows: list[tuple[Mapping[int, float], float]] = [(dict(enumerate(self.once)), _open(bounds.budget))]
        rows.append((dict(enumerate(self.days)), _open(bounds.person_days)))
        rows += [({self.column[key]: 1.0 for key in group}, 1.0) for group in bounds.exclusions]
        for at, candidate in enumerate(self.candidates):
            rows += [({at: 1.0, self.column[key]: -1.0}, 0.0) for key in candidate.needs if key != candidate.key]
        for place, cost in enumerate(self.shared, start=len(self.candidates)):
            rows += [({self.column[key]: 1.0, place: -1.0}, 0.0) for key in cost.tasks]
        places = [(row, column, value) for row, (line, _) in enumerate(rows) for column, value in line.items()]
        row, column, value = zip(*places, strict=True)
        matrix = scipy.sparse.csr_matrix((value, (row, column)), shape=(len(rows), len(self.worth)))
        return scipy.optimize.LinearConstraint(matrix, -np.inf, np.array([limit for _, limit in rows]))

    def portfolio(self, answer: Array) -> Portfolio:
        taken = [at for at in range(len(self.candidates)) if answer[at] > _ENOUGH]
        keys = {self.candidates[at].key for at in taken}
        paid = [at for at, cost in enumerate(self.shared, len(self.candidates)) if cost.tasks & keys]
        return Portfolio(
            tuple(self.candidates[at].key for at in taken),
            npv=float(self.worth[taken + paid].sum()),
            once=float(self.once[taken + paid].sum()),
            person_days=float(self.days[taken].sum()),
            shared=tuple(self.shared[at - len(self.candidates)].key for at in paid),
        )


def _open(limit: float | None) -> float:
    return np.inf if limit is None else limit + _SLACK * max(1.0, limit) * 1e-3


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


def _reasons(candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost]) -> tuple[Limit, ...]:
    limits = _set(candidates, bounds)
    alone = tuple(limit for limit in limits if _solved(*_relaxed(candidates, bounds, limit), shared) is not None)
    return alone or limits


def _tolerance(amount: float) -> float:
    return 1e-7 * max(1.0, abs(amount))
