"""The levels of a task graph: the process itself, and the inside of every sub-process, each a graph of its own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode
from planner.domain.process_graph.splits import branch_weights


@dataclass(frozen=True)
class Level:
    """Nodes with the same parent, and the flows between them. Places are positions in `nodes` and `flows`."""

    parent: str
    nodes: tuple[TaskNode, ...]
    flows: tuple[TaskFlow, ...]

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each node by its key."""
        return {node.key: place for place, node in enumerate(self.nodes)}

    @cached_property
    def ends(self) -> list[tuple[int, int]]:
        """Source and target of each flow, as places."""
        return [(self.place[flow.source], self.place[flow.target]) for flow in self.flows]

    @cached_property
    def outgoing(self) -> list[list[int]]:
        """The places of the flows out of each node."""
        return self._grouped(0)

    @cached_property
    def incoming(self) -> list[list[int]]:
        """The places of the flows into each node."""
        return self._grouped(1)

    def _grouped(self, side: int) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for number, ends in enumerate(self.ends):
            found[ends[side]].append(number)
        return found

    @cached_property
    def weights(self) -> list[float]:
        """For each flow, the probability that it is taken at a visit of its source."""
        found = [0.0] * len(self.flows)
        for node, numbers in zip(self.nodes, self.outgoing, strict=True):
            shares = branch_weights(node.kind, [self.flows[number] for number in numbers])
            for number, share in zip(numbers, shares, strict=True):
                found[number] = share
        return found

    @cached_property
    def entry(self) -> dict[int, float]:
        """Where cases enter: the starts alike; without any, the nodes that nothing leads to, else the first."""
        starts = self.starts or [
            place
            for place, numbers in enumerate(self.incoming)
            if all(self.ends[number][0] == place for number in numbers)
        ]
        starts = starts or list(range(len(self.nodes)))[:1]
        return {place: 1 / len(starts) for place in starts}

    @property
    def starts(self) -> list[int]:
        return [place for place, node in enumerate(self.nodes) if node.kind is NodeKind.START]

    @property
    def finishes(self) -> list[int]:
        """The places of its end nodes."""
        return [place for place, node in enumerate(self.nodes) if node.kind is NodeKind.END]

    def splits(self, place: int) -> bool:
        """It is a gateway that may send a case along several flows at the same time."""
        return self.nodes[place].kind.sends_several and len(self.outgoing[place]) > 1

    def joins(self, place: int) -> bool:
        """It is a gateway that brings branches together which run at the same time."""
        return self.nodes[place].kind.sends_several and len(self.incoming[place]) > 1

    @cached_property
    def reached(self) -> dict[int, None]:
        """The places cases can come to, breadth first, the most used flows first."""
        seen = dict.fromkeys(self.entry)
        queue = list(seen)
        for place in queue:
            numbers = self.outgoing[place]
            for number in sorted(numbers, key=lambda number: (-self.flows[number].weight, self.flows[number].target)):
                if self.ends[number][1] not in seen:
                    seen[self.ends[number][1]] = None
                    queue.append(self.ends[number][1])
        return seen


def levels_of(nodes: Sequence[TaskNode], flows: Iterable[TaskFlow]) -> list[Level]:
    """Every level, the process first and each sub-process after the level it stands in.

    A flow that joins two levels belongs to none of them, and neither do nodes whose parent is no sub-process that is
    there: `TaskGraph.check` refuses both.
    """
    inside: dict[str, list[TaskNode]] = defaultdict(list)
    for node in nodes:
        inside[node.parent].append(node)
    parents = {node.key: node.parent for node in nodes}
    between: dict[str, list[TaskFlow]] = defaultdict(list)
    for flow in flows:
        if flow.source in parents and parents[flow.source] == parents.get(flow.target):
            between[parents[flow.source]].append(flow)
    order = [""]
    for parent in order:
        order.extend(node.key for node in inside[parent] if node.kind is NodeKind.SUBPROCESS)
    return [Level(parent, tuple(inside[parent]), tuple(between[parent])) for parent in order]
