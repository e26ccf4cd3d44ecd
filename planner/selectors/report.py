"""What a report of a process says: put in words and figures once, set as PDF and as a workbook from the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.formatting import in_hundred, interval, listed, money, number, share, thousands
from planner.charts.on_paper import (
    cash_on_paper,
    histogram_on_paper,
    intervals_on_paper,
    process_on_paper,
    tornado_on_paper,
)
from planner.domain.valuation.assumptions import INPUTS, Case
from planner.domain.valuation.break_even import Found
from planner.domain.valuation.outcome import Outcome
from planner.models import PortfolioPlan, Process
from planner.selectors.process_drawing import drawing_of
from planner.selectors.ranking_page import RankingPage, ranking_headline, ranking_page
from planner.selectors.value_form import Row, form_sections
from planner.selectors.value_history import value_history
from planner.selectors.value_page import ValuePage, value_page
from planner.selectors.value_ranking import RankedTask, Ranking
from planner.selectors.value_tasks import ValuedTask
from planner.selectors.value_words import WAYS, doubt_words, payback, value_headline

DETAILED = 5
"""Tasks that have pages of their own; the others stand in the tables, and with all assumptions in the workbook."""
NEAREST = 6
"""Break-evens that are named, those nearest to what is assumed."""


@dataclass(frozen=True)
class AssumptionLine:
    """An assumption as used: what is written, its unit, where it is from, and what was noted."""

    label: str
    text: str
    unit: str
    source: str
    note: str
    origin: str


@dataclass(frozen=True)
class CashLine:
    """One row of yearly money in currency: t = 0, then the years."""

    label: str
    amounts: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class ReportedTask:
    """A ranked task with everything that is said of its value. Money in currency, shares from 0 to 1."""

    name: str
    headline: str
    verdict: str
    reason: str
    ranked: RankedTask[ValuedTask]
    outcome: Outcome
    figures: tuple[tuple[str, str], ...]
    pictures: tuple[str, ...]
    cash: tuple[CashLine, ...]
    rate: float
    assumptions: tuple[AssumptionLine, ...]
    break_even: tuple[str, ...]
    to_measure: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ReportContent:
    """A whole report. `decision` is in the words of whoever made it, `decided` what portfolios decided before."""

    workspace: str
    process: str
    currency: str
    made_by: str
    made_at: datetime
    headline: str
    advice: tuple[str, ...]
    decision: str
    decided: tuple[str, ...]
    process_picture: str
    hidden_flows: int
    ranking_picture: str
    by: str
    tasks: tuple[ReportedTask, ...]
    aside: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    on_defaults: int
    formula_version: int


def report_content(
    process: Process, ranking: Ranking[ValuedTask], *, decision: str, made_by: str, made_at: datetime
) -> ReportContent:
    """Everything a report of a process says; `ranking` is that of its tasks."""
    page = ranking_page(ranking)
    currency = process.workspace.currency
    drawing = drawing_of(process)
    tasks = tuple(_task(row, detailed=place < DETAILED) for place, row in enumerate(ranking.rows))
    return ReportContent(
        workspace=process.workspace.name,
        process=process.name,
        currency=currency,
        made_by=made_by,
        made_at=made_at,
        headline=ranking_headline(ranking),
        advice=_advice(ranking),
        decision=decision,
        decided=_decided(process),
        process_picture=process_on_paper(drawing),
        hidden_flows=int(drawing["hidden"]),
        ranking_picture=_ranked(page, currency),
        by=ranking.by.label,
        tasks=tasks,
        aside=tuple((found.task.name, reason) for found, reason in page.aside),
        warnings=page.warnings,
        on_defaults=ranking.on_defaults,
        formula_version=max((task.outcome.formula_version for task in tasks), default=0),
    )


def _ranked(page: RankingPage, currency: str) -> str:
    names = [row.place.valued.task.name for row in page.rows]
    return intervals_on_paper(page.axis, names, f"net present value, k {currency}") if names else ""


def _advice(ranking: Ranking[ValuedTask]) -> tuple[str, ...]:
    """What the figures say to do, before anybody decides: build, measure first, leave."""
    build = [row for row in ranking.rows if row.figures.npv > 0 and _loss(row.valued) <= 0.5]
    risky = [row for row in ranking.rows if row.figures.npv > 0 and _loss(row.valued) > 0.5]
    leave = [row for row in ranking.rows if row.figures.npv <= 0]
    said = []
    if build:
        said.append(f"Build: {_names(build)}.")
    if risky:
        said.append(f"Worth it on average, but lost more often than not: {_names(risky)}.")
    first = [(row.valued.task.name, _measure_first(row.valued)) for row in ranking.rows[:3]]
    said += [f"{name}: {words}" for name, words in first if words]
    if leave:
        said.append(f"Leave: {_names(leave)}.")
    return tuple(said)


def _names(rows: Sequence[RankedTask[ValuedTask]]) -> str:
    return listed([row.valued.task.name for row in rows])


def _measure_first(found: ValuedTask) -> str:
    if found.outcome is None or not found.outcome.information:
        return ""
    dearest = found.outcome.information[0]
    if dearest.worth < 0.01 * abs(found.outcome.summary.mean):
        return ""
    way = f" ({WAYS[dearest.key]})" if dearest.key in WAYS else ""
    worth = money(dearest.worth, found.workspace.currency)
    return f"find out about {doubt_words(dearest)} first{way}, worth at most {worth}."


def _loss(found: ValuedTask) -> float:
    return found.outcome.summary.loss_probability if found.outcome else 0.0


def _decided(process: Process) -> tuple[str, ...]:
    """Portfolios that were decided and concern this process."""
    names = {task.pk: task.name for task in process.tasks.all()}
    plans = PortfolioPlan.objects.of(process.workspace).exclude(decided_at=None).select_related("decided_by")
    said = []
    for plan in plans:
        chosen = [names[int(pk)] for pk in plan.decided if int(pk) in names]
        if chosen and plan.decided_at is not None:
            who = plan.decided_by or "somebody"
            said.append(f"Portfolio “{plan.name}”, decided by {who} on {plan.decided_at:%Y-%m-%d}: {listed(chosen)}.")
    return tuple(said)


def _task(row: RankedTask[ValuedTask], *, detailed: bool) -> ReportedTask:
    found, case, outcome = row.valued, row.valued.case, row.valued.outcome
    assert case is not None
    assert outcome is not None
    page = value_page(found, None, value_history(found)) if detailed else None
    finding = found.finding
    return ReportedTask(
        name=found.task.name,
        headline=value_headline(found),
        verdict=finding.verdict.label if finding else found.unchecked,
        reason=finding.reason if finding else "",
        ranked=row,
        outcome=outcome,
        figures=_figures(found, outcome),
        pictures=_pictures(page, found.workspace.currency, outcome) if page else (),
        cash=_cash(outcome),
        rate=float(outcome.at_medians.rate),
        assumptions=tuple(_assumption(line) for line in _lines(found)),
        break_even=_break_even(case, found.workspace.currency, outcome),
        to_measure=tuple(_measuring(found, outcome)),
    )


def _figures(found: ValuedTask, outcome: Outcome) -> tuple[tuple[str, str], ...]:
    summary, currency = outcome.summary, found.workspace.currency
    roi = "undefined: there are no costs to return on" if summary.roi is None else share(summary.roi)
    return (
        ("Net present value, mean", money(summary.mean, currency)),
        ("90 % interval", interval(summary.p5, summary.p95, currency)),
        ("Net present value, median of the draws", money(summary.p50, currency)),
        ("Net present value at the medians, in production", money(float(outcome.at_medians.npv), currency)),
        ("Chance of a loss", in_hundred(summary.loss_probability)),
        ("Present value of benefits, mean", _present(outcome.benefits.mean, outcome.benefits.p5, outcome.benefits.p95)),
        ("Present value of costs, mean", _present(outcome.costs.mean, outcome.costs.p5, outcome.costs.p95)),
        ("Return: mean NPV ÷ mean PV of costs", roi),
        ("Internal rate of return, at the medians", _irr(outcome)),
        ("Payback, undiscounted", payback(outcome.payback_years)),
        ("Payback, discounted", payback(outcome.payback_discounted)),
        ("Worth of knowing everything first", money(summary.information, currency)),
    )


def _irr(outcome: Outcome) -> str:
    return outcome.irr.words if outcome.irr.only is None else share(outcome.irr.only)


def _present(mean: float, low: float, high: float) -> str:
    return f"{money(mean, '')} ({interval(low, high)})"


def _pictures(page: ValuePage, currency: str, outcome: Outcome) -> tuple[str, ...]:
    years = outcome.at_medians.setting.horizon
    unit = f"net present value over {years} years, k {currency}"
    drawn = (
        histogram_on_paper(page.histogram, unit),
        cash_on_paper(page.cash, f"k {currency}"),
        tornado_on_paper(page.tornado, f"net present value, k {currency}"),
    )
    return tuple(filter(None, drawn))


def _cash(outcome: Outcome) -> tuple[CashLine, ...]:
    """Yearly money at the medians, in production: benefits, costs (negative) and both together."""
    result = outcome.at_medians
    benefits = tuple(float(result.benefit) * adopted for adopted in result.setting.profile)
    costs = (-float(result.once), *([-float(result.yearly)] * result.setting.horizon))
    net = tuple(gain + cost for gain, cost in zip(benefits, costs, strict=True))
    return CashLine("Benefits", benefits), CashLine("Costs", costs), CashLine("Net", net)


def _lines(found: ValuedTask) -> list[Row]:
    sections = form_sections(found, None, {}, {})
    return [row for section in sections for row in (*section.rows, *section.more)]


def _assumption(row: Row) -> AssumptionLine:
    return AssumptionLine(row.label, row.shown, row.unit, row.source, row.note, row.origin)


def _break_even(case: Case, currency: str, outcome: Outcome) -> tuple[str, ...]:
    """The inputs that alone could bring the value to nothing, those that need to change least first."""
    found = [
        (abs(each.only / case.medians[each.key] - 1), each.label, _in_unit(each.key, each.only, currency))
        for each in outcome.break_even
        if each.found is Found.ONE and each.only is not None and case.medians.get(each.key)
    ]
    return tuple(f"{label} {amount}" for _, label, amount in sorted(found)[:NEAREST])


def _in_unit(key: str, amount: float, currency: str) -> str:
    spec = INPUTS.get(key)
    if spec is None:
        return money(amount, currency)
    if spec.is_share:
        return f"{number(100 * amount, 3)} % {spec.unit}"
    return f"{number(amount, 3)} {spec.unit.format(currency=currency)}"


def _measuring(found: ValuedTask, outcome: Outcome) -> list[str]:
    currency = found.workspace.currency
    worth = [each for each in outcome.information if each.worth > 0.01 * outcome.summary.information][:4]
    return [f"{each.label}: {money(each.worth, currency)}" for each in worth]


def table_of(content: ReportContent) -> list[Mapping[str, str]]:
    """The ranked table as it is printed, a row a task."""
    return [
        {
            "rank": str(task.ranked.rank),
            "task": task.name,
            "verdict": task.verdict,
            "roi": "undefined" if task.outcome.summary.roi is None else share(task.outcome.summary.roi),
            "npv": thousands(task.outcome.summary.mean),
            "interval": interval(task.outcome.summary.p5, task.outcome.summary.p95),
            "loses": in_hundred(task.outcome.summary.loss_probability),
            "first": in_hundred(task.ranked.first),
            "payback": payback(task.outcome.payback_years),
            "once": thousands(task.outcome.summary.mean_once),
        }
        for task in content.tasks
    ]
