"""Pages of runs elsewhere: one run as it is told."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from pipelines.models import OutsideRun
from pipelines.selectors import outside_moved, outside_page


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One run elsewhere: stages, log, figures, files and models."""
    return render(request, "pipelines/outside.html", _shown(request, _found(request, pk)))


@require_safe
@never_cache
@workspace_view()
def live(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What changes on the page while the run tells more; nothing (204) when it has not since `after`."""
    found = _found(request, pk)
    if outside_moved(found) == request.GET.get("after", ""):
        return HttpResponse(status=204)
    return render(request, "pipelines/_outside.html", _shown(request, found))


def _found(request: WorkspaceRequest, pk: int) -> OutsideRun:
    runs = OutsideRun.objects.of(request.workspace).select_related("pipeline__task__process", "generation", "told_by")
    return runs.get_or_404(pk=pk)


def _shown(request: WorkspaceRequest, found: OutsideRun) -> dict[str, object]:
    return {
        "process": found.pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": found.pipeline,
        "run": outside_page(found, stage=request.GET.get("stage", "")),
    }
