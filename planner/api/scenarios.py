"""Scenarios of a process in the API."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from planner.api.being_made import BEING_MADE, answered, being_made
from planner.models import Process, ProcessScenario
from planner.selectors.figures_kept import scenario_figures
from planner.selectors.kept_page import About, Kept, is_kept
from planner.selectors.value_scenarios import compared
from planner.serializers.scenarios import ScenarioColumnSerializer, ScenarioSerializer
from planner.services import page_or_job, scenario_create, scenario_delete, scenario_update


class ScenariosView(WorkspaceAPIView):
    """Scenarios side by side."""

    @extend_schema(
        operation_id="processes_scenarios_list", responses={200: ScenarioColumnSerializer(many=True), 202: BEING_MADE}
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """Base, low, high and one's own, each with the value of every ranked task and of all together.

        Of a process of many tasks a job compares them: the answer is 202 and its Location the job until it has ended.
        """
        process = self._process(pk)
        about = About.of(process)
        if not is_kept(about):
            return Response(ScenarioColumnSerializer(scenario_figures(compared(process)), many=True).data)
        kept, run = page_or_job(about=about, page=Kept.SCENARIO_FIGURES, asked={})
        return being_made(request, run) if kept is None else answered(kept["text"])

    @extend_schema(
        operation_id="processes_scenarios_create", request=ScenarioSerializer, responses={201: ScenarioSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make one. Every text is read first; nothing is saved unless all can be."""
        process = self._process(pk)
        asked = ScenarioSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = scenario_create(access=self.access, process=process, entry=asked.entry)
        return tagged(Response(ScenarioSerializer(made).data, status=201), "scenario", made.pk, made.version)

    def _process(self, pk: int) -> Process:
        return Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)


class ScenarioView(WorkspaceAPIView):
    """One scenario of one's own."""

    etag = True
    etag_of_deletions = True

    @extend_schema(operation_id="scenarios_retrieve", responses=ScenarioSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What it sets; its values are in the list of its process."""
        return self._answer(self._own(pk))

    @extend_schema(operation_id="scenarios_update", request=ScenarioSerializer, responses=ScenarioSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Replace it whole, on the version named by If-Match."""
        own = self._own(pk)
        version = if_match_version(request, "scenario", pk)
        asked = ScenarioSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._answer(scenario_update(access=self.access, scenario=own, entry=asked.entry, version=version))

    @extend_schema(operation_id="scenarios_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it away, on the version named by If-Match."""
        own = self._own(pk)
        scenario_delete(access=self.access, scenario=own, version=if_match_version(request, "scenario", pk))
        return Response(status=204)

    def _own(self, pk: int) -> ProcessScenario:
        return ProcessScenario.objects.of(self.workspace).get_or_404(pk=pk)

    def _answer(self, own: ProcessScenario) -> Response:
        return tagged(Response(ScenarioSerializer(own).data), "scenario", own.pk, own.version)
