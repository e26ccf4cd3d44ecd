"""Costs several tasks need and that are paid once: entered, changed, taken away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput, StaleEdit
from planner.domain.valuation.assumptions import kept_text, read_text
from planner.models import Process, SharedCost, Task
from planner.services.values import values_start

LIKE = "discovery"
"""The assumption whose text is read alike: money spent once, zero or more."""
LONGEST = {"label": 120, "text": 200, "source": 200, "note": 400}
MOST_TASKS = 1_000


@dataclass(frozen=True)
class SharedCostEntry:
    """A shared cost as people give it. `text` is its amount in the workspace's currency, `tasks` the ids it serves."""

    label: str
    text: str
    tasks: Sequence[int]
    source: str = ""
    note: str = ""


def shared_cost_create(*, access: Access, entry: SharedCostEntry) -> SharedCost:
    """Enter a shared cost. InvalidInput names each field that cannot be used."""
    access.require(Role.EDITOR)
    tasks = _checked(access, entry)
    with transaction.atomic():
        cost = SharedCost.objects.create(workspace=access.workspace, created_by=access.user, **_fields(access, entry))
        cost.tasks.set(tasks)
        _audit(access, "shared-cost.entered", cost, {"amount": cost.text})
        values_start(access=access, process=_only_process(tasks))
    return cost


def shared_cost_update(
    *, access: Access, cost: SharedCost, entry: SharedCostEntry, version: int | None = None
) -> SharedCost:
    """Change a shared cost. `version` is the one the edit was made on; StaleEdit says what holds meanwhile."""
    access.require(Role.EDITOR)
    tasks = _checked(access, entry)
    with transaction.atomic():
        held = _held(access, cost, version)
        fields, before = _fields(access, entry), held.text
        same = all(getattr(held, field) == value for field, value in fields.items())
        if same and {task.pk for task in tasks} == set(held.tasks.values_list("pk", flat=True)):
            return held
        for field, value in fields.items():
            setattr(held, field, value)
        held.version += 1
        held.save()
        touched = {*held.tasks.all(), *tasks}
        held.tasks.set(tasks)
        values_start(access=access, process=_only_process(touched))
        _audit(access, "shared-cost.changed", held, {"from": before, "to": held.text})
    return held


def shared_cost_delete(*, access: Access, cost: SharedCost, version: int | None = None) -> None:
    """Take a shared cost away; its tasks are valued without it. StaleEdit where it is another version now."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        held = _held(access, cost, version)
        _audit(access, "shared-cost.deleted", held, {"amount": held.text})
        touched = list(held.tasks.all())
        held.delete()
        values_start(access=access, process=_only_process(touched))


def _held(access: Access, cost: SharedCost, version: int | None) -> SharedCost:
    held = SharedCost.objects.of(access.workspace).select_for_update().get_or_404(pk=cost.pk)
    if version is not None and version != held.version:
        raise StaleEdit(
            f"Not saved: “{held.label}” was changed meanwhile.",
            detail="The page now shows what holds; make your change again.",
            changed=[f"{held.label}: now {held.text}, for {held.tasks.count()} tasks"],
        )
    return held


def _only_process(tasks: Iterable[Task]) -> Process | None:
    """The process they all belong to, None where there is more than one."""
    found = {task.process_id: task for task in tasks}
    return next(iter(found.values())).process if len(found) == 1 else None


def _fields(access: Access, entry: SharedCostEntry) -> dict[str, str]:
    fields = {field: getattr(entry, field).strip() for field in LONGEST}
    return fields | {"text": kept_text(LIKE, fields["text"], access.workspace.currency)}


def _checked(access: Access, entry: SharedCostEntry) -> list[Task]:
    """The tasks it serves. InvalidInput names every field that cannot be."""
    problems = [
        FieldProblem(field, f"Write at most {most} characters.")
        for field, most in LONGEST.items()
        if len(getattr(entry, field).strip()) > most
    ]
    if not entry.label.strip():
        problems.append(FieldProblem("label", "Name it, such as “One labelled data set”."))
    if sentence := _unreadable(entry.text, access.workspace.currency):
        problems.append(FieldProblem("text", sentence))
    wanted = set(entry.tasks)
    tasks = list(Task.objects.of(access.workspace).work().filter(pk__in=wanted)) if len(wanted) <= MOST_TASKS else []
    if not wanted or len(tasks) < len(wanted):
        words = "Choose the tasks that need it." if not wanted else "One of these tasks is not in this workspace."
        problems.append(FieldProblem("tasks", words if len(wanted) <= MOST_TASKS else f"At most {MOST_TASKS} tasks."))
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)
    return tasks


def _unreadable(text: str, currency: str) -> str:
    try:
        read_text(LIKE, text, currency)
    except ValueError as problem:
        return str(problem)
    return ""


def _audit(access: Access, verb: str, cost: SharedCost, detail: Mapping[str, str]) -> None:
    audit_record(access=access, verb=verb, subject=f"shared-cost:{cost.pk}", detail={"cost": cost.label, **detail})
