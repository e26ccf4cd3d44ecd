"""Faults of the code are tried again, a bounded number of times; faults of the input and time limits are not."""

import pytest

from accounts.access import Access
from jobs.models import LogEvent, RunState, StageState
from jobs.services import run_cancel
from tests.jobs.conftest import Submit, drained, spec
from tests.jobs.stages import stage_run

pytestmark = [pytest.mark.second_leg, pytest.mark.usefixtures("quick_retries")]


def test_a_fault_is_tried_again(submit: Submit) -> None:
    run = submit(fail_attempts=1)
    only = drained(run)["only"]
    assert run.state_of is RunState.SUCCEEDED
    assert (only.attempt, only.errors, only.lost) == (2, 1, 0)


def test_it_gives_up_after_three_errors(submit: Submit) -> None:
    run = submit(fail_attempts=99)
    only = drained(run)["only"]
    assert only.state_of is StageState.FAILED
    assert (only.attempt, only.errors) == (3, 3)
    assert "it broke" in only.reason


def test_a_fault_of_the_input_is_not_tried_again(submit: Submit) -> None:
    run = submit(user_fault="Column “case” is missing: choose another.")
    only = drained(run)["only"]
    assert (only.attempt, only.reason) == (1, "Column “case” is missing: choose another.")


def test_a_killed_process_is_tried_again(submit: Submit) -> None:
    run = submit(die_attempts=1)
    only = drained(run)["only"]
    assert (only.state_of, only.attempt, only.errors) == (StageState.SUCCEEDED, 2, 1)


def test_over_its_time_limit_it_fails_and_says_so(submit: Submit) -> None:
    run = submit([spec("slow", hang_attempts=9, timeout_s=1)])
    slow = drained(run)["slow"]
    assert (slow.state_of, slow.attempt) == (StageState.FAILED, 1)
    assert slow.reason.startswith("time limit")


def test_a_stage_that_kills_its_worker_fails_after_five_losses(submit: Submit) -> None:
    run = submit([spec("deadly", kill_worker_attempts=99), spec("aside")])
    stages = drained(run)
    assert (stages["deadly"].state_of, stages["deadly"].lost, stages["deadly"].errors) == (StageState.FAILED, 5, 0)
    assert "worker died 5 times" in stages["deadly"].reason
    assert stages["aside"].state_of is StageState.SUCCEEDED


def test_an_unknown_task_fails_with_a_sentence(submit: Submit) -> None:
    run = submit([spec("odd", task_name="tests.no_such_task")])
    assert "tests.no_such_task" in drained(run)["odd"].reason


def test_every_claim_has_one_outcome(submit: Submit) -> None:
    run = submit([spec("a", fail_attempts=2), spec("b", die_attempts=1), spec("c", kill_worker_attempts=2)])
    drained(run)
    claims = run.log.filter(event=LogEvent.CLAIMED).count()
    outcomes = run.log.filter(event__in=LogEvent.outcomes(), attempt__gt=0).count()
    assert claims == outcomes == 3 + 2 + 3


def test_what_is_not_there_yet_is_waited_for_and_not_counted(submit: Submit) -> None:
    run = submit(not_yet_attempts=4)
    only = drained(run)["only"]
    assert only.state_of is StageState.SUCCEEDED
    assert (only.attempt, only.errors, only.lost, only.reason) == (5, 0, 0, "")
    told = run.log.filter(event=LogEvent.POSTPONED)
    assert told.count() == 4
    assert told[0].text == "The kiln is cold. It is tried again in 0.05 s."


def test_a_cancel_ends_the_waiting(submit: Submit, access: Access) -> None:
    run = submit(not_yet_attempts=9999)
    stage_run(stage_id=run.stages.get().pk, attempt=0)
    assert run_cancel(access=access, run=run).state_of is RunState.CANCELLED
