"""What pages of accounts show."""

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import ApiToken, AuditEntry, Invitation, Membership, Role, User, Workspace

ROLE_ORDER = {Role.OWNER.value: 0, Role.EDITOR.value: 1, Role.VIEWER.value: 2}


def memberships_of(user: User) -> QuerySet[Membership]:
    """The workspaces a person is in, by name."""
    return Membership.objects.filter(user=user).select_related("workspace").order_by("workspace__name", "pk")


def start_workspace(user: User, last_slug: str = "") -> Workspace | None:
    """Where a person goes after signing in: where they were last, else the first they are in, else nowhere."""
    mine = [membership.workspace for membership in memberships_of(user)]
    return next((workspace for workspace in mine if workspace.slug == last_slug), mine[0] if mine else None)


def members_of(workspace: Workspace) -> list[Membership]:
    """Members, owners first, then by name."""
    found = Membership.objects.of(workspace).select_related("user")
    return sorted(found, key=lambda one: (ROLE_ORDER[one.role], str(one.user).lower()))


def invitations_waiting(workspace: Workspace) -> QuerySet[Invitation]:
    """Invitations nobody has used; expired ones too, so that they can be seen and taken away."""
    waiting = Invitation.objects.of(workspace).filter(accepted_at=None)
    return waiting.select_related("created_by").order_by("expires_at")


def tokens_seen_by(membership: Membership) -> QuerySet[ApiToken]:
    """One's own tokens; owners see everybody's."""
    tokens = ApiToken.objects.of(membership.workspace).select_related("user").order_by("-created_at")
    return tokens if membership.role == Role.OWNER else tokens.filter(user=membership.user)


def audit_trail(workspace: Workspace) -> QuerySet[AuditEntry]:
    """What happened, newest first."""
    return AuditEntry.objects.of(workspace).select_related("actor")


def demo_user() -> User | None:
    """Who the demo button signs in; None when the demo is switched off or its workspace is gone."""
    if not settings.DEMO:
        return None
    membership = Membership.objects.filter(workspace__is_demo=True, user__is_active=True).order_by("pk").first()
    return membership.user if membership else None
