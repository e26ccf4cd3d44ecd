"""Scenarios: the same task under other assumptions, side by side as plain values.

Every amount is one number in a scenario: its median in the base, its P10 or P90 in "low" and "high", what it is set to
in one's own. The chance of reaching production weighs as it is: it is not set to one. What was a distribution stays
one for the risk factors, so that naming a number for it brings no second risk on top.

"Low" is no forecast: all inputs turn out badly together, which independent inputs hardly ever do. It shows what has to
go wrong.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from planner.domain.valuation.alike import RATE, Alike
from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.cashflow import InternalRates, internal_rates, payback_years, return_on_costs
from planner.domain.valuation.closed_form import one_at_a_time_of_each
from planner.domain.valuation.distributions import Array, Distribution, median
from planner.domain.valuation.shared_costs import is_shared_cost
from planner.domain.valuation.valuation import Annuities, Valuation, Value, value


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
    npv: float
    pv_costs: float
    flows: tuple[float, ...]
    """Net cash flow at t = 0 … horizon."""
    rate: float
    shared: tuple[tuple[str, float], ...]
    """Costs it shares with other tasks: name and amount."""

    @property
    def roi(self) -> float | None:
        return return_on_costs(self.npv, self.pv_costs)

    @cached_property
    def irr(self) -> InternalRates:
        return internal_rates(self.flows)

    @cached_property
    def payback_years(self) -> float | None:
        return payback_years(self.flows)

    @cached_property
    def payback_discounted(self) -> float | None:
        return payback_years(self.flows, self.rate)


@dataclass(frozen=True)
class Difference:
    """An amount that a scenario sets: the base's median, its own, and what this change alone does to the base's NPV."""

    key: str
    label: str
    base: float
    here: float
    alone: float


@dataclass(frozen=True, eq=False)
class Changes:
    """What scenarios change in the same amounts of cases of one shape: a column each, and a row for each case."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    base: Array
    here: Array
    alone: Array

    def of(self, row: int) -> tuple[Difference, ...]:
        """Those of one case, what moves its value most first."""
        amounts = (each[row].tolist() for each in (self.base, self.here, self.alone))
        found = (Difference(*each) for each in zip(self.keys, self.labels, *amounts, strict=True))
        return tuple(sorted(found, key=lambda each: -abs(each.alone)))


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


def usual_scenarios(case: Case) -> tuple[Scenario, Scenario, Scenario]:
    """Base, low and high. Low and high are never better, or worse, than the base."""
    return usual_of_each(Alike((case,)))[0]


def usual_of_each(together: Alike) -> list[tuple[Scenario, Scenario, Scenario]]:
    """`usual_scenarios` of each of many cases."""
    base = Scenario(Usual.BASE.value)
    low, high = _all_one_way(together, Usual.LOW.value, -1), _all_one_way(together, Usual.HIGH.value, 1)
    return [(base, *each) for each in zip(low, high, strict=True)]


def scenarios_compared(case: Case, scenarios: Iterable[Scenario]) -> tuple[ScenarioValue, ...]:
    """Each scenario valued, in the order given."""
    return tuple(found for scenario in scenarios for found in values_of_each(Alike((case,)), [scenario]))


def values_of_each(together: Alike, scenarios: Sequence[Scenario]) -> list[ScenarioValue]:
    """Each of many cases valued in a scenario of its own, in their order."""
    groups: defaultdict[tuple[tuple[str, ...], Setting | None], list[int]] = defaultdict(list)
    for row, scenario in enumerate(scenarios):
        groups[tuple(key for key, _ in scenario.amounts), scenario.setting].append(row)
    found: dict[int, ScenarioValue] = {}
    for rows in groups.values():
        values = _valued(together.only(rows), [scenarios[row] for row in rows])
        found |= zip(rows, values, strict=True)
    return [found[row] for row in range(len(scenarios))]


def differences(case: Case, scenario: Scenario) -> tuple[Difference, ...]:
    """What a scenario changes, what moves the value most first. Changes meet, so those alone do not add up.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant
    >>> case = Case.of(Setting(1), {"margin": Constant(100.0), "hosting": Constant(30.0)})
    >>> differences(case, Scenario("dear", (("hosting", 50.0), ("margin", 100.0))))
    (Difference(key='hosting', label='Hosting', base=30.0, here=50.0, alone=-20.0),)
    """
    (changes, _), *_ = changes_of_each(Alike((case,)), [scenario])
    return changes.of(0)


def changes_of_each(together: Alike, scenarios: Sequence[Scenario]) -> list[tuple[Changes, tuple[int, ...]]]:
    """`differences` of each of many cases in a scenario of its own: those that change the same, and their rows."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    amounts = [_changed(*each) for each in zip(together.cases, scenarios, strict=True)]
    for row, changed in enumerate(amounts):
        groups[tuple(changed)].append(row)
    return [
        (_changes(together.only(rows), keys, [tuple(amounts[row].values()) for row in rows]), tuple(rows))
        for keys, rows in groups.items()
    ]


def _changed(case: Case, scenario: Scenario) -> dict[str, float]:
    medians = case.medians
    return {key: amount for key, amount in scenario.amounts if amount != medians[key]}


def _changes(together: Alike, keys: tuple[str, ...], amounts: Sequence[tuple[float, ...]]) -> Changes:
    """`amounts` of the `keys`, a row for each case."""
    here = np.array(amounts).reshape(len(amounts), len(keys))
    base = np.array([[case.medians[key] for key in keys] for case in together.cases]).reshape(here.shape)
    npv = one_at_a_time_of_each(together, together.medians, list(zip(keys, here.T, strict=True)))
    labels = tuple(together.shape.label(key) for key in keys)
    return Changes(keys, labels, base, here, npv[:, 1:] - npv[:, :1])


def _valued(together: Alike, scenarios: Sequence[Scenario]) -> list[ScenarioValue]:
    """Scenarios that set the same amounts, in the same setting."""
    set_here = zip(*(scenario.amounts for scenario in scenarios), strict=True)
    columns = {each[0][0]: together.column([amount for _, amount in each]) for each in set_here}
    result = _value(together, {**together.medians, **columns}, scenarios[0].setting)
    flows = zip(*map(together.rows, result.flows()), strict=True)
    borne = [(line.key, together.rows(line.amount)) for line in result.lines if is_shared_cost(line.key)]
    figures = zip(scenarios, *map(together.rows, (result.npv, result.pv_costs, result.rate)), flows, strict=True)
    return [
        ScenarioValue(scenario, npv, costs, flow, rate, tuple((name, amounts[row]) for name, amounts in borne))
        for row, (scenario, npv, costs, rate, flow) in enumerate(figures)
    ]


def _value(together: Alike, values: Mapping[str, Value], setting: Setting | None = None) -> Valuation:
    """Plain numbers of many cases valued at once. Where each has a rate of its own, annuities are found rate by rate,
    as they are for one case: of many rates at once the last digit is another."""
    shape = together.shape
    setting = setting or shape.setting
    annuities = None
    if isinstance(rates := values.get(RATE), np.ndarray):
        at = {rate: Annuities.at(rate, setting) for rate in set(together.rows(rates))}
        each = [at[rate] for rate in together.rows(rates)]
        adopted, level = ([getattr(one, name) for one in each] for name in ("adopted", "level"))
        annuities = Annuities(together.column(adopted), together.column(level))
    return value(values, setting, plain=shape.plain, shared=shape.shared, annuities=annuities)


def _all_one_way(together: Alike, name: str, way: int) -> list[Scenario]:
    """Every uncertain amount at the end that moves the value this way (−1 down, +1 up).

    Those whose sign is known (`gain`) first. For the others the sign depends on what the rest is, so each is tried at
    both ends where the ones before it have gone; being a straight line, one of the two ends is no step back.
    """
    uncertain = together.shape.uncertain
    chosen: dict[str, list[float]] = {}
    base = dict(together.medians)
    signs = {key: INPUTS[key].gain if key in INPUTS else -1 for key in uncertain}
    for key in sorted(uncertain, key=lambda name: signs[name] == 0):
        ends = [case.marks[key] for case in together.cases]
        gains = [signs[key] > 0] * len(ends) if signs[key] else _gains(together, base, key, ends)
        chosen[key] = [high if gain == (way > 0) else low for gain, (low, _, high) in zip(gains, ends, strict=True)]
        base[key] = together.column(chosen[key])
    return [
        Scenario(name, tuple(zip(uncertain, amounts, strict=True)))
        for amounts in (
            zip(*(chosen[key] for key in uncertain), strict=True) if uncertain else [()] * len(together.cases)
        )
    ]


def _gains(
    together: Alike, base: Mapping[str, Value], key: str, ends: Sequence[tuple[float, float, float]]
) -> list[bool]:
    """Whether more of an amount is worth more, for each case: valued as plain numbers at both ends."""
    low, high = (
        together.rows(_value(together, {**base, key: together.column([end[place] for end in ends])}).npv)
        for place in (0, 2)
    )
    return [more > less for less, more in zip(low, high, strict=True)]
