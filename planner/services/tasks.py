"""Adding, changing and removing the tasks of a process."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.process_graph.figure_limits import figure_problem
from planner.domain.process_graph.node import LONGEST_LANE, LONGEST_NAME, MOST_NODES, NodeKind
from planner.models import Flow, Process, Source, Task
from planner.services.editing import process_edit
from planner.services.nesting import (
    everything_inside,
    inside_made,
    kind_changed,
    moved_into,
    parent_checked,
    put_before_end,
)

NUMBERS = ("handling_minutes", "volume_a_year", "waiting_hours")
PLACES = ("x", "y")
SOURCES = {"handling_minutes": "handling_source", "volume_a_year": "volume_source"}
MEASURED = {
    "handling_minutes": ("handling_minutes", "handling_median_minutes"),
    "volume_a_year": ("volume_a_year",),
    "waiting_hours": ("waiting_median_hours",),
}
"""Under which names the log's own figure is kept, the first that is there."""
SHAPE = ("kind", "lane", "parent")
CHANGEABLE = frozenset({"name", "automatic", *NUMBERS, *PLACES, *SHAPE})


def task_add(
    *,
    access: Access,
    process: Process,
    name: str,
    after: Task | None = None,
    kind: NodeKind = NodeKind.TASK,
    lane: str = "",
    parent: Task | None = None,
    version: int | None = None,
    x: float | None = None,
    y: float | None = None,
) -> Task:
    """A new node at the end of the list, or put `after` another: between it and what followed it.

    Inside the sub-process `parent`, else on the level of `after`. A new sub-process has a start and an end inside. A
    gateway needs no name.
    """
    _checked({field: value for field, value in (("x", x), ("y", y)) if value is not None})
    parent = parent if after is None else after.parent
    parent_checked(process, parent)
    with process_edit(access=access, process=process, version=version):
        siblings = Task.objects.of(access.workspace).filter(process=process)
        if siblings.count() >= MOST_NODES:
            raise Conflict(f"A process has at most {MOST_NODES} tasks.", detail="Split it into two processes.")
        position = siblings.aggregate(last=Max("position"))["last"]
        task = Task.objects.create(
            workspace=access.workspace,
            process=process,
            name=task_name(name, kind=kind),
            kind=kind.value,
            lane=lane_name(lane),
            parent=parent,
            position=0 if position is None else position + 1,
            x=x,
            y=y,
        )
        if kind is NodeKind.SUBPROCESS:
            inside_made(task)
        if after is not None:
            _put_after(task, after)
        elif parent is not None and not {kind} & {NodeKind.START, NodeKind.END}:
            put_before_end(task)
        audit_record(access=access, verb="task.added", subject=f"task:{task.pk}", detail={"name": task.name})
    return _fresh(task)


def task_rename(*, access: Access, task: Task, name: str, version: int | None = None) -> Task:
    """Give a task another name; its name in the log stays known."""
    return task_update(access=access, task=task, changes={"name": name}, version=version)


def task_update(*, access: Access, task: Task, changes: Mapping[str, Any], version: int | None = None) -> Task:
    """Set name, kind, lane, parent, handling_minutes, volume_a_year, waiting_hours, automatic, x or y.

    None for a figure takes it back: the log's own figure returns where there is one. Raises InvalidInput naming each
    field that cannot be, StaleEdit when the process has moved on.
    """
    values = _checked(changes, _kind_after(task, changes))
    with process_edit(access=access, process=task.process, version=version):
        task.refresh_from_db()
        detail = {"task": task.name, **_changed(task, values)}
        task.save()
        audit_record(access=access, verb="task.updated", subject=f"task:{task.pk}", detail=detail)
    return _fresh(task)


def task_delete(*, access: Access, task: Task, version: int | None = None) -> None:
    """Remove a node with its flows, what is inside it and all that hangs on it; `task_restore` brings it back.

    The only start of a level stays.
    """
    siblings = Task.objects.of(access.workspace).filter(process=task.process_id, parent=task.parent_id, kind=task.kind)
    if task.kind == NodeKind.START.value and siblings.count() < 2:
        raise Conflict("The start of a process cannot be deleted.", detail="Rename it, or draw other flows from it.")
    with process_edit(access=access, process=task.process, version=version):
        audit_record(access=access, verb="task.deleted", subject=f"task:{task.pk}", detail={"name": task.name})
        task.removed_at = timezone.now()
        task.save(update_fields=["removed_at"])
        inside = Task.objects.of(access.workspace).filter(pk__in=everything_inside(task))
        inside.update(removed_at=task.removed_at)


def task_restore(*, access: Access, task: Task, version: int | None = None) -> Task:
    """Bring a removed node back as it was: flows, what went with it, figures, answers, estimate, canvas, pipeline."""
    if task.parent is not None and task.parent.removed_at is not None:
        raise Conflict(f"“{task.parent.name}”, which it is part of, is removed too.", detail="Bring that back first.")
    with process_edit(access=access, process=task.process, version=version):
        inside = Task.everything.of(access.workspace).filter(pk__in=everything_inside(task), removed_at=task.removed_at)
        inside.update(removed_at=None)
        task.removed_at = None
        task.save(update_fields=["removed_at"])
        audit_record(access=access, verb="task.restored", subject=f"task:{task.pk}", detail={"name": task.name})
    return _fresh(task)


def lane_name(lane: object) -> str:
    """The lane cleaned of needless space; InvalidInput when it is too long."""
    cleaned = " ".join(str(lane).split())
    if len(cleaned) > LONGEST_LANE:
        message = f"A lane has at most {LONGEST_LANE} characters."
        raise InvalidInput("The task was not changed.", errors=[FieldProblem("lane", message)])
    return cleaned


def task_name(name: object, *, kind: NodeKind = NodeKind.TASK) -> str:
    """The name cleaned of needless space; InvalidInput when it is too long or missing. A gateway needs none."""
    cleaned = " ".join(str(name).split())
    if not cleaned and kind.is_gateway:
        return ""
    if not cleaned or len(cleaned) > LONGEST_NAME:
        message = "A task needs a name." if not cleaned else f"A name has at most {LONGEST_NAME} characters."
        raise InvalidInput("The task cannot be called that.", errors=[FieldProblem("name", message)])
    return cleaned


def _put_after(task: Task, before: Task) -> None:
    """Draw a flow from `before` to the task; what followed `before` by its only flow now follows the task."""
    onward = list(before.outgoing.all())
    if len(onward) == 1:
        _lead_on(onward[0], task)
    Flow.objects.create(workspace=task.workspace, process=task.process, source=before, target=task)


def _lead_on(flow: Flow, task: Task) -> None:
    """A flow from the task in place of one that led past it; that one can be brought back."""
    flow.removed_at = timezone.now()
    flow.save(update_fields=["removed_at"])
    Flow.objects.create(
        workspace=flow.workspace,
        process=flow.process,
        source=task,
        target=flow.target,
        count=flow.count,
        probability=flow.probability,
        probability_source=flow.probability_source,
        label=flow.label,
    )


def _checked(changes: Mapping[str, Any], kind: NodeKind = NodeKind.TASK) -> dict[str, Any]:
    problems = [FieldProblem(field, "This cannot be changed.") for field in changes if field not in CHANGEABLE]
    values: dict[str, Any] = {}
    for field, value in changes.items():
        if field == "name":
            values[field] = task_name(value, kind=kind)
            continue
        if field in (*NUMBERS, *PLACES) and value is not None and (problem := figure_problem(field, value)):
            problems.append(FieldProblem(field, problem))
        values[field] = lane_name(value) if field == "lane" else value
    if problems:
        raise InvalidInput("The task was not changed.", errors=problems)
    return values


def _kind_after(task: Task, changes: Mapping[str, Any]) -> NodeKind:
    wanted = changes.get("kind", task.kind)
    return NodeKind(wanted if wanted in {one.value for one in NodeKind} else task.kind)


def _set(task: Task, field: str, value: Any) -> None:
    if field in {"kind", "parent"}:
        (kind_changed if field == "kind" else moved_into)(task, value)
        return
    setattr(task, field, value)
    if field not in MEASURED:
        return
    kept = (task.figures.get(name) for name in MEASURED[field])
    measured = next((figure for figure in kept if figure is not None), None)
    if value is None and measured is not None:
        setattr(task, field, measured)
    if field in SOURCES:
        source = Source.USER if value is not None else Source.LOG if measured is not None else Source.NONE
        setattr(task, SOURCES[field], source)
    if field == "volume_a_year" and value is None and measured is not None:
        task.visits_a_case = task.figures.get("visits_a_case")


def _changed(task: Task, values: Mapping[str, Any]) -> dict[str, object]:
    """Set the fields; what is different now, old and new."""
    before = {field: _told(task, field) for field in values}
    for field, value in values.items():
        _set(task, field, value)
    now = {field: _told(task, field) for field in values}
    return {field: {"from": before[field], "to": now[field]} for field in values if before[field] != now[field]}


def _told(task: Task, field: str) -> object:
    """A field as the trail keeps it: another task by its name."""
    value = getattr(task, field)
    return value.title if isinstance(value, Task) else value


def _fresh(task: Task) -> Task:
    task.refresh_from_db()
    return task


def tasks_update(
    *, access: Access, process: Process, changes: Mapping[int, Mapping[str, Any]], version: int | None = None
) -> int:
    """Change figures of several tasks of a process in one edit; how many were changed. All or nothing."""
    access.require(Role.EDITOR)
    if not changes:
        return 0
    found = list(Task.objects.of(access.workspace).filter(process=process, pk__in=changes))
    checked = {task.pk: _checked(changes[task.pk], _kind_after(task, changes[task.pk])) for task in found}
    detail: dict[str, object] = {"process": process.name}
    with process_edit(access=access, process=process, version=version):
        for task in found:
            task.refresh_from_db()
            for field, change in _changed(task, checked[task.pk]).items():
                detail[f"{task.name}, {field}"] = change
            task.save()
        audit_record(access=access, verb="tasks.updated", subject=f"process:{process.pk}", detail=detail)
    return len(found)
