"""What a portfolio is chosen from and within: its processes, its limits, and a fingerprint of all it rests on."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model

from accounts.models import Workspace
from planner.domain.valuation.portfolio import Bounds
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import (
    AssumptionDefault,
    DecisionTarget,
    Estimate,
    EventLog,
    MeasuredValue,
    PortfolioPlan,
    Process,
    SharedCost,
    SuitabilityAnswer,
    Task,
)
from planner.models.process import TaskQuerySet
from planner.selectors.value_outcome import SEED

RESULT_VERSION = 2
_OF_A_TASK = (
    *("id", "process_id", "name", "activity", "lane", "kind", "position", "volume_a_year", "volume_source"),
    *("handling_minutes", "handling_source", "automatic", "automatic_proposed", "figures"),
)


def processes_of(plan: PortfolioPlan) -> list[Process]:
    """The processes it is chosen from: those named, else all of the workspace."""
    every = Process.objects.of(plan.workspace).select_related("workspace").order_by("id")
    named = {process.pk for process in plan.processes.all()}
    return [process for process in every if not named or process.pk in named]


def tasks_of(workspace: Workspace, processes: Sequence[Process]) -> TaskQuerySet:
    """The tasks of these processes, in their order."""
    every = Task.objects.of(workspace).work().filter(process__in=processes)
    return every.order_by("process_id", "position", "id")


def bounds_of(plan: PortfolioPlan, known: frozenset[str]) -> Bounds:
    """The limits, as far as they speak of tasks that are known; tasks by their id as text."""
    groups = (frozenset(map(str, group)) & known for group in plan.exclusions)
    days = plan.days_a_quarter
    return Bounds(
        budget=plan.budget,
        person_days=None if days is None else days * plan.quarters,
        exclusions=tuple(group for group in groups if len(group) > 1),
        must=frozenset(map(str, plan.must)) & known,
        must_not=frozenset(map(str, plan.must_not)) & known,
    )


def needs_of(plan: PortfolioPlan) -> dict[str, frozenset[str]]:
    """What each task needs, by id as text; of tasks that may be gone."""
    return {str(task): frozenset(map(str, needed)) for task, needed in dict(plan.needs).items()}


def fingerprint_of(plan: PortfolioPlan) -> str:
    """Tells everything a result rests on: inputs, limits, formula, random numbers. Ten queries, however many tasks."""
    return _fingerprint(plan, list(world_of(plan.workspace, processes_of(plan))))


def fingerprints_of(workspace: Workspace, plans: Sequence[PortfolioPlan]) -> dict[int, str]:
    """Those of plans of one workspace, their processes at hand, by id: ten queries for each set of processes."""
    worlds: dict[frozenset[int], list[Any]] = {}
    every = list(Process.objects.of(workspace).select_related("workspace").order_by("id")) if plans else []
    found = {}
    for plan in plans:
        named = frozenset(process.pk for process in plan.processes.all())
        if named not in worlds:
            among = [process for process in every if not named or process.pk in named]
            worlds[named] = list(world_of(workspace, among))
        found[plan.pk] = _fingerprint(plan, worlds[named])
    return found


def _fingerprint(plan: PortfolioPlan, world: Sequence[Any]) -> str:
    limits = [plan.budget, plan.days_a_quarter, plan.quarters, plan.must, plan.must_not, plan.needs, plan.exclusions]
    rests_on = [RESULT_VERSION, FORMULA_VERSION, SEED, limits, *world]
    text = json.dumps(rests_on, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def world_of(workspace: Workspace, processes: Sequence[Process]) -> Iterator[Any]:
    """All that the values of the tasks of these processes rest on, as plain values: nine queries."""
    yield [workspace.hourly_wage, workspace.hours_a_day, workspace.discount_rate, workspace.horizon_years]
    yield [[process.pk, process.version, process.name] for process in processes]
    yield list(tasks_of(workspace, processes).values_list(*_OF_A_TASK))
    of_tasks: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
        (Estimate, ("task_id", "version", "assumptions")),
        (SuitabilityAnswer, ("task_id", "question", "score")),
        (MeasuredValue, ("task_id", "id", "tp", "fp", "fn", "tn", "beats_baseline")),
        (DecisionTarget, ("task_id", "id", "chosen", "verdict", "evidence", "position")),
    )
    for model, fields in of_tasks:
        found = model._default_manager.filter(workspace=workspace, task__process__in=processes)
        yield list(found.order_by("task_id", "pk").values_list(*fields))
    logs = EventLog.objects.of(workspace).in_use().filter(process__in=processes)
    yield list(logs.order_by("id").values_list("id", "process_id"))
    defaults = AssumptionDefault.objects.of(workspace).order_by("id")
    yield list(defaults.values_list("process_id", "lane", "key", "text"))
    shared = SharedCost.objects.of(workspace).order_by("id", "tasks__id")
    yield list(shared.values_list("id", "label", "text", "tasks__id"))
