"""Writing what was counted in a log into the tasks and flows of a process, around what people set."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from planner.domain.discovery.branches import SetByPeople, branch_shares
from planner.domain.discovery.discovery import FlowFacts
from planner.domain.process_graph.graph import NodeKind
from planner.models import Flow, Process, Source, Task

#: measures of the log that are no figure of a task by themselves
_ELSEWHERE = frozenset({"name", "resources", "automatic"})
FLOW_FIELDS = ["count", "probability", "probability_source", "filtered", "removed_at"]


def task_measured(task: Task, facts: Mapping[str, Any], volume: float | None) -> None:
    """Give a new task all that the log says of its activity; `volume` in visits a year."""
    minutes = facts["handling_median_minutes"]
    task.activity = facts["name"]
    task.visits_a_case, task.volume_a_year, task.volume_source = facts["visits_a_case"], volume, Source.LOG
    task.handling_minutes = minutes
    task.handling_source = Source.NONE if minutes is None else Source.LOG
    task.waiting_hours, task.rework_share = facts["waiting_median_hours"], facts["rework_share"]
    task_described(task, facts)
    task.figures = figures_from(facts) | {"volume_a_year": volume}


def task_described(task: Task, facts: Mapping[str, Any]) -> None:
    """What the log says of a task besides figures: who does it, whether it looks like a machine."""
    task.automatic_proposed = facts["automatic"]
    task.resources = [{"name": name, "count": count} for name, count in facts["resources"]]


def figures_from(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The measures of an activity as a task keeps them."""
    kept = {key: value for key, value in facts.items() if key not in _ELSEWHERE}
    return kept | {"handling_minutes": facts["handling_median_minutes"]}


@dataclass
class FlowRows:
    """The flows of a process by their ends, those out of sight too; where there are several, the one in sight.

    `in_sight` are the tasks that are there now.
    """

    process: Process
    in_sight: frozenset[int] = frozenset()
    by_ends: dict[tuple[int, int], Flow] = field(default_factory=dict)
    made: list[Flow] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, process: Process) -> "FlowRows":
        rows = Flow.everything.of(process.workspace).filter(process=process).order_by("id")
        tasks = Task.objects.of(process.workspace).filter(process=process).values_list("pk", flat=True)
        found = cls(process, frozenset(tasks))
        for row in sorted(rows, key=lambda row: (row.removed_at is not None, row.filtered)):
            found.by_ends.setdefault((row.source_id, row.target_id), row)
        return found

    def save(self) -> None:
        """Write what was changed."""
        Flow.everything.bulk_create(self.made)
        rows = [row for row in self.by_ends.values() if row.pk in self.changed]
        Flow.everything.bulk_update(rows, FLOW_FIELDS, batch_size=500)

    def write(self, source: int, counted: Mapping[int, int], known: Collection[int]) -> None:
        """Make the branches out of one task what was counted, {target: cases}; what people set or drew stays.

        `known` are the nodes the log can lead to: a counted flow to one of them that is no longer there is put out of
        sight, flows to others are nobody's business here.
        """
        leaving = [row for row in self.by_ends.values() if row.source_id == source and row.target_id in self.in_sight]
        mine = {row.target_id: row for row in leaving}
        for row in leaving:
            if _from_log(row) and row.target_id in known and row.target_id not in counted:
                row.removed_at, row.filtered = timezone.now(), True
                self.changed.add(row.pk)
        free = {target: cases for target, cases in counted.items() if not _held(mine.get(target))}
        shares = branch_shares(free, _set_by_people(leaving, counted))
        for target, cases in counted.items():
            self._count(source, target, cases, mine.get(target), shares.get(target))

    def _count(self, source: int, target: int, cases: int, row: Flow | None, share: float | None) -> None:
        if row is None:
            row = Flow(workspace=self.process.workspace, process=self.process, source_id=source, target_id=target)
            self.by_ends[source, target] = row
            self.made.append(row)
        row.count = cases
        if share is not None:
            row.probability, row.probability_source = share, Source.LOG
            row.removed_at, row.filtered = None, False
        if row.pk is not None:
            self.changed.add(row.pk)


def counted_by_source(
    facts: Iterable[FlowFacts], tasks: Mapping[str, Task], edges: tuple[Task, Task]
) -> dict[int, dict[int, int]]:
    """Counts of flows by the ids of the rows of their ends; `edges` are the start and the end of the process."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for fact in facts:
        source = edges[0] if fact.source is None else tasks.get(fact.source)
        target = edges[1] if fact.target is None else tasks.get(fact.target)
        if source is not None and target is not None:
            found[source.pk][target.pk] = found[source.pk].get(target.pk, 0) + fact.count
    return dict(found)


def edges_of(process: Process) -> tuple[Task, Task]:
    """The start and the end that the cases of a log begin and finish at; made where the graph has none."""
    return _edge(process, NodeKind.START), _edge(process, NodeKind.END)


def _edge(process: Process, kind: NodeKind) -> Task:
    found: Task | None = Task.objects.of(process.workspace).filter(process=process, kind=kind.value).first()
    if found is not None:
        return found
    made: Task = Task.objects.create(
        workspace=process.workspace, process=process, name=kind.value.title(), kind=kind.value
    )
    return made


def _from_log(row: Flow) -> bool:
    """In sight because it was counted, and nobody set it."""
    return row.removed_at is None and row.count is not None and row.probability_source != Source.USER


def _held(row: Flow | None) -> bool:
    """A person set its probability, or removed it: the log only counts it."""
    if row is None:
        return False
    if row.removed_at is not None:
        return not row.filtered
    return row.probability_source == Source.USER


def _set_by_people(leaving: Iterable[Flow], counted: Mapping[int, int]) -> SetByPeople:
    rows = list(leaving)
    seen = [row for row in rows if row.removed_at is None and (_held(row) or row.target_id not in counted)]
    drawn = [row for row in seen if row.probability is not None]
    struck = sum(counted.get(row.target_id, 0) for row in rows if row.removed_at is not None and not row.filtered)
    return SetByPeople(fixed=sum(row.probability or 0.0 for row in drawn), struck=struck, open=len(drawn) < len(seen))
