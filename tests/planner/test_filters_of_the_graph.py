"""Filters from the directly-follows graph to the task graph: exact recounts, and every case able to end."""

import io
import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from planner.domain.discovery.filtering import FilteredGraph, FilterError, GraphFilter, filtered
from planner.domain.discovery.sequences import Sequences, read_sequences
from planner.domain.process_graph.flow import FlowError
from planner.domain.process_graph.graph import NodeKind, reachable

CASES = st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=7), min_size=1, max_size=25)
SHARES = st.floats(0, 1)


def sequences(cases: list[list[str]]) -> Sequences:
    names = tuple(sorted({name for case in cases for name in case}))
    case = np.repeat(np.arange(len(cases)), [len(one) for one in cases])
    activity = np.array([names.index(name) for one in cases for name in one])
    return Sequences(case, activity, names, len(cases))


def counted_naively(cases: list[list[str]], kept: set[str]) -> dict[tuple[str | None, str | None], int]:
    """Directly-follows counts of the cases with everything outside `kept` struck out."""
    counts: dict[tuple[str | None, str | None], int] = {}
    for case in cases:
        path: list[str | None] = [None, *(name for name in case if name in kept), None]
        for pair in itertools.pairwise(path):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def flows_of(found: FilteredGraph) -> dict[tuple[str | None, str | None], int]:
    return {(flow.source, flow.target): flow.count for flow in found.flows}


@given(CASES)
def test_without_a_filter_the_whole_graph_is_kept(cases: list[list[str]]) -> None:
    found = filtered(sequences(cases), GraphFilter())
    assert set(found.activities) == {name for case in cases for name in case}
    assert flows_of(found) == counted_naively(cases, set(found.activities))
    assert (found.flows_hidden, found.left_out, found.cases_whole_share) == (0, (), 1.0)


@given(CASES, SHARES)
def test_flows_past_activities_left_out_are_counted_in_the_cases(cases: list[list[str]], share: float) -> None:
    found = filtered(sequences(cases), GraphFilter(activities=share))
    assert flows_of(found) == counted_naively(cases, set(found.activities))


@given(CASES, SHARES, SHARES)
def test_every_case_can_reach_an_end_and_branches_add_up(cases: list[list[str]], share: float, steps: float) -> None:
    graph = filtered(sequences(cases), GraphFilter(share, steps)).graph()
    graph.check()
    forwards = reachable([node.key for node in graph.nodes if node.kind == NodeKind.START], graph.flows)
    assert set(forwards) == {node.key for node in graph.nodes}
    for node in graph.nodes:
        if node.kind != NodeKind.END:
            assert "end" in reachable([node.key], graph.flows)
            assert sum(flow.probability or 0 for flow in graph.flows if flow.source == node.key) == pytest.approx(1)
    try:
        graph.expected_visits()
    except FlowError as stuck:  # pragma: no cover - the failure this test is there to show
        pytest.fail(str(stuck))


@given(CASES, SHARES)
def test_visits_follow_from_the_flows_as_they_were_measured(cases: list[list[str]], share: float) -> None:
    found = filtered(sequences(cases), GraphFilter(activities=share))
    expected = found.graph().expected_visits()
    for name in found.activities:
        measured = sum(case.count(name) for case in cases) / len(cases)
        assert expected[f"a:{name}"] == pytest.approx(measured)


@given(CASES, SHARES, SHARES, SHARES, SHARES)
def test_more_is_shown_when_a_slider_is_moved_up(
    cases: list[list[str]], share: float, more: float, steps: float, wider: float
) -> None:
    log, (low, high), (few, many) = sequences(cases), sorted((share, more)), sorted((steps, wider))
    assert set(filtered(log, GraphFilter(low)).activities) <= set(filtered(log, GraphFilter(high)).activities)
    assert filtered(log, GraphFilter(low)).visits_share >= min(low, 1.0)
    less, more_flows = filtered(log, GraphFilter(share, few)), filtered(log, GraphFilter(share, many))
    assert set(flows_of(less)) <= set(flows_of(more_flows))
    assert less.cases_whole <= more_flows.cases_whole
    assert more_flows.steps_share >= many - 1e-9


@given(CASES, SHARES, SHARES)
def test_what_is_hidden_is_said_as_it_is(cases: list[list[str]], share: float, steps: float) -> None:
    found = filtered(sequences(cases), GraphFilter(share, steps))
    pairs = set(flows_of(found))
    whole = 0
    for case in cases:
        path = [None, *case, None]
        whole += set(case) <= set(found.activities) and all(pair in pairs for pair in itertools.pairwise(path))
    assert found.cases_whole == whole
    assert len(found.activities) + len(found.left_out) == len({name for case in cases for name in case})
    assert found.flows_hidden == len(counted_naively(cases, set(found.activities))) - len(found.flows)


def test_a_case_of_which_nothing_is_left_goes_from_start_to_end() -> None:
    found = filtered(sequences([["a", "a"], ["a"], ["b"]]), GraphFilter(activities=0.5))
    assert flows_of(found) == {(None, "a"): 2, ("a", "a"): 1, ("a", None): 2, (None, None): 1}
    assert found.cases_whole == 2


def test_an_activity_called_start_is_not_the_start() -> None:
    found = filtered(sequences([["start", "end"], ["end", "start"]]), GraphFilter()).graph()
    found.check()
    assert found.expected_visits()["a:start"] == pytest.approx(1)


@pytest.mark.parametrize(("values", "where"), [({"activities": 1.5}, "activities"), ({"flows": -0.1}, "flows")])
def test_a_share_beyond_the_whole_is_refused(values: dict[str, float], where: str) -> None:
    with pytest.raises(FilterError) as refused:
        GraphFilter(**values)
    assert refused.value.where == where


@given(CASES)
def test_a_stored_log_is_read_as_its_cases_however_its_rows_are_grouped(cases: list[list[str]]) -> None:
    rows = [(f"case {n}", name) for n, case in enumerate(cases) for name in case]
    table = pa.table({"case": [case for case, _ in rows], "activity": [name for _, name in rows]})
    file = io.BytesIO()
    parquet.write_table(table, file, row_group_size=3)
    file.seek(0)
    found, expected = read_sequences(file), sequences(cases)
    assert (found.names, found.cases) == (expected.names, expected.cases)
    assert found.case.tolist() == expected.case.tolist()
    assert found.activity.tolist() == expected.activity.tolist()
