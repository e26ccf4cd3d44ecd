"""The pure rules: what becomes ready, who is silent, whatever the shape of the run and the order of events."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.domain.fingerprint import fingerprint
from jobs.domain.stages import BadStages, StageSpec, StageView, run_state, stages_check, stages_resolve
from jobs.domain.states import STAGE_DONE, STAGE_OVER, RunState, StageState
from jobs.domain.watching import StillnessWatch

Graph = dict[str, tuple[str, ...]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Acyclic graphs of up to nine stages, in any order."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    edges = {name: tuple(draw(st.sets(st.sampled_from(names[:at]))) if at else ()) for at, name in enumerate(names)}
    order = draw(st.permutations(names))
    return {name: edges[name] for name in order}


@given(graph=graphs(), seed=st.integers(0, 10_000))
def test_every_run_ends_and_no_stage_begins_before_its_parents(graph: Graph, seed: int) -> None:
    dice = random.Random(seed)
    stages_check([StageSpec(name, "task", parents) for name, parents in graph.items()])
    states = dict.fromkeys(graph, StageState.PENDING)
    while True:
        states |= stages_resolve([StageView(name, states[name], parents) for name, parents in graph.items()])
        ready = [name for name, state in states.items() if state is StageState.READY]
        if not ready:
            break
        for name in ready:
            assert all(states[parent] in STAGE_DONE for parent in graph[name])
        states[dice.choice(ready)] = dice.choice([StageState.SUCCEEDED, StageState.SUCCEEDED, StageState.FAILED])
    assert all(state in STAGE_OVER for state in states.values())
    succeeded = set(states.values()) == {StageState.SUCCEEDED}
    assert run_state(list(states.values()), begun=True) is (RunState.SUCCEEDED if succeeded else RunState.FAILED)


@pytest.mark.parametrize(
    ("stages", "where"),
    [
        ([], ""),
        ([StageSpec("a", "t"), StageSpec("a", "t")], "a"),
        ([StageSpec("a", "t", ("b",))], "a"),
        ([StageSpec("a", "t", ("a",))], "a"),
        ([StageSpec("a", "t", timeout_s=0)], "a"),
    ],
)
def test_stages_that_do_not_fit_are_refused_by_name(stages: list[StageSpec], where: str) -> None:
    with pytest.raises(BadStages) as refusal:
        stages_check(stages)
    assert refusal.value.where == where


def test_a_counter_that_stands_still_is_reported_after_its_time_and_not_before() -> None:
    watch: StillnessWatch[str] = StillnessWatch(longest_step_s=10)
    assert watch.look(0, {"a": 1}, lambda _: 5) == []
    assert watch.look(4, {"a": 1}, lambda _: 5) == []
    assert watch.look(6, {"a": 1}, lambda _: 5) == ["a"]


def test_a_watcher_that_slept_blames_nobody() -> None:
    watch: StillnessWatch[str] = StillnessWatch(longest_step_s=1)
    watch.look(0, {"a": 1}, lambda _: 5)
    assert watch.look(3600, {"a": 1}, lambda _: 5) == []


@given(beats=st.lists(st.tuples(st.floats(0, 2), st.booleans()), max_size=40))
def test_whoever_beats_within_the_lease_is_never_reported(beats: list[tuple[float, bool]]) -> None:
    watch: StillnessWatch[str] = StillnessWatch(longest_step_s=2)
    now, counter, still = 0.0, 0, 0.0
    watch.look(now, {"a": counter}, lambda _: 5)
    for step, beat in beats:
        now, still = now + step, 0.0 if beat else still + step
        counter += beat
        reported = watch.look(now, {"a": counter}, lambda _: 5)
        assert not reported or still >= 4.999
        still = 0.0 if reported else still


@given(params=st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_a_fingerprint_does_not_depend_on_the_order_of_parameters(params: dict[str, object]) -> None:
    turned = dict(reversed(params.items()))
    one = fingerprint(source="v", task_name="t", params=params, inputs={})
    assert one == fingerprint(source="v", task_name="t", params=turned, inputs={})
