"""The worth against the budget is exact: its steps, and what more budget would bring, are those of trying every set."""

import numpy as np
import pytest
from hypothesis import given, settings

from planner.domain.valuation.portfolio import Bounds, Candidate, Limit, SharedCost
from planner.domain.valuation.portfolio_budget import BudgetCurve, budget_curve
from tests.planner.every_portfolio import Problem, money_problems, problems, spent, without, worths_of


def steps_of(problem: Problem) -> list[tuple[float, float]]:
    """Least budget and worth of every step, by trying all sets."""
    free = without(problem, Limit.BUDGET)
    once, worths = spent(free)[1], worths_of(free)
    steps: list[tuple[float, float]] = []
    for place in np.lexsort((-worths, once)):
        if np.isfinite(worths[place]) and (not steps or worths[place] > steps[-1][1] + 0.005):
            steps.append((float(once[place]), float(worths[place])))
    return steps


def near(steps: list[tuple[float, float]]) -> list[object]:
    return [pytest.approx(step, abs=1e-6) for step in steps]


@settings(max_examples=40, deadline=None)
@given(problems(most=7) | money_problems(most=6))
def test_the_curve_has_every_step(problem: Problem) -> None:
    candidates, bounds, shared = problem
    curve, steps = budget_curve(candidates, bounds, shared, most=1_000), steps_of(problem)
    assert curve.whole
    assert [(step.budget, step.npv) for step in curve.steps] == near(steps)


@settings(max_examples=40, deadline=None)
@given(problems(most=10) | money_problems())
def test_more_budget_brings_what_the_next_step_is_worth(problem: Problem) -> None:
    candidates, bounds, shared = problem
    curve = budget_curve(candidates, bounds, shared, most=4)
    above = [step for step in steps_of(problem) if bounds.budget is not None and step[0] > bounds.budget + 1e-6]
    if bounds.budget is None or np.isneginf(worths_of(problem)).all() or not above:
        assert curve.next is None
    else:
        assert curve.next is not None
        assert (curve.next.budget, curve.next.npv) == near(above[:1])[0]
    assert all((step.budget, step.npv) in near(steps_of(problem)) for step in curve.steps)


def test_by_hand() -> None:
    """a and c cost 100 and bring 80; b in the place of c is the next that pays: 10 more of budget bring 10."""
    tasks = [Candidate("a", 50.0, 60.0), Candidate("b", 40.0, 50.0), Candidate("c", 30.0, 40.0)]
    curve = budget_curve(tasks, Bounds(budget=105.0))
    assert curve.next is not None
    assert (curve.next.budget, curve.next.npv, curve.next.chosen) == (110.0, 90.0, ("a", "b"))


def test_where_nothing_is_possible_with_any_budget_there_is_no_curve() -> None:
    both = Bounds(must=frozenset("a"), must_not=frozenset("a"))
    assert budget_curve([Candidate("a", 1.0)], both) == BudgetCurve()


def test_a_budget_that_is_too_small_for_what_must_be_begins_where_it_suffices() -> None:
    tasks, labels = [Candidate("a", 5.0, 50.0)], [SharedCost("s", 10.0, frozenset("a"))]
    curve = budget_curve(tasks, Bounds(budget=30.0, must=frozenset("a")), labels)
    assert [(step.budget, step.npv) for step in curve.steps] == [(60.0, -5.0)]
    assert curve.next is None
