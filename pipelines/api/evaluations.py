"""What runs measured, one by one and side by side, in the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import takes
from pipelines.api.found import pipeline_of, run_of
from pipelines.selectors import run_evaluation, runs_asked, runs_comparison
from pipelines.serializers.evaluations import EvaluationSerializer, RunComparisonSerializer

RUNS = OpenApiParameter("run", str, required=True, description="Ids of two to four runs of the pipeline: 3,5.")


class RunPlotsView(WorkspaceAPIView):
    """The plots of a run."""

    @extend_schema(operation_id="runs_plots", responses=EvaluationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What its model's plots are drawn from, and each of them as a table with its finding in words."""
        return Response(EvaluationSerializer(run_evaluation(run_of(self, pk))).data)


class CompareView(WorkspaceAPIView):
    """Runs side by side."""

    @extend_schema(operation_id="pipelines_compare", parameters=[RUNS], responses=RunComparisonSerializer)
    @takes("run")
    def get(self, request: Request, pk: int) -> Response:
        """Parameters, data, code, figures, outcome and times of two to four runs, oldest first."""
        pipeline = pipeline_of(self, pk)
        asked = runs_asked(pipeline, request.query_params.get("run", "").split(","))
        return Response(RunComparisonSerializer(runs_comparison(pipeline, asked)).data)
