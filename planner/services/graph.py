"""Flows of a process."""

from django.utils import timezone

from accounts.access import Access
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.process_graph.node import LONGEST_CONDITION, NodeKind
from planner.models import Flow, Source, Task
from planner.services.editing import process_edit


def flow_add(
    *,
    access: Access,
    source: Task,
    target: Task,
    probability: float | None = None,
    label: str = "",
    condition: str = "",
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
            probability_source=Source.NONE if probability is None else Source.USER,
            label=label.strip()[:120],
            condition=condition.strip()[:LONGEST_CONDITION],
        )
        audit_record(access=access, verb="flow.added", subject=f"process:{source.process_id}", detail=_ends(flow))
    return flow


def flow_update(
    *,
    access: Access,
    flow: Flow,
    probability: float | None,
    label: str = "",
    condition: str | None = None,
    version: int | None = None,
) -> Flow:
    """Set the probability of a branch (None: it takes what the others leave), its label and, unless None, condition."""
    _check_share(probability)
    with process_edit(access=access, process=flow.process, version=version):
        if probability != flow.probability:
            flow.probability_source = Source.NONE if probability is None else Source.USER
        flow.probability, flow.label = probability, label.strip()[:120]
        if condition is not None:
            flow.condition = condition.strip()[:LONGEST_CONDITION]
        flow.save(update_fields=["probability", "probability_source", "label", "condition"])
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


def _check_ends(source: Task, target: Task) -> None:
    if source.parent_id != target.parent_id:
        message = "A flow joins two nodes of the same level; what is inside a sub-process is reached through it."
        raise InvalidInput(message, errors=[FieldProblem("target", message)])
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
