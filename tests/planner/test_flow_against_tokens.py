"""The flow equations say what simulated tokens do: visits, reach and rework of graphs with every kind of gateway."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.process_graph.case_flow import case_flow, visits_of
from planner.domain.process_graph.node import TaskFlow, TaskNode
from tests.planner.structured import structured_graphs
from tests.planner.tokens import Tokens

CASES = 400
# Five standard errors: of some ten thousand comparisons one misses by chance in less than a hundredth of all runs.
WIDE = 5.0


def simulated(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow], seed: int) -> dict[str, np.ndarray]:
    """The visits of each case to each node."""
    tokens = Tokens(nodes, flows, np.random.default_rng(seed))
    cases = [tokens.case() for _ in range(CASES)]
    return {node.key: np.array([case[node.key] for case in cases]) for node in nodes}


def off(seen: np.ndarray, expected: float) -> float:
    """How many standard errors the mean seen lies from the expected; a rare event's spread is not taken as none."""
    spread = max(float(seen.std()), np.sqrt(min(expected, 1.0) / 4))
    return abs(float(seen.mean()) - expected) / (spread / np.sqrt(len(seen)) + 1e-9)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(structured_graphs(), st.integers(0, 2**32 - 1))
def test_visits_and_reach_lie_within_the_standard_error_of_simulated_tokens(graph, seed: int) -> None:
    nodes, flows = graph
    found, counted = case_flow(nodes, flows), simulated(nodes, flows, seed)
    for key, seen in counted.items():
        assert off(seen, found.visits[key]) < WIDE, key
        reach = found.reach[key]
        assert reach is not None
        assert off((seen > 0).astype(float), reach) < WIDE, key


@given(structured_graphs())
def test_visits_alone_are_those_of_the_whole_figure(graph) -> None:
    nodes, flows = graph
    found = case_flow(nodes, flows)
    assert visits_of(nodes, flows) == pytest.approx(dict(found.visits))
    for node in nodes:
        reach, visits = found.reach[node.key], found.visits[node.key]
        assert reach is not None
        assert 0 <= reach <= min(1, visits) + 1e-9
        assert found.rework(node.key) == pytest.approx(1 - reach / visits, abs=1e-9)
