"""Reports of a process in the API: made as a job, read, handed out."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView
from planner.models import Process, ProcessReport
from planner.selectors.reports import report_file, reports_of
from planner.serializers.reports import ReportRequestSerializer, ReportSerializer
from planner.services import report_delete, report_start


class ReportsView(WorkspaceAPIView):
    """The reports of one process."""

    @extend_schema(operation_id="processes_reports_list", responses=ReportSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The newest first."""
        found = reports_of(self._process(pk))
        return Response(ReportSerializer(found, many=True, context={"request": request}).data)

    @extend_schema(
        operation_id="processes_reports_create", request=ReportRequestSerializer, responses={202: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make a report as a job; the answer's Location is the job."""
        process = self._process(pk)
        asked = ReportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run = report_start(access=self.access, process=process, **asked.validated_data)
        where = reverse("v1:job-detail", args=[run.pk], request=request)
        return Response({"job": run.pk}, status=202, headers={"Location": where})

    def _process(self, pk: int) -> Process:
        return Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)


class ReportDoor(WorkspaceAPIView):
    """What views of one report share."""

    def report(self, pk: int) -> ProcessReport:
        found = ProcessReport.objects.of(self.workspace).select_related("process", "document", "workbook", "made_by")
        return found.get_or_404(pk=pk)


class ReportView(ReportDoor):
    """One report."""

    @extend_schema(operation_id="reports_retrieve", responses=ReportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What it says in short, and where its files are."""
        return Response(ReportSerializer(self.report(pk), context={"request": request}).data)

    @extend_schema(operation_id="reports_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Put it away with its files."""
        report_delete(access=self.access, report=self.report(pk))
        return Response(status=204)


class ReportDocumentView(ReportDoor):
    """The pages of a report."""

    @extend_schema(operation_id="reports_pdf_retrieve", responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> FileResponse:
        """The PDF."""
        return report_file(self.report(pk), "pdf")


class ReportWorkbookView(ReportDoor):
    """The workbook of a report."""

    @extend_schema(operation_id="reports_workbook_retrieve", responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> FileResponse:
        """The XLSX."""
        return report_file(self.report(pk), "xlsx")
