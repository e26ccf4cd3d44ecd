"""Everything that is said of the worth of one task, computed in one go."""

from dataclasses import dataclass

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.break_even import BreakEven, break_evens
from planner.domain.valuation.cashflow import InternalRates, internal_rates, payback_years
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.ranking import Figures, figures_of
from planner.domain.valuation.sampling import Orders
from planner.domain.valuation.simulation import Simulation, simulate
from planner.domain.valuation.uncertainty import (
    Information,
    Summary,
    Swing,
    information_by_input,
    quantiles,
    summarise,
    tornado,
)
from planner.domain.valuation.valuation import FORMULA_VERSION, Valuation, Value, value_at_medians


@dataclass(frozen=True)
class PresentValue:
    """A present value in currency: its exact mean and its 90 % interval."""

    mean: float
    p5: float
    p95: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Brief:
    """What a list says of a valued case, enough to judge and to rank it: it can be kept and read again."""

    summary: Summary
    irr: InternalRates
    payback_years: float | None
    formula_version: int = FORMULA_VERSION

    @property
    def figures(self) -> Figures:
        """What a ranking orders by."""
        return figures_of(self.summary, irr=self.irr.only, payback_years=self.payback_years)

    @property
    def payback_months(self) -> float | None:
        return None if self.payback_years is None else 12 * self.payback_years


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome(Brief):
    """A valued case.

    `summary`, `benefits` and `costs` are of the whole uncertainty; `at_medians`, `irr` and both paybacks (in years,
    None: never) what a controller finds by hand at the medians, in production. `borne_whole` names the costs shared
    with other tasks that are in the figures whole, as if no other task paid them.
    """

    benefits: PresentValue
    costs: PresentValue
    at_medians: Valuation
    payback_discounted: float | None
    tornado: tuple[Swing, ...]
    information: tuple[Information, ...]
    break_even: tuple[BreakEven, ...]
    borne_whole: tuple[str, ...] = ()


def valued_case(case: Case, orders: Orders) -> Outcome:
    """Value a case in full; the same for the same case and orders, on any machine."""
    return outcome_of_draws(simulate(case, orders))


def brief_of_draws(simulation: Simulation) -> Brief:
    """What a list says of a case that is simulated already: the same as its outcome, in half the time."""
    flows = [float(flow) for flow in value_at_medians(simulation.case).flows()]
    return Brief(summary=summarise(simulation), irr=internal_rates(flows), payback_years=payback_years(flows))


def outcome_of_draws(simulation: Simulation) -> Outcome:
    """The outcome of a case that is simulated already."""
    case, exact = simulation.case, simulation.expected
    result = value_at_medians(case)
    flows = [float(flow) for flow in result.flows()]
    return Outcome(
        summary=summarise(simulation),
        benefits=_present_value(exact.pv_benefits, simulation.pv_benefits),
        costs=_present_value(exact.pv_costs, simulation.pv_costs),
        at_medians=result,
        irr=internal_rates(flows),
        payback_years=payback_years(flows),
        payback_discounted=payback_years(flows, float(result.rate)),
        tornado=tornado(case, simulation.at_ends),
        information=information_by_input(simulation),
        break_even=break_evens(case, simulation.lines, exact),
        borne_whole=tuple(line.label for line in case.shared),
    )


def _present_value(mean: Value, draws: Array) -> PresentValue:
    return PresentValue(float(mean), *quantiles(draws, (0.05, 0.95)))
