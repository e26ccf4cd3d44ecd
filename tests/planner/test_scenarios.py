"""Scenarios stand side by side: low never above the base, high never below it, one's own as it was set."""

import pytest
from hypothesis import HealthCheck, given, settings

from planner.domain.valuation.amounts import read_amount
from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.cashflow import present_value
from planner.domain.valuation.distributions import Constant, Normal, Uniform, quantile
from planner.domain.valuation.scenario_sum import scenario_sum
from planner.domain.valuation.scenarios import Scenario, own_scenario, scenarios_compared, usual_scenarios
from planner.domain.valuation.valuation import value_at_medians
from tests.planner.cases import cases

PLAIN: dict[str, str] = {"volume": "900 to 1100", "minutes_before": "8 to 12", "wage": "30 to 40", "recapture": "80 %"}
PLAIN |= {"coverage": "100 %", "person_days": "20 to 30", "day_rate": "500", "discount_rate": "8 %"}


def case(**changes: str) -> Case:
    return Case.of(Setting(5), {key: INPUTS[key].read(text) for key, text in (PLAIN | changes).items()})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_low_is_never_above_the_base_and_high_never_below(found: Case) -> None:
    base, low, high = (each.npv for each in scenarios_compared(found, usual_scenarios(found)))
    slack = 1e-9 * (1 + abs(base) + abs(low) + abs(high))
    assert low <= base + slack
    assert base <= high + slack


def test_each_input_goes_to_its_p10_or_p90_by_its_sign() -> None:
    _, low, high = (dict(scenario.amounts) for scenario in usual_scenarios(case()))
    minutes, days = INPUTS["minutes_before"].read("8 to 12"), INPUTS["person_days"].read("20 to 30")
    assert (low["minutes_before"], high["minutes_before"]) == (quantile(minutes, 0.1), quantile(minutes, 0.9))
    assert (low["person_days"], high["person_days"]) == (quantile(days, 0.9), quantile(days, 0.1))
    assert "recapture" not in low


def test_an_input_of_either_sign_goes_by_what_it_does_here() -> None:
    """More visits are good news where a visit gains, bad news where it loses."""
    gaining = dict(usual_scenarios(case())[1].amounts)
    losing = dict(usual_scenarios(case(minutes_exception="20"))[1].amounts)
    assert gaining["volume"] < 1000 < losing["volume"]


def test_a_scenario_is_valued_by_hand() -> None:
    own = own_scenario(case(), "cheap", {"wage": Constant(20.0), "minutes_before": Uniform(5, 7)})
    (found,) = scenarios_compared(case(), [own])
    labour, once = 1000 * 6 / 60 * 20 * 0.8, 25 * 500
    assert found.npv == pytest.approx(present_value([-once, *([labour] * 5)], 0.08))
    assert found.roi == pytest.approx(found.npv / once)
    assert (found.payback_years, found.payback_discounted) == (None, None)
    assert found.irr.only is not None
    assert found.irr.only < 0


def test_the_base_in_production_is_what_stands_on_the_page() -> None:
    (found,) = scenarios_compared(case(), [Scenario("base")])
    assert found.npv == pytest.approx(float(value_at_medians(case()).npv))


def test_the_chance_of_production_weighs_in_every_scenario() -> None:
    half = case(production="50 %")
    (found,) = scenarios_compared(half, [Scenario("base")])
    paid = float(value_at_medians(half).once)
    assert found.npv == pytest.approx(0.5 * float(value_at_medians(half).npv) - 0.5 * paid)


def test_naming_a_number_brings_no_second_risk() -> None:
    """A range carries its own risk; the factor on plain numbers does not come on top when a scenario picks one."""
    inputs = {"margin": Normal.interval(90, 110), "risk_benefits": Constant(0.2)}
    one = Case.of(Setting(1), inputs)
    (found,) = scenarios_compared(one, [own_scenario(one, "plain", {"margin": Constant(100.0)})])
    assert found.npv == 100.0


def test_what_the_case_does_not_have_cannot_be_set() -> None:
    with pytest.raises(KeyError, match="no hosting to set"):
        own_scenario(case(), "mine", {"hosting": read_amount("5 k")})


def test_all_together_may_have_several_internal_rates_and_last_as_long_as_the_longest() -> None:
    gains = Case.of(Setting(1), {"margin": Constant(362.0), "discovery": Constant(100.0)})
    costs = Case.of(Setting(2), {"hosting": Constant(132.0)})
    together = scenario_sum([scenarios_compared(each, [Scenario("base")])[0] for each in (gains, costs)])
    assert together.irr.rates == pytest.approx((0.1, 0.2))
    assert together.irr.only is None
    assert (together.npv, together.pv_costs) == pytest.approx((-2.0, 364.0))
    assert together.payback_years == pytest.approx(100 / 230)


def test_years_set_by_a_scenario_stand_in_the_place_of_the_tasks() -> None:
    own = own_scenario(case(), "short", {}, Setting(1, (0.5,)))
    (found,) = scenarios_compared(case(), [own])
    labour, once = 1000 * 10 / 60 * 35 * 0.8, 25 * 500
    assert found.npv == pytest.approx(present_value([-once, 0.5 * labour], 0.08), rel=1e-3)
