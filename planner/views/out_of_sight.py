"""What stands at an address where nothing is: for members, why a task is out of sight and how to get it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.defaults import page_not_found

from accounts.access import Access
from planner.models import Task
from planner.selectors.removing import out_of_sight

OF_A_TASK = ("tasks/<int:pk>/", "tasks/<int:task_id>/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The plain page for strangers and wrong addresses; the reason for a task that was filtered or removed."""
    task = _task_of(request)
    if task is None:
        return page_not_found(request, exception)
    shown = {"task": task, "process": task.process, "gone": out_of_sight(task), "current_step": "tasks"}
    return render(request, "planner/task_gone.html", shown, status=404)


def _task_of(request: HttpRequest) -> Task | None:
    """The task out of sight the address names. `access` is there only once somebody was found to be a member."""
    access = getattr(request, "access", None)
    if not isinstance(access, Access):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    key = match.kwargs.get("pk", match.kwargs.get("task_id"))
    if key is None or key >= 2**63 or not any(part in match.route for part in OF_A_TASK):
        return None
    gone = Task.everything.of(access.workspace).exclude(removed_at=None)
    return gone.select_related("process__workspace", "parent").filter(pk=key).first()
