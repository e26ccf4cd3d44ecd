"""The decision of a task in the API: its prediction, judgment and action."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from planner.models import Task
from planner.selectors.task_decision import task_decision
from planner.serializers.decisions import DecisionChangeSerializer, DecisionSerializer
from planner.services.decisions import decision_update


class DecisionView(WorkspaceAPIView):
    """What is foretold, what is weighed, and what is done."""

    etag = True

    @extend_schema(operation_id="tasks_decision_retrieve", responses=DecisionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Each part: a person's words, else what is proposed from the target and the flows after the task."""
        return self._answer(self._task(pk))

    @extend_schema(
        operation_id="tasks_decision_partial_update", request=DecisionChangeSerializer, responses=DecisionSerializer
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Write parts on the version named by If-Match, all or none."""
        task = self._task(pk)
        version = if_match_version(request, "decision", task.pk)
        asked = DecisionChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decision_update(access=self.access, task=task, changes=asked.validated_data, version=version)
        return self._answer(task)

    def _task(self, pk: int) -> Task:
        tasks = Task.objects.of(self.workspace).work().select_related("process__workspace", "workspace")
        return tasks.get_or_404(pk=pk)

    def _answer(self, task: Task) -> Response:
        found = task_decision(task)
        parts = [
            {
                "part": one.part.key,
                "asks": one.part.asks,
                "text": one.text,
                "source": one.source,
                "proposed": one.proposed,
            }
            for one in found.parts
        ]
        body = {"task": task.pk, "version": found.version, "parts": parts}
        return tagged(Response(body), "decision", task.pk, found.version)
