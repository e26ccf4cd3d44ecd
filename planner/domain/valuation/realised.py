"""What a model in use really brought in a month, in the money and with the signs of its estimate.

Labour, waiting and margin follow from how many cases it predicted and decided alone; the errors from its decisions
whose outcome is known, each set against what the decision of today would have been worth, cell by cell:

    gain of a cell   v(cell) − what today's decision is worth in a case of that kind
    month            Σ count · gain / known · alone,  ± Z · sqrt(alone · (alone − known) · s² / known)

the total of a sample without replacement (Cochran, Sampling Techniques, 2.5): where every outcome is known there is no
interval. s² is the spread of the gains, half a decision added to each cell so that a cell never met is not taken for
impossible. Running costs people entered stand in the place of the planned ones, kind by kind.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.domain.valuation.assumptions import Case, ErrorForm, Group
from planner.domain.valuation.measured import PRIOR, ConfusionMatrix
from planner.domain.valuation.valuation import LINES, Valuation, Values, value, value_case

Z = 1.6448536269514722
"""Of a 90 % interval."""

MONTHS = 12
OTHER_COST = "other"
COST_KINDS: Mapping[str, str] = {
    **{line.key: line.label for line in LINES if line.group is Group.YEARLY},
    OTHER_COST: "other running costs",
}
"""Running costs that can be entered for a month, as the estimate names them, and all others."""

FEWEST_MONTHS = 3
"""Complete months with a known value that it takes to propose the end of a pipeline."""


@dataclass(frozen=True)
class Money:
    """Benefit and running cost of a span of time, in currency, both above zero where they are a benefit and a cost."""

    benefit: float
    cost: float

    @property
    def net(self) -> float:
        return self.benefit - self.cost


@dataclass(frozen=True)
class Span:
    """An amount in currency with its 90 % interval."""

    value: float
    low: float
    high: float

    def plus(self, amount: float) -> "Span":
        return Span(self.value + amount, self.low + amount, self.high + amount)

    def times(self, factor: float) -> "Span":
        """`factor` is not negative."""
        return Span(self.value * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True)
class MonthFacts:
    """What was counted in a month: predictions, those decided without a person, and of these the known ones by cell."""

    predictions: int
    alone: int
    known: ConfusionMatrix | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.alone <= self.predictions:
            raise ValueError("What is decided alone is part of what is predicted.")
        if self.known is not None and self.known.count > self.alone:
            raise ValueError("What is known is part of what was decided alone.")


@dataclass(frozen=True)
class RealisedValue:
    """A month's value. `errors` is None while no outcome is known and the decisions are worth something: then the month
    has no value yet, only parts of one. `planned_costs` are the kinds of cost nobody entered."""

    labour: float
    other: float
    errors: Span | None
    cost: float
    planned_costs: tuple[str, ...] = ()

    @property
    def benefit(self) -> Span | None:
        return None if self.errors is None else self.errors.plus(self.labour + self.other)

    @property
    def net(self) -> Span | None:
        return None if self.benefit is None else self.benefit.plus(-self.cost)


@dataclass(frozen=True)
class CellGains:
    """What one decision of each cell is worth more than today's in the same case, in currency."""

    tp: float
    fp: float
    fn: float
    tn: float

    @property
    def each(self) -> tuple[float, float, float, float]:
        return (self.tp, self.fp, self.fn, self.tn)


def cell_gains(values: Values, form: ErrorForm) -> CellGains:
    """The gains of the four cells from the amounts of an estimate.

    >>> cell_gains({"error_today": 0.04, "error_cost": 100.0}, ErrorForm.RATES)
    CellGains(tp=4.0, fp=-96.0, fn=-96.0, tn=4.0)
    """
    if form is ErrorForm.RATES:
        right = _at(values, "error_today") * _at(values, "error_cost")
        wrong = right - _at(values, "error_cost")
        return CellGains(right, wrong, wrong, right)
    worth = {cell: _at(values, f"value_{cell}") for cell in ("tp", "fp", "fn", "tn")}
    if form is ErrorForm.IMITATION:
        on_positive = on_negative = _at(values, "value_today")
    else:
        found, alarms = _at(values, "found_today"), _at(values, "alarms_today")
        on_positive = found * worth["tp"] + (1 - found) * worth["fn"]
        on_negative = (1 - alarms) * worth["tn"] + alarms * worth["fp"]
    return CellGains(
        worth["tp"] - on_positive, worth["fp"] - on_negative, worth["fn"] - on_positive, worth["tn"] - on_negative
    )


def decisions_value(facts: MonthFacts, gains: CellGains) -> Span | None:
    """What the decisions made alone were worth against today's; None where it takes outcomes and none is known."""
    if facts.alone == 0 or len(set(gains.each)) == 1:
        found = facts.alone * gains.tp
        return Span(found, found, found)
    if facts.known is None:
        return None
    matrix, every = facts.known, facts.alone
    counts = (matrix.tp, matrix.fp, matrix.fn, matrix.tn)
    total = every * sum(count * gain for count, gain in zip(counts, gains.each, strict=True)) / matrix.count
    weights = [(count + PRIOR) / (matrix.count + 4 * PRIOR) for count in counts]
    middle = sum(weight * gain for weight, gain in zip(weights, gains.each, strict=True))
    spread = sum(weight * (gain - middle) ** 2 for weight, gain in zip(weights, gains.each, strict=True))
    half = Z * math.sqrt(every * (every - matrix.count) * spread / matrix.count)
    return Span(total, total - half, total + half)


def realised_month(case: Case, facts: MonthFacts, costs: Mapping[str, float], *, share: float = 1.0) -> RealisedValue:
    """The value of a month from what was counted in it, at the estimate's money and minutes.

    `costs` are the amounts entered by kind (`COST_KINDS`), in currency a month; `share` is the part of the month, 0 to
    1, that planned costs are borne for.
    """
    means, setting = case.means, case.setting
    volume = _at(means, "volume")
    used = facts.predictions / volume if volume else 0.0
    decided = facts.alone / facts.predictions if facts.predictions else 0.0
    counted = {
        **means,
        "volume": float(facts.predictions),
        "coverage": decided,
        "margin": _at(means, "margin") * used,
    }
    found = value(counted, setting)
    planned = _running(value_case(case, means), share) | {"inference": float(found.amount("inference"))}
    borne = {**planned, **costs}
    missing = tuple(key for key, amount in planned.items() if key not in costs and amount)
    return RealisedValue(
        labour=float(found.amount("labour")),
        other=float(found.amount("margin")) + float(found.amount("waiting")),
        errors=decisions_value(facts, cell_gains(means, setting.error_form)),
        cost=sum(borne.values()),
        planned_costs=missing,
    )


def planned_month(case: Case, number: int, *, share: float = 1.0) -> Money:
    """What the plan says of the month `number` (0: the first in use), or of a share of it; nothing past the horizon.

    >>> from planner.domain.valuation.assumptions import INPUTS, Setting
    >>> case = Case.of(Setting(2, (0.5, 1.0)), {"margin": INPUTS["margin"].read("2400")})
    >>> [planned_month(case, number).benefit for number in (0, 11, 12, 24)]
    [100.0, 100.0, 200.0, 0.0]
    """
    year = number // MONTHS + 1
    if not 1 <= year <= case.setting.horizon:
        return Money(0.0, 0.0)
    plan = value_case(case, case.means)
    return Money(float(plan.benefit) * case.setting.profile[year] / MONTHS * share, float(plan.yearly) / MONTHS * share)


def planned_once(case: Case) -> float:
    """What is spent before the first month, in currency."""
    return float(value_case(case, case.means).once)


@dataclass(frozen=True)
class Done:
    """A complete month whose value is known, beside what the plan of now says of it."""

    planned: Money
    benefit: Span
    cost: float

    @property
    def net(self) -> Span:
        return self.benefit.plus(-self.cost)


@dataclass(frozen=True)
class Forecast:
    """The months to come, each with what it is expected to bring; `basis` counts the months it is drawn from."""

    months: tuple[Span, ...]
    basis: int

    @property
    def total(self) -> Span:
        return Span(*(sum(getattr(each, part) for each in self.months) for part in ("value", "low", "high")))


def forecast(done: Sequence[Done], ahead: Sequence[Money]) -> Forecast | None:
    """What the months ahead will bring if they stand to their plan as the months done did; None before the first.

    Benefits and costs keep their own ratio to the plan; where the plan says nothing of one, what it was on average goes
    on. The interval carries what is not known of outcomes, no more.

    >>> done = [Done(Money(100.0, 20.0), Span(50.0, 40.0, 60.0), 30.0)]
    >>> forecast(done, [Money(200.0, 20.0)]).months
    (Span(value=70.0, low=50.0, high=90.0),)
    """
    if not done:
        return None
    gained = together([each.benefit for each in done])
    planned, spent = sum(each.planned.benefit for each in done), sum(each.cost for each in done)
    planned_cost = sum(each.planned.cost for each in done)
    months = []
    for each in ahead:
        benefit = gained.times(each.benefit / planned if planned > 0 else 1 / len(done))
        cost = spent * (each.cost / planned_cost if planned_cost > 0 else 1 / len(done))
        months.append(benefit.plus(-cost))
    return Forecast(tuple(months), len(done))


def together(spans: Sequence[Span]) -> Span:
    """The sum of amounts whose errors are independent of each other.

    >>> together([Span(1.0, -2.0, 4.0), Span(2.0, -2.0, 6.0)])
    Span(value=3.0, low=-2.0, high=8.0)
    """
    total = sum(each.value for each in spans)
    low = math.sqrt(sum((each.value - each.low) ** 2 for each in spans))
    high = math.sqrt(sum((each.high - each.value) ** 2 for each in spans))
    return Span(total, total - low, total + high)


@dataclass(frozen=True)
class ValueGone:
    """Why a pipeline is proposed for retirement: what its last months lost, and what going on is expected to lose."""

    months: int
    lost: float
    ahead: float


def value_gone(done: Sequence[Done], ahead: Forecast | None) -> ValueGone | None:
    """Whether the value of a pipeline is gone: its last three complete months together surely cost more than they
    brought (the whole interval is below zero), and the months to come are expected to as well. None where not.

    >>> month = Done(Money(10.0, 5.0), Span(1.0, 0.0, 2.0), 5.0)
    >>> value_gone([month] * 3, forecast([month] * 3, [Money(10.0, 5.0)]))
    ValueGone(months=3, lost=12.0, ahead=4.0)
    >>> value_gone([month] * 2, forecast([month] * 2, [Money(10.0, 5.0)]))
    """
    last = together([each.net for each in done[-FEWEST_MONTHS:]])
    if len(done) < FEWEST_MONTHS or last.high >= 0 or ahead is None or ahead.total.value >= 0:
        return None
    return ValueGone(FEWEST_MONTHS, -last.value, -ahead.total.value)


def share_between(hits: int, misses: int) -> Span | None:
    """A share with Wilson's interval (1927); None of nothing.

    >>> found = share_between(8, 2)
    >>> round(found.low, 3), found.value, round(found.high, 3)
    (0.541, 0.8, 0.931)
    """
    count = hits + misses
    if count == 0:
        return None
    found = hits / count
    centre = (found + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z * math.sqrt(found * (1 - found) / count + Z**2 / (4 * count**2)) / (1 + Z**2 / count)
    return Span(found, min(found, max(0.0, centre - half)), max(found, min(1.0, centre + half)))


def added(matrices: Sequence[ConfusionMatrix]) -> ConfusionMatrix | None:
    """All decisions of several months; None of none.

    >>> added([ConfusionMatrix(1, 0, 0, 1), ConfusionMatrix(0, 2, 0, 0)])
    ConfusionMatrix(tp=1, fp=2, fn=0, tn=1)
    """
    if not matrices:
        return None
    first = matrices[0]
    for each in matrices[1:]:
        first = replace(
            first, tp=first.tp + each.tp, fp=first.fp + each.fp, fn=first.fn + each.fn, tn=first.tn + each.tn
        )
    return first


def _running(plan: Valuation, share: float) -> dict[str, float]:
    """The plan's running costs of a share of a month, by kind."""
    return {
        line.key: float(line.amount) / MONTHS * share for line in plan.lines if not line.is_benefit and not line.once
    }


def _at(values: Values, key: str) -> float:
    return float(values.get(key, 0.0))
