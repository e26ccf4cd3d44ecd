"""Canvases in the API: what the browser can do, with ETags, roles and the one error shape."""

import pytest

from canvas.models import Canvas
from canvas.services.drafting_job import AT_ONCE
from jobs.models import Run
from planner.models import Process, Task
from tests.api.conftest import Calling
from tests.conftest import Cast

CANVASES = "/api/v1/canvases/"


@pytest.fixture
def task(cast: Cast) -> Task:
    process = Process.objects.create(workspace=cast.workspace, name="Claims", cases_a_year=42_000)
    known = {"volume_a_year": 31_000.0, "volume_source": "log", "handling_minutes": 11.0, "handling_source": "log"}
    return Task.objects.create(workspace=cast.workspace, process=process, name="Triage", **known)


@pytest.fixture
def canvas(cast: Cast, calling: Calling, task: Task) -> Canvas:
    assert calling(cast.editor).post(CANVASES, {"task": task.pk}).status_code == 201
    return Canvas.objects.get()


def one(canvas: Canvas) -> str:
    return f"{CANVASES}{canvas.pk}/"


def test_a_canvas_is_read_with_typed_values_words_and_sources(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    read = calling(cast.viewer).get(one(canvas)).json()
    latency = read["blocks"]["making_predictions"]["fields"]["latency_budget_ms"]
    assert latency == {
        "label": "Time allowed", "kind": "number", "value": 500, "text": "500 ms", "source": "suggested",
        "state": "full",
    }  # fmt: skip
    assert read["attribution"]["author"] == "https://www.ownml.co"


def test_a_change_on_the_version_read_is_taken(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.editor)
    tag = client.get(one(canvas))["ETag"]
    body = {"blocks": {"decisions": {"threshold": 0.24, "action": "held"}}, "iteration": 2}
    changed = client.patch(one(canvas), body, HTTP_IF_MATCH=tag)
    assert changed.status_code == 200
    assert changed.json()["blocks"]["decisions"]["fields"]["threshold"]["value"] == 0.24
    assert changed["ETag"] != tag


def test_a_change_on_an_old_version_says_what_changed(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.editor)
    tag = client.get(one(canvas))["ETag"]
    calling(cast.owner).patch(one(canvas), {"blocks": {"decisions": {"action": "paid"}}}, HTTP_IF_MATCH="*")
    late = client.patch(one(canvas), {"blocks": {"decisions": {"action": "held"}}}, HTTP_IF_MATCH=tag)
    assert (late.status_code, late.json()["changed"]) == (412, ["Decisions, Action: “paid”"])


def test_a_change_without_if_match_is_asked_for_it(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    answer = calling(cast.editor).patch(one(canvas), {"iteration": 2})
    assert (answer.status_code, answer.json()["type"]) == (428, "urn:taskworth:problem:precondition-required")


def test_the_tag_of_another_thing_does_not_do(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    answer = calling(cast.editor).patch(one(canvas), {"iteration": 2}, HTTP_IF_MATCH='"process-1-1"')
    assert answer.status_code == 412


def test_a_client_that_has_the_version_gets_no_body(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.viewer)
    again = client.get(one(canvas), HTTP_IF_NONE_MATCH=client.get(one(canvas))["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_wrong_values_are_named_by_path(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    body = {"blocks": {"decisions": {"threshold": 7}, "nonsense": {"x": "y"}}}
    answer = calling(cast.editor).patch(one(canvas), body, HTTP_IF_MATCH="*")
    assert {each["path"] for each in answer.json()["errors"]} == {"decisions.threshold", "nonsense.x"}
    bare = calling(cast.editor).patch(one(canvas), {"blocks": {"nonsense": {}}}, HTTP_IF_MATCH="*")
    assert (bare.status_code, bare.json()["errors"][0]["path"]) == (400, "blocks.nonsense")
    unknown = calling(cast.editor).patch(one(canvas), {"colour": "red"}, HTTP_IF_MATCH="*")
    assert [each["path"] for each in unknown.json()["errors"]] == ["colour"]
    assert "There is no field “colour”." in unknown.json()["errors"][0]["message"]


def test_lists_come_in_pages_and_are_filtered(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.viewer)
    assert client.get(CANVASES, {"process": canvas.task.process_id}).json()["count"] == 1
    assert client.get(CANVASES, {"task": canvas.task_id + 1}).json()["count"] == 0
    assert client.get(CANVASES, {"process": "x"}).status_code == 400
    assert client.get(CANVASES, {"page": "9"}).status_code == 404


def test_the_first_of_a_ranking_are_drafted_at_once(cast: Cast, calling: Calling, task: Task) -> None:
    answer = calling(cast.editor).post(CANVASES, {"process": task.process_id, "first": 3})
    assert [each["task"] for each in answer.json()["canvases"]] == [task.pk]


def test_many_are_drafted_by_a_job(cast: Cast, calling: Calling, task: Task) -> None:
    for number in range(AT_ONCE):
        Task.objects.create(
            workspace=cast.workspace,
            process=task.process,
            name=f"Task {number}",
            volume_a_year=1000.0,
            volume_source="log",
            handling_minutes=5.0,
            handling_source="log",
        )
    answer = calling(cast.editor).post(CANVASES, {"process": task.process_id, "first": AT_ONCE + 1})
    run = Run.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"job": run.pk})
    assert answer["Location"].endswith(f"/jobs/{run.pk}/")
    assert calling(cast.viewer).post(CANVASES, {"process": task.process_id, "first": 6}).status_code == 403


@pytest.mark.parametrize("body", [{}, {"task": 1, "process": 1, "first": 1}, {"process": 1}], ids=str)
def test_drafting_says_which(cast: Cast, calling: Calling, body: dict[str, int]) -> None:
    assert calling(cast.editor).post(CANVASES, body).status_code == 400


def test_a_canvas_is_exported(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.viewer)
    assert client.get(f"{one(canvas)}export/?format=md").content.decode().startswith("# Canvas of Triage")
    assert client.get(f"{one(canvas)}export/?format=json").json()["task"] == "Triage"
    assert client.get(f"{one(canvas)}export/?format=doc").status_code == 404


def test_a_stranger_finds_nothing_and_names_nothing_foreign(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    stranger = calling(cast.stranger, workspace=cast.elsewhere)
    assert stranger.get(CANVASES).json()["count"] == 0
    assert stranger.get(one(canvas)).status_code == 404
    assert stranger.patch(one(canvas), {"iteration": 2}, HTTP_IF_MATCH="*").status_code == 404
    assert stranger.get(f"{one(canvas)}export/").status_code == 404
    assert stranger.post(CANVASES, {"task": canvas.task_id}).status_code == 404


def test_a_viewer_and_a_reading_token_may_not_write(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    for client in (calling(cast.viewer), calling(cast.editor, write=False)):
        answer = client.patch(one(canvas), {"iteration": 2}, HTTP_IF_MATCH="*")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:taskworth:problem:not-allowed")


def test_a_browser_uses_its_session_and_names_the_workspace(cast: Cast, canvas: Canvas) -> None:
    browser = cast.browser(cast.viewer)
    assert browser.get(f"{CANVASES}?workspace=acme").json()["count"] == 1
    assert browser.get(f"{CANVASES}?workspace=other").status_code == 404


def test_edits_of_different_fields_from_one_base_both_stand(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    tag = calling(cast.editor).get(one(canvas))["ETag"]
    for person, fields in ((cast.owner, {"action": "held"}), (cast.editor, {"threshold": 0.3})):
        assert (
            calling(person).patch(one(canvas), {"blocks": {"decisions": fields}}, HTTP_IF_MATCH=tag).status_code == 200
        )
    canvas.refresh_from_db()
    kept = canvas.fields["decisions"]
    assert (kept["action"]["value"], kept["threshold"]["value"]) == ("held", 0.3)


def test_a_canvas_is_printed_and_brought_back(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.editor)
    assert client.get(f"{one(canvas)}export/?format=pdf&paper=a3").content.startswith(b"%PDF")
    assert client.get(f"{one(canvas)}export/?format=png").content.startswith(b"\x89PNG")
    assert client.get(f"{one(canvas)}export/?format=pdf&paper=a5").status_code == 404
    schema = client.get(f"{CANVASES}schema/").json()
    assert schema["properties"]["format"] == {"const": "taskworth/canvas/1"}
    body = {"format": "md", "text": "## Decisions\n\n- **Threshold**: 0.4\n"}
    assert client.post(f"{one(canvas)}import/", body).status_code == 428
    brought = client.post(f"{one(canvas)}import/", body, HTTP_IF_MATCH="*")
    assert brought.json()["blocks"]["decisions"]["fields"]["threshold"]["value"] == 0.4
    wrong = client.post(f"{one(canvas)}import/", {"format": "md", "text": "## Foo"}, HTTP_IF_MATCH="*")
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (400, "line 1, column 4")
    assert calling(cast.viewer).post(f"{one(canvas)}import/", body, HTTP_IF_MATCH="*").status_code == 403


def test_a_canvas_is_approved_compared_and_restored(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    client = calling(cast.editor)
    first = client.patch(one(canvas), {"blocks": {"decisions": {"action": "held"}}}, HTTP_IF_MATCH="*")
    agreed = client.post(f"{one(canvas)}review/", {"state": "approved"}, HTTP_IF_MATCH=first["ETag"]).json()
    version = first.json()["version"]
    assert (agreed["review"]["state"], agreed["review"]["approved_version"]) == ("approved", version)
    assert agreed["review"]["approved_by"] == "Edith"
    late = client.patch(one(canvas), {"blocks": {"decisions": {"action": "paid"}}}, HTTP_IF_MATCH="*")
    assert late.json()["review"]["state"] == "draft"
    assert client.post(f"{one(canvas)}review/", {"state": "approved"}, HTTP_IF_MATCH=first["ETag"]).status_code == 412
    told = client.get(f"{one(canvas)}differences/", {"before": version, "after": version + 1}).json()
    assert told == [{"label": "Decisions, Action", "before": "held", "after": "paid"}]
    assert client.get(f"{one(canvas)}differences/", {"before": 1, "after": 99}).status_code == 400
    back = client.post(f"{one(canvas)}restore/", {"to": version}, HTTP_IF_MATCH=late["ETag"]).json()
    assert back["blocks"]["decisions"]["fields"]["action"]["value"] == "held"
