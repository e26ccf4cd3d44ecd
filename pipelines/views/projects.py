"""Pages of what is generated: all pipelines, those of a process, one with its files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from canvas.models import Canvas
from canvas.services import canvas_draft
from common.formatting import things
from pipelines.forms import GenerateForm, GenerateTopForm
from pipelines.models import Generation, Pipeline
from pipelines.selectors import (
    canvases_waiting,
    download_of,
    file_shown,
    generating,
    generation_latest,
    pipelines_of,
    project_page,
    runs_of,
)
from pipelines.services import pipeline_generate, pipeline_generate_top
from planner.models import Process, Task
from planner.selectors.older_measures import older_note
from planner.selectors.value_results import MOST_AT_ONCE
from planner.services import ranking_order

PAGE = 50
SHOWN_RUNS = 5


@require_safe
@workspace_view()
def everything(request: WorkspaceRequest) -> HttpResponse:
    """Every pipeline of the workspace, the latest changed first."""
    found = Pipeline.objects.of(request.workspace).with_task()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "pipelines/list.html", {"page": page})


@require_safe
@workspace_view()
def index(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    """The pipelines of one process, and how to make the first ones."""
    process = Process.objects.of(request.workspace).get_or_404(pk=process_id)
    return render(request, "pipelines/index.html", _of_process(process, GenerateTopForm(ranked=_ranked(process))))


@require_POST
@workspace_view()
def generate_top(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    """Generate the first tasks of the ranking at once."""
    process = Process.objects.of(request.workspace).get_or_404(pk=process_id)
    form = GenerateTopForm(request.POST, ranked=_ranked(process))
    if not form.is_valid():
        return render(request, "pipelines/index.html", _of_process(process, form), status=422)
    given = form.cleaned_data
    started = pipeline_generate_top(
        access=request.access, process=process, k=given["k"], by=given["by"], include_rows=given["include_rows"]
    )
    if len(started) == 1:
        return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=started[0].params["pipeline"])
    messages.success(request, f"{things(len(started), 'pipeline')} are being generated.")
    return redirect("pipelines:index", slug=request.workspace.slug, process_id=process.pk)


def _ranked(process: Process) -> int:
    """How many tasks the ranking holds; none while their values are being computed."""
    return len(ranking_order(process, most=MOST_AT_ONCE).rows)


def _of_process(process: Process, form: GenerateTopForm) -> dict[str, object]:
    pipelines = pipelines_of(process)
    return {
        "process": process,
        "current_step": "pipeline",
        "older": older_note(process),
        "pipelines": pipelines,
        "jobs": [job for job in map(generating, pipelines) if job is not None],
        "waiting": canvases_waiting(process),
        "form": form,
    }


@require_POST
@workspace_view()
def generate(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Generate the pipeline of one task; its canvas is drafted first where there is none."""
    task = Task.objects.of(request.workspace).work().get_or_404(pk=task_id)
    canvas = Canvas.objects.of(request.workspace).filter(task=task).first()
    canvas = canvas or canvas_draft(access=request.access, task=task)
    form = GenerateForm(request.POST)
    include_rows = form.is_valid() and form.cleaned_data["include_rows"]
    pipeline_generate(access=request.access, canvas=canvas, include_rows=include_rows)
    pipeline = Pipeline.objects.of(request.workspace).get_or_404(canvas=canvas)
    return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=pipeline.pk)


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One pipeline: what exactly is generated, and what to do next."""
    pipeline = Pipeline.objects.of(request.workspace).with_task().get_or_404(pk=pk)
    generation = generation_latest(pipeline)
    shown = {
        "process": pipeline.task.process,
        "current_step": "pipeline",
        "older": older_note(pipeline.task.process, pipeline.task),
        "pipeline": pipeline,
        "project": project_page(generation, path=request.GET.get("file", "")) if generation else None,
        "job": generating(pipeline),
        "runs": runs_of(pipeline)[:SHOWN_RUNS],
        "form": GenerateForm(),
        "outdated": generation is not None and generation.canvas_version != pipeline.canvas.version,
    }
    return render(request, "pipelines/pipeline.html", shown)


@require_safe
@workspace_view()
def file(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One file of the latest generation: a part of the page for htmx, else the page with that file open."""
    pipeline = Pipeline.objects.of(request.workspace).get_or_404(pk=pk)
    path = request.GET.get("file", "")
    if not request.htmx:
        address = reverse("pipelines:pipeline", args=[request.workspace.slug, pk])
        return redirect(f"{address}?file={path}#files")
    generation = Generation.objects.of(request.workspace).filter(pipeline=pipeline).first()
    shown = file_shown(generation, path) if generation else None
    return render(request, "pipelines/_file.html", {"file": shown, "pipeline": pipeline})


@require_safe
@workspace_view()
def download(request: WorkspaceRequest, pk: int) -> HttpResponseBase:
    """A generation as a zip."""
    generation = Generation.objects.of(request.workspace).get_or_404(pk=pk)
    return download_of(generation.archive, f"{generation.slug}-{generation.number}.zip")
