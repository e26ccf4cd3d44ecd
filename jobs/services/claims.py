"""What the worker that executes a stage does to its row: T4 to T7 and T10. Only the holder of the token may."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jobs.domain.retrying import RETRY_POLICY
from jobs.domain.states import RunState, StageState, stage_change_check
from jobs.models import LogEntry, LogEvent, LogLevel, Run, Stage
from jobs.services.recording import stage_record
from jobs.services.ringing import due
from jobs.services.settling import run_lock, run_settle

Publish = Callable[[Stage, dict[str, object]], None]


class LeaseLost(Exception):
    """Another holds this stage now, or a person cancelled it: write nothing."""


def stage_claim(*, stage_id: int, attempt: int) -> Stage | None:
    """T4: take a ready stage, or None: it was taken, cancelled, is not due, or the message is a stale one."""
    with transaction.atomic():
        free = Stage.objects.ready().filter(due(), pk=stage_id, attempt=attempt, cancel_requested=False)
        found = free.first()
        if found is None:
            return None
        # The run before the stage, as everywhere: the other order deadlocks with a cancel.
        begun = Run.objects.filter(pk=found.run_id, state__in=[RunState.QUEUED.value, RunState.WAITING.value])
        begun.update(state=RunState.RUNNING.value)
        if not free.update(**_claim_values()):
            transaction.set_rollback(True)
            return None
        claimed = Stage.objects.select_related("run", "workspace").get(pk=stage_id)
        stage_record(claimed, LogEvent.CLAIMED)
    return claimed


def _claim_values() -> dict[str, object]:
    return {
        "state": StageState.RUNNING.value,
        "attempt": F("attempt") + 1,
        "token": uuid4().hex,
        "beat": F("beat") + 1,
        "sent": 0,
        "not_before": None,
        "progress": None,
        "progress_note": "",
        "metrics": {},
        "reason": "",
        "started_at": timezone.now(),
        "finished_at": None,
    }


def stage_beat(stage: Stage, *, values: Mapping[str, object], entries: Sequence[LogEntry] = ()) -> bool:
    """T5: a sign of life, with progress and log lines. False: the lease is lost or a cancel was asked for."""
    with transaction.atomic():
        mine = Stage.objects.held_by(stage_id=stage.pk, token=stage.token).filter(cancel_requested=False)
        if not mine.update(beat=F("beat") + 1, **values):
            return False
        LogEntry.objects.bulk_create(entries)
    return True


def stage_succeed(stage: Stage, *, output: dict[str, object], publish: Publish | None = None) -> None:
    """T6: done. What `publish` writes is committed together with it, once, or not at all. Raises LeaseLost."""
    with transaction.atomic():
        run_lock(stage.run_id)
        mine = Stage.objects.held_by(stage_id=stage.pk, token=stage.token).filter(cancel_requested=False)
        values = {"state": StageState.SUCCEEDED.value, "token": "", "output": output, "progress": 1.0}
        if not mine.update(**values, progress_note="", finished_at=timezone.now()):
            raise LeaseLost
        done = Stage.objects.select_related("run", "workspace").get(pk=stage.pk)
        stage_record(done, LogEvent.SUCCEEDED)
        if publish is not None:
            publish(done, output)
        run_settle(stage.run_id)


def stage_fail(stage: Stage, *, reason: str, final: bool) -> None:
    """T7: it failed, and is tried again after a while, a bounded number of times. `final`: that would not help."""
    with transaction.atomic():
        run_lock(stage.run_id)
        now_held = Stage.objects.held_by(stage_id=stage.pk, token=stage.token).first()
        if now_held is None:
            raise LeaseLost
        errors = now_held.errors + 1
        gives_up = final or RETRY_POLICY.gives_up_after_error(errors)
        values = _ended(reason) if gives_up else _again(RETRY_POLICY.delay_s(errors))
        _let_go(now_held, values | {"errors": errors, "reason": reason})
        _record_failure(now_held, reason, None if gives_up else RETRY_POLICY.delay_s(errors))
        run_settle(stage.run_id)


def stage_cancelled(stage: Stage) -> None:
    """T10: its process is gone because a person cancelled the run. Raises LeaseLost when nobody did."""
    with transaction.atomic():
        run_lock(stage.run_id)
        mine = Stage.objects.held_by(stage_id=stage.pk, token=stage.token).filter(cancel_requested=True)
        values = {"state": StageState.CANCELLED.value, "token": "", "reason": "cancelled"}
        if not mine.update(**values, finished_at=timezone.now()):
            raise LeaseLost
        stage_record(stage, LogEvent.CANCELLED)
        run_settle(stage.run_id)


def stage_hand_back(stage: Stage) -> None:
    """Its holder is asked to end: the stage is ready again at once, and neither an error nor a loss is counted."""
    with transaction.atomic():
        run_lock(stage.run_id)
        now_held = Stage.objects.held_by(stage_id=stage.pk, token=stage.token).first()
        if now_held is None:
            raise LeaseLost
        state = StageState.CANCELLED if now_held.cancel_requested else StageState.READY
        _let_go(now_held, {"state": state.value})
        event = LogEvent.CANCELLED if now_held.cancel_requested else LogEvent.REAPED
        stage_record(now_held, event, "its worker was stopped; another takes it")
        run_settle(stage.run_id)


def stage_postpone(stage: Stage, *, reason: str, wait_s: float) -> None:
    """T7b: what it needs is not there yet. Due again after `wait_s` seconds; neither an error nor a loss is counted."""
    with transaction.atomic():
        run_lock(stage.run_id)
        now_held = Stage.objects.held_by(stage_id=stage.pk, token=stage.token).first()
        if now_held is None:
            raise LeaseLost
        if now_held.cancel_requested:
            _let_go(
                now_held, {"state": StageState.CANCELLED.value, "reason": "cancelled", "finished_at": timezone.now()}
            )
            stage_record(now_held, LogEvent.CANCELLED)
        else:
            _let_go(now_held, _again(wait_s) | {"reason": reason})
            stage_record(now_held, LogEvent.POSTPONED, f"{reason} It is tried again in {wait_s:g} s.")
        run_settle(stage.run_id)


def _ended(reason: str) -> dict[str, object]:
    return {"state": StageState.FAILED.value, "reason": reason, "finished_at": timezone.now()}


def _again(delay_s: float) -> dict[str, object]:
    return {"state": StageState.READY.value, "not_before": timezone.now() + timedelta(seconds=delay_s)}


def _let_go(stage: Stage, values: Mapping[str, object]) -> None:
    stage_change_check(StageState.RUNNING, StageState(str(values["state"])))
    held = Stage.objects.held_by(stage_id=stage.pk, token=stage.token)
    if not held.update(token="", sent=0, **values):
        raise LeaseLost


def _record_failure(stage: Stage, reason: str, delay_s: float | None) -> None:
    again = "" if delay_s is None else f" It is tried again in {delay_s:g} s."
    stage_record(stage, LogEvent.FAILED, f"{reason}{again}", level=LogLevel.ERROR)
