"""What a model for one task is worth: line items, cash flows, net present value and return on the costs.

The formulas, each input being a number or an array of draws of one length:

    minutes after   m' = c · m_exception + (1 − c) · m_review
    labour          V · a_y · (m − m') / 60 · wage · recapture
    errors          V · a_y · c · (EV_model − EV_today), EV = p·[TPR·v_tp + FNR·v_fn] + (1 − p)·[TNR·v_tn + FPR·v_fp]
                    (Provost and Fawcett, Data Science for Business, ch. 7), short form (e_today − e_model) · cost
    waiting         V · a_y · c · hours · value of an hour
    NPV             PV(benefits) − PV(costs),  ROI = NPV / PV(costs)

V visits a year, a_y adoption in year y, c coverage. A project that does not reach production spends what is paid
once, has no yearly costs and brings nothing. A cost shared with other tasks is paid once, whole. Risk factors
(Forrester TEI) take ρ off a benefit and add ρ to a cost whose inputs are all plain numbers; a distribution carries its
own risk.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from planner.domain.valuation.assumptions import INPUTS, Case, ErrorForm, Group, Setting
from planner.domain.valuation.cashflow import discount_factors, return_on_costs
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.shared_costs import SharedLine

FORMULA_VERSION = 3
"""Raised whenever a stored result would come out differently."""

Value = float | Array
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Line:
    """One benefit or cost: amount at full adoption, above zero as a benefit or as a cost, and how often it falls.

    `once` lines fall at t = 0, benefits follow adoption, yearly costs fall whole in every year.
    """

    key: str
    label: str
    group: Group
    amount: Value
    is_benefit: bool
    once: bool


@dataclass(frozen=True)
class Annuities:
    """Present values at a rate, at each of many, or their means: of one unit a year by adoption, and level."""

    adopted: Value
    level: Value

    @classmethod
    def at(cls, rate: Value, setting: Setting) -> "Annuities":
        """
        >>> Annuities.at(0.0, Setting(3, (0.5, 1.0)))
        Annuities(adopted=2.5, level=3.0)
        """
        level = (0.0, *([1.0] * setting.horizon))
        return cls(_annuity(rate, setting.profile), _annuity(rate, level))


@dataclass(frozen=True)
class Valuation:
    """Lines and their sums, each a number or an array of draws. All costs are above zero."""

    setting: Setting
    rate: Value
    reached: Value
    lines: tuple[Line, ...]
    annuities: Annuities

    @cached_property
    def benefit(self) -> Value:
        """Benefits of one year at full adoption, before the chance of reaching production."""
        return _sum(line.amount for line in self.lines if line.is_benefit)

    @cached_property
    def once(self) -> Value:
        """Costs at t = 0."""
        return _sum(line.amount for line in self.lines if not line.is_benefit and line.once)

    @cached_property
    def yearly(self) -> Value:
        """Costs of every year 1 … horizon, where the model is in production."""
        return _sum(line.amount for line in self.lines if not line.is_benefit and not line.once)

    @cached_property
    def pv_benefits(self) -> Value:
        return self.benefit * self.reached * self.annuities.adopted

    @cached_property
    def pv_costs(self) -> Value:
        return self.once + self.yearly * self.reached * self.annuities.level

    @cached_property
    def npv(self) -> Value:
        return self.pv_benefits - self.pv_costs

    @property
    def roi(self) -> float | None:
        """Mean NPV over mean PV(costs): a ratio of means, never a mean of ratios. None where there are no costs."""
        return return_on_costs(float(np.mean(self.npv)), float(np.mean(self.pv_costs)))

    def flows(self) -> tuple[Value, ...]:
        """Net cash flow at t = 0 … horizon."""
        later = (self.benefit * share - self.yearly for share in self.setting.profile[1:])
        return (-self.once, *(self.reached * flow for flow in later))

    def amount(self, key: str) -> Value:
        """The amount of one line, zero where there is no such line."""
        return next((line.amount for line in self.lines if line.key == key), 0.0)


def value(
    values: Values,
    setting: Setting,
    *,
    plain: Collection[str] = (),
    shared: Iterable[SharedLine] = (),
    annuities: Annuities | None = None,
) -> Valuation:
    """Value one task. `values` holds an amount or draws for each input (absent ones count zero) and for the name of
    each shared cost; `plain` names the inputs that are plain numbers, to whose lines alone the risk factors apply.
    `annuities` stand in the place of those at the discount rate.

    >>> setting = Setting(horizon=2, adoption=(0.5, 1.0))
    >>> values = {"volume": 6000.0, "minutes_before": 10.0, "wage": 30.0, "recapture": 1.0, "coverage": 1.0,
    ...           "person_days": 20.0, "day_rate": 500.0, "production": 1.0, "discount_rate": 0.0}
    >>> result = value(values, setting)
    >>> result.benefit, result.once, result.flows(), result.npv, result.roi
    (30000.0, 10000.0, (-10000.0, 15000.0, 30000.0), 35000.0, 3.5)
    """
    lines = (spec.nothing if spec.reads.isdisjoint(values) else _line(spec, values, setting, plain) for spec in LINES)
    borne = tuple(Line(line.name, line.label, Group.ONCE, values[line.name], False, True) for line in shared)
    rate = _at(values, "discount_rate")
    found = annuities or Annuities.at(rate, setting)
    return Valuation(setting, rate, values.get("production", 1.0), (*lines, *borne), found)


def value_case(case: Case, values: Values, annuities: Annuities | None = None) -> Valuation:
    """Value a case at amounts of its own: `values` as in `value`, for every name of `case.amounts`."""
    return value(values, case.setting, plain=case.plain, shared=case.shared, annuities=annuities)


def value_at_medians(case: Case, *, reached: float = 1.0) -> Valuation:
    """The valuation a controller checks by hand: every input at its median, production reached."""
    return value_case(case, {**case.medians, "production": reached})


def minutes_after(values: Values) -> Value:
    """Human minutes a visit still takes: c · m_exception + (1 − c) · m_review.

    >>> round(minutes_after({"coverage": 0.8, "minutes_exception": 0.3, "minutes_review": 14.0}), 2)
    3.04
    """
    coverage = _at(values, "coverage")
    return coverage * _at(values, "minutes_exception") + (1 - coverage) * _at(values, "minutes_review")


def decision_value(positive: Value, found: Value, alarms: Value, values: Values) -> Value:
    """Expected value of one decision; `found` is the true and `alarms` the false positive rate, values are signed.

    >>> worth = {"value_tp": -240.0, "value_fn": -1200.0, "value_fp": -300.0}
    >>> round(decision_value(0.03, 0.70, 0.05, worth), 2), round(decision_value(0.03, 0.55, 0.05, worth), 2)
    (-30.39, -34.71)
    """
    on_positive = found * _at(values, "value_tp") + (1 - found) * _at(values, "value_fn")
    on_negative = (1 - alarms) * _at(values, "value_tn") + alarms * _at(values, "value_fp")
    return positive * on_positive + (1 - positive) * on_negative


def model_value(values: Values) -> Value:
    """Expected value of a decision of the model."""
    return decision_value(_at(values, "positive"), _at(values, "found_model"), _at(values, "alarms_model"), values)


def today_value(values: Values, form: ErrorForm) -> Value:
    """Expected value of a decision today: measured against the outcome, or the user's estimate for an imitation."""
    if form is ErrorForm.IMITATION:
        return _at(values, "value_today")
    return decision_value(_at(values, "positive"), _at(values, "found_today"), _at(values, "alarms_today"), values)


def _at(values: Values, key: str) -> Value:
    return values.get(key, 0.0)


def _labour(values: Values, form: ErrorForm) -> Value:
    saved = _at(values, "minutes_before") - minutes_after(values)
    return _at(values, "volume") * saved / 60 * _at(values, "wage") * _at(values, "recapture")


def _errors(values: Values, form: ErrorForm) -> Value:
    decided = _at(values, "volume") * _at(values, "coverage")
    if form is ErrorForm.RATES:
        return decided * (_at(values, "error_today") - _at(values, "error_model")) * _at(values, "error_cost")
    return decided * (model_value(values) - today_value(values, form))


def _inference(values: Values, form: ErrorForm) -> Value:
    return _at(values, "inference") / 1000 * _at(values, "volume")


@dataclass(frozen=True)
class LineSpec:
    """A line item: words, group, the inputs it reads, and its formula where it is not simply their product."""

    key: str
    label: str
    group: Group
    inputs: tuple[str, ...]
    formula: Callable[[Values, ErrorForm], Value] | None = None

    @property
    def is_benefit(self) -> bool:
        return self.group in _BENEFITS

    @cached_property
    def reads(self) -> frozenset[str]:
        return frozenset(self.inputs)

    @cached_property
    def nothing(self) -> Line:
        """The line where none of its inputs is in use."""
        return self.line(0.0)

    def line(self, amount: Value) -> Line:
        return Line(self.key, self.label, self.group, amount, self.is_benefit, self.group is Group.ONCE)

    def amount(self, values: Values, form: ErrorForm) -> Value:
        """The amount at full adoption."""
        if self.formula is not None:
            return self.formula(values, form)
        product: Value = 1.0
        for key in self.inputs:
            product = product * _at(values, key)
        return product


_MINUTES = ("volume", "minutes_before", "coverage", "minutes_exception", "minutes_review", "wage", "recapture")
_DECISIONS = tuple(key for key, spec in INPUTS.items() if spec.group is Group.ERRORS)

LINES = (
    LineSpec("labour", "labour", Group.LABOUR, _MINUTES, _labour),
    LineSpec("errors", "errors", Group.ERRORS, ("volume", "coverage", *_DECISIONS), _errors),
    LineSpec("margin", "margin", Group.OTHER, ("margin",)),
    LineSpec("waiting", "waiting time", Group.OTHER, ("volume", "coverage", "waiting_hours", "hour_value")),
    LineSpec("discovery", "discovery", Group.ONCE, ("discovery",)),
    LineSpec("data_acquisition", "getting the data", Group.ONCE, ("data_acquisition",)),
    LineSpec("labelling", "labels", Group.ONCE, ("labels", "label_cost")),
    LineSpec("building", "building", Group.ONCE, ("person_days", "day_rate")),
    LineSpec("integration", "integration", Group.ONCE, ("integration",)),
    LineSpec("change_management", "training and change", Group.ONCE, ("change_management",)),
    LineSpec("inference", "predictions", Group.YEARLY, ("inference", "volume"), _inference),
    LineSpec("hosting", "hosting", Group.YEARLY, ("hosting",)),
    LineSpec("monitoring", "monitoring", Group.YEARLY, ("monitoring",)),
    LineSpec("retraining", "retraining", Group.YEARLY, ("retrainings", "retraining_cost")),
    LineSpec("new_labels", "new labels", Group.YEARLY, ("new_labels", "label_cost")),
    LineSpec("support", "support", Group.YEARLY, ("support",)),
)
"""Every benefit and cost, in the order of the page."""

_BENEFITS = (Group.LABOUR, Group.ERRORS, Group.OTHER)


def _line(spec: LineSpec, values: Values, setting: Setting, plain: Collection[str]) -> Line:
    amount = spec.amount(values, setting.error_form)
    if plain and all(key in plain for key in spec.inputs if key in values):
        amount = amount * (1 - _at(values, "risk_benefits") if spec.is_benefit else 1 + _at(values, "risk_costs"))
    return spec.line(amount)


def _annuity(rate: Value, profile: tuple[float, ...]) -> Value:
    """Present value of `profile`, one share for each t, at a rate or at each of many."""
    if isinstance(rate, np.ndarray):
        total: Value = np.zeros_like(rate)
        for share in reversed(profile):
            total = share + total / (1 + rate)
        return total
    return _annuity_at(float(rate), profile)


@lru_cache(maxsize=256)
def _annuity_at(rate: float, profile: tuple[float, ...]) -> float:
    factors = discount_factors(rate, len(profile) - 1)
    return float(sum(share * factor for share, factor in zip(profile, factors, strict=True)))


def _sum(amounts: Iterable[Value]) -> Value:
    """The sum; plain numbers first, so that draws are touched only by draws and once by them all."""
    plain: Value = 0.0
    total: Array | None = None
    for amount in amounts:
        if isinstance(amount, np.ndarray) and amount.shape[-1] > 1:
            total = amount if total is None else total + amount
        else:
            plain = plain + amount
    return plain if total is None else total + plain
