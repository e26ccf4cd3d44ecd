"""Random task graphs made of blocks: sequences, choices, loops, parallel and inclusive branches, sub-processes."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode

SHARES = st.sampled_from([0.2, 0.3, 0.5, 0.7])


@dataclass
class Made:
    """A graph under construction."""

    draw: st.DrawFn
    nodes: list[TaskNode] = field(default_factory=list)
    flows: list[TaskFlow] = field(default_factory=list)

    def node(self, kind: NodeKind, parent: str) -> str:
        key = f"{kind.value}{len(self.nodes)}"
        hours = self.draw(st.integers(0, 9)) if kind is NodeKind.TASK else None
        self.nodes.append(TaskNode(key, key, kind, waiting_hours=hours, parent=parent))
        return key

    def join(self, source: str, target: str, probability: float | None = None) -> None:
        self.flows.append(TaskFlow(source, target, probability=probability))

    def block(self, depth: int, parent: str) -> tuple[str, str]:
        """Some block; its first and its last node."""
        kinds = ["task", "sequence", "choice", "loop", "parallel", "inclusive", "sub"]
        kind = self.draw(st.sampled_from(kinds if depth else kinds[:1]))
        if kind == "task":
            key = self.node(NodeKind.TASK, parent)
            return key, key
        if kind == "sequence":
            first, middle = self.block(depth - 1, parent)
            after, last = self.block(depth - 1, parent)
            self.join(middle, after)
            return first, last
        if kind == "sub":
            key = self.node(NodeKind.SUBPROCESS, parent)
            self.level(depth - 1, key)
            return key, key
        if kind == "loop":
            return self.loop(depth, parent)
        return self.branches(NodeKind.EXCLUSIVE if kind == "choice" else NodeKind(kind), depth, parent)

    def loop(self, depth: int, parent: str) -> tuple[str, str]:
        enter, leave = self.node(NodeKind.EXCLUSIVE, parent), self.node(NodeKind.EXCLUSIVE, parent)
        first, last = self.block(depth - 1, parent)
        self.join(enter, first)
        self.join(last, leave)
        self.join(leave, enter, self.draw(SHARES))
        return enter, leave

    def branches(self, kind: NodeKind, depth: int, parent: str) -> tuple[str, str]:
        split, join = self.node(kind, parent), self.node(kind, parent)
        many = self.draw(st.integers(2, 3))
        straight = self.draw(st.booleans())
        shares: list[float | None] = [None] * many
        if kind is NodeKind.EXCLUSIVE:
            shares[1:] = [0.9 / many] * (many - 1)
        if kind is NodeKind.INCLUSIVE:
            shares[1:] = [self.draw(SHARES) for _ in range(many - 1)]
            shares[0] = self.draw(st.none() | SHARES)
        for number, share in enumerate(shares):
            if straight and number == 0:
                self.join(split, join, share)
                continue
            first, last = self.block(depth - 1, parent)
            self.join(split, first, share)
            self.join(last, join)
        return split, join

    def level(self, depth: int, parent: str) -> None:
        start = self.node(NodeKind.START, parent)
        first, last = self.block(depth, parent)
        self.join(start, first)
        self.join(last, self.node(NodeKind.END, parent))


@st.composite
def structured_graphs(draw: st.DrawFn, depth: int = 4) -> tuple[tuple[TaskNode, ...], tuple[TaskFlow, ...]]:
    """Nodes and flows of a sound graph in which every split has its join."""
    made = Made(draw)
    made.level(depth, "")
    return tuple(made.nodes), tuple(made.flows)
