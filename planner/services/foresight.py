"""Asking what can be foretold at the tasks of a process, and choosing what a model is built for."""

from django.db import transaction
from django.db.models import Q

from accounts.access import Access
from accounts.models import Role as Rights
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from jobs.models import Run
from jobs.services import StageSpec, run_submit
from planner.domain.foresight.evidence_version import EVIDENCE_VERSION
from planner.domain.foresight.labels import CASE_ENDS
from planner.domain.foresight.targets import LONGEST_TEXT, Role, TargetError, TargetKind, TargetSpec, target_parse
from planner.models import DecisionTarget, EventLog, Process, Task
from planner.services.training_tables import log_of

TASK = "planner.screen"
SCREEN_VERSION = EVIDENCE_VERSION
BUDGET_S = 600
"""Seconds the check of all tasks may take; what it does not come to is checked when asked for."""


def foresight_screen(*, access: Access, process: Process, again: bool = False) -> Run:
    """Check the tasks of the process as a job, the dearest first, for at most `BUDGET_S` seconds. One job a log,
    unless asked `again`: then those it did not come to are checked first.
    """
    access.require(Rights.EDITOR)
    log = EventLog.objects.of(access.workspace).in_use().filter(process=process).first()
    if log is None:
        raise Conflict("There is no event log to check.", detail="Import a log of this process first.")
    key = _key(log)
    if again:
        earlier = Run.objects.of(access.workspace).filter(idempotency_key__startswith=key)
        running = next((run for run in earlier if not run.is_over), None)
        if running is not None:
            return running
        key = f"{key}:{earlier.count()}"
    return _submitted(access, process, log, key)


def _key(log: EventLog) -> str:
    return f"{TASK}:{log.pk}:{SCREEN_VERSION}"


def _submitted(access: Access, process: Process, log: EventLog, key: str) -> Run:
    return run_submit(
        access=access,
        kind=TASK,
        title=f"What can be foretold in {process.name}",
        stages=[StageSpec(name="screen", task_name=TASK, params={"log": log.pk, "seconds": BUDGET_S})],
        subject=f"process:{process.pk}",
        idempotency_key=key,
    )


def screens_refresh() -> None:
    """Check anew, once a log, what was checked with fewer features and measures than now: after an upgrade."""
    before = Q(evidence__version__lt=EVIDENCE_VERSION) | ~Q(evidence__has_key="version")
    older = DecisionTarget.objects.screened().filter(before, task__removed_at=None)
    processes = Process.objects.filter(pk__in=older.values("task__process")).select_related("workspace")
    for process in processes:
        log = EventLog.objects.of(process.workspace).in_use().filter(process=process).first()
        if log is not None and older.filter(log=log).exists():
            _submitted(Access.system(process.workspace), process, log, f"{_key(log)}:upgrade")


def targets_propose(*, access: Access, task: Task) -> list[DecisionTarget]:
    """The targets of one task, the most useful first; empty until the process was checked, which this starts."""
    access.require(Rights.EDITOR)
    found = list(DecisionTarget.objects.of(access.workspace).filter(task=task))
    if not found:
        foresight_screen(access=access, process=task.process)
    return found


def task_screen(*, access: Access, task: Task) -> Run:
    """Check what can be foretold at one task as a job, however long it takes; pressing twice is one job."""
    access.require(Rights.EDITOR)
    log = log_of(task)
    key = f"{TASK}:{log.pk}:task:{task.pk}"
    earlier = Run.objects.of(access.workspace).filter(idempotency_key__startswith=f"{key}:")
    running = next((run for run in earlier if not run.is_over), None)
    if running is not None:
        return running
    return run_submit(
        access=access,
        kind=TASK,
        title=f"What can be foretold at {task.name}"[:200],
        stages=[StageSpec(name="screen", task_name=TASK, params={"log": log.pk, "task": task.pk})],
        subject=f"task:{task.pk}",
        idempotency_key=f"{key}:{earlier.count()}",
    )


def target_choose(*, access: Access, task: Task, text: str) -> DecisionTarget:
    """Choose what a model at this task foretells: `next:…`, `later:…`, `attribute:…=…`, `remaining`, `volume:…`.

    A target that was not checked yet has verdict "" until the job this starts has checked it. Refuses what the log
    does not have with InvalidInput.
    """
    access.require(Rights.EDITOR)
    row = _asked(task, text)
    with transaction.atomic():
        task.targets.filter(chosen=True).exclude(pk=row.pk).update(chosen=False, picked=False, chosen_by=None)
        row.chosen, row.picked, row.chosen_by = True, True, access.user
        row.save(update_fields=["chosen", "picked", "chosen_by"])
        audit_record(
            access=access,
            verb="target.chosen",
            subject=f"task:{task.pk}",
            detail={"task": task.name, "target": row.text},
        )
        if not row.verdict:
            target_check(access=access, row=row)
    return row


def target_check(*, access: Access, row: DecisionTarget) -> Run:
    """Check one target as a job; pressing twice is one job."""
    access.require(Rights.EDITOR)
    return run_submit(
        access=access,
        kind=TASK,
        title=f"Can it be foretold: {row.target.question}"[:200],
        stages=[StageSpec(name="screen", task_name=TASK, params={"log": row.log_id, "target": row.pk})],
        subject=f"task:{row.task_id}",
        idempotency_key=f"{TASK}:{row.log_id}:target:{row.pk}",
    )


def target_read(*, task: Task, text: str) -> TargetSpec:
    """The target a text means at a task. Refuses with InvalidInput what is none, or what the log does not have."""
    known = EventLog.objects.of(task.workspace).in_use().filter(process=task.process_id).first()
    columns = known.statistics.get("attributes", []) if known else []
    try:
        target = target_parse(text, task=task.activity, columns=columns)
        _refuse_unknown(target, task, log_of(task))
    except TargetError as error:
        raise InvalidInput("This target cannot be used.", errors=[FieldProblem(error.where, str(error))]) from error
    return target


def _asked(task: Task, text: str) -> DecisionTarget:
    """The target somebody asked for: the one that was proposed, else a new one, unchecked."""
    proposed = task.targets.filter(text=text.strip()).first() if "\0" not in text else None
    if proposed is not None:
        return proposed
    target = target_read(task=task, text=text)
    row, _ = DecisionTarget.objects.get_or_create(
        task=task,
        text=target.text,
        defaults={
            "workspace": task.workspace,
            "log": log_of(task),
            "spec": target.as_json(),
            "role": Role.ASKED.value,
            "note": "asked for",
            "position": task.targets.count(),
        },
    )
    return row


def _refuse_unknown(target: TargetSpec, task: Task, log: EventLog) -> None:
    """TargetError where the log has no such activity or attribute, or where the target is too long to be kept."""
    if len(target.text) > LONGEST_TEXT or "\0" in f"{target.name}{target.positive}":
        raise TargetError(f"A target is at most {LONGEST_TEXT} characters of text: choose another.")
    if target.kind is TargetKind.ATTRIBUTE and target.name not in log.statistics.get("attributes", []):
        raise TargetError(f"The log has no case attribute “{target.name.removeprefix('case:')}”.")
    if target.needs_real_times and not log.tells_durations:
        unseen = "how many cases really came" if target.is_volume else "how long a case still takes"
        raise TargetError(f"The times of the log are plans, so {unseen} was never seen.")
    activities = {TargetKind.NEXT_ACTIVITY: target.positive, TargetKind.LATER_OCCURRENCE: target.name}
    wanted = activities.get(target.kind, "")
    known = Task.objects.of(task.workspace).filter(process=task.process_id, activity=wanted)
    if wanted and wanted != CASE_ENDS and not known.exists():
        raise TargetError(f"The log has no activity “{wanted}”.")
