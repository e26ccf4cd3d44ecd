"""From every state, by every cause, a pipeline changes to what the one table names, and to nothing else."""

from itertools import product

import pytest

from pipelines.domain.lifecycle import (
    BEING_BUILT,
    CHANGES,
    IN_USE,
    Cause,
    ChangeRefused,
    PipelineState,
    change_check,
    states_after,
)

EVERY = list(product(PipelineState, PipelineState, Cause))


@pytest.mark.parametrize(("before", "after", "cause"), EVERY)
def test_each_change_is_allowed_or_refused_by_name(before: PipelineState, after: PipelineState, cause: Cause) -> None:
    if after in CHANGES[before].get(cause, ()):
        change_check(before, after, cause)
    else:
        with pytest.raises(ChangeRefused) as refused:
            change_check(before, after, cause)
        assert refused.value.where == f"{before} to {after}"


def test_every_state_is_in_the_table_and_only_generating_again_follows_itself() -> None:
    assert set(CHANGES) == set(PipelineState)
    same = {(before, cause) for before, causes in CHANGES.items() for cause, after in causes.items() if before in after}
    assert same == {(PipelineState.GENERATED, Cause.PERSON)}


def test_every_state_can_be_reached_and_left() -> None:
    reached = set().union(*(after for causes in CHANGES.values() for after in causes.values()))
    assert reached == set(PipelineState) - {PipelineState.DESIGNED}
    assert all(any(causes.values()) for causes in CHANGES.values())


@pytest.mark.parametrize("before", PipelineState)
@pytest.mark.parametrize("accepted", [True, False])
def test_what_a_run_leads_through_is_allowed_step_by_step(before: PipelineState, *, accepted: bool) -> None:
    state = before
    for after in states_after(before, accepted=accepted):
        change_check(state, after, Cause.RUN)
        state = after
    if before in IN_USE or before in (PipelineState.RETIRED, PipelineState.DESIGNED):
        assert state is before, "what is served, what is retired and what has no project no run changes"
    else:
        assert state is (PipelineState.PACKAGED if accepted else PipelineState.TRAINED)
        assert before in BEING_BUILT
