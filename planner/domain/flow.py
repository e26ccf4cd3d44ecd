"""The flow equations: how often a case is expected to visit each task.

For exclusive splits the visits solve `v = e + Pᵀ v`, where `e` is where cases enter and `P` holds the branch
probabilities: the fundamental matrix of an absorbing Markov chain (Kemeny and Snell, Finite Markov Chains, 1960,
ch. 3).
Loops need nothing special. A chain in which cases can go round for ever has no finite solution and is refused.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

_EXACT = 1e-9


class FlowError(ValueError):
    """Flow equations without a finite, non-negative solution; `where` names the tasks concerned."""

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
    kept = [(place[source], place[target], share) for source, target, share in flows if share > 0]
    enters = np.zeros(len(nodes))
    for name, share in entry.items():
        enters[place[name]] += share
    reached = _reached(np.flatnonzero(enters).tolist(), _adjacent(kept))
    _refuse_traps(nodes, kept, reached)
    order = sorted(reached)
    visits = np.zeros(len(nodes))
    if order:
        visits[order] = _solved(order, kept, enters, nodes)
    return {name: float(visits[index]) for name, index in place.items()}


def _solved(
    order: Sequence[int], flows: Sequence[tuple[int, int, float]], enters: np.ndarray, nodes: Sequence[str]
) -> np.ndarray:
    position = {index: row for row, index in enumerate(order)}
    inside = [(position[a], position[b], share) for a, b, share in flows if a in position]
    rows, columns, values = ([flow[1] for flow in inside], [flow[0] for flow in inside], [flow[2] for flow in inside])
    size = len(order)
    system = sparse.identity(size, format="csc") - sparse.csc_matrix((values, (rows, columns)), shape=(size, size))
    solution = np.atleast_1d(linalg.spsolve(system.tocsc(), enters[list(order)]))
    wrong = ~np.isfinite(solution) | (solution < -_EXACT)
    if wrong.any():
        names = [nodes[order[row]] for row in np.flatnonzero(wrong)[:5]]
        raise FlowError("The branches add up to more than one case, so visits grow without end.", where=names)
    return np.asarray(np.maximum(solution, 0.0))


def _adjacent(flows: Iterable[tuple[int, int, float]], *, backwards: bool = False) -> dict[int, list[int]]:
    adjacent: dict[int, list[int]] = {}
    for source, target, _ in flows:
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


def _refuse_traps(nodes: Sequence[str], flows: Sequence[tuple[int, int, float]], reached: set[int]) -> None:
    """Refuse nodes that cases reach and from which no flow ever leads out."""
    carried: dict[int, float] = dict.fromkeys(range(len(nodes)), 0.0)
    for source, _, share in flows:
        carried[source] += share
    leaving = [index for index, share in carried.items() if share < 1 - _EXACT]
    can_leave = _reached(leaving, _adjacent(flows, backwards=True))
    trapped = reached - can_leave
    if trapped:
        names = [nodes[index] for index in sorted(_last_circle(trapped, _adjacent(flows)))]
        raise FlowError(
            f"Cases that reach “{names[0]}” can never leave the process: its flows lead in a circle.", where=names
        )


def _last_circle(trapped: set[int], adjacent: Mapping[int, Sequence[int]]) -> set[int]:
    """The nodes that cases end up going round in: walk on until what can still be reached no longer shrinks."""
    circle = _reached([min(trapped)], adjacent)
    for index in sorted(circle):
        if index in circle and len(onward := _reached([index], adjacent)) < len(circle):
            circle = onward
    return circle
