"""Page of runs side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput
from pipelines.selectors import runs_asked, runs_comparison, runs_of
from pipelines.views.found import pipeline_at

MOST_OFFERED = 100


@require_safe
@never_cache
@workspace_view()
def compare(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Two to four runs, chosen by `?run=` once each; without any, the runs to choose from."""
    pipeline = pipeline_at(request, pk)
    asked, comparison, problem = request.GET.getlist("run"), None, ""
    if asked:
        try:
            comparison = runs_comparison(pipeline, runs_asked(pipeline, asked))
        except InvalidInput as error:
            problem = error.errors[0].message
    shown = {
        "process": pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": pipeline,
        "comparison": comparison,
        "problem": problem,
        "offered": runs_of(pipeline)[:MOST_OFFERED],
        "chosen": {found.pk for found in comparison.runs} if comparison else set(),
    }
    return render(request, "pipelines/compare.html", shown, status=422 if problem else 200)
