"""Putting away a file that was brought and never became a process."""

from django.db import transaction
from django.db.models import ProtectedError

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict
from jobs.models import Blob
from jobs.services import blob_delete
from planner.models import LogUpload


def log_upload_discard(*, access: Access, upload: LogUpload) -> None:
    """Remove a file that is no process, and its bytes unless something else holds the same ones.

    Conflict while its import is under way, and once it has become a process: that is deleted as a process.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = LogUpload.objects.of(access.workspace).select_for_update().get_or_404(pk=upload.pk)
        _refuse(found)
        blob, name = found.blob, found.filename
        found.delete()
        audit_record(access=access, verb="file.discarded", subject=f"upload:{upload.pk}", detail={"file": name})
        blob_let_go(blob)


def _refuse(upload: LogUpload) -> None:
    if upload.is_moving:
        raise Conflict(f"{upload.filename} is just being imported.", detail="Cancel the import first.")
    if upload.process_id is not None:
        what = "log of a process" if upload.updates_id else "process"
        raise Conflict(f"{upload.filename} has become a {what}.", detail="Delete that instead.")


def blob_let_go(blob: Blob) -> None:
    """Delete a file that nobody needs. Equal files are kept once: who else holds this one keeps it."""
    try:
        with transaction.atomic():
            blob_delete(blob)
    except ProtectedError:
        return
