"""Suitability, estimate and ranking in the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from common.api.parameters import takes
from common.errors import FieldProblem, InvalidInput, StaleEdit
from planner.domain.valuation.ranking import RankBy
from planner.models import Process, Task
from planner.selectors.value_plain import estimate_plain, ranking_plain, suitability_plain, suitability_version
from planner.selectors.value_ranking import FIRST_K, ranking_of
from planner.selectors.value_tasks import ValuedTask, valued_task
from planner.serializers.value import (
    EstimateChangeSerializer,
    EstimateSerializer,
    RankingSerializer,
    SuitabilityChangeSerializer,
    SuitabilitySerializer,
)
from planner.services.estimates import estimate_update
from planner.services.suitability import suitability_update

MOST_AT_ONCE = 50


class TaskDoor(WorkspaceAPIView):
    """What views of one task share."""

    etag = True

    def task(self, pk: int) -> Task:
        tasks = Task.objects.of(self.workspace).work().select_related("process__workspace", "workspace", "estimate")
        return tasks.get_or_404(pk=pk)


class SuitabilityView(TaskDoor):
    """The eight questions of one task."""

    @extend_schema(operation_id="tasks_suitability_retrieve", responses=SuitabilitySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Each answer with its evidence: a person's, else what the log proposes."""
        return self._answer(valued_task(self.task(pk)))

    @extend_schema(
        operation_id="tasks_suitability_partial_update",
        request=SuitabilityChangeSerializer,
        responses=SuitabilitySerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Answer questions; a score of null takes an answer back."""
        task = self.task(pk)
        version = if_match_version(request, "suitability", task.pk)
        if version is not None and version != suitability_version(valued_task(task)):
            raise StaleEdit("Not saved: these answers were changed meanwhile.", detail="Read them again.")
        asked = SuitabilityChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answers = {each["question"]: (each["score"], each["evidence"]) for each in asked.validated_data["answers"]}
        suitability_update(access=self.access, task=task, answers=answers)
        return self._answer(valued_task(self.task(pk)))

    def _answer(self, found: ValuedTask) -> Response:
        return tagged(Response(suitability_plain(found)), "suitability", found.task.pk, suitability_version(found))


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


class RankingView(WorkspaceAPIView):
    """What first."""

    @extend_schema(
        operation_id="processes_ranking_retrieve",
        parameters=[
            OpenApiParameter("by", str, enum=[by.value for by in RankBy], description="The order; roi unless said."),
            OpenApiParameter("first", int, description="k of the chance to be among the first k; 1 to 50, else 3."),
        ],
        responses=RankingSerializer,
    )
    @takes("by", "first")
    def get(self, request: Request, pk: int) -> Response:
        """The tasks of a process by value, each with its interval and the chance that it is first."""
        process = Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)
        by = request.query_params.get("by", RankBy.ROI.value)
        if by not in set(RankBy):
            known = ", ".join(order.value for order in RankBy)
            raise InvalidInput("There is no such order.", errors=[FieldProblem("by", f"Use one of {known}.")])
        return Response(ranking_plain(ranking_of(process, by, _first(request))))


_COUNTS = frozenset(str(count) for count in range(1, MOST_AT_ONCE + 1))


def _first(request: Request) -> int:
    given = request.query_params.get("first", str(FIRST_K))
    if given not in _COUNTS:
        raise InvalidInput("first is out of range.", errors=[FieldProblem("first", f"Use 1 to {MOST_AT_ONCE}.")])
    return int(given)
