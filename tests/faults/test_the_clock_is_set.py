"""The clock is set by an hour while stages run: nothing is taken back, and what waits for its next try gets it."""

import pytest

from jobs.models import Run, RunState, StageState
from tests.faults.house import House, books_balance, over, wait_for
from tests.jobs.conftest import spec

pytestmark = pytest.mark.second_leg
HOUR_S = 3600
LONG_S = 3


@pytest.mark.parametrize("hours", [1, -1])
def test_nothing_is_taken_back_and_nothing_waits_for_an_hour(house: House, hours: int) -> None:
    long, failing = house.submit(spec("only", sleep=LONG_S)), house.submit(spec("only", fail_attempts=1))
    wait_for(lambda: long.stages.get().state_of is StageState.RUNNING)
    wait_for(lambda: failing.stages.get().errors == 1)
    (house.folder / "clock").write_text(str(hours * HOUR_S))
    wait_for(lambda: over(long, failing), seconds=60)
    stages = [run.stages.get() for run in (long, failing)]
    assert [stage.state_of for stage in stages] == [StageState.SUCCEEDED, StageState.SUCCEEDED], house.log()
    assert [(stage.attempt, stage.lost, stage.errors) for stage in stages] == [(1, 0, 0), (2, 0, 1)]
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}
    books_balance()
