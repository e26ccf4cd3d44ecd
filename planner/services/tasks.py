"""Adding, changing and removing the tasks of a process."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.graph import MOST_NODES, figure_problem
from planner.domain.nodes import LONGEST_NAME, NodeKind
from planner.models import Flow, Process, Source, Task
from planner.services.editing import process_edit

NUMBERS = ("handling_minutes", "volume_a_year", "waiting_hours")
PLACES = ("x", "y")
SOURCES = {"handling_minutes": "handling_source", "volume_a_year": "volume_source"}
CHANGEABLE = frozenset({"name", "automatic", *NUMBERS, *PLACES})


def task_add(
    *,
    access: Access,
    process: Process,
    name: str,
    after: Task | None = None,
    kind: NodeKind = NodeKind.TASK,
    version: int | None = None,
    x: float | None = None,
    y: float | None = None,
) -> Task:
    """A new task at the end of the list, or put `after` another: between it and what followed it."""
    place = {field: value for field, value in (("x", x), ("y", y)) if value is not None}
    _checked(place)
    with process_edit(access=access, process=process, version=version):
        siblings = Task.objects.of(access.workspace).filter(process=process)
        if siblings.count() >= MOST_NODES:
            raise Conflict(f"A process has at most {MOST_NODES} tasks.", detail="Split it into two processes.")
        position = siblings.aggregate(last=Max("position"))["last"]
        task = Task.objects.create(
            workspace=access.workspace,
            process=process,
            name=task_name(name),
            kind=kind.value,
            position=0 if position is None else position + 1,
            x=x,
            y=y,
        )
        if after is not None:
            _put_after(task, after)
        audit_record(access=access, verb="task.added", subject=f"task:{task.pk}", detail={"name": task.name})
    return _fresh(task)


def task_rename(*, access: Access, task: Task, name: str, version: int | None = None) -> Task:
    """Give a task another name; its name in the log stays known."""
    return task_update(access=access, task=task, changes={"name": name}, version=version)


def task_update(*, access: Access, task: Task, changes: Mapping[str, Any], version: int | None = None) -> Task:
    """Set name, handling_minutes, volume_a_year, waiting_hours, automatic, x or y.

    None for a figure takes it back: the log's own figure returns where there is one. Raises InvalidInput naming each
    field that cannot be, StaleEdit when the process has moved on.
    """
    values = _checked(changes)
    with process_edit(access=access, process=task.process, version=version):
        task.refresh_from_db()
        detail = {"task": task.name, **_changed(task, values)}
        task.save()
        audit_record(access=access, verb="task.updated", subject=f"task:{task.pk}", detail=detail)
    return _fresh(task)


def task_delete(*, access: Access, task: Task, version: int | None = None) -> None:
    """Remove a task with its flows and all that hangs on it; `task_restore` brings it back. The start stays."""
    if task.kind == NodeKind.START.value:
        raise Conflict("The start of a process cannot be deleted.", detail="Rename it, or draw other flows from it.")
    with process_edit(access=access, process=task.process, version=version):
        audit_record(access=access, verb="task.deleted", subject=f"task:{task.pk}", detail={"name": task.name})
        task.removed_at = timezone.now()
        task.save(update_fields=["removed_at"])


def task_restore(*, access: Access, task: Task, version: int | None = None) -> Task:
    """Bring a removed task back as it was, with its flows, figures, answers, estimate, canvas and pipeline."""
    with process_edit(access=access, process=task.process, version=version):
        task.removed_at = None
        task.save(update_fields=["removed_at"])
        audit_record(access=access, verb="task.restored", subject=f"task:{task.pk}", detail={"name": task.name})
    return _fresh(task)


def task_name(name: object) -> str:
    """The name cleaned of needless space; InvalidInput when nothing is left or it is too long."""
    cleaned = " ".join(str(name).split())
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
        label=flow.label,
    )


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    problems = [FieldProblem(field, "This cannot be changed.") for field in changes if field not in CHANGEABLE]
    values: dict[str, Any] = {}
    for field, value in changes.items():
        if field == "name":
            values[field] = task_name(value)
            continue
        if field in (*NUMBERS, *PLACES) and value is not None and (problem := figure_problem(field, value)):
            problems.append(FieldProblem(field, problem))
        values[field] = value
    if problems:
        raise InvalidInput("The task was not changed.", errors=problems)
    return values


def _set(task: Task, field: str, value: Any) -> None:
    setattr(task, field, value)
    source = SOURCES.get(field)
    if source is None:
        return
    measured = task.figures.get(field)
    if value is None and measured is not None:
        setattr(task, field, measured)
    setattr(task, source, Source.USER if value is not None else Source.LOG if measured is not None else Source.NONE)
    if field == "volume_a_year" and value is None and measured is not None:
        task.visits_a_case = task.figures.get("visits_a_case")


def _changed(task: Task, values: Mapping[str, Any]) -> dict[str, object]:
    """Set the fields; what is different now, old and new."""
    before = {field: getattr(task, field) for field in values}
    for field, value in values.items():
        _set(task, field, value)
    now = {field: getattr(task, field) for field in values}
    return {field: {"from": before[field], "to": now[field]} for field in values if before[field] != now[field]}


def _fresh(task: Task) -> Task:
    task.refresh_from_db()
    return task


def tasks_update(
    *, access: Access, process: Process, changes: Mapping[int, Mapping[str, Any]], version: int | None = None
) -> int:
    """Change figures of several tasks of a process in one edit; how many were changed. All or nothing."""
    access.require(Role.EDITOR)
    checked = {pk: _checked(values) for pk, values in changes.items()}
    if not checked:
        return 0
    with process_edit(access=access, process=process, version=version):
        found = list(Task.objects.of(access.workspace).filter(process=process, pk__in=checked))
        detail: dict[str, object] = {"process": process.name}
        for task in found:
            for field, change in _changed(task, checked[task.pk]).items():
                detail[f"{task.name}, {field}"] = change
            task.save()
        audit_record(access=access, verb="tasks.updated", subject=f"process:{process.pk}", detail=detail)
    return len(found)
