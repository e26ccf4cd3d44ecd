"""The filter between a log and the graph of its process, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from common.api.parameters import own_parameters, takes
from planner.domain.discovery.filtering import GraphFilter
from planner.models import Process
from planner.serializers.discovery import FilteredSerializer, FilterSerializer, filtered_body
from planner.services import graph_filter_apply, graph_filter_preview, snapshot_undo


class ProcessDoor(WorkspaceAPIView):
    """What views of one process share."""

    def process(self, pk: int) -> Process:
        return Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)


class DiscoveryView(ProcessDoor):
    """How much of its log a process shows."""

    etag = True
    etag_of_posts = True

    @extend_schema(
        operation_id="processes_discovery_retrieve", parameters=[FilterSerializer], responses=FilteredSerializer
    )
    @takes("activities", "flows")
    def get(self, request: Request, pk: int) -> Response:
        """What a filter would leave of the log, counted in its cases; nothing is changed. 409 without a log."""
        process = self.process(pk)
        asked = FilterSerializer(data=own_parameters(request))
        asked.is_valid(raise_exception=True)
        in_use = GraphFilter.from_dict(process.shown)
        chosen = asked.chosen(in_use)
        body = filtered_body(chosen, in_use, graph_filter_preview(process=process, chosen=chosen))
        return tagged(Response(body), "process", process.pk, process.version)

    @extend_schema(operation_id="processes_discovery_apply", request=FilterSerializer, responses=FilteredSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Make the graph what the filter leaves, on the version named by If-Match. `undo/` takes it back."""
        process, version = self.process(pk), if_match_version(request, "process", pk)
        asked = FilterSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = asked.chosen(GraphFilter.from_dict(process.shown))
        found = graph_filter_apply(access=self.access, process=process, chosen=chosen, version=version)
        body = filtered_body(chosen, GraphFilter.from_dict(process.shown), found)
        return tagged(Response(body), "process", process.pk, process.version)


class UndoView(ProcessDoor):
    """Taking back the last filter or log that was applied."""

    etag_of_posts = True

    @extend_schema(operation_id="processes_undo", request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Make the graph what it was before the last filter or log. 409 once it was edited since."""
        process, version = self.process(pk), if_match_version(request, "process", pk)
        snapshot_undo(access=self.access, process=process, version=version)
        return tagged(Response(status=204), "process", process.pk, process.version)
