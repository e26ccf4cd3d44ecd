"""Keeping what a graph was before a large edit, and bringing it back."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.access import Access
from accounts.services import audit_record
from common.errors import Conflict
from planner.models import EventLog, Flow, GraphSnapshot, Process, Task
from planner.services.editing import process_edit

PROCESS_FIELDS = ("cases_a_year", "cases_source", "shown")
TASK_FIELDS = (
    "name", "kind", "lane", "parent_id", "x", "y", "position", "activity",
    "visits_a_case", "volume_a_year", "volume_source", "handling_minutes", "handling_source",
    "waiting_hours", "rework_share", "automatic_proposed", "resources", "figures", "filtered", "removed_at",
)  # fmt: skip
FLOW_FIELDS = ("label", "condition", "count", "probability", "probability_source", "filtered", "removed_at")
MOST_KEPT = 10


def snapshot_take(*, access: Access, process: Process, verb: str, words: str) -> GraphSnapshot:
    """Keep the graph as it is, inside the edit that is about to change it. The oldest beyond ten are let go."""
    log = EventLog.objects.of(access.workspace).in_use().filter(process=process).first()
    content = {
        "process": _values(process, PROCESS_FIELDS),
        "tasks": {str(task.pk): _values(task, TASK_FIELDS) for task in _tasks(process)},
        "flows": {str(flow.pk): _values(flow, FLOW_FIELDS) for flow in _flows(process)},
        "log": log.pk if log else None,
    }
    made: GraphSnapshot = GraphSnapshot.objects.create(
        workspace=access.workspace,
        process=process,
        version=process.version,
        verb=verb,
        words=words[:300],
        content=json.loads(json.dumps(content, cls=DjangoJSONEncoder)),
        created_by=access.user,
    )
    old = GraphSnapshot.objects.of(access.workspace).filter(process=process)[MOST_KEPT:]
    GraphSnapshot.objects.filter(pk__in=[one.pk for one in old]).delete()
    return made


def snapshot_undoable(process: Process) -> GraphSnapshot | None:
    """The large edit that can be taken back: the last one, as long as nothing else was edited since."""
    found = GraphSnapshot.objects.of(process.workspace).filter(process=process).first()
    return found if found is not None and found.version == process.version else None


def snapshot_undo(*, access: Access, process: Process, version: int | None = None) -> bool:
    """Take the last large edit back; whether the process rests on another log now. Conflict once it was edited on."""
    with process_edit(access=access, process=process, version=version):
        found = GraphSnapshot.objects.of(access.workspace).filter(process=process).first()
        if found is None or found.version != process.version - 1:
            raise Conflict("There is nothing to undo.", detail="The graph was edited since; change it by hand.")
        moved = _put_back(process, found)
        audit_record(access=access, verb="graph.undone", subject=f"process:{process.pk}", detail={"edit": found.words})
        found.delete()
    return moved


def _put_back(process: Process, found: GraphSnapshot) -> bool:
    content = found.content
    for field, value in content["process"].items():
        setattr(process, field, value)
    process.save(update_fields=list(PROCESS_FIELDS))
    _rows_back(Task, _tasks(process), content["tasks"], TASK_FIELDS)
    _rows_back(Flow, _flows(process), content["flows"], FLOW_FIELDS)
    logs = EventLog.objects.of(process.workspace).filter(process=process)
    now = logs.in_use().first()
    if now is None or now.pk == content["log"]:
        return False
    logs.filter(pk=now.pk).update(applied_at=None)
    return bool(logs.filter(pk=content["log"]).update(applied_at=timezone.now()))


def _rows_back(
    model: type[Task] | type[Flow], rows: Iterable[models.Model], kept: dict[str, Any], fields: tuple[str, ...]
) -> None:
    """Every row as it was; those made since are put out of sight."""
    changed = list(rows)
    for row in changed:
        values = kept.get(str(row.pk)) or {"removed_at": timezone.now(), "filtered": True}
        for field, value in values.items():
            setattr(row, field, parse_datetime(value) if field == "removed_at" and isinstance(value, str) else value)
    model.everything.bulk_update(changed, list(fields), batch_size=500)  # type: ignore[arg-type]


def _values(row: models.Model, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def _tasks(process: Process) -> models.QuerySet[Task]:
    return Task.everything.of(process.workspace).filter(process=process)


def _flows(process: Process) -> models.QuerySet[Flow]:
    return Flow.everything.of(process.workspace).filter(process=process)
