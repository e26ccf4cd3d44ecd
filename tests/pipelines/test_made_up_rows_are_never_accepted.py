"""A run on made-up rows: it goes from end to end, and nothing it leaves behind speaks of an accepted model."""

import pytest
from rest_framework.test import APIClient

from accounts.services import api_token_create
from jobs.domain.states import StageState
from jobs.models import Stage
from jobs.services import run_drain
from pipelines.models import Generation, PipelineEvent, PipelineRun
from pipelines.services import pipeline_generate, pipeline_run_start
from pipelines.services.recording import record_publish
from planner.models import MeasuredValue
from tests.pipelines.made_tables import canvas_without_log

pytestmark = pytest.mark.django_db(transaction=True)
FEATURES = [{"name": "amount", "type": "number", "unit": "EUR", "source": ""}]
ACCEPTED = "Accepted: the model beats the rule and meets every demand of the canvas."


@pytest.fixture
def started(cast) -> PipelineRun:
    access = cast.access(cast.editor)
    canvas = canvas_without_log(cast.workspace, {"features": {"features": {"value": FEATURES}}})
    run_drain(run_ids=[pipeline_generate(access=access, canvas=canvas).pk])
    return pipeline_run_start(access=access, generation=Generation.objects.get())


def test_the_run_of_a_good_model_ends_without_an_acceptance(cast, started):
    run_drain(run_ids=[started.run_id])
    found = PipelineRun.objects.with_run().get(pk=started.pk)
    states = {stage.name: stage.state_of for stage in found.run.stages.all()}
    assert set(states.values()) == {StageState.SUCCEEDED}, [stage.reason for stage in found.run.stages.all()]
    assert found.metrics["made_up"]
    assert found.metrics["difference"]["probability_better"] >= 0.9, "it beats the rule, which says nothing here"
    _says_nothing_of_the_task(cast, found)
    assert found.run.stages.get(name="package").output["results"]["manifest"]["accepted"] is False


def test_an_acceptance_of_an_older_project_is_not_believed(cast, started):
    """Projects generated before said so themselves; `made_up` as well is not asked of them alone."""
    output = {
        "metrics": {"made_up": False, "model": {"auc": 0.9, "threshold": 0.5}, "task": "binary"},
        "acceptance": {"accepted": True, "beats_rule": True, "checks": [], "sentence": ACCEPTED, "unread": ""},
        "smoke": {},
    }
    output["metrics"]["confusion"] = {"tp": 40, "fp": 2, "fn": 3, "tn": 60}
    record_publish(Stage.objects.get(run=started.run_id, name="record"), output)
    _says_nothing_of_the_task(cast, PipelineRun.objects.with_run().get(pk=started.pk))


def _says_nothing_of_the_task(cast, found: PipelineRun) -> None:
    assert found.accepted is False
    assert found.sentence.startswith("Tried on made-up rows")
    assert found.measured is None
    assert not MeasuredValue.objects.exists()
    assert "accepted" not in [event.after for event in PipelineEvent.objects.filter(pipeline=found.pipeline_id)]
    page = cast.browser(cast.viewer).get(f"/w/acme/runs/{found.pk}/").content.decode()
    assert "Accepted" not in page
    assert "not accepted" in page
    client = APIClient()
    client.credentials(
        HTTP_AUTHORIZATION="Token " + api_token_create(access=cast.access(cast.editor), name="t", can_write=False)[1]
    )
    told = client.get(f"/api/v1/runs/{found.pk}/").json()
    assert (told["accepted"], told["acceptance"]["accepted"]) == (False, False)
    assert "Accepted" not in told["acceptance"]["sentence"]
