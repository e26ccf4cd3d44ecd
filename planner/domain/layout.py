"""A layered drawing of a graph: back edges set aside, longest path, barycentre, straightened columns.

After Sugiyama, Tagawa and Toda (1981). Iterative throughout, so that depth is no limit; `benchmarks/layout.py` measures
what 2,000 and 10,000 nodes take.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

NODE_WIDTH, LANE_WIDTH, LAYER_HEIGHT = 272.0, 60.0, 100.0
_BESIDE = 20.0
_SWEEPS = 6
_MOST_LANES = 6_000

Edge = tuple[str, str, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes in pixels, and the bends of edges that pass other layers or lead back on their way."""

    positions: dict[str, Point]
    routes: dict[tuple[str, str], tuple[Point, ...]]


def layered(nodes: Sequence[str], edges: Sequence[Edge], begin: Sequence[str] = ()) -> Layout:
    """Positions for `nodes`; an edge is source, target, weight; cases enter at `begin`.

    >>> layered(["a", "b"], [("a", "b", 1.0), ("b", "a", 1.0)], ["a"]).positions
    {'a': (0.0, 0.0), 'b': (0.0, 100.0)}
    """
    if not nodes:
        return Layout({}, {})
    place = {name: index for index, name in enumerate(nodes)}
    pairs = {(place[a], place[b]): weight for a, b, weight in edges if a != b and a in place and b in place}
    back = _back_edges(len(nodes), pairs, [place[name] for name in begin if name in place])
    forward = [(b, a) if (a, b) in back else (a, b) for a, b in pairs]
    layer = _layers(len(nodes), forward)
    drawing = _Drawing(layer, forward)
    drawing.order()
    x = drawing.columns()
    return _finished(nodes, pairs, back, drawing, x)


def _back_edges(size: int, pairs: Mapping[tuple[int, int], float], begin: Sequence[int]) -> set[tuple[int, int]]:
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


class _Drawing:
    """Nodes and lanes (one point a layer for every edge that passes it), by layer, each layer in its order.

    Plain lists: layers are many and narrow, so that a call of numpy for each would cost more than it saves.
    """

    def __init__(self, layer: np.ndarray, forward: Sequence[tuple[int, int]]) -> None:
        self.real = len(layer)
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
                        mean = dict(zip(row, _means(row, near, self.rank), strict=True))
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
        return np.asarray(found - found[: self.real].min())


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
