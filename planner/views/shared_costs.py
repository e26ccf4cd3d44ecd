"""Costs several tasks need and that are paid once: listed, entered, changed, taken away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from common.errors import InvalidInput, ProblemError, StaleEdit
from planner.forms.shared_costs import posted_entry
from planner.forms.value import posted_version
from planner.models import SharedCost
from planner.selectors.shared_cost_pages import shared_cost_rows, task_choices
from planner.services import SharedCostEntry, shared_cost_create, shared_cost_delete, shared_cost_update
from planner.views.problems import told


@require_safe
@workspace_view()
def shared_costs(request: WorkspaceRequest) -> HttpResponse:
    """Every shared cost of the workspace."""
    return render(request, "planner/shared_costs.html", {"rows": shared_cost_rows(request.workspace)})


@require_http_methods(["GET", "POST"])
@workspace_view(role=Role.EDITOR)
def shared_cost_new(request: WorkspaceRequest) -> HttpResponse:
    """Enter one; `?task=` is chosen at first."""
    if request.method == "GET":
        task = request.GET.get("task", "")
        chosen = (int(task),) if task.isascii() and task.isdigit() and len(task) < 19 else ()
        return _form(request, SharedCostEntry("", "", chosen))
    entry = posted_entry(request.POST)
    try:
        shared_cost_create(access=request.access, entry=entry)
    except InvalidInput as problem:
        return _form(request, entry, problem=problem)
    messages.success(request, f"“{entry.label.strip()}” is entered. Each of its tasks counts it now.")
    return redirect("planner:shared_costs", request.workspace.slug)


@require_http_methods(["GET", "POST"])
@workspace_view(role=Role.EDITOR)
def shared_cost(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Change one."""
    cost = _cost(request, pk)
    if request.method == "GET":
        return _form(request, _entry(cost), cost)
    entry = posted_entry(request.POST)
    try:
        shared_cost_update(access=request.access, cost=cost, entry=entry, version=posted_version(request.POST))
    except StaleEdit as problem:
        now = _cost(request, pk)
        return _form(request, _entry(now), now, problem)
    except InvalidInput as problem:
        return _form(request, entry, cost, problem)
    messages.success(request, f"“{entry.label.strip()}” is changed. Each of its tasks counts it so now.")
    return redirect("planner:shared_costs", request.workspace.slug)


@require_POST
@workspace_view(role=Role.EDITOR)
def shared_cost_removed(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take one away."""
    cost = _cost(request, pk)
    with told(request, f"“{cost.label}” is taken away. Its tasks are valued without it."):
        shared_cost_delete(access=request.access, cost=cost, version=posted_version(request.POST))
    return redirect("planner:shared_costs", request.workspace.slug)


def _cost(request: WorkspaceRequest, pk: int) -> SharedCost:
    return SharedCost.objects.of(request.workspace).get_or_404(pk=pk)


def _entry(cost: SharedCost) -> SharedCostEntry:
    tasks = tuple(cost.tasks.values_list("pk", flat=True))
    return SharedCostEntry(cost.label, cost.text, tasks, cost.source, cost.note)


def _form(
    request: WorkspaceRequest,
    entry: SharedCostEntry,
    cost: SharedCost | None = None,
    problem: ProblemError | None = None,
) -> HttpResponse:
    shown = {
        "entry": entry,
        "cost": cost,
        "problem": problem,
        "wrong": {each.path: each.message for each in problem.errors} if problem else {},
        "processes": task_choices(request.workspace, set(entry.tasks)),
    }
    return render(request, "planner/shared_cost.html", shown, status=problem.status if problem else 200)
