"""Figures others have published come out to the last digit they printed."""

import pytest

from planner.domain.valuation.cashflow import internal_rates, payback_years, present_value, return_on_costs

COSTS = [53_150, 666_715, 636_772, 647_783]
BENEFITS = [0, 1_606_511, 3_061_331, 4_229_760]
LARGE = [-344_278, 28_600, 50_000, 58_000, 408_000]
SMALL = [-14_518, 4_179, 8_052, 13_608, 8_500]


def test_forrester_study_of_salesloft() -> None:
    costs, benefits = present_value(COSTS, 0.10), present_value(BENEFITS, 0.10)
    roi = return_on_costs(benefits - costs, costs)
    months = payback_years([gain - cost for gain, cost in zip(BENEFITS, COSTS, strict=True)])
    assert round(costs) == 1_672_201
    assert round(benefits) == 7_168_371
    assert round(benefits - costs) == 5_496_170
    assert 100 * (roi or 0) == pytest.approx(328.68, abs=0.005)
    assert 12 * (months or 0) == pytest.approx(0.68, abs=0.005)


def test_help_page_of_excel() -> None:
    assert round(present_value([-40_000, 8_000, 9_200, 10_000, 12_000, 14_500], 0.08), 2) == 1922.06


@pytest.mark.parametrize(("flows", "rate"), [([-100, 39, 59, 55, 20], 0.28095), ([-100, 0, 0, 74], -0.0955)])
def test_internal_rates_of_numpy_financial(flows: list[float], rate: float) -> None:
    found = internal_rates(flows).only
    assert found == pytest.approx(rate, abs=5e-6 if rate > 0 else 5e-5)


def test_two_projects_whose_orders_disagree() -> None:
    large, small = internal_rates(LARGE).only, internal_rates(SMALL).only
    assert (small or 0) > (large or 1)
    assert present_value(LARGE, 0.06) > present_value(SMALL, 0.06)
    assert payback_years(LARGE) == pytest.approx(3.51, abs=0.005)
    assert payback_years(SMALL) == pytest.approx(2.17, abs=0.005)
