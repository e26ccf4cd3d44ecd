"""Realised value in the API: months, their costs, planned against realised, what was measured into the estimate."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of
from pipelines.models import RealisedMonth
from pipelines.selectors import estimate_version, measured_of, realised_standing
from pipelines.serializers import (
    CountingStartedSerializer,
    MonthCostsSerializer,
    RealisedMonthSerializer,
    StandingSerializer,
    TakenSerializer,
    TakeSerializer,
)
from pipelines.services import measured_take, month_costs_set, months_start


class MonthsView(WorkspaceAPIView):
    """Months of a pipeline in use."""

    @extend_schema(operation_id="pipeline_months_list", parameters=PAGED, responses=RealisedMonthSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Months, the earliest first."""
        found = RealisedMonth.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, RealisedMonthSerializer)

    @extend_schema(operation_id="pipeline_months_count", request=None, responses={202: CountingStartedSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Count predictions and outcomes of every month, as a job."""
        job = months_start(access=self.access, pipeline=pipeline_of(self, pk))
        return Response({"job": job.pk}, status=202)


class MonthView(WorkspaceAPIView):
    """One month."""

    etag = True

    @extend_schema(operation_id="months_retrieve", responses=RealisedMonthSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What was counted, what it cost, what it brought."""
        return _answer(_month(self, pk), request)

    @extend_schema(operation_id="months_update", request=MonthCostsSerializer, responses=RealisedMonthSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Enter what running cost that month; If-Match holds the ETag that was read. What is left out is as planned."""
        month = _month(self, pk)
        revision = if_match_version(request, "month", pk)
        asked = MonthCostsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        changed = month_costs_set(
            access=self.access,
            month=month,
            costs=given.get("costs", {}),
            cases=given.get("cases"),
            revision=revision,
        )
        return _answer(changed, request)


class ValueView(WorkspaceAPIView):
    """Planned against realised."""

    @extend_schema(operation_id="pipeline_value_retrieve", responses=StandingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What known months brought, and what the months to come are expected to."""
        pipeline = pipeline_of(self, pk)
        standing = realised_standing(pipeline)
        measured = measured_of(standing)
        told = {
            "known_months": len(standing.known),
            "realised": standing.realised,
            "planned": standing.planned,
            "once": standing.once,
            "expected": standing.forecast.total if standing.forecast else None,
            "planned_to_come": standing.planned_to_come,
            "until": standing.ends,
            "value_gone": pipeline.value_gone,
            "gap": standing.gap,
            "measured": measured.words if measured and standing.case is not None else "",
        }
        return Response(StandingSerializer(told).data)


class TakeView(WorkspaceAPIView):
    """What was measured, for the estimate."""

    @extend_schema(operation_id="pipeline_value_take", request=TakeSerializer, responses=TakenSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put what was measured into the estimate of the task, with its source. 409 while nothing is."""
        pipeline = pipeline_of(self, pk)
        asked = TakeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        taken = measured_take(
            access=self.access,
            pipeline=pipeline,
            standing=realised_standing(pipeline),
            version=asked.validated_data.get("estimate_version"),
        )
        pipeline.task.refresh_from_db()
        return Response({"taken": taken.words, "estimate_version": estimate_version(pipeline)})


def _month(view: WorkspaceAPIView, pk: int) -> RealisedMonth:
    return RealisedMonth.objects.of(view.workspace).get_or_404(pk=pk)


def _answer(month: RealisedMonth, request: Request) -> Response:
    return tagged(Response(RealisedMonthSerializer(month).data), "month", month.pk, month.revision, request=request)
