"""Sub-processes: what is inside one, and moving a node into or out of one with its flows kept whole."""

from collections.abc import Sequence

from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.process_graph.node import NodeKind
from planner.models import Flow, Process, Task

OF_A_FLOW = ("probability", "label", "condition", "count")
EDGES = frozenset({NodeKind.START.value, NodeKind.END.value})


def everything_inside(task: Task) -> list[int]:
    """The ids of all nodes inside a sub-process at any depth, removed ones too; a query a level."""
    found: list[int] = []
    level = [task.pk]
    while level:
        inside = Task.everything.of(task.workspace).filter(parent__in=level).exclude(pk__in=[task.pk, *found])
        level = list(inside.values_list("pk", flat=True))
        found += level
    return found


def parent_checked(process: Process, parent: Task | None) -> None:
    """Refuse a parent that is no sub-process of this process."""
    if parent is None:
        return
    if parent.process_id != process.pk or parent.kind != NodeKind.SUBPROCESS.value:
        message = f"“{parent.name}” is no sub-process of “{process.name}”."
        raise InvalidInput("It cannot be part of that.", errors=[FieldProblem("parent", message)])


def inside_made(task: Task) -> None:
    """Give a sub-process its start and end, joined by a flow."""
    last = Task.objects.of(task.workspace).filter(process=task.process_id).aggregate(last=Max("position"))["last"] or 0
    start, end = (
        Task.objects.create(
            workspace=task.workspace,
            process_id=task.process_id,
            parent=task,
            name=kind.value.title(),
            kind=kind.value,
            position=last + place,
        )
        for place, kind in enumerate((NodeKind.START, NodeKind.END), start=1)
    )
    _draw(start, end)


def kind_changed(task: Task, kind: str) -> None:
    """Make a node another kind. A start or an end stays one; a sub-process with tasks inside stays one."""
    if kind == task.kind:
        return
    if kind not in {one.value for one in NodeKind}:
        raise InvalidInput("The kind was not changed.", errors=[FieldProblem("kind", f"“{kind}” is no kind of node.")])
    if EDGES & {kind, task.kind}:
        message = "A start or an end cannot become something else, nor something else one: add it anew."
        raise InvalidInput("The kind was not changed.", errors=[FieldProblem("kind", message)])
    if task.kind == NodeKind.SUBPROCESS.value:
        _emptied(task)
    task.kind = kind
    task.save(update_fields=["kind"])
    if kind == NodeKind.SUBPROCESS.value:
        inside_made(task)


def _emptied(task: Task) -> None:
    inside = Task.objects.of(task.workspace).filter(parent=task)
    if inside.exclude(kind__in=EDGES).exists():
        raise Conflict(f"“{task.name}” has tasks inside.", detail="Move them out or delete them first.")
    inside.update(removed_at=timezone.now())


def moved_into(task: Task, parent: Task | None) -> None:
    """Make a node part of a sub-process (None: of the process itself).

    Where it was, what led to it leads on to what followed it; a choice it made stays behind as an exclusive gateway.
    Where it comes to, it is put before the end when one flow leads there, else it has no flow yet.
    """
    if (parent.pk if parent else None) == task.parent_id:
        return
    parent_checked(task.process, parent)
    if task.kind in EDGES:
        raise InvalidInput("A start or an end stays where it is.", errors=[FieldProblem("parent", "It stays.")])
    if parent is not None and parent.pk in {task.pk, *everything_inside(task)}:
        message = f"“{task.name}” would be part of itself."
        raise InvalidInput("It cannot be part of that.", errors=[FieldProblem("parent", message)])
    _closed_up(task)
    task.parent = parent
    task.save(update_fields=["parent"])
    if parent is not None:
        put_before_end(task)


def put_before_end(task: Task) -> None:
    """Between the end of its level and what leads there, when that is one flow."""
    found = Flow.objects.of(task.workspace).filter(
        process=task.process_id, target__parent=task.parent_id, target__kind=NodeKind.END.value
    )
    last = list(found.select_related("target")[:2])
    if len(last) != 1:
        return
    flow, end = last[0], last[0].target
    _draw(flow.source, task, like=flow)
    _remove([flow])
    _draw(task, end)


def _closed_up(task: Task) -> None:
    """Lead the flows of a node past it before it goes."""
    flows = Flow.objects.of(task.workspace).select_related("source", "target")
    incoming = [flow for flow in flows.filter(target=task) if flow.source_id != task.pk]
    outgoing = [flow for flow in flows.filter(source=task) if flow.target_id != task.pk]
    onward = outgoing[0].target if len(outgoing) == 1 else None
    if len(outgoing) > 1:
        onward = Task.objects.create(
            workspace=task.workspace,
            process_id=task.process_id,
            parent=task.parent,
            lane=task.lane,
            kind=NodeKind.EXCLUSIVE.value,
            position=task.position,
        )
        for flow in outgoing:
            _draw(onward, flow.target, like=flow)
    _remove(list(flows.filter(target=task)) + list(flows.filter(source=task)))
    for flow in incoming:
        if onward is not None:
            _draw(flow.source, onward, like=flow)


def _draw(source: Task, target: Task, *, like: Flow | None = None) -> None:
    """A flow with the count, share and words of another; where there is one already, their shares add up."""
    there = Flow.objects.of(source.workspace).filter(source=source, target=target).first()
    if there is not None:
        if like is not None and None not in (there.probability, like.probability):
            there.probability = min(1.0, (there.probability or 0.0) + (like.probability or 0.0))
            there.save(update_fields=["probability"])
        return
    words = {} if like is None else {name: getattr(like, name) for name in OF_A_FLOW}
    Flow.objects.create(workspace=source.workspace, process_id=source.process_id, source=source, target=target, **words)


def _remove(flows: Sequence[Flow]) -> None:
    Flow.everything.filter(pk__in=[flow.pk for flow in flows]).update(removed_at=timezone.now())
