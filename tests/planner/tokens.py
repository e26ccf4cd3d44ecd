"""Tokens pushed through a task graph one by one: the plain reading of what the flow equations solve.

Nothing here knows of blocks: a parallel join waits until a token has come by each of its flows; an inclusive join waits
until as many have come as its split sent, which each token carries with it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode

Stack = tuple[tuple[int, int], ...]


class Tokens:
    """Runs cases through a graph whose inclusive blocks are nested; `rng` draws."""

    def __init__(self, nodes: Sequence[TaskNode], flows: Sequence[TaskFlow], rng: np.random.Generator) -> None:
        self.kinds = {node.key: node.kind for node in nodes}
        self.rng = rng
        self.out: dict[str, list[TaskFlow]] = defaultdict(list)
        self.into: dict[str, list[TaskFlow]] = defaultdict(list)
        for flow in flows:
            self.out[flow.source].append(flow)
            self.into[flow.target].append(flow)
        self.starts = {node.parent: node.key for node in nodes if node.kind is NodeKind.START}

    def case(self) -> Counter[str]:
        """How often one case visits each node."""
        visits: Counter[str] = Counter()
        self._level("", visits)
        return visits

    def _level(self, parent: str, visits: Counter[str]) -> None:
        waiting: dict[tuple[str, Stack], Counter[TaskFlow]] = defaultdict(Counter)
        ready: list[tuple[str, Stack]] = [(self.starts[parent], ())]
        number = 0
        while ready:
            key, stack = ready.pop(int(self.rng.integers(len(ready))))
            visits[key] += 1
            if self.kinds[key] is NodeKind.SUBPROCESS:
                self._level(key, visits)
            taken = self._taken(key)
            number += 1
            if len(self.out[key]) > 1 and self.kinds[key] is NodeKind.INCLUSIVE:
                stack = (*stack, (number, len(taken)))
            for flow in taken:
                self._arrive(flow, stack, waiting, ready)
        assert not waiting, "a join still waits"

    def _arrive(self, flow, stack, waiting, ready) -> None:
        key, kind = flow.target, self.kinds[flow.target]
        if len(self.into[key]) < 2 or not kind.sends_several:
            ready.append((key, stack))
            return
        here = waiting[key, stack]
        here[flow] += 1
        if kind is NodeKind.PARALLEL and len(here) == len(self.into[key]):
            del waiting[key, stack]
            ready.append((key, stack))
        if kind is NodeKind.INCLUSIVE and sum(here.values()) == stack[-1][1]:
            del waiting[key, stack]
            ready.append((key, stack[:-1]))

    def _taken(self, key: str) -> list[TaskFlow]:
        flows = self.out[key]
        if not flows or self.kinds[key] is NodeKind.PARALLEL:
            return flows
        if self.kinds[key] is NodeKind.INCLUSIVE:
            return self._some(flows)
        left = 1 - sum(flow.probability or 0.0 for flow in flows)
        shares = np.array([left if flow.probability is None else flow.probability for flow in flows])
        return [flows[int(self.rng.choice(len(flows), p=shares / shares.sum()))]]

    def _some(self, flows: Sequence[TaskFlow]) -> list[TaskFlow]:
        default = [flow for flow in flows if flow.probability is None]
        while True:
            taken = [flow for flow in flows if flow.probability is not None and self.rng.random() < flow.probability]
            if taken or default:
                return taken or default
