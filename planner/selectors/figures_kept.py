"""What the API says of scenarios and of an effect, as plain values: of a process of many tasks a job makes them."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from planner.domain.process_graph.process_effect import CaseTotal
from planner.domain.process_graph.ways_back import FlowChange
from planner.domain.valuation.explanation import Explanation
from planner.domain.valuation.scenario_sum import ScenarioSum
from planner.domain.valuation.scenarios import ScenarioValue
from planner.selectors.effect_formulas import explain_effect
from planner.selectors.process_effect import EffectFound
from planner.selectors.value_scenarios import Compared, ComparedTask

Plain = dict[str, Any]


def scenario_figures(found: Compared) -> list[Plain]:
    """Each scenario with the value of every ranked task and of all together."""
    return [_column(found, place) for place in range(len(found.columns))]


def effect_figures(found: EffectFound) -> Plain:
    """A case before and after, with every formula."""
    effect = found.effect
    return {
        "currency": found.process.workspace.currency,
        "gap": found.gap,
        "before": _total(effect.before) if effect else None,
        "after": _total(effect.after) if effect else None,
        "tasks": list(_task_rows(found)),
        "flows": [_change(each) for each in effect.changes] if effect else [],
        "unknown": list(effect.unknown) if effect else [],
        "formulas": [_formula(each) for each in explain_effect(found.graph.nodes, effect)] if effect else [],
    }


def as_json(plain: Any) -> str:
    """What the API answers, written once by the job: of thousands of tasks writing takes longer than sending.

    >>> as_json({"roi": [float("inf"), 0.5]})
    '{"roi":[null,0.5]}'
    """
    return json.dumps(_finite(plain), ensure_ascii=False, separators=(",", ":"))


def _finite(plain: Any) -> Any:
    """The same with None for infinities, which JSON has no word for."""
    if isinstance(plain, dict):
        return {key: _finite(each) for key, each in plain.items()}
    if isinstance(plain, list | tuple):
        return [_finite(each) for each in plain]
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def _column(found: Compared, place: int) -> Plain:
    column = found.columns[place]
    return {
        "scenario": "own" if column.own else column.key,
        "id": column.own.pk if column.own else None,
        "name": column.name,
        "tasks": [_task(task, place) for task in found.tasks],
        "together": _figures(found.together[place]),
    }


def _task(task: ComparedTask, place: int) -> Plain:
    inside = task.inside[place]
    figures = _figures(inside.value)
    about = {"task": task.valued.task.pk, "name": task.valued.task.name}
    return figures | about | {"differs": [asdict(each) for each in inside.differs], "unused": list(inside.unused)}


def _figures(value: ScenarioValue | ScenarioSum) -> Plain:
    return {
        "npv": value.npv,
        "pv_costs": value.pv_costs,
        "roi": value.roi,
        "irr": list(value.irr.rates),
        "payback_years": value.payback_years,
        "payback_discounted": value.payback_discounted,
    }


def _task_rows(found: EffectFound) -> Iterable[Plain]:
    for each in found.effect.tasks if found.effect else ():
        yield {
            "task": int(each.key),
            "name": each.name,
            "automated": each.automation is not None,
            "visits_before": each.visits_before,
            "visits_after": each.visits_after,
            "volume_before": each.volume_before,
            "volume_after": each.volume_after,
            "minutes_before": each.minutes_before,
            "minutes_after": each.minutes_after,
            "waiting_before": each.worked.waiting,
            "waiting_after": each.waiting_after,
            "repeats_removed": each.automation.repeats if each.automation else None,
        }


def _total(case: CaseTotal) -> Plain:
    return {key: figure for key, figure in asdict(case).items() if key != "critical"}


def _change(each: FlowChange) -> Plain:
    return {**asdict(each), "source": int(each.source), "target": int(each.target)}


def _formula(each: Explanation) -> Plain:
    return {
        "label": each.label,
        "value": each.value,
        "unit": each.unit,
        "expression": each.expression,
        "source": each.source,
    }
