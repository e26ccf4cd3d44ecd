"""Deleting a log with all that was derived from it, after saying what that is."""

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.derived import derived_from
from common.errors import Conflict
from common.formatting import things
from jobs.models import Blob, Run, RunQuerySet
from planner.models import DecisionTarget, EventLog, GraphSnapshot
from planner.services.discarding import blob_let_go


def log_derived(log: EventLog) -> list[str]:
    """What goes with a log, in words: checked targets, and what other apps made of it."""
    targets = DecisionTarget.objects.of(log.workspace).filter(log=log).count()
    words = [f"{things(targets, 'checked target')}"] if targets else []
    return words + [each for found in derived_from(log) for each in found.words]


def log_delete(*, access: Access, log: EventLog) -> None:
    """Delete a log for good: its events, its file, the jobs that read it, and what was derived from it.

    Tasks, flows and their figures stay. Conflict while one of its jobs is under way, and for the log in use as long
    as the process could return to another.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = EventLog.objects.of(access.workspace).select_for_update().get_or_404(pk=log.pk)
        _refuse(found)
        upload, detail = found.upload, {"name": found.name, "derived": log_derived(found)}
        blobs = [*filter(None, [found.events, found.observed]), *([found.upload.blob] if found.upload else [])]
        for derived in derived_from(found):
            blobs += derived.remove()
        _jobs(found).delete()
        GraphSnapshot.objects.of(access.workspace).filter(process=found.process).delete()
        found.delete()
        if upload is not None:
            upload.delete()
        audit_record(access=access, verb="log.deleted", subject=f"process:{log.process_id}", detail=detail)
        for blob in Blob.objects.of(access.workspace).filter(pk__in={blob.pk for blob in blobs}):
            blob_let_go(blob)


def _jobs(log: EventLog) -> RunQuerySet:
    """The import of a log and every check of it: their results hold names out of it."""
    checks = Run.objects.of(log.workspace).filter(kind="planner.screen", stages__params__log=log.pk)
    imported = [log.upload.run_id] if log.upload is not None and log.upload.run_id is not None else []
    return Run.objects.of(log.workspace).filter(pk__in=[*checks.values_list("pk", flat=True), *imported])


def _refuse(log: EventLog) -> None:
    moving = _jobs(log).under_way().first()
    if moving is not None:
        raise Conflict(f"{log.name} is being read by a job: {moving.title}.", detail="Wait for it, or cancel it first.")
    applied = list(EventLog.objects.of(log.workspace).in_use().filter(process=log.process))
    if len(applied) > 1 and applied[0].pk == log.pk:
        raise Conflict(
            f"The figures of {log.process.name} rest on {log.name}.", detail="Return to another log, then delete it."
        )
