"""The page of everything that happened to a pipeline."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from pipelines.models import Pipeline
from pipelines.selectors import timeline_moved, timeline_of
from pipelines.views.found import pipeline_at


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Its timeline, a page at a time."""
    return render(request, "pipelines/timeline.html", _shown(request, pipeline_at(request, pk)))


@require_safe
@never_cache
@workspace_view()
def live(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The list alone, for a page that shows it; nothing (204) when nothing happened since `after`."""
    pipeline = pipeline_at(request, pk)
    if timeline_moved(pipeline) == request.GET.get("after"):
        return HttpResponse(status=204)
    return render(request, "pipelines/_timeline.html", _shown(request, pipeline))


def _shown(request: WorkspaceRequest, pipeline: Pipeline) -> dict[str, object]:
    asked = request.GET
    return {
        "process": pipeline.task.process,
        "current_step": "life",
        "pipeline": pipeline,
        "timeline": timeline_of(pipeline, kind=asked.get("kind", ""), number=asked.get("page", "")),
    }
