"""The chance that a portfolio loses money is that of the joint draws: what a person finds by hand, within its error."""

from math import sqrt

import numpy as np
import pytest
from scipy.special import ndtr

from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.distributions import Constant, Distribution, Normal, Uniform
from planner.domain.valuation.portfolio import Bounds, Portfolio
from planner.domain.valuation.portfolio_candidates import Choices, choices_of
from planner.domain.valuation.portfolio_choice import portfolio_choose, share_error
from planner.domain.valuation.shared_costs import SharedLine
from planner.domain.valuation.simulation import simulate
from planner.selectors.value_outcome import common_numbers, simulated
from planner.selectors.value_tasks import valued_task
from planner.services import PortfolioEntry, SharedCostEntry, estimate_update, portfolio_create, shared_cost_create
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process, task_of


def one_year(amounts: dict[str, Distribution], lines: tuple[SharedLine, ...] = ()) -> Case:
    """Flows of one year that are not discounted, so that all can be added up by hand."""
    return Case.of(Setting(1), {"discount_rate": Constant(0.0), **amounts}, lines)


def together(cases: dict[str, Case]) -> tuple[Choices, Portfolio, float]:
    """All of them chosen, and the chance that they lose money."""
    choices = choices_of({key: simulate(case, common_numbers().of(f"task {key}")) for key, case in cases.items()})
    best = portfolio_choose(choices.candidates, Bounds(must=frozenset(cases)), choices.shared)
    assert isinstance(best, Portfolio)
    return choices, best, choices.chance_of_loss(best)


def near(by_hand: float) -> object:
    return pytest.approx(by_hand, abs=3 * share_error(by_hand, common_numbers().draws))


def test_of_independent_normal_tasks() -> None:
    """100 ± 60 less 80 and 50 ± 80 less 40: the sum is normal, 30 ± 100, so it loses with Φ(−0.3)."""
    cases = {
        "1": one_year({"margin": Normal(100.0, 60.0), "discovery": Constant(80.0)}),
        "2": one_year({"margin": Normal(50.0, 80.0), "discovery": Constant(40.0)}),
    }
    _, best, loss = together(cases)
    assert best.npv == pytest.approx(30.0)
    assert loss == near(float(ndtr(-0.3)))


def test_of_tasks_that_may_not_reach_production() -> None:
    """Each brings 100 for 40 when it works, in 80 and in 50 of 100: only where neither does both are lost, 0.2 · 0.5.

    Where one works, 100 − 80 is left.
    """
    cases = {
        key: one_year({"margin": Constant(100.0), "discovery": Constant(40.0), "production": Constant(chance)})
        for key, chance in (("1", 0.8), ("2", 0.5))
    }
    assert together(cases)[2] == near(0.2 * 0.5)


def test_of_tasks_that_rest_on_the_same_wage() -> None:
    """Both bring hours · wage, so they lose together: 30 hours at 20 to 40 less 800 are below zero in 1 of 3."""
    wage: dict[str, Distribution] = {"wage": Uniform(20.0, 40.0), "recapture": Constant(1.0)}
    hours = {key: INPUTS[key].read(text) for key, text in {"minutes_before": "60", "coverage": "100 %"}.items()}
    cases = {
        "1": one_year({**wage, **hours, "volume": Constant(10.0), "discovery": Constant(200.0)}),
        "2": one_year({**wage, **hours, "volume": Constant(20.0), "discovery": Constant(600.0)}),
    }
    assert [round(float(simulate(case, common_numbers().of("x")).expected.npv), 6) for case in cases.values()] == [
        100,
        0,
    ]
    assert together(cases)[2] == near((800 / 30 - 20) / 20)


def test_of_a_shared_cost_that_is_paid_once_in_each_draw() -> None:
    """Two tasks bring 50 each and share 60 to 140: above 100 in half of all draws, paid twice in nearly all."""
    line = SharedLine("labels", "Labels", Uniform(60.0, 140.0), frozenset("12"))
    choices, best, loss = together({key: one_year({"margin": Constant(50.0)}, (line,)) for key in "12"})
    assert best.shared == ("labels",)
    assert loss == near(0.5)
    by_hand = [100.0 - paid < 0 for paid in choices.shared_draws["labels"]]
    assert loss == sum(by_hand) / len(by_hand)


@pytest.mark.django_db
def test_the_page_shows_the_share_of_the_joint_draws_with_its_error(cast: Cast) -> None:
    process, access = claims_process(cast.workspace), cast.access(cast.editor)
    tasks = [task_of(process, name) for name in ("Triage", "Request documents")]
    for task in tasks:
        doubtful = {"integration": {"text": "uniform(0, 400 k)"}, "production": {"text": "70 %"}}
        estimate_update(access=access, task=task, changes=doubtful, version=0)
    shared_cost_create(access=access, entry=SharedCostEntry("Labels", "10 k to 90 k", [task.pk for task in tasks]))
    plan = choose(portfolio_create(access=access, entry=PortfolioEntry("All", must=[task.pk for task in tasks])))
    sums, paid = np.zeros(common_numbers().draws), np.zeros(common_numbers().draws)
    for task in tasks:
        found = valued_task(task)
        assert found.case is not None
        simulation = simulated(found.case, found.identity)
        (line,) = found.case.shared
        paid = np.asarray(simulation.inputs[line.name])
        sums = sums + simulation.npv + paid
    lost = [float(worth) < 0 for worth in sums - paid]
    share = sum(lost) / len(lost)
    assert 0 < share < 1
    assert plan.result["loss"] == share
    assert plan.result["loss_error"] == pytest.approx(sqrt(share * (1 - share) / (len(lost) - 1)))
    text = cast.browser(cast.viewer).get(f"/w/acme/portfolios/{plan.pk}/").content.decode()
    error = f"{100 * plan.result['loss_error']:.2g}"
    assert f"± {error} in 100, standard error of 2\u202f048 draws" in text
