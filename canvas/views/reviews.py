"""Agreeing on a canvas: its history, two versions held against each other, restoring one, review and approval."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from canvas.forms import ReviewForm, VersionsForm
from canvas.selectors import canvas_approval, canvas_differences, canvas_history
from canvas.services import canvas_restore, canvas_review
from canvas.views.sheets import found_canvas
from common.errors import InvalidInput


@require_safe
@workspace_view()
def history(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Every change of a canvas, newest first, and what differs between two versions (`?before=2&after=5`)."""
    canvas = found_canvas(request, task_id)
    asked = {"before": max(1, canvas.version - 1), "after": canvas.version, **request.GET.dict()}
    form = VersionsForm(asked, newest=canvas.version)
    compares = form.is_valid() and "before" in request.GET
    shown = {
        "process": canvas.task.process,
        "canvas": canvas,
        "current_step": "canvas",
        "revisions": canvas_history(canvas),
        "approvals": {each.version: each for each in canvas.approvals.select_related("by")},
        "approval": canvas_approval(canvas),
        "form": form,
        "compared": form.cleaned_data if compares else None,
        "differences": canvas_differences(canvas, **form.cleaned_data) if compares else [],
        "may_edit": request.access.can_edit,
    }
    return render(request, "canvas/history.html", shown, status=200 if form.is_valid() else 422)


@require_POST
@workspace_view()
def restore(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Fill the fields as they were at an earlier version."""
    canvas, form = found_canvas(request, task_id), ReviewForm(request.POST)
    if not form.is_valid() or form.cleaned_data["to"] is None:
        raise InvalidInput("The page is not one of this canvas.", detail="Open the history again.")
    given = form.cleaned_data
    canvas_restore(access=request.access, canvas=canvas, to=given["to"], version=given["version"])
    messages.success(request, f"The fields are as they were at version {given['to']}.")
    return redirect("canvas:sheet", request.workspace.slug, task_id)


@require_POST
@workspace_view()
def review(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Send for review, approve, or take back to a draft."""
    canvas, form = found_canvas(request, task_id), ReviewForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("The page is not one of this canvas.", detail="Open the canvas again.")
    given = form.cleaned_data
    reviewed = canvas_review(access=request.access, canvas=canvas, state=given["state"], version=given["version"])
    messages.success(request, f"Version {reviewed.version}: {reviewed.get_review_display().lower()}.")
    return redirect("canvas:sheet", request.workspace.slug, task_id)
