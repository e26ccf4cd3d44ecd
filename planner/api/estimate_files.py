"""All estimates of a process or of the workspace as a file, out and in."""

from typing import Any, ClassVar

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView
from common.errors import FieldProblem, InvalidInput
from planner.models import Process
from planner.selectors.estimate_files import MEDIA, file_download
from planner.serializers.estimate_files import (
    EstimateImportRequestSerializer,
    EstimateImportSerializer,
    FileBeingWrittenSerializer,
)
from planner.services import ImportPreview, estimate_file_write, estimate_import_preview, estimate_import_start

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE: dict[Any, Any] = {(200, CSV): OpenApiTypes.STR, (200, XLSX): OpenApiTypes.BINARY}
_WRITTEN = {**_FILE, (202, "application/json"): FileBeingWrittenSerializer}


class EstimateFileDoor(WorkspaceAPIView):
    """What the files of a process and of the workspace share."""

    kind: ClassVar[str] = "csv"

    def file(self, process: Process | None) -> HttpResponse:
        """One row a task and assumption; where they are many, the job that writes it and where it will be."""
        found = estimate_file_write(access=self.access, process=process, ending=self.kind)
        if isinstance(found, bytes):
            return HttpResponse(found, content_type=MEDIA[self.kind])
        where = {
            name: reverse(f"v1:{name}", args=[found.pk], request=self.request)
            for name in ("job-detail", "estimate-file")
        }
        body = {"job": found.pk, "file": where["estimate-file"]}
        return Response(body, status=202, headers={"Location": where["job-detail"]})


class EstimateFileView(EstimateFileDoor):
    """The estimates of every process."""

    @extend_schema(responses=_WRITTEN)
    def get(self, request: Request) -> HttpResponse:
        """One row a task and assumption, as `.csv` or `.xlsx`; safe to open in a spreadsheet. Many are a job."""
        return self.file(None)


class ProcessEstimateFileView(EstimateFileDoor):
    """The estimates of a process."""

    @extend_schema(responses=_WRITTEN)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """One row a task and assumption, as `.csv` or `.xlsx`; safe to open in a spreadsheet. Many are a job."""
        return self.file(Process.objects.of(self.workspace).get_or_404(pk=pk))


class EstimateWrittenView(WorkspaceAPIView):
    """A file of estimates that a job wrote."""

    @extend_schema(responses=_FILE)
    def get(self, request: Request, pk: int) -> FileResponse:
        """The file, by the number of its job; 409 before it is written, and once a newer one stands in its place."""
        return file_download(self.workspace, pk)


class EstimateImportDoor(WorkspaceAPIView):
    """What bringing a file for a process and for the workspace share."""

    parser_classes = (MultiPartParser,)

    def bring(self, request: Request, process: Process | None) -> Response:
        """Preview it, and apply it unless this is a dry run."""
        asked = EstimateImportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        if "token" in given:
            return self._applied(request, process, given["token"], None)
        if "file" not in given:
            raise InvalidInput("Send a file.", errors=[FieldProblem("file", "Send a CSV or XLSX file, or a token.")])
        file = given["file"]
        found = estimate_import_preview(access=self.access, process=process, data=file.read(), filename=file.name or "")
        if given["dry_run"] or not found.changes:
            return self._answer(found, applied=not given["dry_run"], token=found.token if given["dry_run"] else "")
        return self._applied(request, process, found.token, found)

    def _applied(self, request: Request, process: Process | None, token: str, found: ImportPreview | None) -> Response:
        started = estimate_import_start(access=self.access, process=process, token=token)
        if started.run is None:
            return self._answer(found, applied=True, tasks=started.tasks)
        answer = self._answer(found, applied=False, tasks=started.tasks, job=started.run.pk)
        answer.status_code = 202
        answer["Location"] = reverse("v1:job-detail", args=[started.run.pk], request=request)
        return answer

    def _answer(
        self,
        found: ImportPreview | None,
        *,
        applied: bool,
        tasks: int | None = None,
        token: str = "",
        job: int | None = None,
    ) -> Response:
        body = {"applied": applied, "job": job, "token": token, "changes": found.changes if found else []}
        body |= {"tasks": (found.tasks if found else 0) if tasks is None else tasks}
        return Response(EstimateImportSerializer({**body, "unchanged": found.unchanged if found else 0}).data)


class WorkspaceEstimatesView(EstimateImportDoor):
    """Estimates of every process, brought as a file."""

    @extend_schema(
        operation_id="estimates_import",
        request=EstimateImportRequestSerializer,
        responses={200: EstimateImportSerializer, 202: EstimateImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Set what differs from what is in use, all of it or nothing; 400 names each row at fault. Many are a job."""
        return self.bring(request, None)


class ProcessEstimatesView(EstimateImportDoor):
    """Estimates of a process, brought as a file."""

    @extend_schema(
        operation_id="processes_estimates_import",
        request=EstimateImportRequestSerializer,
        responses={200: EstimateImportSerializer, 202: EstimateImportSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Set what differs from what is in use, all of it or nothing; 400 names each row at fault. Many are a job."""
        return self.bring(request, Process.objects.of(self.workspace).get_or_404(pk=pk))
