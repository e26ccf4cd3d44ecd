"""Members of a workspace. One owner at least stays: a workspace nobody owns could never be mended."""

from django.db import transaction

from accounts.access import Access
from accounts.models import ApiToken, Membership, Role, Workspace
from accounts.services.audit import audit_record
from common.errors import Conflict


@transaction.atomic
def member_role_change(*, access: Access, membership: Membership, role: Role) -> Membership:
    """Give a member another role. Owners only; the last owner keeps theirs (Conflict)."""
    access.require(Role.OWNER)
    found = _locked(access, membership)
    if found.role == role:
        return found
    if found.role == Role.OWNER:
        _keep_an_owner(access, found)
    before, found.role = found.role, role
    found.save(update_fields=["role"])
    detail = {"member": found.user.email, "from": before, "to": role.value}
    audit_record(access=access, verb="member.role-changed", subject=f"user:{found.user_id}", detail=detail)
    return found


@transaction.atomic
def member_remove(*, access: Access, membership: Membership) -> None:
    """Take a member out, with their API tokens. Owners remove anybody, everybody may leave; the last owner stays."""
    found = _locked(access, membership)
    leaves = access.user is not None and found.user_id == access.user.pk
    if not leaves:
        access.require(Role.OWNER)
    if found.role == Role.OWNER:
        _keep_an_owner(access, found)
    ApiToken.objects.of(access.workspace).filter(user=found.user).delete()
    verb = "member.left" if leaves else "member.removed"
    audit_record(access=access, verb=verb, subject=f"user:{found.user_id}", detail={"member": found.user.email})
    found.delete()


def _locked(access: Access, membership: Membership) -> Membership:
    """The membership as it is now, behind the workspace's row: two owners cannot step down at the same moment."""
    Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    return Membership.objects.of(access.workspace).select_related("user").get_or_404(pk=membership.pk)


def _keep_an_owner(access: Access, membership: Membership) -> None:
    others = Membership.objects.of(access.workspace).filter(role=Role.OWNER).exclude(pk=membership.pk)
    if not others.exists():
        raise Conflict(
            f"{membership.user} is the only owner of {access.workspace.name}.",
            detail="Make somebody else an owner first.",
        )
