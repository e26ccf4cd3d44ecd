"""A change that a trigger noticed becomes a run: once, after its quiet period, together with others of that time."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.models import Membership, Role
from accounts.services import audit_record
from common.errors import Conflict, ProblemError
from pipelines.models import (
    Firing,
    FiringState,
    Generation,
    Pipeline,
    PipelineRun,
    StartedBy,
    Trigger,
    TriggerKind,
)
from pipelines.services.running import pipeline_run_foretell, pipeline_run_start


def trigger_notice(*, trigger: Trigger, change: str, words: str, now: datetime) -> Firing | None:
    """Note a change; None where this trigger noticed it before. With a quiet period it waits, and later changes of the
    same pipeline within that time join it: one run for all of them.
    """
    due = now + timedelta(seconds=trigger.quiet_seconds)
    try:
        with transaction.atomic():
            pipeline_hold(trigger.pipeline_id)
            is_covered = _waiting_for(trigger).exists()
            return Firing.objects.create(
                workspace_id=trigger.workspace_id,
                pipeline_id=trigger.pipeline_id,
                trigger=trigger,
                change=change[:200],
                words=words[:500],
                state=FiringState.JOINED if is_covered else FiringState.HELD,
                due_at=None if is_covered else due,
            )
    except IntegrityError:
        return None


def pipeline_hold(pipeline_id: int) -> None:
    """Who notes a change of a pipeline and who starts its run wait here for each other, until either is committed."""
    Pipeline.objects.select_for_update(of=("self",)).filter(pk=pipeline_id).first()


def _waiting_for(trigger: Trigger) -> QuerySet[Firing]:
    """Firings whose run will hold a change of this trigger: not begun, and for new data one that generates first."""
    held = Firing.objects.filter(pipeline=trigger.pipeline_id, state=FiringState.HELD, due_at__isnull=False)
    return held.filter(trigger__kind=TriggerKind.DATA) if trigger.kind == TriggerKind.DATA else held


def firing_access(firing: Firing) -> Access:
    """Who a firing acts for: the person who made its trigger, as an editor."""
    return Access(user=firing.trigger.created_by, workspace=firing.pipeline.workspace, role=Role.EDITOR)


def firing_check(firing: Firing) -> None:
    """Refuse with Conflict to act for a person who may not edit here any more."""
    person = firing.trigger.created_by
    if person is None:
        return
    known = Membership.objects.filter(workspace=firing.workspace_id, user=person).first()
    if known is None or not Access(person, firing.pipeline.workspace, Role(known.role)).can_edit:
        raise Conflict(
            f"{person} made this trigger and edits here no more.",
            detail="It runs again when an editor saves it, and then in their name.",
        )


def firing_run(*, firing: Firing, generation: Generation) -> PipelineRun | None:
    """Start the run of a firing on a generation; None where nothing would run. The same firing starts one run, ever."""
    access = firing_access(firing)
    foretold = pipeline_run_foretell(generation=generation)
    plan = {one.name: one.why for one in foretold}
    if not any(one.runs is not False for one in foretold if one.name != "record"):
        _settled(access, firing, FiringState.NOTHING, plan)
        return None
    with transaction.atomic():
        run = pipeline_run_start(
            access=access, generation=generation, started_by=StartedBy.TRIGGER, key=f"firing:{firing.pk}"
        )
        _settled(access, firing, FiringState.STARTED, plan, run)
    return run


def firing_refuse(*, firing: Firing, problem: ProblemError) -> None:
    """It could not run; what stood in the way is kept with it."""
    firing.words = f"{firing.words} {problem}".strip()[:500]
    firing.save(update_fields=["words"])
    with transaction.atomic():
        pipeline_hold(firing.pipeline_id)
        _settled(firing_access(firing), firing, FiringState.REFUSED, {})
        _wake_next(firing)


def _wake_next(refused: Firing) -> None:
    """Changes of other triggers that joined a refused firing are not lost: the first of them waits in its place."""
    ours = Firing.objects.filter(pipeline=refused.pipeline_id)
    if ours.filter(state=FiringState.HELD).exists():
        return
    joined = ours.filter(state=FiringState.JOINED, pk__gt=refused.pk).exclude(trigger=refused.trigger_id)
    following = joined.order_by("pk").first()
    if following is not None:
        ours.filter(pk=following.pk).update(state=FiringState.HELD, due_at=timezone.now())


def _settled(
    access: Access, firing: Firing, state: FiringState, plan: dict[str, str], run: PipelineRun | None = None
) -> None:
    changed = Firing.objects.filter(pk=firing.pk, state=FiringState.HELD)
    if changed.update(state=state, plan=plan, run=run, due_at=None):
        detail = {"task": firing.pipeline.task.name, "change": firing.words, "state": state.value}
        audit_record(access=access, verb="trigger.fired", subject=firing.pipeline.subject, detail=detail)
