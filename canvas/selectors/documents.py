"""Reading canvases: the document of one, those of a process, the step of the process they stand for."""

from django.db.models import Count
from django.urls import reverse

from accounts.models import Workspace
from canvas.domain.document import CanvasDocument, Header, document_of
from canvas.models import Canvas, CanvasRevision, Conclusion
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
