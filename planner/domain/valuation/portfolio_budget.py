"""The worth of the best choice against the budget: its exact steps, and the next one above the budget in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from planner.domain.valuation.portfolio import Bounds, Candidate, OutOfTime, Portfolio, SharedCost
from planner.domain.valuation.portfolio_program import Program

MOST_STEPS = 32
CENT = 0.01
"""Two budgets, or two worths, are told apart from so much on, and from a ten-millionth of them."""


@dataclass(frozen=True)
class BudgetStep:
    """From this budget on, not below it, a choice is worth this much; the tasks that are chosen there."""

    budget: float
    npv: float
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class BudgetCurve:
    """Steps by rising budget, each exact. Where it is `whole` these are all; else there may be others between them.

    `next` is the first step above the budget in force; None where no budget would bring more, or there is none. Where
    the search was `stopped` by the clock, it is not known, and steps are missing.
    """

    steps: tuple[BudgetStep, ...] = ()
    whole: bool = True
    next: BudgetStep | None = None
    stopped: bool = False


def budget_curve(
    candidates: Sequence[Candidate],
    bounds: Bounds,
    shared: Sequence[SharedCost] = (),
    *,
    most: int = MOST_STEPS,
    told: Callable[[float], None] = lambda share: None,
    seconds: float | None = None,
) -> BudgetCurve:
    """The steps from the least budget with which anything is possible to the one above which nothing is gained; the
    other limits hold. Widest gaps are looked into first, until there are none, `most` steps are found, or a single
    question takes longer than `seconds`.

    >>> tasks = [Candidate("a", 50.0, 60.0), Candidate("b", 40.0, 50.0), Candidate("c", 30.0, 40.0)]
    >>> curve = budget_curve(tasks, Bounds(budget=70.0))
    >>> [(step.budget, step.npv) for step in curve.steps]
    [(0.0, 0.0), (40.0, 30.0), (50.0, 40.0), (60.0, 50.0), (90.0, 70.0), (100.0, 80.0), (110.0, 90.0), (150.0, 120.0)]
    >>> curve.whole, curve.next.budget
    (True, 90.0)
    """
    program, found = Program(candidates, bounds, shared, seconds), dict[float, BudgetStep]()
    try:
        after = _ends(program, bounds.budget, found)
        complete = _filled(program, found, most, told)
    except OutOfTime:
        return BudgetCurve(_rising(found), whole=False, stopped=True)
    return BudgetCurve(_rising(found), complete, after)


def _rising(found: Mapping[float, BudgetStep]) -> tuple[BudgetStep, ...]:
    return tuple(found[budget] for budget in sorted(found))


def _ends(program: Program, budget: float | None, found: dict[float, BudgetStep]) -> BudgetStep | None:
    """Find the first and the last step, that of the budget in force and the one after it, which is given back."""
    least, whole = program.cheapest(), program.best()
    if least is None or whole is None:
        return None
    for step in (_step(program, least.once), _reached(program, whole)):
        found[step.budget] = step
    if budget is None or budget < least.once:
        return None
    here = _step(program, budget)
    found[here.budget] = here
    after = _next(program, here)
    if after is not None:
        found[after.budget] = after
    return after


def _filled(program: Program, found: dict[float, BudgetStep], most: int, told: Callable[[float], None]) -> bool:
    """Add steps between those found; whether there are no more."""
    budgets = sorted(found)
    gaps: list[tuple[float, float, float, bool]] = []
    """Width below zero; the budget up to which the lower step is known to hold; the upper step; look at its foot."""

    def open_gap(known: float, upper: float, foot: bool) -> None:
        if _under(upper) > known:
            heappush(gaps, (known - upper, known, upper, foot))

    for lower, upper in pairwise(budgets):
        open_gap(lower, upper, foot=False)
    while gaps and len(found) < most:
        told(len(found) / most)
        _, known, upper, foot = heappop(gaps)
        lower = max(budget for budget in found if budget <= known)
        probe = _under(upper) if foot else (known + _under(upper)) / 2
        step = _step(program, probe)
        if step.npv <= found[lower].npv + _least(found[lower].npv):
            if not foot:
                open_gap(probe, upper, foot=True)
            continue
        found[step.budget] = step
        open_gap(known, step.budget, foot=False)
        if not foot:
            open_gap(probe, upper, foot=False)
    return not gaps


def _step(program: Program, budget: float) -> BudgetStep:
    """The step a budget stands on. The budget must suffice for something."""
    best = program.best(budget)
    assert best is not None
    return _reached(program, best)


def _reached(program: Program, best: Portfolio) -> BudgetStep:
    """The least budget with which as much is reached."""
    cheapest = program.cheapest(best.npv) or best
    return BudgetStep(cheapest.once, best.npv, cheapest.chosen)


def _next(program: Program, here: BudgetStep) -> BudgetStep | None:
    """The step after this one: the least budget with which more is reached."""
    more = program.cheapest(here.npv + _least(here.npv))
    return None if more is None else _step(program, more.once)


def _least(amount: float) -> float:
    return max(CENT, 1e-7 * abs(amount))


def _under(budget: float) -> float:
    return budget - _least(budget)
