"""Workers, holders, stages and web processes that are killed, stopped or told to end."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from jobs.models import LogEvent, RunState, StageState
from tests.faults.house import House, alive, books_balance, marks, over, wait_for
from tests.jobs.conftest import spec

pytestmark = pytest.mark.second_leg


@contextmanager
def running(house: House, **params: object) -> Iterator[tuple[int, int]]:
    """A run of one stage, `only`, has begun; gives the process ids of its first attempt and of its holder."""
    mark = house.folder / "mark"
    house.submit(spec("only", mark=str(mark), **params))
    wait_for(lambda: bool(marks(mark)))
    yield marks(mark)[0]


def only(house: House) -> tuple[StageState, int, int, int]:
    run = house.workspace.runs.get()
    wait_for(lambda: over(run))
    stage = run.stages.get()
    return stage.state_of, stage.attempt, stage.lost, stage.errors


def test_killing_the_stage_alone_is_an_error_and_it_runs_again(house: House) -> None:
    with running(house, sleep=1) as (stage, _):
        os.kill(stage, signal.SIGKILL)
    assert only(house) == (StageState.SUCCEEDED, 2, 0, 1)
    books_balance()


def test_killing_the_holder_is_a_loss_and_its_stage_dies_with_it(house: House) -> None:
    with running(house, sleep=1.5) as (stage, holder):
        os.kill(holder, signal.SIGKILL)
        wait_for(lambda: not alive(stage))
    assert only(house) == (StageState.SUCCEEDED, 2, 1, 0)
    books_balance()


def test_what_a_dead_web_process_did_not_ring_for_starts_by_itself(house: House) -> None:
    run = house.submit(spec("only"))  # committed, and never rung for
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.SUCCEEDED


def test_told_to_end_a_worker_finishes_its_stage_and_another_takes_the_rest(house: House) -> None:
    worker, mark = house.worker, house.folder / "mark"
    assert worker is not None
    run = house.submit(spec("first", mark=str(mark), sleep=2), spec("second", "first"))
    wait_for(lambda: bool(marks(mark)))
    worker.send_signal(signal.SIGTERM)
    wait_for(lambda: worker.poll() is not None)
    assert run.stages.get(name="first").state_of is StageState.SUCCEEDED
    assert not over(run)
    house.start_worker()
    wait_for(lambda: over(run))
    assert {stage.attempt for stage in run.stages.all()} == {1}
    books_balance()


def test_pressed_to_end_a_holder_hands_its_stage_back_uncounted(house: House) -> None:
    with running(house, sleep=1.5) as (stage, holder):
        os.kill(holder, signal.SIGTERM)
        wait_for(lambda: not alive(stage))
    assert only(house) == (StageState.SUCCEEDED, 2, 0, 0)
    books_balance()


def test_a_holder_that_slept_past_its_lease_writes_nothing(house: House) -> None:
    with running(house, sleep=4, output={"from": "a stage"}) as (stage, holder):
        os.kill(holder, signal.SIGSTOP)
        run = house.workspace.runs.get()
        wait_for(lambda: run.log.filter(event=LogEvent.REAPED).exists())
        os.kill(holder, signal.SIGCONT)
        wait_for(lambda: not alive(stage))
    assert only(house) == (StageState.SUCCEEDED, 2, 1, 0)
    assert run.stages.get().output["attempt"] == 2
    books_balance()


@pytest.mark.faults
def test_a_stage_that_kills_its_worker_fails_and_others_go_on(house: House) -> None:
    run = house.submit(spec("deadly", kill_worker_attempts=99), *[spec(f"other-{number}") for number in range(5)])
    wait_for(lambda: over(run))
    stages = {stage.name: stage for stage in run.stages.all()}
    deadly = stages.pop("deadly")
    assert (deadly.state_of, deadly.lost, deadly.attempt) == (StageState.FAILED, 5, 5)
    assert "worker died 5 times" in deadly.reason
    assert {stage.state_of for stage in stages.values()} == {StageState.SUCCEEDED}
    books_balance()
