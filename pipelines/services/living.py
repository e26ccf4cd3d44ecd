"""The life of a pipeline: every change of state leaves an event with its cause, and an entry in the audit trail."""

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict
from pipelines.domain.lifecycle import Cause, ChangeRefused, PipelineState, change_check
from pipelines.models import Pipeline, PipelineEvent, PipelineRun


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


def pipeline_retire(*, access: Access, pipeline: Pipeline, reason: str) -> PipelineEvent:
    """A person ends the life of a pipeline; generating again revives it. Its runs and files stay."""
    access.require(Role.EDITOR)
    note = reason.strip() or "no reason given"
    return pipeline_state_change(
        access=access, pipeline=pipeline, after=PipelineState.RETIRED, cause=Cause.PERSON, note=note
    )
