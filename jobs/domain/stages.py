"""The shape of a run: which stages it has, which waits for which, and what follows from their states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jobs.domain.states import STAGE_DONE, STAGE_OVER, STAGE_STOPPED, RunState, StageState


class BadStages(ValueError):
    """The stages of a run do not fit together; the message names the stage, which is also in `where`."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True)
class StageSpec:
    """One stage to be run: the name of its Celery task, the stages it waits for, its parameters.

    `fingerprint_source` (a digest of the code that runs) makes the stage cacheable: with the same source,
    parameters and inputs it is linked to its earlier output and not run. A cached stage publishes nothing: what
    others need of it must be in its output. `fingerprint_parts` tells people what the source is made of: {group: {name:
    digest or value}}. `needs_approval` holds it until a person says yes. `need` names the queue: light or heavy.
    """

    name: str
    task_name: str
    depends_on: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    timeout_s: int = 3600
    fingerprint_source: str | None = None
    needs_approval: bool = False
    fingerprint_parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    need: str = "light"


@dataclass(frozen=True)
class StageView:
    """What the rules need to know of a stage."""

    name: str
    state: StageState
    depends_on: tuple[str, ...] = ()


def stages_check(stages: Sequence[StageSpec]) -> None:
    """Refuse, with BadStages, a run without stages, a name used twice, an unknown parent, a circle, no time at all."""
    if not stages:
        raise BadStages("", "A run needs at least one stage.")
    names: set[str] = set()
    for stage in stages:
        if stage.name in names:
            raise BadStages(stage.name, f"Two stages are called “{stage.name}”.")
        names.add(stage.name)
        if stage.timeout_s <= 0:
            raise BadStages(stage.name, f"Stage “{stage.name}” has a time limit of {stage.timeout_s} seconds.")
    for stage in stages:
        for parent in stage.depends_on:
            if parent not in names:
                raise BadStages(stage.name, f"Stage “{stage.name}” waits for “{parent}”, which is not in the run.")
    _refuse_circles(stages)


def _refuse_circles(stages: Sequence[StageSpec]) -> None:
    waiting = {stage.name: set(stage.depends_on) for stage in stages}
    while waiting:
        free = [name for name, parents in waiting.items() if not parents & waiting.keys()]
        if not free:
            first = next(iter(waiting))
            raise BadStages(first, f"Stage “{first}” waits for itself, through {', '.join(sorted(waiting))}.")
        for name in free:
            del waiting[name]


def stages_resolve(stages: Sequence[StageView]) -> dict[str, StageState]:
    """What becomes of the pending stages now: READY when all parents are done, UPSTREAM_FAILED when one never will be.

    A stage behind a cancelled one is cancelled. Stages not in the answer stay as they are.

    >>> stages_resolve([StageView("a", StageState.SUCCEEDED), StageView("b", StageState.PENDING, ("a",))])
    {'b': <StageState.READY: 'ready'>}
    """
    states = {stage.name: stage.state for stage in stages}
    changed: dict[str, StageState] = {}
    moved = True
    while moved:
        moved = False
        for stage in stages:
            if states[stage.name] is not StageState.PENDING:
                continue
            new = _from_parents([states[parent] for parent in stage.depends_on])
            if new is not StageState.PENDING:
                states[stage.name] = changed[stage.name] = new
                moved = True
    return changed


def _from_parents(parents: Sequence[StageState]) -> StageState:
    stopped = [state for state in parents if state in STAGE_STOPPED]
    if stopped:
        only_cancelled = all(state is StageState.CANCELLED for state in stopped)
        return StageState.CANCELLED if only_cancelled else StageState.UPSTREAM_FAILED
    if all(state in STAGE_DONE for state in parents):
        return StageState.READY
    return StageState.PENDING


def run_state(states: Sequence[StageState], *, begun: bool) -> RunState:
    """The state of a run from those of its stages. `begun`: whether any stage was ever claimed.

    >>> run_state([StageState.SUCCEEDED, StageState.CACHED], begun=True).word
    'done'
    >>> run_state([StageState.SUCCEEDED, StageState.PENDING], begun=True).word
    'running'
    """
    if all(state in STAGE_OVER for state in states):
        return _end_state(states)
    if any(state in {StageState.RUNNING, StageState.READY} for state in states):
        return RunState.RUNNING if begun else RunState.QUEUED
    if any(state is StageState.WAITING for state in states):
        return RunState.WAITING
    return RunState.RUNNING if begun else RunState.QUEUED


def _end_state(states: Sequence[StageState]) -> RunState:
    if any(state in {StageState.FAILED, StageState.UPSTREAM_FAILED} for state in states):
        return RunState.FAILED
    if any(state is StageState.CANCELLED for state in states):
        return RunState.CANCELLED
    return RunState.SUCCEEDED
