"""What a stage publishes is committed together with its completion, once, or not at all."""

import pytest

from jobs.models import Blob, Run, RunState, StageState
from tests.jobs.conftest import Submit, drained, spec
from tests.jobs.stages import EFFECT, publishing_stage_run

pytestmark = [pytest.mark.second_leg, pytest.mark.usefixtures("quick_retries")]
TASK = publishing_stage_run.name


def effects(run: Run) -> int:
    return run.log.filter(text=EFFECT).count()


def test_an_effect_is_published_with_the_completion(submit: Submit) -> None:
    run = submit([spec("a", task_name=TASK, publish_twice_is_seen=True)])
    drained(run)
    assert run.state_of is RunState.SUCCEEDED
    assert (effects(run), Blob.objects.count()) == (1, 1)


def test_attempts_that_died_published_nothing(submit: Submit) -> None:
    run = submit([spec("a", task_name=TASK, publish_twice_is_seen=True, die_attempts=2, kill_worker_attempts=3)])
    drained(run)
    assert run.state_of is RunState.SUCCEEDED
    assert (effects(run), Blob.objects.count()) == (1, 1)


def test_when_publishing_breaks_nothing_of_it_stays_and_the_stage_is_not_done(submit: Submit) -> None:
    run = submit([spec("a", task_name=TASK, publish_twice_is_seen=True, publish_fails=True)])
    stage = drained(run)["a"]
    assert (stage.state_of, stage.errors, effects(run)) == (StageState.FAILED, 3, 0)
    assert "publishing broke" in stage.reason
    assert Blob.objects.count() == 0
