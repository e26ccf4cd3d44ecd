"""What the value page of a task shows, put together from the valuation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.formatting import in_hundred, interval, money, number, thousands
from planner.charts.value import (
    CashDrawing,
    HistogramDrawing,
    Spread,
    TornadoDrawing,
    draw_cash,
    draw_histogram,
    draw_tornado,
)
from planner.domain.valuation.assumptions import INPUTS, Case
from planner.domain.valuation.estimate import case_of
from planner.domain.valuation.explanation import Explanation, explain_npv, explain_roi
from planner.domain.valuation.outcome import Outcome
from planner.domain.valuation.uncertainty import Bar, Information, bar_edges, histogram
from planner.models import EstimateChange, MeasuredValue
from planner.selectors.value_break_even import BreakEvenTable, break_even_table
from planner.selectors.value_figures import Figure, figures_of, percent
from planner.selectors.value_history import History
from planner.selectors.value_inputs import assumptions_of, set_by_people
from planner.selectors.value_outcome import outcome_of, simulated
from planner.selectors.value_tasks import ValuedTask, with_measured
from planner.selectors.value_words import cash_title, histogram_title, information_title, payback, tornado_title

SHOWN_INFORMATION = 4


@dataclass(frozen=True)
class CashRow:
    label: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class CompareRow:
    """One figure, planned and measured."""

    label: str
    planned: str
    measured: str


@dataclass(frozen=True, eq=False)
class ValuePage:
    """Everything drawn for a valued task."""

    figures: tuple[Figure, ...]
    histogram: HistogramDrawing
    histogram_title: str
    bars: tuple[Bar, ...]
    draws: int
    tornado: TornadoDrawing
    tornado_title: str
    information: tuple[Information, ...]
    information_title: str
    break_even: BreakEvenTable
    history: History
    cash: CashDrawing
    cash_title: str
    cash_rows: tuple[CashRow, ...]
    years: tuple[str, ...]
    formulas: tuple[tuple[int, Explanation], ...]
    compared: tuple[CompareRow, ...]
    change: EstimateChange | None


def value_page(found: ValuedTask, change: EstimateChange | None, history: History) -> ValuePage | None:
    """The page of a task, None where it is not valued. `change` is the last edit: what was before is a ghost."""
    if found.case is None or found.outcome is None:
        return None
    simulation = simulated(found.case, found.identity)
    swings = found.outcome.tornado
    texts = [_text(found, swing.key) for swing in swings]
    now, before = _spreads(found, found.case, change)
    summary = found.outcome.summary
    at_medians = found.outcome.at_medians
    benefits, costs = _yearly(found.outcome)
    worth_measuring = _worth_measuring(found.outcome.information, summary.information)
    return ValuePage(
        figures=figures_of(found, found.outcome),
        histogram=draw_histogram(now, before),
        histogram_title=histogram_title(found.outcome),
        bars=tuple(now.bars),
        draws=len(simulation.npv),
        tornado=draw_tornado(swings, texts, float(at_medians.npv)),
        tornado_title=tornado_title(swings),
        information=worth_measuring,
        information_title=information_title(worth_measuring, found.workspace.currency),
        break_even=break_even_table(found, found.outcome),
        history=history,
        cash=draw_cash(benefits, costs),
        cash_title=cash_title(found.outcome),
        cash_rows=_cash_rows(found.outcome, benefits, costs),
        years=tuple(f"Year {year}" for year in range(1, at_medians.setting.horizon + 1)),
        formulas=(*explain_npv(found.case).rows(), (0, explain_roi(found.case))),
        compared=_compared(found),
        change=change,
    )


def _text(found: ValuedTask, key: str) -> str:
    """What an input was drawn from, as it is written; what was measured as its mean."""
    if found.case is not None and key in found.measured_keys:
        return f"measured: {number(100 * found.case.by_key[key].mean, 3)} %"
    return found.assumptions[key].text if key in found.assumptions else ""


def _worth_measuring(found: Sequence[Information], everything: float) -> tuple[Information, ...]:
    """The few inputs whose knowing is worth at least a hundredth of knowing everything."""
    return tuple(each for each in found if each.worth > 0.01 * everything)[:SHOWN_INFORMATION]


def _k(amount: float) -> str:
    return money(amount, "")


def _yearly(outcome: Outcome) -> tuple[list[float], list[float]]:
    """Benefits and costs of t = 0 … horizon at the medians, both above zero unless a benefit is a loss."""
    result = outcome.at_medians
    benefits = [float(result.benefit) * adopted for adopted in result.setting.profile]
    costs = [float(result.once), *([float(result.yearly)] * result.setting.horizon)]
    return benefits, costs


def _cash_rows(outcome: Outcome, benefits: Sequence[float], costs: Sequence[float]) -> tuple[CashRow, ...]:
    net = [gain - cost for gain, cost in zip(benefits, costs, strict=True)]
    rate = float(outcome.at_medians.rate)
    discounted = [amount / (1 + rate) ** year for year, amount in enumerate(net)]
    rows = (("Benefits", benefits), ("Costs", [-cost for cost in costs]), ("Net", net), ("Net, discounted", discounted))
    return tuple(CashRow(label, tuple(_cell(amount) for amount in row), _cell(sum(row))) for label, row in rows)


def _cell(amount: float) -> str:
    return thousands(float(f"{amount:.3g}")) if amount else "–"


def _case_before(found: ValuedTask, change: EstimateChange | None) -> Case | None:
    """The case as it was before the last edit, None where there was none or it was not valued."""
    if change is None or found.case is None:
        return None
    now = set_by_people(found.task)
    earlier = {key: entry for key, entry in {**now, **change.before}.items() if entry is not None}
    try:
        before = assumptions_of(found.task, found.workspace, earlier, found.shared)
        case = case_of(before, found.shared.lines(found.task))
    except ValueError:
        return None
    case = with_measured(case, found.measured) or case
    return None if case == found.case else case


def _spreads(found: ValuedTask, case: Case, change: EstimateChange | None) -> tuple[Spread, Spread | None]:
    """The value now and before the last edit, in the same bars."""
    earlier = _case_before(found, change)
    draws = [simulated(each, found.identity).npv for each in (case, earlier) if each is not None]
    edges = bar_edges(np.concatenate(draws))
    summaries = [outcome_of(each, found.identity).summary for each in (case, earlier) if each is not None]
    spreads = [
        Spread(histogram(npv, edges), summary.p5, summary.p50, summary.p95)
        for npv, summary in zip(draws, summaries, strict=True)
    ]
    return spreads[0], spreads[1] if earlier is not None else None


def _compared(found: ValuedTask) -> tuple[CompareRow, ...]:
    """Planned beside measured, empty before anything is measured."""
    if found.planned is None or found.outcome is None or found.planned_case is None or found.case is None:
        return ()
    measured = found.case.by_key
    changed = [key for key, distribution in found.planned_case.inputs if measured[key] != distribution]
    inputs = [_share_row(key, found.planned_case.by_key[key].mean, measured[key].mean) for key in changed]
    return (*inputs, *_outcome_rows(found.planned, found.outcome))


def _share_row(key: str, planned: float, measured: float) -> CompareRow:
    return CompareRow(INPUTS[key].label, f"{number(100 * planned, 3)} %", f"{number(100 * measured, 3)} %")


def _outcome_rows(planned: Outcome, measured: Outcome) -> tuple[CompareRow, ...]:
    def row(label: str, words: Mapping[str, str]) -> CompareRow:
        return CompareRow(label, words["planned"], words["measured"])

    both = {"planned": planned, "measured": measured}
    return (
        row("Net present value, mean", {name: _k(each.summary.mean) for name, each in both.items()}),
        row("90 % interval", {name: interval(each.summary.p5, each.summary.p95) for name, each in both.items()}),
        row("Chance of a loss", {name: in_hundred(each.summary.loss_probability) for name, each in both.items()}),
        row("Return", {name: " ".join(percent(each.summary.roi)) for name, each in both.items()}),
        row("Payback", {name: payback(each.payback_years) for name, each in both.items()}),
    )


def measured_words(measured: MeasuredValue) -> str:
    """Which cases the errors were measured on."""
    cases = measured.tp + measured.fp + measured.fn + measured.tn
    wrong = measured.fp + measured.fn
    kinds = f"{measured.fp} false alarms, {measured.fn} missed"
    return f"{measured.source}: {wrong} of {cases} test cases decided wrongly ({kinds})"
