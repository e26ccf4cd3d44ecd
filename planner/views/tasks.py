"""Tasks: what happens, how often, what does it cost? And everything about one task."""

import csv

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from planner.forms import NewTaskForm, TaskForm, figures_of
from planner.models import Flow, Task
from planner.selectors import drawing_of, task_page, task_sheet, tasks_page
from planner.selectors.foresight import screen_under_way
from planner.selectors.removing import hangs_on, removed_lately
from planner.services import flow_restore, task_add, task_delete, task_restore, task_update, tasks_update
from planner.views.problems import told
from planner.views.processes import process_of

COLUMNS = ("Task", "Visits a case", "Visits a year", "Handling, minutes", "Waiting, hours", "Cost a year")


@workspace_view()
def tasks(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The graph and the table beside it, the same task selected in both; figures of many tasks saved at once."""
    process = process_of(request, pk)
    if request.method == "POST":
        with told(request, "Figures saved."):
            found = Task.objects.of(request.workspace).work().filter(process=process)
            changes = figures_of(request.POST, found)
            tasks_update(access=request.access, process=process, changes=changes)
        return redirect("planner:tasks", request.workspace.slug, pk)
    page = tasks_page(process, picked=request.GET.get("task", ""), detail=request.GET.get("detail", ""))
    context = {"process": process, "current_step": "tasks", "page": page, "new": NewTaskForm(process)}
    edit = request.GET.get("edit", "")
    checking = None if edit else screen_under_way(process)
    removed = removed_lately(process) if edit == "graph" else None
    return render(request, "planner/tasks.html", context | {"edit": edit, "checking": checking, "removed": removed})


@workspace_view()
def graph(request: WorkspaceRequest, pk: int) -> JsonResponse:
    """The drawing, asked again by the page after an edit."""
    process = process_of(request, pk)
    full = request.GET.get("detail") == "all"
    return JsonResponse(drawing_of(process, detail=1.0) if full else drawing_of(process))


@workspace_view()
def tasks_csv(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The table as CSV; a text that a spreadsheet would take for a formula gets a quote in front."""
    process = process_of(request, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tasks-{process.pk}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for row in task_sheet(process).rows:
        task = row.task
        figures = (task.visits_a_case, task.volume_a_year, task.handling_minutes, task.waiting_hours, row.cost)
        writer.writerow([safe_cell(task.name), *figures])
    return answer


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("Pay")
    ("'=1+1", 'Pay')
    """
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


@require_POST
@workspace_view()
def add(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """A new task."""
    process = process_of(request, pk)
    form = NewTaskForm(process, request.POST)
    with told(request):
        if form.is_valid():
            task_add(access=request.access, process=process, **form.cleaned_data)
        else:
            task_add(access=request.access, process=process, name=request.POST.get("name", ""))
    return _editing(request, pk)


@workspace_view()
def task(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Everything about one task, and its figures as a form."""
    found = Task.objects.of(request.workspace).select_related("process__workspace").get_or_404(pk=pk)
    form = TaskForm(request.POST) if request.method == "POST" else TaskForm.of(found)
    if request.method == "POST" and form.is_valid():
        with told(request, "Saved."):
            version = form.cleaned_data["version"]
            task_update(access=request.access, task=found, changes=form.changes(), version=version)
        return redirect("planner:task", request.workspace.slug, pk)
    context = {"process": found.process, "current_step": "tasks", "page": task_page(found), "form": form}
    context["hangs_on"] = hangs_on(found.process).get(found.pk, "")
    return render(request, "planner/task.html", context, status=422 if form.errors else 200)


@require_POST
@workspace_view()
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Remove a task and its flows; the page it leads to brings it back."""
    found = Task.objects.of(request.workspace).select_related("process__workspace").get_or_404(pk=pk)
    with told(request, f"“{found.name}” deleted. “Removed lately” brings it back."):
        task_delete(access=request.access, task=found)
    return _editing(request, found.process_id)


@require_POST
@workspace_view()
def restore(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Bring a removed task back."""
    removed = Task.everything.of(request.workspace).select_related("process__workspace").removed()
    found = removed.get_or_404(pk=pk)
    with told(request, f"“{found.name}” is back as it was."):
        task_restore(access=request.access, task=found)
    return _editing(request, found.process_id)


@require_POST
@workspace_view()
def restore_flow(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Bring a removed flow back."""
    removed = Flow.everything.of(request.workspace).select_related("process__workspace", "source", "target").removed()
    found = removed.get_or_404(pk=pk)
    with told(request, "The flow is back as it was."):
        flow_restore(access=request.access, flow=found)
    return _editing(request, found.process_id)


def _editing(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    return redirect(f"{reverse('planner:tasks', args=[request.workspace.slug, process_id])}?edit=graph")
