"""The broker stopped, emptied, or sending messages twice: nothing is lost and nothing runs twice."""

import json

import pytest

from jobs.models import Run, RunState, Stage, StageState
from tests.faults.house import House, books_balance, over, wait_for
from tests.jobs.conftest import spec

pytestmark = pytest.mark.faults


def test_with_the_broker_stopped_runs_are_taken_and_start_when_it_is_back(house: House) -> None:
    house.stop_broker()
    run = Run.objects.get(pk=int(house.call("submit", "while-it-is-down")))
    assert run.stages.get().state_of is StageState.READY
    house.start_broker()
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.SUCCEEDED
    books_balance()


def test_with_thirty_queued_and_the_broker_emptied_all_finish_and_none_twice(quiet_house: House) -> None:
    house = quiet_house
    house.start_broker()
    house.start_dispatcher()
    runs = [house.submit(spec("only", sleep=0.1)) for _ in range(30)]
    wait_for(lambda: Stage.objects.filter(sent__gt=0).count() == 30)
    house.client().flushall()
    house.start_worker()
    wait_for(lambda: over(*runs))
    assert {stage.attempt for stage in Stage.objects.all()} == {1}
    books_balance()


def test_a_broker_that_dies_with_its_queue_is_made_good(house: House) -> None:
    runs = [house.submit(spec("a", sleep=0.2), spec("b", "a")) for _ in range(8)]
    wait_for(lambda: Stage.objects.filter(state=StageState.SUCCEEDED.value).exists())
    house.stop_broker()
    house.start_broker()
    wait_for(lambda: over(*runs))
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}
    books_balance()


def test_doubled_and_stale_messages_are_refused(house: House) -> None:
    runs = [house.submit(spec("only", sleep=0.5)) for _ in range(5)]
    stages = list(Stage.objects.values_list("pk", flat=True))
    house.call("send", json.dumps([[pk, attempt] for pk in stages for attempt in (0, 0, 1, 2, 0, 7)]))
    wait_for(lambda: over(*runs))
    house.call("send", json.dumps([[pk, attempt] for pk in stages for attempt in (0, 1)]))
    last = house.submit(spec("only"))
    wait_for(lambda: over(last))
    assert {stage.attempt for stage in Stage.objects.all()} == {1}
    books_balance()


def test_without_any_broker_the_dispatcher_does_the_work(quiet_house: House) -> None:
    quiet_house.start_dispatcher(broker=False)
    run = quiet_house.submit(spec("a"), spec("b", "a"), spec("c", "a", kill_worker_attempts=1), spec("d", "b", "c"))
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.SUCCEEDED
    books_balance()
