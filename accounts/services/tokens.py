"""Keys of the REST API: drawn here, shown once, kept as a digest."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.access import Access
from accounts.domain.tokens import digest_of, prefix_of, token_of
from accounts.models import ApiToken, Membership, Role
from accounts.services.audit import audit_record
from common.errors import InvalidInput, NotAllowed

USE_NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def api_token_create(
    *, access: Access, name: str, can_write: bool, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is not kept: show it now or never."""
    if access.user is None:
        raise InvalidInput("A token belongs to a person; sign in first.")
    if can_write:
        access.require(Role.EDITOR)
    secret = token_of(secrets.token_urlsafe(32))
    token = ApiToken.objects.create(
        workspace=access.workspace,
        user=access.user,
        name=name,
        prefix=prefix_of(secret),
        digest=digest_of(secret),
        can_write=can_write,
        expires_at=expires_at,
    )
    detail = {"name": name, "prefix": token.prefix, "may_write": can_write}
    audit_record(access=access, verb="token.created", subject=f"token:{token.pk}", detail=detail)
    return token, secret


@transaction.atomic
def api_token_revoke(*, access: Access, token: ApiToken) -> None:
    """Delete a token: one's own, or anybody's as an owner."""
    if access.user is None or token.user_id != access.user.pk:
        access.require(Role.OWNER)
    if token.workspace_id != access.workspace.pk:
        raise NotAllowed("The token belongs to another workspace.")
    detail = {"name": token.name, "prefix": token.prefix}
    audit_record(access=access, verb="token.revoked", subject=f"token:{token.pk}", detail=detail)
    token.delete()


def api_token_found(*, secret: str, now: datetime) -> tuple[ApiToken, Membership] | None:
    """The living token of this secret and its holder's membership; None if unknown, expired or no longer a member."""
    token = (
        ApiToken.objects.select_related("user", "workspace")
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), digest=digest_of(secret), user__is_active=True)
        .first()
    )
    if token is None:
        return None
    membership = Membership.objects.of(token.workspace).filter(user=token.user).first()
    if membership is None:
        return None
    _note_use(token, now)
    return token, membership


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
