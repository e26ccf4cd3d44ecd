"""The layered layout beside networkx' own layouts of the same graphs.

`python -m benchmarks.layout` draws seeded process-like graphs of 2,000 and 10,000 nodes (branches, joins, a tenth of
all flows leading back), lays each out five times, and prints the best CPU time, how many forward flows lead down, and
the ratios. networkx' multipartite layout is given the layers, and neither it nor the breadth-first one orders a layer
or leads flows round nodes; what finds places by itself is the force-directed one, left out at 10,000 nodes: it needs
minutes.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import numpy as np

from planner.domain.process_graph.layout import layered

Edge = tuple[str, str, float]
Places = Mapping[str, Any]  # a point: a pair, or an array of two
SIZES = (2_000, 10_000)
FORCED = 2_000


def process_like(size: int, rng: np.random.Generator) -> tuple[list[str], list[Edge]]:
    """A graph in which every node follows one of the eight before it, half have another way on, a tenth lead back."""
    flows: dict[tuple[int, int], float] = {}
    for node in range(1, size):
        flows[max(0, node - 1 - int(rng.integers(0, 8))), node] = 1.0
    for _ in range(size // 2):
        node = int(rng.integers(0, size - 1))
        flows[node, min(size - 1, node + int(rng.integers(1, 12)))] = 1.0
    for _ in range(size // 10):
        node = int(rng.integers(1, size))
        flows[node, max(0, node - int(rng.integers(1, 30)))] = 0.2
    return [str(node) for node in range(size)], [(str(a), str(b), weight) for (a, b), weight in flows.items()]


def best_milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The least CPU time of some runs, in milliseconds."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found) * 1000


def leading_down(places: Places, edges: list[Edge]) -> float:
    """The share of forward flows whose target lies below their source."""
    forward = [(a, b) for a, b, weight in edges if weight == 1.0 and a != b]
    return sum(bool(places[b][1] > places[a][1]) for a, b in forward) / len(forward)


def peers(names: list[str], edges: list[Edge]) -> dict[str, Callable[[], Places]]:
    """What networkx offers for the same graph. Its layered layouts are given what they ask for."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from(edges)
    forward = nx.DiGraph((a, b) for a, b, weight in edges if weight == 1.0)
    layers = {layer: list(nodes) for layer, nodes in enumerate(nx.topological_generations(forward))}
    found: dict[str, Callable[[], Places]] = {
        "multipartite_layout": lambda: nx.multipartite_layout(forward, layers, align="horizontal"),
        "bfs_layout": lambda: nx.bfs_layout(graph, "0", align="horizontal"),
    }
    if len(names) <= FORCED:
        found["spring_layout"] = lambda: nx.spring_layout(graph, seed=7)
    return found


def compare(size: int) -> None:
    names, edges = process_like(size, np.random.default_rng(7))
    print(f"{size} nodes, {len(edges)} flows")
    print(f"  {'':<22}{'CPU':>10}{'leads down':>14}{'to ours':>12}")
    own: dict[str, Callable[[], Places]] = {"layered (ours)": lambda: layered(names, edges, ["0"]).positions}
    ours = 1.0
    for name, work in (own | peers(names, edges)).items():
        spent = best_milliseconds(work, 1 if name == "spring_layout" else 5)
        places = work()
        ours = spent if "ours" in name else ours
        print(f"  {name:<22}{spent:7.0f} ms{leading_down(places, edges):14.1%}{spent / ours:10.2f} ×")


def main() -> None:
    for size in SIZES:
        compare(size)


if __name__ == "__main__":
    main()
