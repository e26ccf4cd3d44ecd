"""Pipelines in the API: generate, download, run, follow."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import Pages
from common.api.parameters import PAGING, takes
from common.errors import InvalidInput
from jobs.services import run_cancel, run_retry
from pipelines.models import Generation, Pipeline, PipelineEvent, PipelineRun
from pipelines.selectors import download_of, generation_latest, stage_archive
from pipelines.serializers import (
    GenerationCreateSerializer,
    GenerationSerializer,
    GenerationStartedSerializer,
    PipelineCreateSerializer,
    PipelineEventSerializer,
    PipelineFilterSerializer,
    PipelineSerializer,
    RunRowSerializer,
    RunSerializer,
)
from pipelines.services import pipeline_generate, pipeline_run_start
from planner.domain.foresight.targets import TargetSpec
from planner.models import Task
from planner.services import target_read

PAGED = [OpenApiParameter("page", int, description="From 1."), OpenApiParameter("page_size", int)]


def target_of(given: dict[str, Any], task: Task) -> TargetSpec | None:
    """The target as it is written; InvalidInput when it is none, or the log does not have it."""
    return target_read(task=task, text=given["target"]) if given.get("target") else None


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
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(PipelineSerializer(page, many=True).data)

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
        )
        return Response({"pipeline": job.params["pipeline"], "job": job.pk}, status=202)


class PipelineView(WorkspaceAPIView):
    """One pipeline."""

    @extend_schema(operation_id="pipelines_retrieve", responses=PipelineSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(PipelineSerializer(pipeline_of(self, pk)).data)


class GenerationsView(WorkspaceAPIView):
    """What was generated for a pipeline."""

    @extend_schema(
        operation_id="pipeline_generations_list", parameters=PAGED, responses=GenerationSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Generations, newest first."""
        found = Generation.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(GenerationSerializer(page, many=True).data)

    @extend_schema(
        operation_id="pipeline_generations_create",
        request=GenerationCreateSerializer,
        responses={202: GenerationStartedSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Generate again from the canvas as it is now; poll the job."""
        pipeline = pipeline_of(self, pk)
        asked = GenerationCreateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        job = pipeline_generate(
            access=self.access,
            canvas=pipeline.canvas,
            target=target_of(given, pipeline.task),
            include_rows=given["include_rows"],
        )
        return Response({"pipeline": pipeline.pk, "job": job.pk}, status=202)


class PipelineRunsView(WorkspaceAPIView):
    """The runs of a pipeline."""

    @extend_schema(operation_id="pipeline_runs_list", parameters=PAGED, responses=RunRowSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Runs, newest first."""
        found = PipelineRun.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk)).with_run()
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(RunRowSerializer(page, many=True).data)

    @extend_schema(operation_id="pipeline_runs_create", request=None, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Run the latest generation. While one is under way, that one is answered."""
        generation = generation_latest(pipeline_of(self, pk))
        if generation is None:
            raise InvalidInput("There is nothing to run yet.", detail="Generate the project first.")
        return Response(RunSerializer(pipeline_run_start(access=self.access, generation=generation)).data, status=202)


class PipelineEventsView(WorkspaceAPIView):
    """The life of a pipeline."""

    @extend_schema(operation_id="pipeline_events_list", parameters=PAGED, responses=PipelineEventSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Changes of state, newest first."""
        found = PipelineEvent.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(PipelineEventSerializer(page, many=True).data)


class GenerationDownloadView(WorkspaceAPIView):
    """The project itself."""

    @extend_schema(operation_id="generations_download", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """A generation as a zip."""
        found = Generation.objects.of(self.workspace).get_or_404(pk=pk)
        return download_of(found.archive, f"{found.slug}-{found.number}.zip")


class RunView(WorkspaceAPIView):
    """One run."""

    @extend_schema(operation_id="runs_retrieve", responses=RunSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Stages, figures, verdict, planned and measured value."""
        return Response(RunSerializer(run_of(self, pk)).data)


class RunCancelView(WorkspaceAPIView):
    """Ending a run."""

    @extend_schema(operation_id="runs_cancel", request=None, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Cancel what has not begun now, what is running within seconds."""
        found = run_of(self, pk)
        found.run = run_cancel(access=self.access, run=found.run)
        return Response(RunSerializer(found).data, status=202)


class RunRetryView(WorkspaceAPIView):
    """Going on with a run that stopped."""

    @extend_schema(operation_id="runs_retry", request=None, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Run again what failed or was cancelled; what is done stays done."""
        found = run_of(self, pk)
        found.run = run_retry(access=self.access, run=found.run)
        return Response(RunSerializer(found).data, status=202)


class StageFilesView(WorkspaceAPIView):
    """What a stage wrote."""

    @extend_schema(operation_id="runs_stage_files", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, name: str) -> HttpResponseBase:
        """The files of one stage as a zip."""
        found = run_of(self, pk)
        stage = found.run.stages.filter(name=name).first()
        blob = stage_archive(found, stage) if stage else None
        if blob is None:
            raise NotFound
        return download_of(blob, f"{found.generation.slug}-run-{found.number}-{name}.zip")


def pipeline_of(view: WorkspaceAPIView, pk: int) -> Pipeline:
    return Pipeline.objects.of(view.workspace).with_task().get_or_404(pk=pk)


def run_of(view: WorkspaceAPIView, pk: int) -> PipelineRun:
    return PipelineRun.objects.of(view.workspace).with_run().get_or_404(pk=pk)
