"""Agreeing on a canvas: review, approval by name, differences between versions, and going back to one."""

import pytest

from accounts.models import AuditEntry
from canvas.models import Canvas
from canvas.selectors import canvas_differences, canvas_to_build, version_to_build
from canvas.services import canvas_restore, canvas_review, canvas_update
from common.errors import InvalidInput, NotAllowed, StaleEdit
from tests.conftest import Cast


def typed(cast: Cast, canvas: Canvas, **fields: object) -> Canvas:
    values = {f"decisions.{name}": value for name, value in fields.items()}
    return canvas_update(access=cast.access(cast.editor), canvas=canvas, values=values, version=None)


def approved(cast: Cast, canvas: Canvas) -> Canvas:
    return canvas_review(access=cast.access(cast.owner), canvas=canvas, state="approved", version=canvas.version)


def test_an_approval_keeps_who_gave_it_for_which_version_and_a_change_makes_a_draft(cast: Cast, canvas: Canvas) -> None:
    agreed = approved(cast, canvas)
    changed = typed(cast, canvas, action="held")
    assert (agreed.review, changed.review) == ("approved", "draft")
    assert [(each.version, str(each.by)) for each in canvas.approvals.all()] == [(agreed.version, "Olga")]


def test_what_is_built_is_the_version_approved_last(cast: Cast, canvas: Canvas) -> None:
    before = typed(cast, canvas, action="held")
    assert canvas_to_build(canvas_of(before)).text("decisions", "action") == "held"
    agreed = approved(cast, before)
    later = typed(cast, agreed, action="paid")
    built = canvas_to_build(canvas_of(later))
    assert (built.text("decisions", "action"), built.header.version) == ("held", agreed.version)
    assert version_to_build(later) == agreed.version


def canvas_of(canvas: Canvas) -> Canvas:
    return Canvas.objects.select_related("workspace", "task__process").get(pk=canvas.pk)


def test_only_what_was_read_is_approved_and_taking_it_back_ends_it(cast: Cast, canvas: Canvas) -> None:
    typed(cast, canvas, action="held")
    with pytest.raises(StaleEdit):
        canvas_review(access=cast.access(cast.owner), canvas=canvas, state="approved", version=1)
    canvas_review(access=cast.access(cast.owner), canvas=canvas, state="approved", version=None)
    canvas_review(access=cast.access(cast.editor), canvas=canvas, state="draft", version=None)
    assert not canvas.approvals.exists()
    assert AuditEntry.objects.filter(verb="canvas.reviewed").count() == 2
    with pytest.raises(NotAllowed):
        canvas_review(access=cast.access(cast.viewer), canvas=canvas, state="approved", version=None)
    with pytest.raises(InvalidInput):
        canvas_review(access=cast.access(cast.owner), canvas=canvas, state="great", version=None)


def test_a_version_comes_back_as_a_new_one(cast: Cast, canvas: Canvas) -> None:
    first = typed(cast, canvas, action="held", threshold=0.3)
    second = typed(cast, first, action="paid", threshold=None, human_in_loop="all")
    back = canvas_restore(access=cast.access(cast.owner), canvas=canvas, to=first.version, version=second.version)
    assert back.version == second.version + 1
    assert canvas_differences(back, first.version, back.version) == []
    assert [each.label for each in canvas_differences(back, first.version, second.version)] == [
        "Decisions, Threshold",
        "Decisions, Person in the loop",
        "Decisions, Action",
    ]
    with pytest.raises(InvalidInput):
        canvas_restore(access=cast.access(cast.owner), canvas=canvas, to=99, version=None)


def test_the_pages_ask_approve_compare_and_restore(cast: Cast, canvas: Canvas) -> None:
    client, sheet = cast.browser(cast.owner), f"/w/acme/tasks/{canvas.task_id}/canvas/"
    assert "Ask for review" in client.get(sheet).content.decode()
    version = typed(cast, canvas, action="held").version
    for state in ("in_review", "approved"):
        page = client.post(f"{sheet}review/", {"state": state, "version": version}, follow=True).content.decode()
    assert f'Version {version} <span class="small">approved by Olga' in " ".join(page.split())
    assert client.post(f"{sheet}review/", {"state": "approved", "version": "x"}).status_code == 400
    typed(cast, canvas, action="paid")
    compared = client.get(f"{sheet}history/?before={version}&after={version + 1}").content.decode()
    assert "1 field differs between versions" in " ".join(compared.split())
    assert client.get(f"{sheet}history/?before=1&after=99").status_code == 422
    client.post(f"{sheet}history/restore/", {"to": version, "version": version + 1})
    canvas.refresh_from_db()
    assert canvas.fields["decisions"]["action"]["value"] == "held"
    assert cast.browser(cast.viewer).post(f"{sheet}review/", {"state": "draft", "version": 1}).status_code == 403
