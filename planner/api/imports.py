"""Importing a log over the API: one file in, a job out."""

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView
from planner.models import LogUpload
from planner.serializers.process import ImportRequestSerializer, ImportSerializer
from planner.services import log_import_start, log_upload_create, log_upload_discard, log_upload_take


class ImportsView(WorkspaceAPIView):
    """Logs to be imported."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="processes_import", request=ImportRequestSerializer, responses={202: ImportSerializer})
    def post(self, request: Request) -> Response:
        """Import a log as a job. 400 with the sentence when the file cannot be used; nothing is half-imported."""
        asked = ImportRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        file = given["file"]
        upload = log_upload_create(access=self.access, file=file, filename=file.name or "log", name=given["name"])
        log_upload_take(access=self.access, upload=upload, mapping=given.get("mapping"), hours=given.get("hours"))
        run = log_import_start(access=self.access, upload=upload)
        where = reverse("v1:job-detail", args=[run.pk], request=request)
        return Response(ImportSerializer(upload).data, status=202, headers={"Location": where})


class ImportView(WorkspaceAPIView):
    """One import."""

    @extend_schema(operation_id="processes_import_retrieve", responses=ImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What was read of the file, how far it is, and the process it became."""
        found = LogUpload.objects.of(self.workspace).select_related("run").prefetch_related("run__stages")
        return Response(ImportSerializer(found.get_or_404(pk=pk)).data)

    @extend_schema(operation_id="processes_import_discard", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Discard a file that has not become a process. 409 while it is being imported, and once it is one."""
        upload = LogUpload.objects.of(self.workspace).get_or_404(pk=pk)
        log_upload_discard(access=self.access, upload=upload)
        return Response(status=204)
