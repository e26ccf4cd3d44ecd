"""What makes a graph impossible: each problem with the path of its field; sizes are told before anything else."""

from collections.abc import Iterable, Iterator, Sequence

from planner.domain.process_graph.figure_limits import figure_problem
from planner.domain.process_graph.node import LONGEST_NAME, MOST_FLOWS, MOST_NODES, NodeKind, TaskFlow, TaskNode

Problem = tuple[str, str]


class GraphError(ValueError):
    """A graph that cannot be taken: each problem with the path of its field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0][1])
        self.problems = tuple(problems)


def size_problems(nodes: int, flows: int) -> list[Problem]:
    """The limits that are passed, told from the counts alone."""
    return [
        (path, f"There are {count} {path}; at most {limit} are taken.")
        for path, count, limit in (("nodes", nodes, MOST_NODES), ("flows", flows, MOST_FLOWS))
        if count > limit
    ]


def graph_problems(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow]) -> list[Problem]:
    """Everything that cannot stand, the first fifty; of a graph that is too large only that."""
    found = size_problems(len(nodes), len(flows))
    return (found or [*_node_problems(nodes), *_parent_problems(nodes), *_flow_problems(nodes, flows)])[:50]


def _node_problems(nodes: Sequence[TaskNode]) -> Iterable[Problem]:
    seen: set[str] = set()
    for place, node in enumerate(nodes):
        if not node.name.strip() and node.kind in {NodeKind.TASK, NodeKind.SUBPROCESS}:
            yield f"nodes.{place}.name", f"A {node.kind.words} needs a name."
        if len(node.name) > LONGEST_NAME:
            yield f"nodes.{place}.name", f"A name has at most {LONGEST_NAME} characters."
        if node.key in seen:
            yield f"nodes.{place}.key", f"The key “{node.key}” is used twice."
        seen.add(node.key)
        yield from ((f"nodes.{place}.{field}", problem) for field, problem in _figure_problems(node))


def _figure_problems(node: TaskNode) -> Iterable[Problem]:
    """Of the figures a person may set; a volume that follows from others is only told."""
    fields = ("handling_minutes", "x", "y") if node.volume_follows else ("handling_minutes", "volume_a_year", "x", "y")
    for field in fields:
        value = getattr(node, field)
        if value is not None and (problem := figure_problem(field, value)):
            yield field, problem


def _parent_problems(nodes: Sequence[TaskNode]) -> Iterator[Problem]:
    """Parents that are no sub-process, and sub-processes that contain themselves by some way."""
    kinds = {node.key: node.kind for node in nodes}
    parents = {node.key: node.parent for node in nodes}
    grounded = {""}
    for place, node in enumerate(nodes):
        if node.parent and kinds.get(node.parent) is not NodeKind.SUBPROCESS:
            yield f"nodes.{place}.parent", f"There is no sub-process “{node.parent}”."
            continue
        path: list[str] = []
        here, passed = node.key, set[str]()
        while here not in grounded and here not in passed:
            passed.add(here)
            path.append(here)
            here = parents.get(here, "")
        if here in passed:
            yield f"nodes.{place}.parent", f"“{node.title}” would be part of itself."
        grounded.update(path)


def _flow_problems(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow]) -> Iterable[Problem]:
    by_key = {node.key: node for node in nodes}
    seen: set[tuple[str, str]] = set()
    for place, flow in enumerate(flows):
        for side, key in (("source", flow.source), ("target", flow.target)):
            if key not in by_key:
                yield f"flows.{place}.{side}", f"There is no node “{key}”."
        yield from ((f"flows.{place}{path}", words) for path, words in _end_problems(by_key, flow))
        if flow.probability is not None and not 0 <= flow.probability <= 1:
            yield f"flows.{place}.probability", "A probability lies between 0 and 1."
        if (flow.source, flow.target) in seen:
            yield f"flows.{place}", "This flow is there twice."
        seen.add((flow.source, flow.target))


def _end_problems(by_key: dict[str, TaskNode], flow: TaskFlow) -> Iterator[Problem]:
    source, target = by_key.get(flow.source), by_key.get(flow.target)
    if source is not None and source.kind is NodeKind.END:
        yield ".source", "Nothing can follow an end."
    if target is not None and target.kind is NodeKind.START:
        yield ".target", "Nothing can lead to a start."
    if source is not None and target is not None and source.parent != target.parent:
        yield "", "A flow joins two nodes of the same level; what is inside a sub-process is reached through it."
