"""Cases to value, with any mixture of plain numbers and distributions."""

import numpy as np
from hypothesis import strategies as st

from planner.domain.valuation.assumptions import INPUTS, Case, ErrorForm, InputSpec, Setting
from planner.domain.valuation.distributions import (
    Beta,
    Bounded,
    Constant,
    Distribution,
    Normal,
    Pert,
    Triangular,
    Uniform,
    interval,
)
from planner.domain.valuation.sampling import CommonNumbers

COMMON = CommonNumbers(np.random.default_rng(11))
SIZES = {"volume": 5000.0, "minutes_before": 12.0, "minutes_exception": 1.0, "minutes_review": 13.0, "wage": 38.0}
SIZES |= {"error_cost": 60.0, "discovery": 9000.0, "integration": 40_000.0, "day_rate": 600.0, "person_days": 50.0}
SIZES |= {"hosting": 9000.0, "support": 8000.0, "labels": 3000.0, "label_cost": 3.0, "margin": 9000.0}

RATES: list[Distribution] = [Constant(0.08), Constant(0.0), Bounded(Normal.interval(0.03, 0.12), -0.99, 10.0)]
RISKS: list[Distribution] = [Constant(0.0), Constant(0.1), Uniform(0.0, 0.2)]


@st.composite
def spreads(draw: st.DrawFn, low: float, high: float) -> Distribution:
    """A distribution that lies, but for the tails of a normal one, between two numbers."""
    ends = draw(st.tuples(st.floats(0, 1), st.floats(0, 1)).filter(lambda pair: abs(pair[0] - pair[1]) > 0.01))
    first, last = (low + (high - low) * end for end in sorted(ends))
    mode = min(last, first + (last - first) * draw(st.floats(0, 1)))
    kinds = [interval(first, last), Uniform(first, last), Triangular(first, mode, last), Pert(first, mode, last)]
    return draw(st.sampled_from(kinds))


@st.composite
def amounts(draw: st.DrawFn, spec: InputSpec) -> Distribution:
    """A plain number or a distribution that fits an input."""
    if spec.key == "discount_rate":
        return draw(st.sampled_from(RATES))
    if spec.key.startswith("risk_"):
        return draw(st.sampled_from(RISKS))
    if spec.is_share:
        found: Distribution = draw(
            st.one_of(st.floats(0.01, 0.99).map(Constant), spreads(0.01, 0.99), st.just(Beta(8, 3)))
        )
    else:
        size = SIZES.get(spec.key, 20.0)
        found = draw(st.one_of(st.floats(0.1 * size, 2 * size).map(Constant), spreads(0.05 * size, 2 * size)))
    return found if isinstance(found, Constant) else Bounded(found, spec.lower, spec.upper)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A random estimate of any form."""
    form = draw(st.sampled_from(list(ErrorForm)))
    setting = Setting(draw(st.integers(1, 10)), draw(st.sampled_from([(1.0,), (0.4, 0.75, 0.9)])), form)
    keys = draw(st.sets(st.sampled_from(sorted(INPUTS)), min_size=3))
    keys |= {"volume", "minutes_before", "wage", "recapture", "coverage", "person_days", "day_rate", "discount_rate"}
    return Case.of(setting, {key: draw(amounts(INPUTS[key])) for key in sorted(keys)})
