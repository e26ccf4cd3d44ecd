"""Importing a log over the API: one file in, a job out."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView
from common.errors import InvalidInput
from planner.models import LogUpload
from planner.serializers.process import ImportRequestSerializer, ImportSerializer
from planner.services import (
    log_import_start,
    log_upload_create,
    log_upload_discard,
    log_upload_look,
    log_upload_map,
)


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
        self._map(upload, given)
        run = log_import_start(access=self.access, upload=upload)
        where = reverse("v1:job-detail", args=[run.pk], request=request)
        return Response(ImportSerializer(upload).data, status=202, headers={"Location": where})

    def _map(self, upload: LogUpload, given: Mapping[str, Any]) -> None:
        """The mapping sent, over what was guessed once the file is read as it says."""
        sent = given.get("mapping", {})
        if any(sent.get(name) for name in ("encoding", "separator", "sheet")):
            log_upload_look(access=self.access, upload=upload, reading={**upload.mapping, **sent})
        if upload.state == LogUpload.State.REFUSED:
            raise InvalidInput("This file cannot be imported.", detail=" ".join(upload.problems))
        if sent or "hours" in given:
            mapping = {**upload.mapping, **sent}
            log_upload_map(access=self.access, upload=upload, mapping=mapping, calendar=given.get("hours"))


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
