"""The drawing: flows go down, nodes of a layer do not overlap, depth and circles are no obstacle."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.layout import LAYER_HEIGHT, NODE_WIDTH, layered

edges = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0.1, 9)), max_size=30)


@given(edges)
def test_no_two_nodes_of_a_layer_overlap(found: list[tuple[int, int, float]]) -> None:
    layout = layered([str(n) for n in range(10)], [(str(a), str(b), weight) for a, b, weight in found], ["0"])
    layers: dict[float, list[float]] = {}
    for x, y in layout.positions.values():
        layers.setdefault(y, []).append(x)
    for row in layers.values():
        row.sort()
        assert all(right - left >= NODE_WIDTH - 0.2 for left, right in itertools.pairwise(row))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_every_flow_of_an_acyclic_graph_leads_down(pairs: list[tuple[int, int]]) -> None:
    forward = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    layout = layered([str(n) for n in range(10)], [(str(a), str(b), 1.0) for a, b in forward])
    assert all(layout.positions[str(a)][1] < layout.positions[str(b)][1] for a, b in forward)


def test_the_way_back_is_set_aside_and_the_main_path_stays_straight() -> None:
    layout = layered("abc", [("a", "b", 9.0), ("b", "c", 9.0), ("c", "a", 1.0)], ["a"])
    assert [layout.positions[key][1] for key in "abc"] == [0.0, LAYER_HEIGHT, 2 * LAYER_HEIGHT]
    assert len(layout.routes["c", "a"]) == 1, "it passes the middle layer beside the node"
    assert abs(layout.routes["c", "a"][0][0] - layout.positions["b"][0]) > NODE_WIDTH / 2


def test_ten_thousand_nodes_in_a_row_do_not_overflow_a_stack() -> None:
    names = [str(n) for n in range(10_000)]
    layout = layered(names, [(a, b, 1.0) for a, b in itertools.pairwise(names)], ["0"])
    assert layout.positions["9999"] == (0.0, 9_999 * LAYER_HEIGHT)


def test_nothing_to_draw_and_edges_to_nowhere() -> None:
    assert layered([], []).positions == {}
    assert layered(["a"], [("a", "a", 1.0), ("a", "z", 1.0)]).positions == {"a": (0.0, 0.0)}
