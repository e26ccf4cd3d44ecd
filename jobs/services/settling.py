"""T2: what follows for the other stages, and for the run, once one stage has changed. Always under the run's lock."""

from collections.abc import Mapping, Sequence

from django.db.models import F
from django.utils import timezone

from jobs.domain.fingerprint import fingerprint, output_digest
from jobs.domain.reasons import ALWAYS, INPUTS, UNCHANGED, why_it_runs
from jobs.domain.stages import StageView, run_state, stages_resolve
from jobs.domain.states import RUN_OVER, STAGE_DONE, StageState, runs_before, stage_change_check
from jobs.models import Blob, LogEvent, Run, Stage
from jobs.services.recording import stage_record
from jobs.services.ringing import run_ring_after_commit

EVENTS = {
    StageState.READY: LogEvent.READY,
    StageState.CACHED: LogEvent.CACHED,
    StageState.WAITING: LogEvent.WAITING,
    StageState.CANCELLED: LogEvent.CANCELLED,
    StageState.UPSTREAM_FAILED: LogEvent.UPSTREAM_FAILED,
}
BLOBS_KEY = "blobs"
SHOWN_DIGITS = 16


def run_lock(run_id: int) -> None:
    """Open a transaction that settles a run. An UPDATE, because it locks on SQLite and on PostgreSQL alike.

    Without it two parents that finish together each miss the other, and what waits for both never starts.
    """
    Run.objects.filter(pk=run_id).update(version=F("version") + 1)


def run_settle(run_id: int) -> None:
    """Move what can move, set the run's state, and ring for what is ready once this is committed."""
    stages = list(Stage.objects.filter(run_id=run_id).select_related("run"))
    changes = stages_resolve(_views(stages))
    while changes:
        for stage in stages:
            if stage.name in changes:
                _stage_move(stage, changes[stage.name], stages)
        changes = stages_resolve(_views(stages))
    _run_move(run_id, stages)
    run_ring_after_commit(run_id)


def stage_inputs(stage: Stage, stages: Sequence[Stage]) -> dict[str, dict[str, object]]:
    """Outputs of the stages it waits for, by name."""
    return {other.name: other.output for other in stages if other.name in stage.depends_on}


def _views(stages: Sequence[Stage]) -> list[StageView]:
    return [StageView(stage.name, stage.state_of, tuple(stage.depends_on)) for stage in stages]


def _stage_move(stage: Stage, state: StageState, stages: Sequence[Stage]) -> None:
    values: dict[str, object] = {"state": state.value, "sent": 0}
    if state is StageState.READY:
        values |= _ready_values(stage, stages)
    elif state in {StageState.UPSTREAM_FAILED, StageState.CANCELLED}:
        values["finished_at"] = timezone.now()
    stage_change_check(StageState.PENDING, StageState(str(values["state"])))
    if not Stage.objects.filter(pk=stage.pk, state=StageState.PENDING.value).update(**values):
        stage.refresh_from_db()
        return
    for name, value in values.items():
        setattr(stage, name, value)
    stage_record(stage, EVENTS[stage.state_of], attempt=0)  # of no attempt: claims and outcomes stay even


def _ready_values(stage: Stage, stages: Sequence[Stage]) -> dict[str, object]:
    """Ready, unless the same was computed before (cached) or a person has to say yes first (waiting)."""
    if not stage.fingerprint_source:
        return {"why": ALWAYS} | _held(stage)
    inputs = stage_inputs(stage, stages)
    taken = fingerprint(source=stage.fingerprint_source, task_name=stage.task_name, params=stage.params, inputs=inputs)
    digests = {name: output_digest(output)[:SHOWN_DIGITS] for name, output in inputs.items()}
    parts = {**stage.fingerprint_parts, INPUTS: digests}
    values: dict[str, object] = {"fingerprint": taken, "fingerprint_parts": parts}
    earlier = stage_earlier(stage.workspace_id, taken)
    if earlier is not None:
        return values | {"why": UNCHANGED} | _cached_values(earlier)
    return values | {"why": why_it_runs(parts_before(stage.run, stage.name), parts)} | _held(stage)


def parts_before(run: Run, name: str) -> dict[str, dict[str, str]] | None:
    """What the fingerprint of the stage of that name rested on the last time it was done for the same subject.

    None where it never was, or nobody names what the run is about.
    """
    if not run.subject:
        return None
    done = sorted(state.value for state in STAGE_DONE)
    known = Stage.objects.filter(workspace_id=run.workspace_id, run__subject=run.subject, run__kind=run.kind)
    found = known.filter(name=name, state__in=done).exclude(run_id=run.pk).order_by("-id")
    parts = found.values_list("fingerprint_parts", flat=True).first()
    return parts or None


def _held(stage: Stage) -> dict[str, object]:
    return {"state": StageState.WAITING.value} if stage.needs_approval else {}


def _cached_values(earlier: Stage) -> dict[str, object]:
    return {
        "state": StageState.CACHED.value,
        "cached_from_id": earlier.cached_from_id or earlier.pk,
        "output": earlier.output,
        "metrics": earlier.metrics,
        "progress": 1.0,
        "finished_at": timezone.now(),
    }


def stage_earlier(workspace_id: int, taken: str) -> Stage | None:
    """A stage of the workspace that did the same, and whose output is still kept."""
    done = sorted(state.value for state in STAGE_DONE)
    same = Stage.objects.filter(workspace_id=workspace_id, fingerprint=taken, state__in=done)
    return next((found for found in same.order_by("-id")[:5] if _is_living(workspace_id, found.output)), None)


def _is_living(workspace_id: int, output: Mapping[str, object]) -> bool:
    """Whether every file an output names under `blobs` is still in the store."""
    named = output.get(BLOBS_KEY)
    digests = {str(digest) for digest in named.values()} if isinstance(named, dict) else set()
    return Blob.objects.filter(workspace_id=workspace_id, digest__in=digests).count() == len(digests)


def _run_move(run_id: int, stages: Sequence[Stage]) -> None:
    begun = any(stage.attempt or stage.state_of in STAGE_DONE for stage in stages)
    state = run_state([stage.state_of for stage in stages], begun=begun)
    finished_at = timezone.now() if state in RUN_OVER else None
    moving = Run.objects.filter(pk=run_id, state__in=runs_before(state))
    moving.update(state=state.value, finished_at=finished_at)
