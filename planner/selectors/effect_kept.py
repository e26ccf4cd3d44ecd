"""The page of an effect as plain values, and the page from them: of a process of many tasks a job makes it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from common.errors import FieldProblem, InvalidInput
from planner.domain.valuation.explanation import Explanation
from planner.models import Process, Task
from planner.selectors.effect_page import MOST_TASKS, changing_most, effect_page, to_choose
from planner.selectors.process_effect import Choice, EffectFound

Plain = dict[str, Any]


@dataclass(frozen=True)
class _Kept:
    """A choice as it was kept."""

    plain: Mapping[str, Any]

    @property
    def chosen(self) -> bool:
        return bool(self.plain["chosen"])


def tasks_named(process: Process, tasks: Iterable[int] | None, repeats: Mapping[int, str]) -> None:
    """Refuse with InvalidInput what is no task of the process."""
    named = {*(tasks or ()), *repeats}
    if Task.objects.of(process.workspace).work().filter(process=process, pk__in=named).count() < len(named):
        words = "One of these is no task of this process."
        raise InvalidInput("There is no such task to automate.", errors=[FieldProblem("tasks", words)])


def effect_wanted(tasks: Iterable[int] | None, repeats: Mapping[int, str]) -> Plain:
    """What is asked, as a job takes it."""
    return {
        "tasks": None if tasks is None else sorted(tasks),
        "repeats": {str(pk): repeats[pk] for pk in sorted(repeats)},
    }


def effect_asked(asked: Mapping[str, Any]) -> tuple[set[int] | None, dict[int, str]]:
    """What was asked, from what a job took."""
    tasks = None if asked["tasks"] is None else set(asked["tasks"])
    return tasks, {int(pk): text for pk, text in asked["repeats"].items()}


def effect_plain(found: EffectFound) -> Plain:
    """The page with all its tasks and choices, those that change most first."""
    page = effect_page(found, all_tasks=True)
    most = changing_most(found.effect.tasks) if found.effect is not None else ()
    first = {each.key: place for place, each in enumerate(most)}
    return {
        "headline": page.headline,
        "lede": page.lede,
        "figures": [asdict(figure) for figure in page.figures],
        "rows": [{**asdict(row), "sign": row.sign, "most": first.get(row.task)} for row in page.rows],
        "tasks": page.tasks,
        "flows": page.flows,
        "drawing": asdict(page.drawing) if page.drawing else None,
        "formulas": [_formula(one) for one in page.formulas],
        "choices": [_choice(each) for each in found.choices],
        "of": page.of,
        "unknown": page.unknown,
        "problems": bool(found.problems),
    }


def effect_read(plain: Mapping[str, Any], *, words: str = "", all_tasks: bool = False) -> Plain:
    """What the page shows of it: see `effect_page`."""
    chosen, kept = to_choose([_Kept(each) for each in plain["choices"]], text=_name, words=words)
    rows = plain["rows"]
    if not all_tasks and len(rows) > MOST_TASKS:
        rows = sorted((row for row in rows if row["most"] is not None), key=lambda row: row["most"])
    shown = {"choices": [each.plain for each in chosen], "kept": [each.plain for each in kept], "rows": rows}
    return {**plain, **shown}


def _name(choice: _Kept) -> str:
    return str(choice.plain["valued"]["task"]["name"])


def _formula(one: Explanation) -> Plain:
    return {
        "label": one.label,
        "value": one.value if one.value is not None and math.isfinite(one.value) else None,
        "unit": one.unit,
        "expression": one.expression,
        "source": one.source,
    }


def _choice(each: Choice) -> Plain:
    """A choice with what is said of its task."""
    finding = each.valued.finding
    return {
        "key": each.key,
        "chosen": each.chosen,
        "loops": each.loops,
        "text": each.text,
        "placeholder": each.placeholder,
        "why": each.why,
        "problem": each.problem,
        "valued": {
            "task": {"name": each.valued.task.name},
            "finding": {"verdict": finding.verdict.value} if finding is not None else None,
            "unchecked": each.valued.unchecked,
        },
    }
