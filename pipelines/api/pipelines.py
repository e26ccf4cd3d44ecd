"""Pipelines in the API: those of a workspace, how each may be built, what became of it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from canvas.models import Canvas
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of, target_of
from pipelines.models import Pipeline, PipelineEvent
from pipelines.selectors import options_page
from pipelines.serializers import (
    GenerationStartedSerializer,
    OptionsSerializer,
    PipelineCreateSerializer,
    PipelineEventSerializer,
    PipelineFilterSerializer,
    PipelineSerializer,
)
from pipelines.services import pipeline_generate


class PipelinesView(WorkspaceAPIView):
    """The pipelines of a workspace."""

    @extend_schema(
        operation_id="pipelines_list",
        parameters=[PipelineFilterSerializer, *PAGED],
        responses=PipelineSerializer(many=True),
    )
    @takes(*PAGING, "process", "task")
    def get(self, request: Request) -> Response:
        """Pipelines, the latest changed first."""
        asked = PipelineFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = Pipeline.objects.of(self.workspace).with_task()
        if "process" in asked.validated_data:
            found = found.filter(task__process_id=asked.validated_data["process"])
        if "task" in asked.validated_data:
            found = found.filter(task_id=asked.validated_data["task"])
        return self.paged(request, found, PipelineSerializer)

    @extend_schema(
        operation_id="pipelines_create",
        request=PipelineCreateSerializer,
        responses={202: GenerationStartedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Generate the pipeline of a canvas; poll the job."""
        asked = PipelineCreateSerializer(data=request.data, context={"access": self.access})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        canvas = given["canvas"]
        job = pipeline_generate(
            access=self.access,
            canvas=canvas,
            target=target_of(given, canvas.task),
            include_rows=given["include_rows"],
            architecture=given.get("options"),
            licence=given.get("licence"),
        )
        return Response({"pipeline": job.params["pipeline"], "job": job.pk}, status=202)


class PipelineView(WorkspaceAPIView):
    """One pipeline."""

    @extend_schema(operation_id="pipelines_retrieve", responses=PipelineSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(PipelineSerializer(pipeline_of(self, pk)).data)


class PipelineEventsView(WorkspaceAPIView):
    """The life of a pipeline."""

    @extend_schema(operation_id="pipeline_events_list", parameters=PAGED, responses=PipelineEventSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Changes of state, newest first."""
        found = PipelineEvent.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, PipelineEventSerializer)


class OptionsView(WorkspaceAPIView):
    """How a pipeline may be built."""

    @extend_schema(operation_id="canvas_options_retrieve", responses=OptionsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Every axis with its options, what the canvas asks for and what was chosen."""
        canvas = Canvas.objects.of(self.workspace).select_related("task__process").get_or_404(pk=pk)
        return Response(OptionsSerializer(options_page(canvas)).data)
