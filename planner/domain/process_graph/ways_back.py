"""The flows by which cases come back to a task, and what happens to a graph when fewer cases are sent back.

Taken apart as for the drawing, a level is a way forward and flows that lead back. A flow back repeats a task where the
task lies forward of its end and its source lies forward of the task. Where nine in ten cases of a node go back over
such flows, the decision to send a case back fell before it ("ask for documents" leads back for sure): then the flows
to that node are the ones to be lessened.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from planner.domain.process_graph.layout import back_edges
from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import TaskFlow, TaskNode

NEARLY_ALL = 0.9
Ends = tuple[str, str]


@dataclass(frozen=True)
class FlowChange:
    """A flow with its probability a visit of its source, before and after. `lessened`: it leads back."""

    source: str
    target: str
    before: float
    after: float
    lessened: bool


def ways_back(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow], keys: Iterable[str]) -> dict[str, frozenset[Ends]]:
    """For each task, the flows to lessen so that fewer cases repeat it; empty where none leads back over it.

    Those around a sub-process repeat the tasks inside it. Flows out of parallel and inclusive gateways are left alone:
    which branches they take is no choice between them.

    >>> loop = [TaskFlow("triage", "ask", probability=0.25), TaskFlow("triage", "pay"), TaskFlow("ask", "triage")]
    >>> nodes = [TaskNode("triage", "Triage"), TaskNode("ask", "Ask"), TaskNode("pay", "Pay")]
    >>> ways_back(nodes, loop, ["triage", "ask", "pay"])
    {'triage': frozenset({('triage', 'ask')}), 'ask': frozenset(), 'pay': frozenset()}
    """
    insides = {level.parent: _Inside(level) for level in levels_of(nodes, flows)}
    parents = {node.key: node.parent for node in nodes}
    found: dict[str, frozenset[Ends]] = {}
    for key in keys:
        ends: set[Ends] = set()
        here = key
        while here:
            inside = insides[parents[here]]
            ends |= inside.ways_back(inside.level.place[here])
            here = parents[here]
        found[key] = frozenset(ends)
    return found


def repeated_tasks(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow]) -> frozenset[str]:
    """The keys of all nodes that some flow leads back over, at their own level or around it.

    >>> loop = [TaskFlow("triage", "ask", probability=0.25), TaskFlow("triage", "pay"), TaskFlow("ask", "triage")]
    >>> sorted(repeated_tasks([TaskNode("triage", "Triage"), TaskNode("ask", "Ask"), TaskNode("pay", "Pay")], loop))
    ['ask', 'triage']
    """
    found: set[str] = set()
    for level in levels_of(nodes, flows):
        keys = [node.key for node in level.nodes]
        found |= set(keys) if level.parent in found else {keys[place] for place in _Inside(level).repeated()}
    return frozenset(found)


def with_fewer_repeats(
    nodes: Sequence[TaskNode], flows: Sequence[TaskFlow], shares: Mapping[str, float]
) -> tuple[tuple[TaskFlow, ...], tuple[FlowChange, ...]]:
    """The flows when, of the repeats of each task (key), a share (0 to 1) disappears; and what changed.

    A flow back keeps 1 − share of its probability for every such task, independently of each other. What it loses goes
    to the other ways out of its source (leaving the process there among them), each in proportion.

    >>> nodes = [TaskNode("triage", "Triage"), TaskNode("ask", "Ask"), TaskNode("pay", "Pay")]
    >>> loop = [TaskFlow("triage", "ask", probability=0.25), TaskFlow("triage", "pay"), TaskFlow("ask", "triage")]
    >>> flows, changes = with_fewer_repeats(nodes, loop, {"triage": 0.4})
    >>> [(change.target, change.before, round(change.after, 3)) for change in changes]
    [('ask', 0.25, 0.15), ('pay', 0.75, 0.85)]
    """
    back = ways_back(nodes, flows, [key for key, share in shares.items() if share > 0])
    kept: dict[Ends, float] = {}
    for ends in {ends for every in back.values() for ends in every}:
        kept[ends] = prod(1 - shares[key] for key, every in back.items() if ends in every)
    changes = [
        change
        for level in levels_of(nodes, flows)
        for place in range(len(level.nodes))
        for change in _at(level, place, kept)
    ]
    after = {(change.source, change.target): change.after for change in changes}
    changed = tuple(
        replace(flow, probability=after[flow.source, flow.target]) if (flow.source, flow.target) in after else flow
        for flow in flows
    )
    return changed, tuple(changes)


def _at(level: Level, place: int, kept: Mapping[Ends, float]) -> list[FlowChange]:
    """What changes at the flows out of one node."""
    numbers = level.outgoing[place]
    ends = [(level.flows[number].source, level.flows[number].target) for number in numbers]
    if not any(each in kept for each in ends):
        return []
    before = [level.weights[number] for number in numbers]
    less = [weight * kept.get(each, 1.0) for weight, each in zip(before, ends, strict=True)]
    back = sum(weight for weight, each in zip(before, ends, strict=True) if each in kept)
    still = sum(weight for weight, each in zip(less, ends, strict=True) if each in kept)
    if back >= 1:
        return []
    more = (1 - still) / (1 - back)
    return [
        FlowChange(*each, weight, lower if each in kept else min(1.0, weight * more), each in kept)
        for each, weight, lower in zip(ends, before, less, strict=True)
    ]


@dataclass(frozen=True)
class _Inside:
    """One level taken apart into its way forward and its flows back."""

    level: Level

    @cached_property
    def _back(self) -> set[tuple[int, int]]:
        used = {ends: weight for ends, weight in zip(self.level.ends, self.level.weights, strict=True) if weight > 0}
        pairs = {(a, b): weight for (a, b), weight in used.items() if a != b}
        return back_edges(len(self.level.nodes), pairs, list(self.level.entry))

    def repeated(self) -> list[int]:
        """Places on a way forward from the end of a flow back to its source; sets of places are bits of a number."""
        size = len(self.level.nodes)
        onward: list[list[int]] = [[] for _ in range(size)]
        for (a, b), weight in zip(self.level.ends, self.level.weights, strict=True):
            if weight > 0 and a != b and (a, b) not in self._back:
                onward[a].append(b)
        order = _in_order(onward)
        below = [1 << place for place in range(size)]
        for place in reversed(order):
            for target in onward[place]:
                below[place] |= below[target]
        above = [1 << place for place in range(size)]
        for place in order:
            for target in onward[place]:
                above[target] |= above[place]
        mask = 0
        for (a, b), weight in zip(self.level.ends, self.level.weights, strict=True):
            if weight > 0 and (a == b or (a, b) in self._back):
                mask |= below[b] & above[a]
        return [place for place in range(size) if mask >> place & 1]

    def _forward(self, begin: int, *, backwards: bool = False) -> set[int]:
        """The places on forward flows from (to) a place, itself among them."""
        seen, waiting = {begin}, [begin]
        while waiting:
            here = waiting.pop()
            for number in self.level.incoming[here] if backwards else self.level.outgoing[here]:
                ends = self.level.ends[number]
                there = ends[0] if backwards else ends[1]
                if self.level.weights[number] > 0 and ends not in self._back and there not in seen:
                    seen.add(there)
                    waiting.append(there)
        return seen

    def ways_back(self, task: int) -> set[Ends]:
        """The flows at this level to lessen for one task."""
        after, before = self._forward(task), self._forward(task, backwards=True)
        returning = {
            number
            for number, (a, b) in enumerate(self.level.ends)
            if self.level.weights[number] > 0 and a in after and b in before and ((a, b) in self._back or a == b)
        }
        if not returning:
            return set()
        decided = self._decided(task, after, returning)
        found = self._changeable(decided) or self._changeable(returning)
        return {(self.level.flows[number].source, self.level.flows[number].target) for number in found}

    def _decided(self, task: int, after: set[int], returning: set[int]) -> set[int]:
        """The flows where it is decided that a case goes back."""
        level, found, bound = self.level, set(returning), set[int]()
        while True:
            lost = {
                place
                for place in after - bound - {task}
                if sum(level.weights[number] for number in level.outgoing[place] if number in found) >= NEARLY_ALL
                and not level.splits(place)
                and all(level.ends[number][0] in after for number in level.incoming[place])
                and level.incoming[place]
            }
            if not lost:
                return found
            bound |= lost
            found -= {number for place in lost for number in level.outgoing[place]}
            found |= {number for place in lost for number in level.incoming[place]}
            found = {number for number in found if level.ends[number][0] not in bound}

    def _changeable(self, numbers: set[int]) -> set[int]:
        """Those out of a node that can choose, and has another way out than these."""
        level, found = self.level, set[int]()
        for place in {level.ends[number][0] for number in numbers}:
            here = [number for number in level.outgoing[place] if number in numbers]
            if not level.splits(place) and sum(level.weights[number] for number in here) < 1 - 1e-12:
                found |= set(here)
        return found


def _in_order(onward: Sequence[Sequence[int]]) -> list[int]:
    """Every place after those that lead to it; there is no circle."""
    coming = [0] * len(onward)
    for targets in onward:
        for target in targets:
            coming[target] += 1
    order = [place for place, many in enumerate(coming) if not many]
    for place in order:
        for target in onward[place]:
            coming[target] -= 1
            if not coming[target]:
                order.append(target)
    return order
