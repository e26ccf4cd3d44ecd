"""Canvases in the API."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView, WorkspaceDoor
from canvas.domain.json_format import canvas_schema
from canvas.domain.rendering import json_of, markdown_of
from canvas.models import Canvas
from canvas.selectors import canvas_approval, canvas_differences, canvas_document, canvas_offers, canvas_standing
from canvas.serializers.canvases import (
    CanvasChangeSerializer,
    CanvasCreateSerializer,
    CanvasDecisionSerializer,
    CanvasDifferenceSerializer,
    CanvasFilterSerializer,
    CanvasImportSerializer,
    CanvasOfferSerializer,
    CanvasRestoreSerializer,
    CanvasReviewSerializer,
    CanvasRowSerializer,
    CanvasSerializer,
    CanvasVersionsSerializer,
    DraftedSerializer,
    DraftingSerializer,
)
from canvas.services import (
    PAPERS,
    canvas_draft,
    canvas_import,
    canvas_offer_accept,
    canvas_offer_refuse,
    canvas_restore,
    canvas_review,
    canvas_update,
    canvases_draft_portfolio,
    canvases_draft_top,
    paper_picture,
    paper_sheet,
)
from common.api import if_match_version, tagged
from common.api.parameters import PAGED, PAGING, takes
from jobs.models import Run
from planner.models import PortfolioPlan, Process, Task

HEADER = ("designed_for", "designed_by", "iteration", "conclusion", "reason")


def whole(canvas: Canvas) -> dict[str, Any]:
    ids = {"id": canvas.pk, "task_id": canvas.task_id, "process_id": canvas.task.process_id}
    return {**ids, **json_of(canvas_document(canvas)), "review": review_of(canvas)}


def review_of(canvas: Canvas) -> dict[str, Any]:
    given = canvas_approval(canvas)
    if given is None:
        return {"state": canvas.review, "approved_version": None, "approved_by": "", "approved_at": None}
    by = {"approved_by": str(given.by or ""), "approved_at": given.at}
    return {"state": canvas.review, "approved_version": given.version, **by}


def answer(canvas: Canvas, request: Request) -> Response:
    return tagged(Response(whole(canvas)), "canvas", canvas.pk, canvas.version, request=request)


class CanvasesView(WorkspaceAPIView):
    """The canvases of a workspace."""

    @extend_schema(
        operation_id="canvases_list",
        parameters=[CanvasFilterSerializer, *PAGED],
        responses=CanvasRowSerializer(many=True),
    )
    @takes(*PAGING, "process", "task")
    def get(self, request: Request) -> Response:
        """Canvases, the latest changed first."""
        asked = CanvasFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = Canvas.objects.of(self.workspace).select_related("task").order_by("-updated_at", "-pk")
        if "process" in asked.validated_data:
            found = found.filter(task__process_id=asked.validated_data["process"])
        if "task" in asked.validated_data:
            found = found.filter(task_id=asked.validated_data["task"])
        return self.paged(request, found, CanvasRowSerializer)

    @extend_schema(
        operation_id="canvases_create",
        request=CanvasCreateSerializer,
        responses={201: DraftedSerializer, 202: DraftingSerializer},
    )
    def post(self, request: Request) -> Response:
        """Draft the canvas of a task, of the first tasks of a ranking, or of a portfolio's. What people typed stays.

        Many are a job (202), which Location leads to.
        """
        asked = CanvasCreateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        if "task" in given:
            task = Task.objects.of(self.workspace).get_or_404(pk=given["task"])
            drafted: list[Canvas] | Run = [canvas_draft(access=self.access, task=task)]
        elif "portfolio" in given:
            plan = PortfolioPlan.objects.of(self.workspace).get_or_404(pk=given["portfolio"])
            drafted = canvases_draft_portfolio(access=self.access, plan=plan)
        else:
            process = Process.objects.of(self.workspace).get_or_404(pk=given["process"])
            drafted = canvases_draft_top(access=self.access, process=process, k=given["first"])
        if isinstance(drafted, Run):
            where = reverse("v1:job-detail", args=[drafted.pk], request=request)
            return Response({"job": drafted.pk}, status=202, headers={"Location": where})
        return Response({"canvases": CanvasRowSerializer(drafted, many=True).data}, status=201)


class CanvasDoor(WorkspaceDoor):
    """Views of one canvas."""

    def canvas(self, pk: int) -> Canvas:
        found = Canvas.objects.of(self.workspace).select_related("workspace", "task__process")
        return found.get_or_404(pk=pk)


class CanvasView(CanvasDoor):
    """One canvas."""

    etag = True

    @extend_schema(operation_id="canvases_retrieve", responses=CanvasSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The ten blocks with typed values, words, sources and states."""
        return answer(self.canvas(pk), request)

    @extend_schema(operation_id="canvases_partial_update", request=CanvasChangeSerializer, responses=CanvasSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change fields and header values on the version named by If-Match, all or nothing.

        Refused (412) only where one of the same fields was changed since that version; `changed` says to what.
        """
        canvas = self.canvas(pk)
        version = if_match_version(request, "canvas", pk)
        asked = CanvasChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        values = paths_of(given.get("blocks", {}))
        header = {name: given[name] for name in HEADER if name in given}
        canvas_update(access=self.access, canvas=canvas, values=values, header=header, version=version)
        return answer(self.canvas(pk), request)


def paths_of(blocks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{block}.{key}": value for block, fields in blocks.items() for key, value in fields.items()}


class CanvasExportView(CanvasDoor):
    """One canvas as a file."""

    @extend_schema(
        operation_id="canvases_export_retrieve",
        parameters=[
            OpenApiParameter("format", str, enum=["md", "json", "pdf", "png"], default="md", description="Its form."),
            OpenApiParameter("paper", str, enum=list(PAPERS), default="a4", description="The paper of pdf and png."),
        ],
        responses={
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "application/json"): CanvasSerializer,
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "image/png"): OpenApiTypes.BINARY,
        },
    )
    @takes("format", "paper")
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The canvas as Markdown, JSON, or one sheet of paper, with the name of the sheet's author."""
        canvas = self.canvas(pk)
        form = request.query_params.get("format", "md")
        paper = next((each for each in PAPERS if each == request.query_params.get("paper", "a4")), None)
        if paper is None:
            raise NotFound("The paper is a4 or a3.")
        if form == "json":
            return Response(whole(canvas))
        document = canvas_document(canvas)
        if form == "pdf":
            return HttpResponse(paper_sheet(document, paper=paper), content_type="application/pdf")
        if form == "png":
            return HttpResponse(paper_picture(document, paper=paper), content_type="image/png")
        if form != "md":
            raise NotFound("A canvas is exported as md, json, pdf or png.")
        return HttpResponse(markdown_of(document), content_type="text/markdown; charset=utf-8")


class CanvasImportView(CanvasDoor):
    """A file brought for one canvas."""

    etag_of_posts = True

    @extend_schema(operation_id="canvases_import_create", request=CanvasImportSerializer, responses=CanvasSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a canvas in JSON or Markdown over, all or nothing, on the version named by If-Match.

        Fields the file does not name stay. Refused (412) only where a field that it changes was changed since.
        """
        canvas = self.canvas(pk)
        version = if_match_version(request, "canvas", pk)
        asked = CanvasImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        canvas_import(access=self.access, canvas=canvas, text=given["text"], form=given["format"], version=version)
        return answer(self.canvas(pk), request)


class CanvasSchemaView(WorkspaceAPIView):
    """The format of canvases in JSON."""

    @extend_schema(operation_id="canvases_schema_retrieve", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """The JSON Schema (2020-12) that exports follow and imports are held to."""
        return Response(canvas_schema())


class CanvasReviewView(CanvasDoor):
    """Whether people agree on one canvas."""

    etag_of_posts = True

    @extend_schema(operation_id="canvases_review_create", request=CanvasReviewSerializer, responses=CanvasSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Send for review, approve, or take back to a draft, on exactly the version named by If-Match."""
        canvas = self.canvas(pk)
        version = if_match_version(request, "canvas", pk)
        asked = CanvasReviewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        canvas_review(access=self.access, canvas=canvas, version=version, **asked.validated_data)
        return answer(self.canvas(pk), request)


class CanvasOffersView(CanvasDoor):
    """What one canvas is offered by its sources."""

    @extend_schema(operation_id="canvases_offers_list", responses=CanvasOfferSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Values that the sources would say now and that nobody decided on, then drafted ones that stand there."""
        canvas = self.canvas(pk)
        return Response(CanvasOfferSerializer((*canvas_offers(canvas), *canvas_standing(canvas)), many=True).data)

    @extend_schema(operation_id="canvases_offers_create", request=CanvasDecisionSerializer, responses=CanvasSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Accept or refuse one of them, named by its path and token. Refused stays refused until its source changes.

        Refused (412) where something else is offered by now.
        """
        canvas = self.canvas(pk)
        asked = CanvasDecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        decided = canvas_offer_accept if given["decision"] == "accept" else canvas_offer_refuse
        decided(access=self.access, canvas=canvas, path=given["path"], token=given["token"])
        return answer(self.canvas(pk), request)


class CanvasRestoreView(CanvasDoor):
    """An earlier version of one canvas."""

    etag_of_posts = True

    @extend_schema(operation_id="canvases_restore_create", request=CanvasRestoreSerializer, responses=CanvasSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Fill the fields as they were at an earlier version, as a new one, on the version named by If-Match."""
        canvas = self.canvas(pk)
        version = if_match_version(request, "canvas", pk)
        asked = CanvasRestoreSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        canvas_restore(access=self.access, canvas=canvas, to=asked.validated_data["to"], version=version)
        return answer(self.canvas(pk), request)


class CanvasDifferencesView(CanvasDoor):
    """Two versions of one canvas."""

    @extend_schema(
        operation_id="canvases_differences_list",
        parameters=[CanvasVersionsSerializer],
        responses=CanvasDifferenceSerializer(many=True),
    )
    @takes("before", "after")
    def get(self, request: Request, pk: int) -> Response:
        """The fields that say something else at one version than at the other, in the order of the sheet."""
        canvas = self.canvas(pk)
        asked = CanvasVersionsSerializer(data=request.query_params, context={"newest": canvas.version})
        asked.is_valid(raise_exception=True)
        return Response(CanvasDifferenceSerializer(canvas_differences(canvas, **asked.validated_data), many=True).data)
