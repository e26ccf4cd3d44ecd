"""A field of the canvas that steers a setting names the file and setting that hold its value, and the sheet says so."""

import json
from typing import Any

import pytest

from canvas.domain.blocks import field_of
from canvas.services import canvas_draft
from common.steering import steering_by_field
from pipelines.domain.architecture import Architecture, Form, Serving
from pipelines.domain.steering import STEERED
from planner.models import Process, Task
from tests.conftest import Cast
from tests.pipelines.projects import VALUES, project_of, small_table, specification_of

TEXTS = {
    "impact_simulation.minimum_acceptable": "recall ≥ 0.613",
    "making_predictions.latency_budget_ms": "287 ms",
    "making_predictions.schedule": "every 6 hours",
    "building_models.training_time_budget": "3 hours",
}
NUMBERS = {"making_predictions.latency_budget_ms": 287.0, "building_models.training_time_budget": 3.0}
HELD: dict[str, Any] = {
    **{f"impact_simulation.{key}": value for key, value in VALUES.items()},
    "impact_simulation.minimum_acceptable": 0.613,
    "making_predictions.latency_budget_ms": 287.0,
    "making_predictions.schedule": 6,
    "building_models.training_time_budget": 3 * 3600,
}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Of a project with batches: a schedule is asked of no other."""
    architecture = Architecture(Form.FORECAST, Serving.PRECOMPUTE)
    made = specification_of(small_table(), texts=TEXTS, numbers=NUMBERS, architecture=architecture)
    return dict(project_of(made).files)


@pytest.mark.parametrize("path", STEERED)
def test_the_file_and_setting_named_hold_the_value_of_the_field(files: dict[str, bytes], path: str) -> None:
    assert field_of(*path.split("."))
    steering = steering_by_field()[path]
    found = json.loads(files[steering.file])
    for key in steering.setting.split("."):
        found = found[key]
    assert (found[0]["needed"] if isinstance(found, list) else found) == HELD[path]


def test_the_sheet_says_which_setting_a_field_steers(cast: Cast) -> None:
    process = Process.objects.create(workspace=cast.workspace, name="Claims", cases_a_year=900)
    task = Task.objects.create(workspace=cast.workspace, process=process, name="Triage")
    canvas_draft(access=cast.access(cast.editor), task=task)
    page = cast.browser(cast.editor).get(f"/w/acme/tasks/{task.pk}/canvas/").content.decode()
    assert page.count("<span>Steers config/decision.json: latency_budget_ms</span>") == 1
    assert page.count("Steers ") == len(STEERED)
