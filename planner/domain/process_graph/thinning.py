"""Fewer flows for a drawing that can be read, with every case still able to finish."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from planner.domain.process_graph.node import TaskFlow

MAIN_SHARE = 0.15
"""A branch that takes at least this share of what leaves its node is drawn, however rarely cases come to the node."""


def reachable(begin: Iterable[str], flows: Iterable[TaskFlow]) -> dict[str, None]:
    """Keys reached from `begin`, in breadth-first order, the most used flows first."""
    following: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for flow in flows:
        following[flow.source].append((-flow.weight, flow.target))
    seen = dict.fromkeys(begin)
    queue = list(seen)
    for key in queue:
        for _, target in sorted(following[key]):
            if target not in seen:
                seen[target] = None
                queue.append(target)
    return seen


def around(begin: Iterable[str], flows: Sequence[TaskFlow], most: int) -> list[str]:
    """The `most` keys nearest to `begin`, along flows either way, the most used first among those as near.

    >>> along = [TaskFlow("a", "b", 1), TaskFlow("b", "c", 9), TaskFlow("c", "d", 9)]
    >>> around(["b"], along, 3), around(["b"], along, 9)
    (['b', 'c', 'a'], ['b', 'c', 'a', 'd'])
    """
    beside: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for flow in flows:
        beside[flow.source].append((-flow.weight, flow.target))
        beside[flow.target].append((-flow.weight, flow.source))
    seen = dict.fromkeys(begin)
    queue = list(seen)
    for key in queue:
        if len(seen) >= most:
            break
        for _, other in sorted(beside[key]):
            if other not in seen:
                seen[other] = None
                queue.append(other)
    return queue[:most]


def thinned(flows: Sequence[TaskFlow], kept: set[tuple[str, str]], detail: float, most: int) -> tuple[TaskFlow, ...]:
    """`kept`, flows drawn by hand and main branches, then the most used until `detail` (0 to 1) of use is shown.

    Beyond those that are always drawn, `most` at most.
    """
    kept = kept | {(flow.source, flow.target) for flow in flows if flow.count is None} | _main_branches(flows)
    total = sum(flow.weight for flow in flows) or 1.0
    shown = sum(flow.weight for flow in flows if (flow.source, flow.target) in kept)
    for flow in sorted(flows, key=lambda flow: -flow.weight):
        if shown / total >= detail or len(kept) >= most:
            break
        if (flow.source, flow.target) not in kept:
            kept.add((flow.source, flow.target))
            shown += flow.weight
    return tuple(flow for flow in flows if (flow.source, flow.target) in kept)


def _main_branches(flows: Sequence[TaskFlow]) -> set[tuple[str, str]]:
    """A task of which half the cases go another way must not look as if all went one way."""
    leaving: dict[str, float] = defaultdict(float)
    for flow in flows:
        leaving[flow.source] += flow.weight
    return {(flow.source, flow.target) for flow in flows if flow.weight >= MAIN_SHARE * (leaving[flow.source] or 1.0)}


def backbone(flows: Sequence[TaskFlow], begin: Iterable[str], ends: Iterable[str]) -> set[tuple[str, str]]:
    """The flows on the widest paths from the start to every node and from every node to an end."""
    forwards = [(flow.source, flow.target, flow.weight) for flow in flows]
    backwards = [(target, source, weight) for source, target, weight in forwards]
    return _widest(begin, forwards) | {(b, a) for a, b in _widest(ends, backwards)}


def _widest(begin: Iterable[str], flows: Iterable[tuple[str, str, float]]) -> set[tuple[str, str]]:
    """The tree of widest paths: each node by the path whose narrowest flow is widest (Pollack 1960)."""
    following: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for source, target, weight in flows:
        following[source].append((target, weight))
    heap = [(-float("inf"), key, "") for key in begin]
    done: set[str] = set()
    tree: set[tuple[str, str]] = set()
    while heap:
        width, key, before = heappop(heap)
        if key in done:
            continue
        done.add(key)
        if before:
            tree.add((before, key))
        for target, weight in following[key]:
            if target not in done:
                heappush(heap, (max(width, -weight), target, key))
    return tree
