"""Pages of the costs several tasks share: what each is, which tasks need it, and which could be chosen."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from accounts.models import Workspace
from planner.domain.valuation.assumptions import INPUTS
from planner.models import SharedCost, Task
from planner.selectors.amount_preview import amount_words
from planner.selectors.value_tasks import ValuedTask

LIKE = "discovery"
"""The assumption whose text is read alike: money spent once, zero or more."""


@dataclass(frozen=True)
class SharedCostRow:
    """One shared cost, its amount in words, and the tasks that need it."""

    cost: SharedCost
    words: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class TaskChoice:
    """A task that may need a cost."""

    pk: int
    name: str
    chosen: bool


@dataclass(frozen=True)
class ProcessChoices:
    """The tasks of one process."""

    name: str
    tasks: tuple[TaskChoice, ...]


def shared_cost_rows(workspace: Workspace) -> list[SharedCostRow]:
    """Every shared cost of a workspace: three queries."""
    found = SharedCost.objects.of(workspace).prefetch_related("tasks__process")
    return [SharedCostRow(cost, cost_words(cost, workspace.currency), tuple(cost.tasks.all())) for cost in found]


def shared_costs_of(valued: ValuedTask) -> tuple[SharedCostRow, ...]:
    """Those a task needs; asks no question of its own."""
    costs, currency = valued.shared.costs.get(valued.task.pk, ()), valued.workspace.currency
    return tuple(SharedCostRow(cost, cost_words(cost, currency), tuple(cost.tasks.all())) for cost in costs)


def cost_words(cost: SharedCost, currency: str) -> str:
    """The amount as it is read; as written where it can no longer be."""
    try:
        return amount_words(INPUTS[LIKE].read(cost.text), currency)
    except ValueError:
        return cost.text


def task_choices(workspace: Workspace, chosen: Collection[int]) -> list[ProcessChoices]:
    """Every task of the workspace by its process, in their order: one query."""
    tasks = Task.objects.of(workspace).work().with_process()
    ordered = tasks.order_by("process__name", "process_id", "position", "id")
    return [
        ProcessChoices(process.name, tuple(TaskChoice(task.pk, task.name, task.pk in chosen) for task in group))
        for process, group in groupby(ordered, key=lambda task: task.process)
    ]
