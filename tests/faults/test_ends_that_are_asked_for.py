"""Time limits, cancels, and two of everything: two dispatchers, two clicks."""

import pytest

from accounts.access import Access
from jobs.models import Run, RunState, StageState
from jobs.services import run_cancel
from tests.faults.house import House, alive, books_balance, marks, over, wait_for
from tests.jobs.conftest import spec

pytestmark = pytest.mark.second_leg


def leaves_a_grandchild(house: House) -> dict[str, object]:
    mark = house.folder / "mark"
    return {"mark": str(mark), "command": ["/bin/sh", "-c", f"sleep 300 & echo $! > {mark}.grandchild; sleep 300"]}


def everything_of_it(house: House) -> list[int]:
    """Process ids of the stage and of what its command left behind."""
    mark = house.folder / "mark"
    wait_for((house.folder / "mark.grandchild").exists)
    return [marks(mark)[0][0], int((house.folder / "mark.grandchild").read_text())]


def test_over_its_time_limit_it_fails_and_its_process_group_is_gone(house: House) -> None:
    run = house.submit(spec("slow", timeout_s=1, **leaves_a_grandchild(house)))
    pids = everything_of_it(house)
    wait_for(lambda: over(run))
    slow = run.stages.get()
    assert (slow.state_of, slow.attempt) == (StageState.FAILED, 1)
    assert slow.reason.startswith("time limit")
    wait_for(lambda: not any(alive(pid) for pid in pids))
    books_balance()


def test_a_cancel_in_the_middle_of_a_stage_ends_its_process_group(house: House) -> None:
    run = house.submit(spec("slow", **leaves_a_grandchild(house)), spec("after", "slow"))
    pids = everything_of_it(house)
    run_cancel(access=Access.system(house.workspace), run=run)
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.CANCELLED
    wait_for(lambda: not any(alive(pid) for pid in pids))
    books_balance()


def test_two_dispatchers_and_two_clicks_make_one_run(house: House) -> None:
    guests = len(house.client().client_list())
    house.start_dispatcher()
    wait_for(lambda: len(house.client().client_list()) > guests)
    first, second = (house.submit(spec("only"), key="the-same-click") for _ in range(2))
    assert first == second
    runs = [house.submit(spec("a"), spec("b", "a")) for _ in range(10)]
    wait_for(lambda: over(first, *runs))
    assert {stage.attempt for run in Run.objects.all() for stage in run.stages.all()} == {1}
    books_balance()


@pytest.mark.faults
def test_two_dispatchers_without_a_broker_share_the_work(quiet_house: House) -> None:
    for _ in range(2):
        quiet_house.start_dispatcher(broker=False)
    runs = [quiet_house.submit(spec("a", sleep=0.1), spec("b", "a")) for _ in range(10)]
    wait_for(lambda: over(*runs))
    assert {stage.attempt for run in runs for stage in run.stages.all()} == {1}
    books_balance()
