"""The task graph of a process: nodes, flows between them, and what can be said about it without a database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from planner.domain.process_graph.case_flow import CaseFlow, case_flow, visits_of
from planner.domain.process_graph.figure_limits import figure_problem
from planner.domain.process_graph.findings import Finding, findings_of
from planner.domain.process_graph.graph_problems import GraphError, graph_problems
from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import LONGEST_NAME, MOST_FLOWS, MOST_NODES, NodeKind, TaskFlow, TaskNode
from planner.domain.process_graph.outline import OutlineLine, outline_of
from planner.domain.process_graph.thinning import around, backbone, reachable, thinned

__all__ = [
    "LONGEST_NAME",
    "MOST_FLOWS",
    "MOST_NODES",
    "Finding",
    "GraphError",
    "NodeKind",
    "OutlineLine",
    "TaskFlow",
    "TaskGraph",
    "TaskNode",
    "figure_problem",
    "reachable",
]


@dataclass(frozen=True)
class TaskGraph:
    """Nodes and flows of a process. Nodes have unique keys; every flow joins two nodes with the same parent."""

    nodes: tuple[TaskNode, ...]
    flows: tuple[TaskFlow, ...]
    cases_a_year: float | None = None

    @property
    def tasks(self) -> tuple[TaskNode, ...]:
        """The nodes that are work."""
        return tuple(node for node in self.nodes if node.kind == NodeKind.TASK)

    def node(self, key: str) -> TaskNode:
        """The node with this key; KeyError when there is none."""
        return next(node for node in self.nodes if node.key == key)

    def level(self, parent: str = "") -> "TaskGraph":
        """The graph of one level alone: the process itself, or the inside of a sub-process."""
        keys = {node.key for node in self.nodes if node.parent == parent}
        return replace(
            self,
            nodes=tuple(node for node in self.nodes if node.key in keys),
            flows=tuple(flow for flow in self.flows if flow.source in keys and flow.target in keys),
        )

    def around(self, key: str, most: int) -> "TaskGraph":
        """The part of the graph nearest to one node, or to where cases enter where there is no such node."""
        begin = [key] if any(node.key == key for node in self.nodes) else list(self.entry())
        kept = set(around(begin, self.flows, most))
        return replace(
            self,
            nodes=tuple(node for node in self.nodes if node.key in kept),
            flows=tuple(flow for flow in self.flows if flow.source in kept and flow.target in kept),
        )

    def path(self, key: str) -> list[TaskNode]:
        """The sub-processes around a node, the outermost first, and the node itself."""
        by_key = {node.key: node for node in self.nodes}
        found: list[TaskNode] = []
        while key in by_key and by_key[key] not in found:
            found.append(by_key[key])
            key = by_key[key].parent
        return found[::-1]

    def outgoing(self) -> dict[str, list[TaskFlow]]:
        """Flows by source, the most used first."""
        found: dict[str, list[TaskFlow]] = defaultdict(list)
        for flow in sorted(self.flows, key=lambda flow: -flow.weight):
            found[flow.source].append(flow)
        return found

    def weight(self, flow: TaskFlow) -> float:
        """How much a flow is used: its count, else its probability."""
        return flow.weight

    def shares(self) -> dict[tuple[str, str], float]:
        """The probability of every flow at a visit of its source: see `splits.branch_weights`.

        >>> graph = TaskGraph((TaskNode("a", "A"), TaskNode("b", "B"), TaskNode("c", "C")),
        ...     (TaskFlow("a", "b", probability=0.7), TaskFlow("a", "c")))
        >>> round(graph.shares()["a", "c"], 3)
        0.3
        """
        return {
            (flow.source, flow.target): share
            for level in self._levels
            for flow, share in zip(level.flows, level.weights, strict=True)
        }

    def expected_visits(self) -> dict[str, float]:
        """Visits a case of every node by the flow equations; FlowError where they have no solution."""
        return visits_of(self.nodes, self.flows)

    def case_flow(self, hours: Mapping[str, float] | None = None) -> CaseFlow:
        """Visits, reach, rework and the longest path; FlowError where the equations have no solution."""
        return case_flow(self.nodes, self.flows, hours)

    def entry(self) -> dict[str, float]:
        """Where cases enter: the start nodes alike; without any, the nodes that nothing leads to, else the first."""
        level = self._levels[0]
        return {level.nodes[place].key: share for place, share in level.entry.items()}

    @cached_property
    def _levels(self) -> list[Level]:
        """The levels; the graph of one level alone is taken as the process it is."""
        keys = {node.key for node in self.nodes}
        nodes = [node if not node.parent or node.parent in keys else replace(node, parent="") for node in self.nodes]
        return levels_of(nodes, self.flows)

    def check(self) -> None:
        """Raise GraphError naming every name, key and flow that cannot stand, and limits that are passed."""
        problems = graph_problems(self.nodes, self.flows)
        if problems:
            raise GraphError(problems)

    def findings(self) -> list[Finding]:
        """What is odd about the graph, each with what to do, the gravest of a node first."""
        return findings_of(self.nodes, self.flows)

    def outline(self) -> list[OutlineLine]:
        """The flow as lines of text, in the order cases meet the nodes."""
        return outline_of(self.nodes, self.flows)

    def placed(self, positions: Mapping[str, tuple[float, float]]) -> "TaskGraph":
        """The same graph with these positions."""
        nodes = (
            replace(node, x=positions[node.key][0], y=positions[node.key][1]) if node.key in positions else node
            for node in self.nodes
        )
        return replace(self, nodes=tuple(nodes))

    def simplified(self, detail: float = 0.85, most: int | None = None) -> "TaskGraph":
        """The same nodes with fewer flows, for a drawing that can be read.

        Keeps, for every node, the widest path from the start and to an end, so the graph stays connected and every
        case can finish; then the most used flows until `detail` (0 to 1) of all use is shown, `most` flows at most.
        Flows that were drawn by hand stay.
        """
        most = most if most is not None else 2 * len(self.nodes)
        return replace(self, flows=thinned(self.flows, self.backbone(), detail, most))

    def backbone(self) -> set[tuple[str, str]]:
        """The flows on the widest paths from the start to every node and from every node to an end."""
        ends = [node.key for node in self.nodes if node.kind == NodeKind.END]
        return backbone(self.flows, self.entry(), ends)
