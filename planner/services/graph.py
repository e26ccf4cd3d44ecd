"""Flows of a process, and the whole graph at once."""

from django.db.models import F, Q
from django.utils import timezone

from accounts.access import Access
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.graph import GraphError, TaskFlow, TaskGraph, TaskNode
from planner.domain.nodes import NodeKind
from planner.models import Flow, Process, Source, Task
from planner.services.editing import process_edit


def flow_add(
    *,
    access: Access,
    source: Task,
    target: Task,
    probability: float | None = None,
    label: str = "",
    version: int | None = None,
) -> Flow:
    """Draw a flow from one task to another of the same process."""
    if source.process_id != target.process_id:
        raise InvalidInput("A flow joins two tasks of one process.")
    _check_ends(source, target)
    _check_share(probability)
    with process_edit(access=access, process=source.process, version=version):
        if Flow.objects.of(access.workspace).filter(source=source, target=target).exists():
            raise Conflict(f"“{source.name}” already leads to “{target.name}”.")
        flow: Flow = Flow.objects.create(
            workspace=access.workspace,
            process=source.process,
            source=source,
            target=target,
            probability=probability,
            label=label.strip()[:120],
        )
        audit_record(access=access, verb="flow.added", subject=f"process:{source.process_id}", detail=_ends(flow))
    return flow


def flow_update(
    *, access: Access, flow: Flow, probability: float | None, label: str = "", version: int | None = None
) -> Flow:
    """Set the probability of a branch (None: it takes what the others leave) and its label."""
    _check_share(probability)
    with process_edit(access=access, process=flow.process, version=version):
        flow.probability, flow.label = probability, label.strip()[:120]
        flow.save(update_fields=["probability", "label"])
        audit_record(access=access, verb="flow.updated", subject=f"process:{flow.process_id}", detail=_ends(flow))
    return flow


def flow_delete(*, access: Access, flow: Flow, version: int | None = None) -> None:
    """Remove a flow; `flow_restore` brings it back."""
    with process_edit(access=access, process=flow.process, version=version):
        audit_record(access=access, verb="flow.deleted", subject=f"process:{flow.process_id}", detail=_ends(flow))
        flow.removed_at = timezone.now()
        flow.save(update_fields=["removed_at"])


def flow_restore(*, access: Access, flow: Flow, version: int | None = None) -> Flow:
    """Bring a removed flow back as it was. Conflict when another was drawn in its place."""
    with process_edit(access=access, process=flow.process, version=version):
        if Flow.objects.of(access.workspace).filter(source=flow.source, target=flow.target).exists():
            raise Conflict(f"“{flow.source.name}” already leads to “{flow.target.name}”.")
        flow.removed_at = None
        flow.save(update_fields=["removed_at"])
        audit_record(access=access, verb="flow.restored", subject=f"process:{flow.process_id}", detail=_ends(flow))
    return flow


def graph_replace(*, access: Access, process: Process, graph: TaskGraph, version: int | None = None) -> Process:
    """Make the graph of a process the one given: nodes with the key of a known task keep it, others are new.

    Known tasks keep what was measured of them, removed ones come back as they were, those left out are removed. Raises
    InvalidInput with the path of every field that cannot stand.
    """
    _check_graph(graph)
    with process_edit(access=access, process=process, version=version):
        known = {str(task.pk): task for task in Task.everything.of(access.workspace).filter(process=process)}
        tasks = {node.key: _kept(node, place, known, process) for place, node in enumerate(graph.nodes)}
        kept = {task.pk for task in tasks.values()}
        Task.objects.of(access.workspace).filter(Q(process=process) & ~Q(pk__in=kept)).update(removed_at=timezone.now())
        _replace_flows(process, graph.flows, tasks)
        if graph.cases_a_year is not None and graph.cases_a_year != process.cases_a_year:
            process.cases_a_year, process.cases_source = graph.cases_a_year, Source.USER
            process.save(update_fields=["cases_a_year", "cases_source"])
        audit_record(
            access=access, verb="graph.replaced", subject=f"process:{process.pk}", detail={"process": process.name}
        )
    return process


def _check_graph(graph: TaskGraph) -> None:
    try:
        graph.check()
    except GraphError as refused:
        problems = [FieldProblem(path, message) for path, message in refused.problems]
        raise InvalidInput("The graph was not saved.", errors=problems) from refused


def _kept(node: TaskNode, place: int, known: dict[str, Task], process: Process) -> Task:
    task = known.get(node.key) or Task(workspace=process.workspace, process=process)
    task.name, task.kind, task.position = " ".join(node.name.split()), node.kind.value, place
    task.x, task.y, task.removed_at = node.x, node.y, None
    if node.handling_minutes != task.handling_minutes:
        task.handling_minutes = node.handling_minutes
        task.handling_source = Source.NONE if node.handling_minutes is None else Source.USER
    if node.volume_a_year is not None and node.volume_a_year != task.volume_a_year and not node.volume_follows:
        task.volume_a_year, task.volume_source = node.volume_a_year, Source.USER
    task.save()
    return task


def _replace_flows(process: Process, flows: tuple[TaskFlow, ...], tasks: dict[str, Task]) -> None:
    """Flows between the same ends stay the same rows, removed ones come back; those left out are removed."""
    every = Flow.everything.of(process.workspace).filter(process=process).order_by(F("removed_at").asc(nulls_last=True))
    known: dict[tuple[int, int], Flow] = {}
    for row in every:
        known.setdefault((row.source_id, row.target_id), row)
    wanted = {(tasks[flow.source].pk, tasks[flow.target].pk): flow for flow in flows}
    left = [row.pk for ends, row in known.items() if row.removed_at is None and ends not in wanted]
    Flow.objects.of(process.workspace).filter(pk__in=left).update(removed_at=timezone.now())
    made = []
    for (source, target), flow in wanted.items():
        row = known.get((source, target)) or Flow(
            workspace=process.workspace, process=process, source_id=source, target_id=target, count=flow.count
        )
        row.probability, row.label, row.removed_at = flow.probability, flow.label[:120], None
        made.append(row)
    Flow.everything.bulk_create([row for row in made if row.pk is None])
    Flow.everything.bulk_update([row for row in made if row.pk is not None], ["probability", "label", "removed_at"])


def _check_ends(source: Task, target: Task) -> None:
    if source.kind == NodeKind.END.value:
        raise InvalidInput("Nothing can follow an end.", errors=[FieldProblem("source", "Nothing can follow an end.")])
    if target.kind == NodeKind.START.value:
        message = "Nothing can lead to a start."
        raise InvalidInput(message, errors=[FieldProblem("target", message)])


def _check_share(probability: float | None) -> None:
    if probability is not None and not 0 <= probability <= 1:
        message = "A probability lies between 0 and 100 %."
        raise InvalidInput("The flow was not saved.", errors=[FieldProblem("probability", message)])


def _ends(flow: Flow) -> dict[str, object]:
    return {"flow": f"{flow.source.name} → {flow.target.name}", "probability": flow.probability}
