"""A model that predicts ahead: its batch is written before it answers and by the schedule, and its table is paged."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from common.errors import Conflict, Unavailable
from pipelines.models import Deployment, ModelVersion, Pipeline
from pipelines.selectors import prediction_table
from pipelines.services import Supervisor, predictions_make, version_promote
from pipelines.services import served_model as serving
from tests.conftest import Cast
from tests.pipelines.made_patterns import AHEAD
from tests.pipelines.made_versions import packaged, version_made
from tests.pipelines.serving import serves, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
NIGHTLY = {"place": "making_predictions.schedule", "text": "every night at 02:30"}
LABEL = {"task": "binary", "title": "Will it be paid?", "unit": ""}


@pytest.fixture(autouse=True)
def lease(settings: Settings, tmp_path: Path) -> None:
    settings.JOBS_LEASE_SECONDS, settings.JOBS_HEARTBEAT_SECONDS = 2.0, 0.2
    settings.DATA_DIR = tmp_path


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return packaged(cast.workspace)


@pytest.fixture
def supervisor(lease: None) -> Iterator[Supervisor]:
    with Supervisor() as one:
        yield one


def ahead_made(pipeline: Pipeline) -> ModelVersion:
    return version_made(pipeline, serving="precompute", program=AHEAD, story=[NIGHTLY], label=LABEL)


def page_of(browser: Client, pipeline: Pipeline, query: str = "") -> str:
    return browser.get(reverse("pipelines:ahead", args=["acme", pipeline.pk]) + query).content.decode()


def test_its_table_is_paged_searched_and_told(cast: Cast, pipeline: Pipeline, supervisor: Supervisor) -> None:
    version_promote(access=cast.access(cast.editor), version=ahead_made(pipeline))
    until(supervisor, lambda: serves(1))
    browser = cast.browser(cast.viewer)
    page = page_of(browser, pipeline)
    assert "120 cases predicted, and out of date" in page
    assert "every day 02:30 UTC" in page
    assert "Will it be paid?" in page
    assert page.index("c000") < page.index("c049")
    assert "c050" not in page
    assert "After c099" in page_of(browser, pipeline, "?after=c099")
    assert "c119" in page_of(browser, pipeline, "?after=c099")
    assert "c077" in page_of(browser, pipeline, "?case=c077")
    assert "No batch that is kept holds this case" in page_of(browser, pipeline, "?case=<b>%2F..")
    assert "What it predicted" in browser.get(f"/w/acme/pipelines/{pipeline.pk}/models/").content.decode()
    assert "look a case up" in cast.browser(cast.editor).get(f"/w/acme/pipelines/{pipeline.pk}/try/").content.decode()
    with pytest.raises(Conflict, match="made ahead"):
        predictions_make(access=cast.access(cast.editor), pipeline=pipeline, instances=[{"amount": 1}])
    address = f"/api/v1/pipelines/{pipeline.pk}/predicted-ahead/?workspace=acme"
    told = browser.get(f"{address}&limit=2&after=c100").json()
    assert [one["row_id"] for one in told["predictions"]] == ["c101", "c102"]
    assert (told["next_after"], told["version"], told["stale"], told["batch"]["rows"]) == ("c102", 1, True, 120)
    assert browser.get(f"{address}&case=c077").json()["predictions"][0]["answer"]["probability"] == 0.7
    assert browser.get(f"{address}&limit=1001").status_code == 400
    assert browser.get(f"/api/v1/pipelines/{pipeline.pk}/queues/?workspace=acme").status_code == 409


def test_the_batch_runs_again_by_the_schedule_and_says_when_it_failed(
    cast: Cast, pipeline: Pipeline, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    monkeypatch.setattr(serving, "utc_now", lambda: now)
    version_promote(access=cast.access(cast.editor), version=ahead_made(pipeline))
    until(supervisor, lambda: serves(1))
    work = next(tmp_path.glob("served/*/*/work"))
    for _ in range(20):
        supervisor.turn()
        time.sleep(0.02)
    assert (work / "runs").read_text() == "x", "it is not due yet"
    now += timedelta(hours=2)
    until(supervisor, lambda: (work / "runs").read_text() == "xx")
    assert not prediction_table(pipeline).stale
    (work / "torn").touch()
    now += timedelta(days=1)
    until(supervisor, lambda: "The last batch ended" in Deployment.objects.get().reason)
    assert "the cases cannot be read" in Deployment.objects.get().reason
    assert prediction_table(pipeline, case="c001").predictions, "what was written before is still looked up"
    (work / "torn").unlink()
    now += timedelta(days=1)
    until(supervisor, lambda: Deployment.objects.get().reason == "")


def test_nothing_served_is_said(cast: Cast, pipeline: Pipeline) -> None:
    assert "No model of this pipeline is served" in page_of(cast.browser(cast.viewer), pipeline)
    version_promote(access=cast.access(cast.editor), version=ahead_made(pipeline))
    with pytest.raises(Unavailable):
        prediction_table(pipeline)
    assert "does not answer at the moment" in page_of(cast.browser(cast.viewer), pipeline)
