"""Base of every API view of a workspace's things: who asks, what they may do, queries scoped, creating once."""

import hashlib
import json
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, PrimaryKeyRelatedField
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.access import Access
from accounts.authentication import grant_of
from accounts.models import IdempotentAnswer, Role, Workspace, WorkspaceScoped
from accounts.services import idempotent_answer_abandon, idempotent_answer_begin, idempotent_answer_finish
from common.api import Pages
from common.api.parameters import KnownParameters
from common.errors import NotAllowed

REPLAYED_HEADERS = ("Location", "ETag")
_M = TypeVar("_M", bound=models.Model)


class MemberMay(BasePermission):
    """Any member reads. Changing needs the view's `writers` role and a token that may write."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        grant = grant_of(request)
        if grant is None:
            _refuse_without_workspace(request)
        elif request.method not in SAFE_METHODS:
            if not grant.can_write:
                raise NotAllowed("This token may only read.", detail="Make a token that may write.")
            grant.access.require(getattr(view, "writers", Role.EDITOR))
        return True


def _refuse_without_workspace(request: Request) -> None:
    if "workspace" in request.query_params:
        raise Http404
    raise ParseError("Say which workspace: add ?workspace=<slug> to the address.")


class Replayed(Exception):
    """Ends a request whose answer was given before."""

    def __init__(self, answer: IdempotentAnswer) -> None:
        super().__init__(answer.key)
        self.answer = answer

    def response(self) -> Response:
        headers = {**self.answer.headers, "Idempotency-Replayed": "true"}
        return Response(self.answer.body, status=self.answer.status, headers=headers)


class WorkspaceDoor(KnownParameters):
    """What API views of a workspace share. `idempotent = False` where an answer holds a secret.

    `etag` says that PUT and PATCH need If-Match, `etag_of_deletions` that DELETE does as well.
    """

    permission_classes = (MemberMay,)
    writers: ClassVar[Role] = Role.EDITOR
    idempotent: ClassVar[bool] = True
    etag: ClassVar[bool] = False
    etag_of_deletions: ClassVar[bool] = False
    _reserved: IdempotentAnswer | None = None

    @property
    def access(self) -> Access:
        """The person asking, in their workspace, with their role."""
        grant = grant_of(self.request)
        if grant is None:
            raise Http404
        return grant.access

    @property
    def workspace(self) -> Workspace:
        return self.access.workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        if key is not None and request.method == "POST" and self.idempotent:
            self._begin(key)

    def _begin(self, key: str) -> None:
        answer = idempotent_answer_begin(
            access=self.access, key=key, digest=request_digest(self.request), now=timezone.now()
        )
        if answer.status is not None:
            raise Replayed(answer)
        self._reserved = answer

    def handle_exception(self, exc: Exception) -> Response:
        return exc.response() if isinstance(exc, Replayed) else super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        if self._reserved is not None:
            _settle(self._reserved, response)
            self._reserved = None
        return super().finalize_response(request, response, *args, **kwargs)


def _settle(answer: IdempotentAnswer, response: HttpResponse) -> None:
    """Keep a good answer for its key; free the key after a refusal, so that it can be mended and sent again."""
    if not isinstance(response, Response) or response.status_code >= 300:
        idempotent_answer_abandon(answer=answer)
        return
    body = json.loads(JSONRenderer().render(response.data) or b"null")
    headers = {name: response[name] for name in REPLAYED_HEADERS if response.has_header(name)}
    idempotent_answer_finish(answer=answer, status=response.status_code, body=body, headers=headers)


def request_digest(request: Request) -> str:
    """SHA-256 over method, path and body; uploaded files by their content."""
    seen = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    body = request.data
    plain = {key: body[key] for key in body if key not in request.FILES} if isinstance(body, dict) else body
    seen.update(json.dumps(plain, sort_keys=True, default=str).encode())
    for name, upload in sorted(request.FILES.items()):
        seen.update(f"\n{name} {upload.name}\n".encode())
        for chunk in upload.chunks():
            seen.update(chunk)
        upload.seek(0)
    return seen.hexdigest()


class WorkspaceAPIView(WorkspaceDoor):
    """A single API view of a workspace's things."""

    def paged(self, request: Request, found: models.QuerySet[Any], shape: type[BaseSerializer[Any]]) -> Response:
        """One page of `found`, each row in its `shape`."""
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(shape(page, many=True).data)


class WorkspaceViewSet(WorkspaceDoor, GenericViewSet[_M]):
    """A set of API views over one model; `queryset` is scoped to the workspace, anything else answers 404."""

    def get_queryset(self) -> WorkspaceScoped[_M]:
        found = super().get_queryset()
        if not isinstance(found, WorkspaceScoped):
            raise TypeError(f"{type(self).__name__}.queryset must be a WorkspaceScoped queryset.")
        return found.none() if getattr(self, "swagger_fake_view", False) else found.of(self.workspace)

    def get_object(self) -> _M:
        return self.get_queryset().get_or_404(pk=self.kwargs["pk"])

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not getattr(self, "swagger_fake_view", False):
            context["access"] = self.access
        return context


class ScopedRelated(PrimaryKeyRelatedField[_M]):
    """A foreign key in a body: only ids of the caller's workspace exist. Needs `access` in the context."""

    def get_queryset(self) -> models.QuerySet[_M]:
        found = super().get_queryset()
        if found is None:
            raise TypeError("ScopedRelated needs a queryset.")
        return found.filter(workspace=self.context["access"].workspace)
