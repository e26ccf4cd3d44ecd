"""Processes and their graphs in the API."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView, WorkspaceViewSet
from accounts.models import WorkspaceScoped
from common.api import if_match_version, tagged
from common.api.parameters import PAGING, id_asked, takes
from common.errors import FieldProblem, InvalidInput, NotFound
from planner.models import Process
from planner.selectors import latest_log, process_graph
from planner.selectors.inventory import ORDERS, inventory
from planner.serializers.process import GraphSerializer, KnownSerializer, ProcessSerializer
from planner.services import graph_replace, process_create, process_delete, process_update
from planner.services.inventory import ENTRIES

MOST_WORDS = 12
ORDERINGS = ("name", "owner_name", "cases_a_year", "created_at")
FILTERS = [
    OpenApiParameter("q", str, description="Only those with all these words in name, goal, pain or ML change."),
    OpenApiParameter("owner", OpenApiTypes.INT, description="Only those of this person."),
    OpenApiParameter("ordering", str, enum=[*ORDERINGS, *(f"-{one}" for one in ORDERINGS)]),
]


def words_asked(request: Request) -> list[str]:
    """The words of `q`. Each is looked for in five fields: more than a few dozen would hold the database for long."""
    words = request.query_params.get("q", "").split()
    if len(words) > MOST_WORDS:
        message = f"At most {MOST_WORDS} words are looked for, not {len(words)}."
        raise InvalidInput("Processes cannot be filtered like that.", errors=[FieldProblem("q", message)])
    return words


def ordering_asked(request: Request, known: Collection[str]) -> str:
    """The order of the query string, empty where none is asked for. InvalidInput names the known ones for another."""
    ordering = request.query_params.get("ordering", "")
    if ordering and ordering.removeprefix("-") not in known:
        message = f"“{ordering[:60]}” is no ordering. There are {', '.join(known)}, each with or without a minus."
        raise InvalidInput("Processes cannot be ordered like that.", errors=[FieldProblem("ordering", message)])
    return ordering


def asked_processes(found: WorkspaceScoped[Process], request: Request) -> WorkspaceScoped[Process]:
    """The processes of the query string. An order that does not exist is refused, what is unknown comes last."""
    for word in words_asked(request):
        spots = ("name", "goal", "pain", "ml_change", "owner_name")
        found = found.filter(reduce(or_, (Q(**{f"{spot}__icontains": word}) for spot in spots)))
    owner = id_asked(request, "owner")
    if owner is not None:
        found = found.filter(owner=owner)
    ordering = ordering_asked(request, ORDERINGS)
    if not ordering:
        return found
    field = F(ordering.removeprefix("-"))
    down = ordering.startswith("-")
    return found.order_by(field.desc(nulls_last=True) if down else field.asc(nulls_last=True), "id")


class InventoryView(WorkspaceAPIView):
    """Every process with what is known of it so far."""

    @extend_schema(
        operation_id="processes_inventory",
        parameters=[
            OpenApiParameter("q", str, description="Only those with all these words."),
            OpenApiParameter("ordering", str, enum=[*ORDERS, *(f"-{one}" for one in ORDERS)]),
        ],
        responses=KnownSerializer(many=True),
    )
    @takes("q", "ordering")
    def get(self, request: Request) -> Response:
        """The inventory in one answer, with costs and the best task of each. Costs the same few queries for all."""
        words, order = " ".join(words_asked(request)), ordering_asked(request, ORDERS)
        rows = inventory(self.workspace, order=order, words=words)
        return Response(KnownSerializer(rows, many=True).data)


class ProcessViewSet(ListModelMixin, WorkspaceViewSet[Process]):
    """Processes of the workspace, newest first."""

    queryset = Process.objects.all()
    serializer_class = ProcessSerializer
    etag = True

    def get_queryset(self) -> WorkspaceScoped[Process]:
        found = super().get_queryset()
        return asked_processes(found, self.request) if self.action == "list" else found

    @extend_schema(parameters=FILTERS)
    @takes(*PAGING, "q", "owner", "ordering")
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=ProcessSerializer, responses={201: ProcessSerializer})
    def create(self, request: Request) -> Response:
        """A new process with a start and an end."""
        given = self._given(request)
        return self._answer(process_create(access=self.access, **given), 201)

    @extend_schema(responses=ProcessSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=ProcessSerializer(partial=True), responses=ProcessSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change name, description, cases a year or entries of the inventory; volumes follow."""
        process, version = self.get_object(), if_match_version(request, "process", int(pk))
        given = self._given(request, partial=True)
        return self._answer(process_update(access=self.access, process=process, version=version, **given))

    def destroy(self, request: Request, pk: int) -> Response:
        """Remove a process with all that hangs on it. 409 while a job works on it; `errors` names each."""
        process_delete(access=self.access, process=self.get_object())
        return Response(status=204)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], pagination_class=None)
    def log(self, request: Request, pk: int) -> Response:
        """Counts over the raw rows of the log the process was measured from, and what was left out."""
        found = latest_log(self.get_object())
        if found is None:
            raise NotFound("This process has no log.", detail="It was drawn. Import a log to measure one.")
        return Response({"name": found.name, **found.statistics})

    def _given(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        asked = ProcessSerializer(data=request.data, partial=partial, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        entries = {name: given.pop(name) for name in ENTRIES if name in given}
        return given | {"entries": entries}

    def _answer(self, process: Process, status: int = 200) -> Response:
        body = Response(ProcessSerializer(process).data, status=status)
        return tagged(body, "process", process.pk, process.version, request=self.request)


class GraphView(WorkspaceAPIView):
    """The whole graph of a process."""

    etag = True

    @extend_schema(operation_id="processes_graph_retrieve", responses=GraphSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Nodes with kind, lane, sub-process, volumes and times; flows with counts, probabilities and conditions.

        Costs two queries, and none beyond the version when If-None-Match names it (304).
        """
        process = self._process(pk)
        known = tagged(Response(), "process", process.pk, process.version, request=request)
        return known if known.status_code == 304 else self._answer(process)

    @extend_schema(operation_id="processes_graph_update", request=GraphSerializer, responses=GraphSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Make the graph the one sent, on the version named by If-Match. Nodes left out are deleted."""
        process, version = self._process(pk), if_match_version(request, "process", pk)
        asked = GraphSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        graph_replace(access=self.access, process=process, graph=asked.graph(), version=version)
        return self._answer(process)

    def _process(self, pk: int) -> Process:
        return Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)

    def _answer(self, process: Process) -> Response:
        graph = process_graph(process)
        body = {"version": process.version, "cases_a_year": graph.cases_a_year}
        answer = Response(GraphSerializer({**body, "nodes": graph.nodes, "flows": graph.flows}).data)
        return tagged(answer, "process", process.pk, process.version, request=self.request)
