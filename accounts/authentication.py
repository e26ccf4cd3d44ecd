"""Who calls the API: `Authorization: Token tw_…`, or the browser's own session with `?workspace=<slug>`."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.access import Access
from accounts.models import Membership, Role, User
from accounts.services import api_token_found

SCHEME = "Token"


@dataclass(frozen=True)
class Grant:
    """What a call may do: the access of its person, and whether its token may write."""

    access: Access
    can_write: bool = True


class TokenAuthentication(BaseAuthentication):
    """A token stands for one person in one workspace; the person's role there is looked up at each call."""

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in ("token", "bearer"):
            return None
        found = api_token_found(secret=secret.strip(), now=timezone.now())
        if found is None:
            raise AuthenticationFailed("The token is unknown, has expired or was revoked. Make a new one.")
        token, membership = found
        access = Access(user=token.user, workspace=token.workspace, role=Role(membership.role))
        return token.user, Grant(access, token.can_write)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class WorkspaceSessionAuthentication(SessionAuthentication):
    """A signed-in browser. `?workspace=` names the workspace; it may be left out by members of a single one."""

    def authenticate(self, request: Request) -> tuple[Any, Grant | None] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user = found[0]
        return user, _grant_of(user, request.query_params.get("workspace", ""))


def _grant_of(user: User, slug: str) -> Grant | None:
    memberships = Membership.objects.filter(user=user).select_related("workspace")
    mine = list(memberships.filter(workspace__slug=slug) if slug else memberships[:2])
    if len(mine) != 1:
        return None
    return Grant(Access(user=user, workspace=mine[0].workspace, role=Role(mine[0].role)))


def grant_of(request: Request) -> Grant | None:
    """What the call may do; None without a workspace."""
    return request.auth if isinstance(request.auth, Grant) else None


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token tw_…`: one person in one workspace. POST /api/v1/auth/token/ makes one.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the browser's session."""

    target_class = WorkspaceSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser's sign-in; add `?workspace=<slug>` when you are a member of several.",
        }
