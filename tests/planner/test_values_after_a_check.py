"""Once a log is checked every task has a planned value, and a list names the best task that a model may do."""

import pytest
from django.test import TestCase

from accounts.models import Workspace
from jobs.models import Stage
from jobs.services import blob_store
from planner.models import EstimateResult, EventLog
from planner.selectors import process_cards
from planner.services.foresight_job import foresight_publish
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import START, checked
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


def best_task(workspace: Workspace) -> str:
    (card,) = process_cards(workspace)
    return card.best.task.name if card.best else ""


def test_a_check_is_followed_by_the_values(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    blob = blob_store(workspace=cast.workspace, source=b"rows", media_type="application/octet-stream")
    log = EventLog.objects.create(
        workspace=cast.workspace, process=process, events=blob, name="log", first_start=START, last_start=START
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        foresight_publish(Stage(), {"log": log.pk, "tasks": {}, "endings": [], "unreached": []})
    assert EstimateResult.objects.count() == 3
    assert best_task(cast.workspace) == "Triage"


def test_the_best_task_is_one_a_model_may_do(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    from_checks = {"Triage": "not_predictable", "Request documents": "predict"}
    for name, verdict in from_checks.items():
        checked(task_of(process, name), verdict)
    log = EventLog.objects.filter(process=process).latest("id")
    with TestCase.captureOnCommitCallbacks(execute=True):
        foresight_publish(Stage(), {"log": log.pk, "tasks": {}, "endings": [], "unreached": []})
    assert best_task(cast.workspace) == "Request documents"
