"""What a dispatcher does: take back stages whose worker is gone (T8), ring again, mend what was left half done."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from jobs.domain.retrying import RETRY_POLICY
from jobs.domain.states import StageState
from jobs.models import LogEvent, LogLevel, Run, Stage
from jobs.services.recording import stage_record
from jobs.services.ringing import due, stage_ring
from jobs.services.settling import run_lock, run_settle


def stage_reap(*, stage_id: int, token: str, beat: int) -> bool:
    """T8: take back a running stage that gave no sign of life since `beat` was seen. False: it did, or is over."""
    found = Stage.objects.held_by(stage_id=stage_id, token=token).filter(beat=beat).first()
    if found is None:
        return False
    with transaction.atomic():
        run_lock(found.run_id)
        still = Stage.objects.held_by(stage_id=stage_id, token=token).filter(beat=beat)
        stage = still.first()
        if stage is None or not still.update(token="", sent=0, **_reaped_values(stage)):
            return False
        stage.refresh_from_db()
        event = LogEvent.CANCELLED if stage.state_of is StageState.CANCELLED else LogEvent.REAPED
        stage_record(stage, event, stage.reason or "its worker is gone; it starts again", level=LogLevel.WARNING)
        run_settle(stage.run_id)
    return True


def _reaped_values(stage: Stage) -> dict[str, object]:
    if stage.cancel_requested:
        return {"state": StageState.CANCELLED.value, "reason": "cancelled", "finished_at": timezone.now()}
    lost = stage.lost + 1
    if not RETRY_POLICY.gives_up_after_loss(lost):
        return {"state": StageState.READY.value, "lost": F("lost") + 1}
    reason = f"Its worker died {lost} times while running it: it may need more memory than there is."
    return {"state": StageState.FAILED.value, "lost": lost, "reason": reason, "finished_at": timezone.now()}


def ready_ring_lost() -> int:
    """The broker lost its data: every bell rung before is forgotten. Gives how many stages have to be rung again."""
    return Stage.objects.ready().exclude(sent=0).update(sent=0)


def ready_ring_due(*, limit: int = 500) -> int:
    """Ring for stages that are ready, due and were not rung for; stops at the first that cannot be. Gives how many."""
    rung = 0
    for stage in Stage.objects.ready().filter(due(), sent=0).order_by("id")[:limit]:
        if not stage_ring(stage):
            break
        rung += 1
    return rung


def runs_promote() -> int:
    """Settle runs that are not over and on which nobody works or will: whoever should have, died. Gives how many."""
    moving = [StageState.READY.value, StageState.RUNNING.value, StageState.WAITING.value]
    stuck = Run.objects.under_way().filter(~Exists(Stage.objects.filter(run_id=OuterRef("pk"), state__in=moving)))
    found = list(stuck.values_list("pk", flat=True)[:100])
    for run_id in found:
        with transaction.atomic():
            run_lock(run_id)
            run_settle(run_id)
    return len(found)
