"""Draws of cases: every uncertain amount drawn, and all draws of all cases of one shape valued at once.

Draws are the slices of each input in an order that is handed in (`sampling.py`): the same orders give the same numbers,
and changing one input leaves the draws of the others as they were. What a case is worth does not depend on those it is
valued with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.domain.valuation.alike import PRODUCTION, RATE, Alike, alike
from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.closed_form import StraightLine, at_either_end, expected, lines_of_each
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.sampling import REACHED, Orders
from planner.domain.valuation.slices import middles, slices
from planner.domain.valuation.valuation import Valuation, Value, value_case


@dataclass(frozen=True, eq=False)
class Drawn:
    """Draws of cases of one shape: `inputs` by name, each a number, a column, or of shape (cases, draws)."""

    alike: Alike
    inputs: Mapping[str, Value]
    draws: int

    @cached_property
    def result(self) -> Valuation:
        """All draws of all cases, valued."""
        return value_case(self.alike.shape, self.inputs)

    @cached_property
    def npv(self) -> Array:
        """Shape (cases, draws), like the other sums."""
        return self.each(self.result.npv)

    @cached_property
    def information(self) -> Array:
        """Worth of knowing everything before deciding, shape (cases,)."""
        return _knowing(self.npv)

    @cached_property
    def lines(self) -> Sequence[Mapping[str, StraightLine]]:
        """The mean net present value of each case in each amount alone."""
        return lines_of_each(self.alike)

    @cached_property
    def at_ends(self) -> Array:
        """See `at_either_end`, shape (cases, 1 + 2 · amounts)."""
        return at_either_end(self.alike)

    @cached_property
    def standard_errors(self) -> Array:
        """Of the mean of the draws: what is left when the effect of each input alone is taken out, over √draws.

        A chance of production that is uncertain itself meets a second number in each draw; its effect is left in, so
        that the error is rather too large than too small.
        """
        rest = np.array(self.npv)
        for name in self.lines[0]:
            drawn = self.inputs[name]
            if _is_drawn(drawn) and (name != PRODUCTION or name in self.alike.shape.plain):
                rest -= np.array([[lines[name].slope] for lines in self.lines]) * drawn
        rate = self.inputs.get(RATE, 0.0)
        if _is_drawn(rate):
            rest -= self._at_rates(rate)
        return np.asarray(rest.std(axis=-1) / np.sqrt(self.draws), dtype=np.float64)

    @cached_property
    def information_on_rate(self) -> Array:
        """Worth of knowing the discount rate before deciding, where it is uncertain: shape (cases,)."""
        return _knowing(self._at_rates(slices(self.alike.shape.amounts[RATE], self.draws)))

    def _at_rates(self, rates: Value) -> Array:
        """Mean net present value at each of many discount rates, shape (cases, draws)."""
        return self.each(value_case(self.alike.shape, {**self.alike.means, RATE: rates}).npv)

    def each(self, amount: Value) -> Array:
        """An amount in every draw of every case."""
        whole = len(self.alike.cases), self.draws
        return amount if isinstance(amount, np.ndarray) and amount.shape == whole else np.full(whole, amount)


@dataclass(frozen=True, eq=False)
class Simulation:
    """Draws of one case: its row among those it is valued with."""

    together: Drawn
    row: int

    @property
    def case(self) -> Case:
        return self.together.alike.cases[self.row]

    @property
    def draws(self) -> int:
        return self.together.draws

    @cached_property
    def inputs(self) -> Mapping[str, Value]:
        """Amounts by name, each a number or of shape (draws,)."""
        return {name: self._own(amount) for name, amount in self.together.inputs.items()}

    @property
    def npv(self) -> Array:
        """Shape (draws,), like the other sums."""
        return self._row(self.together.npv)

    @property
    def pv_benefits(self) -> Array:
        return self._row(self.together.result.pv_benefits)

    @property
    def pv_costs(self) -> Array:
        return self._row(self.together.result.pv_costs)

    @property
    def once(self) -> Array:
        return self._row(self.together.result.once)

    @property
    def flows(self) -> Array:
        """Net cash flow, shape (years + 1, draws)."""
        return np.stack([self._row(flow) for flow in self.together.result.flows()])

    @property
    def information(self) -> float:
        """Worth of knowing everything before deciding."""
        return float(self.together.information[self.row])

    @property
    def information_on_rate(self) -> float:
        """Worth of knowing the discount rate before deciding, where it is uncertain."""
        return float(self.together.information_on_rate[self.row])

    @property
    def standard_error(self) -> float:
        """What the mean of the draws may be off by."""
        return float(self.together.standard_errors[self.row])

    @cached_property
    def expected(self) -> Valuation:
        """The exact means."""
        return expected(self.case)

    @property
    def lines(self) -> Mapping[str, StraightLine]:
        """The mean net present value in each amount alone."""
        return self.together.lines[self.row]

    @property
    def at_ends(self) -> Array:
        """The net present value with each uncertain amount at its P10, then its P90: see `at_either_end`."""
        found: Array = self.together.at_ends[self.row]
        return found

    def _own(self, amount: Value) -> Value:
        if not isinstance(amount, np.ndarray):
            return amount
        return amount[self.row] if _is_drawn(amount) else float(amount[self.row, 0])

    def _row(self, amount: Value) -> Array:
        own = self._own(amount)
        return own if isinstance(own, np.ndarray) else np.full(self.draws, own)


def simulate(case: Case, orders: Orders) -> Simulation:
    """Draw every uncertain amount and value all draws at once.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant, Normal
    >>> from planner.domain.valuation.sampling import CommonNumbers
    >>> case = Case.of(Setting(1), {"margin": Normal.interval(0, 200), "discovery": Constant(80.0)})
    >>> round(float(simulate(case, CommonNumbers(np.random.default_rng(1)).of("a task")).npv.mean()), 9)
    20.0
    """
    return Simulation(_draw(Alike((case,)), (orders,)), 0)


def simulations(wanted: Sequence[tuple[Case, Orders]]) -> Iterator[tuple[int, Simulation]]:
    """`simulate` for many cases, those of one shape together: each with its place, in no order that could be relied on.

    Draws are kept as long as a simulation of those made with it is: take from each what is needed, then let go.
    """
    for places in alike(case for case, _ in wanted):
        cases, orders = zip(*(wanted[place] for place in places), strict=True)
        drawn = _draw(Alike(cases), orders)
        yield from ((place, Simulation(drawn, row)) for row, place in enumerate(places))


def _draw(together: Alike, orders: Sequence[Orders]) -> Drawn:
    shape, draws = together.shape, orders[0].draws
    *drawn, luck = np.empty((len(shape.uncertain) + 1, len(together.cases), draws))
    for row, (case, order) in enumerate(zip(together.cases, orders, strict=True)):
        *places, reached = order.of((*shape.uncertain, REACHED))
        for name, amount, place in zip(shape.uncertain, drawn, places, strict=True):
            amount[row] = slices(case.amounts[name], draws).take(place)
        luck[row] = middles(draws).take(reached)
    inputs: dict[str, Value] = {name: together.means[name] for name in shape.plain}
    inputs |= zip(shape.uncertain, drawn, strict=True)
    if PRODUCTION in inputs:
        inputs[PRODUCTION] = _reached(inputs[PRODUCTION], luck)
    return Drawn(together, inputs, draws)


def _reached(chance: Value, luck: Array) -> Value:
    """1 in the draws in which production is reached, else 0."""
    return 1.0 if np.all(np.asarray(chance) == 1.0) else np.asarray(luck < chance, dtype=np.float64)


def _is_drawn(amount: Value) -> bool:
    return isinstance(amount, np.ndarray) and amount.shape[-1] > 1


def perfect_information(npv: Array) -> float:
    """Expected value of knowing everything before deciding to build or not: E[max(0, NPV)] − max(0, E[NPV]), ≥ 0.

    >>> perfect_information(np.array([-100.0, 300.0]))
    50.0
    """
    return float(_knowing(npv))


def _knowing(npv: Array) -> Array:
    mean = npv.mean(axis=-1)
    return np.asarray(np.maximum(npv, 0).mean(axis=-1) - np.where(mean > 0, mean, 0.0), dtype=np.float64)
