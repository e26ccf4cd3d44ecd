"""What the model itself says on the pages: where one stands in it, what was found, and what a case does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.process_graph.case_flow import CaseFlow
from planner.domain.process_graph.findings import Finding
from planner.domain.process_graph.flow import FlowError
from planner.domain.process_graph.graph import TaskGraph
from planner.domain.process_graph.node import NodeKind
from planner.models import GraphSnapshot, Process, Task

MOST_FINDINGS = 20


@dataclass(frozen=True)
class Place:
    """The sub-process that is open: `key` is its id, "" for the process; `crumbs` the ones around it and itself.

    `inside` are the ids of everything in it at any depth, None for all of the process.
    """

    key: str
    crumbs: Sequence[Task]
    inside: frozenset[int] | None

    def holds(self, pk: int) -> bool:
        """The node stands in it."""
        return self.inside is None or pk in self.inside

    @property
    def query(self) -> str:
        """What an address needs to stay there."""
        return f"in={self.key}&" if self.key else ""


@dataclass(frozen=True)
class Findings:
    """What was found about a graph: the first of it, how many more, and what the last fix was for, to take it back."""

    shown: Sequence[Finding]
    more: int
    mended: str


def place_of(process: Process, tasks: Sequence[Task], key: str) -> Place:
    """The place an address names; one that is no sub-process of this process is the process itself."""
    by_id = {str(task.pk): task for task in tasks}
    if key not in by_id or by_id[key].kind != NodeKind.SUBPROCESS.value:
        return Place("", (), None)
    crumbs, here = [by_id[key]], by_id[key]
    while here.parent_id is not None and here.parent_id not in {task.pk for task in crumbs}:
        here = by_id[str(here.parent_id)]
        crumbs.append(here)
    parts: dict[int | None, list[int]] = defaultdict(list)
    for task in tasks:
        parts[task.parent_id].append(task.pk)
    inside = [by_id[key].pk]
    for pk in inside:
        inside.extend(parts[pk])
    return Place(key, crumbs[::-1], frozenset(inside[1:]))


def findings_on(process: Process, graph: TaskGraph) -> Findings:
    """What was found about the graph of a process. One query."""
    found = graph.findings()
    before = GraphSnapshot.objects.of(process.workspace).filter(process=process, version=process.version)
    mended = before.filter(verb="graph.mended").values_list("words", flat=True).first() or ""
    return Findings(found[:MOST_FINDINGS], max(0, len(found) - MOST_FINDINGS), mended)


def case_of(graph: TaskGraph, tasks: Sequence[Task]) -> CaseFlow | None:
    """What a case does, None where the flow equations have no solution.

    A visit takes its waiting and its handling; waiting that runs from completion to completion contains the handling.
    """
    hours = {}
    for task in tasks:
        handling = 0.0 if task.figures.get("waiting_has_handling") else (task.handling_minutes or 0.0) / 60
        hours[str(task.pk)] = handling + (task.waiting_hours or 0.0)
    try:
        return graph.case_flow(hours)
    except FlowError:
        return None
