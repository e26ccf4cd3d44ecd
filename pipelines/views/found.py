"""What an address of a page names."""

from accounts.access import WorkspaceRequest
from pipelines.models import Pipeline


def pipeline_at(request: WorkspaceRequest, pk: int) -> Pipeline:
    """The pipeline at an address; 404 for one of another workspace."""
    return Pipeline.objects.of(request.workspace).with_task().get_or_404(pk=pk)
