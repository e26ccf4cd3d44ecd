"""Reports of a process: made, listed, handed out."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import WorkspaceRequest, workspace_view
from planner.forms.reports import ReportForm
from planner.models import Process, ProcessReport
from planner.selectors.reports import report_file, report_under_way, reports_of
from planner.services import report_delete, report_start


@workspace_view()
def reports(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Every report of a process and the one being made; POST makes another."""
    process = Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report_start(access=request.access, process=process, **form.cleaned_data)
        return redirect("planner:reports", request.workspace.slug, pk)
    context = {
        "process": process,
        "current_step": "ranking",
        "form": form,
        "reports": reports_of(process),
        "run": report_under_way(process),
        "can_edit": request.access.can_edit,
    }
    return render(request, "planner/reports.html", context, status=422 if form.errors else 200)


@require_GET
@workspace_view()
def download(request: WorkspaceRequest, pk: int, ending: str) -> FileResponse:
    """One of the two files of a report."""
    report = ProcessReport.objects.of(request.workspace).select_related("process", "document", "workbook")
    found = report.get_or_404(pk=pk)
    return report_file(found, ending)


@require_POST
@workspace_view()
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Put a report away with its files."""
    report = ProcessReport.objects.of(request.workspace).get_or_404(pk=pk)
    report_delete(access=request.access, report=report)
    messages.success(request, "The report is deleted.")
    return redirect("planner:reports", request.workspace.slug, report.process_id)
