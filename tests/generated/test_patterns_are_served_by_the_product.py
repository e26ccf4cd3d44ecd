"""Real generated projects of the patterns with parts beside their service, put into use: their batch, their queues."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.access import Access
from accounts.models import Workspace
from canvas.services import canvas_draft
from jobs.services import run_drain
from pipelines.domain.architecture import Architecture, Form, Serving
from pipelines.models import Generation, ModelVersion
from pipelines.selectors import prediction_table, queue_lengths
from pipelines.services import (
    Supervisor,
    pipeline_generate,
    pipeline_run_start,
    predictions_make,
    version_promote,
)
from planner.domain.claims_log.claims import TRIAGE
from planner.domain.foresight.targets import Period, TargetSpec
from planner.models import Task
from tests.pipelines.claims_setup import claims_process, triage_generated
from tests.pipelines.serving import serves, until

BATCHES = Architecture(Form.FORECAST, Serving.PRECOMPUTE)
pytestmark = [pytest.mark.generated, pytest.mark.timeout(1200), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def access() -> Access:
    return Access.system(Workspace.objects.create(name="Acme", slug="acme"))


@pytest.fixture
def supervisor(settings: Settings, tmp_path: Path) -> Iterator[Supervisor]:
    settings.DATA_DIR = tmp_path
    with Supervisor() as one:
        yield one


def in_use(access: Access, generation: Generation) -> ModelVersion:
    """The model of a generation, trained by the product and put into use."""
    run_drain(run_ids=[pipeline_run_start(access=access, generation=generation).run_id])
    version = ModelVersion.objects.of(access.workspace).with_origin().get()
    version_promote(access=access, version=version)
    return version


def test_what_a_batch_wrote_is_browsed(access: Access, supervisor: Supervisor) -> None:
    version = in_use(access, triage_generated(access, architecture=BATCHES))
    until(supervisor, lambda: serves(1))
    table = prediction_table(version.pipeline, limit=3)
    assert table.batch is not None
    assert table.batch.is_learnt_from
    assert not table.batch.made_up
    assert table.batch.rows + table.batch.rejected == version.run.generation.rows
    assert not table.stale
    assert len(table.predictions) == 3
    following = prediction_table(version.pipeline, after=table.next_after or "", limit=3)
    assert following.predictions[0].row_id > table.predictions[-1].row_id
    found = prediction_table(version.pipeline, case=table.predictions[1].row_id)
    assert found.predictions == table.predictions[1:2]
    assert prediction_table(version.pipeline, case="no such/case?").predictions == ()


def test_a_forecast_goes_on_from_the_recorded_counts(access: Access, supervisor: Supervisor) -> None:
    task = Task.objects.of(access.workspace).get(process=claims_process(access), activity=TRIAGE)
    job = pipeline_generate(
        access=access,
        canvas=canvas_draft(access=access, task=task),
        target=TargetSpec.volume(task=TRIAGE, period=Period.DAY),
        architecture=BATCHES,
    )
    run_drain(run_ids=[job.pk])
    generation = Generation.objects.of(access.workspace).get()
    run_drain(run_ids=[pipeline_run_start(access=access, generation=generation).run_id])
    version = ModelVersion.objects.of(access.workspace).with_origin().get()
    ModelVersion.objects.filter(pk=version.pk).update(accepted=True)  # whether it is good is not asked here
    version.refresh_from_db()
    version_promote(access=access, version=version)
    until(supervisor, lambda: serves(1))
    table = prediction_table(version.pipeline)
    assert table.batch is not None
    assert not table.batch.made_up
    assert len(table.predictions) == table.batch.rows == 7
    assert table.predictions[0].answer["low"] <= table.predictions[0].answer["amount"]


def test_what_is_asked_through_queues_is_answered_and_counted(access: Access, supervisor: Supervisor) -> None:
    version = in_use(access, triage_generated(access, architecture=Architecture(serving=Serving.ON_DEMAND)))
    until(supervisor, lambda: serves(1))
    found = predictions_make(access=access, pipeline=version.pipeline, instances=[version.signature["example"]] * 3)
    assert {one.answer["decided_by"] for one in found} <= {"model", "person"}
    lengths = queue_lengths(version.pipeline)
    assert (lengths.waiting, lengths.worked_on, lengths.dead, lengths.oldest_s) == (0, 0, 0, None)
    assert lengths.consumers == 1
