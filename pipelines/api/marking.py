"""The ML Test Score in the API."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from pipelines.api.found import pipeline_of
from pipelines.models import Pipeline, TestMark
from pipelines.selectors import marks_of, marks_version, pipeline_test_score
from pipelines.serializers import GivenMarksSerializer, TestMarksSerializer, TestScoreSerializer
from pipelines.services import MarkEntry, score_marks_replace

KIND = "testmarks"


class TestScoreView(WorkspaceAPIView):
    """How well a pipeline is tested."""

    @extend_schema(operation_id="pipeline_test_score_retrieve", responses=TestScoreSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The ML Test Score: 28 tests, by what the app shows and what people marked."""
        return Response(TestScoreSerializer(pipeline_test_score(pipeline_of(self, pk))).data)


class TestMarksView(WorkspaceAPIView):
    """Tests marked by people."""

    etag = True

    @extend_schema(operation_id="pipeline_test_marks_retrieve", responses=TestMarksSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What people said of the tests."""
        pipeline = pipeline_of(self, pk)
        return _answer(pipeline, marks_of(pipeline), request)

    @extend_schema(
        operation_id="pipeline_test_marks_update", request=GivenMarksSerializer, responses=TestMarksSerializer
    )
    def put(self, request: Request, pk: int) -> Response:
        """Set all marks; If-Match holds the ETag that was read. A test left out is not done."""
        pipeline = pipeline_of(self, pk)
        version = if_match_version(request, KIND, pk)
        asked = GivenMarksSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = {each["test"]: MarkEntry(each["done"], each.get("note", "")) for each in asked.validated_data["marks"]}
        marks = score_marks_replace(access=self.access, pipeline=pipeline, marks=given, version=version)
        return _answer(pipeline, marks, request)


def _answer(pipeline: Pipeline, marks: Sequence[TestMark], request: Request) -> Response:
    told = TestMarksSerializer({"marks": marks}).data
    return tagged(Response(told), KIND, pipeline.pk, marks_version(list(marks)), request=request)
