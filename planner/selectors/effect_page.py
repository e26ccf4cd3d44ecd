"""What the page of a process's effect shows: the answer in words, before and after, the graph, every formula."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from common.formatting import DASH, count, hours, listed, money, number, share, signed, things
from common.paged_rows import rows_with
from planner.charts.effect import EffectDrawing, NodeMark, draw_effect
from planner.domain.process_graph.process_effect import ProcessEffect, TaskEffect
from planner.domain.valuation.explanation import Explanation
from planner.selectors.effect_formulas import explain_effect
from planner.selectors.process_drawing import FULL, USUAL, drawing_of
from planner.selectors.process_effect import Choice, EffectFound

MOST_DRAWN = 80
ALL_FLOWS = 60
"""Of a graph with at most so many flows every one is drawn."""
MOST_CHOICES = 60
MOST_TASKS = 100
"""Rows of the table of tasks unless all are asked for."""


@dataclass(frozen=True)
class EffectFigure:
    """One figure after, its unit, and what it was."""

    label: str
    value: str
    unit: str
    note: str


@dataclass(frozen=True, eq=False)
class EffectRow:
    """A task before and after, as written."""

    name: str
    task: str
    mark: str
    visits: tuple[str, str]
    volume: tuple[str, str]
    minutes: tuple[str, str]
    waiting: tuple[str, str]
    cost: tuple[str, str]
    changed: bool

    @property
    def sign(self) -> str:
        """The sign of its tag."""
        return "check" if self.mark == "model" else "dash"


@dataclass(frozen=True, eq=False)
class EffectPage:
    headline: str
    lede: str
    figures: tuple[EffectFigure, ...]
    rows: tuple[EffectRow, ...]
    tasks: int
    """How many tasks there are; those beyond `rows` change least."""
    flows: tuple[tuple[str, str, str, str], ...]
    drawing: EffectDrawing | None
    formulas: tuple[Explanation, ...]
    choices: tuple[Choice, ...]
    """Those to choose from here, the chosen first."""
    kept: tuple[Choice, ...]
    """Chosen, and not among `choices`."""
    of: int
    unknown: str


def effect_page(found: EffectFound, *, words: str = "", all_tasks: bool = False) -> EffectPage:
    """Put the effect in words and marks; where there is none, say what is missing.

    To choose from are the tasks whose names hold all `words`; the table holds the tasks that change most, unless all
    are asked for.
    """
    choices, kept = to_choose(found.choices, text=lambda each: each.valued.task.name, words=words)
    of = len(found.choices)
    if found.effect is None:
        headline = "No figures: the flows have no solution"
        return EffectPage(headline, found.gap, (), (), 0, (), None, (), choices, kept, of, "")
    effect, currency = found.effect, found.process.workspace.currency
    shown = effect.tasks if all_tasks else changing_most(effect.tasks)
    names = {node.key: node.title for node in found.graph.nodes}
    return EffectPage(
        headline=_headline(found),
        lede=_lede(found),
        figures=_figures(found),
        rows=tuple(_row(each, currency) for each in shown),
        tasks=len(effect.tasks),
        flows=tuple(
            (names[each.source], names[each.target], share(each.before, 1), share(each.after, 1))
            for each in effect.changes
        ),
        drawing=_drawing(found),
        formulas=explain_effect(found.graph.nodes, effect),
        choices=choices,
        kept=kept,
        of=of,
        unknown=_unknown(effect),
    )


class Choosable(Protocol):
    """What can be chosen."""

    @property
    def chosen(self) -> bool: ...


_C = TypeVar("_C", bound=Choosable)


def to_choose(choices: Sequence[_C], *, text: Callable[[_C], str], words: str) -> tuple[tuple[_C, ...], tuple[_C, ...]]:
    """What is shown to choose from, and what else is chosen."""
    named = rows_with(choices, text=text, words=words)
    if len(named) > MOST_CHOICES:
        named.sort(key=lambda each: not each.chosen)
    shown = tuple(named[:MOST_CHOICES])
    return shown, tuple(each for each in choices if each.chosen and each not in shown)


def changing_most(tasks: Sequence[TaskEffect]) -> Sequence[TaskEffect]:
    """All tasks in their order where they are few, else those that change, by hours a year, and then the others."""
    if len(tasks) <= MOST_TASKS:
        return tasks
    saved = {each.key: abs(each.hours_a_year(after=False) - each.hours_a_year(after=True)) for each in tasks}
    return sorted(tasks, key=lambda each: (not each.changes, -saved[each.key]))[:MOST_TASKS]


def _unknown(effect: ProcessEffect) -> str:
    """What is not known, and so counts nothing before and after."""
    said = []
    if effect.unknown:
        said.append(f"The minutes of {listed(list(effect.unknown))} are not known and count nothing.")
    if not any(each.worked.waiting for each in effect.tasks):
        said.append("No waiting is known, so the time from start to end is work alone.")
    return " ".join(said)


def _headline(found: EffectFound) -> str:
    assert found.effect is not None
    before, after = found.effect.before, found.effect.after
    if not found.choices:
        return "No task to automate yet: none is valued"
    if not found.chosen:
        return f"A case takes {_minutes(before.minutes)} of work today; choose what a model would do"
    work = f"A case takes {_minutes(after.minutes)} of work instead of {_minutes(before.minutes)}"
    now, then = hours(before.elapsed), hours(after.elapsed)
    return f"{work}, and {then} from start to end " + (f"instead of {now}" if then != now else "as today")


def _lede(found: EffectFound) -> str:
    assert found.effect is not None
    if found.waiting:
        return "Which tasks are worth a model is being computed; they are chosen here as soon as it is known."
    if not found.chosen:
        none = "No task is ranked with the verdict to predict, so none is chosen." if found.by_default else ""
        return none or "Nothing chosen: after is as before."
    names = listed([each.valued.task.name for each in found.chosen])
    chosen = set(_keys(found))
    other = [each for each in found.effect.tasks if each.key not in chosen and each.changes]
    if not other:
        return f"With a model at {names}; no other task is visited more or less often."
    return f"With a model at {names}; {things(len(other), 'other task')} come along less or more often."


def _keys(found: EffectFound) -> list[str]:
    return [each.key for each in found.chosen]


def _minutes(value: float) -> str:
    return f"{number(value)} min"


def _figures(found: EffectFound) -> tuple[EffectFigure, ...]:
    assert found.effect is not None
    before, after, currency = found.effect.before, found.effect.after, found.process.workspace.currency
    yearly = bool(before.hours_a_year)

    def was(text: str, first: float, second: float) -> str:
        moved = f", {signed(100 * (second / first - 1), 2)} %" if first else ""
        return f"{text} today{moved}"

    figures = [
        EffectFigure(
            "Work a case", number(after.minutes), "min", was(number(before.minutes), before.minutes, after.minutes)
        ),
        EffectFigure(
            "Cost of it a case", number(after.cost), currency, was(number(before.cost), before.cost, after.cost)
        ),
        EffectFigure(
            "From start to end, expected",
            hours(after.elapsed),
            "",
            was(hours(before.elapsed), before.elapsed, after.elapsed),
        ),
    ]
    if yearly:
        figures += [
            EffectFigure(
                "Work a year",
                count(after.hours_a_year),
                "h",
                was(count(before.hours_a_year), before.hours_a_year, after.hours_a_year),
            ),
            EffectFigure(
                "Cost of it a year",
                money(after.cost_a_year),
                currency,
                was(money(before.cost_a_year), before.cost_a_year, after.cost_a_year),
            ),
        ]
    return tuple(figures)


def _row(each: TaskEffect, currency: str) -> EffectRow:
    costs = [
        None
        if each.volume_before is None or each.worked.minutes is None
        else each.hours_a_year(after=after) * each.worked.wage
        for after in (False, True)
    ]
    return EffectRow(
        each.name,
        each.key,
        _mark(each),
        (number(each.visits_before), number(each.visits_after)),
        (count(each.volume_before), count(each.volume_after)),
        (number(each.minutes_before), number(each.minutes_after)),
        (_hours(each.worked.waiting), _hours(each.waiting_after)),
        (money(costs[0]), money(costs[1])),
        each.changes,
    )


def _hours(value: float | None) -> str:
    return DASH if value is None else number(value)


def _mark(each: TaskEffect) -> str:
    if each.automation is not None:
        return "model"
    if not each.changes:
        return ""
    return "fewer visits" if each.visits_after < each.visits_before else "more visits"


def _drawing(found: EffectFound) -> EffectDrawing | None:
    """The graph of the process, None where it is too large to be read, or empty."""
    top = found.graph.level()
    if not top.nodes or len(top.nodes) > MOST_DRAWN or found.effect is None:
        return None
    marks = {each.key: _node_mark(each) for each in found.effect.tasks}
    labels = {
        (each.source, each.target): f"{share(each.before, 1)} → {share(each.after, 1)}" for each in found.effect.changes
    }
    drawing = drawing_of(found.process, detail=FULL if len(top.flows) <= ALL_FLOWS else USUAL)
    return draw_effect(drawing, marks, labels)


def _node_mark(each: TaskEffect) -> NodeMark:
    minutes = f"{number(each.minutes_before)} min" if each.worked.minutes is not None else "minutes not known"
    if each.automation is not None and each.worked.minutes is not None:
        minutes = f"{number(each.minutes_before, 2)} → {number(each.minutes_after, 2)} min"
    moved = each.moves
    visits = f"{number(each.visits_before)} → {number(each.visits_after)}" if moved else number(each.visits_before)
    right = "model" if each.automation else ""
    tone = "is-selected" if each.automation else "is-moved" if moved else ""
    return NodeMark(right, f"{visits} a case, {minutes}", tone)
