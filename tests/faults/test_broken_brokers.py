"""The broker stopped, emptied, or sending messages twice, late, out of order: nothing is lost or runs twice."""

import time

import pytest

from jobs.models import Run, RunState, Stage, StageState
from tests.faults.house import House, books_balance, over, wait_for
from tests.jobs.conftest import spec

QUEUE = "celery"
pytestmark = pytest.mark.second_leg


def test_with_the_broker_stopped_runs_are_taken_and_start_when_it_is_back(house: House) -> None:
    house.stop_broker()
    run = Run.objects.get(pk=int(house.call("submit", "while-it-is-down")))
    assert run.stages.get().state_of is StageState.READY
    house.start_broker()
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.SUCCEEDED
    books_balance()


def test_with_thirty_queued_and_the_broker_emptied_all_finish_and_none_twice(house: House) -> None:
    with house.frozen_worker():
        runs = [house.submit(spec("only")) for _ in range(30)]
        wait_for(lambda: Stage.objects.filter(sent__gt=0).count() == 30)
        house.client().flushall()
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
    house.send([(pk, attempt) for pk in stages for attempt in (0, 0, 1, 2, 0, 7)])
    wait_for(lambda: over(*runs))
    house.send([(pk, attempt) for pk in stages for attempt in (0, 1)])
    last = house.submit(spec("only"))
    wait_for(lambda: over(last))
    assert {stage.attempt for stage in Stage.objects.all()} == {1}
    books_balance()


def test_messages_that_come_early_late_and_out_of_order_start_each_stage_once(house: House) -> None:
    with house.frozen_worker():
        runs = [house.submit(spec("a", sleep=0.1), spec("b", "a")) for _ in range(6)]
        wait_for(lambda: Stage.objects.filter(sent__gt=0).count() == 6)
        held = [bytes(message) for message in house.client().lrange(QUEUE, 0, -1)]
        house.client().delete(QUEUE)
        house.send([(pk, 0) for pk in Stage.objects.filter(name="b").values_list("pk", flat=True)])  # before their time
        for message in held[::2]:
            house.client().lpush(QUEUE, message)  # the newest first
    time.sleep(1.0)
    for message in held[1::2]:
        house.client().lpush(QUEUE, message)
    wait_for(lambda: over(*runs))
    for message in held:  # long after their stages are over
        house.client().lpush(QUEUE, message)
    last = house.submit(spec("only"))
    wait_for(lambda: over(last))
    assert {stage.attempt for stage in Stage.objects.all()} == {1}
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}
    books_balance()


@pytest.mark.faults
def test_without_any_broker_the_dispatcher_does_the_work(quiet_house: House) -> None:
    quiet_house.start_dispatcher(broker=False)
    run = quiet_house.submit(spec("a"), spec("b", "a"), spec("c", "a", kill_worker_attempts=1), spec("d", "b", "c"))
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.SUCCEEDED
    books_balance()
