"""Predictions in the API: asking the served model, and what it was asked."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of
from pipelines.models import PredictionRecord
from pipelines.serializers import (
    GivenPredictionsSerializer,
    PredictionRecordSerializer,
    PredictionsSerializer,
    PredictSerializer,
    ToldSerializer,
)
from pipelines.services import GivenPrediction, predictions_make, predictions_tell


class PredictView(WorkspaceAPIView):
    """Asking the model in use."""

    @extend_schema(operation_id="pipelines_predict", request=PredictSerializer, responses=PredictionsSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """The champion's answers, in the order of the rows; each leaves a record. 503 while nothing answers."""
        pipeline = pipeline_of(self, pk)
        asked = PredictSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = predictions_make(
            access=self.access, pipeline=pipeline, instances=given["instances"], keys=given.get("keys")
        )
        return Response(PredictionsSerializer({"predictions": found}).data)


class PredictionsView(WorkspaceAPIView):
    """What was predicted."""

    @extend_schema(
        operation_id="pipeline_predictions_list", parameters=PAGED, responses=PredictionRecordSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Predictions, newest first."""
        found = PredictionRecord.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, PredictionRecordSerializer)

    @extend_schema(
        operation_id="pipeline_predictions_tell", request=GivenPredictionsSerializer, responses=ToldSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Tell what a model predicted elsewhere, at most 1,000 at once; each key is kept once."""
        pipeline = pipeline_of(self, pk)
        asked = GivenPredictionsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = [GivenPrediction(**one) for one in asked.validated_data["predictions"]]
        return Response(ToldSerializer(predictions_tell(access=self.access, pipeline=pipeline, predictions=given)).data)
