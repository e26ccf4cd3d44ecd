"""The reports that were made of a process."""

from django.db.models import QuerySet
from django.http import FileResponse

from jobs.models import Run, RunState
from jobs.services import blob_open
from planner.models import Process, ProcessReport

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def reports_of(process: Process) -> QuerySet[ProcessReport]:
    """The newest first, with who made them and the sizes of their files."""
    found = ProcessReport.objects.of(process.workspace).filter(process=process)
    return found.select_related("made_by", "document", "workbook")


def report_under_way(process: Process) -> Run | None:
    """The report that is being made, or the last attempt where that came to nothing."""
    last = Run.objects.of(process.workspace).filter(kind="planner.report").about(f"process:{process.pk}").first()
    return last if last is not None and last.state_of is not RunState.SUCCEEDED else None


def report_file(report: ProcessReport, ending: str) -> FileResponse:
    """The PDF ("pdf") or the workbook ("xlsx") as a download named after process and day."""
    blob, kind = (report.document, PDF) if ending == "pdf" else (report.workbook, XLSX)
    name = f"{report.process.name} {report.made_at:%Y-%m-%d}.{ending}"
    return FileResponse(blob_open(blob), as_attachment=True, filename=name, content_type=kind)
