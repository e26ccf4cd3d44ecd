"""The audit trail: who did what to which thing. Written in the transaction of the thing itself, never changed."""

from collections.abc import Mapping

from accounts.access import Access
from accounts.models import AuditEntry


def audit_record(*, access: Access, verb: str, subject: str, detail: Mapping[str, object] | None = None) -> AuditEntry:
    """Note that `access` did `verb` ("process.renamed") to `subject` ("process:12").

    `detail` holds plain JSON and never a secret: no token, password, or content of a log.
    """
    return AuditEntry.objects.create(
        workspace=access.workspace, actor=access.user, verb=verb, subject=subject, detail=dict(detail or {})
    )
