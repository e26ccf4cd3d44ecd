"""Triggers: made, changed and deleted by people; looked after at every turn of the dispatcher."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput, ProblemError, StaleEdit
from jobs.models import Run, RunState
from pipelines.domain.cron import BadSchedule, next_moment, schedule_check
from pipelines.domain.fingerprint import digest_of
from pipelines.domain.lifecycle import PipelineState
from pipelines.models import (
    Firing,
    FiringState,
    Generation,
    MonitoringReport,
    Pipeline,
    TrainingUpload,
    Trigger,
    TriggerKind,
)
from pipelines.services.firing import (
    firing_access,
    firing_check,
    firing_refuse,
    firing_run,
    pipeline_hold,
    trigger_notice,
)
from pipelines.services.generating import KIND as GENERATE
from pipelines.services.generating import pipeline_generate
from pipelines.services.living import retraining_end
from planner.models import EventLog

log = logging.getLogger(__name__)
MOST_TRIGGERS = 20
LONGEST_QUIET_S = 7 * 24 * 3600
LATE = timedelta(hours=1)
LONGEST_CHANGE = 200
AGAIN = timedelta(seconds=30)


def trigger_create(
    *,
    access: Access,
    pipeline: Pipeline,
    kind: TriggerKind,
    cron: str = "",
    zone: str = "UTC",
    quiet_seconds: int = 0,
) -> Trigger:
    """A reason to run again. Refuses with InvalidInput a schedule that cannot be kept.

    What is so already is no change: a new trigger fires at the next one.
    """
    access.require(Role.EDITOR)
    if pipeline.triggers.count() >= MOST_TRIGGERS:
        raise InvalidInput(f"A pipeline has at most {MOST_TRIGGERS} triggers.", detail="Delete one first.")
    now = timezone.now()
    values = _checked(kind, cron, zone, quiet_seconds, now)
    with transaction.atomic():
        trigger = Trigger.objects.create(
            workspace=access.workspace, pipeline=pipeline, kind=kind, created_by=access.user, **values
        )
        _mark_present(trigger)
        _told(access, trigger, "trigger.created")
    return trigger


def trigger_change(
    *,
    access: Access,
    trigger: Trigger,
    version: int,
    enabled: bool,
    cron: str = "",
    zone: str = "UTC",
    quiet_seconds: int = 0,
) -> Trigger:
    """Change or switch a trigger, which from now on acts for who did; `version` is the one that was read.

    Refuses with StaleEdit, InvalidInput.
    """
    access.require(Role.EDITOR)
    values = _checked(TriggerKind(trigger.kind), cron, zone, quiet_seconds, timezone.now())
    with transaction.atomic():
        known = Trigger.objects.filter(pk=trigger.pk, version=version)
        if not known.update(enabled=enabled, version=F("version") + 1, created_by=access.user, **values):
            raise StaleEdit("Somebody changed this trigger since.", detail="Look at it and save again.")
        trigger.refresh_from_db()
        if enabled:
            _mark_present(trigger)
        _told(access, trigger, "trigger.changed")
    return trigger


def trigger_delete(*, access: Access, trigger: Trigger) -> None:
    """It fires no more; runs it started stay, and its history goes with it."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        _told(access, trigger, "trigger.deleted")
        trigger.delete()


def _checked(kind: TriggerKind, cron: str, zone: str, quiet_seconds: int, now: datetime) -> dict[str, object]:
    if not 0 <= quiet_seconds <= LONGEST_QUIET_S:
        problem = FieldProblem("quiet_seconds", "Between 0 seconds and a week.")
        raise InvalidInput("This quiet period cannot be.", errors=[problem])
    if kind is not TriggerKind.SCHEDULE:
        return {"cron": "", "zone": "UTC", "next_at": None, "quiet_seconds": quiet_seconds}
    try:
        schedule_check(cron, zone, now)
    except BadSchedule as error:
        place = "zone" if "time zone" in str(error) else "cron"
        raise InvalidInput("This schedule cannot be kept.", errors=[FieldProblem(place, str(error))]) from error
    return {
        "cron": " ".join(cron.split()),
        "zone": zone,
        "next_at": next_moment(cron, zone, now),
        "quiet_seconds": quiet_seconds,
    }


def _mark_present(trigger: Trigger) -> None:
    """What is so now has been noticed: only what comes later is a change."""
    for seen in _with_present(Trigger.objects.filter(pk=trigger.pk)):
        for change, words in _changes(seen):
            Firing.objects.get_or_create(
                trigger=trigger,
                change=change[:LONGEST_CHANGE],
                defaults={
                    "workspace_id": trigger.workspace_id,
                    "pipeline_id": trigger.pipeline_id,
                    "words": words[:500],
                    "state": FiringState.NOTHING,
                },
            )


def _with_present(found: QuerySet[Trigger]) -> QuerySet[Trigger]:
    """Triggers with what is so at this moment, in one query however many there are."""
    logs = EventLog.objects.filter(process=OuterRef("pipeline__task__process")).in_use()
    tables = TrainingUpload.objects.filter(canvas=OuterRef("pipeline__canvas"), confirmed=True).order_by("-id")
    generations = Generation.objects.filter(pipeline=OuterRef("pipeline")).order_by("-id")
    reports = MonitoringReport.objects.filter(pipeline=OuterRef("pipeline")).order_by("-id")
    return found.annotate(
        log_digest=Subquery(logs.values("events__digest")[:1]),
        log_name=Subquery(logs.values("name")[:1]),
        table_digest=Subquery(tables.values("blob__digest")[:1]),
        table_version=Subquery(tables.values("version")[:1]),
        table_name=Subquery(tables.values("filename")[:1]),
        generation_digest=Subquery(generations.values("digest")[:1]),
        generation_number=Subquery(generations.values("number")[:1]),
        report_version=Subquery(reports.values("version")[:1]),
        report_breaches=Subquery(reports.values("breaches")[:1]),
    )


def _changes(trigger: Any) -> Iterator[tuple[str, str]]:
    """What a trigger of `_with_present` would notice at this moment, as (name of the change, words)."""
    if trigger.kind == TriggerKind.DATA:
        if trigger.log_digest:
            yield f"log:{trigger.log_digest}", f"New log “{trigger.log_name}”."
        if trigger.table_digest:
            yield f"table:{trigger.table_digest}:{trigger.table_version}", f"New table “{trigger.table_name}”."
    elif trigger.kind == TriggerKind.CODE:
        if trigger.generation_digest:
            yield f"generation:{trigger.generation_digest}", f"Generation {trigger.generation_number}."
    elif trigger.kind == TriggerKind.MODEL and trigger.report_breaches:
        names = sorted(str(breach.get("what", "")) for breach in trigger.report_breaches)
        words = " ".join(str(breach.get("words", "")) for breach in trigger.report_breaches)
        yield f"breach:{trigger.report_version}:{digest_of({'what': names})[:16]}", words


def triggers_tick() -> int:
    """One look at all triggers: notice changes, fire schedules that are due, start what has waited long enough, end the
    retraining of runs that are over. Any number of dispatchers may do it at once. Gives how many runs were started.
    """
    now = timezone.now()
    for trigger, change, words in _news(_enabled()):
        trigger_notice(trigger=trigger, change=change, words=words, now=now)
    for trigger in _enabled().filter(kind=TriggerKind.SCHEDULE, next_at__lte=now):
        _fire_schedule(trigger, now)
    started = sum(_start(firing, now) for firing in _due(now))
    _refuse_what_was_not_generated()
    retraining_end()
    return started


def _enabled() -> QuerySet[Trigger]:
    found = Trigger.objects.filter(enabled=True, pipeline__task__removed_at=None)
    living = found.exclude(pipeline__state=PipelineState.RETIRED.value)
    return living.select_related("pipeline__task", "pipeline__workspace")


def _news(triggers: QuerySet[Trigger]) -> list[tuple[Trigger, str, str]]:
    """Changes nobody noted yet: two queries, however many triggers there are."""
    seen = [
        (trigger, change[:LONGEST_CHANGE], words)
        for trigger in _with_present(triggers.exclude(kind=TriggerKind.SCHEDULE))
        for change, words in _changes(trigger)
    ]
    if not seen:
        return []
    noted = Firing.objects.filter(trigger__in={trigger.pk for trigger, _, _ in seen})
    known = set(noted.filter(change__in={change for _, change, _ in seen}).values_list("trigger_id", "change"))
    return [one for one in seen if (one[0].pk, one[1]) not in known]


def _fire_schedule(trigger: Trigger, now: datetime) -> None:
    """Once for each planned moment, whoever looks; one that passed while nobody looked is made up for once."""
    if trigger.next_at is None or trigger.next_at > now:
        return
    planned = trigger.next_at
    upcoming = next_moment(trigger.cron, trigger.zone, now)
    if Trigger.objects.filter(pk=trigger.pk, next_at=planned).update(next_at=upcoming):
        late = " It is late: nobody looked at its time." if now - planned > LATE else ""
        words = f"Planned for {planned:%-d %b %Y %H:%M} UTC.{late}"
        trigger_notice(trigger=trigger, change=f"planned:{planned.isoformat()}", words=words, now=now)


def _due(now: datetime) -> list[Firing]:
    held = Firing.objects.filter(state=FiringState.HELD, due_at__lte=now)
    return list(held.select_related("trigger__created_by", "pipeline__task", "pipeline__canvas", "pipeline__workspace"))


def _start(firing: Firing, now: datetime) -> int:
    """Start what a firing waits for, with its pipeline held.

    Of several dispatchers one does, and a change noted meanwhile joins what has not begun, or waits itself.
    """
    try:
        with transaction.atomic():
            pipeline_hold(firing.pipeline_id)
            if not Firing.objects.filter(pk=firing.pk, state=FiringState.HELD, due_at=firing.due_at).exists():
                return 0
            firing_check(firing)
            if firing.trigger.kind == TriggerKind.DATA:
                return _generate_first(firing, now)
            latest = Generation.objects.filter(pipeline=firing.pipeline_id).select_related("archive", "data").first()
            if latest is None:
                raise InvalidInput("There is nothing to run yet.", detail="Generate the project first.")
            return int(firing_run(firing=firing, generation=latest) is not None)
    except ProblemError as problem:
        firing_refuse(firing=firing, problem=problem)
    except Exception:
        log.exception("Firing %s could not start its run", firing.pk)
    return 0


def _generate_first(firing: Firing, now: datetime) -> int:
    """New rows stand in a new generation; when it is made, the run starts (see `generation_publish`)."""
    job = pipeline_generate(access=firing_access(firing), canvas=firing.pipeline.canvas, firing=firing.pk)
    is_mine = job.params.get("firing") == firing.pk
    # A person generates at this moment, perhaps from what was there before: look again when that is done.
    Firing.objects.filter(pk=firing.pk).update(due_at=None if is_mine else now + AGAIN)
    return int(is_mine)


def _refuse_what_was_not_generated() -> None:
    """Firings whose generation ended badly: no run follows, and the reason is kept."""
    waiting = Firing.objects.filter(state=FiringState.HELD, due_at=None)
    for firing in waiting.select_related("trigger__created_by", "pipeline__task", "pipeline__workspace"):
        jobs = Run.objects.filter(workspace_id=firing.workspace_id, kind=GENERATE, subject=firing.pipeline.subject)
        job = jobs.filter(params__firing=firing.pk).order_by("-id").first()
        if job is None or (job.is_over and job.state_of is not RunState.SUCCEEDED):
            reason = job.stages.values_list("reason", flat=True).first() if job else ""
            firing_refuse(firing=firing, problem=Conflict("Its project could not be generated.", detail=reason or ""))


def _told(access: Access, trigger: Trigger, verb: str) -> None:
    detail = {"task": trigger.pipeline.task.name, "kind": trigger.kind, "cron": trigger.cron}
    audit_record(access=access, verb=verb, subject=trigger.pipeline.subject, detail=detail)
