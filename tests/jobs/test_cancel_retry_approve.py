"""What a person does to a run: cancel it, try again, say yes or no."""

import pytest

from accounts.access import Access
from accounts.models import Role
from common.errors import Conflict, InvalidInput, NotAllowed
from jobs.models import LogEvent, RunState, StageState
from jobs.services import (
    LeaseLost,
    run_cancel,
    run_drain,
    run_retry,
    run_submit,
    stage_approve,
    stage_beat,
    stage_cancelled,
    stage_claim,
    stage_decline,
    stage_reap,
    stage_succeed,
)
from tests.jobs.conftest import Submit, drained, spec

pytestmark = pytest.mark.second_leg


def test_what_has_not_begun_is_cancelled_at_once(submit: Submit, access: Access) -> None:
    run = submit([spec("a"), spec("b", "a")])
    assert run_cancel(access=access, run=run).state_of is RunState.CANCELLED
    assert {stage.state_of for stage in run.stages.all()} == {StageState.CANCELLED}


def test_what_runs_is_cancelled_by_its_holder_at_its_next_beat(submit: Submit, access: Access) -> None:
    run = submit([spec("a"), spec("b", "a")])
    held = stage_claim(stage_id=run.stages.get(name="a").pk, attempt=0)
    assert held is not None
    assert run_cancel(access=access, run=run).state_of is RunState.RUNNING
    assert not stage_beat(held, values={})
    with pytest.raises(LeaseLost):
        stage_succeed(held, output={})
    stage_cancelled(held)
    run.refresh_from_db()
    assert run.state_of is RunState.CANCELLED


def test_what_runs_on_a_dead_worker_is_cancelled_when_it_is_taken_back(submit: Submit, access: Access) -> None:
    run = submit()
    held = stage_claim(stage_id=run.stages.get().pk, attempt=0)
    assert held is not None
    run_cancel(access=access, run=run)
    assert stage_reap(stage_id=held.pk, token=held.token, beat=held.beat)
    run.refresh_from_db()
    assert run.state_of is RunState.CANCELLED


def test_retry_runs_only_what_is_not_done(submit: Submit, access: Access) -> None:
    run = submit([spec("good"), spec("bad", "good", user_fault="no"), spec("after", "bad")])
    drained(run)
    run.stages.filter(name="bad").update(params={})
    run_retry(access=access, run=run)
    stages = drained(run)
    assert run.state_of is RunState.SUCCEEDED
    assert {name: stage.attempt for name, stage in stages.items()} == {"good": 1, "bad": 2, "after": 1}


def test_a_second_click_on_retry_changes_nothing(submit: Submit, access: Access) -> None:
    run = submit(user_fault="no")
    drained(run)
    run_retry(access=access, run=run)
    run_retry(access=access, run=run)
    assert run.log.filter(event=LogEvent.RETRIED).count() == 1


def test_nothing_to_retry_in_a_run_that_succeeded(submit: Submit, access: Access) -> None:
    run = submit()
    drained(run)
    with pytest.raises(Conflict):
        run_retry(access=access, run=run)


def test_the_same_key_is_one_run(submit: Submit) -> None:
    assert submit(key="import:1").pk == submit(key="import:1").pk
    assert submit(key="import:2").stages.count() == 1


def test_a_viewer_starts_cancels_and_retries_nothing(submit: Submit, access: Access) -> None:
    run = submit()
    viewer = Access(user=None, workspace=access.workspace, role=Role.VIEWER)
    for change in (
        lambda: run_submit(access=viewer, kind="test", title="A test", stages=[spec("a")]),
        lambda: run_cancel(access=viewer, run=run),
        lambda: run_retry(access=viewer, run=run),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_stages_that_do_not_fit_are_refused_before_anything_is_written(submit: Submit, access: Access) -> None:
    with pytest.raises(InvalidInput, match="waits for itself"):
        submit([spec("a", "b"), spec("b", "a")])
    assert not access.workspace.runs.exists()


def test_a_stage_waits_for_a_yes(submit: Submit, access: Access) -> None:
    run = submit([spec("train"), spec("promote", "train", needs_approval=True), spec("serve", "promote")])
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    assert run.state_of is RunState.WAITING
    stage_approve(access=access, stage=run.stages.get(name="promote"), comment="looks right")
    assert {stage.state_of for stage in drained(run).values()} == {StageState.SUCCEEDED}


def test_a_no_cancels_what_follows(submit: Submit, access: Access) -> None:
    run = submit([spec("promote", needs_approval=True), spec("serve", "promote")])
    stage_decline(access=access, stage=run.stages.get(name="promote"), comment="not yet")
    run.refresh_from_db()
    assert run.state_of is RunState.CANCELLED
    with pytest.raises(Conflict):
        stage_approve(access=access, stage=run.stages.get(name="promote"))
