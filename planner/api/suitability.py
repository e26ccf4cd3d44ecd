"""The questions of suitability in the API: of one task, and of all tasks of a process."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import Pages, if_match_version, tagged
from common.api.parameters import PAGING, takes
from planner.api.value import TaskDoor
from planner.models import Process, SuitabilityAnswer, Task
from planner.selectors.suitability_version import answers_version
from planner.selectors.value_plain import suitability_plain
from planner.selectors.value_tasks import ValuedTask, valued_task, valued_tasks
from planner.serializers.suitability import (
    ProcessSuitabilityChangeSerializer,
    ProcessSuitabilitySerializer,
    SuitabilityChangeSerializer,
    SuitabilitySerializer,
)
from planner.services.suitability import GivenAnswer, suitabilities_update

KIND = "suitability"
KIND_OF_ALL = "process_suitability"


def given_answers(answers: Iterable[dict[str, Any]], task: int | None = None) -> list[GivenAnswer]:
    """What was sent, of one task or of the task each names."""
    return [
        GivenAnswer(
            task=each["task"] if task is None else task,
            question=each["question"],
            score=each["score"],
            reason=each["evidence"],
        )
        for each in answers
    ]


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
        """Answer questions, all or none; a score of null takes an answer back."""
        task = self.task(pk)
        version = if_match_version(request, KIND, task.pk)
        asked = SuitabilityChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answers = given_answers(asked.validated_data["answers"], task.pk)
        suitabilities_update(access=self.access, process=task.process, answers=answers, version=version, of=task)
        return self._answer(valued_task(self.task(pk)))

    def _answer(self, found: ValuedTask) -> Response:
        version = answers_version(found.task.answers.all())
        return tagged(Response(suitability_plain(found)), KIND, found.task.pk, version)


class ProcessSuitabilityView(WorkspaceAPIView):
    """The questions of all tasks of a process."""

    etag = True
    pagination_class = Pages

    @extend_schema(operation_id="processes_suitability_list", responses=SuitabilitySerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """The answers of its tasks in the order of the process, in pages; the ETag is of all answers of people."""
        process = self._process(pk)
        pages = Pages()
        tasks = Task.objects.of(self.workspace).work().filter(process=process).order_by("position", "id")
        shown = pages.paginate_queryset(tasks.values_list("pk", flat=True), request, view=self) or []
        found = [suitability_plain(each) for each in valued_tasks(process, only=shown)]
        return self._tagged(pages.get_paginated_response(SuitabilitySerializer(found, many=True).data), process)

    @extend_schema(
        operation_id="processes_suitability_partial_update",
        request=ProcessSuitabilityChangeSerializer,
        responses=ProcessSuitabilitySerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Answer questions of any of its tasks, all or none; `errors` names each that cannot be saved by its place."""
        process = self._process(pk)
        version = if_match_version(request, KIND_OF_ALL, process.pk)
        asked = ProcessSuitabilityChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answers = given_answers(asked.validated_data["answers"])
        suitabilities_update(access=self.access, process=process, answers=answers, version=version)
        found = valued_tasks(process, only={each.task for each in answers})
        body = {"process": process.pk, "tasks": [suitability_plain(each) for each in found]}
        return self._tagged(Response(ProcessSuitabilitySerializer(body).data), process)

    def _process(self, pk: int) -> Process:
        return Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)

    def _tagged(self, answer: Response, process: Process) -> Response:
        tasks = Task.objects.of(self.workspace).work().filter(process=process)
        answers = SuitabilityAnswer.objects.of(self.workspace).filter(task__in=tasks)
        return tagged(answer, KIND_OF_ALL, process.pk, answers_version(answers))
