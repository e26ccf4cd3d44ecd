"""kill -9 of a worker in the middle of a stage: the run still finishes, once, and nothing is left behind."""

import pytest

from jobs.models import LogEvent, RunState
from tests.faults.house import House, alive, books_balance, kill, marks, over, wait_for
from tests.jobs.conftest import spec


@pytest.mark.second_leg
def test_the_run_finishes_when_its_worker_is_killed_in_the_middle_of_a_stage(quiet_house: House) -> None:
    house, mark = quiet_house, quiet_house.folder / "mark"
    house.start_broker()
    worker = house.start_worker()
    house.start_dispatcher()
    sleeper = {"mark": str(mark), "sleep": 4, "command": ["/bin/sh", "-c", f"sleep 300 & echo $! > {mark}.grandchild"]}
    run = house.submit(spec("prepare"), spec("train", "prepare", **sleeper), spec("evaluate", "train"))
    wait_for((house.folder / "mark.grandchild").exists)
    kill(worker)
    house.start_worker()
    wait_for(lambda: over(run))
    run.refresh_from_db()
    train = run.stages.get(name="train")
    assert run.state_of is RunState.SUCCEEDED, house.log()
    assert (train.attempt, train.lost, train.errors) == (2, 1, 0)
    assert run.log.filter(stage=train, event=LogEvent.REAPED).count() == 1
    grandchild = int((house.folder / "mark.grandchild").read_text())
    wait_for(lambda: not any(alive(pid) for pid in (*marks(mark)[0], grandchild)))
    books_balance()
