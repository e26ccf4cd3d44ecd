"""Who is asking, in which workspace, with which role. Every service that changes something takes an Access first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Role, User, Workspace
from common.errors import NotAllowed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}


@dataclass(frozen=True)
class Access:
    """One person (or the product itself, `user` None) acting in one workspace."""

    user: User | None
    workspace: Workspace
    role: Role

    @classmethod
    def system(cls, workspace: Workspace) -> "Access":
        """The product acting for itself: headless commands, the demo, background work."""
        return cls(user=None, workspace=workspace, role=Role.OWNER)

    @property
    def can_edit(self) -> bool:
        return RANK[self.role] >= RANK[Role.EDITOR]

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    def require(self, role: Role) -> None:
        """Refuse with NotAllowed, in words, when the role is below `role`."""
        if RANK[self.role] < RANK[role]:
            raise NotAllowed(
                f"You are {self.role.label.lower()} of {self.workspace.name}; this needs {role.label.lower()}.",
                detail="Ask an owner of the workspace to change your role.",
            )


class WorkspaceRequest(HttpRequest):
    """A request below /w/<slug>/ after `workspace_view` has found out who asks. Never made, only promised by types."""

    user: User
    workspace: Workspace
    membership: Membership
    access: Access
    htmx: HtmxDetails


P = ParamSpec("P")
View = Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]


def membership_of(user: User, slug: str) -> Membership:
    """The person's membership of the workspace at `slug`; Http404 for strangers, as if it did not exist."""
    found = Membership.objects.select_related("workspace").filter(workspace__slug=slug, user=user).first()
    if found is None:
        raise Http404("There is no such workspace, or you are not a member of it.")
    return found


def _remember(request: WorkspaceRequest) -> None:
    """Where the person was last, so that the next sign-in leads there."""
    if request.session.get("workspace") != request.workspace.slug:
        request.session["workspace"] = request.workspace.slug


def workspace_view(*, role: Role = Role.VIEWER, writes: Role = Role.EDITOR) -> Callable[[View[P]], Callable[..., Any]]:
    """A page below /w/<slug>/: signed out to the sign-in page, strangers 404, members with too low a role 403 in words.

    `role` is needed to look, `writes` to send anything (any method but GET, HEAD and OPTIONS). The view gets a
    WorkspaceRequest and no `slug`.
    """

    def decorate(view: View[P]) -> Callable[..., Any]:
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            membership = membership_of(request.user, str(kwargs.pop("slug")))
            known = cast(WorkspaceRequest, request)
            known.membership, known.workspace = membership, membership.workspace
            known.access = Access(user=request.user, workspace=membership.workspace, role=Role(membership.role))
            known.access.require(role if request.method in SAFE else max(role, writes, key=RANK.__getitem__))
            _remember(known)
            return view(known, *args, **kwargs)

        return answer

    return decorate
