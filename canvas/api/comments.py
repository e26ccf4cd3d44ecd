"""Comments on canvases in the API. Every member may speak; authors change, editors resolve."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView, WorkspaceDoor
from accounts.models import Role
from canvas.api.canvases import CanvasDoor
from canvas.models import CanvasComment
from canvas.selectors import comments_of, mentions_waiting, talk_path
from canvas.serializers.comments import (
    CanvasCommentSerializer,
    CommentChangeSerializer,
    CommentCreateSerializer,
    CommentFilterSerializer,
    CommentResolveSerializer,
    MentionSerializer,
)
from canvas.services import comment_change, comment_create, comment_delete, comment_resolve
from common.api import if_match_version, tagged
from common.api.parameters import PAGED, PAGING, takes

KIND = "comment"


def answer(comment: CanvasComment, request: Request, status: int = 200) -> Response:
    shown = CanvasCommentSerializer(comment).data
    return tagged(Response(shown, status=status), KIND, comment.pk, comment.version, request=request)


class CanvasCommentsView(CanvasDoor, WorkspaceAPIView):
    """What is said about one canvas."""

    writers = Role.VIEWER

    @extend_schema(
        operation_id="canvases_comments_list",
        parameters=[CommentFilterSerializer, *PAGED],
        responses=CanvasCommentSerializer(many=True),
    )
    @takes(*PAGING, "block", "open")
    def get(self, request: Request, pk: int) -> Response:
        """Comments, the oldest first."""
        found = comments_of(self.canvas(pk)).prefetch_related("mentions__user")
        asked = CommentFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        if "block" in asked.validated_data:
            found = found.filter(block=asked.validated_data["block"])
        if "open" in request.query_params:
            found = found.filter(resolved_at__isnull=asked.validated_data["open"])
        return self.paged(request, found, CanvasCommentSerializer)

    @extend_schema(
        operation_id="canvases_comments_create",
        request=CommentCreateSerializer,
        responses={201: CanvasCommentSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say something about a block; any member may. Mentioned members find it, by mail too where mail is sent."""
        canvas = self.canvas(pk)
        asked = CommentCreateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        link = request.build_absolute_uri(talk_path(canvas, given["block"]))
        comment = comment_create(access=self.access, canvas=canvas, link=link, **given)
        return answer(comment, request, status=201)


class CommentDoor(WorkspaceDoor):
    """Views of one comment."""

    def comment(self, pk: int) -> CanvasComment:
        found = CanvasComment.objects.of(self.workspace).filter(canvas__task__removed_at=None)
        return found.select_related("author", "resolved_by", "canvas__workspace").get_or_404(pk=pk)


class CommentView(CommentDoor):
    """One comment."""

    writers = Role.VIEWER
    etag = True
    etag_of_deletions = True

    @extend_schema(operation_id="comments_retrieve", responses=CanvasCommentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What it says, whom it mentions, who resolved it."""
        return answer(self.comment(pk), request)

    @extend_schema(
        operation_id="comments_partial_update", request=CommentChangeSerializer, responses=CanvasCommentSerializer
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Write one's own comment anew on the version named by If-Match; nobody else may."""
        comment = self.comment(pk)
        version = if_match_version(request, KIND, pk)
        asked = CommentChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        link = request.build_absolute_uri(talk_path(comment.canvas, comment.block))
        text = asked.validated_data["text"]
        comment_change(access=self.access, comment=comment, text=text, version=version, link=link)
        return answer(self.comment(pk), request)

    @extend_schema(operation_id="comments_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's own comment away on the version named by If-Match; nobody else may."""
        comment = self.comment(pk)
        comment_delete(access=self.access, comment=comment, version=if_match_version(request, KIND, pk))
        return Response(status=204)


class CommentResolveView(CommentDoor):
    """Whether one comment is dealt with."""

    etag_of_posts = True

    @extend_schema(
        operation_id="comments_resolve_create", request=CommentResolveSerializer, responses=CanvasCommentSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Resolve it or open it again, on the version named by If-Match. Editors only."""
        comment = self.comment(pk)
        version = if_match_version(request, KIND, pk)
        asked = CommentResolveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        comment_resolve(access=self.access, comment=comment, version=version, **asked.validated_data)
        return answer(self.comment(pk), request)


class MentionsView(WorkspaceAPIView):
    """Where the caller is asked."""

    @extend_schema(
        operation_id="mentions_list",
        parameters=PAGED,
        responses=MentionSerializer(many=True),
    )
    @takes(*PAGING)
    def get(self, request: Request) -> Response:
        """Open comments that mention the caller and that they have not answered, the latest first."""
        found = mentions_waiting(self.workspace, self.access.user)
        found = found.select_related("comment__resolved_by").prefetch_related("comment__mentions__user")
        return self.paged(request, found, MentionSerializer)
