"""A valuation follows its formulas: by hand, in its signs, in its scale, in the branch that fails."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.valuation.assumptions import INPUTS, Case, ErrorForm, Group, Setting
from planner.domain.valuation.cashflow import present_value
from planner.domain.valuation.distributions import Constant, Distribution, Normal
from planner.domain.valuation.explanation import explain_npv, explain_roi
from planner.domain.valuation.measured import ConfusionMatrix, measured_case
from planner.domain.valuation.valuation import LINES, Value, value, value_at_medians

BY_HAND: dict[str, float] = {
    "volume": 31_000,
    "coverage": 0.8,
    "minutes_before": 11.0,
    "minutes_exception": 0.3,
    "minutes_review": 14.0,
    "wage": 38.0,
    "recapture": 0.75,
    "positive": 0.03,
    "found_model": 0.70,
    "alarms_model": 0.05,
    "found_today": 0.55,
    "alarms_today": 0.05,
    "value_tp": -240.0,
    "value_fn": -1200.0,
    "value_fp": -300.0,
    "person_days": 150,
    "day_rate": 720,
    "labels": 6000,
    "label_cost": 4.5,
    "integration": 130_000,
    "hosting": 71_000,
    "production": 1.0,
    "discount_rate": 0.08,
}
SETTING = Setting(5, (0.4, 0.75, 0.9), ErrorForm.OUTCOME)


def money(amounts: dict[str, float], setting: Setting = SETTING) -> float:
    return float(value(amounts, setting).npv)


def test_the_worked_example_comes_out_as_by_hand() -> None:
    result = value(BY_HAND, SETTING)
    assert float(result.amount("labour")) == pytest.approx(117_211, abs=1)
    assert float(result.amount("errors")) == pytest.approx(107_136, abs=1)
    assert float(result.once) == 265_000
    assert [round(float(flow) / 1000) for flow in result.flows()] == [-265, 19, 97, 131, 131, 131]
    assert float(result.npv) == pytest.approx(present_value([float(flow) for flow in result.flows()], 0.08))
    assert round(float(result.npv)) == 124_979


def test_the_two_sums_make_the_present_value() -> None:
    result = value(BY_HAND, SETTING)
    assert float(result.pv_benefits) - float(result.pv_costs) == pytest.approx(float(result.npv))
    assert result.roi == pytest.approx(float(result.npv) / float(result.pv_costs))


def test_without_costs_the_return_is_undefined() -> None:
    assert value({"margin": 100.0}, Setting(1)).roi is None


def test_every_input_moves_the_value_the_way_its_sign_says() -> None:
    for form in ErrorForm:
        setting = Setting(5, (0.4, 0.9), form)
        base = {**dict.fromkeys(INPUTS, 0.1), **BY_HAND, "error_today": 0.05, "error_model": 0.03, "error_cost": 9.0}
        for key, spec in INPUTS.items():
            ends = ({**base, key: base[key] * factor} for factor in (0.9, 1.1))
            low, high = (float(value(end, setting, plain=INPUTS).npv) for end in ends)
            if spec.gain and form in spec.forms:
                assert (high - low) * spec.gain > 0, key


@given(st.floats(0.01, 100.0))
def test_another_currency_changes_nothing_but_the_unit(rate: float) -> None:
    in_money = {key for key, spec in INPUTS.items() if "{currency}" in spec.unit}
    other = {key: amount * (rate if key in in_money else 1.0) for key, amount in BY_HAND.items()}
    assert money(other) == pytest.approx(rate * money(BY_HAND), rel=1e-9)
    assert value(other, SETTING).roi == pytest.approx(value(BY_HAND, SETTING).roi)


@given(st.floats(0.0, 1.0))
def test_a_project_that_fails_spends_what_is_paid_once_and_brings_nothing(chance: float) -> None:
    expected = chance * money({**BY_HAND, "production": 1.0}) - (1 - chance) * 265_000
    assert money({**BY_HAND, "production": chance}) == pytest.approx(expected)


def test_draws_are_valued_as_each_number_alone() -> None:
    volumes, rates = np.linspace(1000, 50_000, 40), np.linspace(0.01, 0.2, 40)
    values: dict[str, Value] = {**BY_HAND, "volume": volumes, "discount_rate": rates}
    together = value(values, SETTING).npv
    alone = [money({**BY_HAND, "volume": v, "discount_rate": r}) for v, r in zip(volumes, rates, strict=True)]
    assert np.allclose(together, alone)


def test_risk_factors_touch_plain_numbers_only() -> None:
    amounts: dict[str, Distribution] = {"margin": Constant(100.0), "discovery": Constant(50.0)}
    amounts |= {"risk_benefits": Constant(0.1), "risk_costs": Constant(0.2)}
    plain = value_at_medians(Case.of(Setting(1), amounts))
    spread = value_at_medians(Case.of(Setting(1), {**amounts, "margin": Normal.interval(90, 110)}))
    assert (plain.benefit, plain.once) == (90.0, 60.0)
    assert float(spread.benefit) == pytest.approx(100.0)
    assert spread.once == 60.0


def test_an_imitation_is_set_against_the_users_estimate_of_today() -> None:
    amounts = {"volume": 100.0, "coverage": 1.0, "positive": 0.5, "found_model": 0.9, "alarms_model": 0.1}
    amounts |= {"value_fn": -10.0, "value_fp": -10.0, "value_today": -2.0}
    result = value(amounts, Setting(1, (1.0,), ErrorForm.IMITATION))
    assert float(result.amount("errors")) == pytest.approx(100 * (-1.0 - -2.0))


def test_measured_errors_replace_the_planned_ones_only() -> None:
    planned = Case.of(SETTING, {key: Constant(amount) for key, amount in BY_HAND.items()})
    found = measured_case(planned, ConfusionMatrix(tp=60, fp=970, fn=240, tn=8730))
    assert found.by_key["found_model"].mean == pytest.approx(0.2, abs=0.002)
    assert found.by_key["alarms_model"].mean == pytest.approx(0.1, abs=0.001)
    assert found.by_key["wage"] == Constant(38.0)
    assert float(value_at_medians(found).npv) < float(value_at_medians(planned).npv)


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (-1, 2, 3, 4)])
def test_no_matrix_no_measure(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="at least one, none below zero"):
        ConfusionMatrix(*counts)


def test_a_figure_opens_down_to_its_inputs() -> None:
    case = Case.of(SETTING, {key: Constant(float(amount)) for key, amount in BY_HAND.items()})
    rows = {row.label: row for _, row in explain_roi(case).rows()}
    assert rows["minutes after"].value == pytest.approx(3.04)
    assert rows["minutes after"].expression == "= 0.8 × 0.3 + (1 − 0.8) × 14"
    assert rows["value of a decision, model"].value == pytest.approx(-30.39)
    assert {term.input for term in rows["labour"].terms if term.input} == {
        "volume",
        "minutes_before",
        "wage",
        "recapture",
    }
    assert rows["net present value"].value == pytest.approx(float(value_at_medians(case).npv))


@pytest.mark.parametrize("form", list(ErrorForm))
def test_every_total_is_the_sum_of_its_parts(form: ErrorForm) -> None:
    sizes = {key: 0.1 if spec.upper == 1 else 7.0 for key, spec in INPUTS.items()}
    sizes |= {"discount_rate": 0.08, "minutes_before": 19.0, "error_model": 0.05, "found_model": 0.8, "value_tp": 3.0}
    everything = {key: Constant(size) for key, size in sizes.items()}
    opened = explain_npv(Case.of(Setting(3, (1.0,), form), everything))
    for total in opened.parts:
        assert total.value == pytest.approx(sum(part.value or 0 for part in total.parts))
    assert len([part for total in opened.parts for part in total.parts]) == len(LINES)


def test_an_unknown_input_and_an_impossible_horizon_are_refused() -> None:
    with pytest.raises(KeyError, match="No input is called moon"):
        Case.of(SETTING, {"moon": Constant(1.0)})
    with pytest.raises(ValueError, match="1 to 50 years"):
        Setting(0)
    with pytest.raises(ValueError, match="Adoption is a share"):
        Setting(5, (1.4,))


def test_lines_name_inputs_that_exist_and_every_input_is_used() -> None:
    used = {key for line in LINES for key in line.inputs}
    assert used <= set(INPUTS)
    unused = {key for key, spec in INPUTS.items() if key not in used and spec.group is not Group.RISK}
    assert unused == set()
