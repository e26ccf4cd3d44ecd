"""Talking about a block: who may say, change and resolve what, who is asked, and that text stays text."""

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, Membership, Role
from canvas.models import Canvas, CanvasComment
from canvas.selectors import canvas_talk, mentions_waiting
from canvas.services import canvas_review, comment_change, comment_create, comment_delete, comment_resolve
from canvas.services.commenting import MOST_COMMENTS
from common.errors import Conflict, InvalidInput, NotAllowed, StaleEdit
from tests.conftest import Cast


def said(cast: Cast, canvas: Canvas, text: str, by: str = "viewer", block: str = "decisions") -> CanvasComment:
    access = cast.access(getattr(cast, by))
    return comment_create(access=access, canvas=canvas, block=block, text=text, link="http://x/sheet")


def waiting(cast: Cast, by: str) -> list[str]:
    return [each.comment.text for each in mentions_waiting(cast.workspace, getattr(cast, by))]


def test_every_member_speaks_and_only_the_author_changes_or_deletes(cast: Cast, canvas: Canvas) -> None:
    comment = said(cast, canvas, " Why 0.24?\u202e ")
    assert (comment.text, comment.canvas_version) == ("Why 0.24?", canvas.version)
    with pytest.raises(NotAllowed):
        comment_change(access=cast.access(cast.owner), comment=comment, text="No")
    with pytest.raises(NotAllowed):
        comment_delete(access=cast.access(cast.owner), comment=comment)
    changed = comment_change(access=cast.access(cast.viewer), comment=comment, text="Why 0.3?", version=1)
    assert (changed.version, changed.edited_at is not None) == (2, True)
    with pytest.raises(StaleEdit):
        comment_delete(access=cast.access(cast.viewer), comment=comment, version=1)
    comment_delete(access=cast.access(cast.viewer), comment=comment, version=2)
    assert not canvas.comments.exists()
    trail = AuditEntry.objects.filter(subject=f"comment:{comment.pk}").order_by("pk")
    assert [each.verb for each in trail] == ["comment.made", "comment.changed", "comment.deleted"]
    assert "0.24" not in str([each.detail for each in trail])


def test_editors_resolve_and_open_again(cast: Cast, canvas: Canvas) -> None:
    comment = said(cast, canvas, "Why?")
    with pytest.raises(NotAllowed):
        comment_resolve(access=cast.access(cast.viewer), comment=comment, resolved=True)
    done = comment_resolve(access=cast.access(cast.editor), comment=comment, resolved=True)
    assert (done.resolved_by, canvas_talk(canvas).open) == (cast.editor, 0)
    again = comment_resolve(access=cast.access(cast.editor), comment=comment, resolved=True, version=1)
    assert again.version == done.version
    opened = comment_resolve(access=cast.access(cast.owner), comment=comment, resolved=False)
    assert (opened.resolved_at, canvas_talk(canvas).open) == (None, 1)


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
def test_what_cannot_be_a_comment_is_refused(cast: Cast, canvas: Canvas, text: str) -> None:
    with pytest.raises(InvalidInput):
        said(cast, canvas, text)
    with pytest.raises(InvalidInput):
        said(cast, canvas, "Hm", block="nowhere")


def test_a_canvas_holds_only_so_many(cast: Cast, canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_COMMENTS > 100
    monkeypatch.setattr("canvas.services.commenting.MOST_COMMENTS", 1)
    said(cast, canvas, "One")
    with pytest.raises(Conflict):
        said(cast, canvas, "Two")


def test_who_is_mentioned_is_asked_until_they_answer_there(cast: Cast, canvas: Canvas) -> None:
    said(cast, canvas, "@Edith, @olga@example.org and @Stan: why? @Vera")
    assert waiting(cast, "editor") == waiting(cast, "owner") != []
    assert (waiting(cast, "stranger"), waiting(cast, "viewer")) == ([], [])
    said(cast, canvas, "Elsewhere", by="editor", block="features")
    assert len(waiting(cast, "editor")) == 1
    said(cast, canvas, "Because", by="editor")
    assert (len(waiting(cast, "editor")), len(waiting(cast, "owner"))) == (0, 1)
    comment_resolve(access=cast.access(cast.editor), comment=canvas.comments.earliest("pk"), resolved=True)
    assert waiting(cast, "owner") == []


def test_a_mention_follows_the_text(cast: Cast, canvas: Canvas) -> None:
    comment = said(cast, canvas, "@Edith?")
    comment_change(access=cast.access(cast.viewer), comment=comment, text="@Olga?")
    assert (waiting(cast, "editor"), waiting(cast, "owner")) == ([], ["@Olga?"])


def test_a_mail_tells_where_mails_are_sent(
    cast: Cast, canvas: Canvas, settings: Settings, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        said(cast, canvas, "@Edith, why?")
    assert [(each.to, "http://x/sheet" in each.body) for each in mail.outbox] == [(["edith@example.org"], True)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = "/nowhere"
    with django_capture_on_commit_callbacks(execute=True):
        said(cast, canvas, "@Edith, really?")
    assert len(mail.outbox) == 1


def test_hostile_text_stays_text_and_addresses_become_links(cast: Cast, canvas: Canvas) -> None:
    said(cast, canvas, "<script>alert(1)</script>\n@<b>\nhttps://example.org/a?b=1&c=<i> javascript:alert(1)")
    cast.viewer.name = "<i>Vera</i>"
    cast.viewer.save()
    page = cast.browser(cast.owner).get(f"/w/acme/tasks/{canvas.task_id}/canvas/comments/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>" in page
    assert 'href="https://example.org/a?b=1&amp;c=' in page
    assert "<i>" not in page
    assert 'href="javascript' not in page


def test_the_sheet_counts_and_follows(cast: Cast, canvas: Canvas) -> None:
    sheet, editor = f"/w/acme/tasks/{canvas.task_id}/canvas/", cast.browser(cast.editor)
    comment = said(cast, canvas, "@Edith, why?")
    page = editor.get(f"{sheet}?talk=decisions")
    html = page.content.decode()
    assert 'id="talk-b-dec" open' in html
    assert "1 open comment" in html
    assert '1<span class="vh"> comment mentions you' in html
    live = f"{sheet}comments/live/?seen={page.context['talk'].stamp}"
    assert editor.get(live).status_code == 204
    comment_change(access=cast.access(cast.viewer), comment=comment, text="Why then?")
    assert "Comments changed: Decisions." in editor.get(live).content.decode()
    answered = editor.post(f"{sheet}comments/", {"block": "decisions", "text": "So"}, headers={"HX-Request": "true"})
    assert "2 open comments" in answered.content.decode()
    assert "mentions you" not in editor.get(sheet).content.decode()
    settled = editor.post(f"/w/acme/comments/{comment.pk}/resolve/", headers={"HX-Request": "true"})
    assert "1 resolved" in settled.content.decode()


def test_without_scripts_the_same_is_done_by_pages(cast: Cast, canvas: Canvas) -> None:
    sheet, viewer = f"/w/acme/tasks/{canvas.task_id}/canvas/", cast.browser(cast.viewer)
    empty = viewer.post(f"{sheet}comments/", {"block": "decisions", "text": " "})
    assert (empty.status_code, "Write something first." in empty.content.decode()) == (422, True)
    assert viewer.post(f"{sheet}comments/", {"block": "x", "text": "a"}).status_code == 404
    viewer.post(f"{sheet}comments/", {"block": "decisions", "text": "Why?"})
    one = f"/w/acme/comments/{canvas.comments.get().pk}/"
    assert viewer.post(one, {"text": "Why not?", "version": 1}).status_code == 302
    late = viewer.post(one, {"text": "Late", "version": 1})
    assert (late.status_code, canvas.comments.get().text) == (422, "Why not?")
    assert "Delete this comment" not in cast.browser(cast.owner).get(one).content.decode()
    assert viewer.post(f"{one}delete/").status_code == 302
    assert not canvas.comments.exists()


def test_an_approved_version_keeps_what_was_said_by_then(cast: Cast, canvas: Canvas) -> None:
    said(cast, canvas, "Before")
    agreed = canvas_review(access=cast.access(cast.owner), canvas=canvas, state="approved", version=None)
    CanvasComment.objects.filter(pk=said(cast, canvas, "After").pk).update(canvas_version=agreed.version + 1)
    pages = f"/w/acme/tasks/{canvas.task_id}/canvas/"
    history = cast.browser(cast.viewer).get(f"{pages}history/").content.decode()
    assert f"comments/?upto={agreed.version}" in history
    by_then = cast.browser(cast.viewer).get(f"{pages}comments/?upto={agreed.version}").content.decode()
    assert ("Before" in by_then, "After" in by_then) == (True, False)
    assert cast.browser(cast.viewer).get(f"{pages}comments/?upto=x").status_code == 422


def test_names_of_members_are_shown_to_members_alone(cast: Cast, canvas: Canvas) -> None:
    Membership.objects.create(workspace=cast.elsewhere, user=cast.viewer, role=Role.EDITOR)
    html = cast.browser(cast.viewer).get(f"/w/acme/tasks/{canvas.task_id}/canvas/").content.decode()
    names = html.split('id="members"')[1].split("</ul>")[0]
    assert ("Edith" in names, "Stan" in names) == (True, False)
