"""The task graph of a process, read from the database."""

from collections.abc import Mapping, Sequence

from planner.domain.process_graph.graph import TaskFlow, TaskGraph, TaskNode
from planner.domain.process_graph.node import NodeKind
from planner.models import Flow, Process, Task

NODE_COLUMNS = (
    "pk", "name", "kind", "visits_a_case", "volume_a_year", "handling_minutes", "waiting_hours", "rework_share",
    "x", "y", "volume_source", "lane", "parent_id",
)  # fmt: skip
FLOW_COLUMNS = ("source_id", "target_id", "count", "probability", "label", "condition")


def process_graph(process: Process) -> TaskGraph:
    """All nodes and flows of a process; the key of a node is the id of its task. Two queries.

    Columns instead of rows: of thousands of nodes, what the log measured and the graph does not use costs most.
    """
    tasks = Task.objects.of(process.workspace).filter(process=process).values_list(*NODE_COLUMNS)
    flows = Flow.objects.of(process.workspace).filter(process=process).values_list(*FLOW_COLUMNS)
    return TaskGraph(
        nodes=tuple(
            TaskNode(*(str(pk), name, NodeKind(kind), *rest, "" if parent is None else str(parent)))
            for pk, name, kind, *rest, parent in tasks
        ),
        flows=tuple(TaskFlow(str(source), str(target), *rest) for source, target, *rest in flows),
        cases_a_year=process.cases_a_year,
    )


def rows_of(process: Process) -> tuple[list[Task], list[Flow]]:
    """All nodes and flows, each flow with its ends. Two queries."""
    tasks = list(Task.objects.of(process.workspace).filter(process=process))
    flows = list(Flow.objects.of(process.workspace).filter(process=process))
    by_id = {task.pk: task for task in tasks}
    _with_parents(tasks, by_id)
    for flow in flows:
        flow.source, flow.target = by_id[flow.source_id], by_id[flow.target_id]
    return tasks, flows


def rows_drawn(process: Process) -> tuple[list[Task], TaskGraph, dict[tuple[str, str], int]]:
    """All nodes without who does them, their graph, and the id of each flow by its ends. Two queries.

    Flows are columns only: rows of thousands of them would take as long as drawing them.
    """
    tasks = list(Task.objects.of(process.workspace).filter(process=process).defer("resources"))
    _with_parents(tasks, {task.pk: task for task in tasks})
    found = list(Flow.objects.of(process.workspace).filter(process=process).values_list("pk", *FLOW_COLUMNS))
    flows = tuple(TaskFlow(str(source), str(target), *rest) for _, source, target, *rest in found)
    ids = {(flow.source, flow.target): pk for flow, (pk, *_) in zip(flows, found, strict=True)}
    return tasks, TaskGraph(tuple(_node(task) for task in tasks), flows, process.cases_a_year), ids


def _with_parents(tasks: Sequence[Task], by_id: Mapping[int, Task]) -> None:
    for task in tasks:
        if task.parent_id is not None:
            task.parent = by_id.get(task.parent_id)


def graph_from(process: Process, tasks: Sequence[Task], flows: Sequence[Flow]) -> TaskGraph:
    """The task graph of rows that are already at hand."""
    return TaskGraph(
        nodes=tuple(_node(task) for task in tasks),
        flows=tuple(_flow(flow) for flow in flows),
        cases_a_year=process.cases_a_year,
    )


def _node(task: Task) -> TaskNode:
    return TaskNode(
        key=str(task.pk),
        name=task.name,
        kind=NodeKind(task.kind),
        visits_a_case=task.visits_a_case,
        volume_a_year=task.volume_a_year,
        handling_minutes=task.handling_minutes,
        waiting_hours=task.waiting_hours,
        rework_share=task.rework_share,
        x=task.x,
        y=task.y,
        volume_source=task.volume_source,
        lane=task.lane,
        parent="" if task.parent_id is None else str(task.parent_id),
    )


def _flow(flow: Flow) -> TaskFlow:
    return TaskFlow(str(flow.source_id), str(flow.target_id), flow.count, flow.probability, flow.label, flow.condition)
