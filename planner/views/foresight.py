"""What could be foretold: the check of all tasks of a process, and the choice of the target of one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import WorkspaceRequest, workspace_view
from planner.models import Process, Task
from planner.selectors.foresight_pages import foresight_page, targets_page
from planner.services import foresight_screen, target_choose, task_screen
from planner.views.problems import told


@require_GET
@workspace_view()
def foresight(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Every task with its target and verdict, and the check under way."""
    process = Process.objects.of(request.workspace).get_or_404(pk=pk)
    context = {"process": process, "current_step": "suitability", "page": foresight_page(process)}
    return render(request, "planner/foresight.html", context | {"can_edit": request.access.can_edit})


@require_POST
@workspace_view()
def check(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Check all tasks again."""
    process = Process.objects.of(request.workspace).get_or_404(pk=pk)
    with told(request):
        foresight_screen(access=request.access, process=process, again=True)
    return redirect("planner:foresight", request.workspace.slug, pk)


@workspace_view()
def targets(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The targets of one task; a posted `target` is chosen, and checked where it was not."""
    task = Task.objects.of(request.workspace).work().select_related("process", "workspace").get_or_404(pk=pk)
    if request.method == "POST":
        with told(request, "Chosen."):
            target_choose(access=request.access, task=task, text=request.POST.get("target", ""))
        return redirect("planner:targets", request.workspace.slug, pk)
    context = {"process": task.process, "task": task, "current_step": "suitability", "page": targets_page(task)}
    return render(request, "planner/targets.html", context | {"can_edit": request.access.can_edit})


@require_POST
@workspace_view()
def task_check(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Check one task."""
    task = Task.objects.of(request.workspace).work().select_related("process", "workspace").get_or_404(pk=pk)
    with told(request):
        task_screen(access=request.access, task=task)
    return redirect("planner:targets", request.workspace.slug, pk)
