"""Scenarios: the same task under other assumptions, side by side as plain values.

Every amount is one number in a scenario: its median in the base, its P10 or P90 in "low" and "high", what it is set to
in one's own. The chance of reaching production weighs as it is: it is not set to one. What was a distribution stays
one for the risk factors, so that naming a number for it brings no second risk on top.

"Low" is no forecast: all inputs turn out badly together, which independent inputs hardly ever do. It shows what has to
go wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.cashflow import InternalRates, internal_rates, payback_years
from planner.domain.valuation.closed_form import one_at_a_time
from planner.domain.valuation.distributions import Distribution, marks, median
from planner.domain.valuation.valuation import Valuation, value_case


class Usual(StrEnum):
    """The scenarios everybody asks for."""

    BASE = "base"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Scenario:
    """A name and the amounts it sets, each a plain number; all others are at their medians.

    `setting` stands in the place of the case's own years and adoption; its error form has to be the case's.
    """

    name: str
    amounts: tuple[tuple[str, float], ...] = ()
    setting: Setting | None = None


@dataclass(frozen=True, eq=False)
class ScenarioValue:
    """A task valued in a scenario, all by hand: money in currency, paybacks in years (None: never), ROI None without
    costs."""

    scenario: Scenario
    result: Valuation
    irr: InternalRates
    payback_years: float | None
    payback_discounted: float | None

    @property
    def npv(self) -> float:
        return float(self.result.npv)

    @property
    def roi(self) -> float | None:
        return self.result.roi


@dataclass(frozen=True)
class Difference:
    """An amount that a scenario sets: the base's median, its own, and what this change alone does to the base's NPV."""

    key: str
    label: str
    base: float
    here: float
    alone: float


def own_scenario(
    case: Case, name: str, overrides: Mapping[str, Distribution], setting: Setting | None = None
) -> Scenario:
    """A scenario of one's own; a range set in it counts at its median. KeyError names what the case does not have.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant, Normal
    >>> case = Case.of(Setting(1), {"wage": Normal.interval(30, 40)})
    >>> own_scenario(case, "dear year", {"wage": Constant(45.0)}).amounts
    (('wage', 45.0),)
    """
    unknown = [key for key in overrides if key not in case.amounts]
    if unknown:
        raise KeyError(f"This estimate has no {unknown[0]} to set.")
    return Scenario(name, tuple((key, median(distribution)) for key, distribution in overrides.items()), setting)


@lru_cache(maxsize=2048)
def usual_scenarios(case: Case) -> tuple[Scenario, Scenario, Scenario]:
    """Base, low and high. Low and high are never better, or worse, than the base."""
    return Scenario(Usual.BASE.value), _all_one_way(case, Usual.LOW.value, -1), _all_one_way(case, Usual.HIGH.value, 1)


def scenarios_compared(case: Case, scenarios: Iterable[Scenario]) -> tuple[ScenarioValue, ...]:
    """Each scenario valued, in the order given."""
    return tuple(_valued(case, scenario) for scenario in scenarios)


def differences(case: Case, scenario: Scenario) -> tuple[Difference, ...]:
    """What a scenario changes, what moves the value most first. Changes meet, so those alone do not add up.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant
    >>> case = Case.of(Setting(1), {"margin": Constant(100.0), "hosting": Constant(30.0)})
    >>> differences(case, Scenario("dear", (("hosting", 50.0), ("margin", 100.0))))
    (Difference(key='hosting', label='Hosting', base=30.0, here=50.0, alone=-20.0),)
    """
    medians = case.medians
    changes = [(key, amount) for key, amount in scenario.amounts if amount != medians[key]]
    before, *after = one_at_a_time(case, medians, changes).tolist()
    found = (
        Difference(key, case.label(key), medians[key], amount, npv - before)
        for (key, amount), npv in zip(changes, after, strict=True)
    )
    return tuple(sorted(found, key=lambda each: -abs(each.alone)))


def _valued(case: Case, scenario: Scenario) -> ScenarioValue:
    case = replace(case, setting=scenario.setting) if scenario.setting else case
    result = value_case(case, {**case.medians, **dict(scenario.amounts)})
    flows = [float(flow) for flow in result.flows()]
    return ScenarioValue(
        scenario,
        result,
        irr=internal_rates(flows),
        payback_years=payback_years(flows),
        payback_discounted=payback_years(flows, float(result.rate)),
    )


def _all_one_way(case: Case, name: str, way: int) -> Scenario:
    """Every uncertain amount at the end that moves the value this way (−1 down, +1 up).

    Those whose sign is known (`gain`) first. For the others the sign depends on what the rest is, so each is tried at
    both ends where the ones before it have gone; being a straight line, one of the two ends is no step back.
    """
    chosen: dict[str, float] = {}
    signs = {key: INPUTS[key].gain if key in INPUTS else -1 for key in case.uncertain}
    for key in sorted(case.uncertain, key=lambda name: signs[name] == 0):
        low, _, high = marks(case.amounts[key])
        sign = signs[key] or _sign_between(case, {**case.medians, **chosen}, key)
        chosen[key] = high if sign * way > 0 else low
    return Scenario(name, tuple((key, chosen[key]) for key in case.uncertain))


def _sign_between(case: Case, base: Mapping[str, float], key: str) -> int:
    low, _, high = marks(case.amounts[key])
    _, at_low, at_high = one_at_a_time(case, base, [(key, low), (key, high)]).tolist()
    return 1 if at_high > at_low else -1
