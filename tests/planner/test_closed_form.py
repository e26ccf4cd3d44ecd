"""What is drawn agrees with what can be worked out: means, straight lines, and the values of knowing."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.valuation.alike import RATE
from planner.domain.valuation.amounts import read_amount
from planner.domain.valuation.assumptions import Case, Setting
from planner.domain.valuation.closed_form import expected, straight_lines
from planner.domain.valuation.distributions import Bounded, Constant, Lognormal, Normal, Uniform
from planner.domain.valuation.simulation import simulate
from planner.domain.valuation.uncertainty import information_by_input, summarise
from planner.domain.valuation.valuation import value_case
from tests.planner.cases import COMMON, cases

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(cases())
def test_the_mean_of_the_draws_is_within_its_own_error_of_the_exact_one(case: Case) -> None:
    simulation = simulate(case, COMMON.of("a task"))
    summary = summarise(simulation)
    half_a_slice = abs(simulation.lines["production"].slope) / 4096 if "production" in case.by_key else 0.0
    rounding = half_a_slice + 1e-4 * float(simulation.npv.std()) + 1e-9 * (1 + abs(summary.mean))
    assert summary.drawn_mean == pytest.approx(summary.mean, abs=5 * summary.standard_error + rounding)


def test_the_error_it_claims_is_the_error_it_makes() -> None:
    case = Case.of(
        Setting(5),
        {"volume": Uniform(1000, 9000), "minutes_before": Uniform(2, 20), "wage": Uniform(20, 60),
         "recapture": Uniform(0.2, 1.0), "coverage": Constant(1.0), "discount_rate": Constant(0.08)},
    )  # fmt: skip
    found = [summarise(simulate(case, COMMON.of(f"task {number}"))) for number in range(200)]
    made = float(np.std([each.drawn_mean - each.mean for each in found]))
    claimed = float(np.mean([each.standard_error for each in found]))
    assert made == pytest.approx(claimed, rel=0.2)
    any_of_them = simulate(case, COMMON.of("any"))
    four_times_as_many = float(any_of_them.npv.std()) / (4 * any_of_them.draws) ** 0.5
    assert claimed < four_times_as_many, "plain draws would do as well"


@SLOW
@given(cases(), st.floats(-2.0, 3.0))
def test_the_mean_given_one_input_is_the_straight_line(case: Case, place: float) -> None:
    exact = expected(case)
    for name, line in straight_lines(case).items():
        x = place * (case.means[name] or 1.0)
        by_hand = value_case(case, {**case.means, name: x}, exact.annuities).npv
        assert float(line.at(np.array(x))) == pytest.approx(
            float(by_hand), rel=1e-9, abs=1e-6 * (1 + abs(x * line.slope))
        )


def test_with_an_uncertain_rate_the_mean_annuity_counts_not_the_annuity_of_the_mean() -> None:
    sure = Case.of(Setting(20), {"margin": Constant(100.0), RATE: Constant(0.11)})
    unsure = Case.of(Setting(20), {"margin": Constant(100.0), RATE: Uniform(0.02, 0.20)})
    rates = np.linspace(0.02, 0.20, 20_001)
    by_hand = np.trapezoid((100 * (1 - (1 + rates) ** -20) / rates), rates) / 0.18
    assert float(expected(unsure).npv) == pytest.approx(by_hand, rel=1e-6)
    assert float(expected(unsure).npv) > float(expected(sure).npv)


@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(-1, 0.4), st.floats(0.6, 2))
def test_the_mean_of_what_is_held_between_bounds(mean: float, spread: float, lower: float, upper: float) -> None:
    bounded = Bounded(Normal(mean, spread), lower, upper)
    p = (np.arange(200_000) + 0.5) / 200_000
    assert bounded.mean == pytest.approx(float(bounded.quantile(p).mean()), abs=1e-5)


def test_a_bound_that_is_never_reached_leaves_the_mean_exact() -> None:
    assert Bounded(Lognormal(1, 100), 0.0, None).mean == Lognormal(1, 100).mean
    assert read_amount("pert(10, 20, 60)", lower=0).mean == 25.0


@SLOW
@given(cases())
def test_knowing_one_input_is_worth_something_between_nothing_and_knowing_all(case: Case) -> None:
    simulation = simulate(case, COMMON.of("a task"))
    slack = 1e-9 * (1 + float(np.abs(simulation.npv).max()))
    for information in information_by_input(simulation):
        assert -slack <= information.worth <= simulation.information + slack


def test_knowing_whether_production_is_reached_is_worth_what_would_be_lost() -> None:
    case = Case.of(Setting(1), {"margin": Constant(100.0), "discovery": Constant(40.0), "production": Constant(0.75)})
    (only,) = information_by_input(simulate(case, COMMON.of("a task")))
    assert (only.key, only.worth) == ("production", pytest.approx(0.25 * 40.0))


def test_knowing_a_cost_is_worth_the_losses_it_would_spare() -> None:
    """A margin of 100 against a cost anywhere from 0 to 200: half of the time it is better not to build."""
    case = Case.of(Setting(1), {"margin": Constant(100.0), "discovery": Uniform(0, 200)})
    (only,) = information_by_input(simulate(case, COMMON.of("a task")))
    assert only.worth == pytest.approx(25.0, rel=1e-3)
