"""Runs in the API: start, follow, end, go on."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import PAGED, PAGING, takes
from common.errors import InvalidInput
from jobs.services import run_cancel, run_retry
from pipelines.api.found import pipeline_of, run_of
from pipelines.models import Generation, PipelineRun
from pipelines.selectors import generation_latest, stage_download
from pipelines.serializers import (
    ForetoldSerializer,
    ParametersSerializer,
    RunRowSerializer,
    RunSerializer,
    RunWishSerializer,
)
from pipelines.services import RunWish, pipeline_run_foretell, pipeline_run_start, run_parameters

PATH = OpenApiParameter("path", str, description="One file, by its path in `runs/{id}/artifacts/`.")


class PipelineRunsView(WorkspaceAPIView):
    """The runs of a pipeline."""

    @extend_schema(operation_id="pipeline_runs_list", parameters=PAGED, responses=RunRowSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Runs, newest first."""
        found = PipelineRun.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk)).with_run()
        return self.paged(request, found, RunRowSerializer)

    @extend_schema(operation_id="pipeline_runs_create", request=RunWishSerializer, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Run the latest generation, as a whole or as asked. While the same is under way, that one is answered."""
        generation, wish = _generation(self, pk), _wish(request)
        found = pipeline_run_start(access=self.access, generation=generation, wish=wish)
        return Response(RunSerializer(found).data, status=202)


class ParametersView(WorkspaceAPIView):
    """What can be changed in a run."""

    @extend_schema(operation_id="pipeline_parameters_retrieve", responses=ParametersSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Every parameter of the latest generation with its value."""
        return Response({"parameters": run_parameters(_generation(self, pk))})


class ForetellView(WorkspaceAPIView):
    """What a run would do."""

    @extend_schema(
        operation_id="pipelines_foretell", request=RunWishSerializer, responses=ForetoldSerializer(many=True)
    )
    def post(self, request: Request, pk: int) -> Response:
        """Which stages would run and why, if this were started now. Nothing is started."""
        foretold = pipeline_run_foretell(generation=_generation(self, pk), wish=_wish(request))
        return Response(ForetoldSerializer(foretold, many=True).data)


def _generation(view: WorkspaceAPIView, pk: int) -> Generation:
    generation = generation_latest(pipeline_of(view, pk))
    if generation is None:
        raise InvalidInput("There is nothing to run yet.", detail="Generate the project first.")
    return generation


def _wish(request: Request) -> RunWish:
    asked = RunWishSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    given = asked.validated_data
    return RunWish(given.get("changes", {}), given.get("until", ""), given.get("again_from", ""))


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

    @extend_schema(
        operation_id="runs_stage_files", parameters=[PATH], responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    @takes("path")
    def get(self, request: Request, pk: int, name: str) -> HttpResponseBase:
        """The files of one stage as a zip, or one of them as it is."""
        answer = stage_download(run_of(self, pk), name, request.query_params.get("path"))
        if answer is None:
            raise NotFound
        return answer
