"""The pace of API calls counts over all processes: in the broker, else in the database, at a constant cost."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import CallCount
from accounts.pace import AnonPace, Pace, call_count
from accounts.services.pace import database_call_count
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
ANOTHER_PROCESS = """
import django
django.setup()
from accounts.pace import call_count
for _ in range(5):
    call_count(key="someone", window=7, seconds=60)
"""


@pytest.fixture(autouse=True)
def no_broker(settings: Settings) -> None:
    settings.REDIS_URL = ""


@pytest.fixture
def broker(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """A real broker of our own on a socket."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("there is no redis-server here")
    socket = tmp_path / "b.sock"
    line = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    running = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            time.sleep(0.02)
        settings.REDIS_URL = f"redis+socket://{socket}?virtual_host=0"  # as the runner writes it
        yield settings.REDIS_URL
    finally:
        running.kill()
        running.wait()


def in_two_processes(url: str) -> None:
    database = connection.settings_dict
    address = f"sqlite:///{database['NAME']}" if connection.vendor == "sqlite" else os.environ.get("DATABASE_URL", "")
    if connection.vendor != "sqlite":
        address = address.rsplit("/", 1)[0] + f"/{database['NAME']}"
    given = os.environ | {
        "DATABASE_URL": address, "REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    both = [
        subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS], cwd=configured.BASE_DIR, env=given) for _ in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]


def test_processes_count_together_in_the_database() -> None:
    in_two_processes("")
    assert call_count(key="someone", window=7, seconds=60) == (11, 0)


def test_processes_count_together_in_the_broker(broker: str) -> None:
    in_two_processes(broker)
    assert call_count(key="someone", window=7, seconds=60) == (11, 0)
    assert not CallCount.objects.exists()


def test_a_broker_that_is_away_is_replaced_by_the_database(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0"
    assert call_count(key="someone", window=7, seconds=60) == (1, 0)
    assert CallCount.objects.get().now == 1


def test_a_count_moves_on_with_its_window() -> None:
    counts = [database_call_count(key="someone", window=window) for window in (7, 7, 8, 8, 8, 11)]
    assert counts == [(1, 0), (2, 0), (1, 2), (2, 2), (3, 2), (1, 0)]
    assert CallCount.objects.count() == 1


def test_one_call_costs_the_same_however_many_came_before() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            database_call_count(key="someone", window=7)
        return len(seen)

    cost()
    second = cost()
    for _ in range(50):
        database_call_count(key="someone", window=7)
    assert cost() == second <= 4


def test_no_burst_of_twice_the_limit_where_windows_meet() -> None:
    assert Pace(now=1, before=60, elapsed=0.0).calls == 61
    assert Pace(now=30, before=60, elapsed=0.5).calls == 60


def test_who_asks_too_often_is_told_when_to_come_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonPace, "timer", lambda self: 6_015.0)
    sent = [cast.browser().post("/api/v1/auth/token/", {}, content_type="application/json") for _ in range(11)]
    assert [answer.status_code for answer in sent[-2:]] == [400, 429]
    assert sent[-1]["Retry-After"] == "45"
