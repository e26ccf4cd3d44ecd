"""Pages of what became of a pipeline: its state, its history, planned against measured value."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from pipelines.forms import RetireForm
from pipelines.models import Pipeline
from pipelines.selectors import history_of, pipelines_of, run_in_use, run_rows, runs_of
from pipelines.services import pipeline_retire
from pipelines.views.found import pipeline_at
from planner.models import Process
from planner.selectors.older_measures import older_note

MOST_RUNS = 200


@require_safe
@workspace_view()
def lives(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    """The lives of a process's pipelines; a single one opens at once."""
    process = Process.objects.of(request.workspace).get_or_404(pk=process_id)
    found = pipelines_of(process)
    if len(found) == 1:
        return redirect("pipelines:life", slug=request.workspace.slug, pk=found[0].pk)
    shown = {"process": process, "current_step": "life", "pipelines": found, "older": older_note(process)}
    return render(request, "pipelines/lives.html", shown)


@require_safe
@workspace_view()
def life(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One pipeline over time."""
    return render(request, "pipelines/life.html", _shown(pipeline_at(request, pk), RetireForm()))


@require_POST
@workspace_view()
def retire(request: WorkspaceRequest, pk: int) -> HttpResponse:
    pipeline = pipeline_at(request, pk)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return render(request, "pipelines/life.html", _shown(pipeline, form), status=422)
    pipeline_retire(access=request.access, pipeline=pipeline, reason=form.cleaned_data["reason"])
    messages.success(request, "Retired. Its runs and files stay; generating again revives it.")
    return redirect("pipelines:life", slug=request.workspace.slug, pk=pk)


def _shown(pipeline: Pipeline, form: RetireForm) -> dict[str, object]:
    runs = runs_of(pipeline)
    used = run_in_use(pipeline, runs)
    return {
        "process": pipeline.task.process,
        "current_step": "life",
        "older": older_note(pipeline.task.process, pipeline.task),
        "pipeline": pipeline,
        "runs": run_rows(pipeline, most=MOST_RUNS),
        "in_use": used,
        "latest": used or next((run for run in runs if run.accepted is not None), None),
        "history": history_of(pipeline),
        "form": form,
    }
