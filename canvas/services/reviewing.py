"""Agreeing on a canvas: sent for review, approved by name, brought back to an earlier version."""

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from canvas.domain.blocks import SHEET
from canvas.domain.changes import path_of
from canvas.models import Canvas, CanvasApproval, Review
from canvas.selectors import fields_at
from canvas.services.changing import Entries, author_of, change, locked, refuse_stale
from common.errors import InvalidInput


def canvas_review(*, access: Access, canvas: Canvas, state: str, version: int | None) -> Canvas:
    """Send a canvas for review, approve it, or take it back to a draft, on exactly the version that was read.

    An approval keeps who gave it for which version, also once the canvas goes on; only taking it back ends it.
    """
    access.require(Role.EDITOR)
    if state not in Review.values:
        raise InvalidInput("The review was not changed.", detail=f"A review is one of {', '.join(Review.values)}.")
    with transaction.atomic():
        now = locked(canvas)
        refuse_stale(now, version)
        approved = state == Review.APPROVED and not now.approvals.filter(version=now.version).exists()
        if now.review == state and not approved:
            return now
        before, now.review = now.review, state
        now.save(update_fields=["review"])
        if before == Review.APPROVED and not approved:
            now.approvals.filter(version=now.version).delete()
        if approved:
            given = {"version": now.version, "by": access.user}
            CanvasApproval.objects.create(workspace=now.workspace, canvas=now, **given)
        detail = {"task": now.task.name, "version": now.version, "review": {"from": before, "to": state}}
        audit_record(access=access, verb="canvas.reviewed", subject=f"canvas:{now.pk}", detail=detail)
        return now


def canvas_restore(*, access: Access, canvas: Canvas, to: int, version: int | None) -> Canvas:
    """Fill the fields as they were at version `to`, as a new version; what was in between stays in the history."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        now = locked(canvas)
        refuse_stale(now, version)
        if not 1 <= to <= now.version:
            raise InvalidInput(
                "The canvas was not changed.", detail=f"It has no version {to}, only 1 to {now.version}."
            )
        then = fields_at(now, to)
        emptied = {"value": None, "source": author_of(access), "by": "person"}
        entries: Entries = {}
        for block in SHEET:
            for field in block.fields:
                here, there = now.fields.get(block.key, {}).get(field.key), then.get(block.key, {}).get(field.key)
                if (here or emptied)["value"] != (there or emptied)["value"]:
                    entries[path_of(block.key, field.key)] = {**emptied, **(there or {})}
        return change(access, now, entries, cause="restored")
