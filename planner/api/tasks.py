"""Tasks and flows in the API. Their ETag is that of their process: one version for the whole graph."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceViewSet
from accounts.models import WorkspaceScoped
from common.api import if_match_version, tagged
from common.api.parameters import PAGING, id_asked, takes
from planner.domain.process_graph.node import NodeKind
from planner.models import Flow, Process, Task
from planner.serializers.process import FlowCreateSerializer, FlowSerializer, TaskCreateSerializer, TaskSerializer
from planner.services import (
    flow_add,
    flow_delete,
    flow_restore,
    flow_update,
    task_add,
    task_delete,
    task_restore,
    task_update,
)

PROCESS = OpenApiParameter("process", OpenApiTypes.INT, description="Only those of this process.")


class TaskViewSet(ListModelMixin, WorkspaceViewSet[Task]):
    """Tasks of the workspace."""

    queryset = Task.objects.select_related("process__workspace").order_by("process", "position", "id")
    serializer_class = TaskSerializer
    etag = True
    etag_of_deletions = True
    etag_of_posts = ("restore",)

    def get_queryset(self) -> WorkspaceScoped[Task]:
        found = super().get_queryset()
        process = id_asked(self.request, "process") if self.action == "list" else None
        return found if process is None else found.filter(process=process)

    @extend_schema(parameters=[PROCESS])
    @takes(*PAGING, "process")
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=TaskCreateSerializer, responses={201: TaskSerializer})
    def create(self, request: Request) -> Response:
        """A new task, sub-process, gateway, start or end: at the end, after another, or inside a sub-process."""
        asked = TaskCreateSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = {**asked.validated_data, "kind": NodeKind(asked.validated_data["kind"])}
        return self._answer(task_add(access=self.access, **given), 201)

    @extend_schema(responses=TaskSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=TaskSerializer(partial=True), responses=TaskSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change name, kind, lane, sub-process, figures or place on the version of the process named by If-Match."""
        task = self.get_object()
        version = if_match_version(request, "process", task.process_id)
        asked = TaskSerializer(task, data=request.data, partial=True, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        changes = dict(asked.validated_data)
        return self._answer(task_update(access=self.access, task=task, changes=changes, version=version))

    def destroy(self, request: Request, pk: int) -> Response:
        """Remove a node with its flows and what is inside it; it can be restored."""
        task = self.get_object()
        version = if_match_version(request, "process", task.process_id)
        task_delete(access=self.access, task=task, version=version)
        return _bare(task.process_id)

    @extend_schema(request=None, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: int) -> Response:
        """Bring a removed task back as it was, with all that hangs on it."""
        found = Task.everything.of(self.workspace).select_related("process__workspace")
        task = found.removed().get_or_404(pk=pk)
        version = if_match_version(request, "process", task.process_id)
        return self._answer(task_restore(access=self.access, task=task, version=version))

    def _answer(self, task: Task, status: int = 200) -> Response:
        version = Process.objects.values_list("version", flat=True).get(pk=task.process_id)
        body = Response(TaskSerializer(task).data, status=status)
        return tagged(body, "process", task.process_id, version, request=self.request)


class FlowViewSet(ListModelMixin, WorkspaceViewSet[Flow]):
    """Flows between tasks."""

    queryset = Flow.objects.select_related("process__workspace").order_by("id")
    serializer_class = FlowSerializer
    etag = True
    etag_of_deletions = True
    etag_of_posts = ("restore",)

    def get_queryset(self) -> WorkspaceScoped[Flow]:
        found = super().get_queryset()
        process = id_asked(self.request, "process") if self.action == "list" else None
        return found if process is None else found.filter(process=process)

    @extend_schema(parameters=[PROCESS])
    @takes(*PAGING, "process")
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=FlowCreateSerializer, responses={201: FlowSerializer})
    def create(self, request: Request) -> Response:
        """Draw a flow."""
        asked = FlowCreateSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return self._answer(flow_add(access=self.access, **asked.validated_data), 201)

    @extend_schema(responses=FlowSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=FlowSerializer(partial=True), responses=FlowSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Set probability, label and condition on the version of the process named by If-Match."""
        flow = self.get_object()
        version = if_match_version(request, "process", flow.process_id)
        asked = FlowSerializer(flow, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        share = asked.validated_data.get("probability", flow.probability)
        label = asked.validated_data.get("label", flow.label)
        rule = asked.validated_data.get("condition")
        found = flow_update(
            access=self.access, flow=flow, probability=share, label=label, condition=rule, version=version
        )
        return self._answer(found)

    def destroy(self, request: Request, pk: int) -> Response:
        """Remove a flow; it can be restored."""
        flow = self.get_object()
        version = if_match_version(request, "process", flow.process_id)
        flow_delete(access=self.access, flow=flow, version=version)
        return _bare(flow.process_id)

    @extend_schema(request=None, responses=FlowSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: int) -> Response:
        """Bring a removed flow back as it was."""
        found = Flow.everything.of(self.workspace).select_related("process__workspace", "source", "target")
        flow = found.removed().get_or_404(pk=pk)
        version = if_match_version(request, "process", flow.process_id)
        return self._answer(flow_restore(access=self.access, flow=flow, version=version))

    def _answer(self, flow: Flow, status: int = 200) -> Response:
        version = Process.objects.values_list("version", flat=True).get(pk=flow.process_id)
        body = Response(FlowSerializer(flow).data, status=status)
        return tagged(body, "process", flow.process_id, version, request=self.request)


def _bare(process_id: int) -> Response:
    """Nothing but the version the process has now."""
    version = Process.objects.values_list("version", flat=True).get(pk=process_id)
    return tagged(Response(status=204), "process", process_id, version)
