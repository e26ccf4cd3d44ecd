"""The timeline of a pipeline in the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import Pages
from common.api.parameters import PAGED, PAGING, takes
from common.errors import FieldProblem, InvalidInput
from pipelines.api.found import pipeline_of
from pipelines.selectors import Happening, timeline_entries, timeline_rows
from pipelines.serializers import TimelineEntrySerializer

KINDS = [one.value for one in Happening]


class TimelineView(WorkspaceAPIView):
    """What happened to a pipeline."""

    @extend_schema(
        operation_id="pipeline_timeline_list",
        parameters=[*PAGED, OpenApiParameter("kind", str, enum=KINDS, description="Only what is of this kind.")],
        responses=TimelineEntrySerializer(many=True),
    )
    @takes("kind", *PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Generations, runs, models and approvals, triggers, alerts, outcomes and months, newest first."""
        rows = timeline_rows(pipeline_of(self, pk), _kind(request.query_params.get("kind")))
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(TimelineEntrySerializer(timeline_entries(page or ()), many=True).data)


def _kind(text: str | None) -> Happening | None:
    """InvalidInput for what is no kind."""
    if text is None:
        return None
    if text not in KINDS:
        raise InvalidInput(
            "There is no such kind.", errors=[FieldProblem("kind", f"It is one of: {', '.join(KINDS)}.")]
        )
    return Happening(text)
