"""The flow equations: how often a case is expected to visit each node.

Visits solve `v = e + A v`, where `e` is where cases enter and `A` holds, for every flow, the probability that it is
taken times the part of a token its end passes on. Where all splits are exclusive that is the fundamental matrix of an
absorbing Markov chain (Kemeny and Snell, Finite Markov Chains, 1960, ch. 3). Loops need nothing special. A process in
which cases can go round for ever, or multiply without end, has no finite solution and is refused.
"""

import warnings
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.sparse import linalg

_EXACT = 1e-9
_MOST_VISITS = 1e9

Edge = tuple[int, int, float, float]


class FlowError(ValueError):
    """Flow equations without a finite, non-negative solution; `where` holds the keys of the nodes concerned."""

    def __init__(self, what: str, *, where: Sequence[str]) -> None:
        super().__init__(what)
        self.where = tuple(where)


def expected_visits(
    nodes: Sequence[str], entry: Mapping[str, float], flows: Iterable[tuple[str, str, float]]
) -> dict[str, float]:
    """Expected visits a case of every node, zero for nodes that no case reaches.

    `entry` is the share of cases entering at a node; a flow is source, target, probability. What the flows out of a
    node do not carry leaves the process there. Raises FlowError where cases can never leave, or where branch
    probabilities add up to so much that visits grow without end.

    >>> visits = expected_visits("ab", {"a": 1.0}, [("a", "b", 1.0), ("b", "a", 0.25)])
    >>> round(visits["a"], 4), round(visits["b"], 4)
    (1.3333, 1.3333)
    """
    place = {name: index for index, name in enumerate(nodes)}
    enters = {place[name]: share for name, share in entry.items()}
    edges = [(place[source], place[target], share, 1.0) for source, target, share in flows]
    return dict(zip(nodes, solved_visits(nodes, nodes, enters, edges).tolist(), strict=True))


def solved_visits(
    keys: Sequence[str], names: Sequence[str], entry: Mapping[int, float], edges: Iterable[Edge]
) -> np.ndarray:
    """Expected visits by place. An edge is source, target, probability, part passed on; errors say `names`."""
    kept = [edge for edge in edges if edge[2] > 0]
    enters = np.zeros(len(keys))
    for place, share in entry.items():
        enters[place] += share
    reached = _reached(np.flatnonzero(enters).tolist(), _adjacent(kept))
    trapped = _trapped(len(keys), kept, reached)
    if trapped:
        sentence = f"Cases that reach “{names[trapped[0]]}” can never leave the process: its flows lead in a circle."
        raise FlowError(sentence, where=[keys[place] for place in trapped])
    order = sorted(reached)
    visits = np.zeros(len(keys))
    if order:
        visits[order] = _solved(order, kept, enters, keys)
    return visits


def _solved(order: Sequence[int], edges: Sequence[Edge], enters: np.ndarray, keys: Sequence[str]) -> np.ndarray:
    position = {index: row for row, index in enumerate(order)}
    inside = [(position[a], position[b], share * passed) for a, b, share, passed in edges if a in position]
    rows, columns, values = ([edge[1] for edge in inside], [edge[0] for edge in inside], [edge[2] for edge in inside])
    size = len(order)
    system = sparse.identity(size, format="csc") - sparse.csc_matrix((values, (rows, columns)), shape=(size, size))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", linalg.MatrixRankWarning)  # told by what comes out of it
        solution = np.atleast_1d(linalg.spsolve(system.tocsc(), enters[list(order)]))
    wrong = ~np.isfinite(solution) | (solution < -_EXACT) | (solution > _MOST_VISITS)
    if wrong.any():
        found = [keys[order[row]] for row in np.flatnonzero(wrong)[:5]]
        raise FlowError("The branches add up to more than one case, so visits grow without end.", where=found)
    return np.asarray(np.maximum(solution, 0.0))


def _adjacent(edges: Iterable[Edge], *, backwards: bool = False) -> dict[int, list[int]]:
    adjacent: dict[int, list[int]] = {}
    for source, target, *_ in edges:
        a, b = (target, source) if backwards else (source, target)
        adjacent.setdefault(a, []).append(b)
    return adjacent


def _reached(begin: Iterable[int], adjacent: Mapping[int, Sequence[int]]) -> set[int]:
    """Every node on some path from `begin`, walked without recursion."""
    seen, queue = set(begin), deque(begin)
    while queue:
        for following in adjacent.get(queue.popleft(), ()):
            if following not in seen:
                seen.add(following)
                queue.append(following)
    return seen


def _trapped(size: int, edges: Sequence[Edge], reached: set[int]) -> list[int]:
    """A circle that cases reach and from which no flow ever leads out."""
    carried: dict[int, float] = dict.fromkeys(range(size), 0.0)
    for source, _, share, _ in edges:
        carried[source] += share
    leaving = [index for index, share in carried.items() if share < 1 - _EXACT]
    trapped = reached - _reached(leaving, _adjacent(edges, backwards=True))
    return sorted(_last_circle(trapped, _adjacent(edges))) if trapped else []


def _last_circle(trapped: set[int], adjacent: Mapping[int, Sequence[int]]) -> set[int]:
    """The nodes that cases end up going round in: a strongly connected part that nothing leads out of."""
    graph: nx.DiGraph[int] = nx.DiGraph((source, target) for source in trapped for target in adjacent.get(source, ()))
    return next(
        part
        for part in nx.strongly_connected_components(graph)
        if all(target in part for source in part for target in adjacent.get(source, ()))
    )
