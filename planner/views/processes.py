"""A process: what it is, where its figures come from, its flows as text and as a form."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from planner.forms import FlowForm, ProcessForm, percent_share
from planner.forms.inventory import InventoryForm
from planner.models import Flow, Process
from planner.selectors import flow_page, process_page
from planner.selectors.inventory import owner_words
from planner.services import flow_add, flow_delete, flow_update, process_create, process_delete, process_update
from planner.views.problems import told


def process_of(request: WorkspaceRequest, pk: int) -> Process:
    """The process, in the caller's workspace."""
    return Process.objects.of(request.workspace).select_related("workspace", "owner").get_or_404(pk=pk)


@workspace_view(role=Role.EDITOR)
def process_new(request: WorkspaceRequest) -> HttpResponse:
    """Begin a process that is drawn by hand."""
    form = ProcessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "description", "cases_a_year")}
        process = process_create(access=request.access, **given)
        if request.POST.get("later"):
            return redirect("planner:processes", request.workspace.slug)
        return redirect("planner:tasks", request.workspace.slug, process.pk)
    return render(request, "planner/process_new.html", {"form": form}, status=422 if form.errors else 200)


@workspace_view()
def process(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Overview: cases, log, what was skipped, what to do next; and its name and figures as a form."""
    found = process_of(request, pk)
    form = ProcessForm(request.POST or None, initial=ProcessForm.values(found))
    if request.method == "POST" and form.is_valid():
        with told(request):
            process_update(access=request.access, process=found, **form.changes(found))
        return redirect("planner:process", request.workspace.slug, pk)
    context = {"process": found, "current_step": "process", "page": process_page(found), "form": form}
    context["entry"] = InventoryForm(initial=InventoryForm.values(found), auto_id="inv_%s")
    context["owner"] = owner_words(found)
    return render(request, "planner/process.html", context, status=422 if form.errors else 200)


@require_POST
@workspace_view()
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Remove a process; while a job works on it, its page says which."""
    found = process_of(request, pk)
    with told(request, f"“{found.name}” deleted."):
        process_delete(access=request.access, process=found)
        return redirect("planner:home", request.workspace.slug)
    return redirect("planner:process", request.workspace.slug, pk)


@workspace_view()
def flows(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The flow as text; every branch with its probability as a form; a form to draw another."""
    found = process_of(request, pk)
    form = FlowForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        ends = {name: form.cleaned_data[name] for name in ("source", "target", "label", "condition", "version")}
        with told(request):
            flow_add(access=request.access, probability=form.probability(), **ends)
        return redirect("planner:flows", request.workspace.slug, pk)
    page = flow_page(found, words=request.GET.get("q", ""), page=request.GET.get("page", ""))
    if page.lines.is_cut:
        form.offer(page.ends)
    context = {"process": found, "current_step": "tasks", "page": page, "form": form}
    return render(request, "planner/process_flows.html", context, status=422 if form.errors else 200)


@require_POST
@workspace_view()
def flow_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Set the probability and label of a branch, or remove it."""
    flow = Flow.objects.of(request.workspace).select_related("process__workspace").get_or_404(pk=pk)
    with told(request):
        if request.POST.get("delete"):
            flow_delete(access=request.access, flow=flow)
        else:
            share, label = percent_share(request.POST.get("percent", "")), request.POST.get("label", "")
            rule = request.POST.get("condition")
            flow_update(access=request.access, flow=flow, probability=share, label=label, condition=rule)
    return redirect("planner:flows", request.workspace.slug, flow.process_id)
