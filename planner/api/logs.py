"""The logs of a process in the API: another one as a job, what differs, what is taken of it."""

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from planner.api.discovery import ProcessDoor
from planner.models import EventLog
from planner.serializers.logs import (
    ComparisonSerializer,
    EventLogSerializer,
    LogChangeSerializer,
    LogImportSerializer,
    LogTakeSerializer,
    comparison_body,
)
from planner.serializers.process import ImportSerializer
from planner.services import (
    log_apply,
    log_compare,
    log_delete,
    log_import_start,
    log_match,
    log_upload_create,
    log_upload_take,
)


class LogsView(ProcessDoor):
    """The logs of one process."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="processes_logs", responses=EventLogSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Every log of the process, the newest first."""
        found = EventLog.objects.of(self.workspace).filter(process=self.process(pk))
        return Response(EventLogSerializer(found, many=True).data)

    @extend_schema(operation_id="processes_logs_import", request=LogImportSerializer, responses={202: ImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Import a newer log as a job. It changes nothing until it is applied; `logs/{id}/` says what differs."""
        process = self.process(pk)
        asked = LogImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        file = given["file"]
        upload = log_upload_create(access=self.access, file=file, filename=file.name or "log", updates=process)
        log_upload_take(access=self.access, upload=upload, mapping=given.get("mapping"))
        run = log_import_start(access=self.access, upload=upload)
        where = reverse("v1:job-detail", args=[run.pk], request=request)
        return Response(ImportSerializer(upload).data, status=202, headers={"Location": where})


class LogDoor(WorkspaceAPIView):
    """What views of one log share. Their ETag is that of the process."""

    etag = True

    def log(self, pk: int) -> EventLog:
        return EventLog.objects.of(self.workspace).select_related("process__workspace", "events").get_or_404(pk=pk)

    def compared(self, log: EventLog) -> Response:
        body = comparison_body(log_compare(process=log.process, log=log))
        return tagged(Response(body), "process", log.process_id, log.process.version)


class LogView(LogDoor):
    """One log beside its process."""

    @extend_schema(operation_id="logs_retrieve", responses=ComparisonSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What differs between the process and this log. 409 for the log in use."""
        return self.compared(self.log(pk))

    @extend_schema(operation_id="logs_match", request=LogChangeSerializer, responses=ComparisonSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Say which activity is which task, and compare again."""
        log = self.log(pk)
        if_match_version(request, "process", log.process_id)
        asked = LogChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        log_match(access=self.access, log=log, matching=asked.validated_data["matching"])
        return self.compared(log)

    @extend_schema(operation_id="logs_delete", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a log with all that was derived from it. 409 while figures rest on it and another could be used."""
        log_delete(access=self.access, log=self.log(pk))
        return Response(status=204)


class LogApplyView(LogDoor):
    """Letting a process rest on a log."""

    etag_of_posts = True

    @extend_schema(operation_id="logs_apply", request=LogTakeSerializer, responses=EventLogSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take differences, whole or not at all, on the version named by If-Match; `undo/` takes it back."""
        log = self.log(pk)
        version = if_match_version(request, "process", log.process_id)
        asked = LogTakeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        log_apply(access=self.access, log=log, taken=asked.validated_data.get("taken"), version=version)
        body = Response(EventLogSerializer(log).data)
        return tagged(body, "process", log.process_id, log.process.version)
