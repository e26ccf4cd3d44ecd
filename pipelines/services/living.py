"""The life of a pipeline: every change of state leaves an event with its cause, and an entry in the audit trail."""

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict
from pipelines.domain.lifecycle import IN_USE, Cause, ChangeRefused, PipelineState, change_check
from pipelines.models import Deployment, Pipeline, PipelineEvent, PipelineRun


def pipeline_state_change(
    *,
    access: Access,
    pipeline: Pipeline,
    after: PipelineState,
    cause: Cause,
    run: PipelineRun | None = None,
    note: str = "",
) -> PipelineEvent:
    """Move a pipeline to `after`. Refuses with Conflict a change that cannot be."""
    try:
        change_check(pipeline.state_of, after, cause)
    except ChangeRefused as error:
        raise Conflict("This cannot follow.", detail=f"{error}.") from error
    with transaction.atomic():
        event = PipelineEvent.objects.create(
            workspace=pipeline.workspace,
            pipeline=pipeline,
            before=pipeline.state,
            after=after.value,
            cause=cause.value,
            actor=access.user,
            run=run,
            note=note[:500],
        )
        pipeline.state, pipeline.updated_at = after.value, timezone.now()
        pipeline.save(update_fields=["state", "updated_at"])
        states = {"from": event.before, "to": event.after}
        detail = {"task": pipeline.task.name, "state": states, "cause": event.cause, "note": event.note}
        audit_record(access=access, verb="pipeline.changed", subject=pipeline.subject, detail=detail)
    return event


def retraining_begin(*, access: Access, pipeline: Pipeline, run: PipelineRun, cause: Cause) -> None:
    """A whole run of a pipeline in use: it retrains, and its champion goes on answering. Else nothing changes."""
    current = Pipeline.objects.select_for_update(of=("self",)).select_related("task", "workspace").get(pk=pipeline.pk)
    if current.state_of in IN_USE and current.state_of is not PipelineState.RETRAINING:
        pipeline_state_change(
            access=access,
            pipeline=current,
            after=PipelineState.RETRAINING,
            cause=cause,
            run=run,
            note=f"run {run.number}",
        )


def retraining_end() -> None:
    """Pipelines whose retraining run is over are again what they were before: their champion went on answering."""
    for pipeline in Pipeline.objects.filter(state=PipelineState.RETRAINING.value):
        latest = PipelineRun.objects.filter(pipeline=pipeline, until="").select_related("run").first()
        if latest is None or latest.run.is_over:
            _after_retraining(pipeline.pk, latest)


def _after_retraining(pipeline_id: int, run: PipelineRun | None) -> None:
    with transaction.atomic():
        held = Pipeline.objects.select_for_update(of=("self",)).select_related("task", "workspace").get(pk=pipeline_id)
        event = PipelineEvent.objects.filter(pipeline=held, after=PipelineState.RETRAINING.value).first()
        if held.state_of is not PipelineState.RETRAINING or event is None:
            return
        pipeline_state_change(
            access=Access.system(held.workspace),
            pipeline=held,
            after=PipelineState(event.before),
            cause=Cause.RUN,
            run=run,
            note=run.sentence if run and run.sentence else "the run is over",
        )


def pipeline_retire(*, access: Access, pipeline: Pipeline, reason: str) -> PipelineEvent:
    """A person ends the life of a pipeline; generating again revives it. Its runs and files stay, its service ends."""
    access.require(Role.EDITOR)
    note = reason.strip() or "no reason given"
    with transaction.atomic():
        event = pipeline_state_change(
            access=access, pipeline=pipeline, after=PipelineState.RETIRED, cause=Cause.PERSON, note=note
        )
        Deployment.objects.filter(pipeline=pipeline).update(wanted=False)
    return event
