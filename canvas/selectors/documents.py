"""Reading canvases: the document of one, those of a process, the step of the process they stand for."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.urls import reverse

from accounts.models import Workspace
from canvas.domain.blocks import SHEET
from canvas.domain.changes import earlier
from canvas.domain.completeness import kept
from canvas.domain.document import CanvasDocument, Header, document_of
from canvas.domain.values import shown
from canvas.models import Canvas, CanvasApproval, CanvasRevision, Conclusion
from common.formatting import things
from common.steps import StepState
from planner.models import Process


def canvas_document(canvas: Canvas) -> CanvasDocument:
    """What exports show and the generator builds from."""
    header = Header(
        task=canvas.task.name,
        process=canvas.task.process.name,
        workspace=canvas.workspace.name,
        currency=canvas.workspace.currency,
        designed_for=canvas.designed_for,
        designed_by=canvas.designed_by,
        day=canvas.updated_at.date(),
        iteration=canvas.iteration,
        version=canvas.version,
        conclusion=canvas.conclusion,
        reason=canvas.reason,
    )
    return document_of(header, canvas.fields)


def canvas_to_build(canvas: Canvas) -> CanvasDocument:
    """What a pipeline is generated from: the version approved last, or the canvas as it is where none is."""
    return canvas_document_at(canvas, version_to_build(canvas))


def canvas_document_at(canvas: Canvas, version: int) -> CanvasDocument:
    """What the canvas said at a version; its header is that of today."""
    now = canvas_document(canvas)
    if version == canvas.version:
        return now
    return document_of(replace(now.header, version=version), fields_at(canvas, version))


def version_to_build(canvas: Canvas) -> int:
    """The version `canvas_to_build` gives."""
    approval = canvas_approval(canvas)
    return approval.version if approval is not None else canvas.version


def canvas_approval(canvas: Canvas) -> CanvasApproval | None:
    """The approval given last."""
    return CanvasApproval.objects.of(canvas.workspace).filter(canvas=canvas).select_related("by").first()


def fields_at(canvas: Canvas, version: int) -> dict[str, Any]:
    """The fields as they were at an earlier version."""
    later = CanvasRevision.objects.of(canvas.workspace).filter(canvas=canvas, version__gt=version)
    return earlier(canvas.fields, list(later.order_by("-version").values_list("changes", flat=True)))


@dataclass(frozen=True)
class Difference:
    """One field that says something else at two versions."""

    label: str
    before: str
    after: str


def canvas_differences(canvas: Canvas, before: int, after: int) -> list[Difference]:
    """The fields that differ between any two versions, in the order of the sheet."""
    one, other = fields_at(canvas, before), fields_at(canvas, after)
    pairs = ((block, field) for block in SHEET for field in block.fields)
    found = [
        Difference(
            f"{block.title}, {field.label}", *(shown(field, kept(at, block.key, field.key)) for at in (one, other))
        )
        for block, field in pairs
    ]
    return [each for each in found if each.before != each.after]


def process_canvases(process: Process) -> list[Canvas]:
    """The canvases of a process, in the order of its tasks."""
    return list(Canvas.objects.of(process.workspace).of_process(process))


def canvas_history(canvas: Canvas) -> list[CanvasRevision]:
    """Every change, newest first."""
    return list(CanvasRevision.objects.of(canvas.workspace).filter(canvas=canvas).select_related("author"))


def canvas_furthest(workspace: Workspace) -> dict[int, str]:
    """Processes with a canvas. One query."""
    found = Canvas.objects.of(workspace).values_list("task__process_id", flat=True).distinct()
    return dict.fromkeys(found, "canvas")


def canvas_step(process: Process) -> StepState:
    """How far the canvases of a process are, in a few words."""
    url = reverse("canvas:index", args=[process.workspace.slug, process.pk])
    counted = Canvas.objects.of(process.workspace).filter(task__process=process).values_list("conclusion")
    by_conclusion = dict(counted.annotate(Count("pk")).order_by())
    total = sum(by_conclusion.values())
    if not total:
        return StepState("canvas", "Canvas", url, "open", "none drafted")
    concluded = total - by_conclusion.get(Conclusion.OPEN.value, 0)
    if concluded == total:
        return StepState("canvas", "Canvas", url, "done", f"{things(total, 'canvas', 'canvases')} concluded")
    words = f"{concluded} concluded, {total - concluded} open" if concluded else things(total, "draft")
    return StepState("canvas", "Canvas", url, "part", words)
