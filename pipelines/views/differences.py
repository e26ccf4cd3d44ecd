"""What a generation changed against the one before it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from pipelines.models import Generation
from pipelines.selectors import difference_of


@require_safe
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """File by file, with the lines that differ."""
    found = Generation.objects.of(request.workspace).select_related("archive", "pipeline__task__process", "workspace")
    generation = found.get_or_404(pk=pk)
    pipeline = generation.pipeline
    shown = {
        "process": pipeline.task.process,
        "current_step": "pipeline",
        "pipeline": pipeline,
        "difference": difference_of(generation),
    }
    return render(request, "pipelines/difference.html", shown)
