"""What was generated, in the API: again, as a download, against the one before."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of, target_of
from pipelines.models import Generation
from pipelines.selectors import (
    archive_of,
    difference_of,
    download_of,
    several_of_portfolio,
    several_of_process,
)
from pipelines.serializers import (
    GenerationCreateSerializer,
    GenerationSerializer,
    GenerationStartedSerializer,
    ProjectDifferenceSerializer,
    RowsSerializer,
)
from pipelines.services import pipeline_generate, pipelines_generate
from planner.models import PortfolioPlan, Process


class GenerationsView(WorkspaceAPIView):
    """What was generated for a pipeline."""

    @extend_schema(
        operation_id="pipeline_generations_list", parameters=PAGED, responses=GenerationSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Generations, newest first."""
        found = Generation.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, GenerationSerializer)

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
            architecture=given.get("options"),
            licence=given.get("licence"),
        )
        return Response({"pipeline": pipeline.pk, "job": job.pk}, status=202)


class GenerationDownloadView(WorkspaceAPIView):
    """The project itself."""

    @extend_schema(operation_id="generations_download", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """A generation as a zip."""
        found = Generation.objects.of(self.workspace).get_or_404(pk=pk)
        return download_of(found.archive, f"{found.slug}-{found.number}.zip")


class ProcessProjectsView(WorkspaceAPIView):
    """All projects of a process."""

    @extend_schema(operation_id="process_projects", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The latest generation of each pipeline of a process, as one archive."""
        process = Process.objects.of(self.workspace).get_or_404(pk=pk)
        return archive_of(several_of_process(process).pipelines, process.name)


class PortfolioProjectsView(WorkspaceAPIView):
    """All projects of a portfolio."""

    @extend_schema(operation_id="portfolio_projects", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The latest generation of the pipeline of each chosen task, as one archive."""
        plan = PortfolioPlan.objects.of(self.workspace).get_or_404(pk=pk)
        return archive_of(several_of_portfolio(plan).pipelines, plan.name)


class PortfolioPipelinesView(WorkspaceAPIView):
    """The pipelines of a portfolio."""

    @extend_schema(
        operation_id="portfolio_pipelines_create",
        request=RowsSerializer,
        responses={202: GenerationStartedSerializer(many=True)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Generate every canvas of the chosen tasks that has no pipeline yet; poll the jobs."""
        plan = PortfolioPlan.objects.of(self.workspace).get_or_404(pk=pk)
        asked = RowsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        waiting = several_of_portfolio(plan).waiting
        jobs = pipelines_generate(access=self.access, canvases=waiting, **asked.validated_data)
        return Response([{"pipeline": job.params["pipeline"], "job": job.pk} for job in jobs], status=202)


class GenerationDifferenceView(WorkspaceAPIView):
    """What a generation changed."""

    @extend_schema(operation_id="generations_difference", responses=ProjectDifferenceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """File by file against the generation before it; nothing for the first."""
        found = Generation.objects.of(self.workspace).select_related("archive", "pipeline", "workspace")
        generation = found.get_or_404(pk=pk)
        return Response(ProjectDifferenceSerializer(difference_of(generation)).data)
