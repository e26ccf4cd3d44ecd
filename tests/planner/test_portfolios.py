"""The best portfolio is the best: it equals trying every set, pays shared costs once, and says what holds it back."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from planner.domain.valuation.portfolio import (
    Bounds,
    Candidate,
    InvalidPortfolio,
    Limit,
    NoPortfolio,
    Portfolio,
    SharedCost,
)
from planner.domain.valuation.portfolio_choice import chance_of_loss, portfolio_bindings, portfolio_choose
from planner.domain.valuation.portfolio_quarters import quarters_planned
from tests.planner.every_portfolio import KEYS, Problem, money_problems, problems, without, worths_of


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems() | money_problems())
def test_no_set_is_worth_more(problem: Problem) -> None:
    candidates, bounds, shared = problem
    worths, found = worths_of(problem), portfolio_choose(candidates, bounds, shared)
    if np.isneginf(worths).all():
        assert isinstance(found, NoPortfolio)
        assert found.because
    else:
        assert isinstance(found, Portfolio)
        assert found.npv == pytest.approx(worths.max(), rel=1e-12, abs=1e-6)
        place = sum(1 << at for at, one in enumerate(candidates) if one.key in found.chosen)
        assert worths[place] == pytest.approx(found.npv, rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("limit", list(Limit))
@pytest.mark.parametrize("possible", [True, False])
def test_the_problems_tried_are_narrowed_by_every_kind_of_limit(limit: Limit, possible: bool) -> None:
    """Among them are some that are worth less for this limit, and some that are impossible for it."""

    def narrowed(problem: Problem) -> bool:
        held, free = worths_of(problem).max(), worths_of(without(problem, limit)).max()
        return bool(np.isfinite(held) == possible and free > held)

    trying = settings(max_examples=20_000, deadline=None, database=None, phases=[Phase.generate])
    assert find(problems(), narrowed, settings=trying)


def test_the_problems_tried_are_narrowed_by_shared_costs_too() -> None:
    trying = settings(max_examples=20_000, deadline=None, database=None, phases=[Phase.generate])

    def paid_once(problem: Problem) -> bool:
        found = portfolio_choose(*problem)
        return isinstance(found, Portfolio) and any(
            len(cost.tasks & set(found.chosen)) > 1 and cost.amount for cost in problem[2] if cost.key in found.shared
        )

    assert find(problems(), paid_once, settings=trying)


@settings(max_examples=30, deadline=None)
@given(problems(most=8))
def test_a_limit_binds_where_dropping_it_would_be_worth_more(
    problem: Problem,
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
    assert isinstance(both, NoPortfolio)
    assert both.because == (Limit.MUST, Limit.MUST_NOT)
    dear = portfolio_choose(tasks, Bounds(budget=10.0, person_days=5.0, must=frozenset("a")))
    assert isinstance(dear, NoPortfolio)
    assert dear.because == (Limit.BUDGET, Limit.MUST)


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
