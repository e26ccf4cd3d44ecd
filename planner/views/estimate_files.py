"""All estimates of a process, or of the workspace, as a file: downloaded, changed in a spreadsheet, brought back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import ProblemError
from common.formatting import things
from planner.forms.estimate_files import EstimateFileForm
from planner.models import Process, Task
from planner.selectors.estimate_files import MEDIA, estimate_files, file_download, file_name, files_under_way
from planner.selectors.estimate_table import import_run
from planner.services import estimate_file_write, estimate_import_preview, estimate_import_start


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


@require_safe
@workspace_view()
def written_file(request: WorkspaceRequest, pk: int) -> FileResponse:
    """The file that a job wrote."""
    return file_download(request.workspace, pk)


def estimate_file(request: WorkspaceRequest, process: Process | None, kind: str) -> HttpResponse:
    """One row a task and assumption; where they are many, the page that shows how far the job is that writes it."""
    found = estimate_file_write(access=request.access, process=process, ending=kind)
    if not isinstance(found, bytes):
        slug = request.workspace.slug
        return (
            redirect("planner:process_estimates", slug, process.pk) if process else redirect("planner:estimates", slug)
        )
    name = file_name(process.pk if process is not None else None, kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found, content_type=MEDIA[kind], headers=headers)


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
    shown |= {
        "writing": files_under_way(request.workspace, process),
        "files": estimate_files(request.workspace, process),
    }
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
