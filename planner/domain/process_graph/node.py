"""What a task graph is made of: nodes of seven kinds, and the flows between them."""

from dataclasses import dataclass
from enum import StrEnum

MOST_NODES = 5_000
MOST_FLOWS = 20_000
LONGEST_NAME = 200
LONGEST_LANE = 80
LONGEST_CONDITION = 400


class NodeKind(StrEnum):
    """What a node is: work, a graph of its own, where cases begin and end, or where they divide and meet."""

    TASK = "task"
    SUBPROCESS = "subprocess"
    START = "start"
    END = "end"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _WORDS[self]

    @property
    def is_gateway(self) -> bool:
        return self in _GATEWAYS

    @property
    def sends_several(self) -> bool:
        """Cases may go on along several of its flows at the same time."""
        return self in _SEVERAL


_GATEWAYS = frozenset({NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE})
_SEVERAL = frozenset({NodeKind.PARALLEL, NodeKind.INCLUSIVE})
_WORDS = {
    NodeKind.TASK: "task",
    NodeKind.SUBPROCESS: "sub-process",
    NodeKind.START: "start",
    NodeKind.END: "end",
    NodeKind.EXCLUSIVE: "exclusive gateway: one of its flows",
    NodeKind.PARALLEL: "parallel gateway: all of its flows",
    NodeKind.INCLUSIVE: "inclusive gateway: one or more of its flows",
}


@dataclass(frozen=True)
class TaskNode:
    """A node: visits a case, volume in visits a year, handling in minutes, waiting in hours, rework as a share.

    `lane` names who does it, "" for nobody. `parent` is the key of the sub-process it is part of, "" for none.
    """

    key: str
    name: str
    kind: NodeKind = NodeKind.TASK
    visits_a_case: float | None = None
    volume_a_year: float | None = None
    handling_minutes: float | None = None
    waiting_hours: float | None = None
    rework_share: float | None = None
    x: float | None = None
    y: float | None = None
    volume_source: str = ""
    lane: str = ""
    parent: str = ""

    @property
    def title(self) -> str:
        """Its name, or what it is where it has none.

        >>> TaskNode("7", "", NodeKind.PARALLEL).title
        'parallel gateway'
        """
        return self.name or self.kind.words.partition(":")[0]

    @property
    def volume_follows(self) -> bool:
        """The volume is told only: it follows from the log or the branches, nobody set it."""
        return self.volume_source in {"log", "flow", "default", "none"}

    def yearly_cost(self, hourly_wage: float) -> float | None:
        """Volume × minutes ÷ 60 × wage, money a year; None while volume or handling time is not known.

        >>> TaskNode("1", "Detect fraud", volume_a_year=30912, handling_minutes=11).yearly_cost(38)
        215353.6
        """
        if self.volume_a_year is None or self.handling_minutes is None:
            return None
        return self.volume_a_year * self.handling_minutes / 60 * hourly_wage


@dataclass(frozen=True)
class TaskFlow:
    """A flow from one node to another: cases counted in the log, and the probability of this branch (0 to 1).

    `condition` says when the branch is taken ("amount over 5,000"); it is read, not computed.
    """

    source: str
    target: str
    count: int | None = None
    probability: float | None = None
    label: str = ""
    condition: str = ""

    @property
    def weight(self) -> float:
        """How much it is used: its count, else its probability."""
        return float(self.count) if self.count is not None else self.probability or 0.0
