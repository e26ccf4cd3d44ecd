"""Measuring a process anew from another log: what is taken of the differences, in one edit that can be undone."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from planner.domain.discovery.remeasuring import MEASURES, figure_key
from planner.models import EventLog, Source, Task
from planner.services.editing import process_edit
from planner.services.filtering import tasks_made
from planner.services.foresight import foresight_screen
from planner.services.log_comparison import LogComparison, log_compare, measured_task, new_key, node_key
from planner.services.log_rows import FlowRows, counted_by_source, edges_of, figures_from, task_described
from planner.services.snapshots import TASK_FIELDS, snapshot_take
from planner.services.stored_logs import measures_of
from planner.services.values import values_start

Facts = Mapping[str, Mapping[str, Any]]


def log_match(*, access: Access, log: EventLog, matching: Mapping[str, int | None]) -> EventLog:
    """Say which task each of these activities is, by id (None: none of them); others stay as they were said."""
    access.require(Role.EDITOR)
    tasks = set(Task.objects.of(access.workspace).work().filter(process=log.process).values_list("pk", flat=True))
    said = {**log.matching, **matching}
    _refuse_matching(said, tasks, set(measures_of(log)))
    log.matching = said
    with transaction.atomic():
        log.save(update_fields=["matching"])
        detail = {"log": log.name, "matched": len(matching)}
        audit_record(access=access, verb="log.matched", subject=f"process:{log.process_id}", detail=detail)
    return log


def log_apply(
    *, access: Access, log: EventLog, taken: Collection[str] | None = None, version: int | None = None
) -> LogComparison:
    """Let the process rest on this log and take these differences (None: the usual ones), whole or not at all.

    What people set, drew or removed stays; the log in use until now is kept and can be returned to the same way. Values
    are computed again, and what can be foretold is checked again on the new log.
    """
    access.require(Role.EDITOR)
    process = log.process
    with process_edit(access=access, process=process, version=version):
        found = log_compare(process=process, log=log)
        chosen = found.taken if taken is None else frozenset(taken)
        _refuse_unknown(found, chosen)
        snapshot_take(access=access, process=process, verb="log.applied", words=f"measuring by {log.name}")
        _write(found, chosen)
        guessed = {name: found.matching.tasks[name] for name in found.matching.guessed}
        log.applied_at, log.matching = timezone.now(), {**log.matching, **guessed}
        log.save(update_fields=["applied_at", "matching"])
        detail = {"log": log.pk, "taken": len(chosen), "of": len(found.differences)}
        audit_record(access=access, verb="log.applied", subject=f"process:{process.pk}", detail=detail)
        values_start(access=access, process=process)
        transaction.on_commit(partial(foresight_screen, access=access, process=process, again=True))
    return found


def _write(found: LogComparison, chosen: frozenset[str]) -> None:
    process, measures = found.process, measures_of(found.log)
    if "cases" in chosen and process.cases_source != Source.USER:
        process.cases_a_year, process.cases_source = found.log.measured["cases_a_year"], Source.LOG
        process.save(update_fields=["cases_a_year", "cases_source"])
    tasks = _tasks(found, measures, chosen)
    edges, graph = edges_of(process), found.graph(chosen)
    rows = FlowRows.of(process)
    known = {task.pk for task in (*tasks.values(), edges[1])}
    counted = counted_by_source(graph.flows, tasks, edges)
    left = {one.key for one in found.differences} - chosen
    for key, pk in (("start", edges[0].pk), *((node_key(task.pk), task.pk) for task in tasks.values())):
        if f"branches:{key}" not in left:
            rows.write(pk, counted.get(pk, {}), known)
    rows.save()


def _tasks(found: LogComparison, measures: Facts, chosen: frozenset[str]) -> dict[str, Task]:
    """Measure the tasks that are there, bring in and put away what was chosen; the tasks in sight by activity."""
    tasks = {activity: found.tasks[pk] for activity, pk in found.matching.tasks.items()}
    differing = {one.key for one in found.differences if not one.held}
    for activity, task in tasks.items():
        left = {name for name in MEASURES if figure_key(task.pk, name) in differing - chosen}
        _measure(task, measures[activity], left, found.process.cases_a_year)
    gone = [task for pk, task in found.tasks.items() if f"gone:{pk}" in chosen]
    for task in gone:
        task.removed_at, task.filtered = timezone.now(), False
    back = {name: found.struck[name] for name in found.new if new_key(name) in chosen and name in found.struck}
    for name, task in back.items():
        task.removed_at = None
        _measure(task, measures[name], set(), found.process.cases_a_year)
    Task.everything.bulk_update([*tasks.values(), *gone, *back.values()], list(TASK_FIELDS), batch_size=500)
    fresh = [measures[name] for name in found.new if new_key(name) in chosen and name not in back]
    return tasks | back | tasks_made(found.process, fresh)


def _measure(task: Task, facts: Mapping[str, Any], left: Collection[str], cases: float | None) -> None:
    """Give a task the log's figures but those `left`; what a person set stays, with the log's figure behind it."""
    held = measured_task(task).held
    kept = {MEASURES[name]: task.figures.get(MEASURES[name]) for name in left}
    task.activity = str(facts["name"])
    task.figures = figures_from(facts) | kept
    figures = task.figures
    figures["handling_minutes"] = figures["handling_median_minutes"]
    visits = figures["visits_a_case"]
    figures["volume_a_year"] = None if cases is None or visits is None else cases * visits
    task_described(task, facts)
    if not {"visits"} & {*held, *left}:
        task.visits_a_case, task.volume_source = visits, Source.LOG
    if not {"handling"} & {*held, *left}:
        minutes = figures["handling_minutes"]
        task.handling_minutes, task.handling_source = minutes, Source.NONE if minutes is None else Source.LOG
    if not {"waiting"} & {*held, *left}:
        task.waiting_hours = figures["waiting_median_hours"]
    if "rework" not in left:
        task.rework_share = figures["rework_share"]


def _refuse_unknown(found: LogComparison, chosen: frozenset[str]) -> None:
    unknown = sorted(chosen - {one.key for one in found.differences})
    if unknown:
        message = f"There is no difference “{unknown[0][:80]}” any more."
        raise InvalidInput(
            "Nothing was changed: what differs is not what it was.",
            detail="Look at the differences again.",
            errors=[FieldProblem("taken", message)],
        )


def _refuse_matching(said: Mapping[str, int | None], tasks: Collection[int], activities: Collection[str]) -> None:
    problems = [FieldProblem(name, f"The log has no activity “{name}”.") for name in said if name not in activities]
    problems += [FieldProblem(name, "There is no such task.") for name, pk in said.items() if pk and pk not in tasks]
    chosen = [pk for pk in said.values() if pk is not None]
    twice = {pk for pk in chosen if chosen.count(pk) > 1}
    problems += [FieldProblem(name, "Two activities cannot be one task.") for name, pk in said.items() if pk in twice]
    if problems:
        raise InvalidInput("The matching was not kept.", errors=problems)
