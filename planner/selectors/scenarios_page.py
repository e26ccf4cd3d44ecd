"""What the page of scenarios shows: the answer in words, tasks by scenarios, what differs, the dots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from common.formatting import money, number, scaled, share, signed, spelled, things, thousands
from common.paged_rows import PagedRows, paged_rows
from planner.charts.scenarios import DotDrawing, Scored, draw_dots, shape_of
from planner.domain.valuation.assumptions import ADOPTION, HORIZON, INPUTS
from planner.domain.valuation.cashflow import InternalRates
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.scenario_sum import ScenarioSum
from planner.domain.valuation.scenarios import Difference, ScenarioValue
from planner.selectors.value_scenarios import Column, Compared, ComparedTask, InScenario, columns_of, compared_task
from planner.selectors.value_tasks import ValuedTask
from planner.selectors.value_words import payback

MOST_ROWS = 40
"""Tasks on one page, of five figures each in every scenario."""
MOST_DRAWN = 20
MOST_LEFT_OUT = 50
_SET_APART = {HORIZON: ("Years counted", "years"), ADOPTION: ("Adoption by year", "of visits")}


@dataclass(frozen=True)
class FigureRow:
    """One figure in every scenario, as written: its words, unit, word of the glossary, and (scenario, text, loses)."""

    label: str
    unit: str
    term: str
    cells: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, eq=False)
class ScenarioLine:
    """A task, or all together, with its five figures in every scenario."""

    name: str
    task: int | None
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class DifferenceRow:
    """What one scenario does to one assumption of one task, as written: base, here, difference, moved NPV alone."""

    label: str
    unit: str
    base: str
    here: str
    difference: str
    alone: str


@dataclass(frozen=True, eq=False)
class Differing:
    """What a scenario sets, over all tasks: (assumption, unit, direction and size, in how many tasks)."""

    column: Column
    rows: tuple[tuple[str, str, str, str], ...]
    unused: str


@dataclass(frozen=True, eq=False)
class ScenariosPage:
    headline: str
    lede: str
    columns: tuple[tuple[Column, str], ...]
    lines: tuple[ScenarioLine, ...]
    rows: PagedRows[ComparedTask]
    """The tasks of this page, whose `lines` are shown; all other figures are of all tasks."""
    total: ScenarioLine | None
    differing: tuple[Differing, ...]
    drawing: DotDrawing | None
    not_drawn: int
    left_out: tuple[tuple[ValuedTask, str], ...]
    not_told: int
    """How many more are left out."""


@dataclass(frozen=True, eq=False)
class TaskInScenarios:
    """One task in every scenario: its figures, and by the scenario's name what differs from the base."""

    line: ScenarioLine
    inside: tuple[InScenario, ...]
    differing: tuple[tuple[str, tuple[DifferenceRow, ...]], ...]


def task_in_scenarios(found: ValuedTask) -> TaskInScenarios | None:
    """The panel of the value page, None where the task is not valued. One query."""
    if found.case is None:
        return None
    currency = found.workspace.currency
    task = compared_task(found, columns_of(found.task.process))
    differing = tuple((inside.column.name, difference_rows(inside, currency)) for inside in task.inside)
    return TaskInScenarios(scenario_line(task, currency), task.inside, differing)


def scenarios_page(found: Compared, *, words: str = "", page: str = "") -> ScenariosPage:
    """Put the comparison in words and marks; the table holds one page of the tasks whose names hold all `words`."""
    rows = paged_rows(found.tasks, text=lambda task: task.valued.task.name, words=words, page=page, size=MOST_ROWS)
    currency = found.process.workspace.currency
    total = _total(found, currency) if len(found.tasks) > 1 else None
    return ScenariosPage(
        headline=_headline(found, currency),
        lede=_lede(found, currency),
        columns=tuple((column, shape_of(column.sign)) for column in found.columns),
        lines=tuple(scenario_line(task, currency) for task in rows.shown),
        rows=rows,
        total=total,
        differing=tuple(_differing(found, place, currency) for place in range(1, len(found.columns))),
        drawing=draw_dots(_scored(found)) if found.tasks else None,
        not_drawn=max(0, len(found.tasks) - MOST_DRAWN),
        left_out=tuple((each, _reason(each)) for each in found.left_out[:MOST_LEFT_OUT]),
        not_told=max(0, len(found.left_out) - MOST_LEFT_OUT),
    )


def scenario_line(task: ComparedTask, currency: str) -> ScenarioLine:
    """A task's figures in every scenario."""
    values = [(inside.column.name, inside.value) for inside in task.inside]
    return _line(task.valued.task.name, task.valued.task.pk, values, currency)


def _line(
    name: str, task: int | None, values: Sequence[tuple[str, ScenarioValue | ScenarioSum]], currency: str
) -> ScenarioLine:
    figures: tuple[tuple[str, str, str, Callable[[ScenarioValue | ScenarioSum], str]], ...] = (
        ("NPV", f"k {currency}", "npv", lambda value: thousands(float(f"{value.npv:.3g}"))),
        ("ROI", "%", "roi", lambda value: "undefined" if value.roi is None else number(100 * value.roi, 2)),
        ("IRR", "% a year", "irr", lambda value: _irr(value.irr)),
        ("Payback", "plain", "payback", lambda value: payback(value.payback_years)),
        ("Payback", "discounted", "payback", lambda value: payback(value.payback_discounted)),
    )
    rows = tuple(
        FigureRow(label, unit, term, tuple((column, written(value), value.npv < 0) for column, value in values))
        for label, unit, term, written in figures
    )
    return ScenarioLine(name, task, rows)


def difference_rows(inside: InScenario, currency: str) -> tuple[DifferenceRow, ...]:
    """Every assumption a scenario changes for one task, what moves its value most first."""
    set_apart = [DifferenceRow(*_SET_APART[key], base, here, "", "") for key, base, here in inside.setting]
    return (*set_apart, *(_row(each, currency) for each in inside.differs))


def _row(each: Difference, currency: str) -> DifferenceRow:
    return DifferenceRow(
        each.label,
        unit_of(each.key, currency),
        amount_words(each.key, each.base),
        amount_words(each.key, each.here),
        amount_words(each.key, each.here - each.base, sign=True),
        f"{signed(float(f'{each.alone / 1000:.3g}'))} k {currency}",
    )


def unit_of(key: str, currency: str) -> str:
    """The unit of an assumption; a shared cost is money."""
    return INPUTS[key].unit.replace("{currency}", currency) if key in INPUTS else currency


def amount_words(key: str, amount: float, *, sign: bool = False) -> str:
    """An amount of an assumption as people write it, a share in percent; a difference with its sign.

    >>> amount_words("coverage", 0.65), amount_words("volume", -4200.0, sign=True), amount_words("wage", 38.0)
    ('65 %', '−4.2 k', '38')
    """
    if key in INPUTS and INPUTS[key].is_share:
        plus = "+" if sign and amount > 0 else ""
        return f"{plus}{share(float(f'{amount:.3g}'), 1)}"
    text = scaled(amount)
    return f"+{text}" if sign and amount > 0 else text


def _irr(rates: InternalRates) -> str:
    if rates.only is not None:
        return number(100 * rates.only, 2)
    return "several" if rates.rates else "none"


def _headline(found: Compared, currency: str) -> str:
    if not found.tasks:
        return "No task to compare yet"
    base, low, high = (each.npv for each in found.together[:3])
    what = f"{found.tasks[0].valued.task.name} is" if len(found.tasks) == 1 else f"All {spelled(len(found.tasks))} are"
    return f"{what} worth {money(base, currency)} in the base, from {money(low, '')} to {money(high, currency)}"


def _lede(found: Compared, currency: str) -> str:
    if not found.tasks:
        return "A task is compared once it is valued and no verdict speaks against a model."
    own = list(zip(found.columns, found.together, strict=True))[3:]
    if own:
        column, worst = min(own, key=lambda pair: pair[1].npv)
        return f"Of your own scenarios, “{column.name}” is the lowest: {money(worst.npv, currency)}."
    gaining = sum(task.inside[1].value.npv > 0 for task in found.tasks)
    return f"{things(gaining, 'task')} of {len(found.tasks)} still gain where everything turns out badly."


def _total(found: Compared, currency: str) -> ScenarioLine:
    names = [column.name for column in found.columns]
    return _line("All together", None, list(zip(names, found.together, strict=True)), currency)


def _scored(found: Compared) -> list[Scored]:
    rows = [
        Scored(task.valued.task.name, [(one.column.sign, one.column.name, one.value.npv) for one in task.inside])
        for task in found.tasks[:MOST_DRAWN]
    ]
    if len(found.tasks) > 1:
        pairs = zip(found.columns, found.together, strict=True)
        rows.append(Scored("All together", [(column.sign, column.name, each.npv) for column, each in pairs]))
    return rows


def _differing(found: Compared, place: int, currency: str) -> Differing:
    """What one scenario changes, each assumption once over all tasks, the one that moves most money first."""
    inside = [task.inside[place] for task in found.tasks]
    parts: dict[str, list[Array]] = {}
    labels: dict[str, str] = {}
    for changes in found.changes[place]:
        labels |= zip(changes.keys, changes.labels, strict=True)
        for at, key in enumerate(changes.keys):
            amounts = np.stack([changes.base[:, at], changes.here[:, at], changes.alone[:, at]])
            parts.setdefault(key, []).append(amounts)
    over = {key: np.concatenate(each, axis=1) for key, each in parts.items()}
    moved = sorted(over, key=lambda key: -float(np.abs(over[key][2]).sum()))
    rows = [(labels[key], unit_of(key, currency), *_over_tasks(key, over[key], len(inside))) for key in moved]
    texts: dict[str, set[tuple[str, str]]] = {}
    for key, base, here in (words for one in inside for words in one.setting):
        texts.setdefault(key, set()).add((base, here))
    rows += [
        (*_SET_APART[key], "; ".join(f"{base} becomes {here}" for base, here in sorted(pairs)), "")
        for key, pairs in texts.items()
    ]
    unused = dict.fromkeys(INPUTS[key].label for one in inside for key in one.unused)
    return Differing(found.columns[place], tuple(rows), ", ".join(unused))


def _over_tasks(key: str, amounts: Array, tasks: int) -> tuple[str, str]:
    """The change of an amount and in how many tasks; `amounts`: the base, that of the scenario and what it moves."""
    base, here, _ = amounts
    change = here - base
    ends = [amount_words(key, float(end), sign=True) for end in (change.min(), change.max())]
    said = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    if np.all(base == base[0]) and np.all(here == here[0]):
        said = f"{said}: {amount_words(key, float(base[0]))} becomes {amount_words(key, float(here[0]))}"
    return said, "all tasks" if len(base) == tasks > 1 else things(len(base), "task")


def _reason(found: ValuedTask) -> str:
    if found.finding is not None:
        return found.finding.verdict.label.capitalize()
    return f"Not valued: {found.gap}" if found.gap else found.unchecked.capitalize()
