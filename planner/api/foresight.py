"""Targets in the API: what could be foretold at a task, the choice, and the check of a process."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from jobs.serializers import RunSerializer
from planner.models import Process, Task
from planner.selectors import targets_of
from planner.serializers.foresight import TargetChoiceSerializer, TargetSerializer
from planner.services import foresight_screen, target_choose, task_screen


class TargetsView(WorkspaceAPIView):
    """The targets of one task."""

    @extend_schema(operation_id="tasks_targets_list", responses=TargetSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Targets with verdict and evidence, the most useful first."""
        return Response(TargetSerializer(targets_of(self.task(pk)), many=True).data)

    @extend_schema(
        operation_id="tasks_targets_create", request=TargetChoiceSerializer, responses={201: TargetSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Choose a target. One that was not checked is checked by a job; its verdict is empty until then."""
        task = self.task(pk)
        asked = TargetChoiceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = target_choose(access=self.access, task=task, text=asked.validated_data["target"])
        return Response(TargetSerializer(chosen).data, status=201)

    def task(self, pk: int) -> Task:
        found = Task.objects.of(self.workspace).work().select_related("process", "workspace")
        return found.get_or_404(pk=pk)


class ForesightView(WorkspaceAPIView):
    """The check of a process."""

    @extend_schema(operation_id="processes_foresight_create", request=None, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Check the tasks again, the dearest first, within ten minutes; the answer is the job to poll."""
        process = Process.objects.of(self.workspace).get_or_404(pk=pk)
        run = foresight_screen(access=self.access, process=process, again=True)
        return Response(RunSerializer(run).data, status=202, headers={"Location": f"/api/v1/jobs/{run.pk}/"})


class TaskForesightView(WorkspaceAPIView):
    """The check of one task."""

    @extend_schema(operation_id="tasks_foresight_create", request=None, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Check what can be foretold at this task; the answer is the job to poll."""
        task = Task.objects.of(self.workspace).work().select_related("process", "workspace").get_or_404(pk=pk)
        run = task_screen(access=self.access, task=task)
        return Response(RunSerializer(run).data, status=202, headers={"Location": f"/api/v1/jobs/{run.pk}/"})
