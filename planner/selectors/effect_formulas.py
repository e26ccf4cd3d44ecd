"""Where the figures of a process's effect come from: each formula with its own numbers in it."""

from collections.abc import Sequence

from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import TaskNode
from planner.domain.process_graph.process_effect import ProcessEffect, TaskEffect
from planner.domain.valuation.explanation import Explanation, Term, figure

MOST_TERMS = 40
FLOWS = "flow equations: Σ probability × visits of where it comes from"
LONGEST = "visits × (minutes ÷ 60 + waiting) along the longest path"
INCLUSIVE = f"{LONGEST}; an inclusive split counts as the expected longest of the branches taken"


def explain_effect(nodes: Sequence[TaskNode], effect: ProcessEffect) -> tuple[Explanation, ...]:
    """Every formula: tasks automated, flows changed, visits, then a case and a year, before and after."""
    names = {node.key: node.title for node in nodes}
    return (
        *(found for each in effect.tasks if each.automation for found in _automated(each)),
        *_changed(effect, names),
        *_visits(nodes, effect, names),
        *(_minutes(effect, after=after) for after in (False, True)),
        *(_cost(effect, after=after) for after in (False, True)),
        *(_elapsed(effect, after=after) for after in (False, True)),
    )


def _one(label: str, value: float | None, unit: str, expression: str, source: str = "") -> Explanation:
    return Explanation(label, value, unit, (Term(f"= {expression}"),), source)


def _automated(each: TaskEffect) -> list[Explanation]:
    assert each.automation is not None
    used = figure(each.automation.adoption)
    if each.worked.minutes is None or each.minutes_after is None:
        return []
    shown = f"(1 − {used}) × {figure(each.worked.minutes)} + {used} × {figure(each.automation.minutes)}"
    words = "what goes past the model, and what goes through it"
    found = [_one(f"minutes a visit, {each.name}", each.minutes_after, "minutes", shown, words)]
    if each.automation.waiting and each.worked.waiting is not None:
        shown = f"{figure(each.worked.waiting)} − {used} × {figure(each.automation.waiting)}, at least 0"
        found.append(_one(f"hours of waiting a visit, {each.name}", each.waiting_after, "hours", shown))
    return found


def _changed(effect: ProcessEffect, names: dict[str, str]) -> list[Explanation]:
    """Each changed flow: p × (1 − share), or p × what the others left ÷ what they leave now."""
    found = []
    for each in effect.changes:
        label = f"{names[each.source]} → {names[each.target]}"
        if each.lessened:
            kept = each.after / each.before if each.before else 0.0
            shown = f"{figure(each.before)} × {figure(kept)}"
            found.append(
                _one(
                    label,
                    each.after,
                    "share",
                    shown,
                    "1 − the share of repeats that disappears, at most those the log has measured",
                )
            )
            continue
        back = [other for other in effect.changes if other.source == each.source and other.lessened]
        more, less = sum(other.after for other in back), sum(other.before for other in back)
        shown = f"{figure(each.before)} × (1 − {figure(more)}) ÷ (1 − {figure(less)})"
        found.append(_one(label, each.after, "share", shown, "takes its part of what no longer goes back"))
    return found


def _visits(nodes: Sequence[TaskNode], effect: ProcessEffect, names: dict[str, str]) -> list[Explanation]:
    """The flow equation of every task that is visited more or less often."""
    moved = {each.key for each in effect.tasks if each.visits_after != each.visits_before}
    found = []
    for level in levels_of(nodes, effect.flows) if moved else ():
        for place, node in enumerate(level.nodes):
            if node.key in moved:
                found.append(_equation(level, place, effect, names))
    return found


def _equation(level: Level, place: int, effect: ProcessEffect, names: dict[str, str]) -> Explanation:
    key = level.nodes[place].key
    enters = level.entry.get(place, 0.0) * (effect.visits_after[level.parent] if level.parent else 1.0)
    terms = [f"{figure(enters)}"] if enters else []
    for number in level.incoming[place]:
        source = level.nodes[level.ends[number][0]].key
        terms.append(f"{figure(level.weights[number])} × {figure(effect.visits_after[source])}")
    shown = _short(terms)
    return _one(f"visits a case, {names[key]}", effect.visits_after[key], "visits", shown, FLOWS)


def _when(after: bool) -> str:
    return "after" if after else "before"


def _minutes(effect: ProcessEffect, *, after: bool) -> Explanation:
    terms = [
        f"{figure(each.visits_after if after else each.visits_before)} × "
        f"{figure(each.minutes_after if after else each.minutes_before)}"
        for each in effect.tasks
        if each.worked.minutes is not None
    ]
    total = effect.after if after else effect.before
    return _one(f"minutes a case, {_when(after)}", total.minutes, "minutes", _short(terms), "visits × minutes a visit")


def _cost(effect: ProcessEffect, *, after: bool) -> Explanation:
    terms = [
        f"{figure(each.minutes_a_case(after=after))} ÷ 60 × {figure(each.worked.wage)}"
        for each in effect.tasks
        if each.worked.minutes is not None
    ]
    total = effect.after if after else effect.before
    return _one(f"cost a case, {_when(after)}", total.cost, "{currency}", _short(terms), "minutes ÷ 60 × wage")


def _elapsed(effect: ProcessEffect, *, after: bool) -> Explanation:
    total = effect.after if after else effect.before
    visits = effect.visits_after if after else effect.visits_before
    terms, added = [], 0.0
    for each in effect.tasks:
        minutes = each.minutes_after if after else each.minutes_before
        waiting = each.waiting_after if after else each.worked.waiting
        hours = (minutes or 0.0) / 60 + (waiting or 0.0)
        if each.key in total.critical and hours:
            terms.append(f"{figure(visits[each.key])} × {figure(hours)}")
            added += visits[each.key] * hours
    exact = abs(added - total.elapsed) <= 1e-6 * max(1.0, total.elapsed)
    source = LONGEST if exact else INCLUSIVE
    return Explanation(
        f"hours from start to end, {_when(after)}",
        total.elapsed,
        "hours",
        (Term(f"{'=' if exact else 'from'} {_short(terms)}"),),
        source,
    )


def _short(terms: Sequence[str]) -> str:
    """The terms added, the first of them where there are too many to read."""
    shown = " + ".join(terms[:MOST_TERMS]) or "0"
    return shown if len(terms) <= MOST_TERMS else f"{shown} + {len(terms) - MOST_TERMS} more"
