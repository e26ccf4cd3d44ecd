"""Invitations: a link that lets one person in, once, within a week. Only a digest of it is kept."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.access import Access
from accounts.domain.invitations import LIFETIME, MARK, invitation_state
from accounts.domain.tokens import digest_of
from accounts.models import Invitation, Membership, Role, User
from accounts.services.audit import audit_record
from common.errors import Conflict, NotAllowed, NotFound

WHY = {
    "expired": "This invitation has expired. Ask for a new one.",
    "used": "This invitation has been used already. Ask for a new one.",
}


@transaction.atomic
def invitation_create(*, access: Access, role: Role, now: datetime, email: str = "") -> tuple[Invitation, str]:
    """An invitation and its secret, which is not kept: show the link now or never. Owners only.

    With `email` only the account of that address can use it.
    """
    access.require(Role.OWNER)
    secret = MARK + secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=access.workspace,
        role=role,
        email=email.strip().lower(),
        digest=digest_of(secret),
        created_by=access.user,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    detail = {"role": role.value, "email": invitation.email}
    audit_record(access=access, verb="invitation.created", subject=f"invitation:{invitation.pk}", detail=detail)
    return invitation, secret


@transaction.atomic
def invitation_revoke(*, access: Access, invitation: Invitation) -> None:
    """The link stops working. Owners only."""
    access.require(Role.OWNER)
    found = Invitation.objects.of(access.workspace).get_or_404(pk=invitation.pk)
    audit_record(access=access, verb="invitation.revoked", subject=f"invitation:{found.pk}")
    found.delete()


def invitation_found(*, secret: str, now: datetime) -> Invitation:
    """The open invitation of this link. NotFound for a wrong one, Conflict in words for an expired or used one."""
    invitation = Invitation.objects.select_related("workspace").filter(digest=digest_of(secret)).first()
    if invitation is None:
        raise NotFound(
            "This invitation does not exist.", detail="It may have been taken back, or the link is cut short."
        )
    state = invitation_state(expires_at=invitation.expires_at, accepted_at=invitation.accepted_at, now=now)
    if state != "open":
        raise Conflict(WHY[state], detail="An owner of the workspace can invite you again.")
    return invitation


@transaction.atomic
def invitation_accept(*, user: User, secret: str, now: datetime) -> Membership:
    """Make `user` a member. Of two who use one link at once, one gets in; a member already keeps their role."""
    invitation = invitation_found(secret=secret, now=now)
    if invitation.email and invitation.email != user.email.lower():
        raise NotAllowed(
            f"This invitation is for {invitation.email}.", detail=f"You are signed in as {user.email}; sign out first."
        )
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=now):
        raise Conflict(WHY["used"])
    membership, created = Membership.objects.get_or_create(
        workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
    )
    if created:
        access = Access(user=user, workspace=invitation.workspace, role=Role(membership.role))
        audit_record(access=access, verb="member.joined", subject=f"user:{user.pk}", detail={"role": membership.role})
    return membership
