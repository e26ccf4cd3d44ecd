"""What draws say of a case: intervals, chance of a loss, what drives it, what to measure.

Means are exact, from the closed form; quantiles and chances are those of the draws.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from planner.domain.valuation.alike import PRODUCTION, RATE, Alike
from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.cashflow import return_on_costs
from planner.domain.valuation.closed_form import StraightLine, at_either_end
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.simulation import Simulation, perfect_information
from planner.domain.valuation.slices import slices


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


def summarise(simulation: Simulation) -> Summary:
    """Quantiles, mean, chances and the value of perfect information of a simulation."""
    npv, exact = simulation.npv, simulation.expected
    p5, p25, p50, p75, p95 = quantiles(npv, (0.05, 0.25, 0.5, 0.75, 0.95))
    mean, costs = float(exact.npv), float(exact.pv_costs)
    return Summary(
        *(p5, p25, p50, p75, p95, mean),
        drawn_mean=float(npv.mean()),
        standard_error=simulation.standard_error,
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
    return tuple(np.interp(places, _count(len(draws)), np.sort(draws)).tolist())


@lru_cache(maxsize=8)
def _count(draws: int) -> Array:
    return np.arange(draws, dtype=np.float64)


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


def tornado(case: Case, at_ends: Array | None = None) -> tuple[Swing, ...]:
    """What drives the value, widest first; in production, every uncertain amount but the chance of reaching it.
    `at_ends` are the net present values at either end of each, if they are at hand."""
    found = (at_either_end(Alike((case,)))[0] if at_ends is None else at_ends).tolist()
    uncertain = [name for name in case.uncertain if name != PRODUCTION]
    swings = []
    for name, npv_low, npv_high in zip(uncertain, found[1::2], found[2::2], strict=True):
        low, _, high = case.marks[name]
        swings.append(Swing(name, case.label(name), low, high, npv_low, npv_high))
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
    if name == RATE:
        return simulation.information_on_rate
    line = simulation.lines[name]
    if name == PRODUCTION:
        return _worth_of_a_chance(line, simulation.case.means[name])
    each = slices(simulation.case.amounts[name], simulation.draws)
    lowest, highest = each.item(0), each.item(-1)
    if (line.at_zero + line.slope * lowest < 0) == (line.at_zero + line.slope * highest < 0):
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
