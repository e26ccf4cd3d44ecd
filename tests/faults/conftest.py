"""A house of real processes on the test's database."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Workspace
from jobs.models import Run
from tests.faults.house import House
from tests.jobs.conftest import access, no_broker, quick_retries, submit, workspace

__all__ = ["access", "no_broker", "quick_retries", "submit", "workspace"]


@pytest.fixture
def quiet_house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Nothing runs yet. The test itself rings for nothing: what it submits looks as if its web process had died."""
    monkeypatch.setattr(settings, "REDIS_URL", "")
    folder = Path(tempfile.mkdtemp(prefix="tw-"))  # short: a socket lies in it
    house = House(folder, Workspace.objects.create(name="Acme", slug="acme"))
    try:
        yield house
    finally:
        house.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def houses() -> Iterator[list[House]]:
    """The house of a module's tests: starting its processes takes longer than most of them."""
    built: list[House] = []
    yield built
    for house in built:
        house.end()
        shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture
def house(houses: list[House], transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Broker, one worker with two processes, one dispatcher; what the test before has broken stands again."""
    monkeypatch.setattr(settings, "REDIS_URL", "")
    workspace = Workspace.objects.create(name="Acme", slug="acme")
    if not houses:
        houses.append(House(Path(tempfile.mkdtemp(prefix="tw-")), workspace))
    house = houses[0]
    house.workspace = workspace
    house.stand()
    yield house
    if Run.objects.under_way().exists():
        house.end()  # nothing may write while the tables are emptied
