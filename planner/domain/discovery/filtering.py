"""From the directly-follows graph to a task graph that can be read: fewer activities, fewer flows, no case cut off.

Activities are kept by how often they are done, flows by how often they are taken, each up to a share of the whole. What
is left out is taken out of the cases before they are counted (see `sequences`): volumes of the rest stay what the log
says, and without a filter on flows the flow equations give the measured visits back.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.domain.discovery.discovered_graph import END_KEY, START_KEY
from planner.domain.discovery.discovery import FlowFacts
from planner.domain.discovery.sequences import Follows, Mask, Sequences, flow_facts, follows
from planner.domain.process_graph.graph import NodeKind, TaskFlow, TaskGraph, TaskNode


class FilterError(ValueError):
    """A filter that cannot be: which of its two shares (`where`), and what it may be."""

    def __init__(self, what: str, *, where: str) -> None:
        super().__init__(what)
        self.where = where


@dataclass(frozen=True)
class GraphFilter:
    """How much of a log is shown: the share of all visits that the kept activities make, and the share of all steps
    between them that the kept flows carry. Both in 0 to 1; 1 keeps everything, 0 the most frequent activity and the
    flows that no activity can do without.
    """

    activities: float = 1.0
    flows: float = 1.0

    def __post_init__(self) -> None:
        for name in ("activities", "flows"):
            if not 0 <= getattr(self, name) <= 1:
                raise FilterError("A share of what is kept lies between 0 and 100 %.", where=name)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "GraphFilter":
        """From what is stored; what is missing keeps everything."""
        return cls(float(values.get("activities", 1.0)), float(values.get("flows", 1.0)))

    def as_dict(self) -> dict[str, float]:
        """Plain values; empty for a filter that keeps everything."""
        return {} if self == GraphFilter() else {"activities": self.activities, "flows": self.flows}


@dataclass(frozen=True)
class FilteredGraph:
    """What a filter leaves: activities kept and left out (most frequent first), flows kept, and how much is hidden.

    Counts of flows are cases of the log. `cases_whole` are cases of which every step is shown; `visits_share` and
    `steps_share` say what part of all visits and of all steps between kept activities is shown.
    """

    activities: tuple[str, ...]
    left_out: tuple[str, ...]
    flows: tuple[FlowFacts, ...]
    flows_hidden: int
    cases: int
    cases_whole: int
    visits_share: float
    steps_share: float

    @property
    def cases_whole_share(self) -> float:
        """The share of cases whose whole path is shown."""
        return self.cases_whole / self.cases if self.cases else 1.0

    def graph(self) -> TaskGraph:
        """The kept part as a task graph: keys are names of activities, start and end; probabilities add up to one."""
        return shares_graph(self.activities, self.flows)


def filtered(sequences: Sequences, chosen: GraphFilter, *, without: Iterable[str] = ()) -> FilteredGraph:
    """Apply a filter to a log; `without` names activities that are left out whatever their share."""
    barred, visits = frozenset(without), sequences.visits
    order = [number for number in _by_visits(sequences) if sequences.names[number] not in barred]
    kept = _most_frequent(order, visits.tolist(), chosen.activities)
    return _left(sequences, kept, order[len(kept) :], chosen.flows)


def kept_only(sequences: Sequences, activities: Container[str], *, flows: float = 1.0) -> FilteredGraph:
    """A log with exactly these of its activities, and `flows` (0 to 1) of the steps between them."""
    order = _by_visits(sequences)
    kept = [number for number in order if sequences.names[number] in activities]
    return _left(sequences, kept, [number for number in order if sequences.names[number] not in activities], flows)


def _by_visits(sequences: Sequences) -> list[int]:
    """The numbers of the activities, the most frequent first, by name where they are alike."""
    visits = sequences.visits
    return sorted(range(len(sequences.names)), key=lambda number: (-visits[number], sequences.names[number]))


def _left(sequences: Sequences, kept: list[int], left_out: list[int], flows: float) -> FilteredGraph:
    visits = sequences.visits
    mask = np.zeros(len(sequences.names), dtype=bool)
    mask[kept] = True
    found = follows(sequences, mask)
    shown = _kept_flows(found, sequences, flows)
    facts = flow_facts(found, sequences.names)
    return FilteredGraph(
        activities=tuple(sequences.names[number] for number in kept),
        left_out=tuple(sequences.names[number] for number in left_out),
        flows=tuple(fact for fact, keep in zip(facts, shown, strict=True) if keep),
        flows_hidden=int((~shown).sum()),
        cases=sequences.cases,
        cases_whole=sequences.cases - len(_broken(sequences, mask, found, shown)),
        visits_share=float(visits[kept].sum() / max(visits.sum(), 1)),
        steps_share=float(found.count[shown].sum() / max(found.count.sum(), 1)),
    )


def shares_graph(activities: Iterable[str], flows: Iterable[FlowFacts]) -> TaskGraph:
    """A graph of flows counted by name, the probability of each its share of what leaves its source."""
    listed = list(flows)
    total: Counter[str | None] = Counter()
    for flow in listed:
        total[flow.source] += flow.count
    nodes = [TaskNode(START_KEY, "Start", NodeKind.START), *(TaskNode(_key(name), name) for name in activities)]
    drawn = [
        TaskFlow(
            START_KEY if flow.source is None else _key(flow.source),
            END_KEY if flow.target is None else _key(flow.target),
            flow.count,
            flow.count / total[flow.source],
        )
        for flow in listed
    ]
    return TaskGraph((*nodes, TaskNode(END_KEY, "End", NodeKind.END)), tuple(drawn))


def _key(name: str) -> str:
    """The key of an activity: its name, marked so that one called “start” is not taken for the start."""
    return f"a:{name}"


def _most_frequent(order: list[int], visits: list[int], share: float) -> list[int]:
    """The beginning of `order` that carries the share of its visits; at least one, all of them for 1."""
    if share >= 1:
        return order
    total, carried = sum(visits[number] for number in order), 0
    kept: list[int] = []
    for number in order:
        if kept and carried >= share * total:
            break
        kept.append(number)
        carried += visits[number]
    return kept


def _kept_flows(found: Follows, sequences: Sequences, share: float) -> Mask:
    """The flows no activity can do without, then the most taken until the share of all steps is carried."""
    size = len(found.source)
    if share >= 1:
        return np.ones(size, dtype=bool)
    names = [*range(len(sequences.names)), START_KEY, END_KEY]
    ends = [(str(names[a]), str(names[b])) for a, b in zip(found.source.tolist(), found.target.tolist(), strict=True)]
    backbone = _graph_of(ends, found.count.tolist()).backbone()
    needed = np.fromiter((pair in backbone for pair in ends), dtype=bool, count=size)
    order = np.lexsort((found.target, found.source, -found.count))
    order = order[~needed[order]]
    before = found.count[needed].sum() + np.concatenate([[0], np.cumsum(found.count[order])[:-1]])[: len(order)]
    needed[order[before < share * found.count.sum()]] = True
    return np.asarray(needed)


def _graph_of(ends: list[tuple[str, str]], counts: list[int]) -> TaskGraph:
    keys = sorted({key for pair in ends for key in pair} - {START_KEY, END_KEY})
    nodes = [TaskNode(START_KEY, "", NodeKind.START), *(TaskNode(key, "") for key in keys)]
    flows = tuple(TaskFlow(a, b, count) for (a, b), count in zip(ends, counts, strict=True))
    return TaskGraph((*nodes, TaskNode(END_KEY, "", NodeKind.END)), flows)


def _broken(sequences: Sequences, kept: Mask, found: Follows, shown: Mask) -> np.ndarray:
    """The cases of which some activity or some step is hidden."""
    lost = sequences.case[~kept[sequences.activity]]
    cut = found.step_case[~shown[found.step_flow]]
    return np.union1d(lost, cut)
