"""A task that is left out of the best portfolio has a reason that holds."""

from dataclasses import replace

from hypothesis import given, settings

from planner.domain.valuation.portfolio import Bounds, Candidate, NoPortfolio, SharedCost
from planner.domain.valuation.portfolio_choice import portfolio_choose
from planner.domain.valuation.portfolio_reasons import LeftOut, Why, left_out
from tests.planner.every_portfolio import Problem, problems


@settings(max_examples=60, deadline=None)
@given(problems(most=8))
def test_every_reason_holds(problem: Problem) -> None:
    candidates, bounds, shared = problem
    best = portfolio_choose(candidates, bounds, shared)
    if isinstance(best, NoPortfolio):
        return
    found = left_out(candidates, bounds, shared, best)
    assert {one.key for one in found} | set(best.chosen) == {one.key for one in candidates}
    for one in found:
        together = replace(bounds, must=frozenset(best.chosen) | {one.key})
        forced = portfolio_choose(candidates, together, shared)
        if one.why in (Why.LOSES, Why.OTHERS):
            # It could be added, and adds what is said, which is nothing that would pay.
            assert one.added <= 1e-6
        if one.why is Why.LOSES and not isinstance(forced, NoPortfolio) and len(forced.chosen) == len(best.chosen) + 1:
            assert abs(forced.npv - best.npv - one.added) < 1e-6
        if one.why in (Why.BUDGET, Why.PERSON_DAYS, Why.EXCLUDED):
            assert isinstance(forced, NoPortfolio)


def test_a_shared_cost_not_paid_yet_counts_against_a_task() -> None:
    tasks = [Candidate("a", 10.0), Candidate("b", 5.0)]
    shared = [SharedCost("labels", 8.0, frozenset("b"))]
    best = portfolio_choose(tasks, Bounds(), shared)
    assert not isinstance(best, NoPortfolio)
    assert left_out(tasks, Bounds(), shared, best) == (LeftOut("b", Why.LOSES, -3.0),)
