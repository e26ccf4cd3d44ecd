"""Canvases in the API."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView, WorkspaceDoor
from canvas.domain.rendering import json_of, markdown_of
from canvas.models import Canvas
from canvas.selectors import canvas_document
from canvas.serializers import (
    CanvasChangeSerializer,
    CanvasCreateSerializer,
    CanvasFilterSerializer,
    CanvasRowSerializer,
    CanvasSerializer,
    DraftedSerializer,
)
from canvas.services import canvas_draft, canvas_update, canvases_draft_portfolio, canvases_draft_top
from common.api import Pages, if_match_version, tagged
from planner.models import PortfolioPlan, Process, Task

HEADER = ("designed_for", "designed_by", "iteration", "conclusion", "reason")


def whole(canvas: Canvas) -> dict[str, Any]:
    ids = {"id": canvas.pk, "task_id": canvas.task_id, "process_id": canvas.task.process_id}
    return {**ids, **json_of(canvas_document(canvas))}


def answer(canvas: Canvas, request: Request) -> Response:
    return tagged(Response(whole(canvas)), "canvas", canvas.pk, canvas.version, request=request)


class CanvasesView(WorkspaceAPIView):
    """The canvases of a workspace."""

    @extend_schema(
        operation_id="canvases_list",
        parameters=[
            CanvasFilterSerializer,
            OpenApiParameter("page", int, description="From 1."),
            OpenApiParameter("page_size", int, description="At most 200."),
        ],
        responses=CanvasRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Canvases, the latest changed first."""
        asked = CanvasFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = Canvas.objects.of(self.workspace).select_related("task").order_by("-updated_at", "-pk")
        if "process" in asked.validated_data:
            found = found.filter(task__process_id=asked.validated_data["process"])
        if "task" in asked.validated_data:
            found = found.filter(task_id=asked.validated_data["task"])
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(CanvasRowSerializer(page, many=True).data)

    @extend_schema(operation_id="canvases_create", request=CanvasCreateSerializer, responses={201: DraftedSerializer})
    def post(self, request: Request) -> Response:
        """Draft the canvas of a task, of the first tasks of a ranking, or of a portfolio's. What people typed stays."""
        asked = CanvasCreateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        if "task" in given:
            task = Task.objects.of(self.workspace).get_or_404(pk=given["task"])
            drafted = [canvas_draft(access=self.access, task=task)]
        elif "portfolio" in given:
            plan = PortfolioPlan.objects.of(self.workspace).get_or_404(pk=given["portfolio"])
            drafted = canvases_draft_portfolio(access=self.access, plan=plan)
        else:
            process = Process.objects.of(self.workspace).get_or_404(pk=given["process"])
            drafted = canvases_draft_top(access=self.access, process=process, k=given["first"])
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
        """Change fields and header values on the version named by If-Match, all or nothing."""
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
        parameters=[OpenApiParameter("format", str, enum=["md", "json"], default="md")],
        responses={
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "application/json"): CanvasSerializer,
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The canvas as Markdown or JSON, with the name of the sheet's author."""
        canvas = self.canvas(pk)
        form = request.query_params.get("format", "md")
        if form == "json":
            return Response(whole(canvas))
        if form != "md":
            raise NotFound("A canvas is exported as md or json.")
        return HttpResponse(markdown_of(canvas_document(canvas)), content_type="text/markdown; charset=utf-8")
