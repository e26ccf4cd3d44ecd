"""The best portfolio is the best: it equals trying every set, pays shared costs once, and says what holds it back."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.valuation.portfolio import (
    Bounds,
    Candidate,
    InvalidPortfolio,
    Limit,
    NoPortfolio,
    Portfolio,
    SharedCost,
    chance_of_loss,
    portfolio_bindings,
    portfolio_choose,
    value_by_budget,
)
from planner.domain.valuation.portfolio_quarters import quarters_planned

KEYS = "abcdefghijklmn"
AMOUNT = st.integers(0, 100).map(float)


@st.composite
def problems(draw: st.DrawFn, least: int = 1, most: int = 14) -> tuple[list[Candidate], Bounds, list[SharedCost]]:
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
    limit = st.none() | st.integers(0, 400).map(float)
    groups = draw(st.lists(st.frozensets(st.sampled_from(keys), min_size=1, max_size=3), max_size=2))
    small = st.frozensets(st.sampled_from(keys), max_size=1)
    return candidates, Bounds(draw(limit), draw(limit), tuple(groups), draw(small), draw(small)), shared


def worth_of(
    chosen: frozenset[str], candidates: Sequence[Candidate], bounds: Bounds, shared: Sequence[SharedCost]
) -> float | None:
    """What a set comes to, None where a limit forbids it."""
    inside = [one for one in candidates if one.key in chosen]
    paid = sum(cost.amount for cost in shared if cost.tasks & chosen)
    forbidden = (
        not bounds.must <= chosen
        or bounds.must_not & chosen
        or any(len(group & chosen) > 1 for group in bounds.exclusions)
        or any(not one.needs <= chosen for one in inside)
        or (bounds.budget is not None and sum(one.once for one in inside) + paid > bounds.budget)
        or (bounds.person_days is not None and sum(one.person_days for one in inside) > bounds.person_days)
    )
    return None if forbidden else sum(one.npv for one in inside) - paid


def every_set(candidates: Sequence[Candidate]) -> list[frozenset[str]]:
    keys = [one.key for one in candidates]
    sizes = range(len(keys) + 1)
    return [frozenset(found) for size in sizes for found in itertools.combinations(keys, size)]


@settings(max_examples=60, deadline=None)
@given(problems(most=10))
def test_no_set_is_worth_more(problem: tuple[list[Candidate], Bounds, list[SharedCost]]) -> None:
    candidates, bounds, shared = problem
    worths = [worth_of(chosen, candidates, bounds, shared) for chosen in every_set(candidates)]
    possible = [worth for worth in worths if worth is not None]
    found = portfolio_choose(candidates, bounds, shared)
    if not possible:
        assert isinstance(found, NoPortfolio)
        assert found.because
    else:
        assert isinstance(found, Portfolio)
        assert found.npv == pytest.approx(max(possible))
        assert worth_of(frozenset(found.chosen), candidates, bounds, shared) == pytest.approx(found.npv)


@settings(max_examples=4, deadline=None)
@given(problems(least=13, most=14))
def test_nor_among_fourteen_tasks(problem: tuple[list[Candidate], Bounds, list[SharedCost]]) -> None:
    candidates, bounds, shared = problem
    worths = [worth_of(chosen, candidates, bounds, shared) for chosen in every_set(candidates)]
    possible = [worth for worth in worths if worth is not None]
    found = portfolio_choose(candidates, bounds, shared)
    assert isinstance(found, Portfolio) == bool(possible)
    if isinstance(found, Portfolio):
        assert found.npv == pytest.approx(max(possible))


@settings(max_examples=30, deadline=None)
@given(problems(most=8))
def test_a_limit_binds_where_dropping_it_would_be_worth_more(
    problem: tuple[list[Candidate], Bounds, list[SharedCost]],
) -> None:
    candidates, bounds, shared = problem
    best = portfolio_choose(candidates, bounds, shared)
    if isinstance(best, Portfolio):
        for binding in portfolio_bindings(candidates, bounds, shared, best):
            assert binding.worth > 0
            assert binding.added or binding.dropped
            if binding.limit is Limit.BUDGET:
                more = portfolio_choose(candidates, bounds.without(Limit.BUDGET), shared)
                assert isinstance(more, Portfolio)
                assert more.npv == pytest.approx(best.npv + binding.worth)


@settings(max_examples=20, deadline=None)
@given(problems(most=8))
def test_more_budget_is_never_worth_less(problem: tuple[list[Candidate], Bounds, list[SharedCost]]) -> None:
    candidates, bounds, shared = problem
    steps = value_by_budget(candidates, bounds, shared, steps=7)
    assert [step.budget for step in steps] == sorted(step.budget for step in steps)
    assert all(later.npv >= earlier.npv - 1e-6 for earlier, later in itertools.pairwise(steps))


def test_a_shared_cost_is_paid_once() -> None:
    tasks = [Candidate("a", 60.0, 10.0), Candidate("b", 60.0, 10.0)]
    best = portfolio_choose(tasks, Bounds(budget=120.0), [SharedCost("labels", 100.0, frozenset("ab"))])
    assert best == Portfolio(("a", "b"), npv=20.0, once=120.0, person_days=0.0, shared=("labels",))


def test_a_shared_cost_dearer_than_its_task_leaves_it_out() -> None:
    alone = portfolio_choose([Candidate("a", 60.0)], Bounds(), [SharedCost("labels", 100.0, frozenset("a"))])
    assert alone == Portfolio((), 0.0, 0.0, 0.0, ())


def test_what_is_impossible_says_which_limit_stands_in_the_way() -> None:
    tasks = [Candidate("a", 1.0, 50.0), Candidate("b", 1.0)]
    both = portfolio_choose(tasks, Bounds(must=frozenset("a"), must_not=frozenset("a")))
    assert both == NoPortfolio((Limit.MUST, Limit.MUST_NOT))
    dear = portfolio_choose(tasks, Bounds(budget=10.0, person_days=5.0, must=frozenset("a")))
    assert dear == NoPortfolio((Limit.BUDGET, Limit.MUST))


def test_nothing_to_choose_from_is_an_empty_portfolio() -> None:
    assert portfolio_choose([], Bounds(budget=10.0)) == Portfolio((), 0.0, 0.0, 0.0, ())


@pytest.mark.parametrize(
    ("candidates", "bounds", "shared", "field"),
    [
        ([Candidate("a", 1.0, -1.0)], Bounds(), [], "once"),
        ([Candidate("a", float("nan"))], Bounds(), [], "npv"),
        ([Candidate("a", 1.0, 1.0, float("inf"))], Bounds(), [], "person_days"),
        ([Candidate("a", 1.0)], Bounds(budget=-5.0), [], "budget"),
        ([Candidate("a", 1.0)], Bounds(must=frozenset("z")), [], "must"),
        ([Candidate("a", 1.0, needs=frozenset("z"))], Bounds(), [], "needs"),
        ([Candidate("a", 1.0)], Bounds(), [SharedCost("s", -1.0, frozenset("a"))], "shared"),
        ([Candidate("a", 1.0), Candidate("a", 2.0)], Bounds(), [], "tasks"),
    ],
)
def test_numbers_and_names_that_cannot_be_are_refused_with_their_field(
    candidates: list[Candidate], bounds: Bounds, shared: list[SharedCost], field: str
) -> None:
    with pytest.raises(InvalidPortfolio) as refused:
        portfolio_choose(candidates, bounds, shared)
    assert refused.value.field == field


def test_the_chance_of_a_loss_is_that_of_the_sum() -> None:
    draws = {"a": np.array([-10.0, 10.0, 5.0, 5.0]), "b": np.array([20.0, -20.0, 5.0, 5.0])}
    both = Portfolio(("a", "b"), 0.0, 0.0, 0.0, ("s",))
    assert chance_of_loss(draws, [], both) == 0.25
    assert chance_of_loss(draws, [np.array([11.0, 0.0, 11.0, 0.0])], both) == 0.75


@given(
    st.lists(st.floats(0, 200), min_size=1, max_size=8),
    st.floats(1, 100),
    st.randoms(use_true_random=False),
)
def test_every_day_of_work_falls_in_a_quarter_with_room_for_it(days, capacity, dice) -> None:
    candidates = [
        Candidate(KEYS[at], float(dice.randint(1, 9)), 0.0, amount, frozenset(KEYS[: dice.randint(0, at)]))
        for at, amount in enumerate(days)
    ]
    slots = quarters_planned(candidates, [one.key for one in candidates], capacity)
    used: dict[int, float] = {}
    for slot in slots:
        assert len(slot.days) == slot.last - slot.first + 1
        for quarter, amount in enumerate(slot.days, slot.first):
            used[quarter] = used.get(quarter, 0.0) + amount
    assert sum(used.values()) == pytest.approx(sum(days), abs=1e-6)
    assert all(amount <= capacity + 1e-6 for amount in used.values())
    place = {slot.key: at for at, slot in enumerate(slots)}
    assert all(place[need] < place[one.key] for one in candidates for need in one.needs)
