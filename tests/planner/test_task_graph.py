"""The task graph: what is refused, what is pointed out, how it is thinned for a drawing, and read as text."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.process_graph.graph import MOST_NODES, GraphError, TaskFlow, TaskGraph, TaskNode, reachable
from planner.domain.process_graph.node import NodeKind

START, END = TaskNode("s", "Start", NodeKind.START), TaskNode("e", "End", NodeKind.END)


def graph(names: str, *flows: tuple[str, str, float | None]) -> TaskGraph:
    nodes = (START, *(TaskNode(name, name.upper()) for name in names), END)
    return TaskGraph(nodes, tuple(TaskFlow(a, b, probability=share) for a, b, share in flows))


def counted(names: list[str], *flows: tuple[str, str, int]) -> TaskGraph:
    nodes = (START, *(TaskNode(name, name.upper()) for name in names), END)
    return TaskGraph(nodes, tuple(TaskFlow(a, b, count) for a, b, count in flows))


def test_visits_follow_the_branches_and_a_branch_without_a_number_takes_the_rest() -> None:
    found = graph("ab", ("s", "a", None), ("a", "b", 0.4), ("a", "e", None), ("b", "a", None))
    assert found.expected_visits() == pytest.approx({"s": 1, "a": 1 / 0.6, "b": 0.4 / 0.6, "e": 1})
    assert found.findings() == []


def test_what_is_odd_is_named_with_a_fix() -> None:
    found = graph("abc", ("s", "a", 1.0), ("a", "b", 0.6), ("a", "e", 0.6)).findings()
    assert [finding.sentence for finding in found] == [
        "Nothing follows “B”.",
        "No case can reach “C”.",
        "The branches out of “A” add up to 120 %, not 100 %.",
    ]
    assert all(finding.advice for finding in found)
    circle = graph("ab", ("s", "a", 1.0), ("a", "b", 1.0), ("b", "a", 1.0)).findings()
    assert any("can never leave" in finding.sentence for finding in circle)


def test_a_graph_that_cannot_stand_is_refused_with_the_path_of_each_field() -> None:
    nodes = (START, TaskNode("a", " "), TaskNode("a", "x" * 201), END)
    flows = (TaskFlow("a", "q"), TaskFlow("e", "a"), TaskFlow("a", "s", probability=1.5), TaskFlow("a", "q"))
    with pytest.raises(GraphError) as refused:
        TaskGraph(nodes, flows).check()
    assert {path for path, _ in refused.value.problems} == {
        "nodes.1.name",
        "nodes.2.name",
        "nodes.2.key",
        "flows.0.target",
        "flows.1.source",
        "flows.2.target",
        "flows.2.probability",
        "flows.3.target",
        "flows.3",
    }


def test_a_hundred_thousand_nodes_are_refused_with_the_limit_named() -> None:
    with pytest.raises(GraphError, match=f"100000 nodes; at most {MOST_NODES}"):
        TaskGraph(tuple(TaskNode(str(n), "x") for n in range(100_000)), ()).check()


@st.composite
def logs_as_graphs(draw: st.DrawFn) -> TaskGraph:
    """A graph in which every node lies on some path from the start to the end, as in any log."""
    names = [f"n{place}" for place in range(draw(st.integers(1, 8)))]
    counts = st.integers(1, 1000)
    flows = {}
    for _ in range(draw(st.integers(1, 6))):
        walk = ["s", *draw(st.lists(st.sampled_from(names), min_size=1, max_size=6)), "e"]
        for pair in itertools.pairwise(walk):
            flows[pair] = draw(counts)
    for name in names:
        flows.setdefault(("s", name), 1)
        flows.setdefault((name, "e"), 1)
    return counted(names, *((a, b, count) for (a, b), count in flows.items()))


@given(logs_as_graphs(), st.floats(0, 1))
def test_a_thinned_graph_stays_connected_and_every_case_can_finish(whole: TaskGraph, detail: float) -> None:
    thin = whole.simplified(detail)
    assert set(thin.flows) <= set(whole.flows)
    keys = {node.key for node in whole.nodes}
    assert set(reachable(["s"], thin.flows)) == keys
    backwards = [TaskFlow(flow.target, flow.source, flow.count) for flow in thin.flows]
    assert set(reachable(["e"], backwards)) == keys


def test_more_detail_shows_more_flows_and_all_of_it_shows_all() -> None:
    whole = counted(
        ["a", "b"], ("s", "a", 90), ("a", "b", 80), ("b", "e", 85), ("a", "e", 9), ("b", "a", 4), ("s", "b", 1)
    )
    assert len(whole.simplified(0).flows) == 3
    assert {(flow.source, flow.target) for flow in whole.simplified(0.96).flows} >= {("a", "e")}
    assert len(whole.simplified(1.0, most=99).flows) == 6


def test_flows_drawn_by_hand_are_always_shown() -> None:
    whole = counted(["a"], ("s", "a", 90), ("a", "e", 90))
    drawn = TaskGraph(whole.nodes, (*whole.flows, TaskFlow("a", "a", probability=0.01)))
    assert ("a", "a") in {(flow.source, flow.target) for flow in drawn.simplified(0).flows}


def test_the_outline_reads_in_the_order_cases_go() -> None:
    found = graph("ab", ("s", "b", None), ("b", "a", 0.25), ("b", "e", 0.75), ("a", "e", None))
    lines = found.outline()
    assert [line.node.name for line in lines] == ["Start", "B", "A"]
    assert [(way.node.name, way.share) for way in lines[1].onward] == [("End", 0.75), ("A", 0.25)]


def test_a_main_branch_is_drawn_however_rarely_cases_come_there() -> None:
    nodes = [TaskNode(key, key) for key in ("a", "b", "c", "d", "e")]
    often = [TaskFlow("a", "b", count=10_000), TaskFlow("b", "a", count=9_990), TaskFlow("a", "c", count=20)]
    rare = [TaskFlow("c", "d", count=10), TaskFlow("c", "e", count=10), TaskFlow("d", "e", count=9)]
    odd = TaskFlow("a", "e", count=5)
    drawn = TaskGraph(tuple(nodes), (*often, *rare, odd)).simplified(detail=0.5, most=1).flows
    assert {("c", "d"), ("c", "e")} <= {(flow.source, flow.target) for flow in drawn}
    assert odd not in drawn
