"""The life of a pipeline: states, which may follow which, and what may cause a change."""

from collections.abc import Mapping
from enum import StrEnum


class PipelineState(StrEnum):
    DESIGNED = "designed"
    GENERATED = "generated"
    DATA_READY = "data_ready"
    TRAINED = "trained"
    ACCEPTED = "accepted"
    PACKAGED = "packaged"
    SERVING = "serving"
    MONITORED = "monitored"
    STALE = "stale"
    RETRAINING = "retraining"
    RETIRED = "retired"


class Cause(StrEnum):
    """Who or what changed the state."""

    PERSON = "person"
    RUN = "run"
    TRIGGER = "trigger"
    MONITORING = "monitoring"


LABELS = {
    PipelineState.DESIGNED: "designed",
    PipelineState.GENERATED: "project generated",
    PipelineState.DATA_READY: "data ready",
    PipelineState.TRAINED: "model trained",
    PipelineState.ACCEPTED: "model accepted",
    PipelineState.PACKAGED: "packaged",
    PipelineState.SERVING: "serving",
    PipelineState.MONITORED: "monitored",
    PipelineState.STALE: "stale",
    PipelineState.RETRAINING: "retraining",
    PipelineState.RETIRED: "retired",
}

_S, _C = PipelineState, Cause
BEING_BUILT = (_S.DESIGNED, _S.GENERATED, _S.DATA_READY, _S.TRAINED, _S.ACCEPTED, _S.PACKAGED)
"""Before a model is in use, in order. A run leads forward, or back to what its outcome allows."""
IN_USE = (_S.SERVING, _S.MONITORED, _S.STALE, _S.RETRAINING)
"""A champion answers. Another generation or run changes nothing of that until its model is promoted."""

_BUILT = frozenset({_S.DATA_READY, _S.TRAINED, _S.ACCEPTED, _S.PACKAGED})
_ENDS = {_S.GENERATED, _S.RETIRED}
_STARTS_AGAIN = frozenset({_S.RETRAINING})

CHANGES: Mapping[PipelineState, Mapping[Cause, frozenset[PipelineState]]] = {
    _S.DESIGNED: {_C.PERSON: frozenset(_ENDS), _C.RUN: frozenset({_S.GENERATED})},
    _S.GENERATED: {_C.PERSON: frozenset(_ENDS | {_S.SERVING}), _C.RUN: _BUILT},
    _S.DATA_READY: {_C.PERSON: frozenset(_ENDS | {_S.SERVING}), _C.RUN: _BUILT - {_S.DATA_READY}},
    _S.TRAINED: {_C.PERSON: frozenset(_ENDS | {_S.SERVING}), _C.RUN: _BUILT - {_S.TRAINED}},
    _S.ACCEPTED: {_C.PERSON: frozenset(_ENDS | {_S.SERVING}), _C.RUN: _BUILT - {_S.ACCEPTED}},
    _S.PACKAGED: {_C.PERSON: frozenset(_ENDS | {_S.SERVING}), _C.RUN: _BUILT - {_S.PACKAGED}},
    _S.SERVING: {
        _C.PERSON: frozenset({_S.PACKAGED, _S.RETRAINING, _S.RETIRED}),
        _C.MONITORING: frozenset({_S.MONITORED, _S.STALE}),
        _C.TRIGGER: _STARTS_AGAIN,
    },
    _S.MONITORED: {
        _C.PERSON: frozenset({_S.SERVING, _S.PACKAGED, _S.RETRAINING, _S.RETIRED}),
        _C.MONITORING: frozenset({_S.STALE}),
        _C.TRIGGER: _STARTS_AGAIN,
    },
    _S.STALE: {
        _C.PERSON: frozenset({_S.SERVING, _S.PACKAGED, _S.RETRAINING, _S.RETIRED}),
        _C.MONITORING: frozenset({_S.MONITORED}),
        _C.TRIGGER: _STARTS_AGAIN,
    },
    _S.RETRAINING: {
        _C.PERSON: frozenset({_S.SERVING, _S.PACKAGED, _S.RETIRED}),
        _C.RUN: frozenset({_S.SERVING, _S.MONITORED, _S.STALE}),
    },
    _S.RETIRED: {_C.PERSON: frozenset({_S.GENERATED})},
}
"""From a state, by a cause, to these and no others.

A person promotes a model (SERVING, also once it is in use), stops serving it (PACKAGED), generates, retires. A model
made before the pipeline was generated or run again can be served too: all that has a project leads to SERVING. While a
run retrains, a report of monitoring changes nothing: the end of the run says what holds then.
"""


class ChangeRefused(ValueError):
    """A change of state that cannot be; `where` names both states."""

    def __init__(self, before: PipelineState, after: PipelineState) -> None:
        super().__init__(f"a pipeline that is {LABELS[before]} cannot become {LABELS[after]}")
        self.where = f"{before} to {after}"


def allowed(before: PipelineState, cause: Cause) -> frozenset[PipelineState]:
    """States that may follow.

    >>> sorted(allowed(PipelineState.RETIRED, Cause.PERSON))
    [<PipelineState.GENERATED: 'generated'>]
    """
    return CHANGES[before].get(cause, frozenset())


def states_after(before: PipelineState, *, accepted: bool) -> tuple[PipelineState, ...]:
    """States a finished run leads through: forward one by one, back in one step; none once a model is in use, and
    none before there is a project.

    >>> [state.value for state in states_after(PipelineState.GENERATED, accepted=False)]
    ['data_ready', 'trained']
    >>> [state.value for state in states_after(PipelineState.PACKAGED, accepted=False)]
    ['trained']
    >>> states_after(PipelineState.PACKAGED, accepted=True), states_after(PipelineState.SERVING, accepted=False)
    ((), ())
    """
    if before not in BEING_BUILT or before is PipelineState.DESIGNED:
        return ()
    last = PipelineState.PACKAGED if accepted else PipelineState.TRAINED
    start, end = BEING_BUILT.index(before), BEING_BUILT.index(last)
    return (last,) if end < start else BEING_BUILT[start + 1 : end + 1]


def change_check(before: PipelineState, after: PipelineState, cause: Cause) -> None:
    """Refuses with ChangeRefused what `allowed` does not name."""
    if after not in allowed(before, cause):
        raise ChangeRefused(before, after)
