"""At its break-even an input makes the task worth nothing; where there is none, or an impossible one, it is said."""

import pytest
from hypothesis import HealthCheck, given, settings

from planner.domain.valuation.alike import RATE
from planner.domain.valuation.assumptions import Case, Setting
from planner.domain.valuation.break_even import BreakEven, Found, break_evens
from planner.domain.valuation.cashflow import present_value
from planner.domain.valuation.closed_form import expected
from planner.domain.valuation.distributions import Constant, Distribution, Normal, Uniform
from planner.domain.valuation.shared_costs import SharedLine
from planner.domain.valuation.valuation import value_case
from tests.planner.cases import cases


def found_of(case: Case) -> dict[str, BreakEven]:
    return {each.key: each for each in break_evens(case)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_with_the_break_even_put_in_the_mean_value_is_nothing(case: Case) -> None:
    exact = expected(case)
    size = abs(float(exact.pv_benefits)) + abs(float(exact.pv_costs))
    for each in break_evens(case):
        for amount in each.values:
            if each.key == RATE:
                npv = present_value([float(flow) for flow in exact.flows()], amount) if amount > -0.5 else 0.0
            else:
                npv = float(value_case(case, {**case.means, each.key: amount}, exact.annuities).npv)
                size = max(size, abs(amount / (case.means[each.key] or 1.0)) * size)
            assert abs(npv) <= 1e-6 * (1 + size), each


def test_an_input_that_changes_nothing_has_none() -> None:
    case = Case.of(Setting(1), {"labels": Constant(0.0), "label_cost": Uniform(2, 4), "margin": Constant(50.0)})
    assert found_of(case)["label_cost"].found is Found.NONE
    assert found_of(case)["margin"].only == 0.0


def test_one_beyond_its_bounds_is_said_to_be_beyond() -> None:
    case = Case.of(Setting(1), {"margin": Constant(50.0), "production": Constant(0.8), "discovery": Constant(90.0)})
    chance = found_of(case)["production"]
    assert (chance.found, chance.values, chance.only) == (Found.OUTSIDE, (pytest.approx(1.8),), None)


def test_of_the_discount_rate_it_is_the_internal_rate_of_return() -> None:
    flat: dict[str, Distribution] = {
        "margin": Normal.interval(100, 140),
        "discovery": Constant(100.0),
        RATE: Constant(0.08),
    }
    assert found_of(Case.of(Setting(1), flat))[RATE].only == pytest.approx(0.2)
    hopeless = Case.of(Setting(1), {**flat, "margin": Constant(0.0)})
    assert found_of(hopeless)[RATE].found is Found.NONE


def test_a_shared_cost_has_one_too() -> None:
    line = SharedLine("labels", "One data set", Uniform(100, 200), frozenset("ab"))
    case = Case.of(Setting(1), {"margin": Constant(700.0)}, [line])
    assert found_of(case)["shared/labels"].only == pytest.approx(700.0)
