"""Pages of runs: one run live, its stages' logs and files, and what a person may do to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput
from jobs.selectors import log_asked, log_search
from jobs.services import run_cancel, run_retry
from pipelines.domain.run_picture import DRAWN
from pipelines.forms import RunAgainForm
from pipelines.models import PipelineRun
from pipelines.selectors import (
    foretold_headline,
    generation_latest,
    run_artifacts,
    run_board,
    run_headline,
    stage_archive,
    stage_download,
    stage_log,
)
from pipelines.services import RunWish, pipeline_run_foretell, pipeline_run_start, run_parameters
from pipelines.views.found import pipeline_at


@require_POST
@workspace_view()
def start(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Run the latest generation; a second click finds the run the first one started."""
    pipeline = pipeline_at(request, pk)
    generation = generation_latest(pipeline)
    if generation is None:
        messages.warning(request, "There is nothing to run yet: generate the project first.")
        return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=pk)
    found = pipeline_run_start(access=request.access, generation=generation)
    return redirect("pipelines:run", slug=request.workspace.slug, pk=found.pk)


@never_cache
@workspace_view()
def again(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """A run with other parameters or of some stages; says first which would run, and why."""
    pipeline = pipeline_at(request, pk)
    generation = generation_latest(pipeline)
    if generation is None:
        messages.warning(request, "There is nothing to run yet: generate the project first.")
        return redirect("pipelines:pipeline", slug=request.workspace.slug, pk=pk)
    form = RunAgainForm(request.POST or None, parameters=run_parameters(generation))
    wish = RunWish()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wish = RunWish(form.changes(), given["until"], given["again_from"])
        try:
            if request.POST.get("do") == "run":
                found = pipeline_run_start(access=request.access, generation=generation, wish=wish)
                return redirect("pipelines:run", slug=request.workspace.slug, pk=found.pk)
            foretold = pipeline_run_foretell(generation=generation, wish=wish)
        except InvalidInput as problem:
            _place(form, problem)
            foretold = []
    elif request.method == "POST":
        foretold = []
    else:
        foretold = pipeline_run_foretell(generation=generation)
    labels = {stage.name: stage.label for stage in DRAWN}
    shown = {
        "process": pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": pipeline,
        "form": form,
        "foretold": [{"label": labels[one.name], "runs": one.runs, "why": one.why} for one in foretold],
        "headline": foretold_headline(foretold),
    }
    return render(request, "pipelines/again.html", shown, status=422 if form.errors else 200)


def _place(form: RunAgainForm, problem: InvalidInput) -> None:
    """Each error beside its field."""
    for one in problem.errors:
        name = one.path.replace("changes.", "p-", 1)
        form.add_error(name if name in form.fields else None, one.message)


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


@require_safe
@never_cache
@workspace_view()
def log(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """All a run said, in pages, narrowed to a stage and to lines that hold some words."""
    found = _run(request, pk)
    searched = log_search(found.run, **log_asked(request.GET))
    shown = {
        "process": found.pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": found.pipeline,
        "found": found,
        "part": "log",
        "log": searched,
        "many": not searched.stage,
    }
    return render(request, "pipelines/log.html", shown)


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
def artifacts(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What the stages of a run wrote, and what each of them was made from."""
    found = _run(request, pk)
    shown = {
        "process": found.pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": found.pipeline,
        "found": found,
        "part": "artifacts",
        "artifacts": run_artifacts(found),
    }
    return render(request, "pipelines/artifacts.html", shown)


@require_safe
@workspace_view()
def stage_files(request: WorkspaceRequest, pk: int, name: str) -> HttpResponseBase:
    """What a stage wrote, as a zip; with `?path=` that one file."""
    found = _run(request, pk)
    answer = stage_download(found, name, request.GET.get("path"))
    if answer is None:
        raise Http404("This stage has written nothing, or no such file.")
    return answer


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
