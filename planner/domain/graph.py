"""The task graph of a process: tasks, flows between them, and what can be said about it without a database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from planner.domain.flow import FlowError, expected_visits
from planner.domain.nodes import LONGEST_NAME, NodeKind

MOST_NODES = 5_000
MOST_FLOWS = 20_000
MOST_CASES = 1e12
LEAST_FIGURE = 1e-6
LIMITS = {
    "handling_minutes": ("Handling time", 525_600.0),
    "volume_a_year": ("Volume", 1e12),
    "waiting_hours": ("Waiting time", 87_600.0),
    "cases_a_year": ("Cases a year", MOST_CASES),
}
"""How a figure is called, and the most it can be; the least above zero is a millionth, so that ratios stay finite."""
FARTHEST = 1e6


def figure_problem(field: str, value: object) -> str:
    """Why a figure cannot be kept, "" where it can.

    >>> figure_problem("volume_a_year", 1e300)
    'Volume is 0, or a number from 0.000001 to 1\u202f000\u202f000\u202f000\u202f000.'
    >>> figure_problem("volume_a_year", 0.0), figure_problem("x", float("inf"))
    ('', 'A place on the canvas lies within 1\u202f000\u202f000 of its middle.')
    """
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
    if field in ("x", "y"):
        far = f"A place on the canvas lies within {_spaced(FARTHEST)} of its middle."
        return "" if abs(number) <= FARTHEST else far
    words, most = LIMITS[field]
    fits = number == 0 or LEAST_FIGURE <= number <= most
    return "" if fits else f"{words} is 0, or a number from {LEAST_FIGURE:.6f} to {_spaced(most)}."


def _spaced(number: float) -> str:
    return f"{number:,.0f}".replace(",", "\u202f")


class GraphError(ValueError):
    """A graph that cannot be taken: each problem with the path of its field."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(problems[0][1])
        self.problems = tuple(problems)


@dataclass(frozen=True)
class TaskNode:
    """A node: visits a case, volume in visits a year, handling in minutes, waiting in hours, rework as a share."""

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
    """A flow from one node to another: cases counted in the log, and the probability of this branch (0 to 1)."""

    source: str
    target: str
    count: int | None = None
    probability: float | None = None
    label: str = ""


@dataclass(frozen=True)
class Finding:
    """Something about the graph to look at: which node, what is the matter, what to do."""

    key: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class OutlineLine:
    """One line of the flow as text: the node, and where it goes on with which probability (None where unknown)."""

    node: TaskNode
    onward: tuple[tuple[TaskNode, float | None], ...]


@dataclass(frozen=True)
class TaskGraph:
    """Nodes and flows of a process. Nodes have unique keys; every flow joins two of them."""

    nodes: tuple[TaskNode, ...]
    flows: tuple[TaskFlow, ...]
    cases_a_year: float | None = None

    @property
    def tasks(self) -> tuple[TaskNode, ...]:
        """The nodes that are work."""
        return tuple(node for node in self.nodes if node.kind == NodeKind.TASK)

    def node(self, key: str) -> TaskNode:
        """The node with this key; KeyError when there is none."""
        return next(node for node in self.nodes if node.key == key)

    def outgoing(self) -> dict[str, list[TaskFlow]]:
        """Flows by source, the most used first."""
        found: dict[str, list[TaskFlow]] = defaultdict(list)
        for flow in sorted(self.flows, key=lambda flow: -self.weight(flow)):
            found[flow.source].append(flow)
        return found

    def weight(self, flow: TaskFlow) -> float:
        """How much a flow is used: its count, else its probability."""
        return float(flow.count) if flow.count is not None else flow.probability or 0.0

    def shares(self) -> dict[tuple[str, str], float]:
        """The probability of every flow. Flows of a node that have none share what the others leave, evenly.

        >>> graph = TaskGraph((TaskNode("a", "A"), TaskNode("b", "B"), TaskNode("c", "C")),
        ...     (TaskFlow("a", "b", probability=0.7), TaskFlow("a", "c")))
        >>> round(graph.shares()["a", "c"], 3)
        0.3
        """
        found: dict[tuple[str, str], float] = {}
        for flows in self.outgoing().values():
            open_flows = [flow for flow in flows if flow.probability is None]
            left = max(0.0, 1 - sum(flow.probability or 0.0 for flow in flows))
            for flow in flows:
                share = flow.probability if flow.probability is not None else left / len(open_flows)
                found[flow.source, flow.target] = share
        return found

    def expected_visits(self) -> dict[str, float]:
        """Visits a case of every node by the flow equations; FlowError where they have no solution."""
        entry = self.entry()
        flows = [(source, target, share) for (source, target), share in self.shares().items()]
        return expected_visits([node.key for node in self.nodes], entry, flows)

    def entry(self) -> dict[str, float]:
        """Where cases enter: the start nodes alike; without any, the nodes that nothing leads to, else the first."""
        starts = [node.key for node in self.nodes if node.kind == NodeKind.START]
        if not starts:
            led_to = {flow.target for flow in self.flows if flow.target != flow.source}
            starts = [node.key for node in self.nodes if node.key not in led_to] or [
                node.key for node in self.nodes[:1]
            ]
        return {key: 1 / len(starts) for key in starts}

    def check(self) -> None:
        """Raise GraphError naming every name, key and flow that cannot stand, and limits that are passed."""
        problems = [*_size_problems(self), *_node_problems(self.nodes), *_flow_problems(self)]
        if problems:
            raise GraphError(problems[:50])

    def findings(self) -> list[Finding]:
        """What is odd about the graph: unreachable nodes, dead ends, circles, branches that do not add up to one."""
        found = [*self._lone(), *self._sums()]
        try:
            self.expected_visits()
        except FlowError as problem:
            found.append(Finding(problem.where[0], str(problem), "Lower one of its branch probabilities below 100 %."))
        return found

    def _lone(self) -> Iterable[Finding]:
        forwards = reachable(self.entry(), self.flows)
        ends = [node.key for node in self.nodes if node.kind == NodeKind.END]
        for node in self.nodes:
            if node.key not in forwards:
                yield Finding(node.key, f"No case can reach “{node.name}”.", "Draw a flow to it, or delete it.")
            elif ends and node.kind == NodeKind.TASK and not any(flow.source == node.key for flow in self.flows):
                yield Finding(
                    node.key, f"Nothing follows “{node.name}”.", "Draw a flow to what comes next, or to the end."
                )

    def _sums(self) -> Iterable[Finding]:
        names = {node.key: node.name for node in self.nodes}
        for source, flows in self.outgoing().items():
            total = sum(flow.probability or 0.0 for flow in flows)
            if all(flow.probability is not None for flow in flows) and abs(total - 1) > 0.005:
                sentence = f"The branches out of “{names[source]}” add up to {total * 100:.0f} %, not 100 %."
                yield Finding(source, sentence, "Correct one of them, or leave one empty to take the rest.")

    def outline(self) -> list[OutlineLine]:
        """The flow as lines of text, in the order cases meet the nodes (breadth first from the start)."""
        outgoing, by_key = self.outgoing(), {node.key: node for node in self.nodes}
        order = list(reachable(self.entry(), self.flows))
        order += [node.key for node in self.nodes if node.key not in set(order)]
        shares = self.shares()
        return [
            OutlineLine(
                by_key[key],
                tuple(
                    (by_key[flow.target], shares[key, flow.target])
                    for flow in sorted(outgoing.get(key, ()), key=lambda flow: -shares[key, flow.target])
                ),
            )
            for key in order
            if by_key[key].kind != NodeKind.END
        ]

    def placed(self, positions: Mapping[str, tuple[float, float]]) -> "TaskGraph":
        """The same graph with these positions."""
        nodes = (
            replace(node, x=positions[node.key][0], y=positions[node.key][1]) if node.key in positions else node
            for node in self.nodes
        )
        return replace(self, nodes=tuple(nodes))

    def simplified(self, detail: float = 0.85, most: int | None = None) -> "TaskGraph":
        """The same nodes with fewer flows, for a drawing that can be read.

        Keeps, for every node, the widest path from the start and to an end, so the graph stays connected and every
        case can finish; then the most used flows until `detail` (0 to 1) of all use is shown, `most` flows at most.
        Flows that were drawn by hand stay.
        """
        kept = self.backbone() | {(flow.source, flow.target) for flow in self.flows if flow.count is None}
        total = sum(map(self.weight, self.flows)) or 1.0
        shown = sum(self.weight(flow) for flow in self.flows if (flow.source, flow.target) in kept)
        most = most if most is not None else 2 * len(self.nodes)
        for flow in sorted(self.flows, key=lambda flow: -self.weight(flow)):
            if shown / total >= detail or len(kept) >= most:
                break
            if (flow.source, flow.target) not in kept:
                kept.add((flow.source, flow.target))
                shown += self.weight(flow)
        return replace(self, flows=tuple(flow for flow in self.flows if (flow.source, flow.target) in kept))

    def backbone(self) -> set[tuple[str, str]]:
        """The flows on the widest paths from the start to every node and from every node to an end."""
        ends = [node.key for node in self.nodes if node.kind == NodeKind.END]
        forwards = [(flow.source, flow.target, self.weight(flow)) for flow in self.flows]
        backwards = [(target, source, weight) for source, target, weight in forwards]
        return _widest(self.entry(), forwards) | {(b, a) for a, b in _widest(ends, backwards)}


def reachable(begin: Iterable[str], flows: Iterable[TaskFlow]) -> dict[str, None]:
    """Keys reached from `begin`, in breadth-first order, the most used flows first."""
    following: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for flow in flows:
        weight = flow.count if flow.count is not None else flow.probability or 0.0
        following[flow.source].append((-weight, flow.target))
    seen = dict.fromkeys(begin)
    queue = list(seen)
    for key in queue:
        for _, target in sorted(following[key]):
            if target not in seen:
                seen[target] = None
                queue.append(target)
    return seen


def _widest(begin: Iterable[str], flows: Iterable[tuple[str, str, float]]) -> set[tuple[str, str]]:
    """The tree of widest paths: each node by the path whose narrowest flow is widest (Pollack 1960)."""
    following: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for source, target, weight in flows:
        following[source].append((target, weight))
    heap = [(-float("inf"), key, "") for key in begin]
    done: set[str] = set()
    tree: set[tuple[str, str]] = set()
    while heap:
        width, key, before = heappop(heap)
        if key in done:
            continue
        done.add(key)
        if before:
            tree.add((before, key))
        for target, weight in following[key]:
            if target not in done:
                heappush(heap, (max(width, -weight), target, key))
    return tree


def _size_problems(graph: TaskGraph) -> Iterable[tuple[str, str]]:
    for path, count, limit in (("nodes", len(graph.nodes), MOST_NODES), ("flows", len(graph.flows), MOST_FLOWS)):
        if count > limit:
            yield path, f"There are {count} {path}; at most {limit} are taken."


def _node_problems(nodes: Sequence[TaskNode]) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for place, node in enumerate(nodes[: MOST_NODES + 1]):
        if not node.name.strip() and node.kind == NodeKind.TASK:
            yield f"nodes.{place}.name", "A task needs a name."
        if len(node.name) > LONGEST_NAME:
            yield f"nodes.{place}.name", f"A name has at most {LONGEST_NAME} characters."
        if node.key in seen:
            yield f"nodes.{place}.key", f"The key “{node.key}” is used twice."
        seen.add(node.key)
        yield from ((f"nodes.{place}.{field}", problem) for field, problem in _figure_problems(node))


def _figure_problems(node: TaskNode) -> Iterable[tuple[str, str]]:
    """Of the figures a person may set; a volume that follows from others is only told."""
    fields = ("handling_minutes", "x", "y") if node.volume_follows else ("handling_minutes", "volume_a_year", "x", "y")
    for field in fields:
        value = getattr(node, field)
        if value is not None and (problem := figure_problem(field, value)):
            yield field, problem


def _flow_problems(graph: TaskGraph) -> Iterable[tuple[str, str]]:
    kinds = {node.key: node.kind for node in graph.nodes}
    seen: set[tuple[str, str]] = set()
    for place, flow in enumerate(graph.flows[: MOST_FLOWS + 1]):
        for side, key in (("source", flow.source), ("target", flow.target)):
            if key not in kinds:
                yield f"flows.{place}.{side}", f"There is no node “{key}”."
        if kinds.get(flow.source) == NodeKind.END:
            yield f"flows.{place}.source", "Nothing can follow an end."
        if kinds.get(flow.target) == NodeKind.START:
            yield f"flows.{place}.target", "Nothing can lead to a start."
        if flow.probability is not None and not 0 <= flow.probability <= 1:
            yield f"flows.{place}.probability", "A probability lies between 0 and 1."
        if (flow.source, flow.target) in seen:
            yield f"flows.{place}", "This flow is there twice."
        seen.add((flow.source, flow.target))
