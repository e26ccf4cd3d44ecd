"""What a month really brought is the estimate's own valuation with counts in the place of assumptions."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.domain.valuation.assumptions import INPUTS, Case, ErrorForm, Setting
from planner.domain.valuation.measured import ConfusionMatrix
from planner.domain.valuation.realised import (
    Done,
    Money,
    MonthFacts,
    Span,
    cell_gains,
    decisions_value,
    forecast,
    planned_month,
    realised_month,
    value_gone,
)
from planner.domain.valuation.valuation import value, value_case

SHARES = st.floats(0, 1)
WORTH = st.floats(-1000, 1000)
COUNTS = st.integers(0, 500)
matrices = st.builds(ConfusionMatrix, COUNTS, COUNTS, COUNTS, st.integers(1, 500))
amounts = st.fixed_dictionaries(
    {
        **dict.fromkeys(("error_today", "found_today", "alarms_today"), SHARES),
        **dict.fromkeys(("value_tp", "value_fn", "value_tn", "value_fp", "value_today"), WORTH),
        "error_cost": st.floats(0, 1000),
    }
)


@given(amounts, matrices, st.sampled_from(ErrorForm))
def test_the_errors_of_a_month_are_those_of_the_estimate_at_the_measured_rates(
    given_amounts: dict[str, float], matrix: ConfusionMatrix, form: ErrorForm
) -> None:
    assume(matrix.tp + matrix.fn > 0 and matrix.fp + matrix.tn > 0)
    rates = {
        "error_model": matrix.error_rate,
        "positive": (matrix.tp + matrix.fn) / matrix.count,
        "found_model": matrix.tp / (matrix.tp + matrix.fn),
        "alarms_model": matrix.fp / (matrix.fp + matrix.tn),
        "volume": float(matrix.count),
        "coverage": 1.0,
    }
    planned = value({**given_amounts, **rates}, Setting(error_form=form)).amount("errors")
    counted = decisions_value(MonthFacts(matrix.count, matrix.count, matrix), cell_gains(given_amounts, form))
    assert counted is not None
    assert counted.value == pytest.approx(planned, abs=1e-6 * matrix.count)
    assert (counted.low, counted.high) == (counted.value, counted.value)


@given(amounts, matrices, st.integers(0, 5000), st.sampled_from(ErrorForm))
def test_a_sample_says_the_same_on_average_with_an_interval_around_it(
    given_amounts: dict[str, float], matrix: ConfusionMatrix, unknown: int, form: ErrorForm
) -> None:
    gains = cell_gains(given_amounts, form)
    alone = matrix.count + unknown
    whole = decisions_value(MonthFacts(matrix.count, matrix.count, matrix), gains)
    sample = decisions_value(MonthFacts(alone, alone, matrix), gains)
    assert whole is not None
    assert sample is not None
    assert sample.low <= sample.value <= sample.high
    assert sample.value / alone == pytest.approx(whole.value / matrix.count, abs=1e-9)
    if len(set(gains.each)) > 1 and unknown:
        assert sample.low <= sample.high


def test_a_perfect_sample_is_not_taken_for_certain() -> None:
    gains = cell_gains({"error_today": 0.1, "error_cost": 100.0}, ErrorForm.RATES)
    sample = decisions_value(MonthFacts(1000, 1000, ConfusionMatrix(tp=10, fp=0, fn=0, tn=10)), gains)
    assert sample is not None
    assert sample.value == pytest.approx(10_000)
    assert sample.low < sample.value < sample.high


CASE = Case.of(
    Setting(horizon=2, adoption=(0.5, 1.0)),
    {
        key: INPUTS[key].read(text)
        for key, text in {
            "volume": "12000",
            "coverage": "50 %",
            "minutes_before": "10",
            "minutes_review": "8",
            "minutes_exception": "1",
            "wage": "60",
            "recapture": "50 %",
            "error_today": "4 %",
            "error_model": "4 %",
            "error_cost": "100",
            "hosting": "1200",
            "inference": "2",
        }.items()
    },
)


def test_a_month_that_goes_as_planned_brings_what_was_planned() -> None:
    """At full adoption, the planned coverage, and as many errors as today."""
    planned = planned_month(CASE, 12)
    facts = MonthFacts(1000, 500, ConfusionMatrix(tp=0, fp=20, fn=0, tn=480))
    found = realised_month(CASE, facts, {})
    assert found.net is not None
    assert found.net.value == pytest.approx(planned.net)
    assert found.planned_costs == ("inference", "hosting")


def test_what_was_entered_stands_in_the_place_of_planned_costs_kind_by_kind() -> None:
    facts = MonthFacts(1000, 0)
    assert realised_month(CASE, facts, {}).cost == pytest.approx(102)
    found = realised_month(CASE, facts, {"hosting": 350.0, "other": 40.0})
    assert found.cost == pytest.approx(392)
    assert found.planned_costs == ("inference",)
    assert realised_month(CASE, facts, {}, share=0.5).cost == pytest.approx(52)


def test_without_outcomes_there_is_no_value_yet_but_its_parts() -> None:
    found = realised_month(CASE, MonthFacts(1000, 500), {})
    assert found.net is None
    assert found.labour == pytest.approx(1000 * (10 - 4.5) / 60 * 60 * 0.5)
    free = Case.of(CASE.setting, {key: each for key, each in CASE.inputs if key != "error_cost"})
    assert realised_month(free, MonthFacts(1000, 500), {}).net is not None


def test_planned_months_sum_to_the_plan() -> None:
    plan = value_case(CASE, CASE.means)
    months = [planned_month(CASE, number) for number in range(24)]
    assert sum(each.net for each in months) == pytest.approx(sum(plan.flows()[1:]))


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8), st.integers(1, 24))
def test_months_that_went_as_planned_foretell_the_plan(benefits: list[float], ahead: int) -> None:
    assume(sum(benefits) > 1)
    done = [Done(Money(each, 10.0), Span(each, each - 1, each + 1), 10.0) for each in benefits]
    found = forecast(done, [Money(50.0, 20.0)] * ahead)
    assert found is not None
    assert found.total.value == pytest.approx(30 * ahead)
    assert found.total.low <= found.total.value <= found.total.high


def test_a_pipeline_is_given_up_only_when_it_surely_lost_and_goes_on_losing() -> None:
    loses = Done(Money(10.0, 5.0), Span(1.0, 0.5, 1.5), 5.0)
    perhaps = Done(Money(10.0, 5.0), Span(1.0, -50.0, 50.0), 5.0)
    ahead = [Money(10.0, 5.0)] * 12
    assert value_gone([loses] * 3, forecast([loses] * 3, ahead)) is not None
    assert value_gone([loses] * 2, forecast([loses] * 2, ahead)) is None
    assert value_gone([perhaps] * 3, forecast([perhaps] * 3, ahead)) is None
    assert value_gone([loses] * 3, forecast([loses] * 3, [Money(90.0, 5.0)] * 12)) is None
    assert value_gone([loses] * 3, forecast([loses] * 3, [])) is None
    assert value_gone([], None) is None


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="part of what is predicted"):
        MonthFacts(1, 2)
    with pytest.raises(ValueError, match="part of what was decided"):
        MonthFacts(2, 1, ConfusionMatrix(1, 0, 0, 1))
