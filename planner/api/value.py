"""Estimate and ranking in the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from common.api.parameters import takes
from common.errors import FieldProblem, InvalidInput
from planner.domain.suitability.verdicts import Verdict
from planner.domain.valuation.ranking import RankBy
from planner.models import Process, Task
from planner.selectors.ranking_filter import REST, UNCHECKED, ranking_filter
from planner.selectors.value_history import changes_between, results_of
from planner.selectors.value_plain import (
    estimate_plain,
    ranking_plain,
    result_plain,
)
from planner.selectors.value_ranking import FIRST_K, MOST_PLACES
from planner.selectors.value_tasks import ValuedTask, valued_task
from planner.serializers.value import (
    EstimateChangeSerializer,
    EstimateSerializer,
    RankingSerializer,
    ResultSerializer,
)
from planner.services.estimates import estimate_update
from planner.services.ranking import ranking_or_job


class TaskDoor(WorkspaceAPIView):
    """What views of one task share."""

    etag = True

    def task(self, pk: int) -> Task:
        tasks = Task.objects.of(self.workspace).work().select_related("process__workspace", "workspace", "estimate")
        return tasks.get_or_404(pk=pk)


class EstimateView(TaskDoor):
    """What a task is worth."""

    @extend_schema(operation_id="tasks_estimate_retrieve", responses=EstimateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Assumptions with their sources, the value with its interval, what drives it, and every formula."""
        return self._answer(valued_task(self.task(pk)))

    @extend_schema(
        operation_id="tasks_estimate_partial_update", request=EstimateChangeSerializer, responses=EstimateSerializer
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Set assumptions on the version named by If-Match, all or none."""
        task = self.task(pk)
        version = if_match_version(request, "estimate", task.pk)
        asked = EstimateChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changes = {each["key"]: {field: each[field] for field in each if field != "key"} for each in _given(asked)}
        estimate_update(access=self.access, task=task, changes=changes, version=version)
        return self._answer(valued_task(self.task(pk)))

    def _answer(self, found: ValuedTask) -> Response:
        return tagged(Response(estimate_plain(found)), "estimate", found.task.pk, found.version)


def _given(asked: EstimateChangeSerializer) -> list[dict[str, Any]]:
    return list(asked.validated_data["assumptions"])


class ResultsView(TaskDoor):
    """What a task was worth."""

    @extend_schema(operation_id="tasks_results_list", responses=ResultSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Every result that was kept, the latest first, each with what had changed."""
        kept = results_of(self.task(pk))
        return Response([result_plain(*each) for each in zip(kept, changes_between(kept), strict=True)])


_RANKED = [
    OpenApiParameter("by", str, enum=[by.value for by in RankBy], description="The order; roi unless said."),
    OpenApiParameter("first", int, description="k of the chance to be among the first k; 1 to 50, else 3."),
    OpenApiParameter(
        "verdict", str, enum=[*(each.value for each in Verdict), UNCHECKED], description="Only tasks of this verdict."
    ),
    OpenApiParameter("lane", str, description="Only tasks of this lane."),
    OpenApiParameter("chance", int, description="Only tasks with at least this chance of success, in 100."),
    OpenApiParameter("defaults", str, enum=list(REST), description="Only tasks that rest on defaults, or on none."),
]
_PROCESS = OpenApiParameter("process", int, description="Only tasks of this process.")


class RankingDoor(WorkspaceAPIView):
    """What the rankings of a process and of a workspace share."""

    def ranked(self, request: Request, process: Process | None) -> Response:
        """The ranking as asked for; 202 while it is being computed."""
        query = request.query_params
        narrowed, problems = ranking_filter({name: query[name] for name in query})
        if problems:
            raise InvalidInput("There is nothing to filter by this.", errors=problems)
        ranking, run = ranking_or_job(workspace=self.workspace, process=process, by=_by(request), k=_first(request))
        status = 202 if ranking.waiting == "values" else 200
        return Response(ranking_plain(ranking, narrowed, run.pk if run is not None else None), status=status)


class RankingView(RankingDoor):
    """What first."""

    @extend_schema(
        operation_id="processes_ranking_retrieve",
        parameters=_RANKED,
        responses={200: RankingSerializer, 202: RankingSerializer},
    )
    @takes(*(parameter.name for parameter in _RANKED))
    def get(self, request: Request, pk: int) -> Response:
        """The tasks of a process by value, each with its interval and the chance that it is first."""
        return self.ranked(request, Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk))


class WorkspaceRankingView(RankingDoor):
    """What first, across processes."""

    @extend_schema(
        operation_id="ranking_retrieve",
        parameters=[*_RANKED, _PROCESS],
        responses={200: RankingSerializer, 202: RankingSerializer},
    )
    @takes(*(parameter.name for parameter in (*_RANKED, _PROCESS)))
    def get(self, request: Request) -> Response:
        """The tasks of all processes by value. A filter hides tasks; ranks and chances are those among all."""
        return self.ranked(request, None)


def _by(request: Request) -> RankBy:
    by = request.query_params.get("by", RankBy.ROI.value)
    if by not in set(RankBy):
        known = ", ".join(order.value for order in RankBy)
        raise InvalidInput("There is no such order.", errors=[FieldProblem("by", f"Use one of {known}.")])
    return RankBy(by)


_COUNTS = frozenset(str(count) for count in range(1, MOST_PLACES + 1))


def _first(request: Request) -> int:
    given = request.query_params.get("first", str(FIRST_K))
    if given not in _COUNTS:
        raise InvalidInput("first is out of range.", errors=[FieldProblem("first", f"Use 1 to {MOST_PLACES}.")])
    return int(given)
