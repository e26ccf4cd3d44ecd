"""Stages that fork, want all memory, flood their log or end by a signal: each is told, nothing is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.access import Access
from jobs.execution.watch import MOST_LINES
from jobs.models import RunState, Stage, StageState
from jobs.services import run_cancel
from tests.faults.house import House, alive, books_balance, marks, over, wait_for
from tests.jobs.conftest import Submit, drained, spec
from tests.jobs.stages import stage_run

pytestmark = pytest.mark.second_leg
LONG = [pytest.mark.faults, pytest.mark.timeout(900)]
FLOOD = "head -c {bytes} /dev/zero | tr '\\0' x | fold -w 1000"


def only(submit: Submit, **params: object) -> Stage:
    run = submit(**params)
    return drained(run)["only"]


def test_processes_that_leave_the_group_of_their_stage_end_with_it(submit: Submit, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    forks = f"for i in 1 2 3; do setsid sh -c 'echo $$ >> {told}; exec sleep 300' & done; sleep 0.5"
    assert only(submit, command=["/bin/sh", "-c", forks]).state_of is StageState.SUCCEEDED
    pids = [int(line) for line in told.read_text().split()]
    assert len(pids) == 3
    assert not any(alive(pid) for pid in pids)
    books_balance()


def test_when_the_holder_is_killed_what_left_the_group_dies_as_well(house: House) -> None:
    mark, told = house.folder / "mark", house.folder / "pid"
    leaves = f"setsid sh -c 'echo $$ > {told}; exec sleep 300' & sleep 300"
    run = house.submit(spec("only", mark=str(mark), command=["/bin/sh", "-c", leaves]))
    wait_for(lambda: told.exists() and bool(told.read_text()))
    left, (stage, holder) = int(told.read_text()), marks(mark)[0]
    assert os.getsid(left) != os.getsid(stage)
    os.kill(holder, signal.SIGKILL)
    wait_for(lambda: not alive(left) and not alive(stage), seconds=5)
    wait_for(lambda: len(marks(mark)) == 2)  # it is taken back and runs again
    run_cancel(access=Access.system(house.workspace), run=run)
    wait_for(lambda: over(run))
    wait_for(lambda: not alive(int(told.read_text())), seconds=5)
    books_balance()


def test_what_the_holder_itself_has_started_is_left_alone(submit: Submit) -> None:
    """A stage in this very process: a child in our session and an earlier one in a session of its own both live on."""
    own = [subprocess.Popen(["sleep", "60"], start_new_session=apart) for apart in (False, True)]
    try:
        stage = submit(sleep=0.2, command=["/bin/sh", "-c", "setsid sleep 300 & sleep 0.2"]).stages.get()
        stage_run(stage_id=stage.pk, attempt=0)
        stage.refresh_from_db()
        assert stage.state_of is StageState.SUCCEEDED
        assert [process.poll() for process in own] == [None, None]
    finally:
        for process in own:
            process.kill()
            process.wait()


@pytest.mark.usefixtures("quick_retries")
def test_a_stage_that_wants_more_memory_than_it_may_have_fails_and_says_so(submit: Submit) -> None:
    greedy = [sys.executable, "-c", "held = [bytearray(10**7) for _ in range(1000)]"]
    stage = only(submit, command=greedy, memory_mb=256)
    assert (stage.state_of, stage.errors) == (StageState.FAILED, 3)
    assert "MemoryError" in stage.reason
    books_balance()


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM])
def test_a_stage_that_ends_by_a_signal_says_which(submit: Submit, number: int) -> None:
    stage = only(submit, die_attempts=99, signal=number)
    assert stage.state_of is StageState.FAILED
    assert f"ended by signal {int(number)}" in stage.reason
    books_balance()


@pytest.mark.parametrize("size", [30_000_000, pytest.param(1_000_000_000, marks=LONG)])
def test_of_a_flooded_log_the_beginning_is_kept_and_the_stage_goes_on(submit: Submit, size: int) -> None:
    run = submit(command=["/bin/sh", "-c", FLOOD.format(bytes=size)], timeout_s=600)
    assert drained(run)["only"].state_of is StageState.SUCCEEDED
    assert run.log.count() <= MOST_LINES + 20
    assert run.log.filter(text__contains="the rest is not kept").count() == 1
    books_balance()


def test_a_killed_stage_beside_others_costs_them_nothing(house: House) -> None:
    greedy = spec("greedy", die_attempts=99, signal=int(signal.SIGKILL))
    run = house.submit(greedy, *[spec(f"other-{number}") for number in range(3)])
    wait_for(lambda: over(run), seconds=60)
    run.refresh_from_db()
    assert run.state_of is RunState.FAILED, house.log()
    states = dict(run.stages.values_list("name", "state"))
    assert states.pop("greedy") == StageState.FAILED.value
    assert set(states.values()) == {StageState.SUCCEEDED.value}
    books_balance()
