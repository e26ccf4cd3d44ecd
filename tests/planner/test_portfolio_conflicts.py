"""Limits that no choice keeps to: those named contradict each other, none is idle, and what is said to help does."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.domain.valuation.portfolio import Bounds, Candidate, Demand, Limit, SharedCost
from planner.domain.valuation.portfolio_conflict import conflict_of, demands_of
from tests.planner.every_portfolio import Problem, problems, spent, worths_of


@st.composite
def impossible(draw: st.DrawFn) -> Problem:
    candidates, bounds, shared = draw(problems(most=7))
    keys = [one.key for one in candidates]
    must = draw(st.frozensets(st.sampled_from(keys), min_size=1, max_size=4))
    problem = candidates, replace(bounds, must=must, budget=draw(st.none() | st.integers(0, 150).map(float))), shared
    assume(np.isneginf(worths_of(problem)).all())
    return problem


def only(problem: Problem, demands: list[Demand]) -> Problem:
    """The problem with these limits alone."""
    candidates, bounds, shared = problem
    kept = {(demand.limit, demand.tasks) for demand in demands}
    needs = [
        replace(one, needs=frozenset(n for n in one.needs if (Limit.PREREQUISITES, (one.key, n)) in kept))
        for one in candidates
    ]
    return (
        needs,
        Bounds(
            bounds.budget if (Limit.BUDGET, ()) in kept else None,
            bounds.person_days if (Limit.PERSON_DAYS, ()) in kept else None,
            tuple(group for group in bounds.exclusions if (Limit.EXCLUSIONS, tuple(sorted(group))) in kept),
            frozenset(key for key in bounds.must if (Limit.MUST, (key,)) in kept),
            frozenset(key for key in bounds.must_not if (Limit.MUST_NOT, (key,)) in kept),
        ),
        shared,
    )


def is_possible(problem: Problem) -> bool:
    return bool(np.isfinite(worths_of(problem)).any())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(impossible())
def test_the_limits_named_contradict_each_other_and_none_is_idle(problem: Problem) -> None:
    candidates, bounds, shared = problem
    found, every = list(conflict_of(candidates, bounds, shared)), demands_of(candidates, bounds)
    assert not is_possible(only(problem, found))
    for demand in found:
        others = [one for one in found if one is not demand]
        assert is_possible(only(problem, others))
        rest = [one for one in every if (one.limit, one.tasks) != (demand.limit, demand.tasks)]
        assert demand.helps == is_possible(only(problem, rest))
        if demand.tasks:
            assert demand.enough is None
            continue
        # What is said to be enough is the least of every set that keeps to the others.
        free = only(problem, rest if demand.helps else others)
        of_each = spent(free)[1 if demand.limit is Limit.BUDGET else 2]
        assert demand.enough == of_each[np.isfinite(worths_of(free))].min()


def test_a_contradiction_that_no_money_resolves_is_named_before_one_that_it_does() -> None:
    tasks = [Candidate("a", 1.0, 50.0), Candidate("b", 1.0, 5.0)]
    bounds = Bounds(budget=10.0, must=frozenset("ab"), exclusions=(frozenset("ab"),))
    assert [demand.limit for demand in conflict_of(tasks, bounds)] == [Limit.EXCLUSIONS, Limit.MUST, Limit.MUST]


def test_by_hand() -> None:
    """a must be in it and needs b: 50 and 20 with 15 of labels once, of a budget of 60."""
    tasks = [Candidate("a", 1.0, 50.0, 3.0, frozenset("b")), Candidate("b", 1.0, 20.0, 4.0), Candidate("c", 9.0, 1.0)]
    labels = [SharedCost("labels", 15.0, frozenset("ab"))]
    assert conflict_of(tasks, Bounds(budget=60.0, person_days=50.0, must=frozenset("a")), labels) == (
        Demand(Limit.BUDGET, (), helps=True, enough=85.0),
        Demand(Limit.MUST, ("a",), helps=True),
    )
    assert conflict_of(tasks, Bounds(budget=70.0, person_days=5.0, must=frozenset("a")), labels[:0]) == (
        Demand(Limit.PERSON_DAYS, (), helps=True, enough=7.0),
        Demand(Limit.PREREQUISITES, ("a", "b"), helps=True),
        Demand(Limit.MUST, ("a",), helps=True),
    )


def test_where_a_choice_is_possible_nothing_contradicts() -> None:
    assert conflict_of([Candidate("a", 1.0, 50.0)], Bounds(budget=10.0)) == ()
