"""Whatever the estimate: each input moves the value by its sign, and no ranking depends on the currency."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.valuation.assumptions import INPUTS, Case
from planner.domain.valuation.closed_form import straight_lines
from planner.domain.valuation.distributions import (
    Bounded,
    Constant,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
)
from planner.domain.valuation.outcome import Outcome, outcome_of_draws
from planner.domain.valuation.ranking import RankBy, chance_of_first, order, scores_of_each
from planner.domain.valuation.simulation import Simulation, simulate
from planner.domain.valuation.valuation import value_case
from tests.planner.cases import COMMON, cases

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONEY = {key for key, spec in INPUTS.items() if "{currency}" in spec.unit}


def scaled(found: Distribution, rate: float) -> Distribution:
    """The same amount in another currency."""
    if isinstance(found, Bounded):
        lower, upper = (None if end is None else end * rate for end in (found.lower, found.upper))
        return Bounded(scaled(found.inner, rate), lower, upper)
    if isinstance(found, Constant):
        return Constant(found.value * rate)
    if isinstance(found, Normal):
        return Normal(found.mean * rate, found.deviation * rate)
    if isinstance(found, Pert | Triangular):
        return type(found)(found.low * rate, found.mode * rate, found.high * rate)
    assert isinstance(found, Lognormal | Uniform), found
    return type(found)(found.low * rate, found.high * rate)


def elsewhere(case: Case, rate: float) -> Case:
    inputs = {key: scaled(found, rate) if key in MONEY else found for key, found in case.inputs}
    return Case.of(case.setting, inputs)


def simulated(several: list[Case]) -> list[Simulation]:
    return [simulate(case, COMMON.of(f"task {place}")) for place, case in enumerate(several)]


@SLOW
@given(st.lists(cases(), min_size=2, max_size=5), st.sampled_from([0.125, 0.5, 16.0, 128.0]))
def test_no_ranking_depends_on_the_currency(several: list[Case], rate: float) -> None:
    """The rates are powers of two, so that equal figures stay equal to the last bit."""
    here = simulated(several)
    there = simulated([elsewhere(case, rate) for case in several])
    for by in RankBy:
        if by not in (RankBy.IRR, RankBy.PAYBACK):
            scores = [np.stack([scores_of_each(found, by) for found in side]) for side in (here, there)]
            assert chance_of_first(scores[0]) == pytest.approx(chance_of_first(scores[1]), abs=2e-3)
    outcomes: list[list[Outcome]] = [[outcome_of_draws(found) for found in side] for side in (here, there)]
    for by in RankBy:
        before, after = (order([found.figures for found in side], by) for side in outcomes)
        assert before == after
    for one, other in zip(*outcomes, strict=True):
        assert other.summary.mean == pytest.approx(rate * one.summary.mean, rel=1e-9, abs=1e-9)
        assert other.summary.loss_probability == one.summary.loss_probability


@SLOW
@given(cases())
def test_every_input_moves_the_value_by_its_sign(case: Case) -> None:
    """In every draw, where the chance of production and what stands beside it are not below zero."""
    for key, line in straight_lines(case).items():
        assert line.slope * INPUTS[key].gain >= -1e-9 * (1 + abs(line.slope)), key
    drawn = simulate(case, COMMON.of("a task"))
    before = np.asarray(drawn.npv)
    for key, spec in INPUTS.items():
        if spec.gain and key in case.by_key:
            more = value_case(case, {**drawn.inputs, key: drawn.inputs[key] * 1.25}).npv
            sign = spec.gain * np.sign(np.asarray(drawn.inputs[key]) + 1e-300)
            assert ((np.asarray(more) - before) * sign >= -1e-9 * (1 + np.abs(before))).all(), key


@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=1, max_size=7), st.integers(1, 8))
def test_the_first_k_are_those_a_sort_would_find(rows: list[list[int]], k: int) -> None:
    """Equal scores go to the earlier task, many equal ones included."""
    scores = np.array(rows, dtype=np.float64)
    counts = [0] * len(rows)
    for draw in range(scores.shape[1]):
        best = sorted(range(len(rows)), key=lambda task: (-scores[task, draw], task))[:k]
        for task in best:
            counts[task] += 1
    assert chance_of_first(scores, k) == pytest.approx([count / scores.shape[1] for count in counts])


def test_undefined_scores_are_last_among_the_first_too() -> None:
    scores = np.array([[-np.inf, -np.inf], [1.0, -np.inf], [0.0, -np.inf]])
    assert chance_of_first(scores, 2) == (0.5, 1.0, 0.5)
