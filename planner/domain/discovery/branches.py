"""The probabilities of the branches out of a task, once a log was counted and people have set some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class SetByPeople:
    """What people said of the branches out of one task.

    `fixed` is the sum of the probabilities they set (0 to 1), `struck` the count in the log of flows they removed, and
    `open` whether they drew a flow that takes what the others leave.
    """

    fixed: float = 0.0
    struck: int = 0
    open: bool = False


NOTHING_SET = SetByPeople()


def branch_shares(counts: Mapping[_Key, int], people: SetByPeople = NOTHING_SET) -> dict[_Key, float]:
    """The probability of every counted flow out of a task, so that all flows out of it add up to one.

    What people set stays, and the counted flows share what is left by their counts. Cases of flows that were removed
    go where a drawn flow takes the rest, else to the flows that are left.

    >>> branch_shares({"pay": 75, "reject": 25})
    {'pay': 0.75, 'reject': 0.25}
    >>> branch_shares({"pay": 75, "reject": 25}, SetByPeople(fixed=0.2))
    {'pay': 0.6, 'reject': 0.2}
    >>> branch_shares({"reject": 25}, SetByPeople(struck=75, open=True))
    {'reject': 0.25}
    """
    total = sum(counts.values()) + (people.struck if people.open else 0)
    left = max(0.0, 1.0 - people.fixed)
    return {target: left * count / total if total else 0.0 for target, count in counts.items()}
