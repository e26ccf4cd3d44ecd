"""Monitoring in the API: telling outcomes, looking at predictions."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of
from pipelines.models import MonitoringReport, OutcomeOrigin, OutcomeReading, OutcomeRecord
from pipelines.serializers import (
    MonitoringReportSerializer,
    MonitoringStartedSerializer,
    OutcomeReadingSerializer,
    OutcomeRecordSerializer,
    OutcomesSerializer,
    RecordedSerializer,
)
from pipelines.services import GivenOutcome, monitoring_start, outcomes_record


class OutcomesView(WorkspaceAPIView):
    """What really happened."""

    @extend_schema(
        operation_id="pipeline_outcomes_list", parameters=PAGED, responses=OutcomeRecordSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Outcomes, the latest told first."""
        found = OutcomeRecord.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, OutcomeRecordSerializer)

    @extend_schema(operation_id="pipeline_outcomes_tell", request=OutcomesSerializer, responses=RecordedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Tell outcomes by the names of their cases, before or after they are predicted; the latest counts."""
        pipeline = pipeline_of(self, pk)
        asked = OutcomesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = [GivenOutcome(one["key"], one["value"], one.get("at")) for one in asked.validated_data["outcomes"]]
        recorded = outcomes_record(access=self.access, pipeline=pipeline, outcomes=given, origin=OutcomeOrigin.API)
        return Response(RecordedSerializer(recorded).data)


class ReadingsView(WorkspaceAPIView):
    """Outcomes that came with event logs."""

    @extend_schema(
        operation_id="pipeline_outcome_readings_list", parameters=PAGED, responses=OutcomeReadingSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """What each log imported after predictions said of their cases, the latest first."""
        found = OutcomeReading.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, OutcomeReadingSerializer)


class ReportsView(WorkspaceAPIView):
    """Looks at what was predicted."""

    @extend_schema(
        operation_id="pipeline_reports_list", parameters=PAGED, responses=MonitoringReportSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Reports, newest first."""
        found = MonitoringReport.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, MonitoringReportSerializer)

    @extend_schema(operation_id="pipeline_reports_create", request=None, responses={202: MonitoringStartedSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Look at the predictions of the last 30 days, as a job."""
        job = monitoring_start(access=self.access, pipeline=pipeline_of(self, pk))
        return Response({"job": job.pk}, status=202)
