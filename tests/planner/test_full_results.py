"""One valuation says everything: sums with their intervals, rates, paybacks, drivers, what to measure, break-even."""

import numpy as np
import pytest

from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.break_even import Found
from planner.domain.valuation.cashflow import present_value
from planner.domain.valuation.outcome import Outcome, brief_of_draws, valued_case
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.simulation import simulate
from planner.selectors.value_outcome import outcome_of
from tests.planner.cases import COMMON
from tests.planner.test_uncertainty import case


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return valued_case(case(), COMMON.of("Triage"))


def test_benefits_less_costs_is_the_value(outcome: Outcome) -> None:
    assert outcome.benefits.mean - outcome.costs.mean == pytest.approx(outcome.summary.mean)
    assert outcome.summary.roi == pytest.approx(outcome.summary.mean / outcome.costs.mean)


def test_every_interval_holds_nine_draws_in_ten(outcome: Outcome) -> None:
    drawn = simulate(case(), COMMON.of("Triage"))
    for found, draws in ((outcome.benefits, drawn.pv_benefits), (outcome.costs, drawn.pv_costs)):
        inside = (draws >= found.p5) & (draws <= found.p95)
        assert float(inside.mean()) >= 0.9 - 1e-3
        assert found.p5 == pytest.approx(float(np.quantile(draws, 0.05)))
    assert outcome.summary.p5 == pytest.approx(float(np.quantile(drawn.npv, 0.05)))
    assert outcome.summary.p95 == pytest.approx(float(np.quantile(drawn.npv, 0.95)))


def test_rates_and_paybacks_are_those_of_the_flow_shown() -> None:
    outcome = valued_case(case(wage="90"), COMMON.of("Triage"))
    flows = [float(flow) for flow in outcome.at_medians.flows()]
    assert outcome.irr.only is not None
    assert present_value(flows, outcome.irr.only) == pytest.approx(0.0, abs=1e-4 * abs(flows[0]))
    assert outcome.payback_years is not None
    assert outcome.payback_discounted is not None
    assert 0 < outcome.payback_years < outcome.payback_discounted


def test_every_input_has_its_break_even_and_every_uncertain_one_its_swing_and_worth(outcome: Outcome) -> None:
    found = case()
    assert [each.key for each in outcome.break_even] == [key for key in INPUTS if key in found.by_key]
    assert {each.key for each in outcome.tornado} == set(found.uncertain)
    assert {each.key for each in outcome.information} == {*found.uncertain, "production"}
    wage = next(each for each in outcome.break_even if each.key == "wage")
    assert wage.found is Found.ONE


def test_the_same_task_has_the_same_figures_wherever_it_is_valued() -> None:
    first, second = (valued_case(case(), CommonNumbers(np.random.default_rng(8)).of("Triage")) for _ in range(2))
    assert first.summary == second.summary
    assert outcome_of(case(), "Triage").summary == outcome_of(case(), "Triage").summary


def test_a_list_says_of_a_task_what_its_page_says(outcome: Outcome) -> None:
    brief = brief_of_draws(simulate(case(), COMMON.of("Triage")))
    assert (brief.summary, brief.irr, brief.payback_years) == (outcome.summary, outcome.irr, outcome.payback_years)
    assert brief.figures == outcome.figures


def test_without_costs_what_is_undefined_is_none() -> None:
    free = valued_case(Case.of(Setting(2), {"margin": INPUTS["margin"].read("50 to 150")}), COMMON.of("a"))
    assert free.summary.roi is None
    assert free.irr.rates == ()
    assert free.payback_years == 0.0


def test_what_never_comes_back_says_never() -> None:
    dear = Case.of(Setting(2), {key: INPUTS[key].read(text) for key, text in (("margin", "5"), ("discovery", "90"))})
    found = valued_case(dear, COMMON.of("a"))
    assert (found.payback_years, found.payback_discounted) == (None, None)
    assert found.summary.loss_probability == 1.0
