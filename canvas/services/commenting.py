"""Talking about a block of a canvas: every member says something, its author changes it, an editor resolves it."""

import logging
from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role, User
from accounts.selectors import members_of
from accounts.services import audit_record, mail_folder
from canvas.domain.blocks import BLOCKS
from canvas.domain.mentions import LONGEST_COMMENT, mentioned
from canvas.domain.values import cleaned
from canvas.models import Canvas, CanvasComment, CanvasMention
from canvas.selectors import member_handles
from canvas.services.changing import author_of
from common.errors import Conflict, FieldProblem, InvalidInput, NotAllowed, StaleEdit

log = logging.getLogger(__name__)
MOST_COMMENTS = 500
"""Comments of one canvas."""


def comment_create(*, access: Access, canvas: Canvas, block: str, text: str, link: str = "") -> CanvasComment:
    """Say something about a block, as any member may. Whoever it mentions finds it, by mail too where mail is sent.

    `link` is the address of the sheet for that mail.
    """
    access.require(Role.VIEWER)
    if block not in BLOCKS:
        raise _unusable("block", "The canvas has no such block.")
    said = _text(text)
    with transaction.atomic():
        now = Canvas.objects.of(access.workspace).select_for_update().get_or_404(pk=canvas.pk)
        if now.comments.count() >= MOST_COMMENTS:
            raise Conflict(f"This canvas has {MOST_COMMENTS} comments, and can hold no more.")
        given = {"block": block, "text": said, "author": access.user, "canvas_version": now.version}
        comment = CanvasComment.objects.create(workspace=now.workspace, canvas=now, **given)
        _answered(access, comment)
        fresh = _mentions(access, comment)
        _record(access, comment, "made")
        transaction.on_commit(partial(_mail, access, comment, fresh, link))
    return comment


def comment_change(
    *, access: Access, comment: CanvasComment, text: str, version: int | None = None, link: str = ""
) -> CanvasComment:
    """Write one's own comment anew, on the version that was read; nobody else may."""
    said = _text(text)
    with transaction.atomic():
        now = _own(access, comment)
        _refuse_stale(now, version)
        if now.text == said:
            return now
        now.text, now.edited_at = said, timezone.now()
        _save(now, "text", "edited_at")
        fresh = _mentions(access, now)
        _record(access, now, "changed")
        transaction.on_commit(partial(_mail, access, now, fresh, link))
    return now


def comment_delete(*, access: Access, comment: CanvasComment, version: int | None = None) -> None:
    """Take one's own comment away, on the version that was read; nobody else may."""
    with transaction.atomic():
        now = _own(access, comment)
        _refuse_stale(now, version)
        _record(access, now, "deleted")
        now.delete()


def comment_resolve(
    *, access: Access, comment: CanvasComment, resolved: bool, version: int | None = None
) -> CanvasComment:
    """Say that a comment is dealt with, or open it again. Done already: nothing changes."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        now = _locked(access, comment)
        if (now.resolved_at is not None) == resolved:
            return now
        _refuse_stale(now, version)
        now.resolved_at, now.resolved_by = (timezone.now(), access.user) if resolved else (None, None)
        _save(now, "resolved_at", "resolved_by")
        _record(access, now, "resolved" if resolved else "reopened")
    return now


def _locked(access: Access, comment: CanvasComment) -> CanvasComment:
    found = CanvasComment.objects.of(access.workspace).select_for_update(of=("self",)).select_related("canvas__task")
    return found.get_or_404(pk=comment.pk)


def _own(access: Access, comment: CanvasComment) -> CanvasComment:
    now = _locked(access, comment)
    comment_require_author(access=access, comment=now)
    return now


def comment_require_author(*, access: Access, comment: CanvasComment) -> None:
    """NotAllowed, in words, to everybody but who wrote it."""
    if access.user is None or comment.author_id != access.user.pk:
        raise NotAllowed(
            "This comment is somebody else's.", detail="Only who wrote it changes or deletes it; editors resolve it."
        )


def _refuse_stale(comment: CanvasComment, version: int | None) -> None:
    if version is not None and version != comment.version:
        raise StaleEdit("The comment was changed since it was read.", detail="Look at it again, then decide.")


def _save(comment: CanvasComment, *fields: str) -> None:
    comment.version += 1
    comment.changed_at = timezone.now()
    comment.save(update_fields=[*fields, "version", "changed_at"])


def _text(text: str) -> str:
    said = cleaned(text)
    if not said:
        raise _unusable("text", "Write something first.")
    if len(said) > LONGEST_COMMENT:
        raise _unusable("text", f"A comment has at most {LONGEST_COMMENT} letters; this has {len(said)}.")
    return said


def _unusable(path: str, message: str) -> InvalidInput:
    return InvalidInput("The comment was not kept.", detail=message, errors=[FieldProblem(path, message)])


def _answered(access: Access, comment: CanvasComment) -> None:
    """Who speaks about a block has answered what they were asked there."""
    if access.user is not None:
        asked = CanvasMention.objects.of(access.workspace).filter(user=access.user, answered_at=None)
        asked.filter(comment__canvas=comment.canvas, comment__block=comment.block).update(answered_at=comment.at)


def _mentions(access: Access, comment: CanvasComment) -> list[User]:
    """Keep whom a comment mentions now; those who are new in it. Nobody waits for themselves."""
    members = members_of(access.workspace)
    named = {pk for pk in mentioned(comment.text, member_handles(members)) if pk != comment.author_id}
    before = CanvasMention.objects.of(access.workspace).filter(comment=comment)
    before.exclude(user__in=named).delete()
    fresh = named - set(before.values_list("user_id", flat=True))
    found = [one.user for one in members if one.user.pk in fresh]
    rows = [CanvasMention(workspace=access.workspace, comment=comment, user=user) for user in found]
    CanvasMention.objects.bulk_create(rows)
    return found


def _record(access: Access, comment: CanvasComment, verb: str) -> None:
    """Into the trail: that somebody spoke where, not what they said."""
    detail = {"task": comment.canvas.task.name, "block": comment.get_block_display()}
    audit_record(access=access, verb=f"comment.{verb}", subject=f"comment:{comment.pk}", detail=detail)


def _mail(access: Access, comment: CanvasComment, people: list[User], link: str) -> None:
    """A mail to each, where mails are really sent. One that cannot be sent costs nobody the comment."""
    if not people or not link or mail_folder():
        return
    who, where = author_of(access), f"{comment.get_block_display()} of {comment.canvas.task.name}"
    begins = f"{who} writes about {where} in {access.workspace.name}:"
    for person in people:
        try:
            send_mail(
                subject=" ".join(f"{who} mentions you: {where}".split()),
                message=f"{begins}\n\n{comment.text}\n\nAnswer there:\n{link}\n",
                from_email=None,
                recipient_list=[person.email],
            )
        except OSError as problem:
            log.warning("a mail about comment %s was not sent: %s", comment.pk, problem)
