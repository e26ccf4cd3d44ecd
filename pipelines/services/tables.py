"""Where a pipeline's training table comes from: the log of its task and the target chosen there."""

from accounts.access import Access
from common.errors import ProblemError
from planner.domain.foresight.targets import TargetSpec
from planner.domain.foresight.training_table import TrainingTable
from planner.models import DecisionTarget, Task
from planner.services import targets_propose, training_table_of


class NotGenerable(Exception):
    """No project can be generated from what there is; the message says what to do."""


def table_of(*, task: Task, target: TargetSpec | None) -> TrainingTable:
    """The table of the target, else of the chosen one, else of the most useful one. Raises NotGenerable in words."""
    try:
        return training_table_of(task=task, target=target or _chosen(task))
    except ProblemError as problem:
        told = " ".join(error.message for error in problem.errors)
        raise NotGenerable(" ".join(part for part in (str(problem), told) if part)) from problem


def _chosen(task: Task) -> TargetSpec:
    found = DecisionTarget.objects.of(task.workspace).filter(task=task)
    chosen = found.chosen().first()
    if chosen is None:
        proposed = targets_propose(access=Access.system(task.workspace), task=task)
        chosen = next((target for target in proposed if target.chosen), next(iter(proposed), None))
    return TargetSpec.next_activity(task=task.activity) if chosen is None else chosen.target
