"""Draws fill every slice once, are the same everywhere, common where they should be and independent where not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from planner.domain.valuation.assumptions import INPUTS, SHARED
from planner.domain.valuation.distributions import Beta, Normal, Pert
from planner.domain.valuation.sampling import REACHED, CommonNumbers
from planner.domain.valuation.slices import DRAWS, SMOOTH, middles, slices
from tests.planner.cases import COMMON

SHAPES = st.floats(SMOOTH, 1e4)


@given(SHAPES, SHAPES)
@settings(max_examples=60, deadline=None)
def test_a_beta_is_as_good_as_inverted_at_every_slice(alpha: float, beta: float) -> None:
    exact = special.betaincinv(alpha, beta, middles(DRAWS))
    assert float(np.abs(slices(Beta(alpha, beta)) - exact).max()) < 2e-6 * float(exact.std())


@given(st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_a_pert_has_its_own_mean_and_ends(mode: float) -> None:
    found = slices(Pert(10, 10 + 50 * mode, 60))
    assert float(found.mean()) == pytest.approx(Pert(10, 10 + 50 * mode, 60).mean, abs=1e-5 * 50)
    assert 10 <= found[0] < found[-1] <= 60
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("shape", [Beta(0.01, 0.2), Beta(1e-12, 1e12), Beta(0.3, 40)])
def test_a_beta_that_is_nearly_a_jump_stays_a_share(shape: Beta) -> None:
    found = slices(shape)
    assert 0 <= found.min() <= found.max() <= 1
    assert float(found.mean()) == pytest.approx(shape.mean, rel=0.02, abs=1e-6)


def test_slices_cannot_be_spoilt() -> None:
    with pytest.raises(ValueError, match="read-only"):
        slices(Normal(0, 1))[0] = 5.0


@given(st.text(max_size=20), st.sampled_from([*INPUTS, REACHED, "shared/labels"]))
def test_every_slice_is_drawn_once(identity: str, key: str) -> None:
    assert sorted(COMMON.of(identity)(key).tolist()) == list(range(DRAWS))


def test_the_same_seed_gives_the_same_orders_and_another_does_not() -> None:
    one, again, other = (CommonNumbers(np.random.default_rng(seed)).of("Triage")("volume") for seed in (1, 1, 2))
    assert (one == again).all()
    assert not (one == other).all()


@pytest.mark.parametrize("key", [*sorted(SHARED), "shared/labels"])
def test_what_belongs_to_all_tasks_is_the_same_for_all_tasks(key: str) -> None:
    assert (COMMON.of("Triage")(key) == COMMON.of("Pay")(key)).all()


def test_tasks_and_inputs_have_nothing_to_do_with_each_other() -> None:
    """Correlations of 780 pairs of tasks, and of inputs, spread as those of independent draws do: by 1/√2048."""
    tasks = np.array([COMMON.of(f"task {number}")("volume") for number in range(40)])
    inputs = np.array([COMMON.of("Triage")(key) for key in list(INPUTS)[:40]])
    for orders in (tasks, inputs):
        pairs = np.corrcoef(orders)[np.triu_indices(40, 1)]
        assert float(pairs.std()) == pytest.approx(DRAWS**-0.5, rel=0.25)
        assert float(np.abs(pairs).max()) < 0.12


def test_of_thousands_of_tasks_no_two_share_the_draws_of_an_input() -> None:
    starts = {tuple(COMMON.of(f"task {number}")("volume")[:4].tolist()) for number in range(4000)}
    assert len(starts) == 4000


@pytest.mark.parametrize("draws", [0, 1, 1000, -2])
def test_a_count_that_is_no_power_of_two_is_refused(draws: int) -> None:
    with pytest.raises(ValueError, match="no power of two: take 2048"):
        CommonNumbers(np.random.default_rng(1), draws)
