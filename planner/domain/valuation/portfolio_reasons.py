"""Why a task is not in the best portfolio: the first thing that speaks against adding it to what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.valuation.portfolio import Bounds, Candidate, Portfolio, SharedCost


class Why(StrEnum):
    """What speaks against a task, in the order asked."""

    MUST_NOT = "must not be in it"
    NEEDS = "needs another"
    EXCLUDED = "excluded by another"
    LOSES = "loses money"
    BUDGET = "budget"
    PERSON_DAYS = "person-days"
    OTHERS = "others bring more"


@dataclass(frozen=True)
class LeftOut:
    """A task that is not chosen. `added` is what it would add to what is chosen, in currency, shared costs that are
    not paid yet taken off; `missing` is what lacks of the limit (currency or person-days), 0 for the other reasons;
    `others` are the tasks it lacks or that stand against it.
    """

    key: str
    why: Why
    added: float
    missing: float = 0.0
    others: tuple[str, ...] = ()


def left_out(
    candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost], best: Portfolio
) -> tuple[LeftOut, ...]:
    """The reason of every candidate that is not in `best`, in the order given.

    >>> tasks = [Candidate("a", 50.0, 60.0), Candidate("b", 40.0, 50.0), Candidate("c", -1.0)]
    >>> best = Portfolio(("a",), 50.0, 60.0, 0.0, ())
    >>> [(one.key, one.why.value, one.missing) for one in left_out(tasks, Bounds(budget=100.0), (), best)]
    [('b', 'budget', 10.0), ('c', 'loses money', 0.0)]
    """
    chosen = frozenset(best.chosen)
    return tuple(_reason(one, bounds, shared, best, chosen) for one in candidates if one.key not in chosen)


def _reason(
    one: Candidate, bounds: Bounds, shared: Sequence[SharedCost], best: Portfolio, chosen: frozenset[str]
) -> LeftOut:
    unpaid = sum(cost.amount for cost in shared if one.key in cost.tasks and cost.key not in best.shared)
    added = one.npv - unpaid
    if one.key in bounds.must_not:
        return LeftOut(one.key, Why.MUST_NOT, added)
    if lacking := one.needs - chosen - {one.key}:
        return LeftOut(one.key, Why.NEEDS, added, others=tuple(sorted(lacking)))
    against = frozenset[str]().union(*(group & chosen for group in bounds.exclusions if one.key in group))
    if against:
        return LeftOut(one.key, Why.EXCLUDED, added, others=tuple(sorted(against)))
    if added <= 0:
        return LeftOut(one.key, Why.LOSES, added)
    for why, limit, wanted in (
        (Why.BUDGET, bounds.budget, best.once + one.once + unpaid),
        (Why.PERSON_DAYS, bounds.person_days, best.person_days + one.person_days),
    ):
        if limit is not None and wanted > limit:
            return LeftOut(one.key, why, added, missing=wanted - limit)
    return LeftOut(one.key, Why.OTHERS, added)
