"""States of a run and of its stages, each with the word shown to people and the kind of tag it is shown with."""

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
