"""What a person does to a run: start it (T1), cancel it (T9), try again, say yes or no to a stage that waits (T11)."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, InvalidInput
from jobs.domain.stages import BadStages, StageSpec, stages_check
from jobs.domain.states import STAGE_STOPPED, RunState, StageState, stage_change_check
from jobs.models import LogEvent, Run, Stage, new_key
from jobs.services.recording import run_record, stage_record
from jobs.services.settling import run_lock, run_settle


def run_submit(
    *,
    access: Access,
    kind: str,
    title: str,
    stages: Sequence[StageSpec],
    params: Mapping[str, object] | None = None,
    subject: str = "",
    idempotency_key: str | None = None,
) -> Run:
    """T1: the run and its stages in one transaction, rung for after commit.

    With an `idempotency_key` the workspace already knows, the run that has it is given back and nothing is started.
    """
    access.require(Role.EDITOR)
    try:
        stages_check(stages)
    except BadStages as error:
        raise InvalidInput("These stages cannot be run.", detail=str(error)) from error
    run = Run(
        workspace=access.workspace,
        kind=kind,
        title=title[:200],
        subject=subject,
        params=dict(params or {}),
        idempotency_key=idempotency_key or new_key(),
        created_by=access.user,
    )
    try:
        with transaction.atomic():
            _run_create(run, stages)
            _audit(access, run, "job.started")
    except IntegrityError:
        return Run.objects.of(access.workspace).get(idempotency_key=run.idempotency_key)
    run.refresh_from_db()
    return run


def _run_create(run: Run, specs: Sequence[StageSpec]) -> None:
    run.save(force_insert=True)
    Stage.objects.bulk_create(_stage(run, position, spec) for position, spec in enumerate(specs))
    run_record(run, LogEvent.SUBMITTED, run.title)
    run_settle(run.pk)


def _stage(run: Run, position: int, spec: StageSpec) -> Stage:
    return Stage(
        workspace_id=run.workspace_id,
        run=run,
        name=spec.name,
        position=position,
        task_name=spec.task_name,
        depends_on=list(spec.depends_on),
        params=dict(spec.params),
        timeout_s=spec.timeout_s,
        fingerprint_source=spec.fingerprint_source or "",
        needs_approval=spec.needs_approval,
        fingerprint_parts={group: dict(parts) for group, parts in spec.fingerprint_parts.items()},
        need=spec.need,
    )


def run_cancel(*, access: Access, run: Run) -> Run:
    """T9: stages not begun are cancelled now; running ones within a beat, by the worker that holds them.

    The order of the two updates matters: a claim that slips in between is seen as running by the second.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        run_lock(run.pk)
        run.refresh_from_db()
        if run.is_over:
            return run
        Run.objects.filter(pk=run.pk).update(cancel_requested=True)
        waiting = Stage.objects.filter(run_id=run.pk).not_begun()
        waiting.update(state=StageState.CANCELLED.value, finished_at=timezone.now(), reason="cancelled")
        Stage.objects.filter(run_id=run.pk).running().update(cancel_requested=True)
        run_record(run, LogEvent.CANCELLED, _by(access, "cancelled"))
        _audit(access, run, "job.cancelled")
        run_settle(run.pk)
    run.refresh_from_db()
    return run


def run_retry(*, access: Access, run: Run) -> Run:
    """Run again what failed, was cancelled or was never reached; what is done stays done. Of two clicks one counts."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        run_lock(run.pk)
        run.refresh_from_db()
        if run.state_of is RunState.SUCCEEDED:
            raise Conflict("Nothing to try again.", detail="Every stage of this run is done.")
        if not run.is_over:
            return run
        Run.objects.filter(pk=run.pk).update(cancel_requested=False, finished_at=None)
        stopped = sorted(state.value for state in STAGE_STOPPED)
        Stage.objects.filter(run_id=run.pk, state__in=stopped).update(
            state=StageState.PENDING.value, errors=0, lost=0, token="", sent=0, not_before=None, cancel_requested=False,
            reason="", progress=None, progress_note="", metrics={}, started_at=None, finished_at=None,
        )  # fmt: skip
        run_record(run, LogEvent.RETRIED, _by(access, "tried again"))
        _audit(access, run, "job.tried-again")
        run_settle(run.pk)
    run.refresh_from_db()
    return run


def stage_approve(*, access: Access, stage: Stage, comment: str = "") -> Stage:
    """T11: a person says yes to a stage that waits; it becomes ready."""
    return _decide(access, stage, StageState.READY, LogEvent.APPROVED, comment)


def stage_decline(*, access: Access, stage: Stage, comment: str = "") -> Stage:
    """T11: a person says no to a stage that waits; it and what follows it are cancelled."""
    return _decide(access, stage, StageState.CANCELLED, LogEvent.DECLINED, comment)


def _decide(access: Access, stage: Stage, state: StageState, event: LogEvent, comment: str) -> Stage:
    access.require(Role.EDITOR)
    stage_change_check(StageState.WAITING, state)
    with transaction.atomic():
        run_lock(stage.run_id)
        waiting = Stage.objects.filter(pk=stage.pk, state=StageState.WAITING.value)
        if not waiting.update(state=state.value, sent=0):
            raise Conflict("This stage does not wait for anybody.", detail="Somebody may have decided already.")
        stage.refresh_from_db()
        stage_record(stage, event, _by(access, comment or event.value))
        _audit(access, stage.run, f"stage.{event.value}", stage=stage.name, comment=comment)
        run_settle(stage.run_id)
    return stage


def _audit(access: Access, run: Run, verb: str, **detail: object) -> None:
    told = {"job": run.title, **detail}
    audit_record(access=access, verb=verb, subject=f"job:{run.pk}", detail=told)


def _by(access: Access, what: str) -> str:
    return f"{what}, by {access.user}" if access.user else what
