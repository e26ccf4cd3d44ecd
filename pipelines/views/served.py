"""Pages of what is served in a pattern of its own: predictions made ahead, and queues."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import ProblemError
from pipelines.models import Pipeline
from pipelines.selectors import prediction_table, queue_lengths
from pipelines.views.found import pipeline_at

LONGEST = 1000


@require_safe
@never_cache
@workspace_view()
def ahead(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The table of predictions that the batch job wrote, a page at a time, or one case."""
    pipeline = pipeline_at(request, pk)
    case, after = (request.GET.get(name, "").strip()[:LONGEST] for name in ("case", "after"))
    shown = {"process": pipeline.task.process, "current_step": "life", "pipeline": pipeline, "case": case}
    try:
        table = prediction_table(pipeline, case=case, after=after)
    except ProblemError as problem:
        return render(request, "pipelines/ahead.html", shown | {"problem": problem})
    return render(request, "pipelines/ahead.html", shown | {"table": table, "after": after})


@require_safe
@never_cache
@workspace_view()
def queues(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """How long the queues of a model on demand are."""
    return render(request, "pipelines/queues.html", _queues(pipeline_at(request, pk)))


@require_safe
@never_cache
@workspace_view()
def queues_live(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The lengths alone, for the page that shows them."""
    return render(request, "pipelines/_queues.html", _queues(pipeline_at(request, pk)))


def _queues(pipeline: Pipeline) -> dict[str, object]:
    shown = {"process": pipeline.task.process, "current_step": "life", "pipeline": pipeline}
    try:
        return shown | {"queues": queue_lengths(pipeline)}
    except ProblemError as problem:
        return shown | {"problem": problem}
