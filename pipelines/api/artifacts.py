"""What runs wrote and where models come from, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from pipelines.api.found import run_of
from pipelines.api.models import version_of
from pipelines.selectors import run_artifacts, version_lineage
from pipelines.serializers.artifacts import LineageSerializer, StageArtifactsSerializer


class ArtifactsView(WorkspaceAPIView):
    """The files of a run."""

    @extend_schema(operation_id="runs_artifacts", responses=StageArtifactsSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """By stage: each file with its digest, and what the stage was made from."""
        return Response(StageArtifactsSerializer(run_artifacts(run_of(self, pk)).stages, many=True).data)


class LineageView(WorkspaceAPIView):
    """Where a version comes from, and what it did."""

    @extend_schema(operation_id="models_lineage", responses=LineageSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Data, code, parameters, packages and model file by digest, and how many predictions it made."""
        return Response(LineageSerializer(version_lineage(version_of(self, pk))).data)
