"""Templates for usual kinds of task, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from planner.api.value import TaskDoor
from planner.domain.valuation.reference_classes import REFERENCE_CLASSES
from planner.selectors.value_plain import estimate_plain
from planner.selectors.value_tasks import valued_task
from planner.serializers.estimate_templates import (
    EstimateTemplateApplySerializer,
    EstimateTemplateSerializer,
    template_plain,
)
from planner.serializers.value import EstimateSerializer
from planner.services import estimate_template_apply


class EstimateTemplatesView(WorkspaceAPIView):
    """What is usual for kinds of task."""

    @extend_schema(operation_id="estimate_templates_list", responses=EstimateTemplateSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every template with its texts, each with the sentence that says it is to be checked."""
        found = [template_plain(each) for each in REFERENCE_CLASSES]
        return Response(EstimateTemplateSerializer(found, many=True).data)


class EstimateTemplateView(TaskDoor):
    """A template on a task."""

    etag_optional = True

    @extend_schema(
        operation_id="tasks_estimate_template", request=EstimateTemplateApplySerializer, responses=EstimateSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Set what nobody has set, as one edit; with If-Match on that version only. 409 where it would set nothing."""
        task = self.task(pk)
        version = if_match_version(request, "estimate", task.pk) if "If-Match" in request.headers else None
        asked = EstimateTemplateApplySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        name = asked.validated_data["template"]
        estimate_template_apply(access=self.access, task=task, template=name, version=version)
        found = valued_task(self.task(pk))
        return tagged(Response(estimate_plain(found)), "estimate", found.task.pk, found.version)
