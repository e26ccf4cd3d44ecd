"""A layered drawing of a graph: back edges set aside, longest path, barycentre, straightened columns.

After Sugiyama, Tagawa and Toda (1981). Iterative throughout, so that depth is no limit; `benchmarks/layout.py` measures
what 2,000 and 10,000 nodes take. Given an earlier drawing, what it holds keeps its order, down and across: a reader's
picture of the process is worth more than a crossing less.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

NODE_WIDTH, LANE_WIDTH, LAYER_HEIGHT = 272.0, 60.0, 100.0
_BESIDE = 20.0
_BETWEEN = LAYER_HEIGHT / 2
_SWEEPS = 6
_MOST_LANES = 6_000

Edge = tuple[str, str, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes in pixels, and the bends of edges that pass other layers or lead back on their way."""

    positions: dict[str, Point]
    routes: dict[tuple[str, str], tuple[Point, ...]]


def layered(
    nodes: Sequence[str],
    edges: Sequence[Edge],
    begin: Sequence[str] = (),
    before: Mapping[str, Point] | None = None,
) -> Layout:
    """Positions for `nodes`; an edge is source, target, weight; cases enter at `begin`.

    `before` holds the centres of an earlier drawing. Of two nodes in it, the one that was above stays above, and of two
    that share a layer then and now, the left one stays left; the rest is fitted in around them.

    >>> layered(["a", "b"], [("a", "b", 1.0), ("b", "a", 1.0)], ["a"]).positions
    {'a': (0.0, 0.0), 'b': (0.0, 100.0)}
    >>> layered(["a", "b"], [("b", "a", 1.0)], [], {"a": (0.0, 0.0), "b": (0.0, 100.0)}).positions
    {'a': (0.0, 0.0), 'b': (0.0, 100.0)}
    """
    if not nodes:
        return Layout({}, {})
    place = {name: index for index, name in enumerate(nodes)}
    pairs = {(place[a], place[b]): weight for a, b, weight in edges if a != b and a in place and b in place}
    back = back_edges(len(nodes), pairs, [place[name] for name in begin if name in place])
    forward = [(b, a) if (a, b) in back else (a, b) for a, b in pairs]
    layer = _layers(len(nodes), forward)
    seeds = {place[name]: point for name, point in (before or {}).items() if name in place}
    if seeds:
        order = _kept_order(forward, layer, seeds)
        back = {(a, b) for a, b in pairs if order[a] > order[b]}
        forward = [(b, a) if (a, b) in back else (a, b) for a, b in pairs]
        layer = _kept_layers(forward, order, seeds)
    drawing = _Drawing(layer, forward, seeds)
    drawing.order()
    x = drawing.columns()
    return _finished(nodes, pairs, back, drawing, x)


def back_edges(size: int, pairs: Mapping[tuple[int, int], float], begin: Sequence[int]) -> set[tuple[int, int]]:
    """Edges that close a circle on a depth-first walk that follows the most used edges first."""
    following: dict[int, list[int]] = defaultdict(list)
    for (a, b), _ in sorted(pairs.items(), key=lambda item: -item[1]):
        following[a].append(b)
    state = np.zeros(size, dtype=np.int8)
    back: set[tuple[int, int]] = set()
    for root in [*begin, *range(size)]:
        if not state[root]:
            _walk(root, following, state, back)
    return back


def _walk(root: int, following: Mapping[int, list[int]], state: np.ndarray, back: set[tuple[int, int]]) -> None:
    """Depth first from `root`: state 1 while on the path, 2 when done."""
    state[root] = 1
    path = [(root, iter(following.get(root, ())))]
    while path:
        node, rest = path[-1]
        target = next(rest, None)
        if target is None:
            state[node] = 2
            path.pop()
        elif state[target] == 1:
            back.add((node, target))
        elif not state[target]:
            state[target] = 1
            path.append((target, iter(following.get(target, ()))))


def _layers(size: int, forward: Sequence[tuple[int, int]]) -> np.ndarray:
    """The longest path to each node; acyclic edges only."""
    following: dict[int, list[int]] = defaultdict(list)
    waiting = np.zeros(size, dtype=np.int64)
    for a, b in forward:
        following[a].append(b)
        waiting[b] += 1
    layer = np.zeros(size, dtype=np.int64)
    ready = np.flatnonzero(waiting == 0).tolist()
    for node in ready:
        for target in following[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return layer


def _kept_order(forward: Sequence[tuple[int, int]], layer: np.ndarray, seeds: Mapping[int, Point]) -> np.ndarray:
    """Each node's place in one order from above to below: the earlier drawing's, new ones after their sources."""
    height = {node: y for node, (_, y) in seeds.items()}
    sources, targets = defaultdict(list), defaultdict(list)
    for a, b in forward:
        sources[b].append(a)
        targets[a].append(b)
    walk = np.argsort(layer, kind="stable").tolist()
    for near, nearest, step in ((sources, max, _BETWEEN), (targets, min, -_BETWEEN)):
        for node in walk if near is sources else walk[::-1]:
            if node not in height and (found := [height[one] for one in near[node] if one in height]):
                height[node] = nearest(found) + (step if nearest(found) % LAYER_HEIGHT == 0 else 0.0)
    for node in walk:
        height.setdefault(node, -_BETWEEN)
    keys = [(height[n], 0 if n in seeds else int(layer[n]), seeds.get(n, (0.0, 0.0))[0], n) for n in range(len(layer))]
    order = np.zeros(len(layer), dtype=np.int64)
    order[sorted(range(len(layer)), key=keys.__getitem__)] = np.arange(len(layer))
    return order


def _kept_layers(forward: Sequence[tuple[int, int]], order: np.ndarray, seeds: Mapping[int, Point]) -> np.ndarray:
    """The longest path to each node, where one that was below another is below it still."""
    sources = defaultdict(list)
    for a, b in forward:
        sources[b].append(a)
    layer = np.zeros(len(order), dtype=np.int64)
    least, deepest, height = 0, -1, None
    for node in np.argsort(order).tolist():
        if node in seeds and seeds[node][1] != height:
            least, height = deepest + 1, seeds[node][1]
        floor = least if node in seeds else 0
        layer[node] = max([floor, *(int(layer[one]) + 1 for one in sources[node])])
        if node in seeds:
            deepest = max(deepest, int(layer[node]))
    return layer


class _Drawing:
    """Nodes and lanes (one point a layer for every edge that passes it), by layer, each layer in its order.

    `seeds` are the earlier centres of nodes: those in one layer keep their order, and the whole stays where it was.
    Plain lists: layers are many and narrow, so that a call of numpy for each would cost more than it saves.
    """

    def __init__(self, layer: np.ndarray, forward: Sequence[tuple[int, int]], seeds: Mapping[int, Point]) -> None:
        self.real = len(layer)
        self.seeds = {node: x for node, (x, _) in seeds.items()}
        self.layer: list[int] = layer.tolist()
        self.lanes: dict[tuple[int, int], list[int]] = {}
        spans = sum(self.layer[b] - self.layer[a] - 1 for a, b in forward)
        links: list[tuple[int, int]] = []
        for a, b in forward:
            top, bottom = self.layer[a], self.layer[b]
            if spans > _MOST_LANES or bottom - top <= 1:
                links.append((a, b))
                continue
            passed = list(range(len(self.layer), len(self.layer) + bottom - top - 1))
            self.layer.extend(range(top + 1, bottom))
            self.lanes[a, b] = passed
            links.extend(pairwise([a, *passed, b]))
        self._link(links)

    def _link(self, links: Sequence[tuple[int, int]]) -> None:
        self.above: list[list[int]] = [[] for _ in self.layer]
        self.below: list[list[int]] = [[] for _ in self.layer]
        for a, b in links:
            self.above[b].append(a)
            self.below[a].append(b)
        self.rows: list[list[int]] = [[] for _ in range(max(self.layer) + 1)]
        for node, depth in enumerate(self.layer):
            self.rows[depth].append(node)
        self.rank = [0.0] * len(self.layer)
        for row in self.rows:
            self._number(row)

    def _number(self, row: Sequence[int]) -> bool:
        """Give the nodes of a row the places it names, around its middle; whether any is a new one."""
        middle, changed = (len(row) - 1) / 2, False
        for place, node in enumerate(row):
            changed = changed or self.rank[node] != place - middle
            self.rank[node] = place - middle
        return changed

    def order(self) -> None:
        """Order each layer by the mean place of its neighbours, down and up in turn, until nothing moves."""
        for _ in range(_SWEEPS // 2):
            changed = False
            for rows, near in ((self.rows, self.above), (self.rows[::-1], self.below)):
                for row in rows:
                    if len(row) > 1:
                        mean = self._kept(row, dict(zip(row, _means(row, near, self.rank), strict=True)))
                        row.sort(key=mean.__getitem__)
                        changed |= self._number(row)
            if not changed:
                break

    def columns(self) -> np.ndarray:
        """The x of every node and lane: near its neighbours, in order, never closer than a node is wide."""
        gap = [NODE_WIDTH if node < self.real else LANE_WIDTH for node in range(len(self.layer))]
        apart = [list(accumulate(((gap[a] + gap[b]) / 2 for a, b in pairwise(row)), initial=0.0)) for row in self.rows]
        x = [rank * NODE_WIDTH for rank in self.rank]
        downwards = list(zip(self.rows, apart, strict=True))
        for sweep in range(_SWEEPS):
            near, rows = (self.above, downwards) if sweep % 2 == 0 else (self.below, downwards[::-1])
            for row, spaced in rows:
                for node, place in zip(row, _spread(_means(row, near, x), spaced), strict=True):
                    x[node] = place
        found = np.array(x)
        moved = [x[node] - was for node, was in self.seeds.items()]
        return np.asarray(found - (np.median(moved) if moved else found[: self.real].min()))

    def _kept(self, row: Sequence[int], mean: dict[int, float]) -> dict[int, tuple[float, float]]:
        """The wished places, handed to the seeded nodes of the row in their earlier order, which decides ties too."""
        known = sorted((node for node in row if node in self.seeds), key=self.seeds.__getitem__)
        mean |= dict(zip(known, sorted(mean[node] for node in known), strict=True))
        return {node: (mean[node], self.seeds.get(node, math.inf)) for node in row}


def _means(row: Sequence[int], near: Sequence[Sequence[int]], of: Sequence[float]) -> list[float]:
    """The mean of `of` over the neighbours of each node in the row; its own where it has none."""
    return [
        of[beside[0]]
        if len(beside) == 1
        else sum([of[other] for other in beside]) / len(beside)
        if beside
        else of[node]
        for node in row
        for beside in (near[node],)
    ]


def _spread(wished: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Places in order, at least half of both widths apart, as near to the wished ones as two passes bring them."""
    if len(wished) == 1:
        return [wished[0]]
    free = [wish - space for wish, space in zip(wished, apart, strict=True)]
    right = accumulate(free, max)
    left = list(accumulate(reversed(free), min))
    return [(a + b) / 2 + space for a, b, space in zip(right, reversed(left), apart, strict=True)]


def _finished(
    nodes: Sequence[str],
    pairs: Mapping[tuple[int, int], float],
    back: set[tuple[int, int]],
    drawing: _Drawing,
    x: np.ndarray,
) -> Layout:
    points = [(round(float(a), 1), float(b) * LAYER_HEIGHT) for a, b in zip(x, drawing.layer, strict=True)]
    routes = {}
    for a, b in pairs:
        lanes = drawing.lanes.get((b, a) if (a, b) in back else (a, b), [])
        bends = [points[lane] for lane in (lanes[::-1] if (a, b) in back else lanes)]
        if not bends and (a, b) in back:
            beside = max(points[a][0], points[b][0]) + NODE_WIDTH / 2 - _BESIDE / 2
            bends = [(beside, points[a][1]), (beside, points[b][1])]
        if bends:
            routes[nodes[a], nodes[b]] = tuple(bends)
    return Layout({name: points[index] for index, name in enumerate(nodes)}, routes)
