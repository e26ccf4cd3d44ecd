"""The database refuses everybody for a moment in the middle of stages: the runs finish, once."""

import sys
from pathlib import Path

import pytest
from django.db import connection, connections

from jobs.models import Run, RunState, Stage, StageState
from tests.faults.house import House, books_balance, database_away, over, wait_for
from tests.jobs.conftest import spec

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
import servers

pytestmark = pytest.mark.second_leg


def test_runs_finish_once_when_the_database_was_away_in_the_middle(house: House) -> None:
    runs = [house.submit(spec("a", sleep=0.8), spec("b", "a", sleep=0.8)) for _ in range(3)]
    wait_for(lambda: Stage.objects.filter(state=StageState.RUNNING.value).exists())
    database_away(1.5)
    wait_for(lambda: over(*runs), seconds=60)
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}, house.log()
    books_balance()


@pytest.mark.faults
def test_runs_finish_once_when_the_server_of_the_database_was_killed_and_started_again(house: House) -> None:
    data = data_directory()
    runs = [house.submit(spec("a", sleep=0.8), spec("b", "a", sleep=0.8)) for _ in range(3)]
    wait_for(lambda: Stage.objects.filter(state=StageState.RUNNING.value).exists())
    connections.close_all()
    servers.postgresql_restart(data)
    wait_for(lambda: over(*runs), seconds=60)
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED.value}, house.log()
    books_balance()


def data_directory() -> Path:
    """Of the PostgreSQL that these tests have to themselves: no other is ever stopped."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    if not data.parents[1].name.startswith("taskworth-"):
        pytest.skip("this server is somebody else's")
    return data
