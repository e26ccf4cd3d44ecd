"""Page of a run's plots."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.security import chart_page
from pipelines.models import PipelineRun
from pipelines.selectors import run_evaluation


@require_safe
@chart_page
@workspace_view()
def plots(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """How good the model is, drawn: each plot with its finding and with the same figures as a table."""
    found = PipelineRun.objects.of(request.workspace).with_run().get_or_404(pk=pk)
    shown = {
        "process": found.pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": found.pipeline,
        "found": found,
        "evaluation": run_evaluation(found),
        "part": "plots",
    }
    return render(request, "pipelines/plots.html", shown)
