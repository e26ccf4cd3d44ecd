"""What a workspace decides about all its models."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import StaleEdit
from pipelines.models import LifecyclePolicy


def policy_of(access: Access) -> LifecyclePolicy:
    """What the workspace decided; the defaults, unsaved, where it decided nothing."""
    found = LifecyclePolicy.objects.of(access.workspace).first()
    return found or LifecyclePolicy(workspace=access.workspace)


def policy_change(*, access: Access, approval_needed: bool, keep_inputs: bool, version: int | None) -> LifecyclePolicy:
    """Change the rules; `version` is the one that was read, None: whatever it is. Owners only. StaleEdit when stale."""
    access.require(Role.OWNER)
    version = policy_of(access).version if version is None else version
    wanted = {"approval_needed": approval_needed, "keep_inputs": keep_inputs}
    values = {**wanted, "changed_by": access.user, "changed_at": timezone.now()}
    with transaction.atomic():
        known = LifecyclePolicy.objects.of(access.workspace)
        if not known.filter(version=version).update(**values, version=F("version") + 1):
            _make(access, values, version)
        audit_record(access=access, verb="models.rules-changed", subject="models", detail=wanted)
    return LifecyclePolicy.objects.of(access.workspace).get()


def _make(access: Access, values: Mapping[str, object], version: int) -> None:
    """The first decision of a workspace; Refuses one made after another was."""
    try:
        with transaction.atomic():
            if version != 1:
                raise IntegrityError
            LifecyclePolicy.objects.create(workspace=access.workspace, version=2, **values)
    except IntegrityError:
        now = LifecyclePolicy.objects.of(access.workspace).first()
        raise StaleEdit(
            "Somebody changed these rules since.",
            detail=f"Now: {_said(now)}. Look at them and save again." if now else "Read them again.",
            changed=["approval_needed", "keep_inputs"],
        ) from None


def _said(policy: LifecyclePolicy) -> str:
    approval = "approval is needed" if policy.approval_needed else "no approval is needed"
    return f"{approval}, {'values are kept' if policy.keep_inputs else 'only digests are kept'}"
