"""Pipelines of nine stages under seeded random faults: every one succeeds, and the books balance."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from jobs.models import Blob, Run, RunState, Stage, StageState
from tests.faults.house import House, books_balance, kill, over, wait_for
from tests.jobs.conftest import spec
from tests.jobs.stages import publishing_stage_run

pytestmark = pytest.mark.faults
PIPELINES = 12
FAULTS = 14
PUBLISHING = publishing_stage_run.name


def pipeline(house: House) -> Run:
    """Nine stages with a fork and a join; each publishes one row, which a second publication would collide with."""
    chain = [("ingest",), ("validate", "ingest"), ("prepare", "validate"), ("split", "prepare")]
    models = [("baseline", "split"), ("train", "split"), ("evaluate", "baseline", "train")]
    end = [("test", "evaluate"), ("package", "test")]
    options = {"task_name": PUBLISHING, "publish_twice_is_seen": True, "sleep": 0.1}
    return house.submit(*[spec(name, *after, **options) for name, *after in chain + models + end])


@pytest.mark.parametrize("seed", [1, 2])
def test_random_faults_lose_nothing_and_double_nothing(quiet_house: House, seed: int) -> None:
    house, dice = quiet_house, random.Random(seed)
    house.start_broker()
    worker, dispatcher = [house.start_worker()], [house.start_dispatcher()]
    runs = [pipeline(house) for _ in range(PIPELINES)]

    def kill_worker() -> None:
        kill(worker.pop())
        worker.append(house.start_worker())

    def kill_dispatcher() -> None:
        kill(dispatcher.pop())
        dispatcher.append(house.start_dispatcher())

    def end_worker() -> None:
        old = worker.pop()
        old.send_signal(signal.SIGTERM)
        worker.append(house.start_worker())
        wait_for(lambda: old.poll() is not None)

    def restart_broker() -> None:
        house.stop_broker()
        house.start_broker()

    def freeze_worker() -> None:
        with suppress(ProcessLookupError):
            os.killpg(worker[0].pid, signal.SIGSTOP)
            time.sleep(4.5)
            os.killpg(worker[0].pid, signal.SIGCONT)

    faults: list[Callable[[], object]] = [
        kill_worker, kill_dispatcher, end_worker, restart_broker, freeze_worker, lambda: house.client().flushall(),
    ]  # fmt: skip
    for _ in range(FAULTS):
        time.sleep(dice.uniform(0.5, 2.5))
        if over(*runs):
            break
        dice.choice(faults)()
    wait_for(lambda: over(*runs), seconds=240)
    assert {run.state for run in Run.objects.all()} == {RunState.SUCCEEDED.value}, house.log()
    assert set(Stage.objects.values_list("state", flat=True)) == {StageState.SUCCEEDED.value}
    assert Blob.objects.count() == 9 * PIPELINES
    books_balance()
