"""Tasks of one scenario taken together: what building all their models brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from planner.domain.valuation.cashflow import (
    InternalRates,
    discount_factors,
    internal_rates,
    payback_years,
    return_on_costs,
)
from planner.domain.valuation.scenarios import ScenarioValue


@dataclass(frozen=True)
class ScenarioSum:
    """Sums in currency, paybacks in years (None: never), ROI None without costs."""

    npv: float
    pv_costs: float
    irr: InternalRates
    payback_years: float | None
    payback_discounted: float | None

    @property
    def roi(self) -> float | None:
        return return_on_costs(self.npv, self.pv_costs)


def scenario_sum(values: Sequence[ScenarioValue]) -> ScenarioSum:
    """All tasks of one scenario together; a cost they share is paid once, and each flow discounted at its own rate.

    >>> from planner.domain.valuation.assumptions import Case, Setting
    >>> from planner.domain.valuation.distributions import Constant
    >>> from planner.domain.valuation.scenarios import Scenario, scenarios_compared
    >>> from planner.domain.valuation.shared_costs import SharedLine
    >>> labels = SharedLine("labels", "One labelled data set", Constant(100.0), frozenset("ab"))
    >>> case = Case.of(Setting(1), {"margin": Constant(90.0)}, [labels])
    >>> one, other = (scenarios_compared(case, [Scenario("base")])[0] for _ in "ab")
    >>> one.npv, scenario_sum([one, other]).npv, scenario_sum([one, other]).roi
    (-10.0, 80.0, 0.8)
    """
    shared = [line for each in values for line in each.shared]
    twice = sum(amount for _, amount in shared) - sum(dict(sorted(shared)).values())
    flows, discounted = [], []
    for each in values:
        factors = discount_factors(each.rate, len(each.flows) - 1)
        flows.append(each.flows)
        discounted.append([flow * factor for flow, factor in zip(each.flows, factors, strict=True)])
    together = _added(flows, twice)
    return ScenarioSum(
        npv=sum(each.npv for each in values) + twice,
        pv_costs=sum(each.pv_costs for each in values) - twice,
        irr=internal_rates(together),
        payback_years=payback_years(together),
        payback_discounted=payback_years(_added(discounted, twice)),
    )


def _added(flows: Sequence[Sequence[float]], at_start: float) -> list[float]:
    """The flows of each year together, the shorter ones ended; `at_start` comes on top of t = 0."""
    found = [sum(year) for year in zip_longest(*flows, fillvalue=0.0)] or [0.0]
    return [found[0] + at_start, *found[1:]]
