"""Filters: how much of what the log holds should the graph show?"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import Conflict
from planner.domain.discovery.filtering import GraphFilter
from planner.forms.discovery import FilterForm
from planner.models import Process
from planner.selectors.discovery_page import discovery_page, hidden_words
from planner.services import graph_filter_apply, graph_filter_preview, log_in_use, snapshot_undo, snapshot_undoable
from planner.views.problems import posted_version, told
from planner.views.processes import process_of

PAGE, ANSWER = "planner/discovery.html", "planner/discovery/_preview.html"


@workspace_view()
def discovery(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The sliders with what they would leave; POST makes the graph that."""
    process = process_of(request, pk)
    if request.method == "POST":
        return _apply(request, process)
    try:
        log = log_in_use(process)
    except Conflict as problem:
        messages.error(request, str(problem))
        return redirect("planner:process", request.workspace.slug, pk)
    form = FilterForm(request.GET or None)
    chosen = form.chosen(GraphFilter.from_dict(process.shown))
    found = graph_filter_preview(process=process, chosen=chosen)
    page = discovery_page(process, log, chosen, found, snapshot_undoable(process))
    shown = {"process": process, "current_step": "tasks", "page": page, "form": FilterForm(initial=page.percent)}
    return render(request, ANSWER if request.htmx else PAGE, shown)


@require_POST
@workspace_view()
def undo(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take back the last filter or log that was applied."""
    process = process_of(request, pk)
    with told(request, "The graph is what it was before."):
        snapshot_undo(access=request.access, process=process, version=posted_version(request))
    return redirect("planner:tasks", request.workspace.slug, pk)


def _apply(request: WorkspaceRequest, process: Process) -> HttpResponse:
    chosen = FilterForm(request.POST).chosen(GraphFilter.from_dict(process.shown))
    with told(request):
        found = graph_filter_apply(
            access=request.access, process=process, chosen=chosen, version=posted_version(request)
        )
        messages.success(request, f"The graph shows it. {hidden_words(found)}")
    return redirect("planner:tasks", request.workspace.slug, process.pk)
