"""States of a run and of its stages: which may follow which, the word shown to people and the kind of its tag."""

from collections.abc import Mapping
from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands; the last three are its ends."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def word(self) -> str:
        return WORDS.get(self.value, self.value)

    @property
    def kind(self) -> str:
        """`run`, `warn`, `ok`, `bad`, or nothing: the look of its tag."""
        return KINDS.get(self.value, "")


class StageState(StrEnum):
    """Where a stage stands. UPSTREAM_FAILED: one it waits for failed. CACHED: same as an earlier one, not run."""

    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    CACHED = "cached"
    FAILED = "failed"
    UPSTREAM_FAILED = "upstream_failed"
    WAITING = "waiting"
    CANCELLED = "cancelled"

    @property
    def word(self) -> str:
        return WORDS.get(self.value, self.value)

    @property
    def kind(self) -> str:
        """`run`, `warn`, `ok`, `bad`, or nothing: the look of its tag."""
        return KINDS.get(self.value, "")


WORDS = {
    "waiting": "waits for a person",
    "succeeded": "done",
    "pending": "not started",
    "ready": "queued",
    "cached": "unchanged",
    "upstream_failed": "not run",
}
KINDS = {"running": "run", "waiting": "warn", "succeeded": "ok", "cached": "ok", "failed": "bad"}

RUN_OVER = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED})
STAGE_DONE = frozenset({StageState.SUCCEEDED, StageState.CACHED})
STAGE_STOPPED = frozenset({StageState.FAILED, StageState.UPSTREAM_FAILED, StageState.CANCELLED})
STAGE_OVER = STAGE_DONE | STAGE_STOPPED
STAGE_NOT_BEGUN = frozenset({StageState.PENDING, StageState.READY, StageState.WAITING})

_R, _S = RunState, StageState
RUN_CHANGES: Mapping[RunState, frozenset[RunState]] = {
    _R.QUEUED: frozenset({_R.RUNNING, _R.WAITING, _R.SUCCEEDED, _R.CANCELLED}),
    _R.RUNNING: frozenset({_R.WAITING, _R.SUCCEEDED, _R.FAILED, _R.CANCELLED}),
    _R.WAITING: frozenset({_R.QUEUED, _R.RUNNING, _R.FAILED, _R.CANCELLED}),
    _R.SUCCEEDED: frozenset(),
    _R.FAILED: frozenset({_R.RUNNING, _R.WAITING, _R.SUCCEEDED}),
    _R.CANCELLED: frozenset({_R.QUEUED, _R.RUNNING, _R.WAITING, _R.SUCCEEDED}),
}
"""From a state to these and no others. What follows an end is a person's "try again"; then all that is left may be
unchanged, so that success follows at once."""

STAGE_CHANGES: Mapping[StageState, frozenset[StageState]] = {
    _S.PENDING: frozenset({_S.READY, _S.WAITING, _S.CACHED, _S.UPSTREAM_FAILED, _S.CANCELLED}),
    _S.READY: frozenset({_S.RUNNING, _S.CANCELLED}),
    _S.WAITING: frozenset({_S.READY, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.READY, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    _S.SUCCEEDED: frozenset(),
    _S.CACHED: frozenset(),
    _S.FAILED: frozenset({_S.PENDING}),
    _S.UPSTREAM_FAILED: frozenset({_S.PENDING}),
    _S.CANCELLED: frozenset({_S.PENDING}),
}
"""From a state to these and no others. RUNNING to READY: taken back, handed back, put off, or to be tried again."""


class ChangeRefused(ValueError):
    """A stage cannot go from the one state to the other."""


def runs_before(after: RunState) -> tuple[str, ...]:
    """States, as they are stored, from which a run may come to `after`.

    >>> runs_before(RunState.QUEUED)
    ('waiting', 'cancelled')
    """
    return tuple(before.value for before, follow in RUN_CHANGES.items() if after in follow)


def stage_change_check(before: StageState, after: StageState) -> None:
    """Refuses with ChangeRefused what STAGE_CHANGES does not name."""
    if after not in STAGE_CHANGES[before]:
        raise ChangeRefused(f"a stage that is {before.value} cannot become {after.value}")
