"""What pipelines learn from, in the API: the source of a canvas, tables brought for it, what their columns are."""

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api_base import WorkspaceAPIView
from canvas.models import Canvas
from common.api import if_match_version, tagged
from common.api.parameters import PAGED, PAGING, takes
from pipelines.models import TrainingUpload
from pipelines.selectors import training_choice
from pipelines.serializers import (
    TrainingRolesSerializer,
    TrainingSourceSerializer,
    TrainingTableRequestSerializer,
    TrainingTableRowSerializer,
    TrainingTableSerializer,
)
from pipelines.services import (
    training_roles_update,
    training_source_choose,
    training_upload_create,
    training_upload_delete,
)

TAG = "training_table"


class TrainingSourceView(WorkspaceAPIView):
    """What a pipeline learns from."""

    @extend_schema(operation_id="canvas_training_retrieve", responses=TrainingSourceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The source of the next generation."""
        return self._answer(canvas_at(self, pk))

    @extend_schema(
        operation_id="canvas_training_update", request=TrainingSourceSerializer, responses=TrainingSourceSerializer
    )
    def put(self, request: Request, pk: int) -> Response:
        """Choose the log (and which target), a table or made-up rows for the next generation."""
        canvas = canvas_at(self, pk)
        asked = TrainingSourceSerializer(data=request.data, context={"access": self.access})
        asked.is_valid(raise_exception=True)
        chosen = dict(asked.validated_data)
        target = (chosen.pop("target", None) or {}).get("text") or ""
        training_source_choose(access=self.access, canvas=canvas, target=target, **chosen)
        return self._answer(canvas)

    def _answer(self, canvas: Canvas) -> Response:
        choice = training_choice(canvas)
        return Response(TrainingSourceSerializer(choice).data)


class TrainingTablesView(WorkspaceAPIView):
    """Tables brought for a canvas."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="canvas_training_tables_list",
        parameters=PAGED,
        responses=TrainingTableRowSerializer(many=True),
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """The latest first."""
        found = TrainingUpload.objects.of(self.workspace).of_canvas(canvas_at(self, pk))
        return self.paged(request, found, TrainingTableRowSerializer)

    @extend_schema(
        operation_id="canvas_training_tables_create",
        request=TrainingTableRequestSerializer,
        responses={202: TrainingTableRowSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Bring a table; its pipeline learns from it once its columns are confirmed. 400 where it is no table."""
        canvas = canvas_at(self, pk)
        asked = TrainingTableRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        file = asked.validated_data["file"]
        upload = training_upload_create(access=self.access, canvas=canvas, file=file, filename=file.name or "table")
        where = reverse("v1:job-detail", args=[upload.run_id], request=request)
        return Response(TrainingTableRowSerializer(upload).data, status=202, headers={"Location": where})


class TrainingTableView(WorkspaceAPIView):
    """One table."""

    etag = True
    etag_of_deletions = True

    @extend_schema(operation_id="training_tables_retrieve", responses=TrainingTableSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What was found in its columns, what they are for, how much each tells of the target alone."""
        return self._answer(self._own(pk))

    @extend_schema(
        operation_id="training_tables_partial_update",
        request=TrainingRolesSerializer,
        responses=TrainingTableSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Say what columns are for, on the version named by If-Match; this confirms them."""
        own = self._own(pk)
        version = if_match_version(request, TAG, pk)
        asked = TrainingRolesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changed = training_roles_update(access=self.access, upload=own, changes=asked.validated_data, version=version)
        return self._answer(changed)

    @extend_schema(operation_id="training_tables_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete it with the projects generated from it and their runs, on the version named by If-Match."""
        own = self._own(pk)
        training_upload_delete(access=self.access, upload=own, version=if_match_version(request, TAG, pk))
        return Response(status=204)

    def _own(self, pk: int) -> TrainingUpload:
        return TrainingUpload.objects.of(self.workspace).select_related("run").get_or_404(pk=pk)

    def _answer(self, own: TrainingUpload) -> Response:
        return tagged(Response(TrainingTableSerializer(own).data), TAG, own.pk, own.version)


def canvas_at(view: WorkspaceAPIView, pk: int) -> Canvas:
    """The canvas at an address; 404 for one of another workspace."""
    return Canvas.objects.of(view.workspace).select_related("task__process", "workspace").get_or_404(pk=pk)
