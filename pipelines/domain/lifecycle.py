"""The life of a pipeline: states, which may follow which, and what may cause a change."""

from enum import StrEnum


class PipelineState(StrEnum):
    DESIGNED = "designed"
    GENERATED = "generated"
    DATA_READY = "data_ready"
    TRAINED = "trained"
    ACCEPTED = "accepted"
    PACKAGED = "packaged"
    RETIRED = "retired"


class Cause(StrEnum):
    """Who or what changed the state."""

    PERSON = "person"
    RUN = "run"


LABELS = {
    PipelineState.DESIGNED: "designed",
    PipelineState.GENERATED: "project generated",
    PipelineState.DATA_READY: "data ready",
    PipelineState.TRAINED: "model trained",
    PipelineState.ACCEPTED: "model accepted",
    PipelineState.PACKAGED: "packaged",
    PipelineState.RETIRED: "retired",
}
_ORDER = tuple(PipelineState)[:-1]


class ChangeRefused(ValueError):
    """A change of state that cannot be; `where` names both states."""

    def __init__(self, before: PipelineState, after: PipelineState) -> None:
        super().__init__(f"a pipeline that is {LABELS[before]} cannot become {LABELS[after]}")
        self.where = f"{before} to {after}"


def allowed(before: PipelineState, cause: Cause) -> frozenset[PipelineState]:
    """States that may follow. A run moves forward from where its generation starts; a person generates or retires.

    >>> sorted(allowed(PipelineState.RETIRED, Cause.PERSON))
    [<PipelineState.GENERATED: 'generated'>]
    """
    if before is PipelineState.RETIRED:
        return frozenset({PipelineState.GENERATED}) if cause is Cause.PERSON else frozenset()
    if cause is Cause.PERSON:
        return frozenset({PipelineState.GENERATED, PipelineState.RETIRED})
    if before is PipelineState.DESIGNED:
        return frozenset({PipelineState.GENERATED})
    return frozenset(_ORDER[2:]) - {before}


def states_after(before: PipelineState, *, accepted: bool) -> tuple[PipelineState, ...]:
    """States a finished run leads through: forward one by one, back in one step, none for a retired pipeline.

    >>> [state.value for state in states_after(PipelineState.GENERATED, accepted=False)]
    ['data_ready', 'trained']
    >>> [state.value for state in states_after(PipelineState.PACKAGED, accepted=False)]
    ['trained']
    >>> states_after(PipelineState.PACKAGED, accepted=True)
    ()
    """
    if before is PipelineState.RETIRED:
        return ()
    last = PipelineState.PACKAGED if accepted else PipelineState.TRAINED
    start, end = _ORDER.index(before), _ORDER.index(last)
    return (last,) if end < start else _ORDER[max(start, 1) + 1 : end + 1]


def change_check(before: PipelineState, after: PipelineState, cause: Cause) -> None:
    """Refuses with ChangeRefused what `allowed` does not name."""
    if after not in allowed(before, cause):
        raise ChangeRefused(before, after)
