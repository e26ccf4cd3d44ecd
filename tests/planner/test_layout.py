"""The drawing: flows go down, nodes of a layer do not overlap, depth is no obstacle, an edit moves little."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.process_graph.layout import LAYER_HEIGHT, NODE_WIDTH, Layout, layered

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


def drawn(found: list[tuple[int, int, float]], names: int = 10, before: Layout | None = None) -> Layout:
    flows = [(str(a), str(b), weight) for a, b, weight in found]
    return layered([str(n) for n in range(names)], flows, ["0"], before.positions if before else None)


def assert_order_kept(before: Layout, after: Layout) -> None:
    for one, other in itertools.permutations(before.positions.keys() & after.positions.keys(), 2):
        (x, y), (other_x, other_y) = before.positions[one], before.positions[other]
        if y < other_y:
            assert after.positions[one][1] < after.positions[other][1], f"{one} was above {other}"
        if y == other_y and x < other_x and after.positions[one][1] == after.positions[other][1]:
            assert after.positions[one][0] < after.positions[other][0], f"{one} was left of {other}"


@given(edges, st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0.1, 99)))
def test_a_flow_that_is_drawn_or_removed_turns_nothing_over(
    found: list[tuple[int, int, float]], flow: tuple[int, int, float]
) -> None:
    fewer, more = drawn(found), drawn([*found, flow])
    assert_order_kept(fewer, drawn([*found, flow], before=fewer))
    assert_order_kept(more, drawn(found, before=more))


@given(edges, st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.floats(0.1, 9)), max_size=4))
def test_a_new_task_is_fitted_in_and_a_removed_one_leaves_the_rest(
    found: list[tuple[int, int, float]], ends: list[tuple[int, bool, float]]
) -> None:
    fewer = drawn(found)
    flows = [(10, node, weight) if leads_on else (node, 10, weight) for node, leads_on, weight in ends]
    more = drawn([*found, *flows], names=11, before=fewer)
    assert_order_kept(fewer, more)
    assert_order_kept(more, drawn(found, before=more))


@given(edges)
def test_drawing_again_what_did_not_change_changes_nothing_and_once_more_neither(
    found: list[tuple[int, int, float]],
) -> None:
    first = drawn(found)
    again = drawn(found, before=first)
    assert_order_kept(first, again)
    assert again == drawn(found, before=first)
    assert {key: y for key, (_, y) in again.positions.items()} == {key: y for key, (_, y) in first.positions.items()}


def test_a_task_put_between_two_pushes_down_what_is_below_and_nothing_else() -> None:
    before = layered("abcd", [("a", "b", 1.0), ("a", "c", 1.0), ("b", "d", 1.0), ("c", "d", 1.0)], ["a"])
    after = layered(
        "abcdn",
        [("a", "n", 1.0), ("n", "b", 1.0), ("a", "c", 1.0), ("b", "d", 1.0), ("c", "d", 1.0)],
        ["a"],
        before.positions,
    )
    assert after.positions["a"][1] == before.positions["a"][1]
    assert after.positions["c"][1] == before.positions["c"][1]
    assert after.positions["b"][1] == before.positions["b"][1] + LAYER_HEIGHT
    assert after.positions["n"][1] == LAYER_HEIGHT


def test_two_tasks_in_both_orders_do_not_change_places_when_one_order_gains() -> None:
    """Their order is a toss: the drawing must not turn over because half a percent moved."""
    before = layered("sxy", [("s", "x", 0.5), ("s", "y", 0.5), ("x", "y", 0.501), ("y", "x", 0.5)], ["s"])
    changed = [("s", "x", 0.4), ("s", "y", 0.6), ("x", "y", 0.4), ("y", "x", 0.6)]
    after = layered("sxy", changed, ["s"], before.positions)
    assert after.positions["x"][1] < after.positions["y"][1]
