"""Tasks: what happens, how often, what does it cost? And everything about one task."""

import csv

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import FieldProblem, InvalidInput
from planner.domain.process_graph.node import NodeKind
from planner.forms import NewTaskForm, NodeForm, TaskForm, figures_of, nodes_of
from planner.forms.tasks import KINDS
from planner.models import Flow, Task
from planner.selectors import drawing_of, task_page, task_sheet, tasks_page
from planner.selectors.foresight import screen_under_way
from planner.selectors.process_drawing import FULL, USUAL
from planner.selectors.process_pages import node_page
from planner.selectors.removing import hangs_on, removed_lately
from planner.services import (
    flow_restore,
    graph_mend,
    snapshot_undo,
    task_add,
    task_delete,
    task_restore,
    task_update,
    tasks_update,
)
from planner.views.problems import told
from planner.views.processes import process_of

ASKED = {"picked": "task", "detail": "detail", "inside": "in", "words": "q", "page": "page"}
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
    asked = {name: request.GET.get(said, "") for name, said in ASKED.items()}
    page = tasks_page(process, **asked)
    parent = page.place.crumbs[-1] if page.place.crumbs else None
    new = NewTaskForm(process, parent=parent)
    if page.nodes.is_cut:
        new.offer(page.nodes.shown)
    context = {"process": process, "current_step": "tasks", "page": page, "new": new, "kinds": KINDS}
    edit = request.GET.get("edit", "")
    checking = None if edit else screen_under_way(process)
    removed = removed_lately(process) if edit == "graph" else None
    return render(request, "planner/tasks.html", context | {"edit": edit, "checking": checking, "removed": removed})


@workspace_view()
def graph(request: WorkspaceRequest, pk: int) -> JsonResponse:
    """The drawing, asked again by the page after an edit."""
    process = process_of(request, pk)
    inside = request.GET.get("in", "")
    known = Task.objects.of(request.workspace).filter(process=process, kind=NodeKind.SUBPROCESS.value)
    here = inside if inside.isdecimal() and len(inside) < 19 and known.filter(pk=inside).exists() else ""
    detail = FULL if request.GET.get("detail") == "all" else USUAL
    return JsonResponse(drawing_of(process, detail=detail, inside=here, near=request.GET.get("task", "")))


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
    """A new node, inside the sub-process that is open."""
    process = process_of(request, pk)
    inside = request.POST.get("in", "")
    parent = None
    if inside:
        nodes = Task.objects.of(request.workspace).filter(process=process)
        parent = nodes.get_or_404(pk=int(inside) if inside.isdecimal() and len(inside) < 19 else 0)
    form = NewTaskForm(process, request.POST, parent=parent)
    with told(request):
        if not form.is_valid():
            problems = [
                FieldProblem(name, f"{form.fields[name].label}: {error[0]}") for name, error in form.errors.items()
            ]
            raise InvalidInput("It was not added.", errors=problems)
        task_add(access=request.access, process=process, parent=parent, **form.node())
    return _editing(request, pk)


@require_POST
@workspace_view()
def nodes(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Kind, lane and sub-process of the nodes of a level, all saved or none."""
    process = process_of(request, pk)
    every = list(Task.objects.of(request.workspace).filter(process=process))
    version = request.POST.get("version", "")
    with told(request, "Nodes saved."):
        changes = nodes_of(request.POST, every)
        known = int(version) if version.isdecimal() and len(version) < 10 else None
        tasks_update(access=request.access, process=process, changes=changes, version=known)
        made = [node.pk for node in every if changes.get(node.pk, {}).get("kind", node.kind) != node.kind]
        for node in Task.objects.of(request.workspace).filter(pk__in=made):
            _set_aside_told(request, node)
    return _editing(request, pk)


def _set_aside_told(request: WorkspaceRequest, node: Task) -> None:
    """Say what a node that was just made a sub-process no longer counts."""
    if node.set_aside:
        messages.warning(request, node.set_aside)


@require_POST
@workspace_view()
def mend(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Put one finding right, or take the last fix back; then the page it was pressed on."""
    process = process_of(request, pk)
    if request.POST.get("undo"):
        with told(request, "Taken back."):
            snapshot_undo(access=request.access, process=process)
    else:
        with told(request, "Put right."):
            key, fix = request.POST.get("key", ""), request.POST.get("fix", "")
            graph_mend(access=request.access, process=process, key=key, fix=fix)
    back = {"flows": "planner:flows", "process": "planner:process"}.get(request.POST.get("back", ""))
    return redirect(back, request.workspace.slug, pk) if back else _editing(request, pk)


@workspace_view()
def task(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Everything about one task, and its figures as a form."""
    found = Task.objects.of(request.workspace).select_related("process__workspace", "parent").get_or_404(pk=pk)
    if found.kind != NodeKind.TASK.value:
        return _node(request, found)
    form = TaskForm(request.POST) if request.method == "POST" else TaskForm.of(found)
    if request.method == "POST" and form.is_valid():
        with told(request, "Saved."):
            version = form.cleaned_data["version"]
            task_update(access=request.access, task=found, changes=form.changes(), version=version)
        return redirect("planner:task", request.workspace.slug, pk)
    context = {"process": found.process, "current_step": "tasks", "page": task_page(found), "form": form}
    context["hangs_on"] = hangs_on(found.process).get(found.pk, "")
    return render(request, "planner/task.html", context, status=422 if form.errors else 200)


def _node(request: WorkspaceRequest, found: Task) -> HttpResponse:
    """A node that is no task: what it is, where it leads, and its form."""
    form = NodeForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told(request, "Saved."):
            version = form.cleaned_data["version"]
            _set_aside_told(
                request, task_update(access=request.access, task=found, changes=form.changes(), version=version)
            )
        return redirect("planner:task", request.workspace.slug, found.pk)
    context = {"process": found.process, "current_step": "tasks", "page": node_page(found), "form": form}
    return render(request, "planner/node.html", context, status=422 if form.errors else 200)


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
    inside = request.POST.get("in", "")
    stay = f"&in={inside}" if inside.isdecimal() else ""
    return redirect(f"{reverse('planner:tasks', args=[request.workspace.slug, process_id])}?edit=graph{stay}")
