"""What is served in a pattern of its own, in the API: predictions made ahead, lengths of queues."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import takes
from pipelines.api.found import pipeline_of
from pipelines.selectors import prediction_table, queue_lengths
from pipelines.serializers import PredictionTableAskedSerializer, PredictionTableSerializer, QueueLengthsSerializer

ASKED = [
    OpenApiParameter("case", str, description="One case by its id, instead of a page."),
    OpenApiParameter("after", str, description="The id after which the page begins: next_after of the page before."),
    OpenApiParameter("limit", int, description="Predictions of a page, 1 to 1,000; usually 50."),
]


class PredictedAheadView(WorkspaceAPIView):
    """Predictions made ahead."""

    @extend_schema(
        operation_id="pipeline_predicted_ahead_retrieve", parameters=ASKED, responses=PredictionTableSerializer
    )
    @takes("case", "after", "limit")
    def get(self, request: Request, pk: int) -> Response:
        """What the newest batch predicted, by case. 409 for a model of another pattern, 503 while nothing answers."""
        pipeline = pipeline_of(self, pk)
        asked = PredictionTableAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(PredictionTableSerializer(prediction_table(pipeline, **asked.validated_data)).data)


class QueuesView(WorkspaceAPIView):
    """The queues of a model on demand."""

    @extend_schema(operation_id="pipeline_queues_retrieve", responses=QueueLengthsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Their lengths now. 409 for a model of another pattern, 503 while nothing answers."""
        return Response(QueueLengthsSerializer(queue_lengths(pipeline_of(self, pk))).data)
