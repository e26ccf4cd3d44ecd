"""How many cases go on along each flow out of a node, a visit of the node.

An exclusive split (and every node that is no gateway) sends a case along one of its flows, a parallel split along all.
An inclusive split takes each branch with its own probability, independently of the others, at least one: a branch
without a probability is the default and is taken when no other is; without a default a draw that takes none does not
count.
"""

from collections.abc import Sequence
from math import prod

from planner.domain.process_graph.node import NodeKind, TaskFlow


def branch_weights(kind: NodeKind, flows: Sequence[TaskFlow]) -> list[float]:
    """For each flow out of one node, the probability that it is taken at a visit.

    Of an exclusive split, flows without a probability share evenly what the others leave.

    >>> pair = [TaskFlow("a", "b", probability=0.5), TaskFlow("a", "c", probability=0.5)]
    >>> branch_weights(NodeKind.EXCLUSIVE, pair), branch_weights(NodeKind.PARALLEL, pair)
    ([0.5, 0.5], [1.0, 1.0])
    >>> [round(share, 3) for share in branch_weights(NodeKind.INCLUSIVE, pair)]
    [0.667, 0.667]
    """
    if kind is NodeKind.PARALLEL:
        return [1.0] * len(flows)
    given = [flow.probability for flow in flows]
    if kind is NodeKind.INCLUSIVE:
        return _inclusive(given)
    still_open = given.count(None)
    left = max(0.0, 1 - sum(share or 0.0 for share in given))
    return [left / still_open if share is None else share for share in given]


def _inclusive(given: Sequence[float | None]) -> list[float]:
    none, still_open = none_taken(given), given.count(None)
    if still_open:
        return [none / still_open if share is None else share for share in given]
    some = 1 - none
    return [(share or 0.0) / some if some > 0 else 0.0 for share in given]


def none_taken(given: Sequence[float | None]) -> float:
    """The probability that independent branches are all left out; branches without a probability do not count.

    >>> none_taken([0.5, 0.5, None])
    0.25
    """
    return prod(1 - share for share in given if share is not None)


def expected_longest(hours: Sequence[float], given: Sequence[float | None]) -> float:
    """The expected longest of the branches an inclusive split takes, each of known length.

    The longest one taken is branch i when it is taken and none that is longer is.

    >>> round(expected_longest([10.0, 2.0], [0.5, 0.5]), 3)
    7.333
    """
    longest, none_longer = 0.0, 1.0
    for length, share in sorted(zip(hours, given, strict=True), key=lambda branch: -branch[0]):
        if share is not None:
            longest += length * share * none_longer
            none_longer *= 1 - share
    still_open = [length for length, share in zip(hours, given, strict=True) if share is None]
    if still_open:
        return longest + none_longer * sum(still_open) / len(still_open)
    return longest / (1 - none_longer) if none_longer < 1 else 0.0
