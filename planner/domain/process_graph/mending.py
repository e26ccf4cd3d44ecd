"""Fixes of findings that need no judgement: each takes a graph and a node and gives the graph without the finding."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from planner.domain.process_graph.blocks import dominators
from planner.domain.process_graph.findings import Fix, unmerged_flows
from planner.domain.process_graph.graph import TaskGraph
from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode


def mended(graph: TaskGraph, key: str, fix: Fix) -> TaskGraph:
    """The graph after one fix at the node `key`; KeyError when there is no such node. New nodes have keys "new-…"."""
    node = next((node for node in graph.nodes if node.key == key), None)
    if node is None:
        raise KeyError(key)
    return _FIXES[fix](graph, node)


def _level(graph: TaskGraph, node: TaskNode) -> Level:
    return next(level for level in levels_of(graph.nodes, graph.flows) if level.parent == node.parent)


def _added(graph: TaskGraph, name: str, kind: NodeKind, parent: str, lane: str = "") -> tuple[TaskGraph, str]:
    key = f"new-{len(graph.nodes)}"
    return replace(graph, nodes=(*graph.nodes, TaskNode(key, name, kind, parent=parent, lane=lane))), key


def _normalised(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    total = sum(flow.probability or 0.0 for flow in graph.flows if flow.source == node.key) or 1.0
    return _flows(graph, lambda flow: _scaled(flow, total) if flow.source == node.key else flow)


def _scaled(flow: TaskFlow, total: float) -> TaskFlow:
    return flow if flow.probability is None else replace(flow, probability=flow.probability / total)


def _flows(graph: TaskGraph, change: Callable[[TaskFlow], TaskFlow]) -> TaskGraph:
    return replace(graph, flows=tuple(map(change, graph.flows)))


def _kind(graph: TaskGraph, node: TaskNode, kind: NodeKind) -> TaskGraph:
    nodes = tuple(replace(one, kind=kind) if one.key == node.key else one for one in graph.nodes)
    return replace(graph, nodes=nodes)


def _cleared(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    return _flows(graph, lambda flow: replace(flow, probability=None) if flow.source == node.key else flow)


def _rest_given(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    outgoing = [flow for flow in graph.flows if flow.source == node.key]
    largest = max(outgoing, key=lambda flow: flow.probability or 0.0)
    return _flows(graph, lambda flow: replace(flow, probability=None) if flow is largest else flow)


def _end(graph: TaskGraph, parent: str) -> tuple[TaskGraph, str]:
    ends = [node.key for node in graph.nodes if node.kind is NodeKind.END and node.parent == parent]
    return (graph, ends[0]) if ends else _added(graph, "End", NodeKind.END, parent)


def _connected(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    graph, end = _end(graph, node.parent)
    return replace(graph, flows=(*graph.flows, TaskFlow(node.key, end)))


def _end_added(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    level = _level(graph, node)
    last = [one.key for one, onward in zip(level.nodes, level.outgoing, strict=True) if not onward]
    graph, end = _end(graph, node.parent)
    return replace(graph, flows=(*graph.flows, *(TaskFlow(key, end) for key in last)))


def _start_added(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    level = _level(graph, node)
    first = [level.nodes[place].key for place in level.entry]
    graph, start = _added(graph, "Start", NodeKind.START, node.parent)
    return replace(graph, flows=(*graph.flows, *(TaskFlow(start, key) for key in first)))


def _starts_merged(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    """The first start stays; a choice behind it leads, with the same share each, to what every start led to."""
    level = _level(graph, node)
    starts = [level.nodes[place].key for place in level.starts]
    graph, choice = _added(graph, "", NodeKind.EXCLUSIVE, node.parent)
    moved: dict[str, TaskFlow] = {}
    for key in starts:
        shares = graph.shares()
        for flow in (flow for flow in graph.flows if flow.source == key):
            before = moved.get(flow.target)
            share = shares[key, flow.target] / len(starts) + ((before.probability or 0.0) if before else 0.0)
            moved[flow.target] = replace(flow, source=choice, probability=share, count=None)
    kept = [flow for flow in graph.flows if flow.source not in starts]
    nodes = tuple(one for one in graph.nodes if one.key not in starts[1:])
    return replace(graph, nodes=nodes, flows=(*kept, TaskFlow(starts[0], choice), *moved.values()))


def _deleted(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    """Without the node, what is inside it, and their flows."""
    gone = {node.key}
    order = [node.key]
    inside: dict[str, list[str]] = {}
    for one in graph.nodes:
        inside.setdefault(one.parent, []).append(one.key)
    for key in order:
        gone.update(inside.get(key, ()))
        order.extend(inside.get(key, ()))
    return _without(graph, gone)


def _without(graph: TaskGraph, gone: set[str]) -> TaskGraph:
    nodes = tuple(node for node in graph.nodes if node.key not in gone)
    flows = tuple(flow for flow in graph.flows if flow.source not in gone and flow.target not in gone)
    return replace(graph, nodes=nodes, flows=flows)


def _spliced(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    """What led to the node leads to what followed it."""
    before = next(flow for flow in graph.flows if flow.target == node.key)
    after = next(flow for flow in graph.flows if flow.source == node.key)
    straight = replace(before, target=after.target, label=before.label or after.label)
    without = _without(graph, {node.key})
    there = any((flow.source, flow.target) == (straight.source, straight.target) for flow in without.flows)
    if before.source == node.key or there:
        return without
    return replace(without, flows=(*without.flows, straight))


def _joined(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    """A join of the split's kind where its branches meet; an exclusive gateway that is there becomes the join."""
    level = _level(graph, node)
    split = level.place[node.key]
    meeting = dominators(level)[1].get(split)
    if meeting is None or meeting < 0:
        return graph
    inside = _between(level, split, meeting)
    arriving = {level.flows[flow] for flow in level.incoming[meeting] if level.ends[flow][0] in inside}
    target = level.nodes[meeting]
    if target.kind is NodeKind.EXCLUSIVE and len(arriving) == len(level.incoming[meeting]):
        return _kind(graph, target, node.kind)
    return _gathered(graph, arriving, target, node.kind)


def _between(level: Level, split: int, meeting: int) -> set[int]:
    seen, queue = {split}, [split]
    for place in queue:
        for flow in level.outgoing[place]:
            target = level.ends[flow][1]
            if target != meeting and target not in seen:
                seen.add(target)
                queue.append(target)
    return seen


def _gathered(graph: TaskGraph, arriving: Iterable[TaskFlow], target: TaskNode, kind: NodeKind) -> TaskGraph:
    """A new gateway before `target` that the flows `arriving` lead to instead."""
    moved = set(arriving)
    graph, gateway = _added(graph, "", kind, target.parent, target.lane)
    turned = _flows(graph, lambda flow: replace(flow, target=gateway) if flow in moved else flow)
    return replace(turned, flows=(*turned.flows, TaskFlow(gateway, target.key)))


def _merged(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    level = _level(graph, node)
    for flows in unmerged_flows(level, level.place[node.key]):
        graph = _gathered(graph, [level.flows[flow] for flow in flows], node, NodeKind.EXCLUSIVE)
    return graph


def _made_task(graph: TaskGraph, node: TaskNode) -> TaskGraph:
    return _kind(_without(graph, {one.key for one in graph.nodes if one.parent == node.key}), node, NodeKind.TASK)


_FIXES: dict[Fix, Callable[[TaskGraph, TaskNode], TaskGraph]] = {
    Fix.NORMALISE: _normalised,
    Fix.CLEAR: _cleared,
    Fix.GIVE_REST: _rest_given,
    Fix.CONNECT_END: _connected,
    Fix.DELETE: _deleted,
    Fix.ADD_START: _start_added,
    Fix.ADD_END: _end_added,
    Fix.MERGE_STARTS: _starts_merged,
    Fix.SPLICE: _spliced,
    Fix.ADD_JOIN: _joined,
    Fix.ADD_MERGE: _merged,
    Fix.OPEN_JOIN: lambda graph, node: _kind(graph, node, NodeKind.EXCLUSIVE),
    Fix.AWAIT_TAKEN: lambda graph, node: _kind(graph, node, NodeKind.INCLUSIVE),
    Fix.MAKE_TASK: _made_task,
}
