"""The database refuses everybody for a moment in the middle of stages: the runs finish, once."""

import pytest

from jobs.models import Run, RunState, Stage, StageState
from tests.faults.house import House, books_balance, database_away, over, wait_for
from tests.jobs.conftest import spec

pytestmark = pytest.mark.second_leg


def test_runs_finish_once_when_the_database_was_away_in_the_middle(house: House) -> None:
    runs = [house.submit(spec("a", sleep=0.8), spec("b", "a", sleep=0.8)) for _ in range(3)]
    wait_for(lambda: Stage.objects.filter(state=StageState.RUNNING.value).exists())
    database_away(1.5)
    wait_for(lambda: over(*runs), seconds=60)
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}, house.log()
    books_balance()
