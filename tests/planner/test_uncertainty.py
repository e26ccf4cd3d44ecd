"""Draws follow their distributions, the same inputs give the same numbers, and what is worth knowing is bounded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.valuation.amounts import read_amount
from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.distributions import Bounded, Constant, Distribution, Normal, quantile
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.simulation import perfect_information, simulate
from planner.domain.valuation.slices import slices
from planner.domain.valuation.uncertainty import (
    bar_edges,
    histogram,
    information_by_input,
    summarise,
    tornado,
)

TEXTS = {
    "volume": "29 k to 33 k",
    "coverage": "72 % to 88 %",
    "minutes_before": "9.5 to 12.5",
    "minutes_exception": "0.2 to 0.4",
    "minutes_review": "12 to 16",
    "wage": "38",
    "recapture": "65 % to 85 %",
    "error_today": "2 % to 6 %",
    "error_model": "1 % to 8 %",
    "error_cost": "20 to 60",
    "person_days": "125 to 175",
    "day_rate": "720",
    "integration": "50 k to 120 k",
    "hosting": "50 k to 70 k",
    "production": "85 %",
    "discount_rate": "8 %",
}


def case(**changes: str) -> Case:
    texts = TEXTS | changes
    return Case.of(Setting(5, (0.4, 0.75, 0.9)), {key: INPUTS[key].read(text) for key, text in texts.items()})


ORDERS = CommonNumbers(np.random.default_rng(3)).of("Triage")


@pytest.mark.parametrize(
    "text",
    [
        "20 to 40",
        "2 to 50",
        "pert(10, 20, 60)",
        "triangular(10, 20, 60)",
        "uniform(1, 5)",
        "beta(8, 2)",
        "normal(5, 2)",
    ],
)
def test_draws_have_the_quantiles_and_the_mean_of_their_distribution(text: str) -> None:
    distribution = read_amount(text)
    drawn = slices(distribution, 4096)
    for p in (0.05, 0.5, 0.95):
        assert float(np.quantile(drawn, p)) == pytest.approx(quantile(distribution, p), rel=0.005)
    assert float(drawn.mean()) == pytest.approx(distribution.mean, abs=1e-4 * float(drawn.std()))


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
@settings(max_examples=50)
def test_quantiles_rise(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for text in ("20 to 40", "2 to 50", "pert(10, 20, 60)", "triangular(10, 20, 60)", "beta(0.5, 2)"):
        assert quantile(read_amount(text), low) <= quantile(read_amount(text), high) + 1e-12


def test_bounds_hold_and_the_ends_stay_as_written() -> None:
    share = read_amount("80 % to 99 %", lower=0, upper=1, share=True)
    assert isinstance(share, Bounded)
    assert quantile(share, 0.95) == pytest.approx(0.99)
    assert slices(share).max() == 1.0
    assert share.mean < 0.895


def test_the_same_inputs_give_the_same_numbers() -> None:
    assert summarise(simulate(case(), ORDERS)) == summarise(simulate(case(), ORDERS))


def test_changing_one_input_leaves_the_draws_of_the_others() -> None:
    before, after = simulate(case(), ORDERS), simulate(case(recapture="50 % to 60 %"), ORDERS)
    assert np.array_equal(before.inputs["volume"], after.inputs["volume"])
    assert not np.array_equal(before.inputs["recapture"], after.inputs["recapture"])


def test_summary_is_in_order_and_its_chances_agree() -> None:
    found = summarise(simulate(case(), ORDERS))
    assert found.p5 < found.p25 < found.p50 < found.p75 < found.p95
    assert found.failing == pytest.approx(0.15, abs=0.001)
    assert found.failing <= found.loss_probability < 1
    assert found.roi == pytest.approx(found.mean / found.mean_pv_costs)
    assert found.drawn_mean == pytest.approx(found.mean, abs=4 * found.standard_error)


def test_certain_inputs_leave_no_doubt() -> None:
    sure = Case.of(Setting(1), {"margin": Constant(100.0), "discovery": Constant(40.0)})
    found = summarise(simulate(sure, ORDERS))
    assert (found.p5, found.p95, found.loss_probability, found.information) == (60.0, 60.0, 0.0, 0.0)
    assert tornado(sure) == ()
    assert information_by_input(simulate(sure, ORDERS)) == ()


def test_what_drives_the_value_stands_first() -> None:
    swings = tornado(case())
    assert [swing.width for swing in swings] == sorted((swing.width for swing in swings), reverse=True)
    assert {"wage", "production"}.isdisjoint(swing.key for swing in swings)
    volume = next(swing for swing in swings if swing.key == "volume")
    assert volume.npv_low < volume.npv_high
    assert volume.low == pytest.approx(quantile(INPUTS["volume"].read("29 k to 33 k"), 0.1))


def test_knowing_one_input_is_never_worth_more_than_knowing_all() -> None:
    simulation = simulate(case(integration="150 k to 300 k"), ORDERS)
    all_known = summarise(simulation).information
    for information in information_by_input(simulation):
        assert -1e-9 <= information.worth <= all_known + 1e-6


def test_knowing_the_only_doubt_is_worth_knowing_everything() -> None:
    inputs: dict[str, Distribution] = {"margin": Normal.interval(0, 200), "discovery": Constant(90.0)}
    simulation = simulate(Case.of(Setting(1), inputs), ORDERS)
    (only,) = information_by_input(simulation)
    assert only.worth == pytest.approx(perfect_information(simulation.npv))
    assert only.worth > 0


def test_an_uncertain_discount_rate_is_drawn_and_valued() -> None:
    found = information_by_input(simulate(case(discount_rate="4 % to 14 %"), ORDERS))
    assert any(information.key == "discount_rate" and information.worth >= 0 for information in found)


def test_bars_hold_every_draw_and_meet_at_zero() -> None:
    simulation = simulate(case(), ORDERS)
    bars = histogram(simulation.npv, bar_edges(simulation.npv))
    assert sum(bar.share for bar in bars) == pytest.approx(1.0)
    assert any(bar.low == 0 for bar in bars)
    lost = sum(bar.share for bar in bars if bar.high <= 0)
    assert lost == pytest.approx(summarise(simulation).loss_probability, abs=1e-9)
