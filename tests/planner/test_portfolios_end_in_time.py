"""A choice that cannot be proven in time is shown with what another may at most be worth more, or refused in words."""

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from jobs.domain.states import StageState
from jobs.services import run_drain
from planner.domain.valuation.portfolio import Bounds, Candidate, OutOfTime, Portfolio, SharedCost
from planner.domain.valuation.portfolio_budget import budget_curve
from planner.domain.valuation.portfolio_choice import portfolio_bindings, portfolio_choose
from planner.domain.valuation.portfolio_conflict import conflict_of
from planner.domain.valuation.portfolio_program import Program
from planner.models import Estimate, PortfolioPlan, Task
from planner.services import portfolio_choose_start
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process

MANY = 80
MOMENT = 0.25


def hard() -> tuple[list[Candidate], Bounds]:
    """Two limits that take about half of everything, and worths that follow both: hours of branches."""
    costs, days = np.random.default_rng(3).integers(10_000, 100_000, (2, MANY)).astype(float)
    both = zip(costs, days, strict=True)
    tasks = [Candidate(f"t{at}", (cost + day) / 2, cost, day) for at, (cost, day) in enumerate(both)]
    return tasks, Bounds(budget=float(costs.sum() / 2), person_days=float(days.sum() / 2))


def test_the_best_found_keeps_to_the_limits_and_says_what_it_may_fall_short() -> None:
    tasks, bounds = hard()
    found = portfolio_choose(tasks, bounds, seconds=MOMENT)
    assert isinstance(found, Portfolio)
    assert found.short > 0
    assert bounds.budget is not None
    assert bounds.person_days is not None
    assert found.once <= bounds.budget
    assert found.person_days <= bounds.person_days
    longer = portfolio_choose(tasks, bounds, seconds=1.0)
    assert isinstance(longer, Portfolio)
    assert longer.npv <= (found.npv + found.short) * (1 + 1e-9)
    assert found.npv <= (longer.npv + longer.short) * (1 + 1e-9)


def test_what_is_proven_falls_short_of_nothing() -> None:
    tasks = [Candidate("a", 50.0, 60.0), Candidate("b", 40.0, 50.0), Candidate("c", 30.0, 40.0)]
    for seconds in (None, 60.0):
        found = portfolio_choose(tasks, Bounds(budget=100.0), seconds=seconds)
        assert isinstance(found, Portfolio)
        assert (found.chosen, found.short) == (("a", "c"), 0.0)


def test_where_nothing_is_found_in_time_there_is_no_answer() -> None:
    tasks, bounds = hard()
    exact = SharedCost("all", 1.0, frozenset(task.key for task in tasks))
    with pytest.raises(OutOfTime):
        Program(tasks, bounds, [exact], seconds=MOMENT).best(bounds.budget)
    with pytest.raises(OutOfTime):
        portfolio_choose(tasks, bounds, seconds=0.0)


def test_questions_beside_it_stop_and_what_they_proved_stays() -> None:
    tasks, bounds = hard()
    curve = budget_curve(tasks, bounds, seconds=MOMENT)
    assert (curve.stopped, curve.whole, curve.next) == (True, False, None)
    best = portfolio_choose(tasks, bounds, seconds=MOMENT)
    assert isinstance(best, Portfolio)
    with pytest.raises(OutOfTime):
        portfolio_bindings(tasks, Bounds(bounds.budget, bounds.person_days), (), best, seconds=0.0)
    with pytest.raises(OutOfTime):
        conflict_of(tasks, bounds, seconds=0.0)


@pytest.fixture
def plan(cast: Cast) -> PortfolioPlan:
    process = claims_process(cast.workspace, {f"Task {number}": (1_000.0, 5.0) for number in range(MANY)})
    tasks, bounds = hard()
    for task, one in zip(Task.objects.filter(process=process).order_by("position"), tasks, strict=True):
        # Of each everything but these is nothing: what it costs once, how long it takes, what it brings in a year.
        set_here = {"person_days": one.person_days, "discovery": one.once, "margin": 2 * (one.npv + one.once)}
        plain = {"day_rate": 0, "integration": 0, "change_management": 0, "horizon": 1, "production": 1, "adoption": 1}
        said = {key: {"text": f"{amount:.9g}"} for key, amount in {**set_here, **plain}.items()}
        Estimate.objects.create(workspace=cast.workspace, task=task, assumptions=said, version=1)
    days = bounds.person_days
    plan: PortfolioPlan = PortfolioPlan.objects.create(
        workspace=cast.workspace, name="Next year", budget=bounds.budget, days_a_quarter=days, quarters=1
    )
    return plan


@pytest.mark.django_db
def test_the_page_says_that_it_is_not_proven_best(cast: Cast, plan: PortfolioPlan, settings: Settings) -> None:
    settings.PORTFOLIO_SECONDS = 2 * MOMENT
    result = choose(plan).result
    assert result["short"] > 0
    assert result["chosen"]
    text = cast.browser(cast.viewer).get(f"/w/acme/portfolios/{plan.pk}/").content.decode()
    assert "Not proven best, since the search was stopped: another choice may be worth at most" in text
    assert "No other choice within the limits is worth more" not in text
    assert "It could not be told in time what each limit costs." in text
    assert "No limit holds it back" not in text
    assert "More budget would bring nothing" not in text


@pytest.mark.django_db(transaction=True)
def test_a_job_that_finds_nothing_in_time_says_so(cast: Cast, plan: PortfolioPlan, settings: Settings) -> None:
    settings.PORTFOLIO_SECONDS = 0.0
    run = portfolio_choose_start(access=cast.access(cast.editor), plan=plan)
    assert run is not None
    run_drain(run_ids=[run.pk])
    stage = run.stages.get()
    assert stage.state == StageState.FAILED
    assert "No choice was found in 0 seconds. Set fewer limits" in stage.reason
    assert stage.errors <= 1, "trying again would find nothing either"
