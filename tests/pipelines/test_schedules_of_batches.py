"""The words of a canvas about when batches run, as a cron line and the longest wait."""

import json

import pytest
import yaml

from pipelines.domain.architecture import Architecture, Form, Serving
from pipelines.domain.schedules import schedule_read
from tests.pipelines.projects import project_of, small_table, specification_of

BATCHES = Architecture(Form.FORECAST, Serving.PRECOMPUTE)


@pytest.mark.parametrize(
    ("words", "cron", "longest_wait"),
    [
        ("every night at 02:00", "0 2 * * *", 24),
        ("Daily", "0 6 * * *", 24),
        ("Every Monday 08.15", "15 8 * * 1", 168),
        ("Mondays and Thursdays", "0 6 * * 1,4", 96),
        ("on working days at 6:30", "30 6 * * 1-5", 72),
        ("every 4 hours", "0 */4 * * *", 4),
        ("every 5 hours", "0 */4 * * *", 4),
        ("every 15 min", "*/15 * * * *", 0.25),
        ("hourly", "0 * * * *", 1),
        ("twice a day", "0 6,18 * * *", 12),
        ("weekly", "0 6 * * 1", 168),
        ("monthly", "0 6 1 * *", 744),
    ],
)
def test_a_rhythm_is_read(words: str, cron: str, longest_wait: float) -> None:
    found = schedule_read(words)
    assert found is not None
    assert (found.cron, found.longest_wait) == (cron, longest_wait)


@pytest.mark.parametrize("words", ["", "when someone asks", "every 0 hours"])
def test_no_rhythm_is_invented(words: str) -> None:
    assert schedule_read(words) is None


@pytest.mark.parametrize(("words", "hours"), [("nightly", 24), ("when there is time", None)])
def test_the_wait_reaches_the_project_that_makes_batches(words: str, hours: float | None) -> None:
    specification = specification_of(small_table(), texts={"making_predictions.schedule": words}, architecture=BATCHES)
    decision = json.loads(project_of(specification).files["config/decision.json"])
    assert decision["batch_every_hours"] == hours


@pytest.mark.parametrize(("words", "cron"), [("Mondays at 07:15", "15 7 * * 1"), ("when there is time", "0 2 * * *")])
def test_the_rhythm_reaches_the_job_that_runs_batches(words: str, cron: str) -> None:
    specification = specification_of(small_table(), texts={"making_predictions.schedule": words}, architecture=BATCHES)
    job = yaml.safe_load(project_of(specification).files["kubernetes/batch.yaml"])
    assert job["spec"]["schedule"] == cron
