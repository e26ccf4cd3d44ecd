"""Net present value, internal rates and payback keep the laws of arithmetic and say when they are undefined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.valuation.cashflow import (
    internal_rate_of_each,
    internal_rates,
    payback_of_each,
    payback_years,
    present_value,
    return_on_costs,
)

amounts = st.floats(-1e6, 1e6, allow_nan=False)
flows = st.lists(amounts.map(lambda amount: round(amount, 2)), min_size=2, max_size=12)
rates = st.floats(-0.5, 1.0)


@given(flows, rates, amounts)
def test_present_value_is_linear(flow: list[float], rate: float, factor: float) -> None:
    doubled = [factor * amount for amount in flow]
    size = sum(abs(amount) for amount in flow) * max(1.0, abs(factor)) * 2.0 ** len(flow)
    assert present_value(doubled, rate) == pytest.approx(factor * present_value(flow, rate), abs=1e-9 * (size + 1))


@given(flows)
def test_at_a_rate_of_zero_it_is_the_sum(flow: list[float]) -> None:
    assert present_value(flow, 0.0) == pytest.approx(sum(flow), abs=1e-6)


@given(flows)
def test_an_internal_rate_makes_the_flow_worth_nothing(flow: list[float]) -> None:
    for rate in internal_rates(flow).rates:
        if -0.5 < rate < 100:
            size = sum(abs(amount) * (1 + rate) ** -year for year, amount in enumerate(flow))
            assert abs(present_value(flow, rate)) <= 1e-5 * size


def test_no_rate_one_rate_several_rates() -> None:
    assert internal_rates([100, 50]).words == "no rate makes this flow worth nothing"
    assert internal_rates([-100, 120]).words == ""
    several = internal_rates([-100, 230, -132])
    assert several.only is None
    assert several.words == "2 rates, none of them means anything"


def test_return_is_undefined_without_costs() -> None:
    assert return_on_costs(100.0, 0.0) is None
    assert return_on_costs(-5.0, 10.0) == -0.5


@pytest.mark.parametrize("rate", [-1.0, -2.0, float("nan"), float("inf")])
def test_impossible_rates_are_refused_with_an_example(rate: float) -> None:
    with pytest.raises(ValueError, match="write 8 %"):
        present_value([-1, 2], rate)


def test_payback_at_once_later_and_never() -> None:
    assert payback_years([0, 5]) == 0.0
    assert payback_years([-10, 20]) == 0.5
    assert payback_years([-10, 4, 4]) is None


@given(flows, st.floats(0.0, 0.5))
def test_discounting_never_brings_the_money_back_sooner(flow: list[float], rate: float) -> None:
    spent_first = [-abs(flow[0]) - 1, *(abs(amount) for amount in flow[1:])]
    plain, discounted = payback_years(spent_first), payback_years(spent_first, rate)
    assert discounted is None or (plain is not None and plain <= discounted + 1e-9)


@given(st.lists(flows.map(lambda flow: [*flow, *([1.0] * 12)][:6]), min_size=1, max_size=6))
def test_many_flows_at_once_pay_back_as_each_alone(many: list[list[float]]) -> None:
    together = payback_of_each(np.array(many).T)
    for flow, years in zip(many, together, strict=True):
        alone = payback_years(flow)
        assert years == pytest.approx(np.inf if alone is None else alone, abs=1e-9)


def test_many_internal_rates_at_once() -> None:
    found = internal_rate_of_each(np.array([[-100.0, -100, -100], [39, 0, 2000], [59, 10, 0], [55, 0, 0], [20, 0, 0]]))
    assert found[0] == pytest.approx(0.28095, abs=1e-5)
    assert found[1] == pytest.approx(-0.683772, abs=1e-5)
    assert found[2] == 10.0
