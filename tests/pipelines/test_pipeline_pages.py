"""Pages and API of pipelines, with owner, editor, viewer and stranger."""

import pytest

from canvas.models import Canvas
from jobs.models import Run
from pipelines.models import PipelineRun
from pipelines.services import pipeline_run_start
from planner.models import Task
from tests.pipelines.made_generations import pipeline_made


@pytest.fixture
def pipeline(cast):
    return pipeline_made(cast.workspace)


def address(pipeline, rest):
    return f"/w/acme/{rest.format(pk=pipeline.pk, process=pipeline.task.process_id, task=pipeline.task_id)}"


PAGES = ["pipelines/", "processes/{process}/pipelines/", "pipelines/{pk}/", "pipelines/{pk}/life/"]
POSTS = ["pipelines/{pk}/run/", "pipelines/{pk}/retire/", "tasks/{task}/pipeline/generate/"]


@pytest.mark.parametrize("rest", PAGES)
def test_a_viewer_reads_every_page_and_a_stranger_none(cast, pipeline, rest):
    assert cast.browser(cast.viewer).get(address(pipeline, rest)).status_code == 200
    assert cast.browser(cast.stranger).get(address(pipeline, rest)).status_code == 404


@pytest.mark.parametrize("rest", POSTS)
def test_a_viewer_changes_nothing(cast, pipeline, rest):
    answer = cast.browser(cast.viewer).post(address(pipeline, rest), {"reason": "x"})
    assert answer.status_code == 403
    assert not Run.objects.exists()


def test_the_page_shows_files_as_text(cast, pipeline):
    page = cast.browser(cast.viewer).get(address(pipeline, "pipelines/{pk}/?file=docs/canvas.md")).content.decode()
    assert "Louis Dorard" in page
    assert "<b>" not in page.split('id="files"')[1]


def test_a_file_that_is_not_in_the_project_is_not_there(cast, pipeline):
    answer = cast.browser(cast.viewer).get(address(pipeline, "pipelines/{pk}/?file=../../secret_key"))
    assert answer.status_code == 404


def test_the_download_is_an_attachment_that_no_browser_guesses(cast, pipeline):
    generation = pipeline.generations.get()
    answer = cast.browser(cast.viewer).get(f"/w/acme/generations/{generation.pk}/download/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(b"".join(answer)) == generation.archive.size


def test_a_run_starts_from_the_page_and_can_be_cancelled(cast, pipeline):
    browser = cast.browser(cast.editor)
    where = browser.post(address(pipeline, "pipelines/{pk}/run/")).url
    found = PipelineRun.objects.get()
    page = browser.get(where).content.decode()
    assert "Stages" in page
    assert "Cancel run" in page
    browser.post(f"/w/acme/runs/{found.pk}/cancel/")
    found.run.refresh_from_db()
    assert found.run.is_over
    assert "Try again" in browser.get(where).content.decode()


def test_a_reason_is_needed_to_retire(cast, pipeline):
    browser = cast.browser(cast.editor)
    assert browser.post(address(pipeline, "pipelines/{pk}/retire/"), {"reason": ""}).status_code == 422
    browser.post(address(pipeline, "pipelines/{pk}/retire/"), {"reason": "done"})
    pipeline.refresh_from_db()
    assert pipeline.state == "retired"


def test_the_api_tells_the_same_and_starts_a_run(cast, pipeline):
    browser = cast.browser(cast.editor)
    listed = browser.get("/api/v1/pipelines/?workspace=acme").json()
    assert [row["task_name"] for row in listed["results"]] == ["Triage"]
    started = browser.post(f"/api/v1/pipelines/{pipeline.pk}/runs/?workspace=acme", content_type="application/json")
    assert started.status_code == 202, started.content
    run = browser.get(f"/api/v1/runs/{started.json()['id']}/?workspace=acme").json()
    assert [stage["name"] for stage in run["stages"]][:4] == ["ingest", "validate", "prepare", "split"]
    assert run["accepted"] is None


def test_the_api_refuses_a_target_that_is_none(cast, pipeline):
    answer = cast.browser(cast.editor).post(
        f"/api/v1/pipelines/{pipeline.pk}/generations/?workspace=acme",
        {"target": "whatever"},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "target"


def test_a_stranger_reads_and_starts_nothing_through_the_api(cast, pipeline):
    stranger = cast.browser(cast.stranger)
    generation = pipeline.generations.get()
    for path in (f"pipelines/{pipeline.pk}/", f"generations/{generation.pk}/download/"):
        assert stranger.get(f"/api/v1/{path}?workspace=other").status_code == 404
    run = pipeline_run_start(access=cast.access(cast.editor), generation=generation)
    assert stranger.post(f"/api/v1/runs/{run.pk}/cancel/?workspace=other").status_code == 404


def test_home_shows_the_pipelines_by_state_and_what_waits(cast, pipeline):
    page = cast.browser(cast.editor).get("/w/acme/").content.decode()
    assert "1 project generated" in page
    assert "No pipeline yet" not in page
    assert f'href="{address(pipeline, "pipelines/{pk}/")}"' in page
    assert "Run it" in page
    pipeline.state = "packaged"
    pipeline.save()
    assert "1 packaged" in cast.browser(cast.viewer).get("/w/acme/").content.decode()


def test_a_canvas_leads_to_its_pipeline_and_never_back_to_itself(cast, pipeline):
    task = Task.objects.create(
        workspace=cast.workspace, process=pipeline.task.process, name="Settle", activity="Settle"
    )
    Canvas.objects.create(workspace=cast.workspace, task=task)
    editor, generate = cast.browser(cast.editor), f'action="/w/acme/tasks/{task.pk}/pipeline/generate/"'
    sheet = editor.get(f"/w/acme/tasks/{task.pk}/canvas/").content.decode()
    assert generate in sheet
    assert "Generate the pipeline" in sheet
    assert generate in editor.get(address(pipeline, "processes/{process}/pipelines/")).content.decode()
    built = editor.get(address(pipeline, "tasks/{task}/canvas/")).content.decode()
    assert f'href="{address(pipeline, "pipelines/{pk}/")}"' in built
    assert "Open the pipeline" in built
    begun = editor.post(f"/w/acme/tasks/{task.pk}/pipeline/generate/", follow=True).content.decode()
    assert f'id="job-{Run.objects.get().pk}"' in begun


def test_no_more_tasks_are_generated_at_once_than_are_ranked(cast, pipeline):
    url = address(pipeline, "processes/{process}/pipelines/generate/")
    assert cast.browser(cast.editor).post(url, {"k": "3"}).status_code == 422
    assert not Run.objects.exists()
