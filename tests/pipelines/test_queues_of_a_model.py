"""A model on demand: its processes and a broker of its own are kept running, and its queues tell their lengths."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from pipelines.models import Pipeline
from pipelines.services import Supervisor, predictions_make, version_promote
from pipelines.services.queue_broker import queue_broker
from tests.conftest import Cast
from tests.pipelines.made_patterns import QUEUED
from tests.pipelines.made_versions import packaged, version_made
from tests.pipelines.serving import ROW, serves, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]


@pytest.fixture
def supervisor(settings: Settings, tmp_path: Path) -> Iterator[Supervisor]:
    settings.DATA_DIR = tmp_path
    with Supervisor() as one:
        yield one


@pytest.fixture
def pipeline(cast: Cast, supervisor: Supervisor) -> Pipeline:
    found = packaged(cast.workspace)
    version = version_made(found, serving="model_on_demand", program=QUEUED)
    version_promote(access=cast.access(cast.editor), version=version)
    until(supervisor, lambda: serves(1))
    return found


def test_the_lengths_stand_on_a_page_that_follows_and_in_the_api(cast: Cast, pipeline: Pipeline) -> None:
    browser = cast.browser(cast.viewer)
    address = f"/api/v1/pipelines/{pipeline.pk}/queues/?workspace=acme"
    told = browser.get(address).json()
    assert (told["waiting"], told["worked_on"], told["dead"], told["oldest_s"]) == (0, 2, 3, None)
    assert (told["consumers"], told["version"]) == (2, 1)
    predictions_make(access=cast.access(cast.editor), pipeline=pipeline, instances=[ROW])
    assert browser.get(address).json()["waiting"] == 1, "the broker is a real one"
    page = browser.get(f"/w/acme/pipelines/{pipeline.pk}/queues/").content.decode()
    assert "1 request waiting" in page
    assert "1.2 min old" in page
    assert "every 5s" in page
    live = browser.get(f"/w/acme/pipelines/{pipeline.pk}/queues/live/").content.decode()
    assert "1 request waiting" in live
    assert "<html" not in live
    assert "Its queues" in browser.get(f"/w/acme/pipelines/{pipeline.pk}/models/").content.decode()
    assert browser.get(f"/api/v1/pipelines/{pipeline.pk}/predicted-ahead/?workspace=acme").status_code == 409


def test_its_broker_has_a_password_that_no_other_user_reads(tmp_path: Path) -> None:
    made = queue_broker(tmp_path, 4711)
    kept = (tmp_path / "broker.conf").read_text()
    password = made.url.split(":")[2].split("@")[0]
    assert f"requirepass {password}" in kept
    assert "bind 127.0.0.1" in kept
    assert (tmp_path / "broker.conf").stat().st_mode & 0o077 == 0
    assert not any(password in part for part in made.command)
