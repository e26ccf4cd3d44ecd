"""A valuation whose inputs are not known for certain: intervals, chance of a loss, what drives it, what to measure.

Draws are the slices of each input in an order that is handed in (`sampling.py`): the same orders give the same numbers,
and changing one input leaves the draws of the others as they were. Means are exact, from the closed form; quantiles and
chances are those of the draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.cashflow import return_on_costs
from planner.domain.valuation.closed_form import RATE, StraightLine, expected, one_at_a_time, straight_lines
from planner.domain.valuation.distributions import Array, marks
from planner.domain.valuation.sampling import REACHED, Orders
from planner.domain.valuation.slices import middles, slices
from planner.domain.valuation.valuation import Valuation, Value, value_case

PRODUCTION = "production"


@dataclass(frozen=True, eq=False)
class Simulation:
    """Draws of one case: amounts by name, each a number or of shape (draws,), and the valuation of them all."""

    case: Case
    inputs: Mapping[str, Value]
    result: Valuation
    draws: int

    @cached_property
    def npv(self) -> Array:
        """Shape (draws,), like the other sums."""
        return self._each(self.result.npv)

    @property
    def pv_benefits(self) -> Array:
        return self._each(self.result.pv_benefits)

    @property
    def pv_costs(self) -> Array:
        return self._each(self.result.pv_costs)

    @property
    def once(self) -> Array:
        return self._each(self.result.once)

    @property
    def flows(self) -> Array:
        """Net cash flow, shape (years + 1, draws)."""
        return np.stack([self._each(flow) for flow in self.result.flows()])

    @cached_property
    def information(self) -> float:
        """Worth of knowing everything before deciding."""
        return perfect_information(self.npv)

    @cached_property
    def expected(self) -> Valuation:
        """The exact means."""
        return expected(self.case)

    @cached_property
    def lines(self) -> Mapping[str, StraightLine]:
        """The mean net present value in each amount alone."""
        return straight_lines(self.case)

    def _each(self, amount: Value) -> Array:
        return np.broadcast_to(np.asarray(amount, dtype=np.float64), (self.draws,))


@dataclass(frozen=True)
class Summary:
    """What a simulation says. Money in currency, shares and chances between 0 and 1.

    `mean`, `roi` and the two other means are exact; `roi` is mean NPV over mean PV(costs), None where there are no
    costs. `drawn_mean` is that of the draws and `standard_error` what it may be off by (Stein 1987: in a Latin
    hypercube only what is not a sum of effects of single inputs is left to chance). `failing` is the share of draws
    that do not reach production, part of `loss_probability`.
    """

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    mean: float
    drawn_mean: float
    standard_error: float
    loss_probability: float
    failing: float
    roi: float | None
    mean_pv_costs: float
    mean_once: float
    information: float


def simulate(case: Case, orders: Orders) -> Simulation:
    """Draw every uncertain amount and value all draws at once.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant, Normal
    >>> from planner.domain.valuation.sampling import CommonNumbers
    >>> case = Case.of(Setting(1), {"margin": Normal.interval(0, 200), "discovery": Constant(80.0)})
    >>> round(float(simulate(case, CommonNumbers(np.random.default_rng(1)).of("a task")).npv.mean()), 9)
    20.0
    """
    draws = len(orders(REACHED))
    inputs = draw_inputs(case, orders, draws)
    return Simulation(case, inputs, value_case(case, inputs), draws)


def draw_inputs(case: Case, orders: Orders, draws: int) -> dict[str, Value]:
    """A number for each certain amount, draws for each other; `production` becomes 1 where it is reached, else 0."""
    inputs: dict[str, Value] = {name: case.means[name] for name in case.plain}
    inputs |= {name: slices(case.amounts[name], draws).take(orders(name)) for name in case.uncertain}
    if PRODUCTION in inputs:
        inputs[PRODUCTION] = _reached(inputs[PRODUCTION], orders, draws)
    return inputs


def _reached(chance: Value, orders: Orders, draws: int) -> Value:
    if np.all(np.asarray(chance) == 1.0):
        return 1.0
    return np.asarray(middles(draws).take(orders(REACHED)) < chance, dtype=np.float64)


def summarise(simulation: Simulation) -> Summary:
    """Quantiles, mean, chances and the value of perfect information of a simulation."""
    npv, exact = simulation.npv, simulation.expected
    p5, p25, p50, p75, p95 = quantiles(npv, (0.05, 0.25, 0.5, 0.75, 0.95))
    mean, costs = float(exact.npv), float(exact.pv_costs)
    return Summary(
        *(p5, p25, p50, p75, p95, mean),
        drawn_mean=float(npv.mean()),
        standard_error=standard_error(simulation),
        loss_probability=float(np.count_nonzero(npv < 0)) / simulation.draws,
        failing=1 - float(np.mean(simulation.inputs.get(PRODUCTION, 1.0))),
        roi=return_on_costs(mean, costs),
        mean_pv_costs=costs,
        mean_once=float(exact.once),
        information=simulation.information,
    )


def quantiles(draws: Array, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Quantiles of draws, in a straight line between two of them (as numpy and spreadsheets do).

    >>> quantiles(np.array([4.0, 1.0, 3.0, 2.0]), (0.0, 0.5))
    (1.0, 2.5)
    """
    places = np.array(shares) * (len(draws) - 1)
    return tuple(np.interp(places, np.arange(len(draws)), np.sort(draws)).tolist())


def standard_error(simulation: Simulation) -> float:
    """Of the mean of the draws: what is left when the effect of each input alone is taken out, over √draws.

    A chance of production that is uncertain itself meets a second number in each draw; its effect is left in, so that
    the error is rather too large than too small.
    """
    npv, inputs = simulation.npv, simulation.inputs
    rest = np.array(npv)
    for name, line in simulation.lines.items():
        drawn = inputs[name]
        if isinstance(drawn, np.ndarray) and (name != PRODUCTION or name in simulation.case.plain):
            rest -= line.slope * drawn
    if isinstance(rate := inputs.get(RATE), np.ndarray):
        rest -= _at_rates(simulation.case, rate)
    return float(rest.std()) / float(np.sqrt(simulation.draws))


def _at_rates(case: Case, rates: Array) -> Array:
    """Mean net present value at each of many discount rates."""
    return np.asarray(value_case(case, {**case.means, RATE: rates}).npv, dtype=np.float64)


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
    """What drives the value, widest first; in production, every uncertain amount but the chance of reaching it."""
    uncertain = [name for name in case.uncertain if name != PRODUCTION]
    if not uncertain:
        return ()
    ends = [(name, end) for name in uncertain for end in marks(case.amounts[name])[::2]]
    npv = one_at_a_time(case, {**case.medians, PRODUCTION: 1.0}, ends).tolist()[1:]
    swings = (
        Swing(name, case.label(name), ends[at][1], ends[at + 1][1], npv[at], npv[at + 1])
        for name, at in zip(uncertain, range(0, len(ends), 2), strict=True)
    )
    return tuple(sorted(swings, key=lambda swing: -swing.width))


@dataclass(frozen=True)
class Information:
    """What it would be worth to know one input before deciding, in currency; an upper bound for measuring it."""

    key: str
    label: str
    worth: float


def information_by_input(simulation: Simulation) -> tuple[Information, ...]:
    """Expected value of perfect information of each uncertain amount alone, dearest first.

    From the straight line of each amount over its slices; for the discount rate from the mean at each rate; for the
    chance of production, from knowing whether it will be reached. Never more than knowing everything, which is drawn.
    """
    uncertain = [name for name, drawn in simulation.inputs.items() if isinstance(drawn, np.ndarray)]
    worths = ((name, min(_worth_of_knowing(simulation, name), simulation.information)) for name in uncertain)
    found = (Information(name, simulation.case.label(name), worth) for name, worth in worths)
    return tuple(sorted(found, key=lambda information: -information.worth))


def _worth_of_knowing(simulation: Simulation, name: str) -> float:
    case = simulation.case
    if name == RATE:
        return perfect_information(_at_rates(case, slices(case.amounts[name], simulation.draws)))
    line = simulation.lines[name]
    if name == PRODUCTION:
        return _worth_of_a_chance(line, case.amounts[name].mean)
    each = slices(case.amounts[name], simulation.draws)
    if (line.at_zero + line.slope * each[0] < 0) == (line.at_zero + line.slope * each[-1] < 0):
        return 0.0
    return perfect_information(line.at(each))


def _worth_of_a_chance(line: StraightLine, chance: float) -> float:
    failed, reached = line.at_zero, line.at_zero + line.slope
    mean = (1 - chance) * failed + chance * reached
    return (1 - chance) * max(0.0, failed) + chance * max(0.0, reached) - max(0.0, mean)


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
