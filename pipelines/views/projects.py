"""Pages of what is generated: all pipelines, those of a process, one with its files."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from canvas.models import Canvas
from canvas.selectors import drafting_under_way, version_to_build
from canvas.services import canvas_draft
from common.formatting import things
from pipelines.forms import GenerateForm, GenerateTopForm, OptionsForm
from pipelines.models import Generation, Pipeline
from pipelines.selectors import (
    PipelinesBoard,
    board_moved,
    download_of,
    file_shown,
    generating,
    generating_of,
    generation_latest,
    pipeline_of,
    pipelines_board,
    problem_of,
    project_page,
    run_rows,
    several_of_process,
)
from pipelines.services import GENERATE_FIRST, pipeline_generate, pipeline_generate_top
from pipelines.views.found import pipeline_at
from pipelines.views.options import options_shown
from planner.models import Process, Task
from planner.selectors.older_measures import older_note
from planner.services import ranking_or_job

SHOWN_RUNS = 5


@require_safe
@never_cache
@workspace_view()
def everything(request: WorkspaceRequest) -> HttpResponse:
    """The board of every pipeline of the workspace."""
    return render(request, "pipelines/list.html", {"board": _board(request)})


@require_safe
@never_cache
@workspace_view()
def board(request: WorkspaceRequest) -> HttpResponse:
    """The board, for a page that shows it; nothing (204) when it has not moved since `after`."""
    if board_moved(request.workspace) == request.GET.get("after"):
        return HttpResponse(status=204)
    return render(request, "pipelines/_board.html", {"board": _board(request)})


def _board(request: WorkspaceRequest) -> PipelinesBoard:
    asked = request.GET
    return pipelines_board(
        request.workspace, state=asked.get("state", ""), number=asked.get("page", ""), words=asked.get("q", "")
    )


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
    if any(run.kind == GENERATE_FIRST for run in started):
        return redirect("pipelines:index", slug=request.workspace.slug, process_id=process.pk)
    if len(started) == 1:
        return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=started[0].params["pipeline"])
    messages.success(request, f"{things(len(started), 'pipeline')} are being generated.")
    return redirect("pipelines:index", slug=request.workspace.slug, process_id=process.pk)


def _ranked(process: Process) -> int:
    """How many tasks the ranking holds; none while their values are being computed."""
    ranking, _ = ranking_or_job(workspace=process.workspace, process=process, chances=False)
    return len(ranking.rows)


def _of_process(process: Process, form: GenerateTopForm) -> dict[str, object]:
    several = several_of_process(process)
    first = drafting_under_way(process.workspace, f"process:{process.pk}", GENERATE_FIRST)
    return {
        "process": process,
        "current_step": "pipeline",
        "older": older_note(process),
        "several": several,
        "jobs": [*([first] if first else ()), *generating_of(several.pipelines)],
        "all_url": reverse("pipelines:generate_waiting", args=[process.workspace.slug, process.pk]),
        "packed_url": reverse("pipelines:packed", args=[process.workspace.slug, process.pk]),
        "form": form,
    }


@require_POST
@workspace_view()
def generate(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Generate the pipeline of one task; its canvas is drafted first where there is none. Options that clash: 422."""
    task = Task.objects.of(request.workspace).work().get_or_404(pk=task_id)
    canvas = Canvas.objects.of(request.workspace).filter(task=task).first()
    canvas = canvas or canvas_draft(access=request.access, task=task)
    form = OptionsForm(request.POST, problem=problem_of(pipeline_of(canvas)))
    if not form.is_valid():
        return options_shown(request, canvas, form)
    given = form.cleaned_data
    pipeline_generate(
        access=request.access,
        canvas=canvas,
        include_rows=given["include_rows"],
        architecture=given["architecture"],
        licence=given["granted"],
    )
    pipeline = Pipeline.objects.of(request.workspace).get_or_404(canvas=canvas)
    return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=pipeline.pk)


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One pipeline: what exactly is generated, and what to do next."""
    pipeline = pipeline_at(request, pk)
    generation = generation_latest(pipeline)
    shown = {
        "process": pipeline.task.process,
        "current_step": "pipeline",
        "older": older_note(pipeline.task.process, pipeline.task),
        "pipeline": pipeline,
        "project": project_page(generation, path=request.GET.get("file", "")) if generation else None,
        "job": generating(pipeline),
        "runs": run_rows(pipeline, most=SHOWN_RUNS),
        "form": GenerateForm(initial={"include_rows": generation is not None and generation.with_rows}),
        "outdated": generation is not None and generation.canvas_version != version_to_build(pipeline.canvas),
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
