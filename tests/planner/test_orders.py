"""Ranks follow the chosen order, undefined figures come last, chances of being first add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.ranking import (
    Figures,
    RankBy,
    chance_of_first,
    disagreements,
    order,
    score,
    scores_of_each,
)
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.simulation import simulate

TINY = Figures(npv=5.0, roi=3.0, irr=0.9, payback_years=0.5, once=2.0)
LARGE = Figures(npv=500.0, roi=0.6, irr=0.3, payback_years=2.0, once=800.0)
FREE = Figures(npv=9.0)


@pytest.mark.parametrize(
    ("by", "first"),
    [
        (RankBy.ROI, TINY),
        (RankBy.NPV, LARGE),
        (RankBy.IRR, TINY),
        (RankBy.PAYBACK, TINY),
        (RankBy.NPV_PER_ONCE, TINY),
    ],
)
def test_each_order_has_its_own_first(by: RankBy, first: Figures) -> None:
    figures = [FREE, LARGE, TINY]
    assert figures[order(figures, by)[0]] is first


@pytest.mark.parametrize("by", [RankBy.ROI, RankBy.IRR, RankBy.PAYBACK, RankBy.NPV_PER_ONCE])
def test_what_is_undefined_comes_last(by: RankBy) -> None:
    assert score(FREE, by) is None
    assert order([FREE, LARGE, TINY], by)[-1] == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8), st.floats(0.01, 100))
def test_another_currency_keeps_the_order(amounts: list[float], rate: float) -> None:
    here = [Figures(npv=amount) for amount in amounts]
    there = [Figures(npv=amount * rate) for amount in amounts]
    before, after = ([found[place].npv for place in order(found, RankBy.NPV)] for found in (here, there))
    assert after == pytest.approx([amount * rate for amount in before])


def test_chances_of_being_first_add_up_to_one_and_of_the_first_two_to_two() -> None:
    rng = np.random.default_rng(5)
    scores = [rng.normal(mean, 1, 4000) for mean in (0.0, 0.5, 1.0)]
    first, first_two = chance_of_first(scores), chance_of_first(scores, 2)
    assert sum(first) == pytest.approx(1.0)
    assert sum(first_two) == pytest.approx(2.0)
    assert first[2] > first[1] > first[0]
    assert chance_of_first([]) == ()


def test_orders_that_disagree_are_named() -> None:
    assert disagreements([LARGE, TINY]) == ((1, 0),)
    assert disagreements([LARGE, FREE]) == ()


@pytest.mark.parametrize("by", list(RankBy))
def test_every_order_scores_every_draw(by: RankBy) -> None:
    inputs = {"margin": INPUTS["margin"].read("50 to 150"), "discovery": INPUTS["discovery"].read("80 to 120")}
    inputs |= {"production": INPUTS["production"].read("80 %"), "discount_rate": INPUTS["discount_rate"].read("8 %")}
    case = Case.of(Setting(3), inputs)
    scores = scores_of_each(simulate(case, CommonNumbers(np.random.default_rng(2)).of("task")), by)
    assert scores.shape == (2048,)
    assert not np.isnan(scores).any()
