"""Working hours, and the rows that were left out of a log."""

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from accounts.models import Role
from common.errors import NotFound
from jobs.services import blob_open
from planner.models import Process
from planner.selectors import choice_words, default_hours, hours_fit, hours_in_force, latest_log
from planner.serializers.working_hours import HoursRequestSerializer, HoursSerializer
from planner.services import process_hours_update, workspace_hours_update


class WorkspaceHoursView(WorkspaceAPIView):
    """Working hours of the workspace."""

    @extend_schema(operation_id="hours_retrieve", responses=HoursSerializer)
    def get(self, request: Request) -> Response:
        """The hours by which durations are measured where a process has none of its own."""
        return self._answer(default_hours(self.workspace))

    @extend_schema(operation_id="hours_update", request=HoursRequestSerializer, responses=HoursSerializer)
    def put(self, request: Request) -> Response:
        """Set them; `null` is around the clock. Owners only. Processes without their own are measured again."""
        self.access.require(Role.OWNER)
        workspace_hours_update(access=self.access, choice=_asked(request) or {})
        return self._answer(default_hours(self.workspace))

    def _answer(self, choice: Mapping[str, Any]) -> Response:
        known = {"hours": dict(choice) or None, "words": choice_words(choice)}
        return Response({**known, "own": True, "outside_share": None})


class ProcessHoursView(WorkspaceAPIView):
    """Working hours of a process."""

    @extend_schema(operation_id="processes_hours_retrieve", responses=HoursSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The hours in force; `own` says that the process has its own."""
        return self._answer(self._process(pk))

    @extend_schema(operation_id="processes_hours_update", request=HoursRequestSerializer, responses=HoursSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Give the process hours of its own; `null` is around the clock. Its log is measured again as a job."""
        process = self._process(pk)
        process_hours_update(access=self.access, process=process, choice=_asked(request) or {})
        return self._answer(process)

    @extend_schema(operation_id="processes_hours_reset", responses=HoursSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Measure it by the hours of the workspace again."""
        process = self._process(pk)
        process_hours_update(access=self.access, process=process, choice=None)
        return self._answer(process)

    def _process(self, pk: int) -> Process:
        return Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)

    def _answer(self, process: Process) -> Response:
        found = hours_in_force(process)
        fit = hours_fit(latest_log(process), found.choice)
        known = {"hours": dict(found.choice) or None, "words": found.words, "own": found.own}
        return Response({**known, "outside_share": fit.share if fit else None})


class RejectedRowsView(WorkspaceAPIView):
    """Rows that were left out of a log."""

    @extend_schema(operation_id="processes_log_left_out", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, pk: int) -> FileResponse:
        """Every one as CSV: row, reason, column, cell. 404 when nothing was left out."""
        log = latest_log(Process.objects.of(self.workspace).get_or_404(pk=pk))
        if log is None or log.rejected is None:
            raise NotFound("Nothing was left out.", detail="Every row of the log became an event, or there is no log.")
        return FileResponse(
            blob_open(log.rejected), filename=f"left-out-{pk}.csv", content_type="text/csv; charset=utf-8"
        )


def _asked(request: Request) -> Any:
    asked = HoursRequestSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data["hours"]
