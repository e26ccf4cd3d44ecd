"""Models in use are really served: started, asked, restarted, replaced without a gap, taken over, ended for good."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.urls import reverse
from pytest_django.fixtures import Settings

from common.errors import Conflict, InvalidInput, Unavailable
from pipelines.models import Deployment, Pipeline, PredictionRecord
from pipelines.services import (
    Supervisor,
    policy_change,
    predictions_make,
    serving_stop,
    version_promote,
    version_roll_back,
)
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made
from tests.pipelines.serving import ROW, serves, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]


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


def ask(cast: Cast, pipeline: Pipeline) -> dict[str, object]:
    found = predictions_make(access=cast.access(cast.editor), pipeline=pipeline, instances=[ROW])
    return dict(found[0].answer)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_answers_and_leaves_a_record(cast: Cast, pipeline: Pipeline, supervisor: Supervisor) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline, chance=0.7))
    with pytest.raises(Unavailable):
        ask(cast, pipeline)
    until(supervisor, lambda: serves(1))
    assert ask(cast, pipeline)["probability"] == 0.7
    record = PredictionRecord.objects.get()
    assert (record.score, record.decision, record.inputs, record.version.number) == (0.7, "yes", ROW, 1)
    assert record.latency_ms > 0
    browser = cast.browser(cast.editor)
    form = {"input-0": "12.5", "input-1": "north", "key": "case 7"}
    page = browser.post(reverse("pipelines:ask", args=["acme", pipeline.pk]), form).content.decode()
    assert "<h1>Yes</h1>" in page
    assert "case 7" in browser.get(reverse("pipelines:predictions", args=["acme", pipeline.pk])).content.decode()


def test_a_key_is_answered_once(cast: Cast, pipeline: Pipeline, supervisor: Supervisor) -> None:
    access = cast.access(cast.editor)
    policy_change(access=cast.access(cast.owner), approval_needed=False, keep_inputs=False, version=1)
    version_promote(access=access, version=version_made(pipeline))
    until(supervisor, lambda: serves(1))
    rows = [ROW, {**ROW, "amount": 11}]
    first = predictions_make(access=access, pipeline=pipeline, instances=rows, keys=["a", "b"])
    second = predictions_make(access=access, pipeline=pipeline, instances=[*rows, ROW], keys=["a", "b", "c"])
    assert [one.again for one in (*first, *second)] == [False, False, True, True, False]
    assert PredictionRecord.objects.filter(inputs__isnull=True).count() == 3, "this workspace keeps digests only"
    with pytest.raises(Conflict, match="other values"):
        predictions_make(access=access, pipeline=pipeline, instances=[{**ROW, "amount": 99}], keys=["a"])
    with pytest.raises(InvalidInput) as refused:
        predictions_make(access=access, pipeline=pipeline, instances=[ROW, {"amount": "many"}], keys=["a", "d"])
    assert [problem.path for problem in refused.value.errors] == ["instances.1.amount"]
    assert PredictionRecord.objects.count() == 3


def test_killed_it_is_started_again(cast: Cast, pipeline: Pipeline, supervisor: Supervisor) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    until(supervisor, lambda: serves(1))
    pid = int(str(ask(cast, pipeline)["pid"]))
    os.kill(pid, signal.SIGKILL)
    until(supervisor, lambda: Deployment.objects.get().restarts == 1)
    until(supervisor, lambda: serves(1))
    assert ask(cast, pipeline)["pid"] != pid


def test_the_next_version_takes_over_without_a_gap(cast: Cast, pipeline: Pipeline, supervisor: Supervisor) -> None:
    access = cast.access(cast.editor)
    version_promote(access=access, version=version_made(pipeline, chance=0.1))
    until(supervisor, lambda: serves(1))
    version_promote(access=access, version=version_made(pipeline, chance=0.2))
    answered = []

    def switched() -> bool:
        answered.append(ask(cast, pipeline)["probability"])
        return serves(2)

    until(supervisor, switched)
    assert ask(cast, pipeline)["probability"] == 0.2
    assert set(answered) <= {0.1, 0.2}
    version_roll_back(access=access, pipeline=pipeline)
    until(supervisor, lambda: serves(1))
    assert ask(cast, pipeline)["probability"] == 0.1


def test_one_that_does_not_start_leaves_the_old_one_answering(
    cast: Cast, pipeline: Pipeline, supervisor: Supervisor
) -> None:
    access = cast.access(cast.editor)
    version_promote(access=access, version=version_made(pipeline, chance=0.1))
    until(supervisor, lambda: serves(1))
    version_promote(access=access, version=version_made(pipeline, fails="the file is torn"))
    until(supervisor, lambda: "the file is torn" in Deployment.objects.get().reason)
    assert ask(cast, pipeline)["probability"] == 0.1
    assert "does not start" in Deployment.objects.get().reason


def test_one_that_never_starts_says_why(cast: Cast, pipeline: Pipeline, supervisor: Supervisor) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline, fails="the file is torn"))
    until(supervisor, lambda: Deployment.objects.get().state == "failing")
    with pytest.raises(Unavailable, match="torn"):
        ask(cast, pipeline)
    page = cast.browser(cast.viewer).get(reverse("pipelines:models", args=["acme", pipeline.pk])).content.decode()
    assert "The service fails" in page
    assert "the file is torn" in page


def test_another_supervisor_takes_over_and_the_first_ends_its_own(
    cast: Cast, pipeline: Pipeline, supervisor: Supervisor
) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    until(supervisor, lambda: serves(1))
    pid = int(str(ask(cast, pipeline)["pid"]))
    with Supervisor() as other:
        before = Deployment.objects.get().token
        until(other, lambda: Deployment.objects.get().token != before)
        until(other, lambda: serves(1))
        mine = Deployment.objects.get().token
        supervisor.turn()
        assert not is_alive(pid), "what lost its lease ends"
        assert Deployment.objects.get().token == mine, "and writes nothing"


def test_stopped_nothing_is_left(cast: Cast, pipeline: Pipeline, tmp_path: Path) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    with Supervisor() as one:
        until(one, lambda: serves(1))
        pid = int(str(ask(cast, pipeline)["pid"]))
        serving_stop(access=cast.access(cast.editor), pipeline=pipeline)
        with pytest.raises(Conflict):
            ask(cast, pipeline)
        until(one, lambda: Deployment.objects.get().state == "stopped")
        assert not is_alive(pid)
    assert not any((tmp_path / "served").iterdir())


def test_a_supervisor_that_died_is_not_waited_for(cast: Cast, pipeline: Pipeline, settings: Settings) -> None:
    settings.JOBS_LEASE_SECONDS = 3600
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    connections.close_all()  # before the fork: a connection both have is ended for both by the first who closes it
    child = os.fork()
    if child == 0:
        try:
            with Supervisor() as dying:
                until(dying, lambda: serves(1))
                os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    with Supervisor() as after:
        assert Deployment.objects.get().token == ""
        until(after, lambda: serves(1))
        assert ask(cast, pipeline)["probability"] == 0.7


def test_inputs_the_model_does_not_have_are_refused_before_it_is_asked(
    cast: Cast, pipeline: Pipeline, supervisor: Supervisor
) -> None:
    access = cast.access(cast.editor)
    version_promote(access=access, version=version_made(pipeline))
    until(supervisor, lambda: serves(1))
    with pytest.raises(InvalidInput) as refused:
        predictions_make(access=access, pipeline=pipeline, instances=[{**ROW, **{f"x{n}": 1 for n in range(10_000)}}])
    assert len(refused.value.errors) == 50
    with pytest.raises(InvalidInput, match="too large"):
        predictions_make(access=access, pipeline=pipeline, instances=[{**ROW, "branch": "x" * 2_000_000}])
    large = [{"amount": 1.0, "branch": "x" * 20_000} for _ in range(200)]
    assert len(predictions_make(access=access, pipeline=pipeline, instances=large)) == 200, "asked in several parts"
