"""Comments on a canvas over the API: said by any member, on a version, resolved by editors."""

import pytest

from canvas.models import Canvas
from canvas.services import canvas_draft
from planner.models import Process, Task
from tests.api.conftest import Calling
from tests.conftest import Cast


@pytest.fixture
def canvas(cast: Cast) -> Canvas:
    process = Process.objects.create(workspace=cast.workspace, name="Claims", cases_a_year=42_000)
    task = Task.objects.create(workspace=cast.workspace, process=process, name="Triage")
    return canvas_draft(access=cast.access(cast.editor), task=task)


def test_a_comment_is_made_changed_resolved_and_deleted(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client, all_ = calling(cast.editor), f"/api/v1/canvases/{canvas.pk}/comments/"
    made = client.post(all_, {"block": "decisions", "text": "Why, @Olga?"})
    assert (made.status_code, made.json()["author"], made.json()["mentions"]) == (201, "Edith", ["Olga"])
    one = f"/api/v1/comments/{made.json()['id']}/"
    assert client.get(one)["ETag"] == made["ETag"]
    assert client.patch(one, {"text": "How?"}).status_code == 428
    changed = client.patch(one, {"text": "How, @Olga?"}, HTTP_IF_MATCH=made["ETag"])
    assert (changed.json()["text"], changed["ETag"] != made["ETag"]) == ("How, @Olga?", True)
    assert client.patch(one, {"text": "Late"}, HTTP_IF_MATCH=made["ETag"]).status_code == 412
    assert calling(cast.owner).patch(one, {"text": "Mine"}, HTTP_IF_MATCH="*").status_code == 403
    asked = calling(cast.owner).get("/api/v1/mentions/").json()
    assert [(each["task_name"], each["comment"]["text"]) for each in asked["results"]] == [("Triage", "How, @Olga?")]
    done = client.post(f"{one}resolve/", {"resolved": True}, HTTP_IF_MATCH=changed["ETag"])
    assert (done.json()["resolved_by"], client.get(all_, {"open": "true"}).json()["count"]) == ("Edith", 0)
    assert client.get(all_, {"open": "false", "block": "decisions"}).json()["count"] == 1
    assert client.get(all_, {"block": "nowhere"}).status_code == 400
    assert calling(cast.owner).get("/api/v1/mentions/").json()["count"] == 0
    assert client.delete(one, HTTP_IF_MATCH=done["ETag"]).status_code == 204
    assert client.get(one).status_code == 404


def test_a_viewer_comments_with_a_session_and_resolves_nothing(cast: Cast, canvas: Canvas) -> None:
    viewer, here = cast.browser(cast.viewer), "?workspace=acme"
    body = {"block": "decisions", "text": "Why?"}
    made = viewer.post(f"/api/v1/canvases/{canvas.pk}/comments/{here}", body, content_type="application/json")
    assert made.status_code == 201
    resolve = f"/api/v1/comments/{made.json()['id']}/resolve/{here}"
    headers = {"If-Match": "*"}
    answer = viewer.post(resolve, {"resolved": True}, content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_a_stranger_finds_no_comment(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    made = calling(cast.editor).post(f"/api/v1/canvases/{canvas.pk}/comments/", {"block": "decisions", "text": "A"})
    stranger = calling(cast.stranger, workspace=cast.elsewhere)
    assert stranger.get(f"/api/v1/canvases/{canvas.pk}/comments/").status_code == 404
    assert stranger.get(f"/api/v1/comments/{made.json()['id']}/").status_code == 404
