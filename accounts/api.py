"""Tokens and workspaces in the API."""

from django.contrib.auth import authenticate
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.authentication import grant_of
from accounts.models import Membership, Role, User, Workspace
from accounts.pace import TokenPace
from accounts.serializers import TokenAnswerSerializer, TokenRequestSerializer, WorkspaceSerializer
from accounts.services import api_token_create
from common.api.parameters import PAGING, KnownParameters, takes
from common.errors import NotFound, ProblemError


class SignInRefused(ProblemError):
    """Deliberately the same for an unknown address, a wrong password and a locked sign-in."""

    status = 401
    type = "sign-in-refused"


class TokenView(KnownParameters):
    """Exchange e-mail and password for a token of one workspace. The token is shown once."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (TokenPace,)

    @extend_schema(
        operation_id="auth_token_create", request=TokenRequestSerializer, responses={201: TokenAnswerSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = TokenRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        access = _access(_signed_in(request, given["email"], given["password"]), given["workspace"])
        token, secret = api_token_create(access=access, name=given["name"], can_write=given["write"])
        answer = {
            "token": secret,
            "prefix": token.prefix,
            "workspace": access.workspace.slug,
            "name": token.name,
            "write": token.can_write,
            "expires_at": token.expires_at,
        }
        return Response(TokenAnswerSerializer(answer).data, status=201, headers={"Cache-Control": "no-store"})


def _signed_in(request: Request, email: str, password: str) -> User:
    user = authenticate(request._request, username=email.lower(), password=password)
    if isinstance(user, User):
        return user
    # The middleware of django-axes would put a page in the place of our answer.
    request._request.axes_locked_out = False  # type: ignore[attr-defined]
    raise SignInRefused(
        "E-mail and password do not match an account, or sign-in is locked.",
        detail="After several wrong tries it is locked for an hour.",
    )


def _access(user: User, slug: str) -> Access:
    membership = Membership.objects.filter(user=user, workspace__slug=slug).select_related("workspace").first()
    if membership is None:
        raise NotFound("There is no such workspace.", detail="It does not exist, or you are not a member.")
    return Access(user=user, workspace=membership.workspace, role=Role(membership.role))


class WorkspacesView(KnownParameters, ListAPIView[Workspace]):
    """The workspaces a token or sign-in reaches: one for a token, all of one's own for a browser."""

    permission_classes = (IsAuthenticated,)
    serializer_class = WorkspaceSerializer

    @takes(*PAGING)
    def get(self, request: Request) -> Response:
        return super().get(request)

    def get_queryset(self) -> QuerySet[Workspace]:
        if getattr(self, "swagger_fake_view", False) or not isinstance(self.request.user, User):
            return Workspace.objects.none()
        mine = Workspace.objects.filter(memberships__user=self.request.user).annotate(role=F("memberships__role"))
        grant = grant_of(self.request)
        reached = mine.filter(pk=grant.access.workspace.pk) if grant is not None else mine
        return reached.order_by("name", "pk")
