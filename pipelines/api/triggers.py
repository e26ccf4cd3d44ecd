"""Triggers in the API: what starts runs by itself, and what it did."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of
from pipelines.models import Firing, Trigger, TriggerKind
from pipelines.serializers import (
    FiringSerializer,
    TriggerChangeSerializer,
    TriggerCreateSerializer,
    TriggerSerializer,
)
from pipelines.services import trigger_change, trigger_create, trigger_delete


class TriggersView(WorkspaceAPIView):
    """The triggers of a pipeline."""

    @extend_schema(operation_id="pipeline_triggers_list", parameters=PAGED, responses=TriggerSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Triggers, the oldest first."""
        found = Trigger.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, TriggerSerializer)

    @extend_schema(
        operation_id="pipeline_triggers_create", request=TriggerCreateSerializer, responses={201: TriggerSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add one: it fires at the next change, not for what is so already."""
        pipeline = pipeline_of(self, pk)
        asked = TriggerCreateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        made = trigger_create(access=self.access, pipeline=pipeline, kind=TriggerKind(given.pop("kind")), **given)
        return tagged(Response(TriggerSerializer(made).data, status=201), "trigger", made.pk, made.version)


class TriggerView(WorkspaceAPIView):
    """One trigger."""

    etag = True

    @extend_schema(operation_id="triggers_retrieve", responses=TriggerSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _answer(_trigger(self, pk), request)

    @extend_schema(operation_id="triggers_update", request=TriggerChangeSerializer, responses=TriggerSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Change or switch it; what is left out keeps its value."""
        trigger = _trigger(self, pk)
        version = if_match_version(request, "trigger", pk)
        asked = TriggerChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        kept = {"cron": trigger.cron, "zone": trigger.zone, "quiet_seconds": trigger.quiet_seconds}
        changed = trigger_change(
            access=self.access,
            trigger=trigger,
            version=trigger.version if version is None else version,
            **{**kept, **asked.validated_data},
        )
        return _answer(changed, request)

    @extend_schema(operation_id="triggers_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """It fires no more; runs it started stay."""
        trigger_delete(access=self.access, trigger=_trigger(self, pk))
        return Response(status=204)


class FiringsView(WorkspaceAPIView):
    """What fired."""

    @extend_schema(operation_id="pipeline_firings_list", parameters=PAGED, responses=FiringSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Changes that were noticed, newest first."""
        found = Firing.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, FiringSerializer)


def _trigger(view: WorkspaceAPIView, pk: int) -> Trigger:
    found = Trigger.objects.of(view.workspace).select_related("pipeline__task__process", "pipeline__canvas")
    return found.get_or_404(pk=pk)


def _answer(trigger: Trigger, request: Request) -> Response:
    return tagged(Response(TriggerSerializer(trigger).data), "trigger", trigger.pk, trigger.version, request=request)
