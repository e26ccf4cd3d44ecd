"""How much of its log a process shows: looked at before, applied as one edit, taken back as one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from planner.domain.discovery.filtering import FilteredGraph, GraphFilter, filtered
from planner.models import Process, Task
from planner.services.editing import process_edit
from planner.services.log_rows import FlowRows, counted_by_source, edges_of, task_measured
from planner.services.snapshots import TASK_FIELDS, snapshot_take
from planner.services.stored_logs import log_in_use, log_sequences, measures_of


def graph_filter_preview(*, process: Process, chosen: GraphFilter) -> FilteredGraph:
    """What a filter would leave of the log in use. Activities of tasks a person removed stay out of it."""
    return filtered(log_sequences(log_in_use(process)), chosen, without=activities_struck(process))


def graph_filter_apply(
    *, access: Access, process: Process, chosen: GraphFilter, version: int | None = None
) -> FilteredGraph:
    """Make the graph what a filter leaves of the log in use; `snapshot_undo` takes it back.

    Tasks left out are put out of sight with all that hangs on them and come back with a wider filter. What people
    drew, set or removed stays as it is, figures too.
    """
    access.require(Role.EDITOR)
    log = log_in_use(process)
    found = filtered(log_sequences(log), chosen, without=activities_struck(process))
    with process_edit(access=access, process=process, version=version):
        snapshot_take(access=access, process=process, verb="graph.filtered", words=filter_words(chosen))
        tasks = tasks_shown(process, found.activities, found.left_out, measures_of(log))
        flows_counted(process, found, tasks)
        process.shown = chosen.as_dict()
        process.save(update_fields=["shown"])
        audit_record(
            access=access, verb="graph.filtered", subject=f"process:{process.pk}", detail=dict(chosen.as_dict())
        )
    return found


def filter_words(chosen: GraphFilter) -> str:
    """What applying a filter is called.

    >>> filter_words(GraphFilter(0.9, 0.5))
    'filter of the graph: activities to 90 %, flows to 50 %'
    """
    return f"filter of the graph: activities to {chosen.activities:.0%}, flows to {chosen.flows:.0%}".replace("%", " %")


def activities_struck(process: Process) -> set[str]:
    """Activities a person does not want as tasks: theirs was removed, and no other task is called so in the log."""
    every = Task.everything.of(process.workspace).filter(process=process).exclude(activity="")
    there = set(every.filter(removed_at=None).values_list("activity", flat=True))
    return set(every.removed().values_list("activity", flat=True)) - there


def tasks_shown(
    process: Process, kept: Iterable[str], left_out: Iterable[str], measures: Mapping[str, Mapping[str, Any]]
) -> dict[str, Task]:
    """Bring the tasks of kept activities into sight, made anew where there never was one, and put others out of it."""
    every = Task.everything.of(process.workspace).filter(process=process).exclude(activity="")
    known: dict[str, Task] = {}
    for task in sorted(every, key=lambda task: (task.removed_at is not None, not task.filtered, task.pk)):
        known.setdefault(task.activity, task)
    hidden = [known[name] for name in left_out if name in known and known[name].removed_at is None]
    for task in hidden:
        task.removed_at, task.filtered = timezone.now(), True
    shown = {name: known[name] for name in kept if name in known}
    back = [task for task in shown.values() if task.removed_at is not None]
    for task in back:
        task.removed_at, task.filtered = None, False
    Task.everything.bulk_update([*hidden, *back], list(TASK_FIELDS), batch_size=500)
    missing = [name for name in kept if name not in known and name in measures]
    return shown | tasks_made(process, [measures[name] for name in missing])


def tasks_made(process: Process, facts: Iterable[Mapping[str, Any]]) -> dict[str, Task]:
    """New tasks for activities, at the end of the list, by activity."""
    last = Task.everything.of(process.workspace).filter(process=process).aggregate(last=Max("position"))["last"] or 0
    rows = []
    for place, one in enumerate(facts, start=last + 1):
        name = " ".join(str(one["name"]).split())[:200] or "unnamed"
        task = Task(workspace=process.workspace, process=process, name=name, position=place)
        cases = process.cases_a_year
        task_measured(task, one, None if cases is None else cases * one["visits_a_case"])
        rows.append(task)
    return {task.activity: task for task in Task.objects.bulk_create(rows)}


def flows_counted(process: Process, found: FilteredGraph, tasks: Mapping[str, Task]) -> None:
    """Write the flows of a filtered log between the tasks of its activities."""
    edges = edges_of(process)
    rows, known = FlowRows.of(process), {task.pk for task in (*tasks.values(), edges[1])}
    counted = counted_by_source(found.flows, tasks, edges)
    for source in (edges[0].pk, *(task.pk for task in tasks.values())):
        rows.write(source, counted.get(source, {}), known)
    rows.save()
