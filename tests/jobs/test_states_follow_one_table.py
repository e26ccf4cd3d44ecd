"""The table of states: every pair of it, and every road that the rules of the engine take through it."""

from itertools import product

import pytest

from jobs.domain.stages import StageView, run_state, stages_resolve
from jobs.domain.states import (
    RUN_CHANGES,
    RUN_OVER,
    STAGE_CHANGES,
    STAGE_DONE,
    STAGE_NOT_BEGUN,
    STAGE_OVER,
    STAGE_STOPPED,
    ChangeRefused,
    RunState,
    StageState,
    runs_before,
    stage_change_check,
)

GRAPH = {"a": (), "b": (), "c": ("a", "b")}
BY_ITSELF = frozenset({StageState.READY, StageState.WAITING, StageState.CACHED})
Seen = tuple[tuple[StageState, ...], tuple[bool, ...], RunState]
STAGE_PAIRS = [
    ("pending", "ready"), ("pending", "waiting"), ("pending", "cached"), ("pending", "upstream_failed"),
    ("pending", "cancelled"), ("ready", "running"), ("ready", "cancelled"), ("waiting", "ready"),
    ("waiting", "cancelled"), ("running", "ready"), ("running", "succeeded"), ("running", "failed"),
    ("running", "cancelled"), ("failed", "pending"), ("upstream_failed", "pending"), ("cancelled", "pending"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(product(StageState, StageState)))
def test_a_stage_goes_where_the_engine_says_and_nowhere_else(before: StageState, after: StageState) -> None:
    if (before.value, after.value) in STAGE_PAIRS:
        stage_change_check(before, after)
    else:
        with pytest.raises(ChangeRefused, match=f"{before.value} cannot become {after.value}"):
            stage_change_check(before, after)


@pytest.mark.parametrize(("before", "after"), list(product(RunState, RunState)))
def test_runs_before_is_the_table_read_backwards(before: RunState, after: RunState) -> None:
    assert (before.value in runs_before(after)) is (after in RUN_CHANGES[before])


def test_sets_of_states_say_the_same_as_the_table() -> None:
    assert set(STAGE_CHANGES) == set(StageState)
    assert set(RUN_CHANGES) == set(RunState)
    assert {state for state, after in STAGE_CHANGES.items() if not after} == STAGE_DONE
    assert {state for state, after in STAGE_CHANGES.items() if StageState.PENDING in after} == STAGE_STOPPED
    able = {state for state, after in STAGE_CHANGES.items() if StageState.CANCELLED in after}
    assert able == STAGE_NOT_BEGUN | {StageState.RUNNING}
    assert STAGE_OVER == STAGE_DONE | STAGE_STOPPED
    assert not any(state in after for state, after in {**STAGE_CHANGES, **RUN_CHANGES}.items())


def settled(states: dict[str, StageState], chosen: dict[str, StageState]) -> dict[str, StageState]:
    """As the engine settles; a stage that could be ready becomes what is chosen for it: that, unchanged, or waiting."""
    changes = stages_resolve([StageView(name, states[name], GRAPH[name]) for name in GRAPH])
    while changes:
        for name, state in changes.items():
            if states[name] is StageState.PENDING:
                states[name] = chosen[name] if state is StageState.READY else state
        changes = stages_resolve([StageView(name, states[name], GRAPH[name]) for name in GRAPH])
    return states


def moves(stages: tuple[StageState, ...], claimed: tuple[bool, ...]) -> list[tuple[list[StageState], tuple[bool, ...]]]:
    """Everything that can be done next to the stages: of one, by a worker or a person; of all, cancelled or again."""
    found: list[tuple[list[StageState], tuple[bool, ...]]] = []
    for place, state in enumerate(stages):
        for after in STAGE_CHANGES[state] - {StageState.PENDING}:
            if state is not StageState.PENDING:
                held = (*claimed[:place], claimed[place] or after is StageState.RUNNING, *claimed[place + 1 :])
                found.append(([*stages[:place], after, *stages[place + 1 :]], held))
    stopped = [StageState.CANCELLED if state in STAGE_NOT_BEGUN else state for state in stages]
    found.append((stopped, claimed))
    if all(state in STAGE_OVER for state in stages):
        found.append(([StageState.PENDING if state in STAGE_STOPPED else state for state in stages], claimed))
    return found


def after_settling(stages: list[StageState], claimed: tuple[bool, ...]) -> list[tuple[StageState, ...]]:
    found = []
    for choice in product(sorted(BY_ITSELF), repeat=len(GRAPH)):
        states = settled(dict(zip(GRAPH, stages, strict=True)), dict(zip(GRAPH, choice, strict=True)))
        found.append(tuple(states.values()))
    return list(dict.fromkeys(found))


def test_every_road_of_a_run_stays_within_the_table_and_every_pair_of_it_is_a_road() -> None:
    claimed = (False,) * len(GRAPH)
    roads: set[tuple[RunState, RunState]] = set()
    known: set[Seen] = set()
    waiting: list[tuple[tuple[StageState, ...], tuple[bool, ...], RunState]] = [
        (stages, claimed, RunState.QUEUED) for stages in after_settling([StageState.PENDING] * 3, claimed)
    ]
    while waiting:
        stages, claimed, before = waiting.pop()
        begun = any(claimed) or any(state in STAGE_DONE for state in stages)
        state = run_state(stages, begun=begun)
        if state is not before:
            roads.add((before, state))
        seen = (stages, claimed, state)
        if seen in known:
            continue
        known.add(seen)
        for changed, held in moves(stages, claimed):
            waiting += [(each, held, state) for each in after_settling(changed, held)]
    assert roads == {(before, after) for before, follow in RUN_CHANGES.items() for after in follow}
    assert {state for _, _, state in known} == set(RunState)
    assert all(state in RUN_OVER for stages, _, state in known if all(one in STAGE_OVER for one in stages))
