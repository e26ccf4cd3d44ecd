"""Which tasks to build together: what is chosen from, within which limits, and what a choice comes to.

A shared cost (one labelled data set, one integration) is paid once, as soon as one of its tasks is chosen.
The choice itself is made in `portfolio_choice`, by the integer program of `portfolio_program`.

Money is in the workspace's currency, all of it the expected value; one-off costs are those paid at the start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

MOST_TASKS = 1_000


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


class OutOfTime(ValueError):
    """The search was stopped before there was an answer."""


@dataclass(frozen=True)
class Portfolio:
    """The best choice: keys in the order given, and what it comes to. `npv` has the shared costs taken off.

    `short` is what any other choice may at most be worth more: zero where this one is proven best.
    """

    chosen: tuple[str, ...]
    npv: float
    once: float
    person_days: float
    shared: tuple[str, ...]
    short: float = 0.0


@dataclass(frozen=True)
class Demand:
    """One limit that was set: the task that must or must not be in it, a task and one it needs, a group, or none for
    budget and person-days.

    In a contradiction, `helps` says whether a choice is possible once this one is given up; `enough` is the least
    budget or person-days with which the others could be kept, None for the other limits.
    """

    limit: Limit
    tasks: tuple[str, ...] = ()
    helps: bool = False
    enough: float | None = None


@dataclass(frozen=True)
class NoPortfolio:
    """No choice satisfies the limits: those of `conflict` contradict each other, and none of them is idle in it."""

    conflict: tuple[Demand, ...]

    @property
    def because(self) -> tuple[Limit, ...]:
        """The kinds of limits that contradict each other."""
        return tuple(limit for limit in Limit if any(demand.limit is limit for demand in self.conflict))


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
