"""The rate of an outcome over time is counted by calendar period, and its move held against chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from planner.domain.foresight.outcome_rates import FEWEST_A_HALF, MOST_PERIODS, outcome_rates, rates_plain
from planner.selectors.value_evidence import rates_read

START = pd.Timestamp("2024-01-01", tz="UTC")


def spread_over(days: int, cases: int) -> pd.Series:
    return pd.Series(START + pd.to_timedelta(np.linspace(0, days, cases), unit="D"))


@given(
    days=st.integers(1, 5000),
    labels=st.lists(st.sampled_from(["yes", "no"]), min_size=2 * FEWEST_A_HALF + 2, max_size=300),
)
def test_every_case_is_counted_once_and_in_few_periods(days: int, labels: list[str]) -> None:
    found = outcome_rates(spread_over(days, len(labels)), pd.Series(labels), positive="yes")
    assert found is not None
    assert sum(one.cases for one in found.periods) == found.earlier.cases + found.later.cases == len(labels)
    having = labels.count(found.outcome)
    assert sum(one.having for one in found.periods) == found.earlier.having + found.later.having == having
    assert len(found.periods) <= (MOST_PERIODS if found.unit != "year" else days // 365 + 2)
    assert found.low <= having / len(labels) <= found.high
    assert rates_read(rates_plain(found)) == found


@given(
    before=st.tuples(st.integers(1, 200), st.integers(0, 200)),
    after=st.tuples(st.integers(1, 200), st.integers(0, 200)),
)
def test_the_chance_is_that_of_the_chi_squared_test_of_two_shares(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    count = FEWEST_A_HALF
    table = np.array([[count + before[0], before[1]], [count + after[0], after[1]]])
    labels = [label for have, lack in table.tolist() for label in [*["yes"] * have, *["no"] * lack]]
    moments = [START] * int(table[0].sum()) + [START + pd.Timedelta(days=9)] * int(table[1].sum())
    found = outcome_rates(pd.Series(moments), pd.Series(labels), positive="yes")
    assert found is not None
    expected = stats.chi2_contingency(table, correction=False).pvalue if table[:, 1].sum() else 1.0
    assert found.chance == pytest.approx(expected)


def test_too_few_cases_in_a_half_are_not_compared() -> None:
    assert outcome_rates(spread_over(100, 2 * FEWEST_A_HALF - 2), pd.Series(["yes"] * 58)) is None


def test_a_number_is_compared_by_how_many_lie_above_its_middle() -> None:
    found = outcome_rates(spread_over(365, 400), pd.Series(np.arange(400.0)))
    assert found is not None
    assert found.unit in ("quarter", "month")
    assert (found.earlier.share, found.later.share) == (0.0, 1.0)
    assert found.moved
