"""What was left out of a log, as a file."""

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from jobs.services import blob_open
from planner.selectors import latest_log
from planner.views.processes import process_of


@require_safe
@workspace_view()
def rejected_rows(request: WorkspaceRequest, pk: int) -> HttpResponseBase:
    """Every row of the log that was left out: its number, the reason, the column and what stands there."""
    log = latest_log(process_of(request, pk))
    if log is None or log.rejected is None:
        raise Http404("Nothing was left out of this log.")
    name = f"left-out-{pk}.csv"
    return FileResponse(
        blob_open(log.rejected), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
