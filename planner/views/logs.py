"""The logs of a process: what does a newer one say that the process does not?"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import Conflict
from planner.forms import UploadForm
from planner.forms.logs import posted_matching
from planner.models import EventLog
from planner.selectors.log_pages import comparison_title, difference_groups, left_out, process_logs, seen
from planner.services import (
    LogComparison,
    log_apply,
    log_compare,
    log_delete,
    log_derived,
    log_match,
    log_upload_create,
)
from planner.services.snapshots import snapshot_undoable
from planner.views.problems import posted_version, told
from planner.views.processes import process_of


@workspace_view()
def logs(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Every log of a process; POST brings another, which is looked at before it is imported."""
    process, form = process_of(request, pk), UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = log_upload_create(access=request.access, file=file, filename=file.name or "log", updates=process)
        return redirect("planner:upload", request.workspace.slug, upload.pk)
    lines = process_logs(process)
    context: dict[str, Any] = {"process": process, "current_step": "process", "lines": lines, "form": form}
    context["undoable"] = snapshot_undoable(process)
    return render(request, "planner/logs.html", context, status=422 if form.errors else 200)


@workspace_view()
def log(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What differs between a log and its process, each difference to be taken or left; POST takes what is ticked."""
    found = _log(request, pk)
    if request.method == "POST":
        return _apply(request, found)
    try:
        compared = log_compare(process=found.process, log=found)
    except Conflict as problem:
        messages.info(request, str(problem))
        return redirect("planner:logs", request.workspace.slug, found.process_id)
    return render(request, "planner/log.html", _context(found, compared))


@require_POST
@workspace_view()
def log_matched(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Say which activity is which task, and compare again."""
    found = _log(request, pk)
    compared = log_compare(process=found.process, log=found)
    with told(request, "Compared again."):
        activities = [activity for activity, _, _ in matchable(compared)]
        said = posted_matching(request.POST, activities, compared.tasks.values())
        log_match(access=request.access, log=found, matching=said)
    return redirect("planner:log", request.workspace.slug, pk)


@workspace_view()
def log_removed(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What was derived from a log; POST deletes it with all of that."""
    found = _log(request, pk)
    if request.method == "POST":
        with told(request, f"{found.name} and what was derived from it are deleted."):
            log_delete(access=request.access, log=found)
        return redirect("planner:logs", request.workspace.slug, found.process_id)
    context = {"process": found.process, "current_step": "process", "log": found, "derived": log_derived(found)}
    return render(request, "planner/log_delete.html", context)


def matchable(compared: LogComparison) -> list[tuple[str, int | None, bool]]:
    """Activities to be matched by hand: those that are no task yet, or of which it was guessed or said."""
    said, tasks, guessed = compared.log.matching, compared.matching.tasks, compared.matching.guessed
    names = (*tasks, *compared.matching.activities_left)
    asked = [name for name in names if name not in tasks or name in guessed or name in said]
    return [(name, tasks.get(name), name in guessed) for name in asked]


def _log(request: WorkspaceRequest, pk: int) -> EventLog:
    return EventLog.objects.of(request.workspace).select_related("process__workspace", "events").get_or_404(pk=pk)


def _context(found: EventLog, compared: LogComparison) -> dict[str, Any]:
    shown = seen(compared.differences)
    return {
        "process": found.process,
        "current_step": "process",
        "log": found,
        "older": compared.older,
        "title": comparison_title(shown) if shown or not compared.differences else "Nothing differs by enough to list",
        "groups": difference_groups(shown),
        "left_out": left_out(compared.differences),
        "matchable": matchable(compared) if compared.matching.tasks_left or compared.matching.guessed else (),
        "tasks": sorted(compared.tasks.values(), key=lambda task: task.position),
    }


def _apply(request: WorkspaceRequest, found: EventLog) -> HttpResponse:
    with told(request, f"{found.process.name} rests on {found.name} now. What can be foretold is being checked again."):
        taken = request.POST.getlist("taken")
        log_apply(access=request.access, log=found, taken=taken, version=posted_version(request))
        return redirect("planner:tasks", request.workspace.slug, found.process_id)
    return redirect("planner:log", request.workspace.slug, found.pk)
