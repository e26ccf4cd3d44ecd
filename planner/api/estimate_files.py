"""All estimates of a process or of the workspace as a file, out and in."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.errors import FieldProblem, InvalidInput
from planner.domain.valuation.estimate_table import write_csv, write_workbook
from planner.models import Process
from planner.selectors.estimate_table import estimate_lines
from planner.serializers.estimate_files import EstimateImportRequestSerializer, EstimateImportSerializer
from planner.services import estimate_import_apply, estimate_import_preview

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = {(200, CSV): OpenApiTypes.STR, (200, XLSX): OpenApiTypes.BINARY}


class EstimateFileDoor(WorkspaceAPIView):
    """What the files of a process and of the workspace share."""

    kind: ClassVar[str] = "csv"

    def file(self, process: Process | None) -> HttpResponse:
        """One row a task and assumption."""
        lines = estimate_lines(self.workspace, process)
        if self.kind == "csv":
            return HttpResponse(write_csv(lines), content_type=f"{CSV}; charset=utf-8")
        return HttpResponse(write_workbook(lines), content_type=XLSX)


class EstimateFileView(EstimateFileDoor):
    """The estimates of every process."""

    @extend_schema(responses=_FILE)
    def get(self, request: Request) -> HttpResponse:
        """One row a task and assumption, as `.csv` or `.xlsx`. CSV is safe to open in a spreadsheet."""
        return self.file(None)


class ProcessEstimateFileView(EstimateFileDoor):
    """The estimates of a process."""

    @extend_schema(responses=_FILE)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """One row a task and assumption, as `.csv` or `.xlsx`. CSV is safe to open in a spreadsheet."""
        return self.file(Process.objects.of(self.workspace).get_or_404(pk=pk))


class EstimateImportDoor(WorkspaceAPIView):
    """What bringing a file for a process and for the workspace share."""

    parser_classes = (MultiPartParser,)

    def bring(self, request: Request, process: Process | None) -> Response:
        """Preview it, and apply it unless this is a dry run."""
        asked = EstimateImportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        if "token" in given:
            return self._answer(estimate_import_apply(access=self.access, token=given["token"]))
        if "file" not in given:
            raise InvalidInput("Send a file.", errors=[FieldProblem("file", "Send a CSV or XLSX file, or a token.")])
        file = given["file"]
        found = estimate_import_preview(access=self.access, process=process, data=file.read(), filename=file.name or "")
        if not given["dry_run"] and found.changes:
            estimate_import_apply(access=self.access, token=found.token)
        token = found.token if given["dry_run"] else ""
        body = {"applied": not given["dry_run"], "tasks": found.tasks, "changes": found.changes}
        return Response(EstimateImportSerializer({**body, "unchanged": found.unchanged, "token": token}).data)

    def _answer(self, tasks: int) -> Response:
        body = {"applied": True, "tasks": tasks, "changes": [], "unchanged": 0, "token": ""}
        return Response(EstimateImportSerializer(body).data)


class WorkspaceEstimatesView(EstimateImportDoor):
    """Estimates of every process, brought as a file."""

    @extend_schema(
        operation_id="estimates_import", request=EstimateImportRequestSerializer, responses=EstimateImportSerializer
    )
    def post(self, request: Request) -> Response:
        """Set what differs from what is in use, all of it or nothing; 400 names each row that cannot be used."""
        return self.bring(request, None)


class ProcessEstimatesView(EstimateImportDoor):
    """Estimates of a process, brought as a file."""

    @extend_schema(
        operation_id="processes_estimates_import",
        request=EstimateImportRequestSerializer,
        responses=EstimateImportSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Set what differs from what is in use, all of it or nothing; 400 names each row that cannot be used."""
        return self.bring(request, Process.objects.of(self.workspace).get_or_404(pk=pk))
