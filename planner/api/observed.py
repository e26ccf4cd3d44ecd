"""How a process really ran, in the API: one list each, in pages. A log never changes, so its lists keep their ETag."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.api_base import WorkspaceAPIView
from common.api import Pages, tagged
from common.api.parameters import PAGING, takes
from common.errors import NotFound
from planner.domain.foresight.features import pseudonym
from planner.models import Process
from planner.selectors.observed import ObservedLog, observed_log
from planner.serializers.observed import (
    BottleneckSerializer,
    FollowsSerializer,
    HandOverSerializer,
    RepeatSerializer,
    ResourceSerializer,
    VariantSerializer,
)
from planner.services.training_tables import pseudonym_key

Rows = Iterable[Mapping[str, Any]]


class ObservedView(WorkspaceAPIView):
    """A list out of what was found in the latest log of a process. `many` of `shape`, `rows` says which."""

    shape: ClassVar[type[Serializer[Any]]]
    pagination_class = Pages

    def rows(self, source: ObservedLog) -> Rows:
        raise NotImplementedError

    def page(self, request: Request, pk: int) -> Response:
        process = Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)
        source = observed_log(process)
        if source is None:
            raise NotFound("No log of this process was measured.", detail="Import a log of it.")
        pages = Pages()
        shown = pages.paginate_queryset(list(self.rows(source)), request, view=self)
        answer = pages.get_paginated_response(self.shape(shown, many=True).data)
        return tagged(answer, "log", source.log.pk, process.version, request=request)

    def stand_in(self, name: str) -> str:
        """The stand-in of a person."""
        return pseudonym(name, key=pseudonym_key(self.workspace))


class FollowsView(ObservedView):
    """The directly-follows graph."""

    shape = FollowsSerializer

    @extend_schema(operation_id="processes_directly_follows_list", responses=FollowsSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """What follows what within a case, with counts and the time in between, the most frequent first."""
        return self.page(request, pk)

    def rows(self, source: ObservedLog) -> Rows:
        return (asdict(each) for each in source.found.follows)


class VariantsView(ObservedView):
    """The ways cases take."""

    shape = VariantSerializer

    @extend_schema(operation_id="processes_variants_list", responses=VariantSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """The 500 most frequent sequences of activities with coverage and durations."""
        return self.page(request, pk)

    def rows(self, source: ObservedLog) -> Rows:
        names = source.found.activities
        kept = source.found.variants.kept
        return (asdict(each) | {"sequence": [names[place] for place in each.sequence]} for each in kept)


class ReworkView(ObservedView):
    """What is repeated."""

    shape = RepeatSerializer

    @extend_schema(operation_id="processes_rework_list", responses=RepeatSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Activities repeated within a case: straight after themselves, or after others."""
        return self.page(request, pk)

    def rows(self, source: ObservedLog) -> Rows:
        return (asdict(each) for each in source.found.rework.activities)


class ResourcesView(ObservedView):
    """Who does the work."""

    shape = ResourceSerializer

    @extend_schema(operation_id="processes_resources_list", responses=ResourceSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Resources with their share of the work, what they do and their pace. Names are stand-ins."""
        return self.page(request, pk)

    def rows(self, source: ObservedLog) -> Rows:
        return (asdict(each) | {"name": self.stand_in(each.name)} for each in source.found.resources.kept)


class HandOversView(ObservedView):
    """Who passes work to whom."""

    shape = HandOverSerializer

    @extend_schema(operation_id="processes_hand_overs_list", responses=HandOverSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Hand-overs between resources and the waiting in between. Names are stand-ins."""
        return self.page(request, pk)

    def rows(self, source: ObservedLog) -> Rows:
        for each in source.found.hand_overs.pairs:
            yield asdict(each) | {"source": self.stand_in(each.source), "target": self.stand_in(each.target)}


class BottlenecksView(ObservedView):
    """Where cases wait."""

    shape = BottleneckSerializer

    @extend_schema(operation_id="processes_bottlenecks_list", responses=BottleneckSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """The waiting before each activity, ranked by its total."""
        return self.page(request, pk)

    def rows(self, source: ObservedLog) -> Rows:
        for each in source.found.bottlenecks.activities:
            a_year = None if source.a_year is None else each.total_hours * source.a_year
            yield asdict(each) | {"hours_a_year": a_year}
