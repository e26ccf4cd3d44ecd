"""Many runs queued at once, and the broker emptied among them: all finish, none twice, without a flood."""

import time

import pytest

from jobs.models import Run, RunState, Stage
from tests.faults.house import House, books_balance, wait_for
from tests.jobs.conftest import spec

pytestmark = pytest.mark.second_leg
HOURS_S = 3600.0


@pytest.mark.timeout(HOURS_S)
@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.faults)])
def test_all_that_are_queued_finish_once(house: House, count: int) -> None:
    with house.frozen_worker():
        for _ in range(count):
            house.submit(spec("only"))
        wait_for(lambda: not Stage.objects.filter(sent=0).exists(), seconds=HOURS_S)
        house.client().flushall()
    longest = 0
    while Run.objects.under_way().exists():
        longest = max(longest, int(house.client().llen("celery")))
        time.sleep(0.2)
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}, house.log()
    assert set(Stage.objects.values_list("attempt", flat=True)) == {1}
    assert longest <= 4 * count
    books_balance()
