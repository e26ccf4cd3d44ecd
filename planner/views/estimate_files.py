"""All estimates of a process, or of the workspace, as a file: downloaded, changed in a spreadsheet, brought back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import ProblemError
from common.formatting import things
from planner.domain.valuation.estimate_table import write_csv, write_workbook
from planner.forms.estimate_files import EstimateFileForm
from planner.models import Process, Task
from planner.selectors.estimate_table import estimate_lines, import_run
from planner.services import estimate_import_preview, estimate_import_start

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "POST"])
@workspace_view()
def workspace_estimates(request: WorkspaceRequest) -> HttpResponse:
    """Every process; POST a file for its preview, then the preview's token to apply it."""
    return _page(request, None)


@require_http_methods(["GET", "POST"])
@workspace_view()
def process_estimates(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One process; POST a file for its preview, then the preview's token to apply it."""
    return _page(request, Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk))


@require_safe
@workspace_view()
def workspace_file(request: WorkspaceRequest, kind: str) -> HttpResponse:
    """The estimates of every process as a file."""
    return estimate_file(request, None, kind)


@require_safe
@workspace_view()
def process_file(request: WorkspaceRequest, pk: int, kind: str) -> HttpResponse:
    """The estimates of a process as a file."""
    return estimate_file(request, Process.objects.of(request.workspace).get_or_404(pk=pk), kind)


def estimate_file(request: WorkspaceRequest, process: Process | None, kind: str) -> HttpResponse:
    """One row a task and assumption."""
    lines = estimate_lines(request.workspace, process)
    content = write_csv(lines) if kind == "csv" else write_workbook(lines)
    name = f"estimates-{process.pk}.{kind}" if process else f"estimates.{kind}"
    return HttpResponse(
        content, content_type=TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _page(request: WorkspaceRequest, process: Process | None) -> HttpResponse:
    shown: dict[str, Any] = {"process": process, "current_step": "value", "form": EstimateFileForm()}
    if request.method == "POST":
        try:
            if "token" in request.POST:
                return _applied(request, process)
            shown |= _preview(request, process)
        except ProblemError as problem:
            shown |= {"problem": problem}
    tasks = Task.objects.of(request.workspace).work()
    shown["any"] = (tasks.filter(process=process) if process else tasks).exists()
    shown["run"] = import_run(request.workspace, process, request.GET.get("job", ""))
    template = "planner/estimates/process.html" if process else "planner/estimates/workspace.html"
    wrong: ProblemError | None = shown.get("problem")
    status = wrong.status if wrong else 400 if shown["form"].errors else 200
    return render(request, template, shown, status=status)


def _preview(request: WorkspaceRequest, process: Process | None) -> dict[str, Any]:
    form = EstimateFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return {"form": form}
    file = form.cleaned_data["file"]
    found = estimate_import_preview(access=request.access, process=process, data=file.read(), filename=file.name or "")
    return {"preview": found, "filename": file.name}


def _applied(request: WorkspaceRequest, process: Process | None) -> HttpResponse:
    started = estimate_import_start(access=request.access, process=process, token=request.POST["token"])
    if started.run is not None:
        return redirect(f"{request.path}?job={started.run.pk}")
    words = f"The estimates of {things(started.tasks, 'task')} changed. Each can be undone on its value page."
    messages.success(request, words)
    return redirect(request.path)
