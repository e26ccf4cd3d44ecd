"""A house of real processes on the test's database."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Workspace
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


@pytest.fixture
def house(quiet_house: House) -> House:
    """Broker, one worker with two processes, one dispatcher."""
    quiet_house.start_broker()
    quiet_house.start_worker()
    quiet_house.start_dispatcher()
    return quiet_house
