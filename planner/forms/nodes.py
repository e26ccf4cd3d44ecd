"""Kind, lane and sub-process of many nodes at once."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from common.errors import FieldProblem, InvalidInput
from planner.domain.node import NodeKind
from planner.models import Task

FIXED = {NodeKind.START.value, NodeKind.END.value}


def nodes_of(data: QueryDict, tasks: Sequence[Task]) -> dict[int, dict[str, Any]]:
    """What differs from what is there, by node, as `tasks_update` takes it. `tasks` are all of the process.

    Raises InvalidInput naming each field that cannot be.
    """
    parents = {str(task.pk): task for task in tasks if task.kind == NodeKind.SUBPROCESS.value}
    found: dict[int, dict[str, Any]] = {}
    problems: list[FieldProblem] = []
    for task in tasks:
        changes = _changes(data, task, parents, problems)
        if changes:
            found[task.pk] = changes
    if problems:
        raise InvalidInput("Nothing was saved.", errors=problems)
    return found


def _changes(data: QueryDict, task: Task, parents: dict[str, Task], problems: list[FieldProblem]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    kind, lane, parent = (data.get(f"{name}-{task.pk}") for name in ("kind", "lane", "parent"))
    if kind is not None and kind != task.kind and task.kind not in FIXED:
        if kind not in {one.value for one in NodeKind}:
            problems.append(FieldProblem(f"kind-{task.pk}", f"{task.title}: choose one of the kinds."))
        changes["kind"] = kind
    if lane is not None and " ".join(lane.split()) != task.lane:
        changes["lane"] = lane
    if parent is not None and parent != str(task.parent_id or "") and task.kind not in FIXED:
        if parent and parent not in parents:
            problems.append(FieldProblem(f"parent-{task.pk}", f"{task.title}: choose a sub-process."))
        changes["parent"] = parents.get(parent)
    return changes
