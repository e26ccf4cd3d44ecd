"""The whole graph of a process at once."""

from collections.abc import Mapping

from django.db.models import F, Q
from django.utils import timezone

from accounts.access import Access
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from planner.domain.process_graph.graph import GraphError, TaskFlow, TaskGraph, TaskNode
from planner.domain.process_graph.node import LONGEST_CONDITION, LONGEST_LANE
from planner.models import Flow, Process, Source, Task
from planner.services.editing import process_edit

OF_NODES = (
    "name",
    "kind",
    "position",
    "x",
    "y",
    "lane",
    "removed_at",
    "filtered",
    "handling_minutes",
    "handling_source",
    "volume_a_year",
    "volume_source",
)
OF_FLOWS = ("probability", "probability_source", "label", "condition", "removed_at", "filtered")


def graph_replace(*, access: Access, process: Process, graph: TaskGraph, version: int | None = None) -> Process:
    """Make the graph of a process the one given: nodes with the key of a known task keep it, others are new.

    However large it is, it costs a dozen queries.

    Known tasks keep what was measured of them, removed ones come back as they were, those left out are removed. Raises
    InvalidInput with the path of every field that cannot stand.
    """
    graph_check(graph)
    with process_edit(access=access, process=process, version=version):
        graph_put(access=access, process=process, graph=graph)
    return process


def graph_put(*, access: Access, process: Process, graph: TaskGraph) -> None:
    """Write a checked graph, inside an edit that is under way."""
    known = {str(task.pk): task for task in Task.everything.of(access.workspace).filter(process=process)}
    before = {task.pk: _values(task, OF_NODES) for task in known.values()}
    tasks = {node.key: _kept(node, place, known, process) for place, node in enumerate(graph.nodes)}
    _save(graph, tasks, before)
    kept = {task.pk for task in tasks.values()}
    Task.objects.of(access.workspace).filter(Q(process=process) & ~Q(pk__in=kept)).update(removed_at=timezone.now())
    _replace_flows(process, graph.flows, tasks)
    if graph.cases_a_year is not None and graph.cases_a_year != process.cases_a_year:
        process.cases_a_year, process.cases_source = graph.cases_a_year, Source.USER
        process.save(update_fields=["cases_a_year", "cases_source"])
    audit_record(
        access=access, verb="graph.replaced", subject=f"process:{process.pk}", detail={"process": process.name}
    )


def graph_check(graph: TaskGraph) -> None:
    """InvalidInput with the path of every field that cannot stand."""
    try:
        graph.check()
    except GraphError as refused:
        problems = [FieldProblem(path, message) for path, message in refused.problems]
        raise InvalidInput("The graph was not saved.", errors=problems) from refused


def _kept(node: TaskNode, place: int, known: dict[str, Task], process: Process) -> Task:
    task = known.get(node.key) or Task(workspace=process.workspace, process=process)
    task.name, task.kind, task.position = " ".join(node.name.split()), node.kind.value, place
    task.x, task.y, task.lane = node.x, node.y, " ".join(node.lane.split())[:LONGEST_LANE]
    task.removed_at, task.filtered = None, False
    if node.handling_minutes != task.handling_minutes:
        task.handling_minutes = node.handling_minutes
        task.handling_source = Source.NONE if node.handling_minutes is None else Source.USER
    if node.volume_a_year is not None and node.volume_a_year != task.volume_a_year and not node.volume_follows:
        task.volume_a_year, task.volume_source = node.volume_a_year, Source.USER
    return task


def _values(row: Task | Flow, fields: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, field) for field in fields)


def _save(graph: TaskGraph, tasks: dict[str, Task], before: Mapping[int, tuple[object, ...]]) -> None:
    """Write the rows of the nodes; what they are part of last, when every sub-process has its row."""
    known = [task for task in tasks.values() if task.pk is not None and _values(task, OF_NODES) != before[task.pk]]
    Task.everything.bulk_create([task for task in tasks.values() if task.pk is None])
    # Rows are written over as they stand: an update of thousands by cases held other writers for half a minute.
    Task.everything.bulk_create(known, update_conflicts=True, unique_fields=["id"], update_fields=OF_NODES)
    moved = []
    for node in graph.nodes:
        parent = tasks[node.parent].pk if node.parent else None
        if tasks[node.key].parent_id != parent:
            tasks[node.key].parent_id = parent
            moved.append(tasks[node.key])
    Task.everything.bulk_update(moved, ["parent"], batch_size=500)


def _replace_flows(process: Process, flows: tuple[TaskFlow, ...], tasks: dict[str, Task]) -> None:
    """Flows between the same ends stay the same rows, removed ones come back; those left out are removed."""
    every = Flow.everything.of(process.workspace).filter(process=process).order_by(F("removed_at").asc(nulls_last=True))
    known: dict[tuple[int, int], Flow] = {}
    for row in every:
        known.setdefault((row.source_id, row.target_id), row)
    before = {row.pk: _values(row, OF_FLOWS) for row in known.values()}
    wanted = {(tasks[flow.source].pk, tasks[flow.target].pk): flow for flow in flows}
    left = [row.pk for ends, row in known.items() if row.removed_at is None and ends not in wanted]
    Flow.objects.of(process.workspace).filter(pk__in=left).update(removed_at=timezone.now())
    made = []
    for (source, target), flow in wanted.items():
        row = known.get((source, target)) or Flow(
            workspace=process.workspace, process=process, source_id=source, target_id=target, count=flow.count
        )
        if row.probability != flow.probability:
            row.probability_source = Source.NONE if flow.probability is None else Source.USER
        row.probability, row.label, row.removed_at, row.filtered = flow.probability, flow.label[:120], None, False
        row.condition = flow.condition.strip()[:LONGEST_CONDITION]
        made.append(row)
    kept = [row for row in made if row.pk is not None and _values(row, OF_FLOWS) != before[row.pk]]
    Flow.everything.bulk_create([row for row in made if row.pk is None])
    Flow.everything.bulk_create(kept, update_conflicts=True, unique_fields=["id"], update_fields=OF_FLOWS)
