"""What a case does in a whole task graph: expected visits, the probability to come by, rework, the longest path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.domain.process_graph.blocks import ROOT, Blocks, blocks_of
from planner.domain.process_graph.flow import Edge, solved_visits
from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode
from planner.domain.process_graph.splits import expected_longest

LARGEST_CIRCLE = 2_000


@dataclass(frozen=True)
class CaseFlow:
    """By node key: expected visits a case, the probability of at least one (None in a circle of more than 2,000 nodes).

    `hours` is the expected length of the longest path from start to end, `critical` the nodes on it: see
    `critical_hours`.
    """

    visits: Mapping[str, float]
    reach: Mapping[str, float | None]
    hours: float
    critical: frozenset[str]

    def rework(self, key: str) -> float | None:
        """The share of visits that repeat the node within a case: 1 − reach ÷ visits. None where there are none."""
        reach, visits = self.reach.get(key), self.visits.get(key, 0.0)
        return None if reach is None or visits <= 0 else max(0.0, 1 - reach / visits)


@dataclass(frozen=True)
class _Inside:
    """A level with its blocks. `local` is the visits of each node a time its context is entered."""

    level: Level
    blocks: Blocks
    local: np.ndarray
    circles: np.ndarray


def visits_of(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow]) -> dict[str, float]:
    """Expected visits a case of every node: inside a sub-process those of one visit to it, times its own visits.

    Raises FlowError where the equations of some level have no finite solution.
    """
    found: dict[str, float] = {}
    for level in levels_of(nodes, flows):
        times = found[level.parent] if level.parent else 1.0
        found |= {key: times * visits for key, visits in level_visits(level, blocks_of(level)).items()}
    return found


def case_flow(
    nodes: Sequence[TaskNode], flows: Sequence[TaskFlow], hours: Mapping[str, float] | None = None
) -> CaseFlow:
    """Visits, reach and the longest path of a whole graph. `hours` is the time of one visit by key; by default
    waiting plus handling. Raises FlowError as `visits_of` does.
    """
    spent = _hours(nodes) if hours is None else dict(hours)
    insides: list[_Inside] = []
    visits: dict[str, float] = {}
    for level in levels_of(nodes, flows):
        blocks = blocks_of(level)
        times = visits[level.parent] if level.parent else 1.0
        visits |= {key: times * here for key, here in level_visits(level, blocks).items()}
        insides.append(_inside(level, blocks))
    length, critical = _critical(insides, spent)
    return CaseFlow(visits, _reach(insides, visits), length, critical)


def _hours(nodes: Sequence[TaskNode]) -> dict[str, float]:
    return {node.key: (node.handling_minutes or 0.0) / 60 + (node.waiting_hours or 0.0) for node in nodes}


def level_visits(level: Level, blocks: Blocks) -> dict[str, float]:
    """Expected visits of each node by key, a time the level is entered; FlowError where there is no finite solution."""
    edges = [
        (*ends, weight, passed) for ends, weight, passed in zip(level.ends, level.weights, blocks.passes, strict=True)
    ]
    keys = [node.key for node in level.nodes]
    solved = solved_visits(keys, [node.title for node in level.nodes], level.entry, edges)
    return dict(zip(keys, solved.tolist(), strict=True))


def _inside(level: Level, blocks: Blocks) -> _Inside:
    """Every branch as a chain of its own, in one system: a split leads to its join, a branch begins behind it."""
    edges, entry = list(_chains(level, blocks)), dict(level.entry)
    for context in blocks.contexts[1:]:
        target = level.ends[context.flow][1]
        if blocks.contexts[blocks.context[target]] is context:
            entry[target] = entry.get(target, 0.0) + 1.0
    keys, names = [node.key for node in level.nodes], [node.title for node in level.nodes]
    local = solved_visits(keys, names, entry, edges)
    return _Inside(level, blocks, local, _returns(len(keys), edges))


def _chains(level: Level, blocks: Blocks) -> Iterator[Edge]:
    for place, flows in enumerate(level.outgoing):
        if blocks.context[place] < 0:
            continue
        if level.splits(place):
            join = blocks.joins.get(place)
            if join is not None and blocks.context[join] == blocks.context[place]:
                yield place, join, 1.0, 1.0
            continue
        for flow in flows:
            target = level.ends[flow][1]
            behind = blocks.behind.get(flow, ROOT)
            if behind == blocks.context[place] == blocks.context[target]:
                yield place, target, level.weights[flow], 1.0


def _returns(size: int, edges: Sequence[Edge]) -> np.ndarray:
    """Visits of each node that begin with one to itself: 1 outside circles; NaN in circles that are too large."""
    found = np.ones(size)
    if not edges:
        return found
    matrix = sparse.csr_matrix(
        ([edge[2] for edge in edges], ([edge[0] for edge in edges], [edge[1] for edge in edges])), shape=(size, size)
    )
    _, part = csgraph.connected_components(matrix, directed=True, connection="strong")
    order = np.argsort(part, kind="stable")
    edges_of = np.searchsorted(part[order], np.arange(part.max() + 2))
    looped = matrix.diagonal() > 0
    for low, high in pairwise(edges_of):
        circle = order[low:high]
        if len(circle) > LARGEST_CIRCLE:
            found[circle] = np.nan
        elif len(circle) > 1 or looped[circle[0]]:
            within = np.eye(len(circle)) - matrix[circle][:, circle].toarray()
            found[circle] = np.diag(np.linalg.inv(within))
    return found


def _reach(insides: Sequence[_Inside], visits: Mapping[str, float]) -> dict[str, float | None]:
    """The probability that a case comes to each node at least once.

    In one chain it is visits ÷ visits that begin at the node (Kemeny and Snell, ch. 3). Where the node stands in a
    branch that is visited with probability u each time its split is, the split first reached with h and left for good
    with 1 − ρ, it is h·u ÷ (1 − ρ + ρ·u); such maps are composed outwards as a·u ÷ (c·u + d).
    """
    found: dict[str, float | None] = {}
    maps: dict[str, np.ndarray] = {"": np.array([1.0, 0.0, 1.0])}
    for inside in insides:
        first, back = inside.local / inside.circles, 1 - 1 / inside.circles
        outer = _context_maps(inside, maps[inside.level.parent], first, back)
        for place, node in enumerate(inside.level.nodes):
            a, c, d = outer[max(inside.blocks.context[place], ROOT)]
            reach = a * first[place] / (c * first[place] + d)
            found[node.key] = None if np.isnan(reach) else float(min(max(reach, 0.0), visits[node.key], 1.0))
            if node.kind is NodeKind.SUBPROCESS:
                step = (1.0, first[place], back[place])
                maps[node.key] = _composed(outer[max(inside.blocks.context[place], ROOT)], *step)
    return found


def _context_maps(inside: _Inside, around: np.ndarray, first: np.ndarray, back: np.ndarray) -> list[np.ndarray]:
    found = [around]
    for context in inside.blocks.contexts[1:]:
        share = inside.level.weights[context.flow]
        found.append(_composed(found[context.around], share, first[context.split], back[context.split]))
    return found


def _composed(outer: np.ndarray, share: float, first: float, back: float) -> np.ndarray:
    """The outer map after u → first·share·u ÷ (1 − back + back·share·u), scaled so that nothing underflows."""
    a, c, d = outer
    here = np.array([a * first * share, (c * first + d * back) * share, d * (1 - back)])
    return np.asarray(here / (here.sum() or 1.0))


def _critical(insides: Sequence[_Inside], hours: dict[str, float]) -> tuple[float, frozenset[str]]:
    """Expected hours of the longest path, and the nodes on it.

    The time of a level is the sum over its nodes of expected visits × hours, where a split counts as the longest of its
    branches, each at its expected length (an inclusive one as the expected longest of those taken), and a sub-process
    as the time of its inside. So it is exact for sequences, choices and loops, and not more than the truth where
    branches run at the same time, because the expected maximum is at least the maximum of the expectations.
    """
    spent, longest = dict(hours), {}
    for inside in reversed(insides):
        times, longest[inside.level.parent] = _context_hours(inside, spent)
        if inside.level.parent:
            spent[inside.level.parent] = times[ROOT]
        whole = times[ROOT]
    critical: set[str] = set()
    followed = {""}
    for inside in insides:
        if inside.level.parent in followed:
            here = _on_longest(inside, longest[inside.level.parent])
            critical |= here
            followed |= here
    return float(whole), frozenset(critical)


def _context_hours(inside: _Inside, spent: Mapping[str, float]) -> tuple[list[float], dict[int, int]]:
    """Hours of each context a time it is entered, and the longest branch (a flow) of each split."""
    level, blocks = inside.level, inside.blocks
    times, longest = [0.0] * len(blocks.contexts), {}
    members: list[list[int]] = [[] for _ in blocks.contexts]
    for place, context in enumerate(blocks.context):
        if context >= 0:
            members[context].append(place)
    branch_of = {context.flow: number for number, context in enumerate(blocks.contexts)}
    for number in range(len(times) - 1, -1, -1):
        for place in members[number]:
            here = spent.get(level.nodes[place].key, 0.0)
            if level.splits(place):
                branches = [times[branch_of[flow]] for flow in level.outgoing[place]]
                here, longest[place] = _longest_branch(level, place, branches)
            times[number] += float(inside.local[place]) * here
    return times, longest


def _longest_branch(level: Level, split: int, branches: Sequence[float]) -> tuple[float, int]:
    flows = level.outgoing[split]
    most = max(range(len(flows)), key=lambda number: branches[number] * (level.weights[flows[number]] > 0))
    if level.nodes[split].kind is NodeKind.PARALLEL:
        return branches[most], flows[most]
    given = [level.flows[flow].probability for flow in flows]
    return expected_longest(branches, given), flows[most]


def _on_longest(inside: _Inside, longest: Mapping[int, int]) -> set[str]:
    """The keys of nodes cases visit whose every enclosing branch is the longest of its split."""
    followed = [True]
    for context in inside.blocks.contexts[1:]:
        followed.append(followed[context.around] and longest[context.split] == context.flow)
    return {
        node.key
        for node, context, visits in zip(inside.level.nodes, inside.blocks.context, inside.local, strict=True)
        if context >= 0 and followed[context] and visits > 0
    }
