"""The board counts pipelines by state, shows those of one, says when it moved, and takes a thousand in six queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from canvas.models import Canvas
from pipelines.models import Pipeline
from pipelines.selectors import pipelines_board
from pipelines.services import version_promote
from planner.models import Process, Task
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

pytestmark = pytest.mark.django_db


def many(cast: Cast, count: int, state: str) -> None:
    process = Process.objects.create(workspace=cast.workspace, name="Orders", cases_a_year=1000)
    tasks = Task.objects.bulk_create(
        Task(workspace=cast.workspace, process=process, name=f"Task {n}", activity=f"Task {n}") for n in range(count)
    )
    canvases = Canvas.objects.bulk_create(Canvas(workspace=cast.workspace, task=task) for task in tasks)
    Pipeline.objects.bulk_create(
        Pipeline(workspace=cast.workspace, canvas=canvas, task=canvas.task, state=state) for canvas in canvases
    )


def test_states_are_counted_and_one_is_shown(cast: Cast) -> None:
    url, browser = reverse("pipelines:list", args=["acme"]), cast.browser(cast.viewer)
    assert "No pipeline yet" in browser.get(url).content.decode()
    many(cast, 3, "generated")
    assert "3 pipelines, none in use" in browser.get(url).content.decode()
    pipeline = packaged(cast.workspace)
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    page = browser.get(url).content.decode()
    assert "1 model in use, of 4 pipelines" in page
    Pipeline.objects.filter(pk=pipeline.pk).update(state="stale")
    page = browser.get(f"{url}?state=stale").content.decode()
    assert "1 model of 1 in use is stale" in page
    assert "Triage" in page
    assert "Task 1" not in page
    assert "Task 1" in browser.get(f"{url}?state=nonsense").content.decode()


def test_it_is_sent_again_only_when_it_moved(cast: Cast) -> None:
    pipeline = packaged(cast.workspace)
    browser, url = cast.browser(cast.viewer), reverse("pipelines:board", args=["acme"])
    moved = pipelines_board(cast.workspace).moved
    assert browser.get(url, {"after": moved}).status_code == 204
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    answer = browser.get(url, {"after": moved})
    assert "1 model in use" in answer.content.decode()
    assert cast.browser(cast.stranger).get(url).status_code == 404


def test_a_thousand_take_no_more_queries_than_one(cast: Cast) -> None:
    packaged(cast.workspace)
    browser, url = cast.browser(cast.viewer), reverse("pipelines:list", args=["acme"])
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(url)
    many(cast, 1000, "generated")
    with CaptureQueriesContext(connection) as lots:
        page = browser.get(url).content.decode()
    assert len(lots) == len(few)
    assert "Page 1 of 21" in page


def test_words_find_it_among_a_thousand(cast: Cast) -> None:
    many(cast, 1000, "generated")
    packaged(cast.workspace)
    browser, url = cast.browser(cast.viewer), reverse("pipelines:list", args=["acme"])
    assert 'name="q"' in browser.get(url).content.decode()
    page = browser.get(url, {"q": "claims tri"}).content.decode()
    assert "1 pipeline with these words" in page
    assert "Triage" in page
    assert "Task 12" not in page
    page = browser.get(url, {"q": "orders task", "page": "2", "state": "generated"}).content.decode()
    assert "Page 2 of 20" in page
    assert "&amp;q=orders%20task&amp;page=3" in page
    assert "None has these words" in browser.get(url, {"q": "100%\0"}).content.decode()
