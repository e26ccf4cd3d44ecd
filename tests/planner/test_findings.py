"""Every finding about a graph is named with what to do, and its button leaves a graph without it."""

import numpy as np
import pytest
from hypothesis import given

from planner.domain.process_graph.findings import Fix
from planner.domain.process_graph.graph import NodeKind, TaskFlow, TaskGraph, TaskNode
from planner.domain.process_graph.mending import mended
from tests.planner.structured import structured_graphs

KINDS = {
    "s": NodeKind.START,
    "e": NodeKind.END,
    "x": NodeKind.EXCLUSIVE,
    "p": NodeKind.PARALLEL,
    "i": NodeKind.INCLUSIVE,
    "q": NodeKind.SUBPROCESS,
}


def drawn(*flows: str, more: str = "") -> TaskGraph:
    """A graph from lines like "s a", "a b 0.4"; the first letter of a name says its kind, any other is a task."""
    parts = [flow.split() for flow in flows]
    keys = dict.fromkeys([*(key for part in parts for key in part[:2]), *more.split()])
    nodes = tuple(TaskNode(key, key.upper(), KINDS.get(key[0], NodeKind.TASK)) for key in keys)
    shares = [float(part[2]) if len(part) > 2 else None for part in parts]
    pairs = zip(parts, shares, strict=True)
    return TaskGraph(nodes, tuple(TaskFlow(part[0], part[1], probability=share) for part, share in pairs))


CASES = {
    "over one": (drawn("s a", "a b 0.6", "a e 0.6", "b e"), "a", "add up to 120 %, not 100 %", Fix.NORMALISE),
    "under one": (drawn("s a", "a b 0.2", "a e 0.6", "b e"), "a", "add up to 80 %, not 100 %", Fix.GIVE_REST),
    "nothing left": (drawn("s a", "a b 0.9", "a e 0.9", "a c", "b e", "c e"), "a", "leave nothing", Fix.NORMALISE),
    "dead end": (drawn("s a", "a b 0.5", "a e 0.5"), "b", "Nothing follows “B”", Fix.CONNECT_END),
    "unreachable": (drawn("s a", "a e", "b e"), "b", "No case can reach “B”", Fix.DELETE),
    "no start": (drawn("a e"), "a", "Nothing says where cases begin", Fix.ADD_START),
    "no end": (drawn("s a", "s b"), "s", "Nothing says where cases end", Fix.ADD_END),
    "two starts": (drawn("s a", "s2 b", "a e", "b e"), "s", "begin at 2 starts", Fix.MERGE_STARTS),
    "needless gateway": (drawn("s x", "x a", "a e"), "x", "divides and joins nothing", Fix.SPLICE),
    "no join": (drawn("s p", "p a", "p b", "a c", "b c", "c e"), "p", "nothing joins them", Fix.ADD_JOIN),
    "merged, not joined": (drawn("s p", "p a", "p b", "a x", "b x", "x e"), "p", "nothing joins them", Fix.ADD_JOIN),
    "deadlock": (drawn("s x", "x a", "x b", "a p", "b p", "p e"), "p", "no split sends", Fix.OPEN_JOIN),
    "choice into a join": (
        drawn("s p", "p a", "p x", "x b", "x c", "a p2", "b p2", "c p2", "p2 e"), "p2", "a choice", Fix.ADD_MERGE,
    ),
    "left out branch": (
        drawn("s i", "i a 0.5", "i b 0.5", "a p", "b p", "p e"), "p", "may leave some out", Fix.AWAIT_TAKEN,
    ),
    "shares that do not count": (
        drawn("s p", "p a 0.5", "p b 0.5", "a p2", "b p2", "p2 e"), "p", "do not count", Fix.CLEAR,
    ),
    "empty": (drawn("s q", "q e"), "q", "no task inside", Fix.MAKE_TASK),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_finding_says_what_is_the_matter_and_its_button_mends_it(case: str) -> None:
    graph, key, words, fix = CASES[case]
    found = [finding for finding in graph.findings() if words in finding.sentence]
    assert [finding.key for finding in found] == [key]
    assert found[0].advice
    assert fix in found[0].fixes
    after = mended(graph, key, fix)
    after.check()
    assert [finding.sentence for finding in after.findings() if words in finding.sentence] == []
    after.expected_visits()


@pytest.mark.parametrize("case", CASES)
def test_pressing_buttons_until_none_is_left_ends_in_a_graph_without_findings(case: str) -> None:
    graph = CASES[case][0]
    for _ in range(10):
        open_ones = [(finding.key, fix) for finding in graph.findings() for fix in finding.fixes]
        if not open_ones:
            break
        graph = mended(graph, *open_ones[0])
    assert graph.findings() == []


def test_a_circle_without_a_way_out_is_named_and_left_to_people() -> None:
    found = drawn("s a", "a b", "b a 1.0").findings()
    circle = [finding for finding in found if "can never leave" in finding.sentence]
    assert [(finding.fixes, "“A”" in finding.sentence) for finding in circle] == [((), True)]


def test_branches_that_multiply_for_ever_are_named() -> None:
    graph = drawn("s x", "x p", "p a", "p b", "a x", "b x")
    assert any(
        "grow without end" in finding.sentence or "never leave" in finding.sentence for finding in graph.findings()
    )


def test_a_case_that_leaves_before_the_join_is_named_and_its_volume_is_approximate() -> None:
    graph = drawn("s p", "p a", "p b", "a p2 0.9", "a e 0.1", "b p2", "p2 e")
    assert any("can leave between “P” and “P2”" in finding.sentence for finding in graph.findings())
    assert graph.expected_visits()["p2"] == pytest.approx(0.95)


def test_a_flow_into_the_middle_of_a_block_is_named() -> None:
    graph = drawn("s x", "x p 0.8", "x a 0.2", "p a", "p b", "a p2", "b p2", "p2 e")
    sentences = [finding.sentence for finding in graph.findings()]
    assert any("cuts across branches" in sentence for sentence in sentences), sentences


def test_splits_may_share_a_join() -> None:
    graph = drawn("s p1", "p1 a", "p1 p2", "p2 b", "p2 c", "a p3", "b p3", "c p3", "p3 e")
    assert graph.findings() == []
    assert graph.expected_visits() == pytest.approx(dict.fromkeys((node.key for node in graph.nodes), 1.0))


def test_without_a_join_what_follows_is_done_for_each_branch() -> None:
    graph, *_ = CASES["no join"]
    assert graph.expected_visits()["c"] == pytest.approx(2)
    assert mended(graph, "p", Fix.ADD_JOIN).expected_visits()["c"] == pytest.approx(1)


def test_several_starts_are_made_one_without_a_change_of_volumes() -> None:
    graph, *_ = CASES["two starts"]
    before, after = graph.expected_visits(), mended(graph, "s", Fix.MERGE_STARTS).expected_visits()
    assert {key: after[key] for key in "abe"} == pytest.approx({key: before[key] for key in "abe"})


@given(structured_graphs())
def test_a_graph_made_of_blocks_has_no_finding(graph) -> None:
    found = [finding for finding in TaskGraph(*graph).findings() if "divides and joins nothing" not in finding.sentence]
    assert found == []


def test_a_graph_at_the_limit_is_looked_through_without_recursion() -> None:
    names = [f"t{n}" for n in range(4_000)]
    nodes = [
        TaskNode("s", "S", NodeKind.START),
        *(TaskNode(name, name) for name in names),
        TaskNode("e", "E", NodeKind.END),
    ]
    keys = [node.key for node in nodes]
    graph = TaskGraph(tuple(nodes), tuple(map(TaskFlow, keys[:-1], keys[1:])))
    assert graph.findings() == []
    assert np.allclose(list(graph.expected_visits().values()), 1.0)
