"""Runs elsewhere in the API: a downloaded project says that it begins, what happens, and how it ends."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of
from pipelines.domain.outside import EventKind
from pipelines.models import OutsideEvent, OutsideRun
from pipelines.serializers import (
    EventsTakenSerializer,
    OutsideBeginSerializer,
    OutsideEventRowSerializer,
    OutsideEventsSerializer,
    OutsideRunRowSerializer,
    OutsideRunSerializer,
)
from pipelines.services import GivenEvent, OutsideEntry, outside_events_take, outside_run_begin

ENVELOPE = ("sequence", "kind", "at")


class OutsideRunsView(WorkspaceAPIView):
    """The runs of a pipeline elsewhere."""

    @extend_schema(
        operation_id="pipeline_outside_runs_list", parameters=PAGED, responses=OutsideRunRowSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Runs elsewhere, newest first."""
        found = OutsideRun.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, OutsideRunRowSerializer)

    @extend_schema(
        operation_id="pipeline_outside_runs_begin",
        request=OutsideBeginSerializer,
        responses={200: OutsideRunSerializer, 201: OutsideRunSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A run begins (201). The same key again is the same run, as it was told first (200)."""
        pipeline = pipeline_of(self, pk)
        asked = OutsideBeginSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        entry = OutsideEntry(**asked.validated_data)
        found, is_new = outside_run_begin(access=self.access, pipeline=pipeline, entry=entry)
        return Response(OutsideRunSerializer(found).data, status=201 if is_new else 200)


class OutsideRunView(WorkspaceAPIView):
    """One run elsewhere."""

    @extend_schema(operation_id="outside_runs_retrieve", responses=OutsideRunSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Stages, figures and models, as they are told."""
        return Response(OutsideRunSerializer(_run(self, pk)).data)


class OutsideEventsView(WorkspaceAPIView):
    """What a run elsewhere tells."""

    @extend_schema(operation_id="outside_events_list", parameters=PAGED, responses=OutsideEventRowSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Events in the order of their numbers."""
        found = OutsideEvent.objects.of(self.workspace).filter(run=_run(self, pk))
        return self.paged(request, found, OutsideEventRowSerializer)

    @extend_schema(operation_id="outside_events_tell", request=OutsideEventsSerializer, responses=EventsTakenSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Tell events, at most 500. Each number is taken once, in any order; 409 for what comes after the end."""
        run = _run(self, pk)
        asked = OutsideEventsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        events = [_event(one) for one in asked.validated_data["events"]]
        taken = outside_events_take(access=self.access, run=run, events=events)
        return Response(EventsTakenSerializer(taken).data)


def _event(one: dict[str, Any]) -> GivenEvent:
    told = {name: value for name, value in one.items() if name not in ENVELOPE}
    return GivenEvent(one["sequence"], EventKind(one["kind"]), told, one.get("at"))


def _run(view: WorkspaceAPIView, pk: int) -> OutsideRun:
    return OutsideRun.objects.of(view.workspace).select_related("pipeline__task").get_or_404(pk=pk)
