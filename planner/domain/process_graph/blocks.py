"""Which join closes which split: the block structure of one level.

The join of a split is its immediate post-dominator, the first node every case that passed the split comes to, where
that is a parallel or inclusive gateway with several flows into it. Where a case can leave a block without passing the
join, the join is matched to the split that immediately dominates it instead. Several splits may share one join.

A node stands in a *context*: the branch of the innermost split that is still open there. All walks are iterative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import networkx as nx

from planner.domain.process_graph.level import Level
from planner.domain.process_graph.node import NodeKind

ROOT = 0


@dataclass(frozen=True)
class Context:
    """A branch of an open split: the context around it, the split, the flow that begins it (places; -1 for the root).

    `stack` is the same number for all branches of the same splits.
    """

    around: int = -1
    split: int = -1
    flow: int = -1
    stack: int = 0


@dataclass
class Blocks:
    """The blocks of a level. `joins` maps splits to joins; `context` holds a number for each node, -1 if unreached.

    `passes` is for each flow the part of a token the join at its end passes on (1 for every other flow), `behind` the
    context in which a case is once it has arrived there, whatever the node there stands in. `lone` are
    parallel joins that a case reaches outside any branch they close, `crossing` flows into or out of the middle of a
    block, `escaped` splits whose join some case does not reach.
    """

    joins: dict[int, int]
    contexts: list[Context]
    context: list[int]
    passes: list[float]
    behind: dict[int, int] = field(default_factory=dict)
    lone: set[int] = field(default_factory=set)
    crossing: list[int] = field(default_factory=list)
    escaped: set[int] = field(default_factory=set)

    def departure(self, level: Level, flow: int) -> int:
        """The context of the flow itself: a branch of its own behind a split."""
        source = level.ends[flow][0]
        if level.splits(source):
            return self._branches[flow]
        return self.context[source]

    _branches: dict[int, int] = field(default_factory=dict)


def blocks_of(level: Level) -> Blocks:
    """The block structure of a level; trivial, and free, where no gateway sends a case along several flows."""
    size = len(level.nodes)
    found = Blocks({}, [Context()], [-1] * size, [1.0] * len(level.flows))
    if not any(node.kind.sends_several for node in level.nodes):
        found.context = [ROOT if place in level.reached else -1 for place in range(size)]
        return found
    _match(level, found)
    _walk(level, found)
    return found


def _match(level: Level, found: Blocks) -> None:
    splits = [place for place in level.reached if level.splits(place)]
    if not splits:
        return
    before, after = dominators(level)
    for split in splits:
        join = after.get(split)
        if join is not None and join >= 0 and level.joins(join) and join != split:
            found.joins[split] = join
    matched = set(found.joins.values())
    for join in level.reached:
        above = before.get(join)
        if above is None or above < 0 or above in found.joins or not level.splits(above):
            continue
        if level.joins(join) and join not in matched:
            found.joins[above] = join
            found.escaped.add(above)


def dominators(level: Level) -> tuple[Mapping[int, int | None], Mapping[int, int | None]]:
    """Immediate dominators and post-dominators by place; -1 stands for before the entry and after the ends."""
    graph: nx.DiGraph[int] = nx.DiGraph(level.ends)
    graph.add_nodes_from(range(len(level.nodes)))
    graph.remove_nodes_from([place for place in range(len(level.nodes)) if place not in level.reached])
    forwards, backwards = graph.copy(), graph.reverse()
    forwards.add_edges_from((-1, place) for place in level.entry)
    backwards.add_edges_from((-1, place) for place in graph if graph.out_degree(place) == 0)
    backwards.add_node(-1)
    return nx.immediate_dominators(forwards, -1), nx.immediate_dominators(backwards, -1)


def _walk(level: Level, found: Blocks) -> None:
    """Give every node the context in which cases first come to it; note where other ways disagree."""
    stacks: dict[tuple[int, int], int] = {}
    for place in level.entry:
        found.context[place] = ROOT
    queue = list(level.entry)
    for place in queue:
        for flow in level.outgoing[place]:
            if level.splits(place):
                _open(found, place, flow, stacks)
            context, passed, closes = _closed(found, level, found.departure(level, flow), level.ends[flow][1])
            found.passes[flow], found.behind[flow] = passed, context
            target = level.ends[flow][1]
            if not closes and level.joins(target) and level.nodes[target].kind is NodeKind.PARALLEL:
                found.lone.add(target)
            if found.context[target] < 0:
                found.context[target] = context
                queue.append(target)
            elif found.contexts[found.context[target]].stack != found.contexts[context].stack:
                found.crossing.append(flow)


def _open(found: Blocks, split: int, flow: int, stacks: dict[tuple[int, int], int]) -> None:
    around = found.context[split]
    stack = stacks.setdefault((found.contexts[around].stack, split), len(stacks) + 1)
    found._branches[flow] = len(found.contexts)
    found.contexts.append(Context(around, split, flow, stack))


def _closed(found: Blocks, level: Level, context: int, target: int) -> tuple[int, float, bool]:
    """The context behind `target`, the part of the token it passes on, and whether it closed a split."""
    if not level.joins(target):
        return context, 1.0, False
    behind, passed, part, here = context, 1.0, 1.0, context
    while here != ROOT:
        split = found.contexts[here].split
        part /= sum(level.weights[flow] for flow in level.outgoing[split]) or 1.0
        here = found.contexts[here].around
        if found.joins.get(split) == target:
            behind, passed = here, part
    return behind, passed, behind != context
