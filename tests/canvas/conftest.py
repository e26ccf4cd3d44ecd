"""A process with two tasks that are known well enough to be valued, and a canvas drafted for the first."""

import pytest

from canvas.models import Canvas
from canvas.services import canvas_draft
from planner.models import Process, Task
from tests.conftest import Cast


@pytest.fixture
def process(cast: Cast) -> Process:
    return Process.objects.create(
        workspace=cast.workspace, name="Motor claims", cases_a_year=42_000, cases_source="user"
    )


def task_of(process: Process, name: str, **values: object) -> Task:
    known = {"volume_a_year": 31_000.0, "volume_source": "log", "handling_minutes": 11.0, "handling_source": "log"}
    return Task.objects.create(workspace=process.workspace, process=process, name=name, **{**known, **values})


@pytest.fixture
def task(process: Process) -> Task:
    return task_of(process, "Detect fraud", resources=["u1", "u2", "u3"], position=1)


@pytest.fixture
def other_task(process: Process) -> Task:
    return task_of(process, "Approve payout", volume_a_year=9_000.0, handling_minutes=6.0, position=2)


@pytest.fixture
def canvas(cast: Cast, task: Task) -> Canvas:
    return canvas_draft(access=cast.access(cast.owner), task=task)
