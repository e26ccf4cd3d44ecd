"""Defaults of assumptions and costs that tasks share, in the API."""

import zlib
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from accounts.models import Role
from common.api import if_match_version, tagged
from common.api.parameters import takes
from common.errors import FieldProblem, InvalidInput
from planner.models import Process, SharedCost
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, defaults_version, lanes_of
from planner.serializers.assumptions import DefaultsChangeSerializer, DefaultsSerializer, SharedCostSerializer
from planner.services import (
    assumption_defaults_update,
    shared_cost_create,
    shared_cost_delete,
    shared_cost_update,
)

_LANE = OpenApiParameter("lane", str, description="The defaults of this lane of the process.")


class DefaultsDoor(WorkspaceAPIView):
    """What the defaults of workspaces, processes and lanes share."""

    etag = True

    def answer(self, scope: DefaultsScope) -> Response:
        """What is set there."""
        found = defaults_of(scope)
        lanes = lanes_of(scope.process) if scope.process and not scope.lane else ()
        body = DefaultsSerializer({"defaults": list(found.values()), "lanes": lanes}).data
        return tagged(Response(body), "assumptions", _number(scope), defaults_version(found))

    def change(self, request: Request, scope: DefaultsScope) -> Response:
        """Set what the body names, on the version named by If-Match."""
        version = if_match_version(request, "assumptions", _number(scope))
        asked = DefaultsChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changes = {each["key"]: _without_key(each) for each in asked.validated_data["assumptions"]}
        assumption_defaults_update(access=self.access, scope=scope, changes=changes, version=version)
        return self.answer(scope)


def _without_key(entry: dict[str, Any]) -> dict[str, str]:
    return {field: text for field, text in entry.items() if field != "key"}


def _number(scope: DefaultsScope) -> int:
    """Tells scopes apart in an ETag."""
    return zlib.crc32(f"{scope.subject}/{scope.lane}".encode())


class WorkspaceDefaultsView(DefaultsDoor):
    """Defaults of the workspace."""

    @extend_schema(operation_id="assumptions_retrieve", responses=DefaultsSerializer)
    def get(self, request: Request) -> Response:
        """Assumptions that hold in every process without its own."""
        return self.answer(DefaultsScope(self.workspace))

    @extend_schema(
        operation_id="assumptions_partial_update", request=DefaultsChangeSerializer, responses=DefaultsSerializer
    )
    def patch(self, request: Request) -> Response:
        """Set them, all or none. Owners only. An empty text takes one away."""
        self.access.require(Role.OWNER)
        return self.change(request, DefaultsScope(self.workspace))


class ProcessDefaultsView(DefaultsDoor):
    """Defaults of a process, or of one of its lanes."""

    @extend_schema(operation_id="processes_assumptions_retrieve", parameters=[_LANE], responses=DefaultsSerializer)
    @takes("lane")
    def get(self, request: Request, pk: int) -> Response:
        """Assumptions that hold for the tasks of the process (of the lane) without their own."""
        return self.answer(self._scope(request, pk))

    @extend_schema(
        operation_id="processes_assumptions_partial_update",
        parameters=[_LANE],
        request=DefaultsChangeSerializer,
        responses=DefaultsSerializer,
    )
    @takes("lane")
    def patch(self, request: Request, pk: int) -> Response:
        """Set them, all or none. An empty text takes one away, and that of the next wider scope holds."""
        return self.change(request, self._scope(request, pk))

    def _scope(self, request: Request, pk: int) -> DefaultsScope:
        process = Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)
        lane = request.query_params.get("lane", "")
        if lane and lane not in lanes_of(process):
            words = f"No task of this process is done by “{lane[:60]}”."
            raise InvalidInput("The address cannot be read.", errors=[FieldProblem("lane", words)])
        return DefaultsScope(self.workspace, process, lane)


class SharedCostsView(WorkspaceAPIView):
    """Costs that several tasks need."""

    @extend_schema(operation_id="shared_costs_list", responses=SharedCostSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every shared cost of the workspace. A task alone bears it whole; a portfolio pays it once."""
        found = SharedCost.objects.of(self.workspace).prefetch_related("tasks")
        return Response(SharedCostSerializer(found, many=True).data)

    @extend_schema(
        operation_id="shared_costs_create", request=SharedCostSerializer, responses={201: SharedCostSerializer}
    )
    def post(self, request: Request) -> Response:
        """Enter one."""
        asked = SharedCostSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        cost = shared_cost_create(access=self.access, entry=asked.entry)
        return tagged(Response(SharedCostSerializer(cost).data, status=201), "sharedcost", cost.pk, cost.version)


class SharedCostView(WorkspaceAPIView):
    """One shared cost."""

    etag = True
    etag_of_deletions = True

    @extend_schema(operation_id="shared_costs_retrieve", responses=SharedCostSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Its amount, and the tasks that need it."""
        return self._answer(self._cost(pk))

    @extend_schema(operation_id="shared_costs_update", request=SharedCostSerializer, responses=SharedCostSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Change it on the version named by If-Match."""
        cost = self._cost(pk)
        version = if_match_version(request, "sharedcost", pk)
        asked = SharedCostSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._answer(shared_cost_update(access=self.access, cost=cost, entry=asked.entry, version=version))

    @extend_schema(operation_id="shared_costs_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it away, on the version named by If-Match; its tasks are valued without it."""
        cost = self._cost(pk)
        shared_cost_delete(access=self.access, cost=cost, version=if_match_version(request, "sharedcost", pk))
        return Response(status=204)

    def _cost(self, pk: int) -> SharedCost:
        return SharedCost.objects.of(self.workspace).get_or_404(pk=pk)

    def _answer(self, cost: SharedCost) -> Response:
        return tagged(Response(SharedCostSerializer(cost).data), "sharedcost", cost.pk, cost.version)
