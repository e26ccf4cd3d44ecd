"""The flow as text: each node, and in words where a case goes on from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode

_WORDS = {
    NodeKind.PARALLEL: "at the same time",
    NodeKind.INCLUSIVE: "one or more of",
    NodeKind.EXCLUSIVE: "one of",
}


@dataclass(frozen=True)
class Onward:
    """A way on: the node, the probability at a visit (1 where it is always taken), label and condition."""

    node: TaskNode
    share: float
    label: str = ""
    condition: str = ""


@dataclass(frozen=True)
class OutlineLine:
    """One line of the flow as text: the node, how it goes on (`then`, in words), and where to.

    `together` says that several ways may be taken at the same time; `depth` counts the sub-processes around the node.
    """

    node: TaskNode
    then: str
    onward: tuple[Onward, ...]
    depth: int = 0
    joins: bool = False

    @property
    def together(self) -> bool:
        return self.node.kind.sends_several and len(self.onward) > 1


def outline_of(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow]) -> list[OutlineLine]:
    """The lines in the order cases meet the nodes, each sub-process followed by its inside. Ends have no line."""
    levels = {level.parent: level for level in levels_of(nodes, flows)}
    found: list[OutlineLine] = []
    waiting = [("", place, 0) for place in _order(levels[""])[::-1]]
    while waiting:
        parent, place, depth = waiting.pop()
        level = levels[parent]
        node = level.nodes[place]
        if node.kind is not NodeKind.END:
            found.append(_line(level, place, depth))
        if node.kind is NodeKind.SUBPROCESS and node.key in levels:
            inside = levels[node.key]
            waiting.extend((node.key, inner, depth + 1) for inner in _order(inside)[::-1])
    return found


def _order(level: Level) -> list[int]:
    reached = level.reached
    return [*reached, *(place for place in range(len(level.nodes)) if place not in reached)]


def _line(level: Level, place: int, depth: int) -> OutlineLine:
    numbers = sorted(level.outgoing[place], key=lambda number: -level.weights[number])
    onward = tuple(
        Onward(
            level.nodes[level.ends[number][1]],
            level.weights[number],
            level.flows[number].label,
            level.flows[number].condition,
        )
        for number in numbers
    )
    node = level.nodes[place]
    return OutlineLine(node, _then(node.kind, len(onward)), onward, depth, level.joins(place))


def _then(kind: NodeKind, ways: int) -> str:
    """How a case goes on.

    >>> _then(NodeKind.PARALLEL, 2), _then(NodeKind.TASK, 1), _then(NodeKind.INCLUSIVE, 3)
    ('at the same time', '', 'one or more of')
    """
    return _WORDS.get(kind, "") if ways > 1 else ""
