"""How a pipeline is built: the options, why each fits, and the picture of what results."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from canvas.models import Canvas
from common.errors import NotFound
from pipelines.forms import OptionsForm
from pipelines.selectors import generation_latest, options_page, training_choice
from planner.models import Task


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Every option, pre-chosen from the canvas."""
    return options_shown(request, canvas_of(request, task_id), None)


@require_safe
@workspace_view()
def result(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """The part of the page that follows from what is chosen on it: what fits, and the picture."""
    form = OptionsForm(request.GET)
    form.is_valid()
    shown = {"options": options_page(canvas_of(request, task_id), chosen=form.cleaned_data.get("architecture"))}
    return render(request, "pipelines/_options.html", shown)


def options_shown(request: WorkspaceRequest, canvas: Canvas, refused: OptionsForm | None) -> HttpResponse:
    """The page as it is kept; with what was sent, and what is wrong with it, where that was refused."""
    sent = refused.cleaned_data if refused else {}
    options = options_page(canvas, chosen=sent.get("architecture"), kind=sent.get("licence", ""))
    pipeline = options.pipeline
    generation = generation_latest(pipeline) if pipeline else None
    form = refused or OptionsForm(licence=options.licence, with_rows=generation is not None and generation.with_rows)
    shown = {
        "process": canvas.task.process,
        "current_step": "pipeline",
        "task": canvas.task,
        "pipeline": pipeline,
        "generation": generation,
        "form": form,
        "options": options,
        "training": training_choice(canvas),
    }
    return render(request, "pipelines/options.html", shown, status=422 if form.errors else 200)


def canvas_of(request: WorkspaceRequest, task_id: int) -> Canvas:
    """The canvas of a task; NotFound where it was never drafted."""
    task = Task.objects.of(request.workspace).work().get_or_404(pk=task_id)
    canvas = Canvas.objects.of(request.workspace).select_related("task__process").filter(task=task).first()
    if canvas is None:
        raise NotFound("This task has no canvas yet: draft it first.")
    return canvas
