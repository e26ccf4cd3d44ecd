"""Jobs in the API: poll one, read its log, cancel it, try again."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api_base import WorkspaceViewSet
from accounts.models import WorkspaceScoped
from common.api.parameters import PAGING, id_asked, takes
from common.errors import FieldProblem, InvalidInput
from jobs.domain.states import RunState
from jobs.models import Run
from jobs.selectors import log_after, runs_of
from jobs.serializers import LogEntrySerializer, RunDetailSerializer, RunSerializer
from jobs.services import run_cancel, run_retry

STATES = tuple(state.value for state in RunState)
FILTERS = ("kind", "state", "subject")
LOG = [
    OpenApiParameter("after", OpenApiTypes.INT),
    OpenApiParameter("q", OpenApiTypes.STR, description="Only entries that hold this text, in any case."),
    OpenApiParameter("stage", OpenApiTypes.STR, description="Only entries of the stage of this name."),
]


class RunViewSet(ListModelMixin, WorkspaceViewSet[Run]):
    """Jobs of the workspace, newest first."""

    queryset = Run.objects.all()
    serializer_class: type[BaseSerializer[Any]] = RunSerializer

    def get_queryset(self) -> WorkspaceScoped[Run]:
        found = super().get_queryset()
        if self.action != "list" or getattr(self, "swagger_fake_view", False):
            return found
        asked = {name: self.request.query_params.get(name, "") for name in FILTERS}
        if asked["state"] and asked["state"] not in STATES:
            message = f"“{asked['state'][:40]}” is no state of a job. There are {', '.join(STATES)}."
            raise InvalidInput("Jobs cannot be filtered like that.", errors=[FieldProblem("state", message)])
        narrowed = runs_of(found, **asked)
        assert isinstance(narrowed, WorkspaceScoped)
        return narrowed

    @extend_schema(parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in FILTERS])
    @takes(*PAGING, *FILTERS)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=RunDetailSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(RunDetailSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancel what has not begun now, what is running within seconds."""
        return Response(RunDetailSerializer(run_cancel(access=self.access, run=self.get_object())).data, status=202)

    @extend_schema(request=None, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: int) -> Response:
        """Run again what failed or was cancelled; what is done stays done."""
        return Response(RunDetailSerializer(run_retry(access=self.access, run=self.get_object())).data, status=202)

    @extend_schema(parameters=LOG, responses=LogEntrySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    @takes("after", "q", "stage")
    def log(self, request: Request, pk: int) -> Response:
        """The log after entry `after`, oldest first, at most 500 entries."""
        run, after = self.get_object(), id_asked(request, "after", least=0)
        query, stage = (request.query_params.get(name, "") for name in ("q", "stage"))
        return Response(LogEntrySerializer(log_after(run, after or 0, query=query, stage=stage), many=True).data)
