"""Expected visits by the flow equations, against closed forms and against walking the graph."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.process_graph.flow import FlowError, expected_visits


def test_a_loop_is_a_geometric_series() -> None:
    visits = expected_visits(["triage", "ask", "pay"], {"triage": 1.0}, [
        ("triage", "ask", 0.25), ("ask", "triage", 1.0), ("triage", "pay", 0.75),
    ])  # fmt: skip
    assert visits == pytest.approx({"triage": 1 / 0.75, "ask": 0.25 / 0.75, "pay": 1.0})


def test_a_self_loop_and_a_node_that_nobody_reaches() -> None:
    visits = expected_visits("abc", {"a": 1.0}, [("a", "a", 0.5), ("a", "b", 0.5), ("c", "b", 1.0)])
    assert visits == pytest.approx({"a": 2.0, "b": 1.0, "c": 0.0})


def test_a_circle_without_a_way_out_is_refused_by_name() -> None:
    with pytest.raises(FlowError, match="“b” can never leave") as refused:
        expected_visits("abc", {"a": 1.0}, [("a", "b", 1.0), ("b", "c", 1.0), ("c", "b", 1.0)])
    assert refused.value.where == ("b", "c")


def test_a_circle_that_no_case_reaches_is_no_matter() -> None:
    visits = expected_visits("abc", {"a": 1.0}, [("b", "c", 1.0), ("c", "b", 1.0)])
    assert visits == {"a": 1.0, "b": 0.0, "c": 0.0}


def test_branches_that_multiply_cases_without_end_are_refused() -> None:
    with pytest.raises(FlowError, match="more than one case"):
        expected_visits("ab", {"a": 1.0}, [("a", "b", 0.9), ("a", "a", 0.9), ("b", "a", 0.5)])


def test_ten_thousand_tasks_in_a_row_are_solved() -> None:
    names = [str(n) for n in range(10_000)]
    flows = [(a, b, 0.9999) for a, b in itertools.pairwise(names)]
    assert expected_visits(names, {"0": 1.0}, flows)["9999"] == pytest.approx(0.9999**9999)


@st.composite
def chains(draw: st.DrawFn) -> np.ndarray:
    """Branch probabilities of five nodes that leave at least 0.2 a step."""
    weights = draw(st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=5, max_size=5))
    matrix = np.array(weights)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1.0) * 0.8


@given(chains())
def test_visits_equal_the_sum_over_all_walks(matrix: np.ndarray) -> None:
    names = list("abcde")
    flows = [(names[a], names[b], float(matrix[a, b])) for a in range(5) for b in range(5)]
    walked, here = np.zeros(5), np.eye(5)[0]
    for _ in range(150):
        walked += here
        here = here @ matrix
    visits = expected_visits(names, {"a": 1.0}, flows)
    assert [visits[name] for name in names] == pytest.approx(walked.tolist(), abs=1e-6)


@given(chains(), st.integers(0, 2**32 - 1))
def test_visits_equal_the_mean_over_simulated_cases(matrix: np.ndarray, seed: int) -> None:
    rng, cases = np.random.default_rng(seed), 4_000
    steps = np.column_stack([matrix, 1 - matrix.sum(axis=1)]).cumsum(axis=1)
    counted, at = np.zeros(5), np.zeros(cases, dtype=int)
    while len(at):
        counted += np.bincount(at, minlength=5)
        at = (rng.random(len(at))[:, None] > steps[at]).sum(axis=1)
        at = at[at < 5]
    names = list("abcde")
    flows = [(names[a], names[b], float(matrix[a, b])) for a in range(5) for b in range(5)]
    visits = expected_visits(names, {"a": 1.0}, flows)
    assert counted / cases == pytest.approx([visits[name] for name in names], abs=0.35)
