"""A valuation whose inputs are not known for certain: intervals, chance of a loss, what drives it, what to measure.

Draws come from numpy Generators that are handed in, one stream an input, so that the same streams give the same
numbers and changing one input leaves the draws of the others as they were.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from planner.domain.assumptions import INPUTS, Case
from planner.domain.cashflow import return_on_costs
from planner.domain.distributions import Array, draw, is_certain, median, quantile
from planner.domain.valuation import Value, Values, plain_inputs, value

DRAWS = 10_000
Streams = Callable[[str], np.random.Generator]
"""The generator that draws one input, by the input's name."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Draws of one case, each array of shape (draws,): inputs by name, and money over the horizon."""

    case: Case
    inputs: Mapping[str, Value]
    npv: Array
    pv_costs: Array
    once: Array
    flows: Array
    """Net cash flow, shape (years + 1, draws)."""


@dataclass(frozen=True)
class Summary:
    """What a simulation says. Money in currency, shares and chances between 0 and 1.

    `roi` is mean NPV over mean PV(costs), None where there are no costs. `failing` is the chance of not reaching
    production, part of `loss_probability`. `spread` is the standard error of the mean.
    """

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    mean: float
    spread: float
    loss_probability: float
    failing: float
    roi: float | None
    mean_pv_costs: float
    mean_once: float
    information: float


def simulate(case: Case, streams: Streams, draws: int = DRAWS) -> Simulation:
    """Draw every uncertain input and value all draws at once.

    >>> from planner.domain.assumptions import Setting
    >>> from planner.domain.distributions import Constant, Normal
    >>> case = Case.of(Setting(1), {"margin": Normal.interval(0, 200), "discovery": Constant(80.0)})
    >>> round(float(simulate(case, lambda key: np.random.default_rng(1)).npv.mean()), 1)
    20.0
    """
    inputs = draw_inputs(case, streams, draws)
    result = value(inputs, case.setting, plain=plain_inputs(case))
    flows = np.stack([np.broadcast_to(flow, (draws,)) for flow in result.flows()])
    npv, costs, once = (np.broadcast_to(amount, (draws,)) for amount in (result.npv, result.pv_costs, result.once))
    return Simulation(case, inputs, npv, costs, once, flows)


def draw_inputs(case: Case, streams: Streams, draws: int) -> dict[str, Value]:
    """A number for each certain input, draws for each other; `production` becomes 1 where it is reached, else 0."""
    inputs: dict[str, Value] = {}
    for key, distribution in case.inputs:
        chance = median(distribution) if is_certain(distribution) else draw(distribution, streams(key), draws)
        inputs[key] = _reached(chance, streams("reached"), draws) if key == "production" else chance
    return inputs


def _reached(chance: Value, rng: np.random.Generator, draws: int) -> Value:
    if np.all(np.asarray(chance) == 1.0):
        return 1.0
    return np.asarray((rng.permutation(draws) + rng.random(draws)) / draws < chance, dtype=np.float64)


def summarise(simulation: Simulation) -> Summary:
    """Quantiles, mean, chances and the value of perfect information of a simulation."""
    npv = simulation.npv
    p5, p25, p50, p75, p95 = (float(found) for found in np.quantile(npv, (0.05, 0.25, 0.5, 0.75, 0.95)))
    mean, costs = float(npv.mean()), float(simulation.pv_costs.mean())
    reached = float(np.mean(simulation.inputs.get("production", 1.0)))
    return Summary(
        *(p5, p25, p50, p75, p95, mean),
        spread=float(npv.std()) / len(npv) ** 0.5,
        loss_probability=float((npv < 0).mean()),
        failing=1 - reached,
        roi=return_on_costs(mean, costs),
        mean_pv_costs=costs,
        mean_once=float(simulation.once.mean()),
        information=perfect_information(npv),
    )


def perfect_information(npv: Array) -> float:
    """Expected value of knowing everything before deciding to build or not: E[max(0, NPV)] − max(0, E[NPV]), ≥ 0.

    >>> perfect_information(np.array([-100.0, 300.0]))
    50.0
    """
    return float(np.maximum(npv, 0).mean() - max(0.0, float(npv.mean())))


@dataclass(frozen=True)
class Swing:
    """One input from its P10 to its P90, the others at their medians: the net present value at either end."""

    key: str
    label: str
    low: float
    high: float
    npv_low: float
    npv_high: float

    @property
    def width(self) -> float:
        return abs(self.npv_high - self.npv_low)


def tornado(case: Case) -> tuple[Swing, ...]:
    """What drives the value, widest first; in production, every uncertain input but the chance of reaching it."""
    uncertain = [key for key, found in case.inputs if not is_certain(found) and key != "production"]
    if not uncertain:
        return ()
    ends = {key: (quantile(case.by_key[key], 0.1), quantile(case.by_key[key], 0.9)) for key in uncertain}
    npv = _ends_valued(case, uncertain, ends)
    swings = (
        Swing(key, INPUTS[key].label, *ends[key], float(npv[2 * row]), float(npv[2 * row + 1]))
        for row, key in enumerate(uncertain)
    )
    return tuple(sorted(swings, key=lambda swing: -swing.width))


def _ends_valued(case: Case, uncertain: list[str], ends: Mapping[str, tuple[float, float]]) -> Array:
    """Two rows an input, low end then high end."""
    values: dict[str, Value] = {key: median(distribution) for key, distribution in case.inputs}
    values["production"] = 1.0
    for row, key in enumerate(uncertain):
        column = np.full(2 * len(uncertain), values[key])
        column[2 * row : 2 * row + 2] = ends[key]
        values[key] = column
    npv = value(values, case.setting, plain=plain_inputs(case)).npv
    return np.broadcast_to(np.asarray(npv, dtype=np.float64), (2 * len(uncertain),))


@dataclass(frozen=True)
class Information:
    """What it would be worth to know one input before deciding, in currency; an upper bound for measuring it."""

    key: str
    label: str
    worth: float


def information_by_input(simulation: Simulation) -> tuple[Information, ...]:
    """Expected value of perfect information of each uncertain input alone, dearest first.

    The net present value is a straight line in each input (all but the discount rate), the inputs are independent:
    the mean value given one input is the line through two points of it, the other inputs as drawn. For the discount
    rate it is the value at each rate with the others at their means.
    """
    uncertain = [key for key, drawn in simulation.inputs.items() if isinstance(drawn, np.ndarray)]
    found = (Information(key, INPUTS[key].label, _worth_of_knowing(simulation, key)) for key in uncertain)
    return tuple(sorted(found, key=lambda information: -information.worth))


def _worth_of_knowing(simulation: Simulation, key: str) -> float:
    drawn = np.asarray(simulation.inputs[key])
    if key == "discount_rate":
        means: dict[str, Value] = {name: float(np.mean(amount)) for name, amount in simulation.inputs.items()}
        return perfect_information(np.asarray(_npv(simulation.case, {**means, key: drawn})))
    ends = [float(np.mean(_npv(simulation.case, {**simulation.inputs, key: end}))) for end in (0.0, 1.0)]
    return perfect_information(ends[0] + (ends[1] - ends[0]) * drawn)


def _npv(case: Case, values: Values) -> Value:
    return value(values, case.setting, plain=plain_inputs(case)).npv


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: from, to, share of the draws."""

    low: float
    high: float
    share: float


def bar_edges(npv: Array, bars: int = 50) -> Array:
    """Edges of equal bars on round numbers, one of them zero, over all but the outermost 1 % of draws."""
    low, high = (float(found) for found in np.quantile(npv, (0.005, 0.995)))
    width = _round_width((max(high, 0.0) - min(low, 0.0)) / bars)
    first, last = int(np.floor(min(low, 0.0) / width)), int(np.ceil(max(high, 0.0) / width))
    return np.arange(first, max(last, first + 1) + 1, dtype=np.float64) * width


def histogram(npv: Array, edges: Array) -> tuple[Bar, ...]:
    """The share of draws between each two edges; draws beyond the outermost are counted in the end bars."""
    counts, _ = np.histogram(np.clip(npv, edges[0], edges[-1]), bins=edges)
    pairs = zip(edges[:-1], edges[1:], counts, strict=True)
    return tuple(Bar(float(low), float(high), float(count) / len(npv)) for low, high, count in pairs)


def _round_width(width: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten.

    >>> _round_width(0.0), _round_width(21_000)
    (1.0, 25000.0)
    """
    if width <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width * (1 - 1e-9)))
