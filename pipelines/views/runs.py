"""Pages of runs: one run live, its stages' logs and files, and what a person may do to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from jobs.services import run_cancel, run_retry
from pipelines.models import Pipeline, PipelineRun
from pipelines.selectors import download_of, generation_latest, run_board, run_headline, stage_archive, stage_log
from pipelines.services import pipeline_run_start


@require_POST
@workspace_view()
def start(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Run the latest generation; a second click finds the run the first one started."""
    pipeline = Pipeline.objects.of(request.workspace).with_task().get_or_404(pk=pk)
    generation = generation_latest(pipeline)
    if generation is None:
        messages.warning(request, "There is nothing to run yet: generate the project first.")
        return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=pk)
    found = pipeline_run_start(access=request.access, generation=generation)
    return redirect("pipelines:run", slug=request.workspace.slug, pk=found.pk)


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One run: stages, log of the selected one, figures, times, and the verdict at the end."""
    return render(request, "pipelines/run.html", _shown(request, _run(request, pk)))


@require_safe
@never_cache
@workspace_view()
def live(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What changes on the page while the run goes on, the steps above it too once it is over.

    Nothing (204) when it has not moved since `after`.
    """
    found, after = _run(request, pk), request.GET.get("after", "")
    shown = _shown(request, found)
    if str(shown["moved"]) == after and not found.run.is_over:
        return HttpResponse(status=204)
    return render(request, "pipelines/_run.html", shown | {"swap_steps": found.run.is_over})


@require_POST
@workspace_view()
def cancel(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = _run(request, pk)
    run_cancel(access=request.access, run=found.run)
    messages.info(request, "It is being cancelled; running stages end within seconds.")
    return redirect("pipelines:run", slug=request.workspace.slug, pk=pk)


@require_POST
@workspace_view()
def retry(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = _run(request, pk)
    run_retry(access=request.access, run=found.run)
    messages.success(request, "It goes on from where it stopped; what is done stays done.")
    return redirect("pipelines:run", slug=request.workspace.slug, pk=pk)


@require_safe
@workspace_view()
def stage_files(request: WorkspaceRequest, pk: int, name: str) -> HttpResponseBase:
    """What a stage wrote, as a zip."""
    found = _run(request, pk)
    stage = found.run.stages.filter(name=name).first()
    blob = stage_archive(found, stage) if stage else None
    if blob is None:
        raise Http404("This stage has written nothing.")
    return download_of(blob, f"{found.generation.slug}-run-{found.number}-{name}.zip")


def _run(request: WorkspaceRequest, pk: int) -> PipelineRun:
    return PipelineRun.objects.of(request.workspace).with_run().get_or_404(pk=pk)


def _shown(request: WorkspaceRequest, found: PipelineRun) -> dict[str, object]:
    now = timezone.now()
    board = run_board(found, now=now)
    asked = request.GET.get("stage", "")
    selected = board.named(asked)
    latest = found.run.log.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "process": found.pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": found.pipeline,
        "found": found,
        "board": board,
        "headline": run_headline(board),
        "selected": selected,
        "asked": asked,
        "entries": stage_log(found, stage=selected.stage),
        "moved": f"{latest}.{selected.stage.beat}",
        "files": stage_archive(found, selected.stage),
    }
