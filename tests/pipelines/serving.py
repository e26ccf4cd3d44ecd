"""A supervisor under test: turned until a model serves."""

import time
from collections.abc import Callable

from pipelines.models import Deployment
from pipelines.services import Supervisor

ROW = {"amount": 10.0, "branch": "north"}
LONGEST_S = 120.0


def until(supervisor: Supervisor, so: Callable[[], bool]) -> None:
    """Turn until it is so."""
    deadline = time.monotonic() + LONGEST_S
    while not so():
        assert time.monotonic() < deadline, Deployment.objects.values()
        supervisor.turn()
        time.sleep(0.05)


def serves(number: int) -> bool:
    return Deployment.objects.filter(state="running", serves__number=number).exists()
