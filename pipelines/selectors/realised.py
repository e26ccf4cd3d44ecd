"""Where a pipeline in use stands against its plan: months done, what is to come, what was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from common.formatting import count, listed, money, share, things
from jobs.models import Run
from pipelines.domain.realised import facts_of, month_after, month_ends, month_of, months_apart, months_until
from pipelines.models import Pipeline, PredictionRecord, Promotion, PromotionState, RealisedMonth
from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.measured import ConfusionMatrix
from planner.domain.valuation.realised import (
    COST_KINDS,
    MONTHS,
    Done,
    Forecast,
    Money,
    Span,
    ValueGone,
    added,
    forecast,
    planned_month,
    planned_once,
    value_gone,
)
from planner.selectors import valued_task
from planner.selectors.value_inputs import version_of

KIND = "pipelines.realise"


@dataclass(frozen=True)
class MonthView:
    """A stored month as it is shown. `number` counts from the first month in use, `net` is None while not known."""

    row: RealisedMonth
    number: int
    is_over: bool

    @property
    def net(self) -> Span | None:
        return _span(self.row.realised.get("net"))

    @property
    def benefit(self) -> Span | None:
        return _span(self.row.realised.get("benefit"))

    @property
    def coverage(self) -> float | None:
        """The share of the month's cases that got a prediction; None where nobody said how many there were."""
        return self.row.volume / self.row.cases if self.row.cases else None

    @property
    def right(self) -> int:
        """Decisions made alone that turned out right."""
        return int(self.row.counts.get("tp", 0)) + int(self.row.counts.get("tn", 0))

    @property
    def unknown(self) -> str:
        """What is not known yet of this month, in words; empty where all is."""
        missing = self.row.alone - self.row.known
        said = []
        if not self.is_over:
            said.append("the month is not over")
        if missing and self.row.realised:
            said.append(f"{things(missing, 'outcome')} of {count(self.row.alone)} not known")
        planned = [COST_KINDS[kind] for kind in self.row.realised.get("planned_costs", ()) if kind in COST_KINDS]
        if planned:
            said.append(f"as planned: {', '.join(planned)}")
        return "; ".join(said)

    @property
    def costs(self) -> list[tuple[str, float]]:
        """Costs people entered, by name."""
        return [(label, self.row.costs[kind]) for kind, label in COST_KINDS.items() if kind in self.row.costs]


@dataclass(frozen=True)
class Standing:
    """Planned against realised. Money in the workspace's currency; nothing is discounted. `case` is None, with the
    `gap` in words, where the task cannot be valued."""

    months: tuple[MonthView, ...]
    case: Case | None
    gap: str
    ahead: tuple[date, ...] = ()
    planned_ahead: tuple[Money, ...] = ()
    forecast: Forecast | None = None
    gone: ValueGone | None = None
    once: float = 0.0

    @property
    def known(self) -> tuple[MonthView, ...]:
        """Complete months whose value is known."""
        return tuple(month for month in self.months if month.is_over and month.net is not None)

    @property
    def realised(self) -> float:
        return sum(month.net.value for month in self.known if month.net)

    @property
    def planned(self) -> float:
        """What was planned of the months that are known."""
        return sum(float(month.row.planned.get("net", 0.0)) for month in self.known)

    @property
    def planned_to_come(self) -> float:
        return sum(each.net for each in self.planned_ahead)

    @property
    def ends(self) -> date | None:
        """The last month of the plan."""
        return self.ahead[-1] if self.ahead else None


@dataclass(frozen=True)
class Measured:
    """What all months measured together, to go into the estimate."""

    months: tuple[date, ...]
    confusion: ConfusionMatrix | None
    alone: tuple[int, int]
    """Predictions decided without a person, and the others."""
    volume: tuple[float, float] | None
    """Cases a year, low and high, by the complete months somebody counted the cases of."""
    costs: dict[str, float]
    """Amounts for the estimate by its name of them, from the complete months they were entered for."""

    @property
    def span(self) -> str:
        first, last = f"{self.months[0]:%b %Y}", f"{self.months[-1]:%b %Y}"
        return first if first == last else f"{first} to {last}"

    @property
    def source(self) -> str:
        return f"measured: {self.span}"

    @property
    def words(self) -> str:
        """What would go into the estimate, in a sentence."""
        parts = []
        if self.confusion is not None:
            parts.append(f"how often it was right, from {things(self.confusion.count, 'outcome')}")
        if sum(self.alone):
            parts.append(f"the {share(self.alone[0] / sum(self.alone))} it decides alone")
        if self.volume is not None:
            parts.append("cases a year")
        if self.costs:
            parts.append("what running it costs")
        return listed(parts)


def plan_of(pipeline: Pipeline) -> tuple[Case | None, str]:
    """The case of the estimate without what runs measured, else the gap in words."""
    task = pipeline.task
    task.workspace = pipeline.workspace
    found = valued_task(task)
    return found.planned_case, found.gap


def in_use_since(pipeline: Pipeline) -> datetime | None:
    """When its first model was put into use, or predicted first; None before."""
    done = Promotion.objects.filter(pipeline=pipeline, state=PromotionState.DONE).aggregate(
        asked=Min("asked_at"), decided=Min("decided_at")
    )
    first = PredictionRecord.objects.filter(pipeline=pipeline).aggregate(at=Min("at"))["at"]
    return min((moment for moment in (done["asked"], first) if moment), default=None)


def months_of(pipeline: Pipeline) -> QuerySet[RealisedMonth]:
    """Its stored months, the earliest first."""
    return RealisedMonth.objects.of(pipeline.workspace).filter(pipeline=pipeline).select_related("version")


def standing_of(pipeline: Pipeline, rows: Sequence[RealisedMonth], case: Case | None, gap: str = "") -> Standing:
    """What the stored months and the plan of now say."""
    now = timezone.now()
    first = rows[0].month if rows else None
    months = tuple(MonthView(row, months_apart(rows[0].month, row.month), month_ends(row.month) <= now) for row in rows)
    if case is None or first is None:
        return Standing(months, case, gap)
    last = month_after(first, MONTHS * case.setting.horizon - 1)
    ahead = tuple(months_until(max(month_of(now), first), last))
    begun = max((row.share for row in rows if row.month == month_of(now)), default=0.0)
    planned = tuple(
        planned_month(case, months_apart(first, month), share=1 - begun if month == month_of(now) else 1.0)
        for month in ahead
    )
    done = list(_done(months, case))
    expected = forecast(done, planned)
    return Standing(months, case, gap, ahead, planned, expected, value_gone(done, expected), planned_once(case))


def realised_standing(pipeline: Pipeline) -> Standing:
    """Where it stands, from what is stored."""
    case, gap = plan_of(pipeline)
    return standing_of(pipeline, list(months_of(pipeline)), case, gap)


def gone_words(gone: ValueGone | None, ends: date | None, currency: str) -> str:
    """Why it is proposed to retire a pipeline; empty where it is not."""
    if gone is None or ends is None:
        return ""
    return (
        f"The last {gone.months} complete months cost {money(gone.lost, currency)} more than they brought, and "
        f"going on until {ends:%B %Y} is expected to lose another {money(gone.ahead, currency)}."
    )


def measured_of(standing: Standing) -> Measured | None:
    """What the months measured, None while that is nothing."""
    months = [month for month in standing.months if month.row.volume]
    if not months:
        return None
    matrices = [facts_of(each.row.volume, each.row.alone, each.row.counts).known for each in months]
    alone = sum(each.row.alone for each in months)
    over = [each for each in standing.months if each.is_over and each.row.share >= 1]
    return Measured(
        months=tuple(each.row.month for each in months),
        confusion=added([each for each in matrices if each is not None]),
        alone=(alone, sum(each.row.volume for each in months) - alone),
        volume=_a_year([each.row.cases for each in over if each.row.cases is not None]),
        costs=_costs_measured(over),
    )


def computing_of(pipeline: Pipeline) -> Run | None:
    """The job that counts its months, while it is under way."""
    jobs = Run.objects.of(pipeline.workspace).about(pipeline.subject).filter(kind=KIND)
    return jobs.under_way().first()


def computed_at(rows: Iterable[RealisedMonth]) -> datetime | None:
    return max((row.computed_at for row in rows), default=None)


def estimate_version(pipeline: Pipeline) -> int:
    """The version of the estimate an edit is made on; 0 before the first."""
    return version_of(pipeline.task)


def realised_headline(pipeline: Pipeline, standing: Standing) -> str:
    """Whether it is still worth it, as far as it is known."""
    currency = pipeline.workspace.currency
    if not standing.months:
        return "Nothing is counted yet"
    if standing.case is None:
        return "Counted, but the task has no value yet"
    if not standing.known:
        return "No complete month is known yet"
    months = things(len(standing.known), "month")
    return f"{money(standing.realised, currency)} in {months}, {money(standing.planned, currency)} as planned"


def _done(months: Sequence[MonthView], case: Case) -> Iterable[Done]:
    for month in months:
        if month.is_over and month.benefit is not None:
            planned = planned_month(case, month.number, share=month.row.share)
            yield Done(planned, month.benefit, float(month.row.realised["cost"]))


def _a_year(cases: Sequence[int]) -> tuple[float, float] | None:
    """Twelve times the mean month, give or take its spread: two standard errors, at least a twentieth."""
    if not cases:
        return None
    mean = sum(cases) / len(cases)
    spread = sum((each - mean) ** 2 for each in cases) / max(1, len(cases) - 1)
    half = max(0.05 * mean, 2 * (spread / len(cases)) ** 0.5)
    return MONTHS * max(0.0, mean - half), MONTHS * (mean + half)


def _costs_measured(months: Sequence[MonthView]) -> dict[str, float]:
    """Amounts a year of what the estimate holds a year, and the price of a thousand predictions."""
    found = {}
    for kind in ("hosting", "monitoring", "support"):
        entered = [float(each.row.costs[kind]) for each in months if kind in each.row.costs]
        if entered:
            found[kind] = MONTHS * sum(entered) / len(entered)
    paid = [each.row for each in months if "inference" in each.row.costs]
    predicted = sum(row.volume for row in paid)
    if predicted:
        found["inference"] = 1000 * sum(float(row.costs["inference"]) for row in paid) / predicted
    return found


def _span(found: Any) -> Span | None:
    return Span(found["value"], found["low"], found["high"]) if found else None
